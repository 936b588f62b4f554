"""What digests say: the content of many at once, each according to the rights of its recipient."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import repeat
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.branches import Placed
from core.errors import DigestGone
from core.services import digest_news, digest_overviews, missed_digests
from core.services.authorisation import authorise
from core.services.digest_audiences import Audience, Focus, Interval, Reader, Wanted, covered, gather
from core.services.digest_news import AT_A_GLANCE, IN_DETAIL, ProfileNews
from core.services.digest_overviews import Overview
from core.services.missed_digests import Arriving, Missed
from core.storage import account, actors, digest_profiles, digests, profiles
from core.storage.digests import Run

SOON = timedelta(days=7)
PROFILES_SHOWN = 15
NOTHING_ELSE = Overview()


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """Whose content is asked for: that of a run, for a recipient.

    `chat_id`: where it comes, so that it tells which digests didn't arrive there; None: it doesn't.
    """

    recipient_id: int
    run_id: int
    chat_id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Upcoming:
    """An open profile that ends soon (UTC) or has not been used yet, or one of its links, by label, that has not."""

    name: str
    ends_at: datetime
    ends_soon: bool
    unused: bool
    label: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """A digest's content: the activations in (since, until], UTC; `since` None means from the beginning.

    At a glance, there are only the first three `names`, and nothing `upcoming`; in detail, each profile has its own.

    `of_department`: it is about one department, so that learners may be hidden because they aren't there, whatever its
    recipient may see. `silent`: nobody joined, and its recipient wants no message then. `missed`: what didn't arrive
    before it.
    """

    since: datetime | None
    until: datetime
    zone: ZoneInfo
    news: tuple[ProfileNews, ...]
    upcoming: tuple[Upcoming, ...]
    more_upcoming: bool
    sign_up_enabled: bool
    overview: Overview = NOTHING_ELSE
    of_department: bool = False
    silent: bool = False
    missed: Missed | None = None

    @property
    def shown(self) -> int:
        """How many new learners the recipient may see."""
        return sum(profile.shown for profile in self.news)

    @property
    def undone(self) -> int:
        """How many of them were undone: their places were given back, and they are not active."""
        return sum(profile.undone for profile in self.news)

    @property
    def joined(self) -> int:
        """How many of them have joined and weren't undone."""
        return self.shown - self.undone

    @property
    def returned(self) -> int:
        """How many of their activations were returned."""
        return sum(profile.returned for profile in self.news)

    @property
    def hidden(self) -> int:
        """How many new learners are hidden from the recipient."""
        return sum(profile.hidden.total for profile in self.news)


def summaries(session: Session, asked: Sequence[Asked], *, in_detail: bool = False) -> dict[Asked, Summary]:
    """Return the content of digests, each according to its recipient's current rights; who has lost them has none.

    The statements are as many for any number of recipients; each further interval that is covered takes its own.
    """
    rights = actors.several(session, {each.recipient_id for each in asked})
    runs = digests.runs(session, (each.run_id for each in asked))
    of_interval: dict[Interval, list[Asked]] = defaultdict(list)
    wanted: list[Wanted] = []
    for each in asked:
        if _may_read(each, rights, runs):
            wanted.append(_wanted(rights[each.recipient_id], runs[each.run_id]))
            of_interval[wanted[-1].interval].append(each)
    missed = _missed(session, of_interval)
    return {
        each: replace(_silenced(content, runs[each.run_id]), missed=missed.get(each))
        for audience in gather(session, wanted)
        for each, reader, content in zip(
            of_interval[audience.interval],
            audience.readers,
            compose(session, audience, in_detail=in_detail),
            strict=True,
        )
        if reader.reaches
    }


def _missed(session: Session, asked: Mapping[Interval, Sequence[Asked]]) -> dict[Asked, Missed]:
    """Return what didn't arrive before digests, by the intervals that they cover."""
    arriving = {
        each: Arriving(user_id=each.recipient_id, run_id=each.run_id, chat_id=each.chat_id, at=interval.until)
        for interval, together in asked.items()
        for each in together
        if each.chat_id is not None
    }
    found = missed_digests.before(session, arriving.values())
    return {each: found[there] for each, there in arriving.items() if there in found}


