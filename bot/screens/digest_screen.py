"""A digest as a screen: at a glance, and by profile. Its buttons open other messages, so that it stays."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.input.cohorts import ALL
from bot.input.roster_targets import roster_target
from bot.screens.digest_picture import BUTTON, LIGHT
from bot.screens.screen import Rows, Screen, apart, rows, tap, to_home
from bot.wording.digest import details, digest
from bot.wording.phrases import Words
from bot.wording.text import shortened
from core.domain.access import Permission
from core.services.digest_overviews import Overview, Standing
from core.services.digest_summaries import Summary
from core.services.profile_changes import as_seconds

FIRST = 0  # in a button's data
LONGEST_NAME = 20  # letters of a label in a row of its own


def digest_screen(words: Words, summary: Summary, run_id: int, *, again: bool, private: bool) -> Screen:
    """Show a digest at a glance; buttons are for its recipient, in the private chat."""
    text = digest(words, summary, again=again)
    return Screen(text=text, rows=_buttons(words, summary.overview, run_id) if private else ())


def details_screen(words: Words, summary: Summary, run_id: int, *, exports: bool) -> Screen:
    """Show a digest by profile, with its files; `exports`: its recipient may have the spreadsheet."""
    say = words.say
    picture = tap(say("Picture"), BUTTON, run_id, LIGHT) if summary.shown else None
    file = tap(say("File"), "digest-file", run_id) if summary.shown and exports else None
    back, change = tap(say("‹ Digest"), "digest-show", run_id), apart(tap(say("Change this digest"), "digest", ""))
    return Screen(text=details(words, summary), rows=rows([picture, file], [change], [back]))


def to_digest(context: Context) -> InlineKeyboardButton:
    """Return the way back to the person's digests, from which the screen is reached by those who get any."""
    if Permission.RECEIVE_DIGESTS in context.person.permissions:
        return tap(context.words.say("‹ Digest"), "digest", "")
    return to_home(context.words)


def _buttons(words: Words, overview: Overview, run_id: int) -> Rows:
    say = words.say
    unanswered = overview.waiting + overview.requests
    waiting = tap(say("⏳ Waiting · {n}", n=unanswered), "waiting", FIRST, "") if unanswered else None
    return rows(
        [_missing(words, overview)],
        [_not_started(words, overview)],
        *_extending(words, overview),
        [waiting and apart(waiting), tap(say("More ›"), "digest-more", run_id)],
    )


def _missing(words: Words, overview: Overview) -> InlineKeyboardButton | None:
    if overview.roster is None or not overview.roster.missing:
        return None
    label = words.say("Who's missing · {number}", number=overview.roster.missing)
    only = overview.missing_in
    return apart(tap(label, "rosters") if only is None else tap(label, "missing", roster_target(only)))


def _not_started(words: Words, overview: Overview) -> InlineKeyboardButton | None:
    if overview.behind is None or not overview.behind.not_started:
        return None
    number = overview.behind.not_started
    label = words.count("Not started · {number} person", "Not started · {number} people", number)
    return apart(tap(label, "progress-who", ALL, "waiting", 0, 0))


def _extending(words: Words, overview: Overview) -> list[list[InlineKeyboardButton]]:
    """Return the rows of what helps: places for the first profile that is or will be full, a week for one soon over.

    Two buttons for one profile share a row, where there is no room for its name; the answer to a tap says it.
    """
    if not overview.may_extend:
        return []
    full = next((each for each in overview.standings if each.full or each.forecast), None)
    ending = next((each for each in overview.standings if each.ends_soon), None)
    if full and ending and full.profile_id == ending.profile_id:
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
