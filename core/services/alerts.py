"""Alerts: what managers hear of at once, each once, and which of them the account has turned off.

The first learner and the last place are told where they happen, requests for access by `request_notices`; the others
are looked for every few seconds, so that no sign-up takes longer for them.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.alerts import KEPT, Alert, Watched, is_mostly_used
from core.domain.outbox import Kind
from core.services import audit_log, history, notice_recipients
from core.services.audit_log import WHOLE_ACCOUNT, Action
from core.services.authorisation import authorise
from core.services.pending_sign_ups import APPROVAL_TIME
from core.storage import account, first_learners, people, profiles
from core.storage import alerts as stored
from core.storage.tables import Profile

BATCH = 20
KINDS: Mapping[Watched, Kind] = {
    Watched.MOSTLY_USED: Kind.MOSTLY_USED,
    Watched.PLACES_UNUSED: Kind.PLACES_UNUSED,
    Watched.RUSH: Kind.RUSH,
    Watched.WAITING_RUSH: Kind.WAITING_RUSH,
    Watched.SEATS: Kind.SEATS_SCARCE,
}
ALERTS: Mapping[Kind, Alert] = {
    Kind.FIRST_LEARNER: Alert.FIRST_LEARNER,
    Kind.MOSTLY_USED: Alert.MOSTLY_USED,
    Kind.PROFILE_FULL: Alert.FULL,
    Kind.PLACES_UNUSED: Alert.PLACES_UNUSED,
    Kind.NO_SEAT_LEFT: Alert.SEATS,
    Kind.SEATS_SCARCE: Alert.SEATS,
    Kind.RUSH: Alert.RUSH,
    Kind.WAITING_RUSH: Alert.RUSH,
    Kind.ACCESS_WANTED: Alert.ACCESS_WANTED,
}


def alerts(session: Session, actor_id: int) -> Mapping[Alert, bool]:
    """Return which alerts are on. Like `switch`, this needs the permission to manage the account."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    off = stored.silenced(session)
    return {alert: alert not in off for alert in Alert}


def switch(session: Session, actor_id: int, alert: Alert, now: datetime, *, on: bool) -> Mapping[Alert, bool]:
    """Turn an alert on or off, for everybody; return which are on."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    account.lock(session)
    before = alert not in stored.silenced(session)
    (stored.unsilence if on else stored.silence)(session, alert)
    changed = {"alert": alert.value, "on": before}, {"alert": alert.value, "on": on}
    audit_log.record(session, actor_id, Action.ALERT_SWITCHED, WHOLE_ACCOUNT, now, before=changed[0], after=changed[1])
    return alerts(session, actor_id)


def is_on(session: Session, kind: Kind) -> bool:
    """Return whether notices of a kind are wanted; those that are no alerts always are."""
    return kind not in ALERTS or ALERTS[kind] not in stored.silenced(session)


def any_due(session: Session, now: datetime) -> bool:
    """Return whether `tell` has anything to do; cheap, without locks."""
    return any(_found(session, watched, now) for watched in _wanted(session))


def tell(session: Session, now: datetime) -> None:
    """Queue the notices of what has come to an alert, and keep that they are told.

    Any number of processes may ask: the account's lock lets the next one see what was told.
    """
    account.lock(session)
    for watched in _wanted(session):
        for profile, occurrence in _found(session, watched, now):
            subject = profile.id if profile else 0
            if stored.raise_once(session, watched, subject, occurrence, now):
                _notify(session, KINDS[watched], profile, now)


def seats(session: Session, actor_id: int) -> tuple[int | None, int | None]:
    """Return how many seats are taken, and how many there are; None without a limit.

    Needs the permission to manage the account.
    """
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    return account.seats(session)


def first_learner(session: Session, actor_id: int, profile_id: int) -> str | None:
    """Return the name of the first learner of a profile; None if they are hidden from the acting user.

    Raises ProfileNotFound.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    return first_learners.first_name(session, actor.scope, history.readable(session, actor, profile_id).id)


def sweep(session: Session, now: datetime) -> None:
    """Forget what was told long ago."""
    stored.sweep(session, now - KEPT)


def _wanted(session: Session) -> list[Watched]:
    off = stored.silenced(session)
    return [watched for watched, kind in KINDS.items() if ALERTS[kind] not in off]


def _found(session: Session, watched: Watched, now: datetime) -> list[tuple[Profile | None, str]]:
    """Return the profiles (None: the account) that have come to an alert, and what tells this occasion from others."""
    match watched:
        case Watched.MOSTLY_USED:
            found = _profiles(session, stored.mostly_used(session, now, at_most=BATCH))
            return [(each, str(each.activation_limit)) for each in found]
        case Watched.PLACES_UNUSED:
            found = _profiles(session, stored.places_unused(session, now, at_most=BATCH))
            return [(each, each.ends_at.isoformat()) for each in found]
        case Watched.RUSH:
            return _rushes(session, stored.rushes(session, now, at_most=BATCH), now)
        case Watched.WAITING_RUSH:
            numbers = stored.waiting_rushes(session, now, lasts=APPROVAL_TIME, at_most=BATCH)
            return _rushes(session, numbers, now)
        case _:
            return _scarce_seats(session)


def _rushes(session: Session, numbers: Collection[int], now: datetime) -> list[tuple[Profile | None, str]]:
    return [(each, now.isoformat(timespec="minutes")) for each in _profiles(session, numbers)]


def _profiles(session: Session, numbers: Collection[int]) -> Sequence[Profile]:
    return profiles.by_numbers(session, numbers) if numbers else ()


def _scarce_seats(session: Session) -> list[tuple[Profile | None, str]]:
    taken, there_are = account.seats(session)
    if not is_mostly_used(taken, there_are) or stored.is_raised(session, Watched.SEATS, 0, str(there_are)):
        return []
    return [(None, str(there_are))]


def _notify(session: Session, kind: Kind, profile: Profile | None, now: datetime) -> None:
    told = people.administrators(session) if profile is None else notice_recipients.of_profile(session, profile)
    notice_recipients.notify(session, told, kind, profile.id if profile else 0, now)
