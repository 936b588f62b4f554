"""A rush of people who wait for approval: the alert, the question whether to decline them, and what came of that."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.screens.rushes import between, confirming, first_names, pause_or_resume
from bot.screens.screen import Screen, rows, tap
from bot.wording.phrases import Words
from bot.wording.text import lines
from core.domain.alerts import RUSH
from core.services.profiles import Card
from core.services.rushes import BroughtBack, Ended, Proposal, Rush

FIRST = 0  # in a button's data


def alert(words: Words, card: Card, rush: Rush | None, *, toast: Markup | None = None) -> Screen:
    """Say that unusually many people wait for approval, with buttons that stop it and decline them.

    `rush` None: it was told of too long ago, or the profile is only shown, so that nothing is known of who waits.
    """
    say, number = words.say, card.profile_id
    return Screen(
        text=lines(
            say("{number} people or more asked to join through “{name}” within a minute.", number=RUSH, name=card.name),
            say("If you didn't expect that, pause the link, and see who waits."),
            _standing(words, rush) if rush else None,
        ),
        rows=rows(
            acting(words, card, rush),
            [_who_waits(words, number), tap(say("Show the profile"), "profile", number)],
        ),
        toast=toast,
    )


def _standing(words: Words, rush: Rush) -> Markup:
    return between(words, rush) if rush.people else words.say("None of them waits for your answer any more.")


def acting(words: Words, card: Card, rush: Rush | None) -> list[InlineKeyboardButton]:
    """Return the buttons that act on a rush as it is now; without `rush`, only the one of the link."""
    if not card.editable:
        return []
    pausing = pause_or_resume(words, card, rush, "waiting-rush-pause", "waiting-rush-resume")
    if rush is None or not rush.people:
        return [pausing]
    arguments = card.profile_id, rush.told_second
    return [pausing, tap(_declining(words, rush), "waiting-rush-decline", *arguments, style="danger")]


def asked(words: Words, proposal: Proposal) -> Screen:
    """Ask whether to decline people of a rush, naming the first of them."""
    say, rush = words.say, proposal.rush
    return Screen(
        text=lines(
            words.count(
                "Decline {number} person who waits to join through “{name}”?",
                "Decline {number} people who wait to join through “{name}”?",
                rush.at_once,
                name=proposal.profile_name,
            ),
            between(words, rush),
            first_names(words, proposal),
            "",
            say("You can undo it for ten minutes. Then they are told, and their places are free again."),
            say("Nobody else is touched."),
        ),
        rows=rows(
            [tap(_declining(words, rush), "waiting-rush-declined", *confirming(proposal), style="danger")],
            [tap(say("‹ Back"), "waiting-rush", rush.profile_id, rush.told_second)],
        ),
    )


def declined(words: Words, done: Ended) -> Screen:
    """Say that people were declined, until when that can be undone, and by which button."""
    return Screen(
        text=lines(
            words.count(
                "{number} person who waited to join through “{name}” is declined.",
                "{number} people who waited to join through “{name}” are declined.",
                done.people,
                name=done.profile_name,
            ),
            words.say(
                "You can undo it until {until}. Then they are told, what they entered is erased, and their places are "
                "free again.",
                until=words.clock(done.until),
            ),
        ),
        rows=rows(
            [tap(words.say("Undo"), "waiting-rush-back", done.back_id)],
            [tap(words.say("‹ Profile"), "profile", done.profile_id)],
        ),
    )


def brought_back(words: Words, done: BroughtBack, acting_now: list[InlineKeyboardButton]) -> Screen:
    """Say that people wait again, and how many don't because their sign-ups have ended; with what acts on the rush."""
    lost = words.count(
        "{number} can't come back: the sign-up has ended since.",
        "{number} can't come back: their sign-ups have ended since.",
        done.lost,
    )
    return Screen(
        text=lines(
            words.count(
                "{number} person waits for your answer again, through “{name}”.",
                "{number} people wait for your answer again, through “{name}”.",
                done.people,
                name=done.profile_name,
            ),
            lost if done.lost else None,
        ),
        rows=rows(
            [_who_waits(words, done.profile_id)],
            acting_now,
            [tap(words.say("‹ Profile"), "profile", done.profile_id)],
        ),
    )


def _declining(words: Words, rush: Rush) -> Markup:
    return words.say("Decline {number}", number=rush.at_once)


def _who_waits(words: Words, profile_id: int) -> InlineKeyboardButton:
    return tap(words.say("Who waits"), "waiting", FIRST, profile_id)
