"""What became of links sent by e-mail, in words, and why one isn't sent."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from bot.wording.addresses import called_with_mail
from bot.wording.lists import more
from bot.wording.phrases import N_, Words
from bot.wording.text import lines
from core import errors
from core.domain.link_mails import Reached, Waiting
from core.domain.links import LinkState
from core.domain.mail import (
    CLOSED,
    LOGIN_REFUSED,
    LONGEST_PAUSE,
    NOT_LISTED,
    PAUSED,
    SIGN_UP_OFF,
    UNREACHABLE,
    UNSAFE,
    USELESS,
)
from core.services.link_letters import SENDABLE
from core.services.link_mail_lists import Preview
from core.services.link_mails import LinkMails, Recipient

REACHED: Mapping[Reached, tuple[str, str]] = {
    Reached.SIGNED_UP: (N_("🟢 signed up: {number}"), N_("signed up")),
    Reached.HAS_ACCOUNT: (N_("👤 have an account already: {number}"), N_("has an account already")),
    Reached.SENT: (N_("✉️ sent, not signed up yet: {number}"), N_("sent")),
    Reached.QUEUED: (N_("🕒 queued: {number}"), N_("queued")),
    Reached.UNKNOWN: (N_("❔ may not have arrived: {number}"), N_("may not have arrived")),
    Reached.UNSENT: (N_("🚫 not sent: {number}"), N_("not sent")),
    Reached.REFUSED: (N_("⚠️ refused: {number}"), N_("refused")),
    Reached.WITHDRAWN: (N_("✖️ withdrawn: {number}"), N_("withdrawn")),
}
BECAUSE: Mapping[Reached, str] = {
    Reached.UNSENT: N_("not sent: {reason}"),
    Reached.REFUSED: N_("refused: {reason}"),
}
NOT_WORKING: Mapping[LinkState, str] = {
    LinkState.SIGN_UP_OFF: N_("Sign-up is off, so the link doesn't work and isn't sent."),
    LinkState.PAUSED: N_("The link is paused, so it isn't sent."),
    LinkState.ENDED: N_("The link has ended, so it isn't sent."),
    LinkState.FULL: N_("The link is full, so it isn't sent."),
}
OWN_REASONS: Mapping[str, str] = {
    CLOSED: N_("the link didn't work when it was to be sent"),
    NOT_LISTED: N_("not on the list that lets in only its people"),
    USELESS: N_("it couldn't be sent in time"),
    UNREACHABLE: N_("the mail server can't be reached"),
    LOGIN_REFUSED: N_("the mail server refuses the login"),
    UNSAFE: N_("the mail server has no valid certificate"),
}

HELD_UP: Mapping[str, str] = {
    PAUSED: N_("queued since {since}: waits while the profile is paused, three days at most"),
    SIGN_UP_OFF: N_("queued since {since}: waits while sign-up is off, three days at most"),
}


def nothing_yet(words: Words) -> Markup:
    """Say that sending a list sends no message."""
    return words.say("Nothing is sent before you have seen what and to whom.")


def counted(words: Words, found: LinkMails, *, can_mail: bool) -> list[Markup]:
    """Say how many recipients are at each step, the others left out, and why messages wait, if that isn't usual."""
    steps = [
        words.say(counting, number=found.reached[step])
        for step, (counting, _) in REACHED.items()
        if found.reached.get(step)
    ]
    waits = found.waiting is not None and (found.waiting.reason is not None or not can_mail)
    return (
        [*steps, words.say("The oldest: {state}", state=queued(words, found.waiting, can_mail=can_mail))]
        if waits
        else steps
    )


