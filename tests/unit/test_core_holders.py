"""Which holders of leases and claims have ended."""

import os
import subprocess
import sys

import pytest

from core.holders import has_ended, new_holder

NAMED_BY_ANOTHER = "from core.holders import new_holder; print(new_holder())"
linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="where processes can't be told apart")


def of_another_process() -> tuple["subprocess.Popen[str]", str]:
    """Start a process that names itself and waits; return it, and its name."""
    code = f"{NAMED_BY_ANOTHER}; import sys; sys.stdout.flush(); sys.stdin.read()"
    process = subprocess.Popen([sys.executable, "-c", code], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout
    return process, process.stdout.readline().strip()


def test_each_holder_has_a_name_of_its_own_that_its_column_has_room_for() -> None:
    names = {new_holder() for _ in range(100)}
    assert len(names) == 100
    assert max(map(len, names)) <= 36


def test_a_running_process_has_not_ended() -> None:
    assert not has_ended(new_holder())


@linux
def test_a_killed_process_has_ended_also_before_its_parent_knows() -> None:
    process, name = of_another_process()
    assert not has_ended(name)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and is still in the table
    assert has_ended(name)
    process.communicate()
    assert has_ended(name)


@linux
def test_a_later_process_with_the_same_number_is_another_one() -> None:
    machine, pid, began, rest = new_holder().split(".")
    assert has_ended(f"{machine}.{pid}.{int(began, 16) - 1:x}.{rest}")


@pytest.mark.parametrize("name", ["1f5c7be2-9a9e-4f0b-8e5b-0f4d3b8d2f11", "0000000000.1.1.abc", "-.1.1.abc", "one"])
def test_a_holder_that_is_not_known_to_be_of_this_machine_has_not_ended(name: str) -> None:
    assert not has_ended(name)


def test_where_processes_can_not_be_told_apart_the_leases_decide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    name = new_holder()
    assert not has_ended(f"{name.split('.')[0]}.7fffffff.1.abc")
