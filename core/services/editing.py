"""Editing sign-up profiles: what a change would do, and the change; pausing and resuming."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.links import link_state
from core.domain.naming import clean_name
from core.domain.windows import TypedMoment, Window, parse_moment
from core.errors import EndInPast, LimitBelowUsed, ProfileNotFound
from core.services import audit, profiles, reach
from core.services.audit import Action
from core.services.profiles import Card, parse_limit
from core.services.rights import acting
from core.storage import account, departments, users
from core.storage import profiles as stored
from core.storage.tables import Profile


class EditedField(StrEnum):
    """What of a profile can be changed."""

    NAME = "name"
    DEPARTMENT = "department"
    START = "start"
    END = "end"
    LIMIT = "limit"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change as typed; `value` is read in the account's zone."""

    field: EditedField
    value: str


@dataclass(frozen=True, kw_only=True)
class EditPreview:
    """What a change would do. `needs_asking` where it changes who sees what, or when the link works.

    `editors_lost` and `editors_gained` count the managers who could edit the profile no more, or anew; the former still
    read it. `learners_stay` learners remain in the departments they are in.
    """

    before: Card
    after: Card
    repeated: tuple[datetime, ...]
    editors_lost: int
    editors_gained: int
    learners_stay: int

    @property
    def needs_asking(self) -> bool:
        """Tell whether somebody should see this before it is saved."""
        timing = self.before.window != self.after.window or self.before.state is not self.after.state
        return timing or self.before.department != self.after.department


@dataclass(frozen=True, kw_only=True)
class Edited:
    """The edited profile's card, and the typed wall-clock times that occur twice (the first was taken)."""

    card: Card
    repeated: tuple[datetime, ...]


@dataclass(frozen=True, kw_only=True)
class _Target:
    """What a profile would be after a change."""

    name: str
    department_id: int
    window: Window
    limit: int | None
    repeated: tuple[datetime, ...] = ()


def preview(session: Session, actor_id: int, profile_id: int, change: Change, now: datetime) -> EditPreview:
    """Tell what a change would do, and save nothing. Raises what `edit` does."""
    actor = acting(session, actor_id, Permission.MANAGE_PROFILES)
    profile = stored.editable(session, actor.scope, profile_id)
    if profile is None:
        raise ProfileNotFound(profile_id)
    target, before = _target(session, actor, profile, change, now), profiles.cards(session, actor, [profile], now)[0]
    lost, gained = _editors(session, profile.department_id, target.department_id)
    return EditPreview(
        before=before,
        after=_foreseen(session, before, profile, target, now),
        repeated=target.repeated,
        editors_lost=lost,
        editors_gained=gained,
        learners_stay=profile.used if lost or gained or profile.department_id != target.department_id else 0,
    )


def edit(session: Session, actor_id: int, profile_id: int, change: Change, now: datetime) -> Edited:
    """Change one thing of a profile, also after its end; the link stays.

    Needs the permission to manage sign-up profiles, and the department, both where it changes, within reach. Raises
    ProfileNotFound, InvalidName, DepartmentNotFound, LimitNotUnderstood, LimitBelowUsed, EndInPast, EndBeforeStart and
    what reading a moment raises.
    """
    actor = acting(session, actor_id, Permission.MANAGE_PROFILES)
    if change.field is EditedField.DEPARTMENT:
        reach.join(session, actor, change.value)  # a department is locked before its profiles, as in its removal
    profile = profiles.held(session, actor, profile_id)
    target = _target(session, actor, profile, change, now)
    before = _facts(session, profile)
    profile.name, profile.name_key = target.name, target.name.casefold()
    profile.starts_at, profile.ends_at = target.window.starts_at, target.window.ends_at
    profile.activation_limit = target.limit
    if target.department_id != profile.department_id:
        stored.point_at(session, profile, target.department_id)
    session.flush()
    _record(session, actor, profile, before, now)
    return Edited(card=_card_after(session, actor, profile, now), repeated=target.repeated)


