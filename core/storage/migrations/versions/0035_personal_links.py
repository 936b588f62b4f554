"""Personal links, which work once."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("link", sa.Column("personal", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("link", sa.Column("used_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_index("uq_link_profile_id_label_key", "link")
    shared = sa.text("replaced_at IS NULL AND NOT personal")
    op.create_index(
        "uq_link_profile_id_label_key",
        "link",
        ["profile_id", "label_key"],
        unique=True,
        sqlite_where=shared,
        postgresql_where=shared,
    )
    with op.batch_alter_table("link_recipient") as table:
        table.add_column(sa.Column("link_id", ID, nullable=True))
        table.create_foreign_key(op.f("fk_link_recipient_link_id"), "link", ["link_id"], ["id"])
        table.create_unique_constraint(op.f("uq_link_recipient_link_id"), ["link_id"])
