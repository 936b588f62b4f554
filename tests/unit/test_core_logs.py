"""Logs: one line an event, and never a secret in them."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog

from core.logs import configure, redact

BOT_TOKEN = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"
LINK_TOKEN = "Yp3-8TzW_qLk9aQv0RdX5eHn"
SECRETS = f"https://api.telegram.org/bot{BOT_TOKEN}/getMe https://a.org/s/{LINK_TOKEN} postgresql://u:hunter2@h/n"
STRUCK = "https://api.telegram.org/bot[bot token]/getMe https://a.org/s/[token] postgresql://u:[password]@h/n"


STYLES = pytest.mark.parametrize("style", ["console", "json"])


@contextmanager
def configured(style: str) -> Iterator[None]:
    """Log as the service does, and afterwards as before."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    configure(level="info", style=style)
    yield
    root.handlers = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def assert_no_secret(text: str) -> None:
    assert text
    assert not [secret for secret in (BOT_TOKEN, LINK_TOKEN, "hunter2") if secret in text]


@pytest.mark.parametrize(
    ("text", "struck"),
    [
        (SECRETS, STRUCK),
        ("redis://:hunter2@h", "redis://:[password]@h"),
        ("postgresql://u:hunter2@4@h/n", "postgresql://u:[password]@h/n"),
        ("smtp://u%40a.org:hunter2@h:587", "smtp://u%40a.org:[password]@h:587"),
        ("http://127.0.0.1:8080/courses", "http://127.0.0.1:8080/courses"),
        ("postgresql://u@h:5432/n", "postgresql://u@h:5432/n"),
        ("3 of 50 at 12:30:15", "3 of 50 at 12:30:15"),
        ("/static/style.css", "/static/style.css"),
        (f"https://a.org/w/{LINK_TOKEN} /confirm/{LINK_TOKEN}", "https://a.org/w/[token] /confirm/[token]"),
        ("https://a.org/privacy/2 /courses/12/progress", "https://a.org/privacy/2 /courses/12/progress"),
        (f"https://t.me/gangway_bot?start={LINK_TOKEN}", "https://t.me/gangway_bot?start=[code]"),
        (f"/start {LINK_TOKEN}", "/start [code]"),
        ("couldn't start processing of it", "couldn't start processing of it"),
        ("550 no such user <anna.b+x@mail.example.com>", "550 no such user <[e-mail]>"),
        ("https://key@sentry.example.org/1", "https://key@sentry.example.org/1"),
        (
            "duplicate key\nDETAIL:  Key (email)=(anna (A) Berzina) already exists.",
            "duplicate key\nDETAIL:  Key (email)=([value]) already exists.",
        ),
        ("DETAIL:  Failing row contains (1, Anna, +371).", "DETAIL:  Failing row contains ([value])."),
    ],
)
def test_tokens_and_passwords_are_struck_out_and_nothing_else(text: str, struck: str) -> None:
    assert redact(text) == struck


@STYLES
def test_an_events_words_and_values_hold_no_secret(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    with configured(style):
        log, values = structlog.get_logger(), {"address": SECRETS, "deep": [SECRETS], "error": ValueError(SECRETS)}
        log.info(SECRETS, style=style, **values)
    assert_no_secret(capsys.readouterr().err)


@STYLES
def test_an_events_traceback_holds_no_secret(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    with configured(style):
        try:
            int(SECRETS)
        except ValueError:
            structlog.get_logger().exception("failed", style=style)
    told = capsys.readouterr().err
    assert "ValueError" in told
    assert_no_secret(told)


@STYLES
def test_a_librarys_record_holds_no_secret(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    with configured(style):
        logging.getLogger("library").warning("%s: calling %s", style, SECRETS)
    told = capsys.readouterr().err
    assert "[bot token]" in told
    assert_no_secret(told)


@STYLES
def test_a_librarys_record_that_is_an_exception_holds_no_secret(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    with configured(style):
        logging.getLogger("library").error(ValueError(f"{style}: {SECRETS}"))
    assert_no_secret(capsys.readouterr().err)


@STYLES
def test_a_librarys_traceback_holds_no_secret(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    with configured(style):
        try:
            int(SECRETS)
        except ValueError:
            logging.getLogger("library").exception("failed in %s", style)
    told = capsys.readouterr().err
    assert "ValueError" in told
    assert_no_secret(told)


@STYLES
def test_a_librarys_stack_holds_no_secret(style: str, capsys: pytest.CaptureFixture[str]) -> None:
    with configured(style):
        logging.getLogger("library").warning("%s: %s", style, SECRETS, stack_info=True)
    assert_no_secret(capsys.readouterr().err)


def test_json_is_one_object_a_line_with_moment_level_and_values(capsys: pytest.CaptureFixture[str]) -> None:
    with configured("json"):
        structlog.get_logger().info("signed up", profile=12, repeated=False, department=None)
        logging.getLogger("library").warning("two\nlines")
    own, foreign = lines(capsys)
    assert {key: own[key] for key in own if key != "timestamp"} == {
        "event": "signed up",
        "level": "info",
        "profile": 12,
        "repeated": False,
        "department": None,
    }
    assert own["timestamp"].endswith("Z")
    assert (foreign["event"], foreign["level"]) == ("two\nlines", "warning")


def test_console_lines_can_be_read_by_people(capsys: pytest.CaptureFixture[str]) -> None:
    with configured("console"):
        structlog.get_logger().info("signed up", profile=12)
    [line] = capsys.readouterr().err.splitlines()
    assert "signed up" in line
    assert "profile=12" in line


def test_what_is_below_the_level_is_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    with configured("json"):
        structlog.get_logger().debug("a detail")
        logging.getLogger("library").debug("a detail")
    assert capsys.readouterr().err == ""


def test_libraries_that_write_every_address_are_silent_below_warning(capsys: pytest.CaptureFixture[str]) -> None:
    with configured("json"):
        logging.getLogger("httpx").info("HTTP Request: POST %s", SECRETS)
    assert capsys.readouterr().err == ""


def test_values_bound_for_a_whole_request_are_on_every_line(capsys: pytest.CaptureFixture[str]) -> None:
    with configured("json"), structlog.contextvars.bound_contextvars(request="17"):
        structlog.get_logger().info("asked")
    assert lines(capsys)[0]["request"] == "17"


def test_a_librarys_record_with_wrong_arguments_does_not_stop_the_library(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with configured("json"):
        logging.getLogger("library").warning("%d learners", "no number")
    assert "%d learners" in capsys.readouterr().err
