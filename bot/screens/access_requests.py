"""Requests for access: how one, and several, are shown to those who may answer them."""

from collections.abc import Callable, Mapping

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.screens.screen import Screen, apart, rows, tap
from bot.wording.addresses import mail
from bot.wording.phrases import N_, Words
from bot.wording.text import isolate, lines
from core.domain.access import UserState
from core.domain.access_requests import Cure
from core.domain.links import LinkState
from core.services.joint_answers import Answer
from core.services.request_answers import Asked, Holder, Listing

FIRST = 0  # in a button's data
CURES = tuple(Cure)  # a button carries the place of one
LONGEST_NAME = 30

CURING: Mapping[Cure, str] = {
    Cure.KEEP: N_("Approve"),
    Cure.PLACE: N_("+1 place"),
    Cure.PLACES: N_("+10 places"),
    Cure.WEEK: N_("1 week more"),
    Cure.OPEN_NOW: N_("Open now"),
    Cure.RESUME: N_("Resume"),
    Cure.SWITCH_ON: N_("Turn sign-up on"),
}

_WHY: Mapping[LinkState, Callable[[Words, Asked], Markup]] = {
    LinkState.OPEN: lambda words, _: words.say("The link works now."),
    LinkState.FULL: lambda words, each: words.say(
        "It is full: {used} of {limit}.", used=each.in_use, limit=each.limit or 0
    ),
    LinkState.ENDED: lambda words, each: words.say("It ended on {end}.", end=words.moment(each.ends_at)),
    LinkState.NOT_YET_OPEN: lambda words, each: words.say("It opens on {start}.", start=words.moment(each.starts_at)),
    LinkState.PAUSED: lambda words, _: words.say("It is paused."),
    LinkState.SIGN_UP_OFF: lambda words, _: words.say("Sign-up is off."),
    LinkState.REPLACED: lambda words, _: words.say("The link was replaced since: send the person the new one."),
    **dict.fromkeys(
        (LinkState.WITHDRAWN, LinkState.USED),
        lambda words, _: words.say("It was a personal link, which no longer works: send the person a new one."),
    ),
}

_HAS_ACCOUNT: Mapping[UserState, str] = {
    UserState.ACTIVE: N_("⚠️ This address has an account already: its owner can log in."),
    UserState.INACTIVE: N_("⚠️ This address has an account already, which is not active."),
    UserState.PENDING: N_("⚠️ Somebody has signed up with this address already, and waits to be let in."),
}


def one(words: Words, each: Asked, *, more: int = 0, stamped: int | str = "") -> Screen:
    """Show a request with the buttons that answer it: first what opens the link; `more` further ones are open.

    `stamped`: it takes the place of another one, as `hasty_taps` has it.
    """
    say = words.say
    others = tap(words.count("{number} more request", "{number} more requests", more), "requests", FIRST)
    return Screen(
        text=lines(*_about(words, each), say("The request is open until {until}.", until=words.moment(each.until))),
        rows=rows(
            [_curing(words, each, cure, stamped) for cure in each.cures],
            [
                tap(say("Decline"), "request-decline", each.request_id),
                apart(tap(say("The profile"), "profile", each.profile_id)),
            ],
            _to_holder(words, each.holder),
            [others] if more else [],
        ),
    )


def several(words: Words, listing: Listing, *, stamped: int | str = "") -> Screen | None:
    """Show the open requests in one message, each with a button that leads to it; None if there is none."""
    if not listing.asked:
        return None
    if listing.total == 1:
        return one(words, listing.asked[0], stamped=stamped)
    title = words.count("{number} person asks for access", "{number} people ask for access", listing.total)
    shown = [line for each in listing.asked for line in ("", *_about(words, each))]
    older = tap(words.say("Further ›"), "requests", listing.newer_than) if listing.newer_than is not None else None
    return Screen(
        text=lines(title, *shown),
        rows=rows(*([_to(each)] for each in listing.asked), _answering_all(words), [older] if older else []),
    )


def _about(words: Words, each: Asked) -> list[Markup]:
    asks = words.say(
        "{name} ({email}) asks to join “{profile}”.",
        name=each.name,
        email=mail(words, each.email),
        profile=each.profile_name,
    )
    message = [Markup("<blockquote>{}</blockquote>").format(isolate(each.message))] if each.message else []
    why = _WHY.get(each.state)
    known = [words.say(_HAS_ACCOUNT[each.holder.state])] if each.holder and each.holder.state in _HAS_ACCOUNT else []
    return [asks, *message, *known, *([why(words, each)] if why else [])]


def _to_holder(words: Words, holder: Holder | None) -> list[InlineKeyboardButton]:
    """Return the button to the person who has the address already, if the reader may see them."""
    if holder is None or holder.user_id is None:
        return []
    return [apart(tap(words.say("Show the person"), "person", holder.user_id))]


def _answering_all(words: Words) -> list[InlineKeyboardButton]:
    return [
        tap(words.say("Approve all"), "answer-requests", Answer.APPROVE),
        tap(words.say("Decline all"), "answer-requests", Answer.DECLINE),
    ]


def curing(words: Words, cure: Cure) -> Markup:
    """Name what opens a link."""
    return words.say(CURING[cure])


def granting(words: Words, each: Asked, cure: Cure) -> Markup:
    """Name what lets a person in: what opens their link, and the place more that they get, if it takes one."""
    done = [cure, Cure.PLACE] if each.adds_place else [cure]
    return Markup(", ").join(curing(words, part) for part in done)


def has_account(each: Asked) -> bool:
    """Return whether the address of a person is somebody's already."""
    return each.holder is not None and each.holder.state in _HAS_ACCOUNT


def _curing(words: Words, each: Asked, cure: Cure, stamped: int | str) -> InlineKeyboardButton:
    carried = each.request_id, CURES.index(cure), *([stamped] if stamped else [])
    return tap(granting(words, each, cure), "request-grant", *carried, style="success")


def _to(each: Asked) -> InlineKeyboardButton:
    return tap(f"#{each.request_id} {each.name}"[:LONGEST_NAME], "request", each.request_id)
