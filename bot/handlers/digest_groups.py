"""The groups that get digests: after a question in the private chat, and until that is ended."""

from collections.abc import Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.menu.buttons import ButtonHandler, by_number, by_numbers
from bot.screens.paging import page_buttons
from bot.screens.screen import Screen, rows, tap
from bot.wording.group_digests import group_title, moved, schedule
from bot.wording.lists import page_of
from bot.wording.text import address, lines
from core.services import group_digests
from core.services.group_digests import Connection

A_PAGE = 8


async def confirm_group(context: Context, question_id: int, digest_id: int = 0) -> Screen:
    """Send the main digest, or another one, to the group that was asked about."""
    say, args = context.words.say, (context.actor_id, question_id, context.now)
    wanted = await context.write(group_digests.confirm, *args, digest_id=digest_id or None)
    title = group_title(context.words, wanted.title)
    if wanted.cadence is None:
        return Screen(text=say("Your digest is on its way to the group {group}.", group=title))
    return Screen(
        text=lines(
            say("The group {group} gets your digest now.", group=title),
            schedule(context.words, wanted.cadence),
            None if wanted.instead_of is None else moved(context.words, wanted.instead_of),
            say("/digest shows this, and has a button to end it."),
        )
    )


async def decline_group(context: Context, question_id: int) -> Screen:
    """Send nothing to the group that was asked about."""
    await context.write(group_digests.decline, context.actor_id, question_id, context.now)
    return Screen(text=context.words.say("The group gets nothing. /digest shows your own digest."))


async def groups(context: Context, wanted: int) -> Screen:
    """List a page of the groups that get digests, each with a button to end that."""
    if context.group is not None:
        return Screen(text=elsewhere(context))
    found, say = await context.read(group_digests.connections, context.actor_id), context.words.say
    if not found:
        return Screen(text=say("No group gets a digest."))
    shown = page_of([_connection(context, each) for each in found], wanted, most=A_PAGE)
    return Screen(
        text=lines(
            context.words.count("{number} group gets a digest", "{number} groups get a digest", len(found)),
            *(part for place in shown.places for part in ("", _connection(context, found[place]))),
        ),
        rows=rows(
            *([_ending(context, found[place])] for place in shown.places),
            page_buttons(context.words, shown, "digest-groups"),
            [tap(say("‹ Digest"), "digest", "")],
        ),
    )


async def end_group(context: Context, digest_id: int) -> Screen:
    """End a digest that goes to a group."""
    await context.write(group_digests.revoke, context.actor_id, digest_id, context.now)
    say = context.words.say
    return Screen(
        text=say("Digest #{number} is ended: its group no longer gets it.", number=digest_id),
        rows=rows([tap(say("‹ Groups"), "digest-groups", 0)]),
    )


def _connection(context: Context, connection: Connection) -> Markup:
    since = context.words.say("since {when}", when=context.words.moment(connection.connected_at))
    title = group_title(context.words, connection.title)
    whose = context.words.say("the digest of {name}", name=connection.person)
    return Markup("#{} · {} · {} · {}").format(connection.digest_id, title, whose, since)


def _ending(context: Context, connection: Connection) -> InlineKeyboardButton:
    label = context.words.say("End #{number}", number=connection.digest_id)
    return tap(label, "digest-end", connection.digest_id, style="danger")


def elsewhere(context: Context) -> Markup:
    """Say in a group that one is answered in private."""
    return context.words.say("Ask me this in our private chat: {link}", link=link(context))


def link(context: Context) -> Markup:
    """Write the way to the private chat."""
    return address(f"https://t.me/{context.bot_name}")


BUTTONS: Mapping[str, ButtonHandler] = {
    "digest-group!": by_numbers(confirm_group, at_most=2),
    "digest-group-no": by_number(decline_group),
    "digest-groups": by_number(groups),
    "digest-end": by_number(end_group),
}
