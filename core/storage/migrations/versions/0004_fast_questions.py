"""Questions stay fast in large accounts: a key to find people by, and indexes that hold nobody who was deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NOT_DELETED = sa.text("state != 'deleted'")
BATCH = 10_000


def upgrade() -> None:
    op.add_column("user_account", sa.Column("search_key", sa.Text(), nullable=False, server_default=""))
    _fill_search_keys()
    op.drop_index("ix_user_account_department", "user_account")
    for name, columns in {
        "ix_user_account_living": ["id", "state"],
        "ix_user_account_department": ["department_id", "id", "state", "search_key"],
    }.items():
        op.create_index(name, "user_account", columns, sqlite_where=NOT_DELETED, postgresql_where=NOT_DELETED)
    op.create_index("ix_activation_by_origin", "activation", ["profile_id", "department_id", "learner_department_id"])


def _fill_search_keys() -> None:
    """Fold the case in Python: SQLite knows that of ASCII only. Whoever was deleted is found by nobody."""
    users = sa.table("user_account", *map(sa.column, ("id", "first_name", "last_name", "email", "login", "search_key")))
    key = sa.update(users).where(users.c.id == sa.bindparam("number")).values(search_key=sa.bindparam("key"))
    named = (users.c.id, users.c.first_name, users.c.last_name, users.c.email, users.c.login)
    batch = sa.select(*named).order_by(users.c.id).limit(BATCH)
    connection, last = op.get_bind(), 0
    while rows := connection.execute(batch.where(NOT_DELETED, users.c.id > last)).all():
        keys = [{"number": number, "key": " ".join(filter(None, names)).casefold()} for number, *names in rows]
        connection.execute(key, keys)
        last = rows[-1][0]
