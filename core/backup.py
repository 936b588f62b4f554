"""`gangway backup`: a copy of the database, taken while it is used."""

from pathlib import Path
from time import monotonic

from core.config import Settings
from core.errors import BackupFailed
from core.storage import backup

PG_DUMP = (
    'PostgreSQL has its own tool, which works while Gangway runs: pg_dump --format=custom --file={file} "$DATABASE_URL"'
)


def back_up(settings: Settings, target: Path) -> str:
    """Write a checked copy of the SQLite file to a new file, and return what to tell the operator.

    Raises BackupFailed; then there is no new file.
    """
    source, began = settings.database_file, monotonic()
    if source is None:
        raise BackupFailed(PG_DUMP.format(file=target))
    if not source.exists():
        message = f"there is no database at {source}"
        raise BackupFailed(message)
    size = backup.copy(source, target)
    seconds = monotonic() - began
    return f"Backed up {source} to {target}: {size / 10**6:,.1f} MB, checked, in {seconds:.1f} s."
