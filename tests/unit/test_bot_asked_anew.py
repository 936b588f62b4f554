"""Questions that are asked anew: all whose button carries a fingerprint have a way to it."""

from bot.receiving.asked_anew import ASKED_ANEW
from bot.receiving.routes import BUTTONS

WITHOUT_FACTS = {  # buttons that confirm what can't change meanwhile, or whose answer says itself what has
    "answer-all!": "counts and names whom it left out",
    "answer-requests!": "counts and names whom it left out",
    "approve-all!": "asks itself",
    "departments-add!": "adds those that are still missing",
    "digest-group!": "the group says what becomes of it",
    "duplicate-again!": "the line is repeated as it is",
    "expect-off!": "takes one person off a list",
    "invite-again!": "the line is repeated as it is",
    "live-card-stop!": "a card is there or not",
    "newprofile-again!": "the line is repeated as it is",
    "owner!": "rights are checked, and names one person",
    "person-enrol!": "gives one course to one person",
    "person-give!": "one activation is returned or not",
    "person-unenrol!": "asks itself if progress would be lost",
    "reminders-planned!": "says how many were sent already",
    "request-decline!": "one request is open or not",
    "return!": "one activation is returned or not",
}


def test_each_button_that_confirms_what_was_shown_has_its_question() -> None:
    confirming = {verb for verb, handler in BUTTONS.items() if handler.__qualname__.startswith("confirmed.")}
    assert confirming
    assert confirming <= set(ASKED_ANEW)


def test_each_button_that_confirms_has_a_question_or_a_reason_for_none() -> None:
    confirming = {verb for verb in BUTTONS if verb.endswith("!")}
    assert confirming - set(ASKED_ANEW) == set(WITHOUT_FACTS)


def test_each_question_that_is_asked_anew_has_a_button() -> None:
    assert set(ASKED_ANEW) <= set(BUTTONS)
