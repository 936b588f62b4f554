"""`@bot words` in any chat: profiles to share as cards."""

from markupsafe import Markup
from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.constants import ParseMode

from bot.context import Context
from bot.screens.profile_card import MARKS, when
from bot.wording.text import fitting, isolate, lines
from core.domain.links import LinkState
from core.domain.naming import format_path
from core.errors import NotAllowed
from core.services import profiles
from core.services.profiles import Card

AT_MOST = 20
WORTH_SHARING = frozenset({LinkState.OPEN, LinkState.NOT_YET_OPEN})


async def results(context: Context, words: str) -> list[InlineQueryResultArticle]:
    """Return the cards of the profiles that the person may share and whose names have these words.

    They are for this person and this moment only: the answer is personal, with a cache time of 0.
    """
    try:
        found = await context.read(profiles.shareable, context.actor_id, words, context.now, at_most=AT_MOST)
    except NotAllowed:
        return []
    return [_article(context, card) for card in found]


def _article(context: Context, card: Card) -> InlineQueryResultArticle:
    """Return a card for future learners: name, department and time, without any figures of the account."""
    linked, public = card.state in WORTH_SHARING, context.is_public
    text = lines(
        Markup("<b>{}</b>").format(isolate(card.name)),
        isolate(format_path(card.department)),
        when(context.words, card),
        Markup.escape(context.link(card.token)) if linked and not public else None,
    )
    return InlineQueryResultArticle(
        id=str(card.profile_id),
        title=card.name,
        description=f"{MARKS[card.state]} {when(context.words, card).unescape()}",
        input_message_content=InputTextMessageContent(
            fitting(text),
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        reply_markup=_sign_up(context, card) if linked and public else None,
    )


def _sign_up(context: Context, card: Card) -> InlineKeyboardMarkup:
    label = context.words.say("Sign up").unescape()
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, url=context.link(card.token))]])
