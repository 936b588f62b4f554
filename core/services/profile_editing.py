"""Editing sign-up profiles: previews, changes, closing, pausing and resuming."""

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.fingerprint import fingerprint
from core.domain.links import link_state
from core.domain.mail import PAUSED
from core.domain.text import search_key
from core.errors import PreviewOutdated
from core.services import audit_log, department_lookup, mail_outbox, profile_changes, profiles
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.profile_changes import Change, EditedField, Settled, Target
from core.services.profiles import Card
from core.storage import account, departments, people
from core.storage import profiles as stored
from core.storage.tables import Profile

__all__ = [
    "Change",
    "EditPreview",
    "Edited",
    "EditedField",
    "Effect",
    "Settled",
    "apply_locked",
    "close_now",
    "edit",
    "effect",
    "pause",
    "preview",
    "save",
    "settled",
]

CLOCK_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What saving would change. `needs_asking` if that is who sees what, or when the link works.

    `editors_lost` and `editors_gained` count the managers who could no longer, or newly, edit the profile; the former
    can still read it. `learners_stay` counts the learners who remain in their departments.
    """

    before: Card
    after: Card
    editors_lost: int
    editors_gained: int
    learners_stay: int

    @property
    def needs_asking(self) -> bool:
        """Whether the acting user must confirm the change before it is saved."""
        timing = self.before.window != self.after.window or self.before.state is not self.after.state
        return timing or self.before.department != self.after.department


@dataclass(frozen=True, kw_only=True)
class EditPreview(Effect):
    """The effect of one change; `settled` is for `save`, `repeated` are typed wall-clock times that occur twice."""

    settled: Settled
    repeated: tuple[datetime, ...]


@dataclass(frozen=True, kw_only=True)
class Edited:
    """The edited profile's card, and the typed wall-clock times (naive) that occur twice; the first was used."""

    card: Card
    repeated: tuple[datetime, ...]


def preview(session: Session, actor_id: int, profile_id: int, change: Change, now: datetime) -> EditPreview:
    """Return the effect of a change without saving it. Raises whatever `edit` raises."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profiles.editable(session, actor, profile_id)
    target = profile_changes.typed(session, actor, profile, change, now)
    found = effect(session, actor, profile, target, now)
    value, seen = profile_changes.as_number(target, change.field), _fingerprint(found.before, found.after)
    return EditPreview(
        settled=Settled(field=change.field, value=value, seen=seen),
        repeated=target.repeated,
        **{each.name: getattr(found, each.name) for each in fields(found)},
    )


def effect(session: Session, actor: Actor, profile: Profile, target: Target, now: datetime) -> Effect:
    """Return what a change would do. Rights are not checked here."""
    before = profiles.cards(session, actor, [profile], now)[0]
    lost, gained = _editors(session, profile.department_id, target.department_id)
    return Effect(
        before=before,
        after=_resulting_card(session, before, profile, target, now),
        editors_lost=lost,
        editors_gained=gained,
        learners_stay=profile.used if profile.department_id != target.department_id else 0,
    )


def edit(session: Session, actor_id: int, profile_id: int, change: Change, now: datetime) -> Edited:
    """Change one part of a profile, also after its end; the link stays the same.

    Needs the permission to manage sign-up profiles, and the department (old and new) within scope. Raises
    ProfileNotFound, ProfileReadOnly, InvalidName, DepartmentNotFound, LimitNotUnderstood, LimitBelowUsed, EndInPast,
    EndBeforeStart and whatever `parse_moment` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    if change.field is EditedField.DEPARTMENT:
        department_lookup.find_and_lock(
            session, actor, change.value
        )  # a department is locked before its profiles, as in its removal
    profile = profiles.find_for_update(session, actor, profile_id)
    target = profile_changes.typed(session, actor, profile, change, now)
    return Edited(card=apply_locked(session, actor, profile, target, now), repeated=target.repeated)


