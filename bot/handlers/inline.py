"""`@bot words` in any chat: profiles to share as cards, which follow the profile afterwards."""

from contextlib import suppress

from telegram import InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions
from telegram.constants import ParseMode

from bot.context import Context
from bot.input.arguments import is_number
from bot.screens.live_card import live_card
from bot.screens.profile_card import MARKS, when
from bot.wording.text import fitting
from core.errors import NotAllowed, Refusal
from core.services import live_cards, profile_lists
from core.services.live_card_faces import face_of
from core.services.profiles import Card

AT_MOST = 20


async def results(context: Context, words: str) -> list[InlineQueryResultArticle]:
    """Return the cards of the profiles that the person may share and whose names have these words.

    They are for this person and this moment only: the answer is personal, with a cache time of 0.
    """
    try:
        found = await context.read(profile_lists.shareable, context.actor_id, words, context.now, at_most=AT_MOST)
    except NotAllowed:
        return []
    return [_article(context, card) for card in found]


async def keep(context: Context, result_id: str, inline_message_id: str) -> None:
    """Keep a card that was shared, so that it is edited when the profile changes; who may not, only shares it."""
    number, _, shown = result_id.partition(":")
    language = context.words.language.code
    if is_number(number):
        with suppress(Refusal):
            await context.write(
                live_cards.shared, context.actor_id, int(number), inline_message_id, shown, language, context.now
            )


def _article(context: Context, card: Card) -> InlineQueryResultArticle:
    """Return a card for future learners; its number carries what it shows, for `keep`."""
    face = face_of(card)
    screen = live_card(context.words, face, context.link(card.token), public=context.is_public)
    return InlineQueryResultArticle(
        id=f"{card.profile_id}:{face.seen}",
        title=card.name,
        description=f"{MARKS[card.state]} {when(context.words, card).unescape()}",
        input_message_content=InputTextMessageContent(
            fitting(screen.text),
            parse_mode=ParseMode.HTML,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        ),
        reply_markup=screen.markup,
    )
