"""`gangway copy`: everything in one database, in another one."""

from time import monotonic

from core import database_url, logs, private_files
from core.errors import CopyFailed
from core.storage import database_copy
from core.storage.database import open_database
from core.storage.database_copy import FROM, TO, failed
from core.storage.deadlines import MIGRATION, Deadlines


def copy(source_url: str, target_url: str) -> str:
    """Copy a database to an empty or new one, compare them, and return what to tell the operator.

    Raises CopyFailed; then the target is as it was, and a file that wasn't there is not there.
    """
    (source_url, target_url), began = _checked(source_url, target_url), monotonic()
    if source_file := database_url.file_of(source_url):
        database_copy.check_file(source_file)
    target_file = database_url.file_of(target_url)
    is_new = target_file is not None and not target_file.exists()
    try:
        rows = _copy(source_url, target_url)
    except CopyFailed as failure:
        if target_file and is_new:
            for path in private_files.of_database(target_file):
                path.unlink()
        raise CopyFailed(*map(logs.redact, failure.lines)) from None
    return f"Copied {rows:,} rows, and compared them, in {monotonic() - began:.1f} s."


def _checked(*urls: str) -> tuple[str, ...]:
    checked: list[str] = []
    faults: list[str] = []
    for option, url in zip((FROM, TO), urls, strict=True):
        try:
            checked.append(database_url.check(url))
        except ValueError as error:
            faults += failed(option, str(error)).lines
    if faults:
        raise CopyFailed(*faults)
    return tuple(checked)


def _copy(source_url: str, target_url: str) -> int:
    watched = Deadlines()
    source = open_database(source_url, threads=1, watched=watched)
    target = open_database(target_url, threads=1, watched=watched)
    try:
        with watched.lasting(MIGRATION):
            return database_copy.copy(source, target)
    finally:
        target.dispose()
        source.dispose()
