"""Pending sign-ups: how they are approved, declined or expire."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission, UserState
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.domain.ledger import Event, tidy_reason
from core.domain.mail import MailKind
from core.errors import ProfileNotFound, SignUpNotPending
from core.services import (
    audit_log,
    erasure,
    growing_notices,
    seats,
    sign_up_completion,
    sign_up_mail,
    telegram_connections,
)
from core.services import profiles as profile_services
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.sign_up_completion import Completion
from core.storage import (
    account,
    ledger,
    link_counts,
    mail_outbox,
    personal_links,
    profiles,
)
from core.storage import pending_sign_ups as stored
from core.storage import seats as seat_counter
from core.storage.tables import PendingSignUp, Profile, User

APPROVAL_TIME = timedelta(days=7)
UNDO_TIME = timedelta(minutes=1)  # how long the people who waited through a removed profile are kept for its undo
DECLINE_UNDO_TIME = timedelta(minutes=10)  # how long those who were declined together are kept for that
PROFILE_REMOVED = "profile removed"
EXPIRED = "expired"
UNCONFIRMED = "not confirmed"
WITHDRAWN = "withdrawn"
TOGETHER = "declined together"
BATCH = 50
MOST_AT_ONCE = 50  # people who are answered by one tap


class Awaits(StrEnum):
    """What a pending sign-up waits for."""

    CONFIRMATION = "confirmation"
    APPROVAL = "approval"


def awaits(kept: PendingSignUp) -> Awaits:
    """Return what a pending sign-up waits for now."""
    return Awaits.CONFIRMATION if kept.code_hash else Awaits.APPROVAL


def waits_for(kept: PendingSignUp, what: Awaits, now: datetime) -> bool:
    """Return whether a pending sign-up waits for this, neither expired nor declined."""
    return awaits(kept) is what and kept.expires_at > now and kept.declined_at is None


def approve(session: Session, actor_id: int, user_id: int, now: datetime, *, seen: str | None = None) -> UserState:
    """Approve a pending sign-up, also after the link has ended, because a place was reserved; return the user's state.

    `seen` is the `mark` of the address that the acting user was shown, which the person may have changed since.
    Needs the permission to manage sign-up profiles, and the profile's department within scope. Raises SignUpNotPending,
    ProfileReadOnly, PreviewOutdated.
    """
    profile, kept = _waiting(session, actor_id, user_id, Awaits.APPROVAL, now)
    refuse_if_outdated(seen, mark(session.get_one(User, user_id).email))
    user = admit(session, profile, kept, seats.state_of_newcomer(session), now, by=actor_id)
    growing_notices.end(session, actor_id)
    if user.state == UserState.ACTIVE:
        sign_up_mail.tell(session, user, MailKind.LET_IN, now)
    audit_log.record(
        session, actor_id, Action.SIGN_UP_APPROVED, audit_log.of_user(user), now, after={"profile": profile.id}
    )
    return UserState(user.state)


def mark(email: str | None) -> str:
    """Return what a button that approves a person carries of the address beside it."""
    return fingerprint(email)


def decline(session: Session, actor_id: int, user_id: int, reason: str, now: datetime) -> None:
    """Decline a pending sign-up, which frees its place; the log keeps no name. Rights as for `approve`.

    Raises SignUpNotPending, ProfileReadOnly.
    """
    profile, kept = _waiting(session, actor_id, user_id, Awaits.APPROVAL, now)
    user = session.get_one(User, user_id)
    subject = replace(audit_log.of_user(user), name=erasure.nameless(user))
    reason = tidy_reason(reason)
    _turn_away(session, profile, kept, now, by=actor_id, reason=reason)
    growing_notices.end(session, actor_id)
    after = {"profile": profile.id, "reason": reason}
    audit_log.record(session, actor_id, Action.SIGN_UP_DECLINED, subject, now, after=after)


def free_unconfirmed(session: Session, actor_id: int, user_id: int, now: datetime) -> None:
    """Free the place of a sign-up that has yet to be confirmed; the log keeps no name, and no mail is sent.

    Rights as for `approve`. Raises SignUpNotPending, also if it was confirmed meanwhile; ProfileReadOnly.
    """
    profile, kept = _waiting(session, actor_id, user_id, Awaits.CONFIRMATION, now)
    user = session.get_one(User, user_id)
    subject = replace(audit_log.of_user(user), name=erasure.nameless(user))
    telegram_connections.tell_declined(session, user.id, now)
    _release(session, profile, kept, now, by=actor_id, reason=UNCONFIRMED)
    growing_notices.end(session, actor_id)
    after = {"profile": profile.id, "reason": UNCONFIRMED}
    audit_log.record(session, actor_id, Action.SIGN_UP_DECLINED, subject, now, after=after)


def withdraw(session: Session, user_id: int, now: datetime) -> None:
    """End a pending sign-up by its person's wish, also one that was declined, while that can be undone.

    Then they stay away. No right is checked here. Raises SignUpNotPending.
    """
    profile, kept = _lock_kept(session, user_id, now)
    _release(session, profile, kept, now, reason=WITHDRAWN)


def any_expired(session: Session, now: datetime) -> bool:
    """Return whether `release_expired` has anything to do; cheap, without locks."""
    return stored.any_ended(session, now, now - UNDO_TIME, now - DECLINE_UNDO_TIME)


def release_expired(session: Session, now: datetime) -> int:
    """End sign-ups that have expired, and those declined together or of removed profiles, if neither can be undone.

    At most BATCH at a time; their places are free again. Returns how many.
    """
    released = 0
    for user_id in stored.ended(session, now, now - UNDO_TIME, now - DECLINE_UNDO_TIME, at_most=BATCH):
        with suppress(SignUpNotPending):  # answered or released by another transaction since the query
            profile, kept = _lock_both(session, user_id)
            if kept is not None and _end(session, profile, kept, now):
                released += 1
    return released


def release_all(session: Session, profile: Profile, now: datetime, *, by: int) -> None:
    """End all pending sign-ups of a profile, which must be locked, because it is removed for good."""
    for user_id in stored.users_of(session, profile.id):
        if kept := stored.lock(session, user_id):
            _release(session, profile, kept, now, by=by, reason=PROFILE_REMOVED)


def _end(session: Session, profile: Profile, kept: PendingSignUp, now: datetime) -> bool:
    """End a locked sign-up if it is time to; return whether it is."""
    if kept.expires_at <= now:
        _release(session, profile, kept, now, reason=UNCONFIRMED if kept.code_hash else EXPIRED)
    elif kept.declined_at is not None and kept.declined_at < now - DECLINE_UNDO_TIME:
        _turn_away(session, profile, kept, now, by=kept.declined_by, reason=TOGETHER)
    elif profile.removed_at is not None and profile.removed_at < now - UNDO_TIME:
        _release(session, profile, kept, now, by=profile.removed_by, reason=PROFILE_REMOVED)
    else:
        return False
    return True


def _waiting(
    session: Session, actor_id: int, user_id: int, what_for: Awaits, now: datetime
) -> tuple[Profile, PendingSignUp]:
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    seat_counter.lock(session)  # its lock comes before the profile's
    profile, kept = lock_pending(session, user_id, now)
    if awaits(kept) is not what_for:
        raise SignUpNotPending
    return editable(session, actor, profile.id), kept


def editable(session: Session, actor: Actor, profile_id: int) -> Profile:
    """Find the profile of a pending sign-up. Raises ProfileReadOnly; SignUpNotPending if the actor can't read it."""
    try:
        return profile_services.editable(session, actor, profile_id)
    except ProfileNotFound:
        raise SignUpNotPending from None


