"""Queries on how many messages to people without an account are queued on a day, which is limited."""

from datetime import date

from sqlalchemy import case, delete, select, update
from sqlalchemy.orm import Session

from core.storage.database import upsert
from core.storage.tables import LinkMailDay


def count(session: Session, day: date, number: int, *, most: int) -> bool:
    """Count messages that are queued on a day; False, and nothing is counted, if there would be more than `most`."""
    if number > most:
        return False
    adding = upsert(session, LinkMailDay).values(day=day, queued=number)
    counted = adding.on_conflict_do_update(
        index_elements=["day"],
        set_={"queued": LinkMailDay.queued + number},
        where=LinkMailDay.queued + number <= most,
    )
    return session.scalars(counted.returning(LinkMailDay.queued)).one_or_none() is not None


def count_what_fits(session: Session, day: date, number: int, *, most: int) -> int:
    """Count as many of some messages as can be queued on a day, on which there are `most`; return how many.

    The day's row is locked first, so that nobody counts others between.
    """
    if not number:
        return 0
    adding = upsert(session, LinkMailDay).values(day=day, queued=0)
    locking = adding.on_conflict_do_update(index_elements=["day"], set_={"queued": LinkMailDay.queued})
    queued = session.scalars(locking.returning(LinkMailDay.queued)).one()
    fitting = min(number, max(0, most - queued))
    session.execute(
        update(LinkMailDay).where(LinkMailDay.day == day).values(queued=LinkMailDay.queued + fitting),
        execution_options={"synchronize_session": False},
    )
    return fitting


def count_on(session: Session, day: date, number: int) -> None:
    """Count messages that are moved to a day, however many it has."""
    if number:
        adding = upsert(session, LinkMailDay).values(day=day, queued=number)
        counted = adding.on_conflict_do_update(index_elements=["day"], set_={"queued": LinkMailDay.queued + number})
        session.execute(counted, execution_options={"synchronize_session": False})


def counted(session: Session, day: date) -> int:
    """Return how many messages were queued on a day."""
    return session.scalars(select(LinkMailDay.queued).where(LinkMailDay.day == day)).one_or_none() or 0


def give_back(session: Session, day: date, number: int) -> None:
    """Take messages of a day back that were not sent after all."""
    left = case((LinkMailDay.queued > number, LinkMailDay.queued - number), else_=0)
    session.execute(update(LinkMailDay).where(LinkMailDay.day == day).values(queued=left))


def sweep(session: Session, before: date) -> None:
    """Delete the counts of days before one."""
    session.execute(delete(LinkMailDay).where(LinkMailDay.day < before))
