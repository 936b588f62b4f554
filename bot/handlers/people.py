"""/addperson: a line, or a form."""

from markupsafe import Markup

from bot.context import Context
from bot.handlers import dialogues, person_form
from bot.handlers.person import read_details
from bot.input.arguments import PartLeftOut, fields, split
from bot.menu.command import Command, Subject
from bot.screens.password_notices import link, page_of_link
from bot.screens.person_card import person_screen
from bot.screens.screen import Screen
from bot.wording import labels, person_fields
from bot.wording.phrases import N_
from bot.wording.text import command, lines
from core.domain.access import Permission
from core.domain.form_fields import Field, Form, read_form
from core.errors import InvalidForm, Problem
from core.language import region
from core.services import password_links, sign_up_forms

NEEDED, MOST_PARTS = 4, 40
LAST_NAME = 1  # its place among the parts: the form decides whether it may be empty


async def add(context: Context, text: str) -> Screen:
    """Add a person from `first name | last name | e-mail | department`, then `Label: value` for other fields.

    The bare command opens the form.
    """
    if not text:
        return await dialogues.begin(context, person_form.FORM)
    may_be_empty = set() if await _needs_last_name(context, text) else {LAST_NAME}
    if _lacks_last_name(split(text)):
        raise PartLeftOut(LAST_NAME, may_be_empty=bool(may_be_empty))
    first_name, last_name, email, department, *others = fields(text, NEEDED, MOST_PARTS, may_be_empty=may_be_empty)
    asked = await context.read(sign_up_forms.full_form, context.actor_id)
    values = {"first_name": first_name, "last_name": last_name, "email": email}
    values |= person_form.named(context.words, asked, [other for other in others if other])
    try:
        newcomer = read_form(values, asked, region=region(context.words.zone))
        made = await context.write(password_links.add_person, context.actor_id, newcomer, department, context.now)
    except InvalidForm as refused:
        return Screen(text=_problems(context, asked, refused, text))
    notes = link(context.words, made, page_of_link(context.addresses.public_url, made))
    return person_screen(context, await read_details(context, made.user_id), *notes)


async def _needs_last_name(context: Context, text: str) -> bool:
    """Return whether the account requires the last name, if the line isn't complete with it."""
    parts = split(text)
    if not any(parts) or (len(parts) >= NEEDED and parts[LAST_NAME]):
        return True
    return (await context.read(sign_up_forms.full_form, context.actor_id)).requires("last_name")


def _lacks_last_name(parts: list[str]) -> bool:
    """Return whether the e-mail address is at the place of the last name."""
    second, third = [*parts, "", ""][LAST_NAME : LAST_NAME + 2]
    return "@" in second and "@" not in third


def _problems(context: Context, asked: Form, refused: InvalidForm, text: str) -> Markup:
    """Say what is wrong with each field."""
    say, found = context.words.say, person_fields.problems(context.words, asked, refused)
    missing = [each for each in asked.fields if refused.problems.get(each.name) is Problem.MISSING]
    examples = (
        f" | {person_fields.label(context.words, each)}: {_example(each)}"
        for each in missing
        if person_fields.is_named(each)
    )
    line = command(f"/addperson {text}{''.join(examples)}")
    return lines(say("Nobody has been added yet:"), *found, "", say("Your line, to correct:"), line)


def _example(field: Field) -> str:
    """Return a value that the field accepts."""
    return field.choices[0] if field.choices else labels.EXAMPLES.get(field.kind, "A1")


COMMANDS = (
    Command(
        name="addperson",
        handler=add,
        summary=N_("Add a learner by hand"),
        parts=person_form.FORM.parts,
        form=person_form.FORM,
        examples=(
            "/addperson Anna | Berzina | anna@example.com | Sales / EMEA",
            "/addperson Anna | Berzina | anna@example.com | Sales / EMEA | Phone: +371 20000000",
        ),
        permission=Permission.MANAGE_PEOPLE,
        subject=Subject.PEOPLE,
        rank=1,
    ),
)
