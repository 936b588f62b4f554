"""Queries on reminders that managers sent and that wait for their hour; each batch was sent by one person at once."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, Select, delete, distinct, exists, func, literal, or_, select, update
from sqlalchemy.orm import Session, aliased

from core.domain.outbox import UNSENT, Kind, MessageState
from core.storage.tables import OutboxMessage, OutgoingMail, Reminder, User

CHUNK = 500  # rows of a statement


@dataclass(frozen=True, kw_only=True)
class Whose:
    """Which batches: for this day or a later one, of one user or (None) of all, sent at any moment or at one (UTC)."""

    today: date
    by_id: int | None
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Reminders of one occasion that a person sent at a moment (UTC), and that are to arrive on a day of the zone.

    `profile_id`: by which profile those who haven't come are to come; None for learners.
    """

    by_id: int
    at: datetime
    occasion: str
    profile_id: int | None
    day: date
    people: int


@dataclass(frozen=True, kw_only=True)
class Deleted:
    """The numbers of reminders whose unsent messages were deleted: those by e-mail, and those in Telegram."""

    mailed: frozenset[int]
    in_chat: frozenset[int]


def count(session: Session, whose: Whose) -> int:
    """Count the batches with reminders that haven't been sent."""
    query = _unsent(whose).with_only_columns(literal(1)).subquery()
    return session.scalars(select(func.count()).select_from(query)).one()


def batches(session: Session, whose: Whose, *, skip: int = 0, at_most: int) -> list[Batch]:
    """List the batches with reminders that haven't been sent, those due first on top, but for the first `skip`."""
    ordered = _unsent(whose).order_by(Reminder.day, Reminder.at, Reminder.by_id, Reminder.occasion, Reminder.profile_id)
    return [
        Batch(by_id=by_id or 0, at=at, occasion=occasion, profile_id=profile_id, day=day, people=people)
        for by_id, at, occasion, profile_id, day, people in session.execute(ordered.offset(skip).limit(at_most))
    ]


def _unsent(whose: Whose) -> Select[int | None, datetime, str, int | None, date, int]:
    by = Reminder.by_id.is_not(None) if whose.by_id is None else Reminder.by_id == whose.by_id
    sent_at = () if whose.at is None else (Reminder.at == whose.at,)
    grouped = (Reminder.by_id, Reminder.at, Reminder.occasion, Reminder.profile_id, Reminder.day)
    query = select(*grouped, func.count()).where(Reminder.day >= whose.today, by, *sent_at, _is_unsent())
    return query.group_by(*grouped)


def names(session: Session, user_ids: Collection[int]) -> dict[int, str]:
    """Return the names of users who sent reminders; of deleted ones what is left of it."""
    found = session.scalars(select(User).where(User.id.in_(user_ids))) if user_ids else ()
    return {user.id: user.full_name for user in found}


def of_batch(session: Session, by_id: int, at: datetime) -> dict[int, Row[int, date, int | None]]:
    """Return the reminders that a user sent at a moment: each with its `day` and its `profile_id`."""
    query = select(Reminder.id, Reminder.day, Reminder.profile_id).where(Reminder.by_id == by_id, Reminder.at == at)
    return {row.id: row for row in session.execute(query.order_by(Reminder.id))}


def delete_unsent(session: Session, numbers: Sequence[int]) -> Deleted:
    """Delete those of the reminders whose sending hasn't begun, with their messages.

    A repetition stays: the attempt before it may have arrived.
    """
    mailed, in_chat = set[int](), set[int]()
    for chunk in _chunks(numbers):
        mails = delete(OutgoingMail).where(OutgoingMail.reminder_id.in_(chunk), *_unsent_mail())
        chats = delete(OutboxMessage).where(OutboxMessage.subject_id.in_(chunk), *_unsent_in_chat())
        mailed |= {number for number in session.scalars(mails.returning(OutgoingMail.reminder_id)) if number}
        in_chat |= set(session.scalars(chats.returning(OutboxMessage.subject_id)))
    for chunk in _chunks(sorted(mailed | in_chat)):
        session.execute(delete(Reminder).where(Reminder.id.in_(chunk)))
    return Deleted(mailed=frozenset(mailed), in_chat=frozenset(in_chat))


def by_day(session: Session, today: date) -> dict[date, int]:
    """Count the reminders for today or later that haven't been sent, of rules, too, by the day they are planned for."""
    planned = Reminder.day >= today, _is_unsent()
    query = select(Reminder.day, func.count()).where(*planned).group_by(Reminder.day).order_by(Reminder.day)
    return dict(iter(session.execute(query)))


def put_off(session: Session, day: date, at: datetime, useless: datetime) -> None:
    """Let the reminders of a day that haven't been sent go out at a moment (UTC); by e-mail, till they are useless.

    Whoever has claimed one loses it, and doesn't send it before.
    """
    new = {"state": MessageState.WAITING, "not_before": at}
    theirs = select(Reminder.id).where(Reminder.day == day)
    mails = update(OutgoingMail).where(OutgoingMail.reminder_id.in_(theirs), *_unsent_mail())
    chats = update(OutboxMessage).where(OutboxMessage.subject_id.in_(theirs), *_unsent_in_chat())
    for moving in (mails.values(**new, useless_from=useless), chats.values(**new)):
        session.execute(moving.execution_options(synchronize_session=False))


def doubled(session: Session, day: date, to: date) -> list[int]:
    """Return the reminders of a day that haven't been sent, of people who have one of another day, too."""
    other = aliased(Reminder)
    same = or_(other.person_key == Reminder.person_key, other.user_id == Reminder.user_id)
    query = select(Reminder.id).where(Reminder.day == day, _is_unsent(), exists().where(other.day == to, same))
    return list(session.scalars(query.order_by(Reminder.id)))


def set_day(session: Session, day: date, to: date) -> int:
    """Let the reminders of a day that haven't been sent be those of another; return how many go by e-mail."""
    moving = update(Reminder).where(Reminder.day == day, _is_unsent()).values(day=to).returning(Reminder.id)
    moved = session.scalars(moving.execution_options(synchronize_session=False)).all()
    mailed = select(func.count(distinct(OutgoingMail.reminder_id)))
    return sum(session.scalars(mailed.where(OutgoingMail.reminder_id.in_(chunk))).one() for chunk in _chunks(moved))


def _is_unsent() -> ColumnElement[bool]:
    return or_(
        Reminder.id.in_(select(OutgoingMail.reminder_id).where(OutgoingMail.reminder_id.is_not(None), *_unsent_mail())),
        Reminder.id.in_(select(OutboxMessage.subject_id).where(*_unsent_in_chat())),
    )


def _unsent_mail() -> tuple[ColumnElement[bool], ...]:
    return OutgoingMail.state.in_(UNSENT), OutgoingMail.repetition == 0


def _unsent_in_chat() -> tuple[ColumnElement[bool], ...]:
    return OutboxMessage.kind == Kind.REMINDER, OutboxMessage.state.in_(UNSENT), OutboxMessage.repetition == 0


def _chunks(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    return (numbers[start : start + CHUNK] for start in range(0, len(numbers), CHUNK))
