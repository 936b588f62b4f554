"""/deleteprofile and the selection in a list: deletes profiles after a question that names them."""

from collections.abc import Mapping, Sequence
from zlib import crc32

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers.profiles import shown
from bot.input.arguments import StaleButton, UsageError, is_number, number
from bot.input.callback_data import pack, unpack
from bot.menu.buttons import ButtonHandler
from bot.menu.command import Command, Subject
from bot.screens.profile_card import listed, profile_screen
from bot.screens.screen import Screen, rows, tap
from bot.screens.searches import words_of
from bot.wording.lists import turned_away
from bot.wording.phrases import N_
from bot.wording.text import isolate, lines
from core.domain.access import Permission
from core.errors import ProfileNotFound
from core.services import profile_removal, profiles
from core.services.profile_removal import SEEN, Removal
from core.services.profiles import Card, Listing

MOST_AT_ONCE = 10  # the numbers have to fit into a button's data


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
    return Screen(text=text, rows=rows([tap(say("‹ Profiles"), "profiles", 0, ""), undoing]))


async def undo(context: Context, packed: str) -> Screen:
    """Restore profiles that were just deleted."""
    numbers = unpack(packed)
    names = await context.write(profile_removal.undo, context.actor_id, numbers, context.now)
    if len(numbers) == 1:
        return profile_screen(context, await shown(context, numbers[0]), toast=context.words.say("Profile restored"))
    back = context.words.count("Restored {number} profile:", "Restored {number} profiles:", len(names))
    listing = tap(context.words.say("‹ Profiles"), "profiles", 0, "")
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


async def select(context: Context, data: str) -> Screen:
    """Begin to select profiles on a page of the list."""
    match data.split(":", 1):
        case [wanted, asked] if is_number(wanted):
            return _selection(context, await _listing(context, int(wanted), asked), asked, marked=0)
    raise StaleButton


async def select_from_the_start(context: Context, _text: str) -> Screen:
    """Begin to select profiles on the first page of the list."""
    return await select(context, "0:")


async def mark(context: Context, data: str) -> Screen:
    """Show the page with a changed selection; if the list has changed, clear the selection."""
    match data.split(":", 3):
        case [wanted, marked, seen, asked] if is_number(wanted) and is_number(marked):
            listing = await _listing(context, int(wanted), asked)
            if seen != _fingerprint(listing):
                screen = _selection(context, listing, asked, marked=0)
                changed = context.words.say("The list has changed. Select again.")
                return Screen(text=screen.text, rows=screen.rows, toast=changed)
            on_the_page = (1 << len(listing.cards)) - 1
            return _selection(context, listing, asked, marked=int(marked) & on_the_page)
    raise StaleButton


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


async def _listing(context: Context, wanted: int, asked: str) -> Listing:
    words = await words_of(context, asked)
    return await context.read(profiles.listing, context.actor_id, words, wanted, context.now)


def _selection(context: Context, listing: Listing, asked: str, *, marked: int) -> Screen:
    """Show a page to select profiles on; `asked` is the search as a button carries it, `marked` has a bit a place."""
    say = context.words.say
    toggles = [_toggle(listing, asked, place, marked) for place, card in enumerate(listing.cards) if card.editable]
    chosen = [card for place, card in enumerate(listing.cards) if marked >> place & 1 and card.editable]
    deleting = [_deleting(context, chosen)] if chosen else []
    return Screen(
        text=lines(
            say("Tap the numbers of the profiles to delete. You will be asked before anything is deleted."),
            *(lines("", listed(context.words, card)) for card in listing.cards if card.editable),
        ),
        rows=rows(toggles[:5], toggles[5:], deleting, [tap(say("‹ Profiles"), "profiles", listing.page, asked)]),
    )


def _toggle(listing: Listing, asked: str, place: int, marked: int) -> InlineKeyboardButton:
    sign = "✅" if marked >> place & 1 else "◻️"
    label = f"{sign} #{listing.cards[place].profile_id}"
    return tap(label, "mark", listing.page, marked ^ 1 << place, _fingerprint(listing), asked)


def _deleting(context: Context, chosen: Sequence[Card]) -> InlineKeyboardButton:
    label = context.words.count("Delete {number} profile", "Delete {number} profiles", len(chosen))
    return tap(label, "drop", pack(card.profile_id for card in chosen), style="danger")


def _fingerprint(listing: Listing) -> str:
    """Return a fingerprint of the profiles on a page."""
    return f"{crc32(repr([card.profile_id for card in listing.cards]).encode()):x}"


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
        opens=select_from_the_start,
    ),
)
BUTTONS: Mapping[str, ButtonHandler] = {
    "select": select,
    "mark": mark,
    "drop": ask_again,
    "end!": delete,
    "undrop": undo,
}
