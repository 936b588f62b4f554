"""The form of a sign-up profile: a draft shown whole, with defaults; each tap or typed answer changes one thing."""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers import department_picker, profile_moments
from bot.handlers.department_picker import WORDS
from bot.handlers.dialogues import LEAVE
from bot.handlers.profile_moments import OPENS, noted, opens, places, span_chips
from bot.input.arguments import StaleButton, is_number
from bot.menu.form import ASK, PART, Form, Notes, Part, Read, Turn, below
from bot.screens.lists import ticked
from bot.screens.profile_card import profile_screen
from bot.screens.screen import Rows, Screen, rows
from bot.wording.phrases import N_, Words
from bot.wording.refusals import refusal
from bot.wording.text import isolate, shortened
from core.domain.naming import LONGEST_NAME, format_path
from core.domain.profile_answers import DEPARTMENT, LIMIT, PLACES, Filled
from core.errors import DepartmentNotFound
from core.services import profile_drafts, profiles
from core.services.department_picker import LONGEST_WORDS
from core.services.dialogues import Step
from core.services.profile_drafts import Facts, Understood

LONGEST_LABEL = 24  # of the department's button, which has a row of its own
NO_LIMIT = "-"
BAR = "|"
DAY_OF_NAME = " · "


async def begin(context: Context) -> Step:
    """Begin with the defaults; where there is no department, ask for one first."""
    beginning = await context.read(profile_drafts.begin, context.actor_id, context.now)
    return Step(answers=beginning.answers, asked={} if beginning.choosable else {PART: DEPARTMENT})


async def show(turn: Turn, notes: Notes) -> Screen:
    """Show the whole draft."""
    facts = await _facts(turn)
    filled, words = facts.filled, turn.context.words
    say = words.say
    left = words.language.duration(filled.ends_at - words.now)
    named = filled.name or usual_name(words, facts.department)
    return Screen(
        text=below(
            notes,
            bold(say("New sign-up link")),
            "",
            say("Name: {name}", name=bold(isolate(named))),
            say("Department: {path}", path=bold(_department(words, facts))),
            say("Opens: {start}", start=bold(opens(turn, filled))),
            say("Closes: {end} ({left} left)", end=bold(words.moment(filled.ends_at)), left=left),
            say("Places: {places}", places=bold(places(turn.context, filled.limit))),
            *_about_sign_up(words, facts),
            "",
            say("Tap what to change, or just type the name."),
        ),
        rows=_rows(turn, facts),
    )


def usual_name(words: Words, path: tuple[str, ...] | None) -> str:
    """Return the name that a link gets unless one is typed: of its department and the day."""
    day = words.day(words.today)
    return f"{' '.join(path)[: LONGEST_NAME - len(day) - len(DAY_OF_NAME)]}{DAY_OF_NAME}{day}" if path else day


async def read(turn: Turn, text: str) -> Read:
    """Read what is typed on the form: a whole line between bars, places, an end, else the name."""
    context = turn.context
    if BAR in text:
        parts = tuple(part.strip() for part in text.split(BAR))
        understood = await context.read(profile_drafts.read_line, context.actor_id, parts, context.now)
        return noted(turn, understood.answers, understood.repeated)
    understood = await context.read(profile_drafts.read, context.actor_id, text, turn.answers, context.now)
    read = noted(turn, understood.answers, understood.repeated)
    return _choosing(turn, read, understood) if understood.unknown else read


def _choosing(turn: Turn, read: Read, understood: Understood) -> Read:
    """Show what a department that isn't found may be, or else a button that adds it."""
    refused, words = understood.refused, understood.unknown
    if isinstance(refused, DepartmentNotFound):
        words = refused.nearest[0]
    asked = {PART: DEPARTMENT, WORDS: words[:LONGEST_WORDS]}
    why = [refusal(turn.context.words, refused)] if refused else []
    return Read(step=replace(read.step, asked=asked), notes=[*read.notes, *why])


async def create(turn: Turn) -> Screen:
    """Create the profile and show its card."""
    return await _create(turn, enable=False)


async def create_and_enable(turn: Turn) -> Screen:
    """Create the profile, turn sign-up on, and show the card."""
    return await _create(turn, enable=True)


async def made(context: Context, profile_id: int) -> Screen:
    """Show the card of the profile that the form made."""
    return profile_screen(context, await context.read(profiles.card, context.actor_id, profile_id, context.now))


