"""My digests that have stopped: told when I am back, and resumed by a tap."""

from collections.abc import Mapping
from dataclasses import replace

from markupsafe import Markup

from bot.context import Context, TelegramSilent
from bot.handlers import digest, digest_cards
from bot.menu.buttons import ButtonHandler, by_number
from bot.screens import stopped_digests
from bot.screens.screen import Screen
from bot.screens.stopped_digests import RESUME, RESUME_ALL_HERE, RESUME_HERE, RESUME_ONE, RESUME_THERE
from core.domain.access import Permission
from core.services import digest_resuming
from core.services.digest_resuming import LostGroup, Resumed


async def offer(context: Context) -> Screen | None:
    """Tell which of my digests have stopped, with a button that resumes them; None if none has."""
    if Permission.RECEIVE_DIGESTS not in context.person.permissions:
        return None
    stopped = await context.read(digest_resuming.stopped, context.actor_id)
    return stopped_digests.own(context.words, stopped) if stopped else None


async def resume(context: Context, _arguments: str) -> Screen:
    """Let my digests go on, and show them."""
    found = await context.write(digest_resuming.resume, context.actor_id, context.now)
    return replace(await digest.digest(context, ""), toast=_said(context, found))


async def resume_one(context: Context, digest_id: int) -> Screen:
    """Let one of my digests go on, and show its card."""
    args = context.actor_id, context.now
    found = await context.write(digest_resuming.resume, *args, digest_id=digest_id)
    return replace(await digest_cards.show(context, digest_id), toast=_said(context, found))


async def resume_here(context: Context, digest_id: int) -> Screen:
    """Let a digest that has lost its group come here; if others have stopped for the same group, ask about all."""
    alike = await context.read(digest_resuming.stopped_with, context.actor_id, digest_id)
    if len(alike) > 1:
        return stopped_digests.all_here(context.words, alike, digest_id)
    return await resume_one(context, digest_id)


async def resume_all_here(context: Context, digest_id: int) -> Screen:
    """Let all digests come here that have stopped for the same group as this one."""
    group = await context.read(digest_resuming.lost_group_of, context.actor_id, digest_id)
    if group is None:
        return await digest_cards.show(context, digest_id)
    args = context.actor_id, context.now
    found = await context.write(digest_resuming.resume, *args, lost_chat_id=group.chat_id)
    return replace(await digest.digest(context, ""), toast=_said(context, found))


async def resume_there(context: Context, digest_id: int) -> Screen:
    """Let digests go on in the group that they have lost, where Telegram says that it is back; or say what to do."""
    group = await context.read(digest_resuming.lost_group_of, context.actor_id, digest_id)
    if group is None:
        return await digest_cards.show(context, digest_id)
    try:
        chats = await _writable(context, group)
    except TelegramSilent:
        return stopped_digests.not_known(context.words, group, digest_id)
    if not chats:
        return stopped_digests.not_back(context.words, group, digest_id)
    found = await context.write(digest_resuming.resume_there, context.actor_id, group.chat_id, chats, context.now)
    return replace(await digest_cards.show(context, digest_id), toast=_said(context, found))


async def _writable(context: Context, group: LostGroup) -> dict[int | None, int]:
    """Return the topics of a lost group that the bot can write to, each with the group's number now."""
    asked = {thread_id: await context.writable(group.chat_id, thread_id) for thread_id in group.threads}
    return {thread_id: chat_id for thread_id, chat_id in asked.items() if chat_id is not None}


def _said(context: Context, found: Resumed) -> Markup:
    say, count = context.words.say, context.words.count
    parts = [
        count("{number} digest goes on.", "{number} digests go on.", found.resumed) if found.resumed else None,
        count(
            "{number} stays stopped: its department is no longer yours.",
            "{number} stay stopped: their departments are no longer yours.",
            found.staying,
        )
        if found.staying
        else None,
    ]
    return Markup(" ").join(part for part in parts if part) or say("None of your digests has stopped.")


BUTTONS: Mapping[str, ButtonHandler] = {
    RESUME: resume,
    RESUME_ONE: by_number(resume_one),
    RESUME_HERE: by_number(resume_here),
    RESUME_ALL_HERE: by_number(resume_all_here),
    RESUME_THERE: by_number(resume_there),
}
