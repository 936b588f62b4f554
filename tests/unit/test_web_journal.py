"""The log of what a flood repeats, and how many connections a process holds."""

import asyncio
import resource

import pytest
import structlog

from web import journal
from web.connections import most_connections


async def test_errors_of_accepting_are_logged_in_one_line_and_summed_up_later() -> None:
    now = [0.0]
    loop, kept = asyncio.get_running_loop(), journal.Journal(lambda: now[0])
    with structlog.testing.capture_logs() as lines:
        for now[0] in (0.0, 1.0, 59.0, 61.0, 62.0):
            for _ in range(128):
                kept.report(loop, {"message": "socket.accept() out of system resource"})
    logged = {"event": "clients refused", "log_level": "warning", "reason": "no file descriptors or memory left"}
    assert lines == [{**logged, "number": 1}, {**logged, "number": 3 * 128}]


async def test_other_errors_of_the_loop_are_logged_as_usual(caplog: pytest.LogCaptureFixture) -> None:
    with structlog.testing.capture_logs() as lines:
        journal.Journal().report(asyncio.get_running_loop(), {"message": "a task failed"})
    assert lines == []
    assert caplog.messages == ["a task failed"]


def test_a_process_with_few_descriptors_holds_fewer_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    for files, most in (
        (1024, 624),
        (1_000_000, 10_000),
        (256, 123),
        (64, 6),
        (16, 4),
        (resource.RLIM_INFINITY, 10_000),
    ):
        monkeypatch.setattr(resource, "getrlimit", lambda _, files=files: (files, files))
        assert most_connections() == most