def own_audience(session: Session, asked: Asked) -> Audience:
    """Return the recipient of one of their own digests as its only reader, by their rights now.

    Raises NotAllowed, and DigestGone also if its department is no longer theirs, or it is about something else now.
    """
    actor = authorise(session, asked.recipient_id, Permission.RECEIVE_DIGESTS)
    run = _own_run(session, actor, asked.run_id)
    if run.refocused:
        raise DigestGone
    return _audience_of(session, actor, run)


def own_reader(session: Session, actor: Actor, run_id: int) -> Reader:
    """Return what one of a person's own digests is about now, whatever it was about then. Rights are not checked here.

    Raises DigestGone also if its department is no longer theirs.
    """
    return _audience_of(session, actor, _own_run(session, actor, run_id)).readers[0]


def _own_run(session: Session, actor: Actor, run_id: int) -> Run:
    run = digests.runs(session, [run_id]).get(run_id)
    if run is None or run.gone or run.digest.user_id != actor.user_id:
        raise DigestGone
    return run


def _audience_of(session: Session, actor: Actor, run: Run) -> Audience:
    [audience] = gather(session, [_wanted(actor, run)])
    if not audience.readers[0].reaches:
        raise DigestGone
    return audience


def _wanted(actor: Actor, run: Run) -> Wanted:
    focus = Focus(department_id=run.digest.department_id, profiles=run.profiles)
    return Wanted(actor=actor, interval=covered(run.run), focus=focus)


def _silenced(content: Summary, run: Run) -> Summary:
    """Let a scheduled digest without news be silent if its recipient wants that; one asked for always comes."""
    needs_news = run.digest.quiet and run.run.due_at is not None
    return replace(content, silent=True) if needs_news and not content.shown and not content.hidden else content


def compose(session: Session, audience: Audience, *, in_detail: bool = False) -> list[Summary]:
    """Return the content of an audience's digests, in the order of its readers."""
    row, naming = account.load(session), IN_DETAIL if in_detail else AT_A_GLANCE
    zone = ZoneInfo(row.zone)
    pointed = profiles.recorded_departments(session, audience.reach)
    parts = zip(
        digest_news.news(session, audience, pointed, naming),
        digest_overviews.overviews(session, audience, pointed),
        _upcoming(session, audience) if in_detail else repeat((), len(audience.readers)),
        audience.readers,
        strict=True,
    )
    return [
        Summary(
            since=audience.interval.since,
            until=audience.interval.until,
            zone=zone,
            news=news,
            upcoming=upcoming[:PROFILES_SHOWN],
            more_upcoming=len(upcoming) > PROFILES_SHOWN,
            sign_up_enabled=row.sign_up_enabled,
            overview=overview,
            of_department=reader.department_id is not None,
        )
        for news, overview, upcoming, reader in parts
    ]


def _may_read(asked: Asked, rights: Mapping[int, Actor], runs: Mapping[int, Run]) -> bool:
    actor, run = rights.get(asked.recipient_id), runs.get(asked.run_id)
    return actor is not None and run is not None and not run.gone and actor.may(Permission.RECEIVE_DIGESTS)


def _upcoming(session: Session, audience: Audience) -> list[tuple[Upcoming, ...]]:
    """Return for each recipient the open profiles that end soon or are unused, then links: one more than fits."""
    now, wanted = audience.interval.until, PROFILES_SHOWN + 1
    found = digest_profiles.needing_attention(session, audience.reach, now, now + SOON, at_most=audience.enough(wanted))
    unused = digest_profiles.unused_links(session, audience.reach, now, at_most=audience.enough(wanted))
    placed = Placed(found, lambda profile: [audience.tree.place(profile.department_id)])
    links = Placed(unused, lambda link: [audience.tree.place(link.department_id)])
    return [
        tuple(
            Upcoming(
                name=profile.name,
                ends_at=profile.ends_at,
                ends_soon=profile.ends_at <= now + SOON,
                unused=profile.used == 0,
            )
            for profile in reader.of(placed, lambda profile: profile.id, wanted)
        )
        + tuple(
            Upcoming(name=link.name, label=link.label, ends_at=link.ends_at, ends_soon=False, unused=True)
            for link in reader.of(links, lambda link: link.profile_id, wanted)
        )
        for reader in audience.readers
    ]
