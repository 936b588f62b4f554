"""What Telegram tells a Mini App of who opened it: believed only with the bot's signature, and only for an hour."""

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.rules.init_data import signed_init_data
from core.domain.init_data import AHEAD, HIGHEST_PERSON, LONGEST, OLDEST, check_age, read_init_data
from core.errors import InitDataProblem, InitDataRefused
from tests.support.mini_app import NINA, told

TOKEN = "123456:a token of tests"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

# Published with a token that no longer works, to try implementations of the rule on.
PUBLISHED_TOKEN = "5768337691:AAH5YkoiEuPk8-FZa32hStHTqXiLPtAEhx8"
PUBLISHED = (
    "query_id=AAHdF6IQAAAAAN0XohDhrOrc&user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%22%2C"
    "%22last_name%22%3A%22Kibenko%22%2C%22username%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C"
    "%22is_premium%22%3Atrue%7D&auth_date=1662771648&hash=c501b71e775f74ce10e377dea85a7ea24ecd640b223ea86dfe453e0eaed2e2b2"
)


def refused(text: str) -> InitDataProblem:
    with pytest.raises(InitDataRefused) as caught:
        read_init_data(text, TOKEN)
    return caught.value.problem


def test_data_that_telegram_signed_is_read() -> None:
    read = read_init_data(PUBLISHED, PUBLISHED_TOKEN)
    assert (read.telegram_id, read.first_name, read.last_name, read.language) == (
        279058397,
        "Vladislav",
        "Kibenko",
        "ru",
    )
    assert read.at == datetime(2022, 9, 10, 1, 0, 48, tzinfo=UTC)
    assert not read.may_write


def test_the_sandbox_signs_as_telegram_does() -> None:
    read = read_init_data(told(NOW, start="a-link", token=TOKEN), TOKEN)
    assert (read.telegram_id, read.first_name, read.last_name, read.start) == (1003, "Nina", "Новак", "a-link")
    assert (read.at, read.language, read.may_write) == (NOW, "ru", True)


@given(at=st.integers(0, len(PUBLISHED) - 1), character=st.characters(codec="utf-8"))
def test_whatever_is_changed_is_forged(at: int, character: str) -> None:
    changed = PUBLISHED[:at] + character + PUBLISHED[at + 1 :]
    if parse_qsl(changed, keep_blank_values=True) != parse_qsl(PUBLISHED, keep_blank_values=True):
        with pytest.raises(InitDataRefused):
            read_init_data(changed, PUBLISHED_TOKEN)


@given(text=st.text())
def test_any_other_text_is_forged(text: str) -> None:
    assert refused(text) is InitDataProblem.FORGED


def test_another_bots_signature_is_forged() -> None:
    assert refused(told(NOW, token="654321:another token")) is InitDataProblem.FORGED


def test_a_field_that_is_given_twice_is_forged() -> None:
    fields = parse_qsl(told(NOW, token=TOKEN))
    assert refused(urlencode([*fields, ("user", json.dumps({**NINA, "id": 1}))])) is InitDataProblem.FORGED


@pytest.mark.parametrize("number", [1, HIGHEST_PERSON])
def test_the_first_and_the_last_number_that_a_person_can_have_are_read(number: int) -> None:
    assert (
        read_init_data(signed_init_data(TOKEN, {**NINA, "id": number}, int(NOW.timestamp()), ""), TOKEN).telegram_id
        == number
    )


@pytest.mark.parametrize("number", [0, HIGHEST_PERSON + 1])
def test_a_number_that_nobody_can_have_is_refused(number: int) -> None:
    assert refused(signed_init_data(TOKEN, {**NINA, "id": number}, int(NOW.timestamp()), "")) is InitDataProblem.FORGED


@pytest.mark.parametrize("user", ["7", "null", "[]", "{}", '{"id": "x"}', '{"id": -1}', '{"id": 1e400}', "["])
def test_signed_data_about_nobody_is_refused(user: str) -> None:
    data = dict(parse_qsl(signed_init_data(TOKEN, {}, int(NOW.timestamp()), "")))
    assert refused(urlencode(data)) is InitDataProblem.FORGED  # no number
    assert refused(f"user={user}") is InitDataProblem.FORGED


def test_too_much_data_is_not_read() -> None:
    assert refused(told(NOW, token=TOKEN, first_name="a" * LONGEST)) is InitDataProblem.FORGED


def test_a_name_is_one_line_of_bounded_length() -> None:
    read = read_init_data(told(NOW, token=TOKEN, first_name="A\x00\n" + "b" * 200, last_name="\u202ex"), TOKEN)
    assert read.first_name == "A " + "b" * 61
    assert read.last_name == "x"


@pytest.mark.parametrize("age", [-AHEAD, timedelta(), OLDEST])
def test_data_is_good_for_an_hour(age: timedelta) -> None:
    check_age(read_init_data(told(NOW - age, token=TOKEN), TOKEN), NOW)


@pytest.mark.parametrize("age", [-AHEAD - timedelta(seconds=1), OLDEST + timedelta(seconds=1), timedelta(days=400)])
def test_older_data_and_data_of_the_future_is_refused(age: timedelta) -> None:
    with pytest.raises(InitDataRefused) as caught:
        check_age(read_init_data(told(NOW - age, token=TOKEN), TOKEN), NOW)
    assert caught.value.problem is InitDataProblem.OLD
