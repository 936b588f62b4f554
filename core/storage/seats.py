"""The counter of taken seats: kept while the account limits its active users, NULL while it doesn't.

A use case that makes a user active takes a seat first, and one that ends that gives it back afterwards.
"""

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.storage import people
from core.storage.tables import Account, table_of

SHARE_LOCK = text("LOCK TABLE user_account IN SHARE MODE")

_ACCOUNT = table_of(Account)
_SEATS, _TAKEN = _ACCOUNT.c.seats, _ACCOUNT.c.seats_taken
_LIMITED = update(_ACCOUNT).where(_SEATS.is_not(None))
_TAKE = _LIMITED.where(_TAKEN < _SEATS).values(seats_taken=_TAKEN + 1).returning(_TAKEN)
_TAKE_BEYOND = _LIMITED.values(seats_taken=_TAKEN + 1)
_GIVE_BACK = _LIMITED.values(seats_taken=_TAKEN - 1)
_LOCK = select(_SEATS).where(_SEATS.is_not(None)).with_for_update()
_KEEP = select(_SEATS, _TAKEN).with_for_update(read=True)
_KEPT = select(_TAKEN)


def lock(session: Session) -> None:
    """Lock the counter if there is a limit: call this before taking other locks, to keep their order."""
    session.connection().execute(_LOCK).one_or_none()


def take(session: Session) -> bool:
    """Take a seat; return whether one was left. Without a limit one always is, and none is set until the commit.

    Raises Conflict if the limit changes at this moment.
    """
    if session.connection().execute(_TAKE).one_or_none() is not None:
        return True
    seats, taken = session.connection().execute(_KEEP).one()
    if seats is not None and taken < seats:
        raise Conflict
    return seats is None


def take_beyond(session: Session) -> None:
    """Take a seat even if none is left."""
    session.connection().execute(_TAKE_BEYOND)


def give_back(session: Session) -> None:
    """Give back the seat of a user who is no longer active."""
    session.flush()  # first the user, then the counter: a first `limit` waits for the one, or is seen by the other
    session.connection().execute(_GIVE_BACK)


def limit(session: Session, row: Account, seats: int | None) -> None:
    """Set the limit (None: no limit) of the locked account; active users stay active.

    The first limit begins with a count. On PostgreSQL a table lock waits for those who are signing up without one, and
    makes new ones wait, who then notice the limit. SQLite has only one writer.
    """
    if row.seats is None and seats is not None:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(SHARE_LOCK)
        row.seats_taken = people.count_active(session)
    row.seats = seats
    if seats is None:
        row.seats_taken = None


def miscounted(session: Session) -> tuple[int, int] | None:
    """Return the counter and the number of active users if there is a limit and they differ."""
    taken = session.connection().execute(_KEPT).scalar_one()
    active = people.count_active(session)
    return None if taken is None or taken == active else (taken, active)
