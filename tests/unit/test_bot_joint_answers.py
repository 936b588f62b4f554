"""The questions before all who wait are answered: what the confirming button says, and when it is tapped too soon."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.input.hasty_taps import is_hasty, stamp
from bot.screens.joint_answers import question
from bot.wording.phrases import Words
from core.services.joint_answers import Answer, Proposal
from tests.support.clock import Clock
from tests.support.router_fixture import LANGUAGES

ENGLISH = Words(language=LANGUAGES.all["en"], zone=ZoneInfo("UTC"), now=Clock()())


@pytest.mark.parametrize(
    ("answer", "names", "label"),
    [
        (Answer.APPROVE, ("Anna Berzina",), "Approve Anna Berzina"),
        (Answer.DECLINE, ("Anna Berzina",), "Decline Anna Berzina"),
        (Answer.APPROVE, ("Anna Berzina", "Boris"), "Approve 2"),
    ],
)
def test_the_button_names_a_single_person(answer: Answer, names: tuple[str, ...], label: str) -> None:
    asked = question(ENGLISH, Proposal(question_id=1, answer=answer, names=names, more=0), "", 5)
    assert [(each.text, each.callback_data) for each in asked.rows[0]] == [(label, "answer-all!:1:5")]


@pytest.mark.parametrize(("tenths", "hasty"), [(-600, False), (-30, True), (0, True), (9, True), (10, False)])
def test_a_tap_is_hasty_also_by_a_clock_that_is_a_little_behind(tenths: int, *, hasty: bool) -> None:
    now = Clock()()
    assert is_hasty(stamp(now), now + timedelta(seconds=tenths / 10)) is hasty
