"""/addperson, /transfer."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.context import Context
from bot.handlers.person import read_details
from bot.input.arguments import LabelExpected, PartLeftOut, fields, split
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.password_notices import link, page_of_link
from bot.screens.person_card import person_screen
from bot.screens.screen import Screen
from bot.wording import labels
from bot.wording.phrases import N_
from bot.wording.text import command, lines
from core.domain.access import Permission
from core.domain.form_fields import Field, Form, read_form
from core.domain.naming import nearest
from core.domain.text import key
from core.errors import InvalidForm, Problem, WordNotUnderstood
from core.language import region
from core.services import form_fields, password_links

NEEDED, MOST_PARTS = 4, 40
LAST_NAME = 1  # its place among the parts: the form decides whether it may be empty
TYPED = ("login", "phone", "job_title")  # optional built-in fields of a line


async def add(context: Context, text: str) -> Screen:
    """Add a person from `first name | last name | e-mail | department`, then `Label: value` for other fields."""
    may_be_empty = set() if await _needs_last_name(context, text) else {LAST_NAME}
    if text and _lacks_last_name(split(text)):
        raise PartLeftOut(LAST_NAME, may_be_empty=bool(may_be_empty))
    first_name, last_name, email, department, *others = fields(text, NEEDED, MOST_PARTS, may_be_empty=may_be_empty)
    asked = await context.read(form_fields.full_form, context.actor_id)
    values = {"first_name": first_name, "last_name": last_name, "email": email}
    values |= _named(context, asked, [other for other in others if other])
    try:
        newcomer = read_form(values, asked, region=region(context.words.zone))
        made = await context.write(password_links.add_person, context.actor_id, newcomer, department, context.now)
    except InvalidForm as refused:
        return Screen(text=_problems(context, asked, refused, text))
    notes = link(context.words, made, page_of_link(context.addresses.public_url, made))
    return person_screen(context, await read_details(context, made.user_id), *notes)


async def _needs_last_name(context: Context, text: str) -> bool:
    """Return whether the account requires the last name, if the line isn't complete with it."""
    if not text or (len(split(text)) >= NEEDED and split(text)[LAST_NAME]):
        return True
    return (await context.read(form_fields.full_form, context.actor_id)).requires("last_name")


def _lacks_last_name(parts: list[str]) -> bool:
    """Return whether the e-mail address is at the place of the last name."""
    second, third = [*parts, "", ""][LAST_NAME : LAST_NAME + 2]
    return "@" in second and "@" not in third


def _named(context: Context, asked: Form, parts: list[str]) -> dict[str, str]:
    """Read parts such as `Phone: +371 20000000`. Raises WordNotUnderstood if the form has no such field."""
    known = _labels(context, asked)
    english = {key(labels.LABELS[name]): name for name in TYPED}  # the examples are in English in every language
    by_label = english | {key(label): name for name, label in known.items()}
    values = {}
    for part in parts:
        label, colon, value = part.partition(":")
        if not colon:
            raise LabelExpected(part)
        if (name := by_label.get(key(label))) is None:
            raise WordNotUnderstood(label.strip(), nearest(label, known.values()), tuple(known.values()))
        values[name] = value
    return values


def _labels(context: Context, asked: Form) -> Mapping[str, str]:
    """Return the labels of the fields that a line can name."""
    return {each.name: _label(context, each) for each in asked.fields if _is_named(each)}


def _label(context: Context, field: Field) -> str:
    return field.label or context.words.say(labels.LABELS[field.name]).unescape()


def _problems(context: Context, asked: Form, refused: InvalidForm, text: str) -> Markup:
    """Say what is wrong with each field."""
    say, by_name = context.words.say, {each.name: each for each in asked.fields}
    found = [
        say(
            "· {label}: {problem}",
            label=_label(context, by_name[name]),
            problem=_problem(context, asked, by_name[name], problem),
        )
        for name, problem in refused.problems.items()
    ]
    missing = [each for each in asked.fields if refused.problems.get(each.name) is Problem.MISSING]
    examples = (f" | {_label(context, each)}: {_example(each)}" for each in missing if _is_named(each))
    line = command(f"/addperson {text}{''.join(examples)}")
    return lines(say("Nobody has been added yet:"), *found, "", say("Your line, to correct:"), line)


def _problem(context: Context, asked: Form, field: Field, problem: Problem) -> Markup:
    """Say what is wrong with a field, and what it accepts."""
    accepted = {"choices": field.choices, "domains": asked.email_domains}
    named = {place: labels.several(context.words, texts) for place, texts in accepted.items()}
    return context.words.say(labels.PROBLEMS[problem], longest=field.longest, **named)


def _example(field: Field) -> str:
    """Return a value that the field accepts."""
    return field.choices[0] if field.choices else labels.EXAMPLES.get(field.kind, "A1")


def _is_named(field: Field) -> bool:
    """Return whether a line gives the field by its label."""
    return field.field_id is not None or field.name in TYPED


COMMANDS = (
    Command(
        name="addperson",
        handler=add,
        summary=N_("Add a learner by hand"),
        parts=(
            Part(N_("first name")),
            Part(N_("last name")),
            Part(N_("email")),
            Part(N_("department"), of=Choice.DEPARTMENT),
            Part(N_("other fields"), optional=True),
        ),
        examples=(
            "/addperson Anna | Berzina | anna@example.com | Sales / EMEA",
            "/addperson Anna | Berzina | anna@example.com | Sales / EMEA | Phone: +371 20000000",
        ),
        permission=Permission.MANAGE_PEOPLE,
        subject=Subject.PEOPLE,
        rank=1,
    ),
)
