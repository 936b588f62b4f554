"""Digests that have stopped: told to their recipient, with a button to resume them, and to those whom it concerns."""

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.screens.screen import Rows, Screen, rows, tap
from bot.wording.digest_cards import label, listed, why_stopped
from bot.wording.group_digests import group_title
from bot.wording.phrases import Words
from bot.wording.text import lines
from core.domain.outbox import Kind
from core.services.digest_cards import DigestCard
from core.services.digest_resuming import LostGroup, StoppedOf

RESUME, RESUME_ONE, RESUME_THERE = "digest-resume", "digest-resume-one", "digest-resume-there"  # the buttons' verbs
RESUME_HERE, RESUME_ALL_HERE = "digest-resume-here", "digest-resume-all-here"


def own(words: Words, stopped: Sequence[DigestCard]) -> Screen:
    """Tell a person which of their digests have stopped."""
    number = len(stopped)
    return Screen(
        text=lines(
            words.count("{number} of your digests has stopped:", "{number} of your digests have stopped:", number),
            *(listed(words, card) for card in stopped),
            _how(words, stopped),
        ),
        rows=rows(ways_on(words, stopped), [tap(words.say("‹ Digest"), "digest", "")]),
    )


def _how(words: Words, stopped: Sequence[DigestCard]) -> Markup | None:
    """Say what the buttons do that let stopped digests go on; None if none can."""
    if (alike := _of_lost_group(stopped)) is not None:
        return lines(why_stopped(words, alike), _there_or_here(words))
    if any(card.resumable for card in stopped):
        return words.say("Resumed, they come to this chat, the first with all that was missed.")
    return None


def below(words: Words, screen: Screen, stopped: Sequence[DigestCard]) -> Screen:
    """Tell the same below another screen, if any has stopped."""
    if not stopped:
        return screen
    told = own(words, stopped)
    return replace(screen, text=lines(screen.text, "", told.text), rows=(*told.rows, *screen.rows))


def ways_on(words: Words, cards: Sequence[DigestCard]) -> list[InlineKeyboardButton]:
    """Return the buttons by which stopped digests go on: resumed, or first about something else, one by one."""
    lost = [card for card in cards if card.subscription.stopped_at and not card.resumable]
    return [
        *resuming_any(words, cards),
        *(tap(label(words, card.named), "digest-card", card.named.digest_id) for card in lost[:1]),
    ]


def resuming(words: Words) -> InlineKeyboardButton:
    """Return the button that lets all digests go on that can."""
    return tap(words.say("Resume"), RESUME, style="success")


def resuming_any(words: Words, cards: Sequence[DigestCard]) -> list[InlineKeyboardButton]:
    """Return the buttons that let these digests go on, if any can: a single one that has lost its group also there."""
    if (alike := _of_lost_group(cards)) is not None:
        return resuming_there_or_here(words, alike.named.digest_id)
    return [resuming(words)] if any(card.resumable for card in cards) else []


def _of_lost_group(cards: Sequence[DigestCard]) -> DigestCard | None:
    """Return the only digest that can go on, if it has stopped for a lost group."""
    resumable = [card for card in cards if card.resumable]
    return resumable[0] if len(resumable) == 1 and resumable[0].lost_group is not None else None


def resuming_one(words: Words, card: DigestCard) -> list[InlineKeyboardButton]:
    """Return the buttons that let this digest go on, if it can: in the group that it has lost, or here."""
    if not card.resumable:
        return []
    if card.lost_group is not None:
        return resuming_there_or_here(words, card.named.digest_id)
    return [tap(words.say("Resume"), RESUME_ONE, card.named.digest_id, style="success")]


def resuming_there_or_here(words: Words, digest_id: int) -> list[InlineKeyboardButton]:
    """Return the buttons that let a digest go on in the group that it has lost, once that is back, or here."""
    there = tap(words.say("Resume there"), RESUME_THERE, digest_id, style="success")
    return [there, tap(words.say("Resume here"), RESUME_HERE, digest_id)]


def all_here(words: Words, alike: Sequence[DigestCard], digest_id: int) -> Screen:
    """Ask whether all digests that have stopped for the same group shall come to this chat, or one of them alone."""
    title, say = group_title(words, alike[0].lost_group or ""), words.say
    alone = next((card for card in alike if card.named.digest_id == digest_id), alike[0])
    only = say("Only {digest}", digest=label(words, alone.named))
    return Screen(
        text=lines(
            say("These digests have stopped, because I can no longer write to the group {group}:", group=title),
            *(listed(words, card) for card in alike),
            say("Shall all of them come to this chat?"),
        ),
        rows=rows(
            [tap(say("All of them · {number}", number=len(alike)), RESUME_ALL_HERE, digest_id, style="success")],
            [tap(only, RESUME_ONE, alone.named.digest_id)],
            [tap(say("‹ Digest"), "digest", "")],
        ),
    )


def lost(words: Words, group: LostGroup) -> Screen:
    """Tell a person which group can no longer be written to, so that digests have stopped, and how they go on."""
    title = group_title(words, group.title)
    stopped = words.count(
        "I can no longer write to the group {group}, so {number} of your digests has stopped.",
        "I can no longer write to the group {group}, so {number} of your digests have stopped.",
        group.number,
        group=title,
    )
    return Screen(
        text=lines(stopped, _there_or_here(words)),
        rows=rows(resuming_there_or_here(words, group.digest_id), [tap(words.say("‹ Digest"), "digest", "")]),
    )


def not_back(words: Words, group: LostGroup, digest_id: int) -> Screen:
    """Say that a group can't be written to yet, and what to do about it."""
    say, title = words.say, group_title(words, group.title)
    there = (
        say("Add me to the group again, and let me write there.")
        if group.threads == (None,)
        else say("Add me to the group again, let me write there, and open the topic if it is closed.")
    )
    text = lines(say("I still can't write to the group {group}.", group=title), there, say("Then tap “Check now”."))
    return Screen(text=text, rows=_checking(words, digest_id))


def not_known(words: Words, group: LostGroup, digest_id: int) -> Screen:
    """Say that Telegram doesn't tell whether a group can be written to."""
    text = words.say(
        "Telegram doesn't tell me now whether I can write to the group {group}. Try again in a moment.",
        group=group_title(words, group.title),
    )
    return Screen(text=text, rows=_checking(words, digest_id))


def _checking(words: Words, digest_id: int) -> Rows:
    again = tap(words.say("Check now"), RESUME_THERE, digest_id, style="success")
    here = tap(words.say("Resume here"), RESUME_HERE, digest_id)
    return rows([again, here], [tap(words.say("‹ Digest"), "digest", "")])


def _there_or_here(words: Words) -> Markup:
    return lines(
        words.say("“Resume there” lets it go on in the group, as soon as I am back there and may write."),
        words.say("“Resume here” lets it come to this chat."),
    )


def of_another(words: Words, stopped: StoppedOf, user_id: int, why: Kind) -> Screen:
    """Tell those whom it concerns that a person's digests have stopped, and why."""
    name, number = stopped.name, stopped.number
    reason = (
        words.say("{name} may no longer get digests.", name=name)
        if why is Kind.DIGEST_RIGHT_LOST
        else words.say("{name} can no longer be reached in Telegram.", name=name)
    )
    ended = (
        words.say("Their digest has stopped.")
        if number == 1
        else words.count("Their {number} digest has stopped.", "Their {number} digests have stopped.", number)
    )
    back = words.say("On coming back, they are asked whether to resume.")
    text = lines(Markup("{} {}").format(reason, ended), back)
    return Screen(text=text, rows=rows([tap(words.say("Show the person"), "person", user_id)]))
