"""Changing the account's time zone: the preview and the change."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.domain.links import LinkState, link_state
from core.domain.windows import Window, keep_wall_clock
from core.domain.zones import find_zone
from core.services import audit_log, digests, reminder_moving
from core.services.audit_log import WHOLE_ACCOUNT, Action
from core.services.authorisation import authorise
from core.services.reminder_moving import Moved
from core.storage import account, profiles
from core.storage import digests as stored
from core.storage.tables import Account, Profile


class Keep(StrEnum):
    """What stays the same in a window when the zone changes: its moments (UTC) or its wall-clock times."""

    MOMENTS = "moments"
    WALL_CLOCK = "wall clock"


@dataclass(frozen=True, kw_only=True)
class Effect:
    """The effect on a profile: its window (UTC) unchanged and shifted to keep the wall clock, and the state of each."""

    profile_id: int
    name: str
    window: Window
    shifted: Window
    state: LinkState
    state_if_shifted: LinkState


@dataclass(frozen=True, kw_only=True)
class ZonePreview:
    """The effect of a change of the zone on all profiles whose window is not over, and on planned reminders."""

    before: ZoneInfo
    after: ZoneInfo
    effects: tuple[Effect, ...]
    reminders: Moved

    @property
    def seen(self) -> str:
        """The fingerprint, which differs if the change would move other profiles, or the same ones otherwise."""
        moved = [(effect.profile_id, effect.window, effect.shifted) for effect in self.effects]
        return fingerprint(self.before.key, self.after.key, moved)


@dataclass(frozen=True, kw_only=True)
class Rezoned:
    """The new zone, what became of planned reminders, and when (UTC) the first of so many scheduled digests comes."""

    zone: ZoneInfo
    reminders: Moved
    digests: int
    next_digest: datetime | None


def preview(session: Session, actor_id: int, text: str, now: datetime) -> ZonePreview:
    """Return the effect of a change of the zone. Needs the permission to manage the account.

    Raises UnknownZone, ZoneNotPlace.
    """
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    zone = find_zone(text, now)
    return _preview(session, account.load(session), zone, profiles.unended(session, now), now)


def change(
    session: Session, actor_id: int, text: str, keep: Keep, now: datetime, *, seen: str | None = None
) -> Rezoned:
    """Set the zone. Windows that are not over keep what `keep` says; digests keep their wall-clock times.

    Planned reminders keep their day, and go out when it is time for that in the new zone.

    Needs the permission to manage the account. Raises UnknownZone, ZoneNotPlace, and PreviewOutdated if the change no
    longer has the effect that was `seen`.
    """
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    zone, row = find_zone(text, now), account.lock(session)
    before, unended = ZoneInfo(row.zone), profiles.lock_unended(session, now)
    refuse_if_outdated(seen, _preview(session, row, zone, unended, now).seen)
    if keep is Keep.WALL_CLOCK:
        for profile in unended:
            shifted = keep_wall_clock(profile.window, before, zone)
            profile.starts_at, profile.ends_at = shifted.starts_at, shifted.ends_at
    row.zone = zone.key
    scheduled = stored.scheduled(session)
    for digest in scheduled:
        digests.reschedule(session, digest, zone, now)
    changed = ({"zone": before.key}, {"zone": zone.key, "kept": keep})
    audit_log.record(session, actor_id, Action.ZONE_CHANGED, WHOLE_ACCOUNT, now, before=changed[0], after=changed[1])
    return Rezoned(
        zone=zone,
        reminders=reminder_moving.move(session, before, zone, now),
        digests=len(scheduled),
        next_digest=min((each.next_due for each in scheduled if each.next_due), default=None),
    )


def _preview(session: Session, row: Account, zone: ZoneInfo, unended: Iterable[Profile], now: datetime) -> ZonePreview:
    before, enabled = ZoneInfo(row.zone), row.sign_up_enabled
    effects = (
        _effect(profile, keep_wall_clock(profile.window, before, zone), now, sign_up_enabled=enabled)
        for profile in unended
    )
    return ZonePreview(
        before=before, after=zone, effects=tuple(effects), reminders=reminder_moving.preview(session, before, zone, now)
    )


def _effect(profile: Profile, shifted: Window, now: datetime, *, sign_up_enabled: bool) -> Effect:
    facts = profiles.facts(profile, sign_up_enabled=sign_up_enabled)
    return Effect(
        profile_id=profile.id,
        name=profile.name,
        window=facts.window,
        shifted=shifted,
        state=link_state(facts, now),
        state_if_shifted=link_state(replace(facts, window=shifted), now),
    )
