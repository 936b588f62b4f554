"""CPU time of PostgreSQL's processes, which are children of its main process."""

import os
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

TICKS = os.sysconf("SC_CLK_TCK")


def postmaster(session: Session) -> int | None:
    """Return the number of PostgreSQL's main process, the parent of this connection's own; None on SQLite."""
    if session.get_bind().dialect.name == "sqlite":
        return None
    own = session.scalars(text("SELECT pg_backend_pid()")).one()
    return int(Path(f"/proc/{own}/stat").read_text().rpartition(")")[2].split()[1])


def cpu_of_postgresql(main_process: int | None) -> float:
    """Return the CPU seconds of PostgreSQL's processes so far; 0 without one."""
    if main_process is None:
        return 0.0
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(fields[1]) == main_process:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS
