"""Names are compared and found whatever their dashes, quotes, width and accents.

Of two names that have become equal, the second keeps its earlier key. The keys are computed by the program's own rules.
"""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op

from core.domain.addresses import find_address
from core.domain.field_kinds import normal_login
from core.domain.text import indexed_key, key, search_key

revision = "0012"
down_revision = "0011"

NAMED = {"department": "name", "custom_role": "name", "course": "title", "custom_field": "label", "link": "label"}
USER = ("first_name", "last_name", "email", "login", "search_key")
BATCH = 10_000


def upgrade() -> None:
    for table, column in NAMED.items():
        _renew(table, ("id",), column, f"{column}_key", key)
    _renew("profile", ("id",), "name", "name_key", search_key)
    _renew("field_value", ("user_id", "field_id"), "unique_key", "unique_key", indexed_key)
    _renew("user_account", ("id",), "email", "email", lambda address: find_address(address) or address)
    _renew("user_account", ("id",), "login", "login", lambda login: normal_login(login) or login)
    _renew_search_keys()


def _renew(table: str, numbers: tuple[str, ...], source: str, target: str, renewed: Callable[[str], str]) -> None:
    """Compute a column anew from another one of the same row, unless a constraint refuses the new value."""
    connection = op.get_bind()
    rows = sa.table(table, *map(sa.column, dict.fromkeys((*numbers, source, target))))
    query = sa.select(*(rows.c[name] for name in (*numbers, source, target))).where(rows.c[source].is_not(None))
    for *row, text, old in connection.execute(query.order_by(*(rows.c[name] for name in numbers))).all():
        if (new := renewed(text)) == old:
            continue
        here = [rows.c[name] == value for name, value in zip(numbers, row, strict=True)]
        try:
            with connection.begin_nested():
                connection.execute(sa.update(rows).where(*here).values({target: new}))
        except sa.exc.IntegrityError:
            continue


def _renew_search_keys() -> None:
    """Those of deleted users are left, because nobody finds them."""
    users = sa.table("user_account", *map(sa.column, ("id", "state", *USER)))
    batch = sa.select(users.c.id, *(users.c[name] for name in USER)).order_by(users.c.id).limit(BATCH)
    renew = sa.update(users).where(users.c.id == sa.bindparam("number")).values(search_key=sa.bindparam("key"))
    connection, last = op.get_bind(), 0
    while found := connection.execute(batch.where(users.c.state != "deleted", users.c.id > last)).all():
        keys = [{"number": number, "key": new} for number, *named, old in found if (new := search_key(*named)) != old]
        if keys:
            connection.execute(renew, keys)
        last = found[-1][0]
