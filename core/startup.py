"""How a command opens the database that the settings name, and what the operator reads if it can't start."""

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path

import structlog

from core import logs, private_files
from core.config import DATA, SANDBOX, InvalidSettings, Settings
from core.engine import Engine
from core.errors import SERVER_COMES_UP, Cause, DatabaseBelongsElsewhere, DatabaseNewer, DatabaseUnavailable
from core.services import account, belonging
from core.services.belonging import Adoption

AGAIN_AFTER = 0.3  # seconds, so that a start is soon after the server's

OWNER_EXISTS = (
    "This account has an owner already, so there is no link to become one. "
    "The owner can hand it over in the chat, and `gangway owner --replace` replaces a lost owner."
)
NO_MORE_THREADS = (
    "The system lets this program start no more threads. Raise its limit of processes: `ulimit -u`, TasksMax= of "
    "systemd, or the container's limit of pids."
)

log = structlog.get_logger()


@asynccontextmanager
async def open_engine(settings: Settings) -> AsyncIterator[Engine]:
    """Open the database and bring it up to date, if it belongs to this bot or sandbox, or to nobody yet.

    Raises DatabaseUnavailable, DatabaseNewer, DatabaseBelongsElsewhere; the database is then as it was.
    """
    engine = _opened(settings)
    try:
        await engine.migrate(partial(belonging.begin_use, user=settings.database_user))
        _make_private(private_files.of_database(settings.database_file))  # not before: it may be another program's
        yield engine
    finally:
        await engine.close()


@asynccontextmanager
async def open_engine_once_up(settings: Settings) -> AsyncIterator[Engine]:
    """Like `open_engine`, but wait for a server that isn't up yet, however long that takes.

    A service that gave up would stay down: systemd starts it five times in ten seconds, and then no more.
    """
    engine = _opened(settings)
    try:
        await _once_up(partial(engine.migrate, partial(belonging.begin_use, user=settings.database_user)))
        _make_private(private_files.of_database(settings.database_file))
        yield engine
    finally:
        await engine.close()


@asynccontextmanager
async def open_foreign_engine(settings: Settings) -> AsyncIterator[Engine]:
    """Open the database and bring it up to date, whoever it belongs to. Raises DatabaseUnavailable, DatabaseNewer."""
    engine = _opened(settings)
    try:
        await engine.migrate()
        _make_private(private_files.of_database(settings.database_file))
        yield engine
    finally:
        await engine.close()


async def secret_key(engine: Engine, settings: Settings) -> str:
    """Return the secret key of the settings, else the one that is generated once and kept in the database."""
    if settings.secret_key:
        return settings.secret_key.get_secret_value()
    return await engine.write(account.secret_key)


def explain(error: DatabaseUnavailable | DatabaseNewer) -> str:
    """Say to the operator, without secrets, why the database can't be used."""
    if isinstance(error, DatabaseNewer):
        return f"the database is of a newer version ({error}); update this program first"
    return logs.redact(str(error))


def explain_belonging(error: DatabaseBelongsElsewhere, user: str) -> str:
    """Say to the operator, in one line, why this bot or sandbox can't use the database, and what they can do."""
    if user == SANDBOX:
        whose = "belongs to another bot" if error.belongs_to is None else f"belongs to {_named(error.belongs_to)}"
        evidence = " (it has users, and the sandbox has never used it)" if error.belongs_to is None else ""
        wrong = f"the database {whose}{evidence}, and BOT_TOKEN is empty, so the sandbox would use it"
        return f"{wrong}; set BOT_TOKEN, or give it to the sandbox with `gangway adopt`"
    wrong = f"the database belongs to {_named(error.belongs_to)}, and BOT_TOKEN is that of {_named(user)}"
    return f"{wrong}; choose another database, or give it to this bot with `gangway adopt`"


def explain_adoption(adoption: Adoption, user: str) -> list[str]:
    """Say to the operator, line by line, what adopting the database means."""
    before = _named(adoption.belongs_to) if adoption.belongs_to else "nobody that is known"
    lines = [
        f"The database belongs to {before}, and will belong to {_named(user)}.",
        "Stop every Gangway that still uses it. Updates that are not answered yet are forgotten.",
    ]
    if adoption.leaving_chat:
        lines += [
            f"The numbers in Telegram of the sandbox's people ({adoption.leaving_chat}) are made up.",
            "They will be disconnected from the chat, and their digests stop. Learners and their passwords stay.",
            "Invitations and the owner's link that were made in the sandbox no longer work.",
        ]
    elif user != SANDBOX:
        lines += ["People have to press Start in the new bot before it can write to them."]
    if user == SANDBOX:
        lines += ["In the sandbox, anyone on this computer can act as the owner or anybody else."]
    elif adoption.owner:
        lines += [f"The owner stays {adoption.owner}; `gangway owner --replace` prints a link to replace them."]
    return lines


@contextmanager
def port_errors(port_name: str, host_name: str, port: int) -> Iterator[None]:
    """Turn an error of listening into a wrong setting: the port if it is taken or forbidden, else the host."""
    try:
        yield
    except OSError as error:
        is_port = error.errno in (errno.EADDRINUSE, errno.EACCES)
        name, where = (
            (port_name, "another port") if is_port else (host_name, "an address of this machine, or 127.0.0.1")
        )
        known = error.errno in errno.errorcode  # asyncio's own words have the address in them; a resolver has codes
        reason = os.strerror(error.errno) if error.errno and known else error.strerror
        raise InvalidSettings([f"{name}: can't listen on {port}: {reason}; choose {where}"]) from None


async def _once_up(work: Callable[[], Awaitable[None]]) -> None:
    """Do the work once the server is up; the log says each cause once, and then that it goes on."""
    told: set[Cause] = set()
    while True:
        try:
            await work()
        except DatabaseUnavailable as error:
            if error.cause not in SERVER_COMES_UP:
                raise
            if error.cause not in told:
                log.warning("waiting for the database", reason=explain(error))
            told.add(error.cause)
            await asyncio.sleep(AGAIN_AFTER)
        else:
            if told:
                log.warning("the database is up")
            return


def _opened(settings: Settings) -> Engine:
    """Open the database, after others' access to the folder has been taken from them."""
    _make_private([DATA])
    return Engine(settings.database_url)


def _make_private(paths: list[Path]) -> None:
    for path in private_files.make_private(paths):
        log.warning("others could read this; now only its owner can", path=str(path))


def _named(user: str | None) -> str:
    return "the sandbox" if user == SANDBOX else f"bot {user}"
