"""Activation history: the learners who signed up through a profile, as far as the viewer may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission, UserState
from core.domain.files import refuse_if_too_long
from core.domain.ledger import Event, is_undone, tidy_reason
from core.domain.tallies import Hidden, Seen
from core.errors import ActivationNotFound, ActivationReturned, ProfileNotFound
from core.services import audit_log, roster_counts
from core.services import profiles as profile_services
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.roster_counts import RosterCounts
from core.storage import account, activations, departments, ledger, pending_sign_ups, profiles
from core.storage.activations import Counts, Found
from core.storage.tables import Activation, Profile, User

PAGE = 10


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One activation whose learner the viewer may see; `at` is UTC, `department` the learner's current one.

    `label` is that of the link used, empty for the main one. `deleted`: the learner remains in histories only.
    `returned`: the activation was returned to the profile; `undone`: and the learner isn't active any more.
    """

    activation_id: int
    user_id: int
    first_name: str
    last_name: str
    email: str | None
    department: tuple[str, ...]
    at: datetime
    label: str
    deleted: bool
    returned: bool
    undone: bool


@dataclass(frozen=True, kw_only=True)
class History:
    """A page of a profile's activation history, newest first; `older_than` is the next page's `before`, None if last.

    It is the log of all that happened, so `shown` counts the undone sign-ups, too, and `joined` doesn't.
    `editable`: the viewer may edit the profile, and therefore return its activations and see its `roster`, if any, and
    how many hold a place without an account: `waiting` for an approval, `unconfirmed` until they confirm their address.
    """

    profile_id: int
    profile_name: str
    zone: ZoneInfo
    entries: tuple[Entry, ...]
    shown: int
    returned: int
    undone: int
    hidden: Hidden
    older_than: int | None
    editable: bool
    roster: RosterCounts | None = None
    waiting: int = 0
    unconfirmed: int = 0

    @property
    def joined(self) -> int:
        """How many of those shown have joined and weren't undone."""
        return self.shown - self.undone


@dataclass(frozen=True, kw_only=True)
class Returnable:
    """An activation that the viewer may return: its learner, its profile, and when it was made (UTC)."""

    activation_id: int
    learner: str
    at: datetime
    profile_id: int
    profile_name: str


def page(session: Session, actor_id: int, profile_id: int, *, before: int | None = None, size: int = PAGE) -> History:
    """Return a page of a profile's activations, older than `before` (its number) if given. Raises ProfileNotFound."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = readable(session, actor, profile_id)
    counts = activations.counts(session, profile_id, actor.scope)
    rows = activations.page(session, profile_id, actor.scope, before=before, size=size + 1)
    entries = _entries(session, rows[:size])
    expected = roster_counts.if_editable(session, actor, profile_id)
    waiting, unconfirmed = who_wait(session, profile) if expected else (0, 0)
    return History(
        profile_id=profile_id,
        profile_name=profile.name,
        zone=account.zone(session),
        entries=entries,
        shown=counts.shown,
        returned=counts.returned,
        undone=counts.undone,
        hidden=_seen(counts).hidden,
        older_than=entries[-1].activation_id if len(rows) > size else None,
        editable=expected is not None,
        roster=expected.counts if expected else None,
        waiting=waiting,
        unconfirmed=unconfirmed,
    )


def _entries(session: Session, rows: Sequence[Found]) -> tuple[Entry, ...]:
    paths = departments.paths(session, [user.department_id for _, user, _ in rows])
    return tuple(
        Entry(
            activation_id=activation.id,
            user_id=user.id,
            first_name=user.first_name,
            last_name=user.last_name,
            email=user.email,
            department=paths[user.department_id],
            at=activation.at,
            label=link.label,
            deleted=user.state == UserState.DELETED,
            returned=activation.returned_at is not None,
            undone=is_undone(returned=activation.returned_at is not None, active=user.state == UserState.ACTIVE),
        )
        for activation, user, link in rows
    )


def begin_export(session: Session, actor_id: int, profile_id: int, now: datetime) -> None:
    """Record the export of a profile's history in the audit log. Raises ProfileNotFound, NotAllowed, FileTooLong."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = readable(session, actor, profile_id)
    refuse_if_too_long(activations.counts(session, profile_id, actor.scope).shown)
    audit_log.record(session, actor_id, Action.HISTORY_EXPORTED, profile_services.subject(profile), now)


def returnable(session: Session, actor_id: int, activation_id: int) -> Returnable:
    """Return an activation for the confirmation of its return. Raises whatever `return_activation` raises."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    activation, learner = _within_scope(session, actor, activation_id)
    try:
        profile = profile_services.editable(session, actor, activation.profile_id)
    except ProfileNotFound:
        raise ActivationNotFound(activation_id) from None
    if activation.returned_at is not None:
        raise ActivationReturned
    return Returnable(
        activation_id=activation_id,
        learner=learner.full_name,
        at=activation.at,
        profile_id=profile.id,
        profile_name=profile.name,
    )


def return_activation(session: Session, actor_id: int, activation_id: int, reason: str, now: datetime) -> None:
    """Return an activation to its profile, at most once, and record by whom and why. The learner stays.

    Needs the permission to manage sign-up profiles, with the profile editable and the learner within scope. Raises
    ActivationNotFound, ProfileReadOnly, ActivationReturned.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    activation, _ = _within_scope(session, actor, activation_id)
    try:
        profile = profile_services.find_for_update(session, actor, activation.profile_id)
    except ProfileNotFound:
        raise ActivationNotFound(activation_id) from None
    session.refresh(activation)  # it may have been returned before the profile was locked
    if activation.returned_at is not None:
        raise ActivationReturned
    reason = tidy_reason(reason)
    ledger.add_entry(session, profile.id, activation.user_id, Event.RETURNED, now, by_id=actor_id, reason=reason)
    activation.returned_at = now
    profiles.add_to_counters(session, profile.id, used=-1)
    after = {"activation": activation.id, "reason": reason}
    audit_log.record(session, actor_id, Action.ACTIVATION_RETURNED, profile_services.subject(profile), now, after=after)


def seen(session: Session, actor: Actor, profile_id: int) -> Seen:
    """Count the learners of a profile that the actor may see, and the hidden ones by reason."""
    return _seen(activations.counts(session, profile_id, actor.scope))


def _seen(counts: Counts) -> Seen:
    hidden = Hidden(transferred=counts.transferred, elsewhere=counts.total - counts.shown - counts.transferred)
    return Seen(shown=counts.shown, hidden=hidden, undone=counts.undone)


def who_wait(session: Session, profile: Profile) -> tuple[int, int]:
    """Count who waits through a profile, for an approval, and until an address is confirmed. Checks no rights."""
    return pending_sign_ups.count_of_profile(session, profile.id) if profile.reserved else (0, 0)


def readable(session: Session, actor: Actor, profile_id: int) -> Profile:
    """Find a profile whose history the actor may read. Raises ProfileNotFound."""
    profile = profiles.readable(session, actor.scope, profile_id)
    if profile is None:
        raise ProfileNotFound(profile_id)
    return profile


def _within_scope(session: Session, actor: Actor, activation_id: int) -> tuple[Activation, User]:
    """Find an activation whose learner is within the actor's scope. Raises ActivationNotFound."""
    found = activations.find(session, activation_id)
    if found is None or not departments.within_scope(session, actor.scope, [found[1].department_id]):
        raise ActivationNotFound(activation_id)
    return found[0], found[1]
