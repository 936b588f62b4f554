"""Questions that are asked anew: all whose button carries a fingerprint have a way to it."""

from bot.receiving.asked_anew import ASKED_ANEW
from bot.receiving.routes import BUTTONS


def test_each_button_that_confirms_what_was_shown_has_its_question() -> None:
    confirming = {verb for verb, handler in BUTTONS.items() if handler.__qualname__.startswith("confirmed.")}
    assert confirming
    assert confirming <= set(ASKED_ANEW)


def test_each_question_that_is_asked_anew_has_a_button() -> None:
    assert set(ASKED_ANEW) <= set(BUTTONS)
