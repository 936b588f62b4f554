"""Choosing when a profile's link opens and closes: usual days, a calendar of one month, typed times."""

from calendar import Calendar
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.input.arguments import StaleButton
from bot.menu.form import PART, Notes, Picker, Read, Take, Turn, below
from bot.screens.lists import ticked
from bot.screens.screen import Screen, rows
from bot.wording.phrases import N_, repeated_times
from core.domain import profile_answers
from core.domain.profile_answers import ENDS, SPANS, Filled, Span
from core.domain.windows import end_of_day, months_later, on_wall
from core.services import profile_drafts
from core.services.dialogues import Step

OPENS, CLOSES, MONTH = "opens", "closes", "month"
MORNING = time(9)
FRIDAY, SUNDAY, WEEK = 4, 6, 7
DAY, MINUTE, OF_MONTH = "%Y%m%d", "%Y%m%d%H%M", "%Y%m"
FURTHEST = timedelta(days=3660)  # a calendar has to end somewhere
BLANK = "·"
SPAN_NAMES: Mapping[Span, str] = {
    Span(weeks=1): N_("1 week"),
    Span(weeks=2): N_("2 weeks"),
    Span(months=1): N_("1 month"),
    Span(months=3): N_("3 months"),
}


def span_chips(turn: Turn, filled: Filled) -> list[InlineKeyboardButton]:
    """Return the buttons of a form that close the link after a usual time; the one that holds is ticked."""
    words, chosen = turn.context.words, profile_answers.span_of(filled, turn.context.now, turn.context.words.zone)
    since = profile_answers.counted_from(filled, words.now)
    days = {span: profile_answers.day_after(since, words.zone, span) for span in SPANS[:3]}
    chips = [
        turn.button(ticked(words.say(SPAN_NAMES[span]), on=span == chosen), "end", f"{day:{DAY}}")
        for span, day in days.items()
    ]
    return [*chips, turn.button("📅", "ask", CLOSES)]


def opens(words_of: Turn, filled: Filled) -> Markup:
    """Say when the link opens."""
    words = words_of.context.words
    return Markup.escape(words.moment(filled.starts_at)) if filled.starts_at else words.say("now")


async def _show_closes(turn: Turn, notes: Notes) -> Screen:
    if MONTH in turn.asked:
        return _calendar(turn, notes, "end", DAY)
    words, filled = turn.context.words, _filled(turn)
    say, since = words.say, profile_answers.counted_from(filled, words.now)
    today, weekday = words.today, FRIDAY if words.today.weekday() != FRIDAY else SUNDAY
    ahead = today + timedelta(days=(weekday - today.weekday()) % WEEK)
    near = [
        turn.button(say("Today"), "end", f"{today:{DAY}}"),
        turn.button(_dated(turn, Markup.escape(words.language.weekday_name(ahead)), ahead), "end", f"{ahead:{DAY}}"),
    ]
    later = [
        turn.button(_dated(turn, say(SPAN_NAMES[span]), day), "end", f"{day:{DAY}}")
        for span, day in ((each, profile_answers.day_after(since, words.zone, each)) for each in SPANS)
    ]
    return Screen(
        text=below(
            notes,
            Markup("<b>{}</b>").format(say("When does the link close?")),
            say("At the end of that day. Tap one, or type it: “31.12”, “in 3 weeks”, “Fri 18:00”."),
        ),
        rows=rows(
            near if since == words.now else [],
            later[:2],
            later[2:],
            [turn.button(say("📅 Pick a day"), "month", f"{today:{OF_MONTH}}")],
            [turn.button(say("‹ Back"), "back")],
        ),
    )


async def _show_opens(turn: Turn, notes: Notes) -> Screen:
    if MONTH in turn.asked:
        return _calendar(turn, notes, "start", MINUTE)
    words = turn.context.words
    say, today = words.say, words.today
    tomorrow, monday = today + timedelta(days=1), today + timedelta(days=WEEK - today.weekday())
    return Screen(
        text=below(
            notes,
            Markup("<b>{}</b>").format(say("When does the link open?")),
            say("Tap one, or type it: “1.12”, “in 2 days”, “Mon 9:00”."),
        ),
        rows=rows(
            [turn.button(say("Now"), "now")],
            [turn.button(say("Tomorrow 09:00"), "start", _at(tomorrow))],
            [turn.button(say("Monday 09:00"), "start", _at(monday))],
            [turn.button(say("📅 Pick a day"), "month", f"{today:{OF_MONTH}}")],
            [turn.button(say("‹ Back"), "back")],
        ),
    )


