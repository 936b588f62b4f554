"""A sign-up that is complete, at once or after waiting: its place, its courses, and who hears of it."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.domain.ledger import Event
from core.domain.outbox import Kind
from core.errors import Conflict
from core.services import courses, notice_recipients, seats
from core.storage import activations, first_learners, ledger
from core.storage.database import refusing
from core.storage.tables import Profile


@dataclass(frozen=True, kw_only=True)
class Completion:
    """A sign-up that is complete: who joins which department, through which link and profile, by which form."""

    user_id: int
    state: UserState
    department_id: int
    profile_id: int
    link_id: int
    form_key: str


def complete(session: Session, done: Completion, zone: ZoneInfo, now: datetime, *, by: int | None = None) -> None:
    """Add the history row and the ledger entry, enrol by the rules, and alert administrators if no seat was left."""
    courses.enrol_newcomer(session, done.user_id, done.department_id, zone, now)
    with refusing(session, uq_activation_form_key=Conflict()):
        activations.add(
            session,
            profile_id=done.profile_id,
            link_id=done.link_id,
            user_id=done.user_id,
            learner_department_id=done.department_id,
            department_id=done.department_id,
            form_key=done.form_key,
            at=now,
        )
    ledger.add_entry(session, done.profile_id, done.user_id, Event.TAKEN, now, by_id=by)
    if done.state is UserState.INACTIVE:
        seats.alert(session, done.user_id, now)


def tell_of_first(session: Session, profile_id: int, now: datetime) -> None:
    """Notify whom a profile concerns of its first learner; not again of the first after all others were returned."""
    if first_learners.has_just_one(session, profile_id):
        _tell(session, Kind.FIRST_LEARNER, profile_id, now)


def tell_of_last_place(session: Session, profile_id: int, now: datetime) -> None:
    """Notify whom a profile concerns that its last place is taken."""
    _tell(session, Kind.PROFILE_FULL, profile_id, now)


def _tell(session: Session, kind: Kind, profile_id: int, now: datetime) -> None:
    told = notice_recipients.of_profile(session, session.get_one(Profile, profile_id))
    notice_recipients.notify(session, told, kind, profile_id, now)