def close_now(session: Session, actor_id: int, profile_id: int, now: datetime) -> Card:
    """End a profile's window at this moment; one that has not started yet is paused instead.

    Raises ProfileNotFound.
    """
    actor = acting(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profiles.held(session, actor, profile_id)
    before = _facts(session, profile)
    if profile.starts_at < now:
        profile.ends_at = min(profile.ends_at, now)
    else:
        profile.paused = True
    session.flush()
    _record(session, actor, profile, before, now)
    return _card_after(session, actor, profile, now)


def pause(session: Session, actor_id: int, profile_id: int, now: datetime, *, paused: bool) -> Card:
    """Pause a profile or resume it; doing so twice is no mistake. Raises ProfileNotFound."""
    actor = acting(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profiles.held(session, actor, profile_id)
    if profile.paused is not paused:
        profile.paused = paused
        action = Action.PROFILE_PAUSED if paused else Action.PROFILE_RESUMED
        audit.record(session, actor_id, action, profiles.subject(profile), now)
    return _card_after(session, actor, profile, now)


def _target(session: Session, actor: Actor, profile: Profile, change: Change, now: datetime) -> _Target:
    """Read a change. A relative end counts from now, or from the start of a profile that has not started."""
    as_it_is = _Target(
        name=profile.name,
        department_id=profile.department_id,
        window=Window(starts_at=profile.starts_at, ends_at=profile.ends_at),
        limit=profile.activation_limit,
    )
    match change.field:
        case EditedField.NAME:
            return replace(as_it_is, name=clean_name(change.value))
        case EditedField.DEPARTMENT:
            return replace(as_it_is, department_id=reach.find(session, actor, change.value))
        case EditedField.START:
            start = parse_moment(change.value, account.zone(session), now)
            return _moved(as_it_is, start, Window(starts_at=start.instant, ends_at=profile.ends_at))
        case EditedField.END:
            since = profile.starts_at if profile.starts_at > now else None
            end = parse_moment(change.value, account.zone(session), now, since=since)
            if end.instant < now.replace(second=0, microsecond=0):
                raise EndInPast(end.instant)
            return _moved(as_it_is, end, Window(starts_at=profile.starts_at, ends_at=end.instant))
        case EditedField.LIMIT:
            return replace(as_it_is, limit=_limit(profile, change.value))


def _moved(target: _Target, typed: TypedMoment, window: Window) -> _Target:
    return replace(target, window=window, repeated=(typed.repeated,) if typed.repeated else ())


def _limit(profile: Profile, text: str) -> int | None:
    limit, in_use = parse_limit(text), profile.used + profile.reserved
    if limit is not None and limit < in_use:
        raise LimitBelowUsed(limit, in_use)
    return limit


def _foreseen(session: Session, before: Card, profile: Profile, target: _Target, now: datetime) -> Card:
    enabled = account.load(session).sign_up_enabled
    facts = replace(stored.facts(profile, sign_up_enabled=enabled), window=target.window, limit=target.limit)
    return replace(
        before,
        name=target.name,
        department=departments.path(session, target.department_id),
        window=target.window,
        limit=target.limit,
        state=link_state(facts, now),
    )


def _editors(session: Session, old: int, new: int) -> tuple[int, int]:
    """Count the managers who reach the old department only, and those who reach the new one only."""
    before, after = users.managers_reaching(session, old), users.managers_reaching(session, new)
    return len(before - after), len(after - before)


def _card_after(session: Session, actor: Actor, profile: Profile, now: datetime) -> Card:
    return profiles.cards(session, actor, [profile], now)[0]


def _facts(session: Session, profile: Profile) -> dict[str, object]:
    return {
        "name": profile.name,
        "department": list(departments.path(session, profile.department_id)),
        "start": profile.starts_at,
        "end": profile.ends_at,
        "limit": profile.activation_limit,
        "paused": profile.paused,
    }


def _record(session: Session, actor: Actor, profile: Profile, before: dict[str, object], now: datetime) -> None:
    """Keep what has changed, if anything has."""
    after = _facts(session, profile)
    changed = [name for name in before if before[name] != after[name]]
    if changed:
        audit.record(
            session,
            actor.user_id,
            Action.PROFILE_EDITED,
            profiles.subject(profile),
            now,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
