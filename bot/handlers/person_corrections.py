"""/correct: a field of a person gets another value, shown before and after; an e-mail address after a question."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.context import Context
from bot.handlers import guides
from bot.handlers.person import read_details
from bot.input.arguments import StaleButton, fields, is_number
from bot.menu.buttons import ButtonHandler, by_number, by_numbers
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.lists import turning
from bot.screens.person_card import person_screen
from bot.screens.screen import Screen, rows, tap
from bot.wording import person_fields
from bot.wording.phrases import N_, Words
from bot.wording.text import isolate, lines, shortened
from core.domain.access import Permission
from core.domain.form_fields import Field, Form
from core.domain.keywords import find_keyword
from core.domain.naming import nearest
from core.domain.text import key
from core.errors import InvalidForm, WordNotUnderstood
from core.services import people, person_corrections
from core.services.person_corrections import EMAIL, Correctable, Corrected, EmailProposal

NAME, NONE = "correct", "none"
LONGEST_VALUE, LONGEST_LABEL, ALONE = 60, 16, 40  # letters
A_PAGE, CHOICES_A_PAGE = 12, 6


async def correct(context: Context, text: str) -> Screen:
    """Correct a field from `person | field | value`; a word for none empties it."""
    who, label, typed = fields(text, 3, 3)
    who = f"#{who}" if is_number(who) else who
    user_id = await context.read(people.find, context.actor_id, who)
    shown = await context.read(person_corrections.show, context.actor_id, user_id)
    field = _field(context.words, shown, label)
    return await _to(context, shown, field, "" if find_keyword(typed, [NONE]) else typed)


async def ask_what(context: Context, user_id: int, page: int = 0) -> Screen:
    """Ask which field of a person is wrong, with what each has now."""
    shown = await context.read(person_corrections.show, context.actor_id, user_id)
    say, words = context.words.say, context.words
    pages = -(-len(shown.fields) // A_PAGE)
    page = min(page, pages - 1)
    listed = shown.fields[page * A_PAGE : (page + 1) * A_PAGE]
    buttons = [
        tap(shortened(person_fields.label(words, each), LONGEST_LABEL), "person-field", user_id, each.name)
        for each in listed
    ]
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(isolate(shown.name)),
            say("What is to be corrected?"),
            "",
            *(_line(words, each, shown.values[each.name]) for each in listed),
        ),
        rows=rows(
            *(buttons[place : place + 2] for place in range(0, len(buttons), 2)),
            turning(lambda label, wanted: tap(label, "person-correct", user_id, wanted), page, pages),
            [tap(say("‹ Back"), "person", user_id)],
        ),
    )


async def ask_value(context: Context, arguments: str) -> Screen:
    """Ask for the value of a field, from `person:field`, with a page of its choices: by a button for each, or typed."""
    user_id, name, page = _parts(f"{arguments}:0" if arguments.count(":") == 1 else arguments)
    shown = await context.read(person_corrections.show, context.actor_id, user_id)
    field, words = shown.field(name), context.words
    if field.choices:
        return _choices(words, shown, field, page)
    label = person_fields.label(words, field)
    guide = guides.beginning(
        guides.find(context, NAME), f"#{user_id}", label, names=(shown.name, label), origin=f"person-correct:{user_id}"
    )
    return await guides.ask(context, guide, _line(words, field, shown.values[name]))


async def choose(context: Context, arguments: str) -> Screen:
    """Take a choice, from `person:field:place`."""
    user_id, name, place = _parts(arguments)
    shown = await context.read(person_corrections.show, context.actor_id, user_id)
    field = shown.field(name)
    if place >= len(field.choices):
        raise StaleButton
    return await _to(context, shown, field, field.choices[place])


async def correct_email(context: Context, question_id: int) -> Screen:
    """Give the person the new address after the question."""
    done = await context.write(
        person_corrections.correct_email, context.actor_id, question_id, context.now, can_mail=context.can_mail
    )
    return await _done(context, done)


async def _to(context: Context, shown: Correctable, field: Field, typed: str) -> Screen:
    """Correct a field, or ask first if it is the e-mail address; say what is wrong with the value, if anything is."""
    try:
        if field.name == EMAIL:
            asked = await context.write(
                person_corrections.propose_email, context.actor_id, shown.user_id, typed, context.now
            )
            return question(context, asked)
        done = await context.write(
            person_corrections.correct, context.actor_id, shown.user_id, field.name, typed, context.now
        )
    except InvalidForm as refused:
        wrong = person_fields.problems(context.words, Form(fields=shown.fields), refused)
        back = tap(context.words.say("‹ Back"), "person-correct", shown.user_id)
        return Screen(text=lines(context.words.say("Nothing was changed:"), *wrong), rows=rows([back]))
    return await _done(context, done)


def question(context: Context, asked: EmailProposal) -> Screen:
    """Ask before a new e-mail address holds."""
    say = context.words.say
    told = (
        say("Both addresses are told by email.")
        if context.can_mail
        else say("No email can be sent, so tell {name} yourself.", name=asked.name)
    )
    return Screen(
        text=lines(
            say("Give {name} another email address?", name=asked.name),
            isolate(asked.before or say("none")),
            "→",
            isolate(asked.after),
            "",
            say("They log in with the new one from now on. Links to a new password that they were sent end."),
            told,
        ),
        rows=rows(
            [
                tap(say("Correct"), "person-email!", asked.question_id, style="success"),
                tap(say("Cancel"), "person", asked.user_id),
            ]
        ),
    )


async def _done(context: Context, done: Corrected) -> Screen:
    words = context.words
    details = await read_details(context, done.user_id)
    if done.before == done.after:
        return person_screen(context, details, words.say("That is the value already."))
    before, after = (_value(words, done.field, each) for each in (done.before, done.after))
    label = person_fields.label(words, done.field)
    changed = Markup("✓ {}: {} → {}").format(isolate(label), before, after)
    return person_screen(context, details, changed)


def _choices(words: Words, shown: Correctable, field: Field, page: int) -> Screen:
    pages = -(-len(field.choices) // CHOICES_A_PAGE)
    page = min(page, pages - 1)
    places = range(len(field.choices))[page * CHOICES_A_PAGE : (page + 1) * CHOICES_A_PAGE]
    about = (shown.user_id, field.name)
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(isolate(shown.name)),
            _line(words, field, shown.values[field.name]),
            "",
            words.say("Tap the right one:"),
        ),
        rows=rows(
            *(
                [
                    tap(
                        shortened(person_fields.value(words, field, field.choices[place]), ALONE),
                        "person-choice",
                        *about,
                        place,
                    )
                ]
                for place in places
            ),
            turning(lambda label, wanted: tap(label, "person-field", *about, wanted), page, pages),
            [tap(words.say("‹ Back"), "person-correct", shown.user_id)],
        ),
    )


def _field(words: Words, shown: Correctable, label: str) -> Field:
    """Return the field with a label, in any language. Raises WordNotUnderstood."""
    known = {person_fields.label(words, each): each for each in shown.fields}
    by_key = {key(each): field for field in shown.fields for each in person_fields.labels_of(words, field)}
    if (field := by_key.get(key(label))) is None:
        raise WordNotUnderstood(label.strip(), nearest(label, known), tuple(known))
    return field


def _line(words: Words, field: Field, value: str) -> Markup:
    return Markup("{}: {}").format(isolate(person_fields.label(words, field)), _value(words, field, value))


def _value(words: Words, field: Field, stored: str) -> Markup | str:
    if not stored:
        return words.say("none")
    return isolate(shortened(person_fields.value(words, field, stored), LONGEST_VALUE))


def _parts(arguments: str) -> tuple[int, str, int]:
    """Read `person:field:number`. Raises StaleButton."""
    user_id, _, rest = arguments.partition(":")
    name, _, number = rest.partition(":")
    if not (is_number(user_id) and name and is_number(number)):
        raise StaleButton
    return int(user_id), name, int(number)


COMMANDS = (
    Command(
        name=NAME,
        handler=correct,
        summary=N_("Correct a person's name, email or other data"),
        parts=(
            Part(N_("person"), of=Choice.PERSON),
            Part(N_("field"), of=Choice.PERSON_FIELD),
            Part(N_("value"), prompt=N_("type it; “none” empties it")),
        ),
        examples=(
            "/correct anna@example.com | Last name | Bērziņa",
            "/correct anna@example.com | Email | anna@example.org",
            "/correct anna@example.com | Phone | none",
        ),
        permission=Permission.MANAGE_PEOPLE,
        subject=Subject.PEOPLE,
        rank=1,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "person-correct": by_numbers(ask_what, at_most=2),
    "person-field": ask_value,
    "person-choice": choose,
    "person-email!": by_number(correct_email),
}
