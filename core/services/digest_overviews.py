"""What a digest shows at a glance: how the active profiles stand, who is missing, who is behind, who waits."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.branches import Placed
from core.domain.forecasts import Forecast, forecast
from core.domain.progress import Behind
from core.domain.rosters import RosterOf
from core.services import digest_counts
from core.services.digest_audiences import Audience, Reader, places_of_profiles
from core.services.digest_counts import Counts
from core.services.progress import Cohort
from core.services.roster_counts import RosterCounts
from core.storage import activations, digest_profiles, kept_places
from core.storage.activations import Recent
from core.storage.digest_profiles import ProfileFacts

SOON = timedelta(days=7)
LOOKED_BACK = timedelta(days=14)
QUIET = timedelta(days=7)
LISTED = 15
ENDED = 3  # are named; how many people are missing of all that have ended, is told in a sum
CONSIDERED = 200
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """How an active profile stands, or one that has ended without expected people.

    `forecast` only if it will be full before its end (UTC), at its present pace. Besides those `used`, so many of its
    places are reserved for people who are `waiting`, and so many are `kept` for granted requests.
    `quiet_days`: for so many whole days nobody has signed up, at most 14 are looked back at; None if fewer than 7.
    `missing`: it has ended without so many of the people whom its own roster expects; None if it hasn't ended.
    """

    profile_id: int
    name: str
    used: int
    waiting: int
    kept: int
    limit: int | None
    full: bool
    ends_at: datetime
    ends_soon: bool
    forecast: Forecast | None
    quiet_days: int | None
    missing: int | None = None

    @property
    def needs_attention(self) -> bool:
        """Whether it is full, or soon over, or too quiet."""
        return self.full or self.ends_soon or self.forecast is not None or self.quiet_days is not None


@dataclass(frozen=True, kw_only=True, slots=True)
class NotStartedIn:
    """How many `people` of a cohort have not started; `name` is the profile's, empty for departments."""

    cohort: Cohort
    name: str
    people: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Overview:
    """What concerns the recipient besides the news, at the moment of the digest.

    `managed` has the departments that it is about, `about` the names of the profiles, if it is only about some.
    `shown_before` is the number who joined in the period before and weren't undone; None if it isn't compared.
    `roster` sums up the departments and the profiles, `missing_in` is the only roster with missing people, None if
    there are several; `missing_after_end` of them are expected through profiles that have ended. `not_started_in` parts
    those who have not started into cohorts that the recipient may look at: all within scope, the department, or the
    profiles that the digest is about. `waiting` sign-ups need an approval, `requests` for access an answer. What the
    recipient's rights don't reach is None, 0 of these numbers, and empty of those cohorts.
    """

    managed: tuple[tuple[str, ...], ...] = ()
    about: tuple[str, ...] = ()
    shown_before: int | None = None
    standings: tuple[Standing, ...] = ()
    more_standings: bool = False
    roster: RosterCounts | None = None
    missing_in: RosterOf | None = None
    missing_after_end: int = 0
    behind: Behind | None = None
    not_started_in: tuple[NotStartedIn, ...] = ()
    waiting: int = 0
    requests: int = 0
    may_extend: bool = False


def overviews(session: Session, audience: Audience, pointed: Sequence[tuple[int, int]]) -> list[Overview]:
    """Collect an overview for each recipient, by their rights.

    The statements are as many for any number of profiles and of recipients. `pointed` has the profiles and the
    departments within reach to which they belong or once belonged.
    """
    counts, about = digest_counts.counts(session, audience, pointed), _about(session, audience, pointed)
    paths, listed = audience.paths, _standings(session, audience, counts)
    return [
        Overview(
            managed=tuple(sorted([path for number in reader.scope.managed if (path := paths[number])])),
            about=tuple(about(reader).values()),
            shown_before=own.shown_before,
            standings=tuple(found[:LISTED]),
            more_standings=len(found) > LISTED,
            roster=own.expected.roster,
            missing_in=own.expected.missing_in,
            missing_after_end=own.expected.after_end,
            behind=own.behind,
            not_started_in=_not_started_in(reader, own.not_started, about(reader)),
            waiting=own.waiting,
            requests=own.requests,
            may_extend=reader.actor.may(Permission.MANAGE_PROFILES),
        )
        for reader, found, own in zip(audience.readers, listed, counts, strict=True)
    ]


def _standings(session: Session, audience: Audience, counts: Sequence[Counts]) -> list[list[Standing]]:
    """Return for each recipient how their profiles stand: those first that have just ended without people."""
    ended = _ended(session, [own.expected.ended for own in counts])
    return [over + listed for over, listed in zip(ended, _listed(session, audience), strict=True)]


