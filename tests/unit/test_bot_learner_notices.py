"""What the bot writes to a learner who came through the Mini App: a way back, and nothing else."""

from dataclasses import replace

import pytest

from bot.screens.learner_notices import account_ready, connected_already, connection
from core.services.telegram_connections import Connection
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


def test_who_writes_is_led_to_their_courses_if_they_can_open_them() -> None:
    active = Connection(organisation="Acme", is_active=True, may_write=True)
    told = connection(words_in("es"), active, APP, COURSES)
    assert [button.text for [button] in told.rows] == ["Mis cursos"]
    assert "Su Telegram está conectado con su cuenta en" in told.text
    assert connection(words_in("ru"), replace(active, is_active=False), APP, COURSES).rows == ()


def test_no_messages_are_promised_to_who_lets_none_come() -> None:
    silent = Connection(organisation=None, is_active=True, may_write=False)
    assert "/stop" not in connected_already(words_in("en"), silent, APP, COURSES).text
