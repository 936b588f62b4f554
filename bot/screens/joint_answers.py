"""What is asked and said when all who wait, or who ask for access, are answered together."""

from collections.abc import Sequence

from markupsafe import Markup
from telegram import InlineKeyboardButton

from bot.screens.access_requests import granting, has_account
from bot.screens.screen import Screen, rows, tap
from bot.wording.labels import several
from bot.wording.lists import first
from bot.wording.phrases import Words
from bot.wording.text import isolate, lines, shortened
from core.domain.access_requests import Cure
from core.services.joint_answers import Answer, Answered, Proposal, WaitingAgain
from core.services.joint_request_answers import Answered as RequestsAnswered
from core.services.joint_request_answers import Proposal as RequestProposal
from core.services.request_answers import Asked

FIRST = 0  # in a button's data
MOST_NAMED, LONGEST_NAMED = 8, 2000  # with what is said besides, within a phone
LONGEST_ON_A_BUTTON = 30


def question(words: Words, meant: Proposal, argument: str, stamped: int) -> Screen:
    """Ask whether to answer people who wait, naming the first of them; `stamped` as `hasty_taps` has it."""
    number = len(meant.names)
    if meant.answer is Answer.APPROVE:
        asked, effects = words.count("Approve {number} person?", "Approve {number} people?", number), []
    else:
        asked = words.count("Decline {number} person?", "Decline {number} people?", number)
        effects = [
            words.say("You can undo it for ten minutes. Then they are told, and their places are free again."),
        ]
    return Screen(
        text=lines(
            asked,
            *_named(words, meant.names),
            *_further(words, meant.more),
            "",
            *effects,
            words.say("Nobody else is touched."),
        ),
        rows=rows(
            [_confirming(words, meant.answer, meant.names, "answer-all!", meant.question_id, stamped)],
            [_back(words, argument)],
        ),
    )


def done(words: Words, answered: Answered) -> Screen:
    """Say who was let in or declined, and who of those that were asked about was not, and why."""
    return Screen(
        text=lines(
            _answered(words, answered.answer, answered.names),
            _seatless(words, answered.seatless),
            _changed(words, answered.changed),
            _gone(words, answered.gone),
            _undone_until(words, answered),
        ),
        rows=rows(
            [] if answered.back_id is None else [tap(words.say("Undo"), "answer-all-back", answered.back_id)],
            [_back(words, "")],
        ),
    )


def brought_back(words: Words, back: WaitingAgain) -> Screen:
    """Say who waits again, and how many don't because their sign-ups have ended."""
    number = len(back.names)
    lost = words.count(
        "{number} can't come back: the sign-up has ended since.",
        "{number} can't come back: their sign-ups have ended since.",
        back.lost,
    )
    return Screen(
        text=lines(
            words.count("{number} person waits again:", "{number} people wait again:", number) if number else None,
            *_named(words, back.names),
            lost if back.lost else None,
        ),
        rows=rows([_back(words, "")]),
    )


def request_question(words: Words, meant: RequestProposal, stamped: int) -> Screen:
    """Ask whether to answer requests for access; for each that is granted, say what opens its link.

    All of them are named. `stamped` as `hasty_taps` has it.
    """
    number = len(meant.asked)
    if meant.answer is Answer.APPROVE:
        asked = words.count("Approve {number} request?", "Approve {number} requests?", number)
        effects = _letting_in(words, meant.asked)
    else:
        asked = words.count("Decline {number} request?", "Decline {number} requests?", number)
        effects = [words.say("Their pages say so, and what they entered is erased.")]
    names = [each.name for each in meant.asked]
    return Screen(
        text=lines(
            asked,
            *(_with_cure(words, each, meant.answer) for each in meant.asked),
            *_further(words, meant.more),
            _unopenable(words, meant.unopenable),
            "",
            *effects,
        ),
        rows=rows(
            [_confirming(words, meant.answer, names, "answer-requests!", meant.question_id, stamped)],
            [to_requests(words)],
        ),
    )


def requests_done(words: Words, answered: RequestsAnswered, *, can_mail: bool) -> Screen:
    """Say whose requests were granted or declined, and whose were not, and why."""
    granted = answered.answer is Answer.APPROVE and answered.names
    return Screen(
        text=lines(
            _answered(words, answered.answer, answered.names),
            words.say("A place is kept for each of them for 7 days, and their pages say so.") if granted else None,
            words.say("If it is mailed to them, too, that is on its way.") if granted and can_mail else None,
            _closed(words, answered.closed),
            _gone(words, answered.gone),
        ),
        rows=rows([to_requests(words)]),
    )


