"""What digests say: the content of many at once, each according to the rights of its recipient."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.branches import Placed
from core.services import digest_news, digest_overviews
from core.services.digest_audiences import Audience, Interval, covered, gather
from core.services.digest_news import ProfileNews
from core.services.digest_overviews import Overview
from core.storage import account, actors, digests, profiles
from core.storage.tables import DigestRun

SOON = timedelta(days=7)
PROFILES_SHOWN = 15
NOTHING_ELSE = Overview()


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Whose content is asked for: that of a run, for a recipient."""

    recipient_id: int
    run_id: int


@dataclass(frozen=True, kw_only=True)
class Upcoming:
    """An open profile that ends soon (UTC) or has not been used yet."""

    name: str
    ends_at: datetime
    ends_soon: bool
    unused: bool


@dataclass(frozen=True, kw_only=True)
class Summary:
    """A digest's content: the activations in (since, until], UTC; `since` None means from the beginning."""

    since: datetime | None
    until: datetime
    zone: ZoneInfo
    news: tuple[ProfileNews, ...]
    upcoming: tuple[Upcoming, ...]
    more_upcoming: bool
    sign_up_enabled: bool
    overview: Overview = NOTHING_ELSE

    @property
    def shown(self) -> int:
        """How many new learners the recipient may see."""
        return sum(profile.shown for profile in self.news)

    @property
    def hidden(self) -> int:
        """How many new learners are hidden from the recipient."""
        return sum(profile.hidden.total for profile in self.news)


def summaries(session: Session, asked: Sequence[Asked]) -> dict[Asked, Summary]:
    """Return the content of digests, each according to its recipient's current rights; who has lost them has none.

    The statements are as many for any number of recipients; each further interval that is covered takes its own.
    """
    rights = actors.several(session, {each.recipient_id for each in asked})
    runs = digests.runs(session, (each.run_id for each in asked))
    allowed = [each for each in asked if _may_read(each, rights, runs)]
    of_interval: dict[Interval, list[Asked]] = defaultdict(list)
    for each in allowed:
        of_interval[covered(runs[each.run_id])].append(each)
    audiences = gather(session, ((rights[each.recipient_id], covered(runs[each.run_id])) for each in allowed))
    return {
        each: content
        for audience in audiences
        for each, content in zip(of_interval[audience.interval], compose(session, audience), strict=True)
    }


def compose(session: Session, audience: Audience) -> list[Summary]:
    """Return the content of an audience's digests, in the order of its readers."""
    row = account.load(session)
    pointed = profiles.recorded_departments(session, audience.reach)
    parts = zip(
        digest_news.news(session, audience, pointed),
        digest_overviews.overviews(session, audience, pointed),
        _upcoming(session, audience),
        strict=True,
    )
    return [
        Summary(
            since=audience.interval.since,
            until=audience.interval.until,
            zone=ZoneInfo(row.zone),
            news=news,
            upcoming=upcoming[:PROFILES_SHOWN],
            more_upcoming=len(upcoming) > PROFILES_SHOWN,
            sign_up_enabled=row.sign_up_enabled,
            overview=overview,
        )
        for news, overview, upcoming in parts
    ]


def _may_read(asked: Asked, rights: Mapping[int, Actor], runs: Mapping[int, DigestRun]) -> bool:
    actor = rights.get(asked.recipient_id)
    return actor is not None and asked.run_id in runs and actor.may(Permission.RECEIVE_DIGESTS)


def _upcoming(session: Session, audience: Audience) -> list[tuple[Upcoming, ...]]:
    """Return for each recipient the open profiles that end soon or are unused: one more than are shown."""
    now, wanted = audience.interval.until, PROFILES_SHOWN + 1
    enough = audience.enough(wanted)
    found = profiles.needing_attention(session, audience.reach, now, now + SOON, at_most=enough)
    placed = Placed(found, lambda profile: [audience.tree.place(profile.department_id)])
    return [
        tuple(
            Upcoming(
                name=profile.name,
                ends_at=profile.ends_at,
                ends_soon=profile.ends_at <= now + SOON,
                unused=profile.used == 0,
            )
            for profile in placed.first_within(reader.ranges, wanted)
        )
        for reader in audience.readers
    ]
