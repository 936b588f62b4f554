"""What `gangway check` finds out about the database and the settings that belong to no edge."""

import os
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from core import private_files
from core.config import DATA, ENV_FILE, Settings
from core.domain.passwords import is_guessable
from core.engine import Engine
from core.errors import Cause, DatabaseBelongsElsewhere, DatabaseNewer, DatabaseUnavailable
from core.private_files import GROUP_AND_OTHERS, OTHERS
from core.services import belonging, monitoring
from core.services.monitoring import Disagreement, MiscountedSeats
from core.startup import explain, explain_belonging

LONG_ENOUGH = 32  # characters of a secret: 128 bits, if they are hexadecimal
MOUNTED_SECRETS = Path("/run/secrets")  # of containers, in which everybody may read them


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line of the check: what was found, and whether it is as it should be; why the database can't be used."""

    ok: bool
    line: str
    cause: Cause | None = None


async def check_database(settings: Settings) -> list[Finding]:
    """Check that the database can be opened and written, its version, and its counters.

    Nothing is created or migrated, and what is written is taken back.
    """
    file = settings.database_file
    if file and not file.exists():  # opening it would create it
        return [_check_folder_for(file)]
    engine = Engine(settings.database_url)
    try:
        is_current = await engine.is_current()
        await engine.try_to_write(is_current=is_current)
        if not is_current:
            return [_database("the database can be opened; the next start brings it up to date")]
        return await _check_contents(engine, settings)
    except DatabaseBelongsElsewhere as error:
        return [_database(explain_belonging(error, settings.database_user), ok=False)]
    except DatabaseUnavailable as error:
        return [Finding(ok=False, line=f"DATABASE_URL: {explain(error)}", cause=error.cause)]
    except DatabaseNewer as error:
        return [_database(explain(error), ok=False)]
    finally:
        await engine.close()


async def _check_contents(engine: Engine, settings: Settings) -> list[Finding]:
    """Check an open database that is up to date. Raises DatabaseBelongsElsewhere, DatabaseUnavailable."""
    await engine.check_contents()
    await engine.read(belonging.check, settings.database_user)
    difference = await engine.read(monitoring.clock_difference, engine.now())
    miscounted = await engine.read(monitoring.miscounted_seats)
    return [
        _database("the database is up to date"),
        *check_clock(difference, "PostgreSQL's"),
        *map(_disagreement, await engine.read(monitoring.disagreements)),
        *([_miscounted(miscounted)] if miscounted else []),
    ]


def check_clock(ahead: timedelta | None, whose: str) -> list[Finding]:
    """Name this machine's clock if it differs from another one; None: that isn't known."""
    if ahead is None or abs(ahead) <= monitoring.FALSE_CLOCK:
        return []
    seconds = round(abs(ahead).total_seconds())
    line = f"Clock: this machine's is {seconds} seconds {'ahead of' if ahead > timedelta() else 'behind'} {whose}"
    return [Finding(ok=False, line=f"{line}; one of them is wrong, and leases and digests go by it")]


def check_secrets(settings: Settings) -> list[Finding]:
    """Name the secrets that are too short or easy to guess; they are never shown."""
    secrets = {
        "SECRET_KEY": settings.secret_key,
        "WEBHOOK_SECRET": settings.webhook_secret,
        "METRICS_TOKEN": settings.metrics_token,
    }
    return [
        Finding(ok=False, line=f"{name}: is weak; `openssl rand -hex 32` makes a good one")
        for name, secret in secrets.items()
        if secret and (len(secret) < LONG_ENOUGH or is_guessable(secret.get_secret_value()))
    ]


def check_files(settings: Settings) -> list[Finding]:
    """Name the files that others on this machine can read. The start corrects those of the database."""
    ours = private_files.too_open([DATA, *private_files.of_database(settings.database_file)], to=GROUP_AND_OTHERS)
    secret = [path for path in settings.secret_files if not path.is_relative_to(MOUNTED_SECRETS)]
    open_settings = private_files.too_open([ENV_FILE, *secret], to=OTHERS)
    return [
        *(_too_open(path, "the next start corrects that") for path in ours),
        *(_too_open(path, f"`chmod 600 {path}` corrects that") for path in open_settings),
    ] or [Finding(ok=True, line="Files: only their owner can read the settings and the database")]


def _too_open(path: Path, remedy: str) -> Finding:
    return Finding(ok=False, line=f"Files: {private_files.described(path)} is open to others on this machine; {remedy}")


def _database(sentence: str, *, ok: bool = True) -> Finding:
    return Finding(ok=ok, line=f"DATABASE_URL: {sentence}")


def _check_folder_for(file: Path) -> Finding:
    """Say whether a database that doesn't exist yet can be created there."""
    folder = next(parent for parent in file.absolute().parents if parent.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        return _database(f"no database yet, and none can be created at {file}", ok=False)
    return _database(f"no database yet: `gangway run` creates it at {file}")


def _disagreement(found: Disagreement) -> Finding:
    counted = f"{found.used} activations and {found.reserved} reserved places"
    written = f"{found.used_by_ledger} and {found.reserved_by_ledger}"
    line = f"Profile #{found.profile_id}: counts {counted}, but its ledger adds up to {written}"
    return Finding(ok=False, line=line)


def _miscounted(found: MiscountedSeats) -> Finding:
    counted = f"Seats: {found.taken} are counted as taken, but active are {found.active}"
    return Finding(ok=False, line=f"{counted}; lift the limit and set it again, which counts anew")
