"""Names of the processes that hold leases and claims, and which of them no longer exist.

A process that is killed releases nothing. The next one on the same machine needn't wait for its leases to expire: a
name holds the machine's boot, the process's number, and when it began (Linux, proc(5)). Where one of these is unknown,
as of other machines and other containers, no process is taken to have ended, and the leases decide.
"""

import os
import sys
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex

PROC = Path("/proc")
NOWHERE = "-"  # in place of the machine, where processes can't be told apart
DEFUNCT = frozenset({"Z", "X"})  # proc(5): has ended, and its parent hasn't asked for its exit code


def new_holder() -> str:
    """Return a new name for a part of this process, at most 36 letters long."""
    own = os.getpid()
    return f"{_machine()}.{own:x}.{_began(own) or 0:x}.{token_hex(3)}"


def has_ended(holder: str) -> bool:
    """Tell whether a holder was a process of this machine, since its last boot, and has ended."""
    machine, *numbers = holder.split(".")
    if machine in (NOWHERE, "") or machine != _machine() or len(numbers) != 3:  # noqa: PLR2004 - as `new_holder` writes
        return False
    pid, began = int(numbers[0], 16), int(numbers[1], 16)
    return not _exists(pid) or _began(pid) not in (began, None)


def _machine() -> str:
    """Return what distinguishes this boot of this machine, and this container's numbers of processes."""
    if not sys.platform.startswith("linux"):
        return NOWHERE
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text()
        numbers = (PROC / "self/ns/pid").readlink()
    except OSError:
        return NOWHERE
    return blake2b(f"{boot}{numbers}".encode(), digest_size=5).hexdigest()


def _exists(pid: int) -> bool:
    """Ask the kernel, which tells of processes of other users too, even if their folders are hidden."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _began(pid: int) -> int | None:
    """Return when a process began, in ticks since the boot; -1 if it is defunct, None if that is hidden."""
    try:
        state, *fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return -1 if state in DEFUNCT else int(fields[18])
