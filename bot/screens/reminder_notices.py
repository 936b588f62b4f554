"""Notices about reminders: whom they don't move and what a manager can do, and that others took them back."""

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.input.roster_targets import roster_target
from bot.screens.screen import LONGEST_LABEL, Screen, rows, tap
from bot.wording.addresses import mail
from bot.wording.phrases import Words
from bot.wording.text import isolate, lines, shortened
from core.services.reminders_in_vain import InVain, RemindedExpected, RemindedLearner

MOST_NAMED = 7


def in_vain(words: Words, found: InVain) -> Screen | None:
    """Tell of those who were reminded three times; None if nobody is left of them."""
    match found.expected, found.learners:
        case [], []:
            return None
        case [one], []:
            return _one_expected(words, one)
        case [], [one]:
            return _one_learner(words, one)
    every: list[RemindedExpected | RemindedLearner] = [*found.expected, *found.learners]
    more = len(every) - MOST_NAMED
    title = (
        words.count(
            "Reminders to {number} person were of no use:", "Reminders to {number} people were of no use:", len(every)
        )
        if any(each.refused for each in every)
        else words.count(
            "{number} person was reminded three times:", "{number} people were reminded three times:", len(every)
        )
    )
    return Screen(
        text=lines(
            title,
            *(_named(words, each) for each in every[:MOST_NAMED]),
            words.count("… and {number} more", "… and {number} more", more) if more > 0 else None,
        ),
        rows=rows(*([_button(each)] for each in every[:MOST_NAMED])),
    )


def taken_back(words: Words, name: str) -> Screen:
    """Tell who sent reminders that another person took them back."""
    text = words.say("{name} took back reminders that you sent and that waited for their hour.", name=name)
    return Screen(text=text, rows=rows([tap(words.say("Planned"), "reminders-planned", 0)]))


def _one_expected(words: Words, one: RemindedExpected) -> Screen:
    say, address = words.say, mail(words, one.email or "")
    name, profile = one.name or address, one.profile_name
    return Screen(
        text=lines(
            _refused(words, name)
            if one.refused
            else say("{name} was reminded three times, and hasn't signed up: {profile}.", name=name, profile=profile),
            address if one.name else None,
        ),
        rows=rows(
            [tap(say("Who's missing"), "missing", roster_target(one.of))],
            [tap(say("Take off the list"), "expect-off", roster_target(one.of), one.number, style="danger")],
        ),
    )


def _one_learner(words: Words, one: RemindedLearner) -> Screen:
    say = words.say
    return Screen(
        text=lines(
            _refused(words, one.name)
            if one.refused
            else say("{name} was reminded of courses three times, and is no further.", name=one.name),
            mail(words, one.email) if one.email else None,
        ),
        rows=rows(
            [tap(say("Show the courses"), "progress-person", one.user_id)],
            [tap(say("Show the person"), "person", one.user_id)],
        ),
    )


def _refused(words: Words, name: str | Markup) -> Markup:
    return words.say("{name} can't be reminded any more: the mail server refuses the address.", name=name)


def _named(words: Words, one: RemindedExpected | RemindedLearner) -> Markup:
    of = [isolate(one.profile_name)] if isinstance(one, RemindedExpected) else []
    who = [isolate(_name(one)), *([mail(words, one.email)] if one.email and one.name else []), *of]
    if one.refused:
        who.append(words.say("address refused"))
    return Markup("• {}").format(Markup(" · ").join(who))


def _name(one: RemindedExpected | RemindedLearner) -> str:
    return one.name or one.email or ""


def _button(one: RemindedExpected | RemindedLearner) -> InlineKeyboardButton:
    label = shortened(_name(one), LONGEST_LABEL)
    if isinstance(one, RemindedExpected):
        return tap(label, "missing", roster_target(one.of))
    return tap(label, "person", one.user_id)
