"""What a reminder says: looked up when it is sent, because by then the person may have come, or gone on."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Scope, UserState
from core.domain.hashes import hash_of
from core.domain.progress import Progress, is_overdue
from core.domain.reminders import Occasion, is_quiet
from core.services import reminder_choices
from core.services.link_letters import SENDABLE, LinkContent, link_content
from core.storage import account, actors, link_mails, progress, reminders, reminders_to_expected
from core.storage.link_reach import EVERYWHERE
from core.storage.progress import Which
from core.storage.tables import Enrolment, Profile, Reminder, User

MOST_NAMED = 10


@dataclass(frozen=True, kw_only=True)
class CourseToDo:
    """A course that a learner hasn't completed; `due_at` is UTC."""

    title: str
    started: bool
    due_at: datetime | None
    overdue: bool


@dataclass(frozen=True, kw_only=True)
class ReminderContent:
    """What a reminder says, and to whom: the `link` by which to sign up, or the `courses` to go on with.

    The courses that are overdue come first; `more` are left out. `sender`: who reminds, None if a rule does.
    `stop_code` is the secret of the link that stops reminders.
    """

    occasion: Occasion
    address: str
    name: str
    sender: str | None
    link: LinkContent | None
    courses: tuple[CourseToDo, ...]
    more: int
    stop_code: str


def content(session: Session, reminder_id: int, now: datetime) -> ReminderContent | None:
    """Return what a reminder says; None if its reason is gone, or the person wants none.

    The code is made here, so that it is nowhere stored; each attempt has its own, and all of them work.
    """
    reminder = reminders.find(session, reminder_id)
    if reminder is None:
        return None
    found = _to_expected(session, reminder, now) if reminder.user_id is None else _to_learner(session, reminder, now)
    if found is not None:
        reminders.add_code(session, reminder.id, hash_of(found.stop_code))
    return found


def in_chat(session: Session, reminder_id: int, now: datetime) -> ReminderContent | None:
    """Return what a reminder says that is sent in a chat; None if it isn't: then it is as if there had been none.

    A message that couldn't be sent on its day isn't sent at night.
    """
    found = None if is_quiet(now, account.zone(session)) else content(session, reminder_id, now)
    if found is None:
        reminders.remove(session, reminder_id)
    return found


def _to_expected(session: Session, reminder: Reminder, now: datetime) -> ReminderContent | None:
    profile_id = reminder.profile_id or 0
    person = reminders_to_expected.still_expected(session, reminder, _known_to(session, reminder))
    if person is None or person.email is None:
        return None
    maker, own = (
        session.get_one(Profile, profile_id).created_by,
        link_mails.personal_link(session, profile_id, person.email),
    )
    link = link_content(session, profile_id, maker, now, link_id=own)
    if link.state not in SENDABLE:
        return None
    return _content(reminder, person.email, person.full_name, sender=_sender(session, reminder), link=link)


def _to_learner(session: Session, reminder: Reminder, now: datetime) -> ReminderContent | None:
    user = session.get_one(User, reminder.user_id)
    if user.state != UserState.ACTIVE or user.email is None:
        return None
    found = [
        (enrolment, title)
        for enrolment, title in progress.enrolments(session, [user.id], Which.ALL, now)
        if enrolment.progress != Progress.COMPLETED
    ]
    soon = reminder_choices.due_soon_before(session, user, reminder.at)
    if not any(_is_reason(enrolment, reminder.occasion, soon, now) for enrolment, _ in found):
        return None
    courses = sorted((_course(*each, now) for each in found), key=lambda each: not each.overdue)
    return _content(reminder, user.email, user.full_name, sender=_sender(session, reminder), courses=courses)


def _known_to(session: Session, reminder: Reminder) -> Scope:
    """Return of whose accounts the sender knows: to whom a preview counted, the message goes. A rule knows all."""
    actor = actors.find(session, reminder.by_id) if reminder.by_id else None
    return actor.scope if actor else EVERYWHERE


def _sender(session: Session, reminder: Reminder) -> str | None:
    """Return the name of who reminds; None if a rule does, or they are gone."""
    user = session.get(User, reminder.by_id) if reminder.by_id else None
    return user.full_name if user and user.state == UserState.ACTIVE else None


def _content(
    reminder: Reminder,
    address: str,
    name: str,
    *,
    sender: str | None,
    link: LinkContent | None = None,
    courses: Sequence[CourseToDo] = (),
) -> ReminderContent:
    return ReminderContent(
        occasion=Occasion(reminder.occasion),
        address=address,
        name=name,
        sender=sender,
        link=link,
        courses=tuple(courses[:MOST_NAMED]),
        more=max(0, len(courses) - MOST_NAMED),
        stop_code=secrets.token_urlsafe(32),
    )


def _is_reason(enrolment: Enrolment, occasion: str, soon: datetime, now: datetime) -> bool:
    """Return whether an enrolment that isn't completed is a reason to remind on an occasion.

    What is due before the moment `soon` is due soon.
    """
    progress_now, overdue = (
        Progress(enrolment.progress),
        is_overdue(Progress(enrolment.progress), enrolment.due_at, now),
    )
    match occasion:
        case Occasion.NOT_STARTED:
            return progress_now is Progress.NOT_STARTED
        case Occasion.OVERDUE:
            return overdue
        case _:
            return enrolment.due_at is not None and enrolment.due_at < soon


def _course(enrolment: Enrolment, title: str, now: datetime) -> CourseToDo:
    state = Progress(enrolment.progress)
    return CourseToDo(
        title=title,
        started=state is Progress.STARTED,
        due_at=enrolment.due_at,
        overdue=is_overdue(state, enrolment.due_at, now),
    )
