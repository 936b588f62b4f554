"""/export and /erase: all that is kept on a person, as a file, and its erasure with the name."""

import asyncio
from collections.abc import Callable, Mapping

from markupsafe import Markup

from bot.context import Context
from bot.handlers.person import ending
from bot.input.arguments import StaleButton, UsageError, is_number
from bot.menu.buttons import ButtonHandler, by_number, confirmed
from bot.menu.command import Choice, Command, Part, Subject
from bot.screens.personal_data_files import FILES
from bot.screens.screen import Attachment, Screen, rows, tap
from bot.wording.addresses import known_by
from bot.wording.personal_data import SECTIONS
from bot.wording.phrases import N_
from bot.wording.text import lines
from core.domain.access import Permission
from core.domain.personal_data import Section
from core.services import people, person_erasure, personal_data
from core.services.person_erasure import Erasure
from core.services.personal_data import PersonalData

SEPARATOR = Markup(" · ")
ALWAYS_ONE = frozenset({Section.ACCOUNT, Section.CONSENT, Section.SIGN_UP, Section.DIGEST})


async def export(context: Context, text: str) -> Screen:
    """Show what is kept on a person, named as in `/person`, and offer it as a file."""
    return await offer(context, await _numbered(context, text, people.find))


async def offer(context: Context, user_id: int) -> Screen:
    """Show what is kept on a person, and offer it as a file."""
    data = await context.read(personal_data.preview, context.actor_id, user_id)
    say = context.words.say
    return Screen(
        text=lines(
            say("What is kept on {name} (#{number}):", name=data.name, number=user_id),
            SEPARATOR.join(_counted(context, section, len(found)) for section, found in data.sections.items() if found),
            _without_others(context, data),
            "",
            say("The export is recorded. The file holds personal data: hand it to nobody else."),
        ),
        rows=rows(
            [
                tap(say("JSON file"), "person-file", user_id, "json"),
                tap(say("Spreadsheet"), "person-file", user_id, "xlsx"),
            ],
            [tap(say("‹ Person"), "person", user_id)],
        ),
    )


def _counted(context: Context, section: Section, number: int) -> Markup:
    name = context.words.say(SECTIONS[section])
    return name if section in ALWAYS_ONE else Markup("{}: {}").format(name, number)


def _without_others(context: Context, data: PersonalData) -> Markup | None:
    typed = Section.MESSAGES, Section.FORMS, Section.QUESTIONS, Section.SEARCHES
    if not any(data.sections[section] for section in typed):
        return None
    return context.words.say("What they typed in this chat is about others, so the file only says when.")


async def send(context: Context, data: str) -> Screen:
    """Send what is kept on a person as a file, from `number:kind`; the export is recorded in the same transaction."""
    user_id, _, kind = data.partition(":")
    if not is_number(user_id) or kind not in FILES:
        raise StaleButton
    found = await context.write(personal_data.export, context.actor_id, int(user_id), context.now)
    contents = await asyncio.to_thread(FILES[kind], context.words, found, context.now)
    title = context.words.say("All that is kept on {name} (#{number})", name=found.name, number=user_id)
    return Screen(
        text=title,
        attachment=Attachment(name=f"gangway-person-{user_id}-{context.now:%Y-%m-%d}.{kind}", contents=contents),
    )


async def erase(context: Context, text: str) -> Screen:
    """Ask before a person is erased, named as in `/person`; one who is deleted, by number."""
    return await ask_to_erase(context, await _numbered(context, text, person_erasure.find))


async def ask_to_erase(context: Context, user_id: int) -> Screen:
    """Ask before a person is erased with their name, naming all that goes with them."""
    shown = await context.read(person_erasure.preview, context.actor_id, user_id, context.now)
    say = context.words.say
    is_deleted = shown.details is None
    back = tap(say("Cancel"), "people", 0, "") if is_deleted else tap(say("Cancel"), "person", user_id)
    return Screen(
        text=lines(
            say("Erase {name} (#{number}), with the name?", name=shown.name, number=user_id),
            *_deleted_with(context, shown),
            say("Histories and the log will show #{number} instead of the name.", number=user_id),
            _entries(context, shown),
            say("Counts stay as they are: the place stays used.") if shown.keeps_place else None,
            say("Back-ups that exist keep the person. This can’t be undone."),
        ),
        rows=rows(
            [] if is_deleted else [tap(say("Export first"), "person-data", user_id)],
            [tap(say("Erase"), "person-erase!", user_id, shown.seen, style="danger"), back],
        ),
    )


def _deleted_with(context: Context, shown: Erasure) -> list[Markup | None]:
    say, details = context.words.say, shown.details
    if details is None:
        return [say("The account is deleted already; only the name is left.")]
    return [
        known_by(context.words, details.card.email, details.card.login),
        say("Their account, answers and courses will be deleted for good."),
        *ending(context, details),
    ]


def _entries(context: Context, shown: Erasure) -> Markup | None:
    if not shown.log_entries:
        return None
    return context.words.count(
        "{number} entry of the log names them.", "{number} entries of the log name them.", shown.log_entries
    )


async def finish(context: Context, user_id: int, seen: str) -> Screen:
    """Erase a person after the question."""
    await context.write(person_erasure.erase, context.actor_id, user_id, context.now, seen=seen)
    return Screen(text=context.words.say("Erased. Histories and the log show #{number}.", number=user_id))


async def _numbered(context: Context, text: str, find: Callable[..., int]) -> int:
    if not text:
        raise UsageError
    return await context.read(find, context.actor_id, f"#{text}" if is_number(text) else text)


COMMANDS = (
    Command(
        name="export",
        handler=export,
        summary=N_("Get all that is kept on a person, as a file"),
        examples=("/export anna@example.com", "/export 7"),
        permission=Permission.MANAGE_PEOPLE,
        subject=Subject.PEOPLE,
        rank=2,
        guided=(Part(N_("person"), of=Choice.PERSON),),
    ),
    Command(
        name="erase",
        handler=erase,
        summary=N_("Erase a person with their name; counts stay true"),
        examples=("/erase anna@example.com", "/erase 7"),
        permission=Permission.MANAGE_PEOPLE,
        subject=Subject.PEOPLE,
        rank=2,
        guided=(Part(N_("person"), of=Choice.PERSON),),
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "person-data": by_number(offer),
    "person-file": send,
    "person-erase": by_number(ask_to_erase),
    "person-erase!": confirmed(finish),
}
