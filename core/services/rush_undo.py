"""A rush of sign-ups taken back, and brought back: those who came in it, and nobody who came before or after.

Whoever is taken back can't log in any longer and loses their courses, and their place is free again; all of that comes
back with them. Each question has one answer, so that a second tap does nothing twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission, UserState
from core.domain.alerts import Watched, rush_at
from core.domain.ledger import Event
from core.errors import PlacesTaken, PreviewOutdated, ProfileNotFound, RushOver, SeatsTaken
from core.services import audit_log, enrolment_changes, people, profiles, questions, rushes
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.questions import OPEN_FOR, About
from core.services.rushes import MOST_AT_ONCE, NAMED, BroughtBack, Ended, Proposal, Rush
from core.storage import account, departments, enrolments, ledger, seats
from core.storage import profiles as stored_profiles
from core.storage import rush_undo as stored
from core.storage.tables import Activation, Profile, User

CHUNK = 500  # enrolments of a statement
REASON = "rush"  # of the ledger's entries


def show(session: Session, actor_id: int, profile_id: int, now: datetime, *, told: int | None = None) -> Rush | None:
    """Return the rush that was told of in a second of the epoch (None: the last one), if it can be taken back.

    None if it is too long ago, or without the permission to manage people too. Raises ProfileNotFound, ProfileReadOnly.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profiles.editable(session, actor, profile_id)
    return _find(session, actor, profile_id, now, told) if actor.may(Permission.MANAGE_PEOPLE) else None


def propose(session: Session, actor_id: int, profile_id: int, told: int, now: datetime) -> Proposal:
    """Ask whether to take the people of a rush back, as far as they are within scope.

    Needs the permissions to manage people and sign-up profiles, as its answers do. Raises RushOver if it is too long
    ago or nobody is left of it, ProfileNotFound, ProfileReadOnly.
    """
    actor = _authorised(session, actor_id)
    profile = profiles.editable(session, actor, profile_id)
    rush = _find(session, actor, profile_id, now, told)
    if rush is None or not rush.people:
        raise RushOver
    found = stored.learners(session, actor.scope, profile_id, (rush.first, rush.last), at_most=MOST_AT_ONCE)
    body = {"profile": profile_id, "people": [user.id for user in found], "told": rush.told_second}
    return Proposal(
        question_id=questions.ask(session, actor_id, About.RUSH, body, now),
        profile_name=profile.name,
        rush=rush,
        names=tuple(user.full_name for user in found[:NAMED]),
    )


def confirm(session: Session, actor_id: int, question_id: int, now: datetime) -> Ended:
    """Take the people back who were asked about, all or none, once: deactivated, their places and courses given up.

    Raises QuestionClosed, ProfileNotFound, ProfileReadOnly, and PreviewOutdated if some of them were changed since.
    """
    actor = _authorised(session, actor_id)
    body = questions.answer(session, actor_id, question_id, About.RUSH, now)
    seats.lock(session)  # before the profile's lock, and that before the people's
    profile = profiles.find_for_update(session, actor, body["profile"])
    found = _locked(session, actor, profile, body["people"])
    if len(found) != len(body["people"]) or any(each.returned_at is not None for _, each in found):
        raise PreviewOutdated
    active = {user.id for user, _ in found if user.state == UserState.ACTIVE}
    given_up = _give_up(session, actor_id, profile, found, now)
    kept = {**body, "active": sorted(active), "enrolments": given_up}
    rushes.record(session, actor_id, Action.RUSH_TAKEN_BACK, profile, len(found), now)
    return Ended(
        profile_id=profile.id,
        profile_name=profile.name,
        people=len(found),
        back_id=questions.ask(session, actor_id, About.RUSH_UNDO, kept, now),
        until=now + OPEN_FOR,
    )


