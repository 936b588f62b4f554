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

CODE = "digest-"  # before a digest's number, behind `?startgroup=`


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
            say("To have it in a group, choose the group below: I come there, if I am not there yet."),
            say("Then I ask you here whether everyone there may read it."),
            say("For a topic of a group, write this line in it:"),
            line,
            None if card.main else say("There you choose this digest."),
        ),
        rows=rows(
            [_choosing(context, digest_id)],
            [tap(say("Bring it to this chat"), "digest-here", digest_id)] if in_group else [],
            [tap(say("‹ Digest"), "digest-card", digest_id)],
        ),
    )


async def bring_here(context: Context, digest_id: int) -> Screen:
    """Let a digest come to the private chat again."""
    card = await context.write(digest_editing.bring_home, context.actor_id, digest_id, context.now)
    return card_screen(context, card, context.words.say("It comes to this chat."))


def _choosing(context: Context, digest_id: int) -> InlineKeyboardButton:
    """Return the button by which Telegram lets a person choose a group to which they may add bots (deep links).

    The code is sent there as `/start CODE`, also if the bot is in the group already.
    """
    link = f"https://t.me/{context.bot_name}?startgroup={CODE}{digest_id}"
    return InlineKeyboardButton(context.words.say("Choose a group").unescape(), url=link)


BUTTONS: Mapping[str, ButtonHandler] = {
    "digest-place": by_number(show),
    "digest-here": by_number(bring_here),
}