def save(session: Session, actor_id: int, profile_id: int, settled: Settled, now: datetime) -> Card:
    """Save a previewed change if its effect is still the one that was previewed.

    Raises ProfileNotFound, ProfileReadOnly, LimitBelowUsed, EndBeforeStart, PreviewOutdated.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    if settled.field is EditedField.DEPARTMENT:
        _lock_department(session, actor, settled.value)  # before the profile, as in `edit`
    profile = profiles.find_for_update(session, actor, profile_id)
    target, before = profile_changes.confirmed(profile, settled), profiles.cards(session, actor, [profile], now)[0]
    if _fingerprint(before, _resulting_card(session, before, profile, target, now)) != settled.seen:
        raise PreviewOutdated
    return apply_locked(session, actor, profile, target, now)


def settled(
    session: Session, actor_id: int, profile_id: int, field: EditedField, value: int | None, now: datetime
) -> Settled:
    """Return the change of a part to a value (see `Settled`), for `save`. Raises what `save` raises."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profiles.editable(session, actor, profile_id)
    wanted = Settled(field=field, value=value, seen="")
    before = profiles.cards(session, actor, [profile], now)[0]
    after = _resulting_card(session, before, profile, profile_changes.confirmed(profile, wanted), now)
    return replace(wanted, seen=_fingerprint(before, after))


def close_now(session: Session, actor_id: int, profile_id: int, now: datetime) -> Card:
    """End a profile's window just before `now`; a profile that has not started before that is paused instead.

    Raises ProfileNotFound, ProfileReadOnly.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profiles.find_for_update(session, actor, profile_id)
    before = _facts(session, profile)
    before_now = now - CLOCK_TICK  # a window's end is inclusive: at `now` the link would still work
    if profile.starts_at < before_now:
        profile.ends_at = min(profile.ends_at, before_now)
    else:
        profile.paused = True
    session.flush()
    _record(session, actor, profile, before, now)
    return _card_after(session, actor, profile, now)


def pause(session: Session, actor_id: int, profile_id: int, now: datetime, *, paused: bool) -> Card:
    """Pause or resume a profile, which holds up and releases e-mails with its link; idempotent.

    Raises ProfileNotFound, ProfileReadOnly.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profiles.find_for_update(session, actor, profile_id)
    if profile.paused is not paused:
        profile.paused = paused
        if not paused:
            mail_outbox.release(session, PAUSED, now, profile_id=profile_id)
        action = Action.PROFILE_PAUSED if paused else Action.PROFILE_RESUMED
        audit_log.record(session, actor_id, action, profiles.subject(profile), now)
    return _card_after(session, actor, profile, now)


def apply_locked(session: Session, actor: Actor, profile: Profile, target: Target, now: datetime) -> Card:
    """Save a change of a profile, which must be locked, and its department. Rights are not checked here."""
    before = _facts(session, profile)
    profile.name, profile.name_key = target.name, search_key(target.name)
    profile.starts_at, profile.ends_at = target.window.starts_at, target.window.ends_at
    profile.activation_limit = target.limit
    if target.department_id != profile.department_id:
        stored.set_department(session, profile, target.department_id)
    session.flush()
    _record(session, actor, profile, before, now)
    return _card_after(session, actor, profile, now)


def _fingerprint(before: Card, after: Card) -> str:
    return fingerprint(*((card.name, card.department, card.window, card.limit, card.state) for card in (before, after)))


def _lock_department(session: Session, actor: Actor, department_id: int | None) -> None:
    """Lock a department within scope against removal. Raises PreviewOutdated."""
    in_scope = department_id is not None and departments.within_scope(session, actor.scope, [department_id])
    if department_id is None or not in_scope or not departments.lock(session, department_id):
        raise PreviewOutdated


def _resulting_card(session: Session, before: Card, profile: Profile, target: Target, now: datetime) -> Card:
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
    """Count the managers of the old department only, and those of the new one only."""
    before, after = people.managers_over(session, old), people.managers_over(session, new)
    return len(before - after), len(after - before)


def _card_after(session: Session, actor: Actor, profile: Profile, now: datetime) -> Card:
    return profiles.card_of(session, actor, profile, now)


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
    """Record what has changed, if anything."""
    after = _facts(session, profile)
    changed = [name for name in before if before[name] != after[name]]
    if changed:
        audit_log.record(
            session,
            actor.user_id,
            Action.PROFILE_EDITED,
            profiles.subject(profile),
            now,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
