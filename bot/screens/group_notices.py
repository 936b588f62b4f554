"""Notices about digests in groups."""

from telegram import InlineKeyboardButton

from bot.screens.screen import Screen, rows, tap
from bot.wording.digest_cards import about
from bot.wording.group_digests import everyone_reads, group_title, moved, schedule
from bot.wording.phrases import Words
from bot.wording.text import lines, shortened
from core.services.digest_cards import Named
from core.services.digests import Subscription
from core.services.group_digests import Wanted
from core.services.live_cards import Lost

LONGEST_LABEL = 28


def wanted(words: Words, asked: Wanted, question_id: int) -> Screen:
    """Ask the recipient, in private, whether a group may read their digest."""
    say, group = words.say, group_title(words, asked.title)
    question = (
        say("Send one digest to the group {group}?", group=group)
        if asked.cadence is None
        else say("Send your digest to the group {group} from now on?", group=group)
    )
    return Screen(
        text=lines(
            question,
            None if asked.named is None else say("Digest: {about}", about=about(words, asked.named)),
            None if asked.cadence is None else schedule(words, asked.cadence),
            None if asked.instead_of is None else moved(words, asked.instead_of),
            say("Another digest of yours can go there instead.") if asked.others else None,
            say(
                "Everyone in that group will read the names and figures that you may see. "
                "It was asked for there, in your name."
            ),
        ),
        rows=rows(
            [tap(say("Send it there"), "digest-group!", question_id), tap(say("No"), "digest-group-no", question_id)],
            *([_instead(words, other, question_id)] for other in asked.others),
        ),
    )


def _instead(words: Words, other: Named, question_id: int) -> InlineKeyboardButton:
    """Return the button that sends another digest there."""
    named = shortened(about(words, other).unescape(), LONGEST_LABEL)
    return tap(words.say("Instead: {about}", about=named), "digest-group!", question_id, other.digest_id)


def digest_stopped(words: Words) -> Screen:
    """Tell the recipient that one of their digests is about a department that they no longer have."""
    text = words.say("One of your digests has stopped, because its department is deleted or no longer yours.")
    return Screen(text=text, rows=rows([tap(words.say("‹ Digest"), "digest", "")]))


def connected(words: Words, subscription: Subscription, name: str) -> Screen | None:
    """Tell a group whose digest it gets; None if that has ended meanwhile."""
    if subscription.cadence is None:
        return None
    says = words.say("This group gets the digest of {name} now.", name=name)
    return Screen(text=lines(says, schedule(words, subscription.cadence), everyone_reads(words)))


def revoked(words: Words, name: str) -> Screen:
    """Tell the recipient who ended their digest in a group."""
    return Screen(
        text=words.say(
            "{name} ended your digest in its group. {line} schedules it in this chat.",
            name=name,
            line=words.line("/digest weekly mon 09:00"),
        ),
        rows=rows([tap(words.say("Digest"), "digest", "")]),
    )


def card_lost(words: Words, gone: Lost) -> Screen:
    """Tell who put a card into a group that it is no longer kept there."""
    text = words.say(
        "The card of “{name}” in the group {group} is no longer kept: I was removed, its message is gone, or the group "
        "got a new number. {line} there puts it in again.",
        name=gone.profile_name,
        group=group_title(words, gone.title),
        line=words.line(f"/card {gone.profile_id}"),
    )
    return Screen(text=text, rows=rows([tap(words.say("In groups"), "live-cards", gone.profile_id)]))
