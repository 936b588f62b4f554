"""`gangway backup`: a copy of the database, taken while it is used; `gangway restore`: that copy as the database."""

from datetime import datetime
from pathlib import Path
from time import monotonic

from core.config import Settings
from core.errors import BackupFailed, DatabaseNewer, DatabaseUnavailable, RestoreFailed
from core.startup import explain
from core.storage import backup

PG_DUMP = (
    'PostgreSQL has its own tool, which works while Gangway runs: pg_dump --format=custom --file={file} "$DATABASE_URL"'
)
PG_RESTORE = 'PostgreSQL has its own tool: pg_restore --dbname="$DATABASE_URL" {file}, into an empty database'


def back_up(settings: Settings, target: Path) -> str:
    """Write a checked copy of the SQLite file to a new file, and return what to tell the operator.

    Raises BackupFailed; then there is no new file.
    """
    source, began = settings.database_file, monotonic()
    if source is None:
        message = f"No back-up in {target}: {PG_DUMP.format(file=target)}"
        raise BackupFailed(message)
    nothing = f"No back-up of {source} in {target}"
    if not source.exists():
        message = f"{nothing}: there is no database"
        raise BackupFailed(message)
    try:
        size = backup.copy(source, target)
    except BackupFailed as error:
        message = f"{nothing}: {error}"
        raise BackupFailed(message) from None
    seconds = monotonic() - began
    return f"Backed up {source} to {target}: {size / 10**6:,.1f} MB, checked, in {seconds:.1f} s."


def restore(settings: Settings, source: Path, now: datetime, *, replace: bool) -> str:
    """Make a checked copy of a back-up the database, and return what to tell the operator.

    A database that is there is refused, unless it is to be replaced: then it is kept beside the restored one. Raises
    RestoreFailed; then the database is as it was.
    """
    target = settings.database_file
    if target is None:
        raise RestoreFailed(PG_RESTORE.format(file=source))
    if not source.is_file():
        message = f"there is no file {source}"
        raise RestoreFailed(message)
    if target.exists() and not replace:
        message = f"there is a database at {target}; `--replace` replaces it, and keeps it beside the restored one"
        raise RestoreFailed(message)
    try:
        return _restore(source, target, target.with_name(f"{target.name}.before-{now:%Y%m%dT%H%M%S}"))
    except BlockingIOError:
        message = f"Gangway, or another program, uses {target}; stop it first"
        raise RestoreFailed(message) from None
    except OSError as error:
        message = f"{error.filename}: {error.strerror}"
        raise RestoreFailed(message) from None


def _restore(source: Path, target: Path, aside: Path) -> str:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with backup.examined(source, target.parent) as examined:
            size = examined.stat().st_size
            was_there = backup.put_in_place(examined, target, aside)
    except (BackupFailed, DatabaseUnavailable) as error:
        message = f"{source}: {error}"
        raise RestoreFailed(message) from None
    except DatabaseNewer as error:
        message = f"{source}: {explain(error)}"
        raise RestoreFailed(message) from None
    kept = f" What was there before is {aside}." if was_there else ""
    return f"Restored {source} to {target}: {size / 10**6:,.1f} MB, checked.{kept}"
