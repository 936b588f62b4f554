"""What the system gives a process, and what happens where it gives too little."""

import resource
import threading

import pytest

import gangway
from core import resources
from core.config import Settings
from core.resources import ENOUGH_FILES
from core.startup import NO_MORE_THREADS


@pytest.mark.parametrize(
    ("soft", "hard", "raised_to"),
    [
        (1024, 4096, 4096),
        (1024, resource.RLIM_INFINITY, ENOUGH_FILES),
        (1024, 10**9, ENOUGH_FILES),
        (4096, 4096, None),
        (10**9, 10**9, None),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, None),
    ],
)
def test_as_many_files_may_be_open_as_the_hard_limit_allows(
    monkeypatch: pytest.MonkeyPatch, soft: int, hard: int, raised_to: int | None
) -> None:
    was_set: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: was_set.append(limits))
    resources.raise_most_files()
    assert was_set == ([(raised_to, hard)] if raised_to else [])


def test_a_limit_that_can_not_be_raised_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_what: int, _limits: tuple[int, int]) -> None:
        raise ValueError

    monkeypatch.setattr(resource, "getrlimit", lambda _: (64, 128))
    monkeypatch.setattr(resource, "setrlimit", refuse)
    resources.raise_most_files()
    assert resources.most_files() == 64


def test_a_system_without_limits_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resources, "resource", None)
    resources.raise_most_files()
    assert resources.most_files() == ENOUGH_FILES


def test_the_threads_of_a_pool_run_from_the_start() -> None:
    before = threading.active_count()
    pool = resources.thread_pool(5, "test")
    assert threading.active_count() == before + 5
    pool.shutdown()


def test_a_program_without_threads_ends_with_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(threading.Thread, "start", _refuse)
    monkeypatch.setattr(gangway, "load", lambda: Settings(_env_file=None))  # type: ignore[call-arg]
    monkeypatch.setattr("bot.sandbox.move_state_file", lambda _old, _new: None)
    with pytest.raises(SystemExit) as ended:
        gangway.run()
    assert ended.value.code == 1
    assert capsys.readouterr().err.splitlines() == [NO_MORE_THREADS]


def test_another_fault_at_the_start_is_no_lack_of_threads() -> None:
    assert not resources.lacks_threads(RuntimeError("this event loop is already running"))


def _refuse(_thread: threading.Thread) -> None:
    message = "can't start new thread"
    raise RuntimeError(message)
