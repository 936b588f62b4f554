"""The form of a new person: filled in by typing and by taps, in any order; then a link by which they set a password."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers import department_picker, dialogues, person_form_fields
from bot.handlers.dialogues import LEAVE
from bot.handlers.person import card, read_details
from bot.handlers.person_form_fields import FIELDS, field_button, fill, read_any, read_facts, region_of
from bot.handlers.profile_form import bold, department_row
from bot.input.arguments import LabelExpected, split
from bot.menu.command import Choice
from bot.menu.form import ASK, PART, Form, Notes, Part, Read, Turn, below
from bot.screens.password_notices import link, page_of_link
from bot.screens.person_card import person_screen
from bot.screens.screen import Rows, Screen, rows
from bot.screens.searches import words_of
from bot.wording import labels, person_fields
from bot.wording.lists import more
from bot.wording.phrases import N_, Words
from bot.wording.text import isolate, shortened
from core.domain.form_fields import Field
from core.domain.form_fields import Form as FieldsForm
from core.domain.naming import format_path, nearest
from core.domain.profile_answers import DEPARTMENT
from core.domain.text import key
from core.errors import InvalidForm, WordNotUnderstood
from core.language import region
from core.services import person_drafts
from core.services.dialogues import Step
from core.services.person_drafts import PersonFacts

NEW = "person-new"  # the verb of a button that opens the form with an e-mail address
BAR = "|"
MAIN = ("first_name", "last_name", "email")  # have buttons on the form itself
MOST_SHOWN, LONGEST_SHOWN = 8, 60


async def begin(context: Context) -> Step:
    """Begin with nothing filled in; where there is no department, ask for one first."""
    return await _beginning(context, {})


async def open_with(context: Context, known: Mapping[str, str]) -> Screen:
    """Open the form with what is known of the person, by the names of fields."""
    return await dialogues.open_with(context, FORM, await _beginning(context, known))


async def open_with_address(context: Context, argument: str) -> Screen:
    """Open the form with the e-mail address that a button carries."""
    return await open_with(context, {"email": await words_of(context, argument)})


async def show(turn: Turn, notes: Notes) -> Screen:
    """Show all that is filled in, and what is missing."""
    facts, words = await read_facts(turn), turn.context.words
    name = " ".join(facts.values[each] for each in ("first_name", "last_name") if each in facts.values)
    department = isolate(format_path(facts.department)) if facts.department else words.say("not chosen yet")
    return Screen(
        text=below(
            notes,
            bold(words.say("New person")),
            "",
            words.say("Name: {name}", name=bold(isolate(name) if name else words.say("not given yet"))),
            _line(words, facts, facts.field("email")),
            words.say("Department: {path}", path=bold(department)),
            *_others(words, facts),
            "",
            words.say("Type the name, the email address or the phone number, or tap what to fill in."),
        ),
        rows=_rows(turn, facts),
    )


async def read(turn: Turn, text: str) -> Read:
    """Read what is typed on the form: a whole line between bars, an e-mail address, a phone number, else the name."""
    if BAR not in text:
        return await read_any(turn, text)
    return await _read_line(turn, split(text))


async def _read_line(turn: Turn, parts: Sequence[str]) -> Read:
    """Read `first name | last name | e-mail | department | Label: value`; what is left empty changes nothing."""
    facts, context = await read_facts(turn), turn.context
    *main, department = [*parts, "", "", ""][: len(MAIN) + 1]
    typed = {name: value for name, value in zip(MAIN, main, strict=True) if value}
    try:
        typed |= named(context.words, facts.form, [each for each in parts[len(MAIN) + 1 :] if each])
    except LabelExpected as wrong:
        said = context.words.say("Write “{text}” as its label, a colon and the value.", text=wrong.text)
        return Read(step=Step(answers=turn.answers, asked=turn.asked), notes=[said])
    filled = await fill(turn, typed)
    if not department or filled.step.answers is turn.answers:
        return filled
    number = await context.read(person_drafts.find_department, context.actor_id, department)
    return replace(filled, step=Step(answers={**filled.step.answers, DEPARTMENT: number}))


async def add(turn: Turn) -> Screen:
    """Add the person, and show once the link by which they set their password."""
    context = turn.context
    try:
        made = await context.write(
            person_drafts.create,
            context.actor_id,
            context.chat_id,
            turn.dialogue.turn,
            context.now,
            region=region_of(turn),
        )
    except InvalidForm as refused:  # the account's fields were changed meanwhile
        facts = await read_facts(turn)
        return await show(turn, person_fields.problems(context.words, facts.form, refused))
    notes = link(context.words, made, page_of_link(context.addresses.public_url, made))
    return person_screen(context, await read_details(context, made.user_id), *notes)


async def title(turn: Turn) -> Markup:
    """Return the name that the person has so far."""
    values = (await read_facts(turn)).values
    name = " ".join(values[each] for each in MAIN[:2] if each in values) or values.get("email", "")
    return isolate(name) if name else turn.context.words.say("New person")


def named(words: Words, form: FieldsForm, parts: Sequence[str]) -> dict[str, str]:
    """Read parts such as `Phone: +371 20000000`, by the fields' names.

    Raises LabelExpected, and WordNotUnderstood if the form has no such field.
    """
    known = {each.name: person_fields.label(words, each) for each in form.fields if person_fields.is_named(each)}
    english = {key(labels.LABELS[name]): name for name in person_fields.TYPED}  # in examples, in every language
    further = {key(label): each.name for each in form.fields for label in each.labels}
    by_label = english | further | {key(each): name for name, each in known.items()}
    values = {}
    for part in parts:
        typed, colon, entered = part.partition(":")
        if not colon:
            raise LabelExpected(part)
        if (name := by_label.get(key(typed))) is None:
            raise WordNotUnderstood(typed.strip(), nearest(typed, known.values()), tuple(known.values()))
        values[name] = entered
    return values


async def _beginning(context: Context, known: Mapping[str, str]) -> Step:
    found = await context.read(person_drafts.begin, context.actor_id, known, region=region(context.words.zone))
    return Step(answers=found.answers, asked={} if found.choosable else {PART: DEPARTMENT})


def _line(words: Words, facts: PersonFacts, field: Field) -> Markup:
    value = facts.values.get(field.name)
    shown = isolate(shortened(person_fields.value(words, field, value), LONGEST_SHOWN)) if value else None
    return Markup("{}: {}").format(
        isolate(person_fields.label(words, field)), bold(shown or words.say("not given yet"))
    )


def _others(words: Words, facts: PersonFacts) -> list[Markup]:
    """Show the other fields that are filled in, or required."""
    others = [
        each for each in facts.form.fields if each.name not in MAIN and (each.required or each.name in facts.values)
    ]
    return [*(_line(words, facts, each) for each in others[:MOST_SHOWN]), *more(words, len(others) - MOST_SHOWN)]


def _rows(turn: Turn, facts: PersonFacts) -> Rows:
    first, last, email = (facts.field(name) for name in MAIN)
    say = turn.context.words.say
    return rows(
        [_main(turn, facts)],
        department_row(turn, facts.department),
        [field_button(turn, first), field_button(turn, last)],
        [field_button(turn, email), turn.button(say("All fields ›"), ASK, FIELDS)],
        [turn.button(say("Cancel"), LEAVE)],
    )


def _main(turn: Turn, facts: PersonFacts) -> InlineKeyboardButton:
    """Return the button of the next step: what is missing first, at last the one that adds the person."""
    say = turn.context.words.say
    if facts.missing:
        return field_button(turn, facts.missing[0], style="primary")
    if facts.department is None:
        return turn.button(say("Choose the department ›"), ASK, DEPARTMENT, style="primary")
    return turn.button(say("Add the person"), "person", style="success")


PARTS = (
    Part(N_("first name")),
    Part(N_("last name")),
    Part(N_("email")),
    Part(N_("department"), of=Choice.DEPARTMENT, pickers={DEPARTMENT: department_picker.PICKER}),
    Part(N_("other fields"), optional=True, pickers={FIELDS: person_form_fields.PICKER}),
)
FORM = Form(
    kind="person",
    parts=PARTS,
    begin=begin,
    show=show,
    read=read,
    finish={"person": add},
    made=card,
    title=title,
)
