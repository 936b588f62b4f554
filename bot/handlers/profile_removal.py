"""/deleteprofile, and those selected in a list: deletes profiles after a question that names them."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from bot.context import Context
from bot.handlers import profile_list
from bot.handlers.profiles import shown
from bot.input.arguments import UsageError, number
from bot.input.callback_data import pack, unpack
from bot.menu.buttons import ButtonHandler
from bot.menu.command import Command, Subject
from bot.screens.profile_card import profile_screen
from bot.screens.screen import Screen, rows, tap
from bot.wording.lists import turned_away
from bot.wording.phrases import N_
from bot.wording.text import isolate, lines
from core.domain.access import Permission
from core.errors import ProfileNotFound
from core.services import profile_removal
from core.services.profile_removal import SEEN, Removal
from core.services.profile_selection import MOST_AT_ONCE


async def ask(context: Context, text: str) -> Screen:
    """Ask before the profiles of a line are deleted, naming them."""
    numbers = sorted({number(part) for part in text.replace(",", " ").split()})
    if not numbers:
        raise UsageError
    if len(numbers) > MOST_AT_ONCE:
        most = context.words.count(
            "List at most {number} profile in one line.",
            "List at most {number} profiles in one line.",
            MOST_AT_ONCE,
        )
        return Screen(text=most)
    return await _asked(context, numbers)


async def ask_again(context: Context, packed: str) -> Screen:
    """Ask before the profiles of a button are deleted."""
    return await _asked(context, unpack(packed))


async def ask_anew(context: Context, data: str) -> Screen:
    """Ask anew, from the data of `delete`."""
    return await _asked(context, unpack(data[:-SEEN]))


async def delete(context: Context, data: str) -> Screen:
    """Delete the profiles of the question, if they would take what it named."""
    packed, seen = data[:-SEEN], data[-SEEN:]
    names = await context.write(profile_removal.remove, context.actor_id, unpack(packed), context.now, seen=seen)
    say = context.words.say
    if len(names) == 1:
        text = say("“{name}” is deleted. /profiles shows the others.", name=names[0])
    else:
        deleted = context.words.count("Deleted {number} profile:", "Deleted {number} profiles:", len(names))
        text = lines(deleted, *map(isolate, names), "", say("/profiles shows the others."))
    undoing = tap(say("Undo"), "undrop", packed)
    # The way back stands where "Delete" was, so that a double tap doesn't undo the deletion.
    return Screen(text=text, rows=rows([tap(say("‹ Links"), "profiles", 0, ""), undoing]))


async def undo(context: Context, packed: str) -> Screen:
    """Restore profiles that were just deleted."""
    numbers = unpack(packed)
    names = await context.write(profile_removal.undo, context.actor_id, numbers, context.now)
    if len(numbers) == 1:
        return profile_screen(context, await shown(context, numbers[0]), toast=context.words.say("Profile restored"))
    back = context.words.count("Restored {number} profile:", "Restored {number} profiles:", len(names))
    listing = tap(context.words.say("‹ Links"), "profiles", 0, "")
    return Screen(text=lines(back, *map(isolate, names)), rows=rows([listing]))


async def became(context: Context, profile_id: int) -> Screen | None:
    """Say what became of a deleted profile; None if it isn't deleted, or if the person couldn't read it."""
    try:
        removed = await context.read(profile_removal.removed, context.actor_id, profile_id)
    except ProfileNotFound:
        return None
    say, day = context.words.say, context.words.moment(removed.at)
    said = (
        say("“{name}” was deleted by {person}, {day}.", name=removed.name, person=removed.by, day=day)
        if removed.by
        else say("“{name}” was deleted, {day}.", name=removed.name, day=day)
    )
    return Screen(text=said, rows=rows([tap(say("‹ Links"), "profiles", 0, "")]))


async def _asked(context: Context, numbers: Sequence[int]) -> Screen:
    """Ask, naming the profiles and all that would go with them."""
    preview = await context.read(profile_removal.preview, context.actor_id, numbers)
    say, removals = context.words.say, preview.removals
    keeping = tap(say("Cancel"), "profile", numbers[0]) if len(numbers) == 1 else tap(say("Cancel"), "profiles", 0, "")
    deleting = tap(say("Delete"), "end!", f"{pack(numbers)}{preview.seen}", style="danger")
    waiting = [name for each in removals for name in each.waiting]
    return Screen(
        text=lines(
            *_question(context, removals),
            *turned_away(context.words, waiting, sum(each.unnamed for each in removals)),
            "",
            say("You can undo it for a minute, with everything that it took."),
        ),
        rows=rows([deleting, keeping]),
    )


def _question(context: Context, removals: Sequence[Removal]) -> list[Markup | str]:
    say = context.words.say
    if len(removals) == 1:
        [one] = removals
        consequence = (
            say("Its link will stop working for good. The learners who signed up through it stay.")
            if one.links == 1
            else say(
                "Its {links} links will stop working. The learners who signed up through them stay.", links=one.links
            )
        )
        return [say("Delete “{name}” (#{number})?", name=one.name, number=one.profile_id), consequence]
    return [
        context.words.count("Delete {number} profile?", "Delete {number} profiles?", len(removals)),
        *(Markup("{} (#{})").format(isolate(each.name), each.profile_id) for each in removals),
        "",
        say("Their links will stop working for good. The learners who signed up through them stay."),
    ]


COMMANDS = (
    Command(
        name="deleteprofile",
        handler=ask,
        summary=N_("Delete one or more profiles, after confirmation"),
        examples=("/deleteprofile 1", "/deleteprofile 1 2 3"),
        permission=Permission.MANAGE_PROFILES,
        subject=Subject.PROFILES,
        rank=1,
        by_profile_number=True,
        opens=profile_list.select_from_the_start,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "drop": ask_again,
    "end!": delete,
    "undrop": undo,
}
