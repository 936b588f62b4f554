"""Erasure of a person with their name, after a question that named all that ends; counts and histories stay true."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission, UserState
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.errors import UserNotFound
from core.services import audit_log, erasure, people, person_details
from core.services.audit_log import ABOUT_USERS, Action
from core.services.authorisation import authorise
from core.services.people import CARD_NUMBER
from core.services.person_details import PersonDetails
from core.storage import activations, seats
from core.storage import audit_log as log
from core.storage import people as stored
from core.storage.tables import User


@dataclass(frozen=True, kw_only=True)
class Erasure:
    """What an erasure would do: the `name` goes out of so many entries of the audit log, and out of histories.

    `details` is what is deleted besides; None if the person is deleted already. `keeps_place`: an activation stays, and
    its place is used.
    """

    user_id: int
    name: str
    details: PersonDetails | None
    keeps_place: bool
    log_entries: int

    @property
    def seen(self) -> str:
        """The fingerprint of what the question names; entries of the log come and go without a new question."""
        return fingerprint(self.name, self.details and self.details.seen, self.keeps_place)


def find(session: Session, actor_id: int, identifier: str) -> int:
    """Return the number of a user within scope as `people.find` does, or of a deleted one by card number (`#7`)."""
    try:
        return people.find(session, actor_id, identifier)
    except UserNotFound:
        actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
        if (numbered := CARD_NUMBER.fullmatch(identifier.strip())) is None:
            raise
        return _deleted(session, actor, int(numbered[1])).id


def preview(session: Session, actor_id: int, user_id: int, now: datetime) -> Erasure:
    """Return what the erasure of a user would do. Raises whatever `erase` raises."""
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    user = _lock(session, actor, user_id)
    is_deleted = user.state == UserState.DELETED
    came = activations.of_user(session, user.id)
    return Erasure(
        user_id=user.id,
        name=user.full_name,
        details=None if is_deleted else person_details.show(session, actor_id, user_id, now),
        keeps_place=came is not None and came.returned_at is None,
        log_entries=log.count_about(session, user.id, sorted(ABOUT_USERS)),
    )


def erase(session: Session, actor_id: int, user_id: int, now: datetime, *, seen: str | None = None) -> int:
    """Erase a user with their name: histories and the audit log show the number. No activation is returned.

    Returns the number. Raises UserNotFound (also if it is done already), NotAllowed, OwnerStays, NotYourself,
    PreviewOutdated.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    seats.lock(session)  # before the user's lock, as everywhere
    user = _lock(session, actor, user_id)
    refuse_if_outdated(seen, preview(session, actor_id, user_id, now).seen)
    if user.state != UserState.DELETED:
        erasure.erase(session, user, actor_id, now)
    erasure.erase_name(session, user)
    audit_log.record(session, actor_id, Action.USER_ERASED, audit_log.of_user(user), now)
    return user.id


def _lock(session: Session, actor: Actor, user_id: int) -> User:
    """Find and lock a user within scope, deleted or not, whom the actor may end."""
    if stored.visible(session, actor.scope, user_id) is None:
        return _deleted(session, actor, user_id)
    return people.find_for_update(session, actor, user_id, to_end=True)


def _deleted(session: Session, actor: Actor, user_id: int) -> User:
    user = stored.lock_deleted(session, actor.scope, user_id)
    if user is None or user.full_name in ("", erasure.nameless(user)):
        raise UserNotFound(str(user_id))
    return user
