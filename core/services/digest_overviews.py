"""What a digest shows at a glance: how the active profiles stand, who is missing, who is behind, who waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.forecasts import Forecast, forecast
from core.domain.periods import Period
from core.services import progress, roster_counts
from core.services.progress import Behind, Cohort
from core.services.roster_counts import RosterCounts
from core.storage import activations, departments, pending_sign_ups, profiles, roster_profiles
from core.storage.activations import Recent
from core.storage.tables import DigestRun, Profile

SOON = timedelta(days=7)
LOOKED_BACK = timedelta(days=14)
QUIET = timedelta(days=7)
LISTED = 15
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How an active profile stands; `forecast` only if it will be full before its end (UTC), at its present pace.

    `quiet_days`: for so many whole days nobody has signed up, at most 14 are looked back at; None if fewer than 7.
    """

    profile_id: int
    name: str
    used: int
    limit: int | None
    full: bool
    ends_at: datetime
    ends_soon: bool
    forecast: Forecast | None
    quiet_days: int | None

    @property
    def needs_attention(self) -> bool:
        """Whether it is full, or soon over, or too quiet."""
        return self.full or self.ends_soon or self.forecast is not None or self.quiet_days is not None


@dataclass(frozen=True, kw_only=True)
class Overview:
    """What concerns the recipient besides the news, at the moment of the digest.

    `shown_before` is the number of new learners in the period before, of the same length; None if there is none.
    `roster` sums up the profiles that have not ended, `missing_in` is the only one with missing people, None if there
    are several. What the recipient's rights don't reach is None, and 0 of `waiting`.
    """

    managed: tuple[tuple[str, ...], ...] = ()
    shown_before: int | None = None
    standings: tuple[Standing, ...] = ()
    more_standings: bool = False
    roster: RosterCounts | None = None
    missing_in: int | None = None
    behind: Behind | None = None
    waiting: int = 0
    may_extend: bool = False


def overview(session: Session, actor: Actor, run: DigestRun) -> Overview:
    """Collect a digest's overview by the recipient's rights. The statements are as many for any number of profiles."""
    now, manages = run.covers_until, actor.may(Permission.MANAGE_PROFILES)
    found = profiles.current(session, actor.scope, now, at_most=LISTED + 1)
    counts = _rosters(session, actor, now) if manages else {}
    missing_in = [number for number, each in counts.items() if each.missing]
    managed = departments.paths(session, actor.scope.managed) if actor.scope.managed else {}
    return Overview(
        managed=tuple(sorted(path for path in managed.values() if path)),
        shown_before=_shown_before(session, actor, run),
        standings=_standings(session, found[:LISTED], now),
        more_standings=len(found) > LISTED,
        roster=_total(list(counts.values())) if counts else None,
        missing_in=missing_in[0] if len(missing_in) == 1 else None,
        behind=progress.behind(session, actor, Cohort(), now) if actor.may(Permission.MANAGE_PEOPLE) else None,
        waiting=_waiting(session, actor, now) if manages else 0,
        may_extend=manages,
    )


def _rosters(session: Session, actor: Actor, now: datetime) -> dict[int, RosterCounts]:
    return roster_counts.of_profiles(session, actor, roster_profiles.unended(session, actor.scope, now))


def _total(counts: Sequence[RosterCounts]) -> RosterCounts:
    return RosterCounts(
        expected=sum(each.expected for each in counts),
        came=sum(each.came for each in counts),
        hidden=sum(each.hidden for each in counts),
    )


def _waiting(session: Session, actor: Actor, now: datetime) -> int:
    return pending_sign_ups.count_awaiting_approval(session, actor.scope, "", now, profile_id=None)


def _shown_before(session: Session, actor: Actor, run: DigestRun) -> int | None:
    if run.covers_since is None:
        return None
    period = Period(since=run.covers_since - (run.covers_until - run.covers_since), until=run.covers_since)
    tallies = activations.tallies_during(session, actor.scope, period)
    in_scope = activations.tallied_in_scope(session, actor.scope, tallies)
    return sum(tally.count for tally in tallies if tally.learners_in in in_scope)


def _standings(session: Session, found: Sequence[Profile], now: datetime) -> tuple[Standing, ...]:
    """Describe profiles, those that need attention first; otherwise they stay in their order."""
    recent = activations.recent(session, [profile.id for profile in found], now - LOOKED_BACK, now)
    described = (_standing(profile, recent.get(profile.id), now) for profile in found)
    return tuple(sorted(described, key=lambda each: not each.needs_attention))


def _standing(profile: Profile, recent: Recent | None, now: datetime) -> Standing:
    limit, in_use = profile.activation_limit, profile.used + profile.reserved
    since = max(profile.starts_at, now - LOOKED_BACK)
    left = None if limit is None else limit - in_use
    expected = forecast(left=left, sign_ups=recent.count if recent else 0, since=since, now=now)
    quiet = now - (recent.last_at if recent else since)
    return Standing(
        profile_id=profile.id,
        name=profile.name,
        used=profile.used,
        limit=limit,
        full=left == 0,
        ends_at=profile.ends_at,
        ends_soon=profile.ends_at <= now + SOON,
        forecast=expected if expected and expected.full_at <= profile.ends_at else None,
        quiet_days=quiet // DAY if quiet >= QUIET and left != 0 else None,
    )
