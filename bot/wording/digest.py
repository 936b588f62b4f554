"""A digest in words. Its first line sums up the news, because a notification shows nothing else."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from markupsafe import Markup

from bot.wording.delivery import not_arrived
from bot.wording.digest_overview import hidden_in_all, people, period, standings
from bot.wording.lists import MANY, first, more, page_of
from bot.wording.phrases import N_, Words
from bot.wording.reports import hidden_learners, undone_too
from bot.wording.text import isolate, lines
from core.domain.links import LinkState
from core.domain.naming import format_path
from core.services.digest_news import ProfileNews
from core.services.digest_summaries import Summary, Upcoming

THIS_WEEK = timedelta(days=6)
FEW_LEFT = 5
MOST_LINES = 18  # of the 20 that a phone shows, but for the first one and that of how many more there are
MOST_UPCOMING = 2
ROOM_FOR_DEPARTMENTS = 8  # lines that may stand below them
SINCE_WEEKDAY = (  # whole phrases, for languages that inflect the day's name
    N_("since Monday"),
    N_("since Tuesday"),
    N_("since Wednesday"),
    N_("since Thursday"),
    N_("since Friday"),
    N_("since Saturday"),
    N_("since Sunday"),
)


def digest(words: Words, summary: Summary, *, again: bool) -> Markup:
    """Write a digest at a glance; `again`: it may be a duplicate, which its first line says."""
    return lines(
        _headline(words, summary, again=again),
        words.say("Telegram did not confirm the first message, so you may already have it.") if again else None,
        period(words, summary),
        *standings(words, summary),
        *people(words, summary),
        *_closing(words, summary),
        *(["", not_arrived(words, summary.missed)] if summary.missed else []),
    )


def details(words: Words, summary: Summary) -> Markup:
    """Write a digest by profile and department: whom each brought, what ends soon, and what nobody uses."""
    below = [*_upcoming(words, summary), *_closing(words, summary)]
    if len(below) <= ROOM_FOR_DEPARTMENTS:
        below = [*_by_department(words, summary), *below]
    return lines(_headline(words, summary), *_by_profile(words, summary, MOST_LINES - len(below)), *below)


def _by_profile(words: Words, summary: Summary, tallest: int) -> list[Markup]:
    """Say of the first profiles what is new, as many as fit into so many lines, and how many further ones there are."""
    entries = [Markup("\n{}").format(lines(*_profile(words, news, summary))) for news in summary.news]
    shown = len(page_of(entries, 0, most=len(entries), tallest=tallest).places)
    return [*entries[:shown], *more(words, len(entries) - shown)]


def caption(words: Words, summary: Summary, *counted: Markup) -> Markup:
    """Write what stands below a digest's picture or spreadsheet: the news, when, what was counted, who is hidden."""
    return lines(
        Markup("<b>{}</b>").format(_news(words, summary)),
        period(words, summary),
        *counted,
        hidden_in_all(words, summary),
    )


def sent_again(words: Words) -> Markup:
    """Say that this message may be a duplicate."""
    return words.say("Sent again: Telegram did not confirm the first message, so you may already have it.")


def _headline(words: Words, summary: Summary, *, again: bool = False) -> Markup:
    news, concern = _news(words, summary), _concern(words, summary)
    told = Markup("{}, {}").format(news, concern) if concern else news
    return Markup("<b>{}</b>").format(words.say("Sent again: {news}", news=told) if again else told)


def _news(words: Words, summary: Summary) -> Markup:
    since, joined, undone = _since(words, summary), summary.joined, summary.undone
    news = (
        words.count("{number} joined {since}", "{number} joined {since}", joined, since=since)
        if joined
        else words.say("Nobody joined {since}", since=since)
    )
    return Markup("{}, {}").format(news, undone_too(words, undone)) if undone else news


def _concern(words: Words, summary: Summary) -> Markup | None:
    """Say what matters most besides the news: who is still missing, or else where few places are left."""
    roster, scarce = summary.overview.roster, _scarcest(summary)
    if roster and roster.missing:
        return words.count(
            "{number} of {expected} still missing",
            "{number} of {expected} still missing",
            roster.missing,
            expected=roster.expected,
        )
    return _left(words, *scarce) if scarce else None


def _left(words: Words, places: int, name: str) -> Markup:
    if not places:
        return words.say("{name} is full", name=name)
    return words.count("{number} place left in {name}", "{number} places left in {name}", places, name=name)


