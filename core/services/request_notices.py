"""Notices about requests for access: gathered, so that many people who ask make few messages."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.limits import REQUEST_NOTICES, Attempt
from core.domain.outbox import Kind
from core.services import alerts, growing_notices, limits, outbox
from core.storage import access_requests as stored
from core.storage import actors, people, profiles
from core.storage.tables import Profile, User

BATCH = 50


def any_to_announce(session: Session, now: datetime) -> bool:
    """Return whether `announce` has anything to do; cheap, without locks."""
    return stored.any_unannounced(session, now)


def announce(session: Session, now: datetime) -> None:
    """Queue notices about new requests to those who may answer them.

    One notice tells of all requests within its recipient's scope that are open when it is sent. If one of a profile's
    recipients had one lately, all get the next one later, and until then only the messages grow that are there already.
    If the account has turned this alert off, none is told, now or later.
    """
    due, others = _parted(session, now)
    if alerts.is_on(session, Kind.ACCESS_WANTED):
        told = {recipient for recipients in due.values() for recipient in recipients}
        growing = {each for number, recipients in others.items() for each in _behind(session, number, recipients, now)}
        for recipient_id in sorted(told | growing):
            if limits.try_count(session, _attempt(session, recipient_id, now), now):
                outbox.notify(session, recipient_id, Kind.ACCESS_WANTED, recipient_id, now)
    stored.set_announced(session, due, now)


def _parted(session: Session, now: datetime) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    """Return the recipients of profiles with new requests, by number: those to announce now, and those for later."""
    found = {profile.id: _recipients(session, profile) for profile in stored.unannounced(session, now, at_most=BATCH)}
    attempts = {number: [_attempt(session, each, now) for each in recipients] for number, recipients in found.items()}
    due = {number for number, each in attempts.items() if each and limits.can_count(session, each, now)}
    return (
        {number: recipients for number, recipients in found.items() if number in due},
        {number: recipients for number, recipients in found.items() if number not in due},
    )


def _behind(session: Session, profile_id: int, recipients: Sequence[int], now: datetime) -> list[int]:
    return growing_notices.behind(session, recipients, stored.newest_unannounced(session, profile_id, now), now)


def _recipients(session: Session, profile: Profile) -> list[int]:
    """Return who in the chat may answer: the profile's creator and the managers over it, or else the administrators."""
    managers = sorted({profile.created_by, *people.managers_over(session, profile.department_id)})
    return [each for each in managers if _may_answer(session, each, profile)] or people.administrators(session)


def _may_answer(session: Session, user_id: int, profile: Profile) -> bool:
    actor = actors.find(session, user_id)
    return (
        actor is not None
        and actor.may(Permission.MANAGE_PROFILES)
        and profiles.editable(session, actor.scope, profile.id) is not None
        and session.get_one(User, user_id).telegram_id is not None
    )


def _attempt(session: Session, user_id: int, now: datetime) -> Attempt:
    return growing_notices.attempt(session, user_id, REQUEST_NOTICES, now)
