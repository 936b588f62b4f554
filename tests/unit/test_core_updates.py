"""What is kept of an update for people to read later."""

import pytest

from core.domain.updates import line_of


@pytest.mark.parametrize("text", ["/start code", "/Start code", "/START@gangway_bot code", " /start code", "/start"])
def test_of_a_start_the_code_is_never_read_again(text: str) -> None:
    assert line_of({"message": {"text": text}}) == "/start"


@pytest.mark.parametrize("text", ["/profile 1", "start code", ""])
def test_other_lines_are_as_they_were_written(text: str) -> None:
    assert line_of({"message": {"text": text}}) == text
