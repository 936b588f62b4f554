"""Requests for a new password by people who can't log in, and the notices about them to those who can help.

A request is stored by one statement, whether there is such a user or not; whose it is is looked up later. So neither
the page's answer nor its time tells whether an e-mail address has an account.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import Permission, UserState
from core.domain.field_kinds import normal_identifier
from core.domain.limits import PASSWORD_NOTICES, Attempt
from core.domain.outbox import Kind
from core.services import limits, outbox, person_rights
from core.services.authorisation import authorise
from core.storage import actors, people
from core.storage import password_requests as stored
from core.storage.tables import User

BATCH = 50
KEPT = timedelta(days=1)  # a person who asks again within this time is not announced again
MOST_LISTED = 5


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """A person within scope who asks for a new password."""

    user_id: int
    name: str
    email: str | None
    login: str | None


def ask(session: Session, identifier: str, now: datetime) -> None:
    """Store a request by a person with this e-mail address or login, who may not exist. The edge counts it first."""
    stored.add(session, normal_identifier(identifier), now)


def any_to_announce(session: Session, now: datetime) -> bool:
    """Return whether `announce` has anything to do; cheap, without locks."""
    return stored.any_unmatched(session) or (stored.any_unannounced(session) and bool(_due(session, now)))


def announce(session: Session, now: datetime) -> None:
    """Look up whose the new requests are, and queue notices about them to those who may make password links.

    One notice covers all requests within its recipient's scope; a recipient who had one lately gets the next one later.
    """
    for request in stored.unmatched(session, at_most=BATCH):
        user = people.by_identifier(session, request.identifier)
        if user is None or user.state not in (UserState.ACTIVE, UserState.INACTIVE):
            session.delete(request)
        else:
            request.user_id = user.id
    session.flush()
    due = _due(session, now)
    for recipient_id in sorted({recipient for _, recipients in due for recipient in recipients}):
        if limits.try_count(session, _attempt(recipient_id), now):
            outbox.notify(session, recipient_id, Kind.PASSWORD_WANTED, recipient_id, now)
    stored.set_announced(session, [user_id for user_id, _ in due])


def wanted(session: Session, recipient_id: int) -> list[Wanted]:
    """List the people who ask for a new password, as far as the recipient may make links for them.

    At most MOST_LISTED. Needs the permission to manage people.
    """
    actor = authorise(session, recipient_id, Permission.MANAGE_PEOPLE)
    return [
        Wanted(user_id=user.id, name=user.full_name, email=user.email, login=user.login)
        for user in stored.open_in(session, actor.scope, at_most=MOST_LISTED)
        if person_rights.may_change(session, actor, user)
    ]


def sweep(session: Session, now: datetime) -> None:
    """Delete the requests that are older than KEPT."""
    stored.sweep(session, now - KEPT)


def _due(session: Session, now: datetime) -> list[tuple[int, list[int]]]:
    """Return the requests to announce now: user number, and the recipients, of whom none had a notice lately."""
    due = []
    for user in stored.unannounced(session, at_most=BATCH):
        recipients = _recipients(session, user)
        if recipients and limits.can_count(session, [_attempt(each) for each in recipients], now):
            due.append((user.id, recipients))
    return due


def _recipients(session: Session, user: User) -> list[int]:
    """Return who in the chat may make a link for a user: the managers over them, or else the administrators."""
    managers = sorted(people.managers_over(session, user.department_id))
    return [each for each in managers if _may_help(session, each, user)] or people.administrators(session)


def _may_help(session: Session, manager_id: int, user: User) -> bool:
    actor = actors.find(session, manager_id)
    if actor is None or session.get_one(User, manager_id).telegram_id is None:
        return False
    return actor.may(Permission.MANAGE_PEOPLE) and person_rights.may_change(session, actor, user)


def _attempt(user_id: int) -> Attempt:
    return Attempt(limit=PASSWORD_NOTICES, subject=str(user_id))
