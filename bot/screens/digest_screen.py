"""A digest as a screen: at a glance, and by profile. Its buttons open other messages, so that it stays."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.input.cohorts import cohort_target
from bot.input.roster_targets import TO_REMIND, TO_SEE, roster_target
from bot.screens.digest_picture import BUTTON
from bot.screens.missed_digests import to_send_again
from bot.screens.screen import Rows, Screen, apart, rows, tap, to_home
from bot.wording.digest import details, digest
from bot.wording.phrases import Words
from bot.wording.text import shortened
from core.domain.access import Permission
from core.domain.links import LinkState
from core.domain.rosters import RosterOf
from core.services.digest_news import ProfileNews
from core.services.digest_overviews import NotStartedIn, Overview, Standing
from core.services.digest_summaries import Summary
from core.services.profile_changes import as_seconds

FIRST = 0  # in a button's data
LONGEST_NAME = 20  # letters of a label in a row of its own
HISTORIES = 4
TO_NAME, TO_START = 0, 1  # in a button: what those who have not started are chosen for


def digest_screen(words: Words, summary: Summary, run_id: int, *, again: bool, private: bool) -> Screen:
    """Show a digest at a glance; buttons are for its recipient, in the private chat."""
    text = digest(words, summary, again=again)
    return Screen(text=text, rows=_buttons(words, summary, run_id) if private else ())


def details_screen(words: Words, summary: Summary, run_id: int, *, exports: bool) -> Screen:
    """Show a digest by profile and department, with its files; `exports`: its recipient may have the spreadsheet."""
    say = words.say
    picture = tap(say("Picture"), BUTTON, run_id) if summary.joined else None
    file = tap(say("File"), "digest-file", run_id) if summary.shown and exports else None
    back, change = tap(say("‹ Digest"), "digest-show", run_id), apart(tap(say("Change this digest"), "digest", ""))
    histories = _with_history(summary)[:HISTORIES] if summary.overview.may_extend else []
    opening = ([apart(tap(_joined_through(words, each), "history", each.profile_id))] for each in histories)
    return Screen(
        text=details(words, summary),
        rows=rows(*opening, _reminding(words, summary, run_id), [picture, file], [change], [back]),
    )


def to_digest(context: Context) -> InlineKeyboardButton:
    """Return the way back to the person's digests, from which the screen is reached by those who get any."""
    if Permission.RECEIVE_DIGESTS in context.person.permissions:
        return tap(context.words.say("‹ Digest"), "digest", "")
    return to_home(context.words)


def _buttons(words: Words, summary: Summary, run_id: int) -> Rows:
    say, overview = words.say, summary.overview
    unanswered = overview.waiting + overview.requests
    waiting = tap(say("⏳ Waiting · {n}", n=unanswered), "waiting", FIRST, "") if unanswered else None
    return rows(
        [to_send_again(words)] if summary.missed else [],
        [_who_joined(words, summary, run_id)],
        [_missing(words, overview, run_id)],
        [_not_started(words, overview, run_id)],
        _reminding(words, summary, run_id),
        *_extending(words, summary),
        [waiting and apart(waiting), tap(say("More ›"), "digest-more", run_id)],
    )


def _who_joined(words: Words, summary: Summary, run_id: int) -> InlineKeyboardButton | None:
    """Return the button to the person if one joined, to the history of one profile, or else to the news by profile."""
    overview, through = summary.overview, _with_history(summary)
    if not through or not overview.may_extend:
        return None
    label = words.say("Who joined · {number}", number=summary.joined)
    if len(through) > 1:
        return tap(label, "digest-more", run_id)
    if through[0].only is not None and overview.behind is not None:
        return apart(tap(label, "person", through[0].only))
    return apart(tap(label, "history", through[0].profile_id))


def _with_history(summary: Summary) -> list[ProfileNews]:
    """Return the profiles that brought learners and are not deleted, those with the most first."""
    found = [each for each in summary.news if each.joined and each.over is not LinkState.REMOVED]
    return sorted(found, key=lambda each: -each.joined)


def _joined_through(words: Words, news: ProfileNews) -> str:
    return f"{shortened(news.name, LONGEST_NAME)} · {words.number(news.joined)}"


