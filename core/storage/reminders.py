"""Queries on reminders: who can get one, who got one on a day, and who wants none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, delete, exists, insert, or_, select, update
from sqlalchemy.orm import Session

from core.domain.hashes import hash_of
from core.domain.reminders import Occasion
from core.storage.database import upsert
from core.storage.tables import (
    OutgoingMail,
    Reminder,
    ReminderCode,
    ReminderStop,
    TelegramConnection,
    User,
)

CHUNK = 500  # rows of a statement


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """A person who can be reminded: a learner (`user_id`), or an expected person who can come by a profile.

    The address is normal; `name` is "" if it isn't known.
    `language` is a learner's own, `chat_id` their Telegram, if they connected it and may be written to there.
    """

    email: str
    name: str = ""
    chat_id: int | None = None
    user_id: int | None = None
    language: str | None = None
    expected_id: int | None = None
    profile_id: int | None = None

    @property
    def key(self) -> str:
        """What the person is known by."""
        return hash_of(self.email)

    @property
    def number(self) -> int | None:
        """Their number as a learner, or else on the list where they are expected."""
        return self.expected_id if self.user_id is None else self.user_id


def of_users(session: Session, users: Sequence[User]) -> list[Recipient]:
    """Return users who have an address as they can be reminded."""
    connected = select(TelegramConnection.user_id, TelegramConnection.telegram_id).where(TelegramConnection.may_write)
    chats = dict[int, int]()
    for start in range(0, len(users), CHUNK):
        numbers = [user.id for user in users[start : start + CHUNK]]
        chats |= dict(iter(session.execute(connected.where(TelegramConnection.user_id.in_(numbers)))))
    return [
        Recipient(
            email=user.email or "",
            name=user.full_name,
            user_id=user.id,
            language=user.reading_language,
            chat_id=chats.get(user.id),
        )
        for user in users
    ]


def reminded_on(session: Session, day: date, people: Sequence[Recipient]) -> set[str]:
    """Return the keys of those of the people who have a reminder on a day."""
    found = set[str]()
    for chunk in _chunks(people):
        by_user = {each.user_id: each.key for each in chunk if each.user_id is not None}
        theirs = or_(Reminder.person_key.in_([each.key for each in chunk]), Reminder.user_id.in_(by_user))
        query = select(Reminder.person_key, Reminder.user_id).where(Reminder.day == day, theirs)
        found |= {by_user.get(user_id, key) if user_id else key for key, user_id in session.execute(query)}
    return found


def stopped(session: Session, people: Sequence[Recipient]) -> set[str]:
    """Return the keys of those of the people who want no reminders.

    Of many people, by one statement that reads all who want none: they are few.
    """
    query, keys = select(ReminderStop.person_key), {each.key for each in people}
    if len(keys) <= CHUNK:
        query = query.where(ReminderStop.person_key.in_(keys))
    return keys.intersection(session.scalars(query))


def add(
    session: Session, chosen: Mapping[Occasion, Sequence[Recipient]], day: date, by_id: int | None, now: datetime
) -> dict[str, int]:
    """Add the reminders of a day; return their numbers by the people's keys. Who has one already gets no other."""
    added = dict[str, int]()
    for occasion, people in chosen.items():
        for chunk in _chunks(people):
            rows = [
                {
                    "person_key": each.key,
                    "day": day,
                    "occasion": occasion,
                    "user_id": each.user_id,
                    "expected_id": each.expected_id,
                    "profile_id": each.profile_id,
                    "by_id": by_id,
                    "at": now,
                }
                for each in chunk
            ]
            adding = upsert(session, Reminder).on_conflict_do_nothing()
            added |= dict(iter(session.execute(adding.returning(Reminder.person_key, Reminder.id), rows)))
    return added


def queue(session: Session, mails: Sequence[Mapping[str, object]]) -> None:
    """Queue messages, given as rows of the outbox's channel for e-mail."""
    for start in range(0, len(mails), CHUNK):
        session.execute(insert(OutgoingMail), mails[start : start + CHUNK])