async def title(turn: Turn) -> Markup:
    """Return the name that the draft has so far."""
    facts = await _facts(turn)
    return isolate(facts.filled.name or usual_name(turn.context.words, facts.department))


async def _create(turn: Turn, *, enable: bool) -> Screen:
    context, facts = turn.context, await _facts(turn)
    card = await context.write(
        profile_drafts.create,
        context.actor_id,
        context.chat_id,
        turn.dialogue.turn,
        usual_name(context.words, facts.department),
        context.now,
        enable=enable,
    )
    return profile_screen(context, card, *_said_of_new(context, enabled=facts.sign_up_enabled or enable))


def _said_of_new(context: Context, *, enabled: bool) -> Sequence[Markup]:
    say = context.words.say
    if not enabled:
        return [say("The profile was created, but sign-up is off in this account, so its link does not work yet.")]
    return [say("It works now. Send it to your newcomers.")]


async def _facts(turn: Turn) -> Facts:
    return await turn.context.read(profile_drafts.facts, turn.context.actor_id, turn.answers)


def _department(words: Words, facts: Facts) -> Markup:
    return isolate(format_path(facts.department)) if facts.department else words.say("not chosen yet")


def _about_sign_up(words: Words, facts: Facts) -> Sequence[Markup | str]:
    if facts.sign_up_enabled:
        return []
    if facts.may_enable_sign_up:
        return ["", words.say("Sign-up is off in this account: no link works until it is turned on.")]
    return ["", words.say("Sign-up is off: the link will work when an account administrator turns it on.")]


def _rows(turn: Turn, facts: Facts) -> Rows:
    filled = facts.filled
    return rows(
        [_main(turn, facts)],
        department_row(turn, facts.department),
        span_chips(turn, filled),
        place_chips(turn, filled),
        [turn.button(opening_label(turn, filled), ASK, OPENS), turn.button(turn.context.words.say("Cancel"), LEAVE)],
    )


def department_row(turn: Turn, path: tuple[str, ...] | None) -> list[InlineKeyboardButton]:
    """Return the button that changes the department, if one is chosen."""
    if not path:
        return []
    name = shortened(path[-1], LONGEST_LABEL)
    return [turn.button(turn.context.words.say("Department: {name} ›", name=name), ASK, DEPARTMENT)]


def _main(turn: Turn, facts: Facts) -> InlineKeyboardButton:
    say = turn.context.words.say
    if facts.department is None:
        return turn.button(say("Choose the department ›"), ASK, DEPARTMENT, style="primary")
    if not facts.sign_up_enabled and facts.may_enable_sign_up:
        return turn.button(say("Create and turn sign-up on"), "on", style="success")
    return turn.button(say("Create the link"), "make", style="success")


def place_chips(turn: Turn, filled: Filled) -> list[InlineKeyboardButton]:
    """Return the buttons of usual numbers of places; the one that holds is ticked."""
    chips = [turn.button(ticked(Markup.escape(each), on=filled.limit == each), "places", each) for each in PLACES]
    return [*chips, turn.button(ticked(Markup("∞"), on=filled.limit is None), "places", NO_LIMIT)]


def opening_label(turn: Turn, filled: Filled) -> Markup:
    """Return the label of the button that changes the start."""
    words = turn.context.words
    when = filled.starts_at.astimezone(words.zone).date() if filled.starts_at else None
    return words.say("Opens: {day}", day=words.day(when)) if when else words.say("Opens: now")


async def set_places(turn: Turn, argument: str) -> Step:
    """Take a usual number of places, or no limit."""
    if argument == NO_LIMIT:
        return turn.answered(**{LIMIT: None})
    if not is_number(argument) or int(argument) not in PLACES:
        raise StaleButton
    return turn.answered(**{LIMIT: int(argument)})


def bold(text: Markup | str) -> Markup:
    """Show a value in bold."""
    return Markup("<b>{}</b>").format(text)


PARTS = (
    Part(N_("name")),
    Part(N_("department"), pickers={DEPARTMENT: department_picker.PICKER}),
    Part(N_("start - end"), taps=profile_moments.CLOSING_TAPS, pickers=profile_moments.PICKERS),
    Part(N_("limit"), taps={"places": set_places}),
)
FORM = Form(
    kind="profile",
    parts=PARTS,
    begin=begin,
    show=show,
    read=read,
    finish={"make": create, "on": create_and_enable},
    made=made,
    title=title,
)
