"""/transfer: a person moves to another department, after the question what becomes of the old one's courses."""

from collections.abc import Iterable, Mapping

from markupsafe import Markup

from bot.context import Context
from bot.handlers import guides
from bot.handlers.person import read_details
from bot.input.arguments import fields
from bot.menu.buttons import ButtonHandler, by_number
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.people_selection import question as question_about_several
from bot.screens.person_card import person_screen
from bot.screens.screen import Screen, rows, tap
from bot.wording import labels
from bot.wording.lists import first
from bot.wording.phrases import N_
from bot.wording.text import isolate, lines
from core.domain.access import Permission
from core.services import departments, people_lookup, people_selection, transfers
from core.services.people_lookup import BETWEEN
from core.services.people_selection import PeopleChange
from core.services.transfers import TransferProposal, Transferred

MOST_COURSES, LONGEST_COURSES = 10, 1500


async def transfer(context: Context, text: str) -> Screen:
    """Transfer a person from `person | department`, or ask what becomes of the old department's courses.

    Several people, between commas, are asked about by name.
    """
    who, department = fields(text, 2, 2)
    if BETWEEN.search(who):
        named = await context.read(people_lookup.named, context.actor_id, who)
        return question_about_several(
            context.words,
            await context.write(
                people_selection.propose,
                context.actor_id,
                named,
                PeopleChange.TRANSFER,
                context.now,
                department=department,
            ),
        )
    result = await context.write(transfers.propose, context.actor_id, who, department, context.now)
    return question(context, result) if isinstance(result, TransferProposal) else await _transferred(context, result)


async def ask_where_to(context: Context, user_id: int) -> Screen:
    """Ask for the department to which a person is transferred, if there is another one within scope."""
    say, details = context.words.say, await read_details(context, user_id)
    shown = details.card
    paths = {each.path for each in await context.read(departments.tree, context.actor_id) if each.path}
    if not paths - {shown.department}:
        nowhere = say("{name} can't be transferred by you: you manage no other department.", name=shown.name)
        return person_screen(context, details, nowhere)
    now_in = labels.department(context.words, shown.department)
    command = guides.find(context, "transfer")
    guide = guides.beginning(command, f"#{user_id}", names=[shown.name], origin=f"person:{user_id}")
    return await guides.ask(
        context,
        guide,
        say("{name} is in {department}.", name=shown.name, department=now_in),
        say("Courses that the new department gives are added. You are asked about those of the old one."),
    )


async def keep(context: Context, question_id: int) -> Screen:
    """Transfer the person, who keeps the old department's courses."""
    done = await context.write(transfers.keep_courses, context.actor_id, question_id, context.now)
    return await _transferred(context, done)


async def take_back(context: Context, question_id: int) -> Screen:
    """Transfer the person, and take the old department's courses back."""
    done = await context.write(transfers.take_courses_back, context.actor_id, question_id, context.now)
    return await _transferred(context, done)


async def undo(context: Context, question_id: int) -> Screen:
    """Bring the person back to where they were."""
    done = await context.write(transfers.undo, context.actor_id, question_id, context.now)
    say = context.words.say
    notes = [
        say("Back in {department}.", department=labels.department(context.words, done.after)),
        say("Courses given back: {titles}", titles=_titles(done.added)) if done.added else None,
        say("Courses taken back: {titles}", titles=_titles(done.taken)) if done.taken else None,
    ]
    return person_screen(context, await read_details(context, done.user_id), *notes)


def question(context: Context, meant: TransferProposal) -> Screen:
    """Ask what becomes of the courses of the old department."""
    say, words = context.words.say, context.words
    left = [
        Markup("· {}: {}").format(isolate(each.title), say(labels.PROGRESS[each.progress])) for each in meant.courses
    ]
    return Screen(
        text=lines(
            say("Transfer {name}?", name=meant.name),
            labels.department(words, meant.before),
            "→",
            labels.department(words, meant.after),
            "",
            say("These courses come from the old department. Should they stay?"),
            *first(words, left, most=MOST_COURSES, longest=LONGEST_COURSES),
            say("Whatever is taken back loses its progress; you can undo it for a minute."),
        ),
        rows=rows(
            [
                tap(say("Keep them"), "transfer-keep!", meant.question_id, style="success"),
                tap(say("Take them back"), "transfer-take!", meant.question_id, style="danger"),
            ],
            [tap(say("Cancel"), "person", meant.user_id)],
        ),
    )


async def _transferred(context: Context, done: Transferred) -> Screen:
    say = context.words.say
    details = await read_details(context, done.user_id)
    if done.undo_id is None:
        already = say("{name} is there already.", name=details.card.name)
        return person_screen(context, details, already)
    notes = [
        say("Courses added: {titles}", titles=_titles(done.added)) if done.added else say("No courses were added."),
        say("Courses kept: {titles}", titles=_titles(done.kept)) if done.kept else None,
        say("Courses taken back: {titles}", titles=_titles(done.taken)) if done.taken else None,
    ]
    return person_screen(context, details, *notes, undo=tap(say("Undo"), "transfer-undo", done.undo_id))


def _titles(titles: Iterable[str]) -> Markup:
    return Markup(", ").join(map(isolate, titles))


COMMANDS = (
    Command(
        name="transfer",
        handler=transfer,
        summary=N_("Move a person to another department"),
        parts=(Part(N_("person"), of=Choice.PERSON), Part(N_("department"), of=Choice.DEPARTMENT)),
        examples=("/transfer anna@example.com | Sales / EMEA",),
        permission=Permission.MANAGE_PEOPLE,
        subject=Subject.PEOPLE,
        rank=1,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "person-move": by_number(ask_where_to),
    "transfer-keep!": by_number(keep),
    "transfer-take!": by_number(take_back),
    "transfer-undo": by_number(undo),
}
