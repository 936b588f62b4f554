"""Filling in the fields of a new person one by one: a button each, then a typed value or one of its choices."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.input.arguments import StaleButton, is_number
from bot.menu.form import BACK, Notes, Picker, Read, Take, Turn, below
from bot.screens.lists import turning
from bot.screens.screen import Screen, rows
from bot.wording import labels, person_fields
from bot.wording.text import command, isolate, shortened
from core.domain.form_fields import Field
from core.errors import InvalidForm
from core.language import region
from core.services import person_drafts
from core.services.dialogues import Step
from core.services.person_drafts import VALUES, Answers, PersonFacts

FIELDS = "fields"  # the picker, and the verbs of its buttons
NAME, PAGE = "name", "page"
IN_A_PAIR, ALONE = 16, 40  # letters of a label
A_PAGE = 12  # fields: six rows of two
CHOICES_A_PAGE = 5


async def read_facts(turn: Turn) -> PersonFacts:
    """Read what the form shows."""
    return await turn.context.read(person_drafts.facts, turn.context.actor_id, turn.answers)


def region_of(turn: Turn) -> str | None:
    """Return the country of phone numbers that are typed without a country code."""
    return region(turn.context.words.zone)


def field_button(turn: Turn, field: Field, *, style: str | None = None) -> InlineKeyboardButton:
    """Return the button that asks for a field."""
    longest = ALONE if style else IN_A_PAIR - len(" ›")
    label = shortened(person_fields.label(turn.context.words, field), longest)
    return turn.button(f"{label} ›", "field", field.name, style=style)


async def show(turn: Turn, notes: Notes) -> Screen:
    """Show the fields to choose from, or the one that is asked for."""
    facts = await read_facts(turn)
    if NAME in turn.asked:
        return _show_one(turn, facts, facts.field(turn.asked[NAME]), notes)
    say, fields = turn.context.words.say, facts.form.fields
    pages = -(-len(fields) // A_PAGE)
    page = min(turn.asked.get(PAGE, 0), pages - 1)
    buttons = [field_button(turn, each) for each in fields[page * A_PAGE : (page + 1) * A_PAGE]]
    return Screen(
        text=below(notes, Markup("<b>{}</b>").format(say("What would you like to fill in?"))),
        rows=rows(
            *(buttons[place : place + 2] for place in range(0, len(buttons), 2)),
            turning(lambda label, wanted: turn.button(label, "fields", wanted), page, pages),
            [turn.button(say("‹ Back"), "form")],
        ),
    )


def _show_one(turn: Turn, facts: PersonFacts, field: Field, notes: Notes) -> Screen:
    words = turn.context.words
    label, value = person_fields.label(words, field), facts.values.get(field.name)
    say = words.say
    example = labels.EXAMPLES.get(field.kind)
    options = list((field.options(words.language.code) or {}).values())
    emptying = turn.button(say("Leave it empty"), "empty") if value and not field.required else None
    return Screen(
        text=below(
            notes,
            Markup("<b>{}</b>").format(isolate(label)),
            isolate(hint) if (hint := field.hint_in(words.language.code)) else None,
            isolate(person_fields.value(words, field, value)) if value else None,
            "",
            say("Tap one, or type it.") if options else None,
            say("Type it.") if not options and not example else None,
            say("Type it, for example {example}.", example=command(example)) if not options and example else None,
        ),
        rows=rows(*_choices(turn, options), [emptying], [turn.button(say("‹ Back"), BACK)]),
    )


def _choices(turn: Turn, options: Sequence[str]) -> list[list[InlineKeyboardButton]]:
    """Return a page of the choices of a field, each with its place."""
    if not options:
        return []
    pages = -(-len(options) // CHOICES_A_PAGE)
    page = min(turn.asked.get(PAGE, 0), pages - 1)
    places = range(len(options))[page * CHOICES_A_PAGE : (page + 1) * CHOICES_A_PAGE]
    return [
        *([turn.button(shortened(options[place], ALONE), "choose", place)] for place in places),
        turning(lambda label, wanted: turn.button(label, "choices", wanted), page, pages),
    ]


async def read(turn: Turn, text: str) -> Read:
    """Take a typed value for the field that is asked for; on the list of fields, as on the form."""
    if NAME not in turn.asked:
        return await read_any(turn, text)
    return await fill(turn, {str(turn.asked[NAME]): text})


async def read_any(turn: Turn, text: str) -> Read:
    """Take a typed e-mail address, phone number or name."""
    context = turn.context
    try:
        answers = await context.read(person_drafts.read, context.actor_id, text, turn.answers, region=region_of(turn))
    except InvalidForm as refused:
        return await _refused(turn, refused)
    return await _filled(turn, answers)


async def fill(turn: Turn, typed: Mapping[str, str]) -> Read:
    """Fill in fields, by their names, and go back to the form; say what is wrong and stay, if anything is."""
    context = turn.context
    try:
        answers = await context.read(person_drafts.fill, context.actor_id, turn.answers, typed, region=region_of(turn))
    except InvalidForm as refused:
        return await _refused(turn, refused)
    return await _filled(turn, answers)


async def _refused(turn: Turn, refused: InvalidForm) -> Read:
    facts = await read_facts(turn)
    said = person_fields.problems(turn.context.words, facts.form, refused)
    return Read(step=Step(answers=turn.answers, asked=turn.asked), notes=said)


async def _filled(turn: Turn, answers: Answers) -> Read:
    """Return the step to the form, with a line for each field that was filled in."""
    facts, words = await read_facts(turn), turn.context.words
    changed = [
        each for each in facts.form.fields if answers[VALUES].get(each.name) not in (None, facts.values.get(each.name))
    ]
    said = [
        words.say(
            "{label}: {value} ✓",
            label=person_fields.label(words, each),
            value=person_fields.value(words, each, answers[VALUES][each.name]),
        )
        for each in changed
    ]
    return Read(step=Step(answers=answers), notes=said)


async def _field(turn: Turn, name: str) -> Step:
    (await read_facts(turn)).field(name)
    return turn.asking(FIELDS, **{NAME: name})


async def _page(turn: Turn, argument: str) -> Step:
    return turn.asking(FIELDS, **{PAGE: _number(argument)})


async def _page_of_choices(turn: Turn, argument: str) -> Step:
    return turn.asking(FIELDS, **{NAME: _asked_for(turn), PAGE: _number(argument)})


async def _choose(turn: Turn, argument: str) -> Step:
    field = (await read_facts(turn)).field(_asked_for(turn))
    options, place = list(field.options(turn.context.words.language.code) or ()), _number(argument)
    if place >= len(options):
        raise StaleButton
    return (await fill(turn, {field.name: options[place]})).step


async def _empty(turn: Turn, _argument: str) -> Step:
    return (await fill(turn, {_asked_for(turn): ""})).step


async def _to_form(turn: Turn, _argument: str) -> Step:
    return turn.back()


def _asked_for(turn: Turn) -> str:
    if NAME not in turn.asked:
        raise StaleButton
    return str(turn.asked[NAME])


def _number(argument: str) -> int:
    if not is_number(argument):
        raise StaleButton
    return int(argument)


TAPS: Mapping[str, Take] = {
    "field": _field,
    "fields": _page,
    "choices": _page_of_choices,
    "choose": _choose,
    "empty": _empty,
    "form": _to_form,
}
PICKER = Picker(show=show, read=read, taps=TAPS)
