"""Alerts about profiles and seats, as screens with buttons that do something about it at once."""

from collections.abc import Callable, Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.screens.profile_card import missing_row, used, waiting_row
from bot.screens.screen import Screen, rows, tap
from bot.wording.phrases import Words
from bot.wording.text import lines
from core.domain.alerts import ENDS_SOON, is_mostly_used
from core.domain.links import LinkState
from core.domain.outbox import Kind
from core.services import people
from core.services.profile_changes import as_seconds
from core.services.profiles import Card


def first_learner(words: Words, card: Card, learner: str | None) -> Screen:
    """Say who was the first, if the recipient may see them, and that the link works, if it still does."""
    say = words.say
    text = (
        say("The first learner signed up through “{name}”: {learner}.", name=card.name, learner=learner)
        if learner
        else say("The first learner signed up through “{name}”.", name=card.name)
    )
    works = Markup(" {}").format(say("The link works.")) if card.state is LinkState.OPEN else ""
    return Screen(text=text + works, rows=rows(_to_profile(words, card)))


def full(words: Words, card: Card) -> Screen | None:
    """Say that a profile is full; None if it no longer is."""
    if _left(card) != 0:
        return None
    text = words.say("“{name}” is full: {places}.", name=card.name, places=used(words, card))
    return Screen(text=text, rows=rows(_waiting(words, card), _more_places(words, card), _to_profile(words, card)))


def mostly_used(words: Words, card: Card) -> Screen | None:
    """Say that most of a profile's places are used; None if they no longer are, or all are."""
    if not is_mostly_used(card.used + card.reserved, card.limit) or not _left(card):
        return None
    text = words.say("“{name}” is nearly full: {places}.", name=card.name, places=used(words, card))
    return Screen(text=text, rows=rows(_waiting(words, card), _more_places(words, card), _to_profile(words, card)))


def places_unused(words: Words, card: Card) -> Screen | None:
    """Say that a profile ends soon with places left; None if it no longer does."""
    left = _left(card)
    if not words.now <= card.window.ends_at <= words.now + ENDS_SOON or not left:
        return None
    text = words.say(
        "“{name}” closes {when}: {places}.",
        name=card.name,
        when=words.echo(card.window.ends_at),
        places=words.count("{number} place left", "{number} places left", left),
    )
    return Screen(
        text=text,
        rows=rows(
            _more_time(words, card),
            missing_row(words, card.profile_id, card.roster),
            _to_profile(words, card),
        ),
    )


def _left(card: Card) -> int | None:
    return None if card.limit is None else card.limit - card.used - card.reserved


OF_PROFILES: Mapping[Kind, Callable[[Words, Card], Screen | None]] = {
    Kind.PROFILE_FULL: full,
    Kind.MOSTLY_USED: mostly_used,
    Kind.PLACES_UNUSED: places_unused,
}


def seats_scarce(words: Words, taken: int | None, seats: int | None) -> Screen | None:
    """Say that most seats are taken; None if there is no limit any more."""
    if taken is None:
        return None
    return Screen(
        text=lines(
            words.say("{taken} of {seats} seats are taken.", taken=taken, seats=seats),
            words.say("Newcomers without a seat are not active until you free one and activate them."),
        ),
        rows=rows([tap(words.say("👥 People"), "people", 0, ""), _to_seats(words)]),
    )


def no_seat_left(words: Words, newcomer: people.Card) -> Screen:
    """Say who signed up without getting a seat, with the ways to free one and to activate them."""
    return Screen(
        text=words.say(
            "{name} signed up, but no seat is left, so the account is not active. Free a seat and activate it.",
            name=newcomer.name,
        ),
        rows=rows([tap(words.say("Show the person"), "person", newcomer.user_id)], [_to_seats(words)]),
    )


def _to_seats(words: Words) -> InlineKeyboardButton:
    return tap(words.say("Seats"), "setting", "seats")


def _to_profile(words: Words, card: Card) -> list[InlineKeyboardButton]:
    return [tap(words.say("Show the profile"), "profile", card.profile_id)]


def _waiting(words: Words, card: Card) -> list[InlineKeyboardButton]:
    return waiting_row(words, card.profile_id, card.waiting) if card.editable else []


def _more_places(words: Words, card: Card) -> list[InlineKeyboardButton]:
    """Return the button that adds places to those that it shows: a second tap adds nothing."""
    if not card.editable or card.limit is None:
        return []
    return [tap(words.say("+10 places"), "places", card.profile_id, card.limit)]


def _more_time(words: Words, card: Card) -> list[InlineKeyboardButton]:
    """Return the button that adds a week to the end that it shows: a second tap adds nothing."""
    if not card.editable or card.limit is None:
        return []
    return [tap(words.say("+1 week"), "week", card.profile_id, as_seconds(card.window.ends_at))]
