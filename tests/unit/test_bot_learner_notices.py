"""What the bot writes to a learner who came through the Mini App: a way back, and nothing else."""

import pytest

from bot.screens.learner_notices import account_ready
from tests.unit.test_bot_languages import words_in

COURSES = "https://signup.example.org/courses"
APP = "https://signup.example.org/m"


@pytest.mark.parametrize(
    ("code", "label"), [("en", "My Courses"), ("ru", "Мои курсы"), ("es", "Mis cursos")]
)  # fmt: skip
def test_a_button_opens_my_courses_in_telegram(code: str, label: str) -> None:
    screen = account_ready(words_in(code), "Acme", APP, COURSES)
    [[button]] = screen.rows
    assert button.web_app is not None
    assert (button.text, button.web_app.url) == (label, APP)
    assert "Acme" in screen.text


def test_without_a_mini_app_the_address_is_written() -> None:
    screen = account_ready(words_in("en"), None, None, COURSES)
    assert screen.rows == ()
    assert COURSES in screen.text
