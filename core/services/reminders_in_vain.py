"""Who was reminded often enough, and still hasn't come or gone on: told to their managers, once a day about all."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.hashes import hash_of
from core.domain.outbox import Kind
from core.domain.rosters import RosterOf
from core.services import notice_recipients
from core.services.authorisation import authorise
from core.services.notice_recipients import Concern
from core.storage import reminders_in_vain as stored
from core.storage.tables import ExpectedPerson, Profile, User


@dataclass(frozen=True, kw_only=True)
class RemindedLearner:
    """A learner who was reminded of courses often enough; `refused`: or whose address the mail server refused."""

    user_id: int
    name: str
    email: str | None
    refused: bool = False


@dataclass(frozen=True, kw_only=True)
class RemindedExpected:
    """An expected person who was reminded often enough, with a profile's link; `number` is theirs on the list `of`."""

    number: int
    name: str
    email: str | None
    of: RosterOf
    profile_name: str
    refused: bool = False


@dataclass(frozen=True, kw_only=True)
class InVain:
    """Whom a manager is told of on a day, as far as they may see them now."""

    learners: tuple[RemindedLearner, ...]
    expected: tuple[RemindedExpected, ...]


def tell(session: Session, day: date, now: datetime) -> None:
    """Notify managers of those of whom is told on a day; hold the lock of the day's round, so that each hears once."""
    concerns = [
        Concern(department_id=number, permission=Permission.MANAGE_PEOPLE)
        for number in sorted(stored.learners_departments(session, day))
    ] + [
        Concern(
            department_id=number,
            permission=Permission.MANAGE_PROFILES,
            besides=frozenset() if creator is None else frozenset({creator}),
        )
        for number, creator in stored.holders(session, day)
    ]
    told = notice_recipients.managers(session, concerns)
    notice_recipients.notify(session, told, Kind.REMINDED_IN_VAIN, day.toordinal(), now)


def listing(session: Session, actor_id: int, ordinal: int) -> InVain:
    """Return whom the acting user is told of on a day, given as its proleptic Gregorian ordinal.

    Needs the permission to manage people, or profiles, and shows what it reaches.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE, Permission.MANAGE_PROFILES)
    day = date.fromordinal(ordinal)
    learners = stored.learners(session, actor.scope, day) if actor.may(Permission.MANAGE_PEOPLE) else []
    expected = stored.expected(session, actor.scope, day) if actor.may(Permission.MANAGE_PROFILES) else []
    refused = stored.refused(session, day)
    return InVain(
        learners=tuple(_learner(user, refused) for user in learners),
        expected=tuple(_expected(person, profile, refused) for person, profile in expected),
    )


def _learner(user: User, refused: Container[str]) -> RemindedLearner:
    is_refused = hash_of(user.email or "") in refused
    return RemindedLearner(user_id=user.id, name=user.full_name, email=user.email, refused=is_refused)


def _expected(person: ExpectedPerson, profile: Profile, refused: Container[str]) -> RemindedExpected:
    return RemindedExpected(
        number=person.id,
        name=person.full_name,
        email=person.email,
        of=RosterOf(profile_id=person.profile_id, department_id=person.department_id),
        profile_name=profile.name,
        refused=hash_of(person.email or "") in refused,
    )
