"""What became of links sent by e-mail, in words, and why one isn't sent."""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from bot.wording.phrases import N_, Words
from bot.wording.text import lines
from core import errors
from core.domain.link_mails import Reached
from core.domain.mail import CLOSED, USELESS
from core.services.link_mails import LinkMails, Recipient

REACHED: Mapping[Reached, tuple[str, str]] = {
    Reached.SIGNED_UP: (N_("🟢 signed up: {number}"), N_("signed up")),
    Reached.SENT: (N_("✉️ sent, not signed up yet: {number}"), N_("sent")),
    Reached.QUEUED: (N_("🕒 queued: {number}"), N_("queued")),
    Reached.UNKNOWN: (N_("❔ may not have arrived: {number}"), N_("may not have arrived")),
    Reached.REFUSED: (N_("⚠️ refused: {number}"), N_("refused")),
    Reached.WITHDRAWN: (N_("✖️ withdrawn: {number}"), N_("withdrawn")),
}
OWN_REASONS: Mapping[str, str] = {
    CLOSED: N_("the link didn't work when it was to be sent"),
    USELESS: N_("it couldn't be sent in time"),
}


def nothing_yet(words: Words) -> Markup:
    """Say that sending a list sends no message."""
    return words.say("Nothing is sent before you have seen what and to whom.")


def counted(words: Words, found: LinkMails) -> list[Markup]:
    """Say how many recipients are at each step, the others left out."""
    return [
        words.say(counting, number=found.reached[step])
        for step, (counting, _) in REACHED.items()
        if found.reached.get(step)
    ]


def became(words: Words, recipient: Recipient) -> Markup:
    """Say what became of one recipient's message."""
    _, name = REACHED[recipient.reached]
    if recipient.reached is Reached.QUEUED and recipient.put_off_until:
        until = words.moment(recipient.put_off_until)
        return words.say("waits until {until}: {reason}", until=until, reason=recipient.reason or "")
    if recipient.reached is not Reached.REFUSED or not recipient.reason:
        return words.say(name)
    own = OWN_REASONS.get(recipient.reason)
    return words.say(own) if own else words.say("refused: {reason}", reason=recipient.reason)


def _too_many(words: Words, refused: errors.TooManyMails) -> Markup:
    return lines(
        words.say("{most} messages with links can be sent in a day.", most=refused.most),
        words.count(
            "Today {number} more can be sent; the list has {wanted}. Split it, or go on tomorrow.",
            "Today {number} more can be sent; the list has {wanted}. Split it, or go on tomorrow.",
            refused.left,
            wanted=refused.wanted,
        ),
    )


def no_server(words: Words) -> Markup:
    """Say why no e-mail can be sent."""
    return words.say(
        "No email can be sent: the bot's operator has to set a mail server (SMTP_URL) and a sender (MAIL_FROM)."
    )


LINK_MAILS: Mapping[type[errors.Refusal], Callable[[Words, Any], Markup]] = {
    errors.NoMailServer: lambda words, _: no_server(words),
    errors.NobodyToSend: lambda words, _: words.say(
        "There is nobody to send it to: all signed up, have it already, or were written to less than a day ago."
    ),
    errors.TooManyMails: _too_many,
}