def lock_pending(session: Session, user_id: int, now: datetime) -> tuple[Profile, PendingSignUp]:
    """Lock the profile and a sign-up that waits. Raises SignUpNotPending."""
    profile, kept = _lock_kept(session, user_id, now)
    if kept.declined_at is not None:
        raise SignUpNotPending
    return profile, kept


def _lock_kept(session: Session, user_id: int, now: datetime) -> tuple[Profile, PendingSignUp]:
    """Lock the profile and a sign-up that waits, or was declined and can be brought back. Raises SignUpNotPending."""
    profile, kept = _lock_both(session, user_id)
    if kept is None or kept.expires_at <= now or profile.removed_at is not None:
        raise SignUpNotPending
    return profile, kept


def _lock_both(session: Session, user_id: int) -> tuple[Profile, PendingSignUp | None]:
    """Lock the profile, then the sign-up: the same order everywhere, against deadlocks."""
    found = session.get(PendingSignUp, user_id)
    if found is None:
        raise SignUpNotPending
    profile = profiles.lock(session, found.profile_id)
    return profile, stored.lock(session, user_id)


def admit(
    session: Session, profile: Profile, kept: PendingSignUp, state: UserState, now: datetime, *, by: int | None
) -> User:
    """Turn the reserved place into a used one; the user joins the profile's current department.

    Both rows are locked. `state` is what `seats.state_of_newcomer` has returned, before any user's row was changed.
    Rights are not checked here.
    """
    user = session.get_one(User, kept.user_id, with_for_update=True)
    user.state = state
    user.department_id = profile.department_id
    link_id, form_key = kept.link_id, kept.form_key
    session.delete(kept)
    session.flush()
    ledger.add_entry(session, profile.id, user.id, Event.RELEASED, now, by_id=by, reason="completed")
    done = Completion(
        user_id=user.id,
        state=state,
        department_id=profile.department_id,
        profile_id=profile.id,
        link_id=link_id,
        form_key=form_key,
    )
    sign_up_completion.complete(session, done, account.zone(session), now, by=by)
    if done.state is UserState.ACTIVE:
        telegram_connections.welcome(session, user.id, now)
    if profile.used == 0:
        sign_up_completion.tell_of_first(session, profile.id, now)
    profiles.add_to_counters(session, profile.id, used=1, reserved=-1)
    return user


def _turn_away(
    session: Session, profile: Profile, kept: PendingSignUp, now: datetime, *, by: int | None, reason: str
) -> None:
    """Tell a person that they were declined, and release what was kept of them. Both rows are locked."""
    sign_up_mail.tell_declined(session, session.get_one(User, kept.user_id), now)
    telegram_connections.tell_declined(session, kept.user_id, now)
    _release(session, profile, kept, now, by=by, reason=reason)


def _release(
    session: Session, profile: Profile, kept: PendingSignUp, now: datetime, *, by: int | None = None, reason: str
) -> None:
    """Free the place and erase the personal data, since the person did not become a learner."""
    user = session.get_one(User, kept.user_id, with_for_update=True)
    erasure.erase_form(session, user)
    user.first_name = user.last_name = ""
    mail_outbox.forget(session, user.id)
    session.delete(kept)
    ledger.add_entry(session, profile.id, user.id, Event.RELEASED, now, by_id=by, reason=reason)
    profiles.add_to_counters(session, profile.id, reserved=-1)
    link_counts.add_end_of_waiting(session, kept.link_id)
    personal_links.reopen(session, kept.link_id)
