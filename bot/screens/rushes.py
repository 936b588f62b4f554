"""A rush of sign-ups: the alert, the question whether to take it back, and what came of that."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.screens.screen import Screen, rows, tap
from bot.wording.lists import more
from bot.wording.phrases import Words
from bot.wording.text import isolate, lines, shortened
from core.domain.alerts import RUSH
from core.services.profiles import Card
from core.services.rushes import BroughtBack, Ended, Proposal, Rush

LONGEST_NAME = 60  # letters of a name in the question


def alert(words: Words, card: Card, rush: Rush | None, *, toast: Markup | None = None) -> Screen:
    """Say that unusually many people sign up through a profile, with buttons that stop it and take it back.

    `rush` None: it can't be taken back.
    """
    say, number = words.say, card.profile_id
    return Screen(
        text=lines(
            say("{number} people or more signed up through “{name}” within a minute.", number=RUSH, name=card.name),
            say("If you didn't expect that, pause the link, and see who joined."),
            between(words, rush) if rush else None,
        ),
        rows=rows(
            acting(words, card, rush),
            [tap(say("Who joined"), "history", number), tap(say("Show the profile"), "profile", number)],
        ),
        toast=toast,
    )


def acting(words: Words, card: Card, rush: Rush | None) -> list[InlineKeyboardButton]:
    """Return the buttons that act on a rush as it is now; without `rush`, only the one of the link."""
    if not card.editable:
        return []
    pausing = pause_or_resume(words, card, rush, "rush-pause", "rush-resume")
    return [pausing, *_undoing(words, rush)]


def _undoing(words: Words, rush: Rush | None) -> list[InlineKeyboardButton]:
    if rush is None or not rush.people:
        return []
    undoing = words.count("Undo this one", "Undo these {number}", rush.at_once)
    return [tap(undoing, "rush-undo", rush.profile_id, rush.told_second, style="danger")]


def pause_or_resume(words: Words, card: Card, rush: Rush | None, pausing: str, resuming: str) -> InlineKeyboardButton:
    """Return the button with the verb that pauses the link of an alert, or lets it work again."""
    arguments = card.profile_id, rush.told_second if rush else 0
    if card.paused:
        return tap(words.say("Resume"), resuming, *arguments)
    return tap(words.say("Pause"), pausing, *arguments, style="danger")


def first_names(words: Words, proposal: Proposal) -> Markup:
    """Name the first people of a rush whom a question is about, and say how many more there are."""
    shown = [isolate(shortened(name, LONGEST_NAME)) for name in proposal.names]
    return Markup(", ").join([*shown, *more(words, proposal.rush.at_once - len(shown))])


def asked(words: Words, proposal: Proposal) -> Screen:
    """Ask whether to take people of a rush back, naming the first of them."""
    say, rush = words.say, proposal.rush
    label = words.count("Undo {number} sign-up", "Undo {number} sign-ups", rush.at_once)
    return Screen(
        text=lines(
            words.count(
                "Undo the sign-up of {number} person through “{name}”?",
                "Undo the sign-ups of {number} people through “{name}”?",
                rush.at_once,
                name=proposal.profile_name,
            ),
            between(words, rush),
            first_names(words, proposal),
            "",
            say("They can't log in any longer, lose their courses, and their places are free again."),
            say("For a day, one button brings them back with everything. Nobody else is touched."),
            _hidden(words, rush),
        ),
        rows=rows(
            [tap(label, "rush-undone", *confirming(proposal), style="danger")],
            [tap(say("‹ Back"), "rush", rush.profile_id, rush.told_second)],
        ),
    )


def taken_back(words: Words, done: Ended) -> Screen:
    """Say that people were taken back, until when they can be brought back, and by which button."""
    say = words.say
    return Screen(
        text=lines(
            words.count(
                "The sign-up of {number} person through “{name}” was undone, and the place is free.",
                "The sign-ups of {number} people through “{name}” were undone, and their places are free.",
                done.people,
                name=done.profile_name,
            ),
            say("You can bring them back until {until}.", until=words.clock(done.until)),
            say("“Who joined” names them: their activations are returned."),
        ),
        rows=rows(
            [tap(words.count("Bring back {number}", "Bring back {number}", done.people), "rush-back", done.back_id)],
            [tap(say("Who joined"), "history", done.profile_id)],
            [tap(say("‹ Profile"), "profile", done.profile_id)],
        ),
    )


def brought_back(words: Words, done: BroughtBack, acting_now: list[InlineKeyboardButton]) -> Screen:
    """Say that people are back, and how many couldn't come back; with the buttons that act on the rush now."""
    lost = words.count(
        "{number} can't come back: deleted or transferred since.",
        "{number} can't come back: deleted or transferred since.",
        done.lost,
    )
    return Screen(
        text=lines(
            words.count(
                "{number} person is back in “{name}”, with the place, the courses and the progress.",
                "{number} people are back in “{name}”, with their places, courses and progress.",
                done.people,
                name=done.profile_name,
            ),
            lost if done.lost else None,
        ),
        # "Who joined" stands where "Bring back" was, so that a double tap neither pauses nor asks.
        rows=rows(
            [tap(words.say("Who joined"), "history", done.profile_id)],
            acting_now,
            [tap(words.say("‹ Profile"), "profile", done.profile_id)],
        ),
    )


def between(words: Words, rush: Rush) -> Markup:
    """Say from when to when a rush was."""
    first, last = words.moment(rush.first), words.moment(rush.last)
    moments = first if first == last else Markup("{} – {}").format(first, last)
    return words.say("The rush: {moments}", moments=moments)


def _hidden(words: Words, rush: Rush) -> Markup | None:
    if not rush.hidden:
        return None
    return words.count(
        "{number} more came then and is in another department now: it stays.",
        "{number} more came then and are in other departments now: they stay.",
        rush.hidden,
    )


def confirming(proposal: Proposal) -> tuple[int, int, int]:
    """Return what the button that answers a question carries: the question, and the rush to ask about anew."""
    return proposal.question_id, proposal.rush.profile_id, proposal.rush.told_second