def bring_back(session: Session, actor_id: int, question_id: int, now: datetime) -> BroughtBack:
    """Bring those back who were taken back less than a day ago, once: with their places, courses and progress.

    Also if the profile is deleted since. Raises QuestionClosed, ProfileNotFound if it is outside of the scope now,
    PlacesTaken, SeatsTaken.
    """
    actor = _authorised(session, actor_id)
    body = questions.answer(session, actor_id, question_id, About.RUSH_UNDO, now)
    seats.lock(session)
    profile = stored_profiles.lock(session, body["profile"])
    if not departments.within_scope(session, actor.scope, [profile.department_id]):
        raise ProfileNotFound(profile.id)
    found = _locked(session, actor, profile, body["people"])
    _retake(session, actor_id, profile, [each for _, each in found if each.returned_at is not None], now)
    active = set(body["active"])
    _activate(session, actor_id, [user for user, _ in found if user.id in active], now)
    _enrol(session, body["enrolments"], {user.id for user, _ in found})
    rushes.record(session, actor_id, Action.RUSH_BROUGHT_BACK, profile, len(found), now)
    return rushes.brought_back(profile, body, len(found))


def _authorised(session: Session, actor_id: int) -> Actor:
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    actor.require(Permission.MANAGE_PEOPLE)
    return actor


def _find(session: Session, actor: Actor, profile_id: int, now: datetime, told: int | None) -> Rush | None:
    told_at = rushes.when_told(session, Watched.RUSH, profile_id, now, told=told)
    return None if told_at is None else _rush(session, actor, profile_id, told_at)


def _rush(session: Session, actor: Actor, profile_id: int, told_at: datetime) -> Rush | None:
    between = rush_at(stored.moments(session, profile_id, told_at), told_at)
    if between is None:
        return None
    shown, hidden = stored.counts(session, actor.scope, profile_id, between)
    first, last = between
    return Rush(profile_id=profile_id, told_at=told_at, first=first, last=last, people=shown, hidden=hidden)


def _locked(
    session: Session, actor: Actor, profile: Profile, user_ids: Sequence[int]
) -> Sequence[tuple[User, Activation]]:
    found = stored.lock(session, actor.scope, user_ids)
    return [(user, activation) for user, activation in found if activation.profile_id == profile.id]


def _give_up(
    session: Session, by_id: int, profile: Profile, found: Sequence[tuple[User, Activation]], now: datetime
) -> list[Mapping[str, Any]]:
    """Deactivate locked people, give up their places and courses; return the enrolments as a question keeps them."""
    for user, activation in found:
        if user.state == UserState.ACTIVE:
            people.end_access(session, by_id, user, now)
        activation.returned_at = now
        ledger.add_entry(session, profile.id, user.id, Event.RETURNED, now, by_id=by_id, reason=REASON)
    stored_profiles.add_to_counters(session, profile.id, used=-len(found))
    numbers = [user.id for user, _ in found]
    removed = enrolments.remove(session, stored.courses_of(session, numbers), numbers)
    return [enrolment_changes.written(row) for row in removed]


def _retake(session: Session, by_id: int, profile: Profile, returned: Sequence[Activation], now: datetime) -> None:
    """Take the places of activations again. Raises PlacesTaken if there are fewer."""
    free = stored.retake(session, profile.id, len(returned))
    if free is not None:
        raise PlacesTaken(profile.id, profile.name, free=free, wanted=len(returned))
    for activation in returned:
        activation.returned_at = None
        ledger.add_entry(session, profile.id, activation.user_id, Event.RETAKEN, now, by_id=by_id, reason=REASON)


def _activate(session: Session, by_id: int, users: Iterable[User], now: datetime) -> None:
    """Make those who are not active active again. Raises SeatsTaken if a seat is missing."""
    for user in users:
        if user.state == UserState.ACTIVE:
            continue
        if not seats.take(session):
            raise SeatsTaken(account.load(session).seats or 0)
        user.state = UserState.ACTIVE
        audit_log.record(session, by_id, Action.USER_ACTIVATED, audit_log.of_user(user), now)


def _enrol(session: Session, kept: Sequence[Mapping[str, Any]], user_ids: set[int]) -> None:
    """Give people their courses back, but those that they have by then."""
    rows = [row for each in kept if (row := enrolment_changes.read(each)).user_id in user_ids]
    for start in range(0, len(rows), CHUNK):
        enrolments.add(session, rows[start : start + CHUNK])
