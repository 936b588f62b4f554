"""A line with an unknown name is answered with the corrected line."""

from collections.abc import Mapping

from markupsafe import Markup

from bot.context import Context
from bot.handlers import guides, times_asked
from bot.input.arguments import UsageError, split
from bot.input.replaced import corrected
from bot.menu.command import Command, CommandHandler
from bot.screens.screen import Screen
from bot.wording import refusals
from bot.wording.text import command as copied
from bot.wording.text import lines
from core import errors
from core.domain.naming import PATH_SEPARATOR

UNKNOWN: Mapping[type[errors.Refusal], str] = {  # the field that holds what was typed
    errors.DepartmentNotFound: "path",
    errors.DepartmentAmbiguous: "path",
    errors.RoleNotFound: "name",
    errors.RosterNotFound: "name",
    errors.CohortNotFound: "name",
    errors.CourseNotFound: "title",
    errors.FieldNotFound: "label",
    errors.WordNotUnderstood: "text",
    errors.TimeNotUnderstood: "text",
}
BAR = "|"


async def answered(context: Context, command: Command, text: str) -> Screen:
    """Answer as the handler does; if a name in the line is unknown and others are near, with the corrected line too.

    If a time in the line has two meanings, ask which one is meant.

    A file above the line stands for the part that it lacks.

    Raises UsageError, also for words behind a command that stands alone.
    """
    if command.alone and text:
        raise UsageError
    reads = file_reader(context, command, text)
    if not (text or reads):
        return await guides.open_bare(context, command)
    try:
        return await (reads or command.handler)(context, text)
    except errors.TimeAmbiguous as refused:
        return await times_asked.ask(context, command.name, text, refused)
    except errors.InvalidName as refused:
        if BAR not in refused.text or command.parts:
            raise
        meant = PATH_SEPARATOR.join(split(text))
        said = refusals.refusal(context.words, refused)
        return Screen(text=lines(said, *_meant(context, f"/{command.name} {meant}", meant)))
    except tuple(UNKNOWN) as refused:
        said = refusals.refusal(context.words, refused)
        wrong, nearest = vars(refused)[UNKNOWN[type(refused)]], vars(refused)["nearest"]
        line = corrected(text, wrong, nearest[0]) if nearest else None
        return Screen(text=lines(said, *(_meant(context, f"/{command.name} {line}", nearest[0]) if line else ())))


def file_reader(context: Context, command: Command, line: str) -> CommandHandler | None:
    """Return what reads a file that came in place of a command's next part, after a line; None if nothing does."""
    parts = len(line.split(command.between)) if line else 0
    received = context.file or (context.photo if command.takes_photos else None)
    return command.reads_file if received and parts == command.file_part else None


def _meant(context: Context, line: str, name: str) -> tuple[Markup | str, ...]:
    return "", context.words.say("The whole line, if you meant {name}:", name=name), copied(line)
