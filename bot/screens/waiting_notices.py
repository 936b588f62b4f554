"""The notice about all who wait for their reader's answer: sign-ups to approve, and requests for access."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.screens import access_requests
from bot.screens.screen import Screen, rows, tap
from bot.wording.addresses import mail
from bot.wording.digest_overview import waiting as waiting_in_all
from bot.wording.labels import COMMA
from bot.wording.lists import more
from bot.wording.phrases import Words
from bot.wording.text import isolate, lines
from core.domain.outbox import Kind
from core.engine import Engine
from core.errors import SignUpNotPending
from core.services import alerts, request_answers, waiting_sign_ups
from core.services.joint_answers import Answer
from core.services.outbox import Message
from core.services.pending_sign_ups import Awaits
from core.services.waiting_sign_ups import Listing

NAMED = 5  # of those who wait besides
FIRST = 0  # in a button's data


class WaitingNotices:
    """Renders the messages about who waits."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def render(self, message: Message, words: Words, now: datetime) -> Screen | None:
        """Tell of all who wait, since one message does: first what the notice is about, then the rest."""
        listing = await self._engine.read(waiting_sign_ups.listing, message.user_id, "", now)
        if message.kind is Kind.APPROVAL_WANTED:
            return _with_requests(words, await self._approval_wanted(message, words, now, listing), listing.requests)
        if not await self._engine.read(alerts.is_on, message.kind):
            return None
        asked = await self._engine.read(request_answers.listing, message.user_id, now)
        screen = access_requests.several(words, asked)
        if screen is None or not listing.total:
            return screen
        answering = rows(_approving_all(words, listing.total))
        text = lines(screen.text, "", waiting_in_all(words, listing.total))
        return replace(screen, text=text, rows=(*screen.rows, *answering))

    async def _approval_wanted(self, message: Message, words: Words, now: datetime, listing: Listing) -> Screen:
        try:
            waiting = await self._engine.read(waiting_sign_ups.waiting, message.user_id, message.subject_id, now)
        except SignUpNotPending:
            if not listing.total:
                raise
            total = listing.total
            return Screen(text=waiting_in_all(words, total), rows=rows(_approving_all(words, total)))
        text = words.say(
            "{name} ({email}) wants to join through “{profile}”. The place is kept until {until}.",
            name=waiting.name,
            email=mail(words, waiting.email or ""),
            profile=waiting.profile_name,
            until=words.moment(waiting.expires_at),
        )
        say, number = words.say, waiting.user_id
        answers = [tap(say("Approve"), "approve", number, waiting.mark), tap(say("Decline"), "decline", number)]
        if listing.total == 1:
            return Screen(text=text, rows=rows(answers))
        others = [each.name for each in listing.waiting if each.user_id != number and each.awaits is Awaits.APPROVAL]
        return Screen(
            text=lines(text, "", waiting_in_all(words, listing.total), _also(words, others, listing.total - 1)),
            rows=rows(answers, _approving_all(words, listing.total)),
        )


def _with_requests(words: Words, screen: Screen, number: int) -> Screen:
    """Add how many people ask for access at closed links, if any does."""
    if not number:
        return screen
    asking = words.count("{number} person asks for access", "{number} people ask for access", number)
    label = words.count("{number} request for access", "{number} requests for access", number)
    leading = rows([tap(label, "requests", FIRST)])
    return replace(screen, text=lines(screen.text, "", asking), rows=(*screen.rows, *leading))


def _also(words: Words, others: Sequence[str], number: int) -> Markup | None:
    """Name the first of so many others who wait, the longest waiting first, and say how many more there are."""
    if not others:
        return None
    named = [isolate(name) for name in others[:NAMED]]
    return words.say("Also: {names}", names=COMMA.join([*named, *more(words, number - len(named))]))


def _approving_all(words: Words, number: int) -> list[InlineKeyboardButton]:
    """Return the buttons to a question whether to approve all who wait, which names them, and to the list of them."""
    one_by_one = tap(words.say("One by one"), "waiting", FIRST, "")
    if number < 2:  # noqa: PLR2004 - one is answered by name
        return [one_by_one]
    return [tap(words.say("Approve {number}", number=number), "answer-all", Answer.APPROVE, ""), one_by_one]
