"""The security log: fixed names, numbers and hashes, and never more lines than can be read."""

import json
from collections.abc import Callable
from itertools import pairwise

import pytest

from core.security_log import MOST, REFUSALS, WINDOW, Reason, SecurityEvent, SecurityLog, hashed_client
from tests.unit.test_core_logs import configured


class Time:
    """A monotonic clock that tests move, and what is to be done later."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.later: list[tuple[float, Callable[[], None]]] = []

    def timer(self, seconds: float, work: Callable[[], None]) -> None:
        self.later.append((self.now + seconds, work))

    def passes(self, seconds: float) -> None:
        self.now += seconds
        due, self.later = [w for at, w in self.later if at <= self.now], [x for x in self.later if x[0] > self.now]
        for work in due:
            work()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def log(time: Time) -> SecurityLog:
    return SecurityLog(clock=lambda: time.now, timer=time.timer)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    found = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    return [{name: value for name, value in line.items() if name != "timestamp"} for line in found]


def test_a_line_says_what_happened_to_which_numbers(log: SecurityLog, capsys: pytest.CaptureFixture[str]) -> None:
    with configured("json"):
        log.write(SecurityEvent.LOGGED_IN, user=7, client="0123456789ab", route="/login")
        log.write(SecurityEvent.LOG_IN_FAILED, client="0123456789ab", reason=Reason.UNKNOWN_USER)
    common = {"channel": "security", "client": "0123456789ab"}
    assert lines(capsys) == [
        {"event": "logged in", "level": "info", "user": 7, "route": "/login", **common},
        {"event": "log-in failed", "level": "warning", "reason": "unknown user", **common},
    ]


@pytest.mark.parametrize("event", SecurityEvent)
def test_what_is_refused_is_a_warning(
    event: SecurityEvent, log: SecurityLog, capsys: pytest.CaptureFixture[str]
) -> None:
    with configured("json"):
        log.write(event)
    [line] = lines(capsys)
    assert (line["event"], line["level"]) == (event.value, "warning" if event in REFUSALS else "info")


def test_a_flood_is_cut_and_summed_up_in_one_line(
    log: SecurityLog, time: Time, capsys: pytest.CaptureFixture[str]
) -> None:
    with configured("json"):
        for _ in range(MOST + 940):
            log.write(SecurityEvent.LOG_IN_FAILED)
        log.write(SecurityEvent.LOGGED_IN)
        written = lines(capsys)
        time.passes(WINDOW)
        [summary] = lines(capsys)
        log.write(SecurityEvent.LOG_IN_FAILED)
        assert len(lines(capsys)) == 1
    assert (len(written), written[-1]["event"]) == (MOST + 1, "logged in")
    assert summary == {
        "event": "log-in failed",
        "level": "warning",
        "channel": "security",
        "left_out": 940,
        "seconds": WINDOW,
    }


def test_a_flood_of_an_hour_leaves_a_line_a_second_on_average(
    log: SecurityLog, time: Time, capsys: pytest.CaptureFixture[str]
) -> None:
    with configured("json"):
        for _ in range(3600):
            for _ in range(5):
                log.write(SecurityEvent.CODE_REFUSED)
            time.passes(1)
    assert len(lines(capsys)) <= 60 * (MOST + 1)


def test_what_was_left_out_is_written_at_the_end_of_the_process(
    log: SecurityLog, capsys: pytest.CaptureFixture[str]
) -> None:
    with configured("json"):
        for _ in range(MOST + 3):
            log.write(SecurityEvent.LIMIT_HIT)
        log.close()
    assert [line.get("left_out") for line in lines(capsys)[-1:]] == [3]


def test_few_events_are_never_summed_up(log: SecurityLog, time: Time, capsys: pytest.CaptureFixture[str]) -> None:
    with configured("json"):
        for _ in range(3):
            for _ in range(MOST):
                log.write(SecurityEvent.LOGGED_IN)
            time.passes(WINDOW)
    assert not [line for line in lines(capsys) if "left_out" in line]


def test_a_client_is_the_same_in_every_process_and_cannot_be_guessed_without_the_key() -> None:
    clients = ["198.51.100.7/32", "198.51.100.8/32", "telegram 1001"]
    hashes = [hashed_client("a key of this account", client) for client in clients]
    assert hashes == [hashed_client("a key of this account", client) for client in clients]
    assert all(one != other for one, other in pairwise(sorted(hashes)))
    assert hashed_client("another key", clients[0]) not in hashes
    assert not [hashed for hashed, client in zip(hashes, clients, strict=True) if client in hashed]
