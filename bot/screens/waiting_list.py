"""Who waits for an approval or a confirmation: how a person is shown, and the buttons that answer one or all."""

from dataclasses import dataclass

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.context import Context
from bot.screens.screen import Rows, rows, tap
from bot.screens.searches import argument_of
from bot.wording.addresses import mail
from bot.wording.phrases import Words
from bot.wording.text import isolate, lines
from bot.wording.waiting import marked
from core.services.joint_answers import Answer
from core.services.pending_sign_ups import Awaits
from core.services.waiting_sign_ups import Waiting

FIRST = 0  # in a button's data
LONGEST_WORDS = 28  # bytes of a button's data, which also names a person


@dataclass(frozen=True, kw_only=True)
class Beside:
    """What the buttons of a list carry: its search as `argument_of` gives it, and a stamp of `hasty_taps` (or "")."""

    argument: str
    stamped: int | str = ""


async def argument_of_list(context: Context, words: str) -> str:
    """Return what the buttons of a list carry of its search."""
    return await argument_of(context, words, longest=LONGEST_WORDS)


def listed(words: Words, waiting: Waiting) -> Markup:
    """Show a pending sign-up: the person, the profile, since when and until when."""
    through = Markup("{} (#{})").format(isolate(waiting.profile_name), waiting.profile_id)
    named = [mail(words, waiting.email), through] if waiting.email else [through]
    if waiting.awaits is Awaits.CONFIRMATION:
        until = words.moment(waiting.expires_at)
        standing = marked(words.say("Not confirmed yet; the place is kept until {until}", until=until))
    else:
        standing = words.say(
            "Since {since}; the place is kept until {until}",
            since=words.moment(waiting.since),
            until=words.moment(waiting.expires_at),
        )
    return lines(Markup("{} (#{})").format(isolate(waiting.name), waiting.user_id), Markup(" · ").join(named), standing)


def answering(words: Words, waiting: Waiting, beside: Beside) -> list[InlineKeyboardButton]:
    """Return the buttons that answer one person of a list, told from the others by the number."""
    say, number = words.say, waiting.user_id
    if waiting.awaits is Awaits.CONFIRMATION:
        freeing = say("Free the place of #{number}", number=number)
        return [tap(freeing, "free-place", number, "", beside.stamped, beside.argument)]
    return _buttons(waiting, say("Approve #{number}", number=number), say("Decline #{number}", number=number), beside)


def answering_one(words: Words, waiting: Waiting, beside: Beside) -> list[InlineKeyboardButton]:
    """Return the buttons that answer the only person of a screen, who waits for an approval."""
    return _buttons(waiting, words.say("Approve"), words.say("Decline"), beside)


def answering_all(words: Words, number: int, argument: str) -> Rows:
    """Return the buttons that ask whether to answer so many who wait on a list, if they are several."""
    if number < 2:  # noqa: PLR2004 - one is answered by name
        return ()
    return rows(
        [
            tap(words.say("Approve all"), "answer-all", Answer.APPROVE, argument),
            tap(words.say("Decline all"), "answer-all", Answer.DECLINE, argument),
        ]
    )


def _buttons(waiting: Waiting, approving: Markup, declining: Markup, beside: Beside) -> list[InlineKeyboardButton]:
    number = waiting.user_id
    return [
        tap(approving, "approve", number, waiting.mark, beside.stamped, beside.argument, style="success"),
        tap(declining, "decline", number, "", beside.stamped, beside.argument),
    ]
