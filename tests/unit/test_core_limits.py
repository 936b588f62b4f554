"""How long one waits after each attempt."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import limits
from core.domain.limits import Attempt, Pause, Rate

LIMIT = Rate(name="knocks", every=timedelta(minutes=1), burst=3)


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def test_pauses_begin_after_the_free_attempts_and_double_up_to_the_longest() -> None:
    pause = Pause(name="guesses", free=3, first=seconds(2), longest=seconds(10), forgotten_after=timedelta(minutes=10))
    assert pause.pauses == (seconds(0), seconds(0), seconds(2), seconds(4), seconds(8), seconds(10))


@given(st.text(), st.text())
def test_a_subject_is_stored_as_a_hash_of_one_length_and_no_two_share_it(one: str, other: str) -> None:
    first, second = (Attempt(limit=LIMIT, subject=subject).key for subject in (one, other))
    assert len(first) == 64
    assert (first == second) == (one.encode(errors="replace") == other.encode(errors="replace"))


def test_one_subject_has_a_key_for_each_limit() -> None:
    other = Rate(name="bells", every=timedelta(minutes=1), burst=3)
    assert Attempt(limit=LIMIT, subject="anna").key != Attempt(limit=other, subject="anna").key


RATES = {  # seconds for one, and so many in a row, as docs/pages.md and docs/chat.md promise
    limits.LOG_IN_BY_NETWORK: (10, 100),
    limits.LOG_IN_BY_ACCOUNT: (300, 100),
    limits.SIGN_UP_BY_NETWORK: (6, 300),
    limits.SIGN_UP_BY_LINK: (1, 1000),
    limits.SIGN_UP_BY_TICKET: (30 * 86_400, 1),
    limits.FAILED_BY_NETWORK: (6, 300),
    limits.FAILED_BY_LINK: (6, 1000),
    limits.FAILED_BY_TICKET: (86_400, 1),
    limits.WAITING_BY_NETWORK: (300, 60),
    limits.CONFIRMATION_PAUSE: (60, 1),
    limits.CONFIRMATION_ELSEWHERE: (60, 1),
    limits.CONFIRMATION_AGAIN: (4.8 * 3600, 5),
    limits.CONFIRMATION_BY_ADDRESS: (2.4 * 3600, 10),
    limits.CONFIRMATION_DIGITS: (3600, 10),
    limits.MINI_APP_BY_PERSON: (60, 60),
    limits.PASSWORD_REQUEST_BY_NETWORK: (120, 20),
    limits.PASSWORD_REQUEST_BY_ACCOUNT: (1200, 3),
    limits.ALL_PASSWORD_REQUESTS: (1, 300),
    limits.PASSWORD_BY_LINK: (60, 20),
    limits.PASSWORD_NOTICES: (600, 1),
    limits.OWN_DETAILS: (300, 20),
    limits.REQUEST_BY_NETWORK: (720, 5),
    limits.REQUEST_BY_LINK: (4320, 20),
    limits.REQUEST_NOTICES: (600, 1),
    limits.CHALLENGE: (7200, 1),
    limits.CHALLENGE_TRIES: (7200, 10),
    limits.WAITING_GROWTH: (60, 1),
    limits.APPROVAL_NOTICES: (600, 1),
    limits.STRANGERS_ANSWER: (3600, 1),
    limits.STRANGERS_CODE: (720, 5),
    limits.STRANGERS_INVITATION: (60, 10),
    limits.STRANGERS_CHAT: (360, 10),
    limits.ALL_STRANGERS: (0.2, 300),
}
RUSHES = {limits.SIGN_UP_BY_LINK: 100, limits.ALL_PASSWORD_REQUESTS: 60, limits.REQUEST_BY_LINK: 10}
ALL = [each for each in vars(limits).values() if isinstance(each, Rate | Pause)]


@pytest.mark.parametrize("rate", RATES, ids=lambda each: each.name)
def test_a_rate_is_the_one_that_is_promised(rate: Rate) -> None:
    assert (rate.every.total_seconds(), rate.burst, rate.rush) == (*RATES[rate], RUSHES.get(rate))
    assert (rate.longest, rate.room) == (rate.every, rate.every * (RATES[rate][1] - 1))


def test_every_rate_is_among_them() -> None:
    assert {each for each in ALL if isinstance(each, Rate)} == set(RATES)


@pytest.mark.parametrize("pause", [limits.LOG_IN_BY_ACCOUNT_AND_NETWORK, limits.LOG_IN_BY_DEVICE])
def test_after_ten_wrong_passwords_the_pause_doubles_from_two_seconds_to_a_quarter_of_an_hour(pause: Pause) -> None:
    assert pause.pauses[:12] == (*[seconds(0)] * 9, seconds(2), seconds(4), seconds(8))
    assert (pause.pauses[-1], pause.forgotten_after) == (timedelta(minutes=15), timedelta(hours=1))


def test_each_limit_has_a_name_of_its_own() -> None:
    assert len({each.name for each in ALL}) == len(ALL) == len(RATES) + 2