def _calendar(turn: Turn, notes: Notes, verb: str, form: str) -> Screen:
    """Show a month; days that have passed are blank."""
    words, month = turn.context.words, _month(str(turn.asked[MONTH]))
    say, title = words.say, words.language.month_name(month)
    question = say("When does the link close?") if verb == "end" else say("When does the link open?")
    before, after = months_later(_midnight(month), -1).date(), months_later(_midnight(month), 1).date()
    past = month <= words.today
    turning = [
        _blank(turn) if past else turn.button("‹", "month", f"{before:{OF_MONTH}}"),
        turn.button(title, "stay"),
        turn.button("›", "month", f"{after:{OF_MONTH}}"),
    ]
    weeks = Calendar().monthdatescalendar(month.year, month.month)
    return Screen(
        text=below(notes, Markup("<b>{}</b>").format(question), say("Tap a day, or type it.")),
        rows=rows(
            turning,
            [turn.button(name, "stay") for name in words.language.weekday_names()],
            *(_week(turn, week, month, verb, form) for week in weeks),
            [turn.button(say("‹ Back"), "back")],
        ),
    )


def _week(turn: Turn, week: list[date], month: date, verb: str, form: str) -> list[InlineKeyboardButton]:
    today = turn.context.words.today
    return [
        turn.button(str(day.day), verb, f"{_midnight(day):{form}}")
        if day.month == month.month and day >= today
        else _blank(turn)
        for day in week
    ]


async def _end(turn: Turn, argument: str) -> Step:
    """Close at the end of a day. Raises EndInPast, EndBeforeStart."""
    ends_at = end_of_day(_moment(argument, DAY), turn.context.words.zone)
    profile_drafts.require_window(_filled(turn).starts_at, ends_at, turn.context.now)
    return turn.answered(**{ENDS: profile_answers.written(ends_at)})


async def _start(turn: Turn, argument: str) -> Step:
    """Open at a minute of the account's clock; if that has passed, now."""
    wall = _moment(argument, MINUTE)
    return _opening(turn, on_wall(wall, wall.time(), turn.context.words.zone))


async def _start_now(turn: Turn, _argument: str) -> Step:
    return _opening(turn, None)


def _opening(turn: Turn, starts_at: datetime | None) -> Step:
    words = turn.context.words
    later = starts_at if starts_at and starts_at > words.now else None
    return Step(answers=profile_answers.with_start(turn.answers, later, words.now, words.zone))


async def _open_month(turn: Turn, argument: str) -> Step:
    month, words = _month(argument), turn.context.words
    if not words.today.replace(day=1) <= month <= words.today + FURTHEST:
        raise StaleButton
    return turn.asking(str(turn.asked.get(PART, CLOSES)), **{MONTH: argument})


async def _read_end(turn: Turn, text: str) -> Read:
    context = turn.context
    understood = await context.read(profile_drafts.read_end, context.actor_id, text, turn.answers, context.now)
    return noted(turn, understood.answers, understood.repeated)


async def _read_start(turn: Turn, text: str) -> Read:
    context = turn.context
    understood = await context.read(profile_drafts.read_start, context.actor_id, text, context.now)
    starts = understood.answers[profile_answers.STARTS]
    step = _opening(turn, profile_answers.read_moment(starts) if starts else None)
    filled = profile_answers.fill(step.answers)
    start = context.words.echo(filled.starts_at) if filled.starts_at else opens(turn, filled)
    said = context.words.say("Opens: {start} ✓", start=start)
    return Read(step=step, notes=[said, *repeated_times(context.words, understood.repeated)])


def noted(turn: Turn, answers: Mapping[str, object], repeated: tuple[datetime, ...] = ()) -> Read:
    """Return the step with typed answers, echoing name, end and places as they were understood."""
    words, step = turn.context.words, turn.answered(**answers)
    filled, said = profile_answers.fill(step.answers), list[Markup]()
    if profile_answers.NAME in answers:
        said.append(words.say("Name: {name} ✓", name=filled.name))
    if ENDS in answers:
        said.append(words.say("Closes: {end} ✓", end=words.echo(filled.ends_at)))
    if profile_answers.LIMIT in answers:
        said.append(words.say("Places: {places} ✓", places=places(turn.context, filled.limit)))
    return Read(step=step, notes=[*said, *repeated_times(words, repeated)])


def places(context: Context, limit: int | None) -> Markup:
    """Say how many places there are."""
    return context.words.say("no limit") if limit is None else Markup.escape(context.words.number(limit))


def _filled(turn: Turn) -> Filled:
    return profile_answers.fill(turn.answers)


def _dated(turn: Turn, label: Markup, day: date) -> Markup:
    return Markup("{} · {}").format(label, turn.context.words.day(day))


def _blank(turn: Turn) -> InlineKeyboardButton:
    return turn.button(BLANK, "stay")


def _at(day: date) -> str:
    return f"{datetime.combine(day, MORNING):{MINUTE}}"


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _month(text: str) -> date:
    return _moment(text, OF_MONTH).date()


def _moment(text: str, form: str) -> datetime:
    """Read a wall-clock time (naive) of a button. Raises StaleButton."""
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 - a wall clock's
    except ValueError:
        raise StaleButton from None


CLOSING_TAPS: Mapping[str, Take] = {"end": _end, "month": _open_month}
OPENING_TAPS: Mapping[str, Take] = {"start": _start, "now": _start_now}
PICKERS: Mapping[str, Picker] = {
    CLOSES: Picker(show=_show_closes, read=_read_end, taps=CLOSING_TAPS),
    OPENS: Picker(show=_show_opens, read=_read_start, taps=OPENING_TAPS),
}
