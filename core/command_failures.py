"""What the operator reads if a command can't do its work, one line for each reason, and the exit code."""

from dataclasses import dataclass

from core import resources
from core.config import InvalidSettings, Settings
from core.errors import (
    WRONG_SETTING,
    BackupFailed,
    CopyFailed,
    DatabaseBelongsElsewhere,
    DatabaseNewer,
    DatabaseUnavailable,
    OwnerExists,
    RestoreFailed,
)
from core.startup import NO_MORE_THREADS, OWNER_EXISTS, explain, explain_belonging

FAILED, WRONG_SETTINGS = 1, 2


@dataclass(frozen=True, kw_only=True)
class Failure:
    """The exit code, and the lines for standard error."""

    code: int
    lines: tuple[str, ...]


def failure_of(error: Exception, settings: Settings | None) -> Failure | None:
    """Return what an error means to the operator; None for a fault of the program. No settings: reading them failed."""
    match error:
        case InvalidSettings() | CopyFailed():
            return Failure(code=WRONG_SETTINGS, lines=tuple(error.lines))
        case DatabaseBelongsElsewhere() if settings:
            return _of_database(explain_belonging(error, settings.database_user), code=WRONG_SETTINGS)
        case DatabaseUnavailable():
            return _of_database(explain(error), code=WRONG_SETTINGS if error.cause in WRONG_SETTING else FAILED)
        case DatabaseNewer():
            return _of_database(explain(error), code=FAILED)
    return _of_work(error)


def _of_work(error: Exception) -> Failure | None:
    match error:
        case BackupFailed() | RestoreFailed():
            return Failure(code=FAILED, lines=(str(error),))
        case OwnerExists():
            return Failure(code=FAILED, lines=(OWNER_EXISTS,))
        case RuntimeError() if resources.lacks_threads(error):
            return Failure(code=FAILED, lines=(NO_MORE_THREADS,))
    return None


def _of_database(line: str, *, code: int) -> Failure:
    return Failure(code=code, lines=(f"DATABASE_URL: {line}",))