def not_started_screen(words: Words, summary: Summary, run_id: int, purpose: int) -> Screen:
    """Let the reader choose through which profile those came who have not started, to name or to remind them."""
    found = summary.overview.not_started_in
    buttons = ([_to_cohort(_people_of(words, each), purpose, each)] for each in found)
    text = words.say("Not started: through which profile did they come?") if found else words.say("Nobody now.")
    return Screen(text=text, rows=rows(*buttons, [tap(words.say("‹ Digest"), "digest-show", run_id)]))


def _people_of(words: Words, where: NotStartedIn) -> Markup | str:
    """Return the label of a cohort: a profile, or departments, if the digest was about profiles before."""
    if where.name:
        return f"{shortened(where.name, LONGEST_NAME)} · {words.number(where.people)}"
    return _how_many(words, where.people)


def _to_cohort(label: Markup | str, purpose: int, where: NotStartedIn) -> InlineKeyboardButton:
    """Return the button that names those of a cohort who have not started, or previews a reminder to them."""
    target = cohort_target(where.cohort), "waiting"
    naming = tap(label, "progress-who", *target, 0, 0)
    return apart(naming if purpose == TO_NAME else tap(label, "remind-behind", *target))


def _reminding(words: Words, summary: Summary, run_id: int) -> list[InlineKeyboardButton]:
    """Return the buttons that lead to a reminder, whose preview says whom it would reach."""
    overview = summary.overview
    missing = overview.roster.missing if overview.roster else 0
    reminding = apart(_to_missing(words.say("Remind missing"), TO_REMIND, overview.missing_in, run_id))
    to_missing = reminding if missing else None
    to_start = _to_not_started(words.say("Remind to start"), TO_START, overview, run_id)
    return [each for each in (to_missing, to_start) if each]


def _to_not_started(label: Markup, purpose: int, overview: Overview, run_id: int) -> InlineKeyboardButton | None:
    """Return the button to those who have not started, or to the choice of a profile; None if there is nobody."""
    match overview.not_started_in:
        case ():
            return None
        case (only,):
            return _to_cohort(label, purpose, only)
    return apart(tap(label, "digest-behind", run_id, purpose))


def _missing(words: Words, overview: Overview, run_id: int) -> InlineKeyboardButton | None:
    if overview.roster is None or not overview.roster.missing:
        return None
    label = words.say("Who's missing · {number}", number=overview.roster.missing)
    return apart(_to_missing(label, TO_SEE, overview.missing_in, run_id))


def _to_missing(label: Markup, purpose: str, only: RosterOf | None, run_id: int) -> InlineKeyboardButton:
    """Return the button to the only list with missing people, or to those that the digest is about."""
    if only is None:
        return tap(label, "rosters", purpose, 0, run_id)
    return tap(label, "missing" if purpose == TO_SEE else "remind-missing", roster_target(only))


def _not_started(words: Words, overview: Overview, run_id: int) -> InlineKeyboardButton | None:
    number = sum(each.people for each in overview.not_started_in)
    return _to_not_started(_how_many(words, number), TO_NAME, overview, run_id)


def _how_many(words: Words, number: int) -> Markup:
    return words.count("Not started · {number} person", "Not started · {number} people", number)


def _extending(words: Words, summary: Summary) -> list[list[InlineKeyboardButton]]:
    """Return the rows of what helps: places for the first profile that is or will be full, a week for one over.

    The first that has ended without people gets the week, else the first that ends soon.

    Each names its profile, unless the digest is about a single one: then both share a row.
    """
    overview = summary.overview
    if not overview.may_extend:
        return []
    full = next((each for each in overview.standings if each.full or each.forecast), None)
    ending = next((each for each in overview.standings if each.missing or each.ends_soon), None)
    told = {each.profile_id for each in overview.standings} | {each.profile_id for each in summary.news}
    if full and ending and len(told) == 1:
        return [[_more_places(words.say("+10 places"), full), _more_time(words.say("+1 week"), ending)]]
    places = words.say("+10 places · {name}", name=_short(full)) if full else None
    week = words.say("+1 week · {name}", name=_short(ending)) if ending else None
    return [
        *([[_more_places(places, full)]] if full and places else []),
        *([[_more_time(week, ending)]] if ending and week else []),
    ]


def _more_places(label: Markup, standing: Standing) -> InlineKeyboardButton:
    return apart(tap(label, "places", standing.profile_id, standing.limit))


def _more_time(label: Markup, standing: Standing) -> InlineKeyboardButton:
    return apart(tap(label, "week", standing.profile_id, as_seconds(standing.ends_at)))


def _short(standing: Standing) -> str:
    return shortened(standing.name, LONGEST_NAME)
