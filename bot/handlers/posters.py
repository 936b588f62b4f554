"""A profile's link as a poster to print, in the account's language."""

import asyncio
from collections.abc import Mapping

from markupsafe import Markup

from bot.context import Context
from bot.handlers.profiles import changeable
from bot.menu.buttons import ButtonHandler, by_number
from bot.screens.lettering import drawable, written
from bot.screens.poster import Poster, draw
from bot.screens.profile_card import MARKS, when
from bot.screens.screen import Attachment, Screen
from bot.wording.phrases import Words
from bot.wording.text import isolate, lines
from core.domain.naming import own_name
from core.services.profiles import Card


async def send(context: Context, profile_id: int) -> Screen:
    """Send a profile's poster as a PDF of one page. Raises ProfileNotFound, ProfileReadOnly."""
    card = await changeable(context, profile_id)
    organisation = card.organisation.name or ""
    poster = poster_of(context.words_of(card.organisation), card, organisation, context.link(card.token))
    contents = await asyncio.to_thread(draw, poster)
    say = context.words.say
    hidden = not (drawable(own_name(card.department) or "") and drawable(organisation))
    return Screen(
        text=lines(
            Markup("{} {}").format(MARKS[card.state], isolate(card.name)),
            when(context.words, card),
            say("A page of A4 to print."),
            say("Letters that the poster's font lacks are left out.") if hidden else None,
        ),
        attachment=Attachment(name=f"gangway-poster-{profile_id}.pdf", contents=contents),
    )


def poster_of(words: Words, card: Card, organisation: str, link: str) -> Poster:
    """Return what a profile's poster says, in the words of those who read it."""
    ends = words.language.full_moment(card.window.ends_at, words.zone, now=words.now)
    city = words.language.city(words.zone)
    return Poster(
        organisation=written(organisation),
        title=words.say("Scan to sign up").unescape(),
        name=written(own_name(card.department) or ""),
        until=words.say("Open until {moment} ({city})", moment=ends, city=city).unescape(),
        link=link,
    )


BUTTONS: Mapping[str, ButtonHandler] = {"poster": by_number(send)}
