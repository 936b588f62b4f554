"""Where a digest goes: to the private chat, or to a group, and the way from one to the other."""

from collections.abc import Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.handlers.digest_cards import card_screen
from bot.menu.buttons import ButtonHandler, by_number
from bot.screens.screen import Screen, rows, tap
from bot.wording.digest_cards import about, typed
from bot.wording.group_digests import goes_to_group, group_title
from bot.wording.text import lines
from core.services import digest_cards, digest_editing
from core.services.digest_editing import USUAL


async def show(context: Context, digest_id: int) -> Screen:
    """Say where a digest goes, and how it goes to a group, or comes here again."""
    card = await context.read(digest_cards.card, context.actor_id, digest_id)
    say, subscription = context.words.say, card.subscription
    in_group = goes_to_group(subscription)
    line = context.words.line(f"/digest {typed(subscription.cadence or USUAL)}")
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(say("Digest: {about}", about=about(context.words, card.named))),
            say("It goes to the group {group}.", group=group_title(context.words, subscription.group_title or ""))
            if in_group
            else say("It comes to this chat."),
            "",
            say("To have it in a group, add me there, and write this line in the group, or in a topic of it:"),
            line,
            say("Then I ask you here whether everyone there may read it."),
            None if card.main else say("There you choose this digest."),
        ),
        rows=rows(
            [_adding(context)],
            [tap(say("Bring it to this chat"), "digest-here", digest_id)] if in_group else [],
            [tap(say("‹ Digest"), "digest-card", digest_id)],
        ),
    )


async def bring_here(context: Context, digest_id: int) -> Screen:
    """Let a digest come to the private chat again."""
    card = await context.write(digest_editing.bring_home, context.actor_id, digest_id, context.now)
    return card_screen(context, card, context.words.say("It comes to this chat."))


def _adding(context: Context) -> InlineKeyboardButton:
    """Return the button by which Telegram lets a person choose a group of theirs (Bot API, deep links)."""
    link = f"https://t.me/{context.bot_name}?startgroup=digest"
    return InlineKeyboardButton(context.words.say("➕ Add to a group").unescape(), url=link)


BUTTONS: Mapping[str, ButtonHandler] = {
    "digest-place": by_number(show),
    "digest-here": by_number(bring_here),
}