def to_requests(words: Words) -> InlineKeyboardButton:
    """Return the button that leads back to the requests."""
    return tap(words.say("‹ Requests"), "requests", FIRST)


def _confirming(
    words: Words, answer: Answer, names: Sequence[str], verb: str, question_id: int, stamped: int
) -> InlineKeyboardButton:
    say, number = words.say, len(names)
    only = shortened(names[0], LONGEST_ON_A_BUTTON) if number == 1 else None
    if answer is Answer.APPROVE:
        label = say("Approve {name}", name=only) if only else say("Approve {number}", number=number)
        return tap(label, verb, question_id, stamped, style="success")
    label = say("Decline {name}", name=only) if only else say("Decline {number}", number=number)
    return tap(label, verb, question_id, stamped, style="danger")


def _answered(words: Words, answer: Answer, names: Sequence[str]) -> Markup:
    named, number = several(words, names), len(names)
    if not number:
        return words.say("Nobody was answered.")
    if answer is Answer.APPROVE:
        return words.count(
            "{number} person was approved: {names}.", "{number} people were approved: {names}.", number, names=named
        )
    return words.count(
        "{number} person was declined: {names}.", "{number} people were declined: {names}.", number, names=named
    )


def _undone_until(words: Words, answered: Answered) -> Markup | None:
    if answered.back_id is None or answered.until is None:
        return None
    return words.say(
        "You can undo it until {until}. Then they are told, what they entered is erased, and their places are "
        "free again.",
        until=words.clock(answered.until),
    )


def _seatless(words: Words, names: Sequence[str]) -> Markup | None:
    if not names:
        return None
    return words.say("No seat was left for {names}: their accounts are not active.", names=several(words, names))


def _changed(words: Words, names: Sequence[str]) -> Markup | None:
    if not names:
        return None
    return words.say(
        "Not approved yet, because the address has changed since you were asked: {names}.", names=several(words, names)
    )


def _closed(words: Words, names: Sequence[str]) -> Markup | None:
    if not names:
        return None
    return words.say(
        "Not approved, because their links are closed for another reason now, or have no place left: {names}.",
        names=several(words, names),
    )


def _gone(words: Words, number: int) -> Markup | None:
    if not number:
        return None
    return words.count(
        "{number} person could no longer be answered.",
        "{number} people could no longer be answered.",
        number,
    )


def _letting_in(words: Words, asked: Sequence[Asked]) -> list[Markup]:
    """Say what granting requests does besides, and which addresses are somebody's already."""
    taken = [each.name for each in asked if has_account(each)]
    places = sum(each.adds_place for each in asked)
    more = words.count("{number} place more is given.", "{number} places more are given.", places)
    known = words.count(
        "⚠️ This address has an account or a sign-up already: {names}.",
        "⚠️ These addresses have an account or a sign-up already: {names}.",
        len(taken),
        names=several(words, taken),
    )
    kept = words.say("A place is kept for each of them for 7 days, and their pages say so.")
    return [*([more] if places else []), kept, *([known] if taken else [])]


def _unopenable(words: Words, names: Sequence[str]) -> Markup | None:
    if not names:
        return None
    return words.say("Left out, because you can't open their links: {names}.", names=several(words, names))


def _further(words: Words, number: int) -> list[Markup]:
    """Say how many more wait, since so many are answered together at most."""
    if not number:
        return []
    return [
        words.count("{number} more waits: ask again afterwards.", "{number} more wait: ask again afterwards.", number)
    ]


def _named(words: Words, names: Sequence[str]) -> list[Markup]:
    shown = [Markup("· {}").format(isolate(name)) for name in names]
    return first(words, shown, most=MOST_NAMED, longest=LONGEST_NAMED)


def _with_cure(words: Words, each: Asked, answer: Answer) -> Markup:
    """Name a request and, if it is approved, what opens its link, unless that is open."""
    named = Markup("· {} · “{}”").format(isolate(each.name), isolate(each.profile_name))
    if answer is Answer.DECLINE or (each.cures[0] is Cure.KEEP and not each.adds_place):
        return named
    return Markup("{}: {}").format(named, granting(words, each, each.cures[0]))


def _back(words: Words, argument: str) -> InlineKeyboardButton:
    return tap(words.say("‹ Waiting"), "waiting", FIRST, argument)