def _ended(session: Session, missing: Sequence[Mapping[int, int]]) -> list[list[Standing]]:
    """Describe the profiles with these numbers, which have ended; `missing` of each recipient: of whom how many."""
    shown = [list(own)[:ENDED] for own in missing]
    numbers = {number for own in shown for number in own}
    found = {facts.id: facts for facts in digest_profiles.by_numbers(session, numbers)} if numbers else {}
    kept = _kept(session, found.values())
    return [
        [_over(found[number], own[number], kept.get(number, 0)) for number in listed]
        for listed, own in zip(shown, missing, strict=True)
    ]


def _kept(session: Session, found: Iterable[ProfileFacts]) -> Mapping[int, int]:
    """Count the places of profiles that are kept for granted requests for access."""
    return kept_places.by_profile(session, [profile.id for profile in found if profile.reserved])


def _over(profile: ProfileFacts, missing: int, kept: int) -> Standing:
    return Standing(
        profile_id=profile.id,
        name=profile.name,
        used=profile.used,
        waiting=profile.reserved - kept,
        kept=kept,
        limit=profile.activation_limit,
        full=False,
        ends_at=profile.ends_at,
        ends_soon=False,
        forecast=None,
        quiet_days=None,
        missing=missing,
    )


def _listed(session: Session, audience: Audience) -> list[list[Standing]]:
    """Return for each recipient how their profiles stand that are open, or full: one more than are shown.

    Those that are full come first, then those that need attention, then the others, each by their end. For a single
    recipient CONSIDERED of them are looked at, the full ones and then those that end first.
    """
    now = audience.interval.until
    found = digest_profiles.current(session, audience.reach, now, at_most=audience.enough(CONSIDERED), full_first=True)
    alone = {profile.id for profile in found} if len(audience.readers) == 1 else None
    recent = activations.recent(session, alone, now - LOOKED_BACK, now)
    kept = _kept(session, found)
    described = [
        (_standing(profile, recent.get(profile.id), kept.get(profile.id, 0), now), profile.department_id)
        for profile in found
    ]
    described.sort(key=lambda each: (not each[0].full, not each[0].needs_attention))
    placed = Placed(described, lambda each: [audience.tree.place(each[1])])
    return [
        [standing for standing, _ in reader.of(placed, lambda each: each[0].profile_id, LISTED + 1)]
        for reader in audience.readers
    ]


def _about(
    session: Session, audience: Audience, pointed: Sequence[tuple[int, int]]
) -> Callable[[Reader], Mapping[int, str]]:
    """Name the profiles that a digest is about, by number, as far as its recipient may see them."""
    if not audience.profiles:
        return lambda _: {}
    found = digest_profiles.by_numbers(session, audience.profiles)
    places = places_of_profiles(audience, pointed)
    placed = Placed(found, lambda profile: places(profile.id))
    return lambda reader: (
        {profile.id: profile.name for profile in reader.of(placed, lambda profile: profile.id)}
        if reader.profiles
        else {}
    )


def _not_started_in(
    reader: Reader, counted: Mapping[int | None, int], about: Mapping[int, str]
) -> tuple[NotStartedIn, ...]:
    """Say where those are who have not started; of profiles, only to who may look at their learners."""
    if reader.profiles:
        may = reader.actor.may(Permission.MANAGE_PROFILES)
        return tuple(
            NotStartedIn(cohort=Cohort(profile_id=number), name=name, people=counted[number])
            for number, name in about.items()
            if may and number in counted
        )
    cohort = Cohort(department_id=reader.department_id)
    return tuple(NotStartedIn(cohort=cohort, name="", people=people) for people in counted.values())


def _standing(profile: ProfileFacts, recent: Recent | None, kept: int, now: datetime) -> Standing:
    since, left = max(profile.starts_at, now - LOOKED_BACK), profile.left
    expected = forecast(left=left, sign_ups=recent.count if recent else 0, since=since, now=now)
    quiet = now - (recent.last_at if recent else since)
    return Standing(
        profile_id=profile.id,
        name=profile.name,
        used=profile.used,
        waiting=profile.reserved - kept,
        kept=kept,
        limit=profile.activation_limit,
        full=left == 0,
        ends_at=profile.ends_at,
        ends_soon=profile.ends_at <= now + SOON,
        forecast=expected if expected and expected.full_at <= profile.ends_at else None,
        quiet_days=quiet // DAY if quiet >= QUIET and left != 0 else None,
    )
