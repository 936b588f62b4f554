"""My digests that did not arrive, each with a button that sends it again."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.menu.buttons import ButtonHandler, by_number
from bot.screens.missed_digests import UNDELIVERED, failed
from bot.screens.screen import Screen, rows, tap
from bot.screens.stopped_digests import resuming_any
from bot.wording import delivery
from bot.wording.digest_cards import about
from bot.wording.text import lines
from core.services import undelivered_digests
from core.services.digest_cards import DigestCard
from core.services.undelivered_digests import Undelivered


async def troubles(context: Context, cards: Sequence[DigestCard]) -> list[InlineKeyboardButton]:
    """Return the buttons of what is to be done about my digests: resumed if one has stopped, sent again."""
    undelivered = await context.read(undelivered_digests.listing, context.actor_id, context.now)
    return [
        *resuming_any(context.words, cards),
        *([failed(context.words, len(undelivered))] if undelivered else []),
    ]


async def show(context: Context, _arguments: str) -> Screen:
    """List my digests that were refused, or may not have arrived."""
    return await _listed(context)


async def send_again(context: Context, run_id: int) -> Screen:
    """Send one of them again; the list stays."""
    say = context.words.say
    queued = await context.write(undelivered_digests.send_again, context.actor_id, run_id, context.now)
    on_its_way, told = say("Your digest is on its way."), say("Another digest has told it, or the next one will.")
    return await _listed(context, toast=on_its_way if queued else told)


async def _listed(context: Context, toast: Markup | None = None) -> Screen:
    found, say = await context.read(undelivered_digests.listing, context.actor_id, context.now), context.words.say
    back = [tap(say("‹ Digest"), "digest", "")]
    if not found:
        return Screen(text=say("All your digests of the last days arrived."), rows=rows(back), toast=toast)
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(say("These may not have arrived")),
            *(_said(context, place, each) for place, each in enumerate(found, start=1)),
        ),
        rows=rows(
            *(
                [tap(say("Send again: {number}", number=place), "digest-again", each.run_id)]
                for place, each in enumerate(found, start=1)
            ),
            back,
        ),
        toast=toast,
    )


def _said(context: Context, place: int, each: Undelivered) -> Markup:
    say = context.words.say
    unconfirmed = say("Telegram did not confirm it.")
    why = delivery.refused(context.words, each.refusal) if each.refusal else unconfirmed
    head = Markup("{}. {} · {}").format(place, about(context.words, each.named), context.words.moment(each.at))
    return lines("", head, why)


BUTTONS: Mapping[str, ButtonHandler] = {
    UNDELIVERED: show,
    "digest-again": by_number(send_again),
}
