"""Queries on the rules of reminders, and on how far a day's round has come."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, bindparam, delete, select
from sqlalchemy.orm import Session

from core.domain.reminder_rules import Place, Rule
from core.domain.reminders import Occasion
from core.storage.database import upsert
from core.storage.prepared import finds
from core.storage.tables import DepartmentTree, ReminderRound, ReminderRule


def rules(session: Session) -> list[Rule]:
    """List all rules."""
    return [
        Rule(
            occasion=Occasion(row.occasion),
            place=Place(profile_id=row.profile_id, department_id=row.department_id),
            days=row.days,
            on=row.is_on,
            since=row.since,
        )
        for row in session.scalars(select(ReminderRule))
    ]


def keep(session: Session, rule: Rule) -> None:
    """Keep a rule instead of the one that its place has on the occasion; hold the account's lock."""
    remove(session, rule.place, rule.occasion)
    place = {"profile_id": rule.place.profile_id, "department_id": rule.place.department_id}
    session.add(ReminderRule(occasion=rule.occasion, **place, days=rule.days, is_on=rule.on, since=rule.since))
    session.flush()


def remove(session: Session, place: Place, occasion: Occasion) -> None:
    """Remove a place's own rule for an occasion, if it has one."""
    session.execute(delete(ReminderRule).where(*_of(place), ReminderRule.occasion == occasion))


def any_on(session: Session, at: datetime) -> bool:
    """Return whether a rule is on that holds at a moment."""
    return finds(session, _ON, at=at)


def ancestors(session: Session, department_ids: Iterable[int], among: Iterable[int]) -> dict[int, list[int]]:
    """Return which of some departments stand above others or are the same, the nearest first."""
    query = (
        select(DepartmentTree.descendant_id, DepartmentTree.ancestor_id)
        .where(DepartmentTree.descendant_id.in_(set(department_ids)), DepartmentTree.ancestor_id.in_(set(among)))
        .order_by(DepartmentTree.descendant_id, DepartmentTree.depth)
    )
    found = dict[int, list[int]]()
    for descendant, ancestor in session.execute(query):
        found.setdefault(descendant, []).append(ancestor)
    return found


def all_above(session: Session, department_id: int) -> list[int]:
    """Return a department and those above it, the nearest first."""
    query = select(DepartmentTree.ancestor_id).where(DepartmentTree.descendant_id == department_id)
    return list(session.scalars(query.order_by(DepartmentTree.depth)))


def has_ended(session: Session, day: date) -> bool:
    """Return whether the round of a day has ended."""
    return finds(session, _ENDED, day=day)


def lock_round(session: Session, day: date) -> ReminderRound:
    """Return how far the round of a day has come, locked until the end of the transaction; the first one begins it."""
    beginning = upsert(session, ReminderRound).values(day=day, through_profile=0, through_department=0, through_user=0)
    session.execute(beginning.on_conflict_do_nothing())
    query = select(ReminderRound).where(ReminderRound.day == day).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def lock_unended(session: Session, before: date) -> list[ReminderRound]:
    """List the rounds of the days before one that haven't ended, locked until the end of the transaction."""
    query = select(ReminderRound).where(ReminderRound.day < before, ReminderRound.ended_at.is_(None))
    locking = query.order_by(ReminderRound.day).with_for_update()
    return list(session.scalars(locking.execution_options(populate_existing=True)))


def sweep(session: Session, before: date) -> None:
    """Delete the rounds of the days before one."""
    session.execute(delete(ReminderRound).where(ReminderRound.day < before))


def _of(place: Place) -> tuple[ColumnElement[bool], ...]:
    columns = (ReminderRule.profile_id, place.profile_id), (ReminderRule.department_id, place.department_id)
    return tuple(column.is_(None) if number is None else column == number for column, number in columns)


_ON = select(ReminderRule.id).where(ReminderRule.is_on, ReminderRule.since <= bindparam("at")).limit(1)
_ENDED = select(ReminderRound.day).where(ReminderRound.day == bindparam("day"), ReminderRound.ended_at.is_not(None))