def remove(session: Session, reminder_id: int) -> date | None:
    """Delete a reminder, and the message that was to bring it; return its day, None if it is gone already."""
    removing = delete(Reminder).where(Reminder.id == reminder_id).returning(Reminder.day)
    return session.scalars(removing.execution_options(synchronize_session=False)).one_or_none()


def remove_all(session: Session, numbers: Sequence[int]) -> None:
    """Delete reminders that nothing brings yet."""
    for start in range(0, len(numbers), CHUNK):
        removing = delete(Reminder).where(Reminder.id.in_(numbers[start : start + CHUNK]))
        session.execute(removing.execution_options(synchronize_session=False))


def find(session: Session, reminder_id: int) -> Reminder | None:
    """Find a reminder whose recipient wants reminders, and keep it from being deleted until the transaction ends."""
    wanted = Reminder.person_key.not_in(select(ReminderStop.person_key))
    query = select(Reminder).where(Reminder.id == reminder_id, wanted).with_for_update(read=True, key_share=True)
    return session.scalars(query).one_or_none()


def add_code(session: Session, reminder_id: int, code_hash: str) -> None:
    """Add a code by which the recipient of a reminder stops reminders."""
    session.add(ReminderCode(code_hash=code_hash, reminder_id=reminder_id))


def key_of_code(session: Session, code_hash: str) -> str | None:
    """Return the key of the person whose reminder holds a code."""
    query = select(Reminder.person_key).join(ReminderCode, ReminderCode.reminder_id == Reminder.id)
    return session.scalars(query.where(ReminderCode.code_hash == code_hash)).one_or_none()


def is_stopped(session: Session, person_key: str) -> bool:
    """Return whether a person wants no reminders."""
    return bool(session.scalars(select(exists().where(ReminderStop.person_key == person_key))).one())


def stop(session: Session, person_key: str, now: datetime) -> None:
    """Keep that a person wants no reminders."""
    stopping = upsert(session, ReminderStop).values(person_key=person_key, stopped_at=now)
    session.execute(stopping.on_conflict_do_nothing())


def carry_over(session: Session, before: str, after: str, now: datetime) -> None:
    """Keep the wish for no reminders of a person whose e-mail address changes."""
    if is_stopped(session, hash_of(before)):
        stop(session, hash_of(after), now)


def resume(session: Session, person_key: str) -> None:
    """Keep that a person wants reminders again."""
    session.execute(delete(ReminderStop).where(ReminderStop.person_key == person_key))


def forget(session: Session, user: User) -> None:
    """Delete a user's reminders, and what they said about them."""
    key = hash_of(user.email or "")
    session.execute(delete(Reminder).where(or_(Reminder.user_id == user.id, Reminder.person_key == key)))
    resume(session, key)


def set_told(session: Session, numbers: Sequence[int], day: date) -> None:
    """Keep on which day managers hear that reminders were of no use."""
    for start in range(0, len(numbers), CHUNK):
        telling = update(Reminder).where(Reminder.id.in_(numbers[start : start + CHUNK])).values(told_on=day)
        session.execute(telling.execution_options(synchronize_session=False))


def refuse(session: Session, reminder_id: int) -> None:
    """Keep that the mail server refused the address of a reminder for good."""
    session.execute(update(Reminder).where(Reminder.id == reminder_id).values(refused=True))


def take_again(session: Session, reminder_id: int) -> None:
    """Keep that the mail server took a reminder, whatever it said of its address before."""
    key = select(Reminder.person_key).where(Reminder.id == reminder_id).scalar_subquery()
    session.execute(update(Reminder).where(Reminder.person_key == key, Reminder.refused).values(refused=False))


def sweep(session: Session, before: date) -> None:
    """Delete the reminders of the days before one, but for refused ones of people who are still known."""
    is_known = or_(Reminder.user_id.is_not(None), Reminder.expected_id.is_not(None))
    session.execute(delete(Reminder).where(Reminder.day < before, ~and_(Reminder.refused, is_known)))


def _chunks(people: Sequence[Recipient]) -> Iterable[Sequence[Recipient]]:
    return (people[start : start + CHUNK] for start in range(0, len(people), CHUNK))