def _since(words: Words, summary: Summary) -> Markup:
    if summary.since is None:
        return words.say("so far")
    if summary.until - summary.since <= THIS_WEEK and not _same_day(summary):
        return words.say(SINCE_WEEKDAY[summary.since.astimezone(summary.zone).weekday()])
    return words.say("since {when}", when=words.moment(summary.since))


def _same_day(summary: Summary) -> bool:
    since, until = (
        (moment.astimezone(summary.zone).date()) for moment in (summary.since or summary.until, summary.until)
    )
    return since == until


def _scarcest(summary: Summary) -> tuple[int, str] | None:
    """Return the number of places and the name of the profile with the fewest places left, if they are few."""
    open_ones = [news for news in summary.news if news.over is None]
    left = [(news.left, news.name) for news in open_ones if news.left is not None and news.left <= FEW_LEFT]
    return min(left, default=None)


def _profile(words: Words, news: ProfileNews, summary: Summary) -> list[Markup | str | None]:
    more = news.joined - len(news.names)
    names = [isolate(name) for name in news.names]
    if names and more:
        names.append(words.count("{number} more", "{number} more", more))
    return [
        Markup("<b>{}</b> · {}").format(isolate(news.name), isolate(format_path(news.department))),
        _new(words, news),
        Markup("{}").format(Markup(", ").join(names)) if names else None,
        hidden_learners(words, news.hidden, of_department=summary.of_department) if news.hidden.total else None,
    ]


def _new(words: Words, news: ProfileNews) -> Markup:
    new = words.count("{number} new", "{number} new", news.joined)
    if news.undone:
        new = Markup("{}, {}").format(new, undone_too(words, news.undone))
    if news.over is LinkState.REMOVED:
        return words.say("{new}, deleted", new=new)
    if news.over is LinkState.ENDED:
        return words.say("{new}, ended", new=new)
    if news.left is None:
        return words.say("{new}, no limit", new=new)
    left = (
        words.count("{number} place left", "{number} places left", news.left)
        if news.left
        else words.say("no places left")
    )
    return Markup("{}, {}").format(new, left)


def _upcoming(words: Words, summary: Summary) -> list[Markup | str]:
    and_more = words.say("… and more: /profiles lists all profiles") if summary.more_upcoming else None
    ending = [profile for profile in summary.upcoming if profile.ends_soon]
    unused = [profile for profile in summary.upcoming if profile.unused and not profile.ends_soon]
    parts: list[Markup | str] = []
    if ending:
        rest = None if unused else and_more
        parts += ["", words.say("Closing soon:"), *_first(words, [_ending(words, profile) for profile in ending], rest)]
    if unused:
        names = [_unused(profile) for profile in unused]
        parts += ["", words.say("Not used yet:"), *_first(words, names, and_more)]
    return parts


def _unused(profile: Upcoming) -> Markup:
    if not profile.label:
        return Markup("· {}").format(isolate(profile.name))
    return Markup("· {}: {}").format(isolate(profile.name), isolate(profile.label))


def _by_department(words: Words, summary: Summary) -> list[Markup | str]:
    """Say how many joined in each department, the most first; nothing if they are all in one."""
    joined = Counter[tuple[str, ...]]()
    for each in summary.news:
        joined[each.department] += each.joined
    counted = [(path, number) for path, number in joined.most_common() if number]
    if len(counted) < 2:  # noqa: PLR2004 - one is no division
        return []
    entries = [Markup("· {}: {}").format(isolate(format_path(path)), words.number(number)) for path, number in counted]
    return ["", words.say("By department:"), *_first(words, entries, None)]


def _first(words: Words, entries: Sequence[Markup], rest: Markup | None) -> list[Markup]:
    """Return the first entries and how many follow; `rest`: so many that they aren't counted."""
    if rest is None:
        return first(words, entries, most=MOST_UPCOMING, longest=MANY)
    return [*entries[:MOST_UPCOMING], rest]


def _ending(words: Words, profile: Upcoming) -> Markup:
    until = words.moment(profile.ends_at)
    if profile.unused:
        return words.say("· {name}, {until}, not used yet", name=profile.name, until=until)
    return words.say("· {name}, {until}", name=profile.name, until=until)


def _closing(words: Words, summary: Summary) -> list[Markup | str]:
    if summary.sign_up_enabled:
        return []
    return ["", words.say("Sign-up is off, so no link works now: {line} turns it on.", line=words.line("/signup on"))]