def queued(words: Words, waiting: Waiting | None, *, can_mail: bool) -> Markup:
    """Say since when a message waits, why, and when it is tried next; `can_mail`: there is a mail server."""
    if waiting is None:
        return words.say("queued")
    since = words.moment(waiting.since)
    if not can_mail:
        return words.say("queued since {since}: no mail server is set up; it is sent once there is one", since=since)
    if waiting.reason is None:
        return words.say("queued since {since}", since=since)
    if waiting.reason in HELD_UP:
        return words.say(HELD_UP[waiting.reason], since=since)
    said = {"since": since, "reason": reason(words, waiting.reason)}
    if waiting.next_at is not None and waiting.next_at > words.now:
        return words.say(
            "queued since {since}: {reason}; tried again at {next}", **said, next=words.moment(waiting.next_at)
        )
    return words.count(
        "queued since {since}: {reason}; tried again within {number} minute",
        "queued since {since}: {reason}; tried again within {number} minutes",
        LONGEST_PAUSE // timedelta(minutes=1),
        **said,
    )


def reason(words: Words, said: str) -> str:
    """Say why a message wasn't sent: in our words, or in the mail server's."""
    own = OWN_REASONS.get(said)
    return words.say(own).unescape() if own else said


def became(words: Words, recipient: Recipient, *, can_mail: bool) -> Markup:
    """Say what became of one recipient's message."""
    if recipient.reached is Reached.QUEUED:
        return queued(words, recipient.waiting, can_mail=can_mail)
    if recipient.reached in BECAUSE and recipient.reason:
        return words.say(BECAUSE[recipient.reached], reason=reason(words, recipient.reason))
    _, name = REACHED[recipient.reached]
    return words.say(name)


def cure(words: Words, people: Sequence[Recipient]) -> Markup | None:
    """Say what can be done for those of some people who weren't sent the link because a list names them not."""
    if not any(each.reached is Reached.UNSENT and each.reason == NOT_LISTED for each in people):
        return None
    return words.say("“{again}” offers to put them on the list.", again=words.say("Send again"))


def again(words: Words, found: LinkMails) -> list[Markup]:
    """Ask whether to send a link again, and name the first of those who would get it."""
    named = [Markup("• {}").format(called_with_mail(words, each)) for each in found.named]
    others = more(words, found.resendable - len(named))
    return [_again(words, found), *named, *others, *few_places(words, found.state, found.places, found.resendable)]


def few_places(words: Words, state: LinkState, places: int | None, addresses: int) -> list[Markup]:
    """Say how many places are left, if fewer than the addresses that would get the link, and if it can be sent."""
    if places is None or places >= addresses or state not in SENDABLE:
        return []
    said = words.count(
        "{number} place is left for {addresses}.",
        "{number} places are left for {addresses}.",
        places,
        addresses=words.count("{number} address", "{number} addresses", addresses),
    )
    return [said]


def _again(words: Words, found: LinkMails) -> Markup:
    name, number = found.profile_name, found.resendable
    if not number:
        return words.say("Nobody would get the link.")
    if found.of is None:
        return words.count(
            "Send the link of {name} again to {number} person who hasn't signed up?",
            "Send the link of {name} again to {number} people who haven't signed up?",
            number,
            name=name,
        )
    return words.count(
        "Send the link of {name} again to {number} person on the list of {list} who hasn't signed up?",
        "Send the link of {name} again to {number} people on the list of {list} who haven't signed up?",
        number,
        name=name,
        list=found.list_name,
    )


def closed(words: Words, state: LinkState) -> Markup | None:
    """Say that a link isn't sent because it doesn't work, and why it doesn't, if so."""
    return None if state in SENDABLE else not_working(words, state)


def not_working(words: Words, state: LinkState) -> Markup:
    """Say that a link isn't sent because it doesn't work, and why it doesn't."""
    if state in NOT_WORKING:
        return words.say(NOT_WORKING[state])
    return words.say("The link doesn't work at the moment, so it isn't sent.")


def obstacle(words: Words, preview: Preview, most: int) -> Markup | None:
    """Say why a link can't be sent to a list, if so; so many messages can be sent in a day."""
    if preview.content.state in SENDABLE and preview.new > preview.left:
        return words.count(
            "Only {number} more message can be sent today, of {most} in a day. Send a shorter list.",
            "Only {number} more messages can be sent today, of {most} in a day. Send a shorter list.",
            preview.left,
            most=most,
        )
    return closed(words, preview.content.state)


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
