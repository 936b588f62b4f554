"""What a digest shows at a glance, in words: the period, how the active profiles stand, who joined and who didn't."""

from datetime import datetime, timedelta

from markupsafe import Markup

from bot.wording.phrases import Words
from bot.wording.reports import given_back, hidden_learners
from bot.wording.rosters import missing
from bot.wording.text import isolate, shortened
from bot.wording.waiting import reserved
from core.domain.forecasts import Forecast
from core.domain.naming import format_path
from core.domain.progress import Behind
from core.domain.tallies import Hidden
from core.services.digest_news import AT_A_GLANCE
from core.services.digest_overviews import LOOKED_BACK, Standing
from core.services.digest_summaries import Summary
from core.services.roster_counts import RosterCounts

LISTED = 6
NAMES = AT_A_GLANCE.in_all
LONGEST_NAME = 40
MOST_NAMED = 2
DAY, WEEK = timedelta(days=1), timedelta(days=7)
CLOCK_CHANGE = timedelta(hours=2)  # by which a day or a week may be longer or shorter


def period(words: Words, summary: Summary) -> Markup | None:
    """Say whose digest it is, for which days, and how it compares with the period before; None if there is nothing."""
    parts = parts_of_period(words, summary)
    return Markup(" · ").join(parts) if parts else None


def parts_of_period(words: Words, summary: Summary) -> list[Markup]:
    """Say it in parts, at most three."""
    named = summary.overview.about or [format_path(path) for path in summary.overview.managed]
    names = Markup(" · ").join(isolate(shortened(name, LONGEST_NAME)) for name in named)
    parts = [names] if 0 < len(named) <= MOST_NAMED else []
    if summary.since is not None:
        parts.append(days_between(words, summary.since, summary))
    if summary.overview.shown_before is not None:
        parts.append(_change(words, summary, summary.joined - summary.overview.shown_before))
    return parts


def days_between(words: Words, since: datetime, summary: Summary) -> Markup:
    """Say from which day to the digest's; one day alone if they are the same."""
    days = (words.language.day(each, summary.zone, now=words.now) for each in (since, summary.until))
    return Markup(" – ").join(dict.fromkeys(days))


def _change(words: Words, summary: Summary, change: int) -> Markup:
    said = f"{change:+d}".replace("-", "−") if change else "±0"
    length = summary.until - (summary.since or summary.until)
    if abs(length - WEEK) <= CLOCK_CHANGE:
        return words.say("{change} on the week before", change=said)
    if abs(length - DAY) <= CLOCK_CHANGE:
        return words.say("{change} on the day before", change=said)
    return words.say("{change} on the period before", change=said)


def standings(words: Words, summary: Summary) -> list[Markup | str]:
    """Say in a line each how the active profiles stand, those first that need attention; empty if there are none."""
    known = summary.overview.standings
    more = len(known) - LISTED
    rest = [words.count("… and {number} more", "… and {number} more", more)] if more > 0 else []
    if summary.overview.more_standings:
        rest = [words.say("… and more: /profiles lists all profiles")]
    return ["", *(_standing(words, each) for each in known[:LISTED]), *rest] if known else []


def _standing(words: Words, standing: Standing) -> Markup:
    mark = "🏁" if standing.missing else "🔴" if standing.full else "⚠️" if standing.quiet_days else "🟢"
    limit = "∞" if standing.limit is None else standing.limit
    name = isolate(shortened(standing.name, LONGEST_NAME))
    line = Markup("{} {}  {}/{}").format(mark, name, standing.used, limit)
    note = _note(words, standing)
    return line if note is None else Markup("{} · {}").format(line, note)


def _note(words: Words, standing: Standing) -> Markup | None:
    if standing.missing:
        return words.count("ended, {number} is missing", "ended, {number} are missing", standing.missing)
    if standing.full:
        return Markup(", ").join([words.say("full"), *reserved(words, standing.waiting, standing.kept)])
    if standing.forecast:
        return _forecast(words, standing.forecast)
    if standing.ends_soon:
        return words.say("closes in {left}", left=words.language.duration(standing.ends_at - words.now))
    return _quiet(words, standing.quiet_days) if standing.quiet_days else None


def _quiet(words: Words, days: int) -> Markup:
    """Say for how many days nobody has signed up; nobody looks further back than so many."""
    if days < LOOKED_BACK.days:
        return words.count("nobody in {number} day", "nobody in {number} days", days)
    return words.count("nobody in {number} day or more", "nobody in {number} days or more", days)


def _forecast(words: Words, forecast: Forecast) -> Markup:
    """Say when a profile is full, and why we think so."""
    return words.count(
        "full by {day} at this pace ({a_day} a day, last {number} day)",
        "full by {day} at this pace ({a_day} a day, last {number} days)",
        forecast.days,
        day=words.language.day(forecast.full_at, words.zone, now=words.now),
        a_day=words.language.decimal(round(forecast.a_day, 1)),
    )


def people(words: Words, summary: Summary) -> list[Markup | str]:
    """Say who joined, how many are missing, behind, hidden and waiting; empty if nobody is."""
    overview = summary.overview
    behind = overview.behind
    parts = [
        _joined(words, summary),
        *given_back(words, summary.returned - summary.undone),
        *missing(words, overview.roster, overview.missing_after_end),
        _all_came(words, overview.roster) if overview.roster and summary.joined else None,
        _behind(words, behind) if behind and behind.not_started + behind.overdue else None,
        hidden_in_all(words, summary),
        _unanswered(words, overview.waiting, overview.requests),
    ]
    said = [part for part in parts if part is not None]
    return ["", *said] if said else []


def _all_came(words: Words, roster: RosterCounts) -> Markup | None:
    """Say that all of the expected have come, if they have."""
    if roster.missing:
        return None
    return words.say("All expected people have come: {number}", number=roster.expected)


def _behind(words: Words, behind: Behind) -> Markup:
    """Say how many haven't begun a course, and how many are overdue; some may be both."""
    if not behind.not_started:
        return words.say("Overdue: {number}", number=behind.overdue)
    waiting = words.say("Not started: {number}", number=behind.not_started)
    if not behind.overdue:
        return waiting
    return Markup("{} · {}").format(waiting, words.say("Overdue: {number}", number=behind.overdue))


def _joined(words: Words, summary: Summary) -> Markup | None:
    named = [isolate(name) for news in summary.news for name in news.names][:NAMES]
    more = summary.joined - len(named)
    if not named:
        return None
    rest = [words.count("{number} more", "{number} more", more)] if more > 0 else []
    return words.say("Joined: {names}", names=Markup(", ").join([*named, *rest]))


def hidden_in_all(words: Words, summary: Summary) -> Markup | None:
    """Say how many of the new learners are hidden and why; None if none is."""
    total = Hidden(
        transferred=sum(news.hidden.transferred for news in summary.news),
        elsewhere=sum(news.hidden.elsewhere for news in summary.news),
    )
    return hidden_learners(words, total, of_department=summary.of_department) if total.total else None


def _unanswered(words: Words, sign_ups: int, requests: int) -> Markup | None:
    """Say in one line how many people wait for the reader's answer; None if nobody does."""
    if sign_ups and requests:
        return words.say(
            "Wait for approval: {sign_ups} · Ask for access: {requests}", sign_ups=sign_ups, requests=requests
        )
    if requests:
        return words.count("{number} person asks for access", "{number} people ask for access", requests)
    return waiting(words, sign_ups) if sign_ups else None


def waiting(words: Words, number: int) -> Markup:
    """Say how many people wait for the reader's answer."""
    return words.count("{number} person waits for your answer.", "{number} people wait for your answer.", number)
