"""The card of a profile for future learners, in a group or shared into any chat; it is edited with the profile."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.screens.screen import Screen, copy, rows
from bot.wording.phrases import Words
from bot.wording.text import isolate, lines
from core.domain.links import LinkState
from core.domain.naming import format_path
from core.services.live_card_faces import Face

LEADING = frozenset({LinkState.OPEN, LinkState.NOT_YET_OPEN, LinkState.FULL})  # whose link is worth opening


def live_card(words: Words, face: Face, link: str, *, public: bool) -> Screen:
    """Show what is true now, with no time that passes; `public`: a button can lead to the link."""
    leads = face.state in LEADING
    return Screen(
        text=lines(
            Markup("<b>{}</b>").format(isolate(face.name)),
            isolate(format_path(face.department)),
            _state(words, face),
            None if face.left is None else words.count("{number} place left", "{number} places left", face.left),
            Markup.escape(link) if leads and not public else None,
        ),
        rows=rows([_leading(words, face, link, public=public)] if leads else []),
    )


def taken_out(words: Words, name: str) -> Screen:
    """Say that a card is no longer kept in its group."""
    return Screen(text=words.say("The card of “{name}” was taken out of this group.", name=name))


def _state(words: Words, face: Face) -> Markup:
    start, end = words.clock(face.window.starts_at), words.clock(face.window.ends_at)
    match face.state:
        case LinkState.OPEN:
            return words.say("Open until {end}", end=end)
        case LinkState.NOT_YET_OPEN:
            return words.say("Opens {start}, closes {end}", start=start, end=end)
        case LinkState.ENDED:
            return words.say("Ended {end}", end=end)
        case LinkState.FULL:
            return words.say("Full: all places are taken")
        case LinkState.PAUSED | LinkState.SIGN_UP_OFF:
            return words.say("Closed for now")
        case _:
            return words.say("This sign-up no longer exists")


def _leading(words: Words, face: Face, link: str, *, public: bool) -> InlineKeyboardButton | None:
    """Return the button that leads to the link. A message via the bot can only be edited if it was sent with one."""
    if not public:
        return copy(words.say("Copy link"), link)
    label = words.say("Ask for a place") if face.state is LinkState.FULL else words.say("Sign up")
    return InlineKeyboardButton(label.unescape(), url=link)
