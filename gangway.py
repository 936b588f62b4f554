"""The command line, and the one module that imports bot, web and core together.

What only some commands need, and takes half a second and 30 MB with Telegram's library, is imported by these alone.
"""

import os
import sys

from core import early_signals

if os.path.basename(sys.argv[0]).startswith("gangway"):  # noqa: PTH119 - this is the program; pathlib takes its time
    early_signals.end_by(os._exit)  # an exception could come in the middle of an import, which prints it

import gc

gc.disable()  # nothing that is imported becomes garbage, and looking for some takes a quarter of the start

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, NoReturn, ParamSpec

from cyclopts import App, Parameter

from core import backup as backups
from core import check as core_check
from core import database_copy, logs, private_files, resources, sentry, shutdown, startup
from core.command_failures import FAILED, WRONG_SETTINGS, failure_of
from core.config import SANDBOX_HEIR, SANDBOX_OWNER, SANDBOX_STATE, SANDBOX_STATE_ONCE, Settings, load
from core.engine import Engine, utc_now
from core.errors import WRONG_SETTING
from core.services import belonging, ownership
from web import check as web_check
from web.application import build_application
from web.server import Server

gc.freeze()  # what is there now stays as long as the process
gc.enable()

THREADS_OF_ASYNCIO = 4  # which look names up
REQUESTS_FINISH_WITHIN = 7.0  # seconds, so that the whole program ends within ten

P = ParamSpec("P")

app = App(name="gangway", version=version("gangway"), help="Self-registration for learners, run from a Telegram chat.")


@app.command
def run() -> None:
    """Run everything in one process: pages, bot and schedule; without a BOT_TOKEN, against the built-in sandbox."""
    _enter(lambda settings: _serve(settings, web=True, bot=True))


@app.command(name="web")
def web_half() -> None:
    """Run the pages alone. Any number of these may share one PostgreSQL."""
    _enter(lambda settings: _serve(settings, web=True, bot=False))


@app.command(name="bot")
def bot_half() -> None:
    """Run the bot alone, with its schedule and delivery."""
    _enter(lambda settings: _serve(settings, web=False, bot=True))


@app.command
def migrate() -> None:
    """Bring the database up to date. The other commands do so themselves."""
    _enter(_migrate)


@app.command
def owner(*, replace: bool = False) -> None:
    """Print a new one-time link, good for an hour, that makes its opener the owner, if there is none.

    Earlier links end.

    Args:
        replace: Also if there is an owner, who is told then, and becomes an account administrator.
    """
    _enter(lambda settings: _print_owner_link(settings, replace=replace))


@app.command
def adopt() -> None:
    """Give the database to this bot (without a BOT_TOKEN, to the sandbox) if it belongs to another; say what it means.

    It asks first if it runs in a terminal.
    """
    _enter(_adopt)


@app.command
def backup(file: Path) -> None:
    """Copy a SQLite database to a new file, while it is used, and check the copy.

    Args:
        file: The copy, which must not exist yet. It holds people's data and the secret key.
    """
    _enter(lambda settings: _say(backups.back_up, settings, file))


@app.command
def restore(file: Path, *, replace: bool = False) -> None:
    """Make a copy by `gangway backup` the SQLite database, while Gangway is stopped, after the copy was checked.

    Args:
        file: The copy, which stays as it is.
        replace: Also if there is a database, which is kept under another name beside the restored one.
    """
    _enter(lambda settings: _say(backups.restore, settings, file, utc_now(), replace=replace))


@app.command
def copy(*, source: Annotated[str, Parameter(name="--from")], target: Annotated[str, Parameter(name="--to")]) -> None:
    """Copy everything from one database to another one, which is new or empty, and compare them.

    From SQLite to PostgreSQL, back, or between two of a kind. Stop Gangway first.

    Args:
        source: The database with everything in it, written like DATABASE_URL.
        target: The new one.
    """
    _enter(lambda _settings: _say(database_copy.copy, source, target))


@app.command
def check() -> None:
    """Say what is wrong with the set-up, and what is only switched off.

    Exit 1 if something is wrong, 2 if the database is damaged, another program's, or refuses the log-in.
    """
    _enter(_check)


def main() -> None:
    """Run the command that the arguments name."""
    early_signals.end_by(sys.exit)
    app()


def _enter(work: Callable[[Settings], Coroutine[Any, Any, None]]) -> None:
    """Read the settings and do the work; print what the operator can correct, one line each."""
    private_files.keep_new_files_private()
    settings = None
    try:
        settings = load()
        _prepare(settings)
        asyncio.run(work(settings))
    except Exception as error:
        if (failure := failure_of(error, settings)) is None:
            raise
        _fail(failure.code, *failure.lines)


def _prepare(settings: Settings) -> None:
    """Do what each command needs before its work."""
    logs.configure(level=settings.log_level, style=settings.log_format)
    if settings.sentry_dsn:
        sentry.start(settings.sentry_dsn.get_secret_value())
    if settings.bot_token is None:
        from bot.sandbox import move_state_file  # noqa: PLC0415 - with a bot of one's own nothing of it is needed

        move_state_file(SANDBOX_STATE_ONCE, SANDBOX_STATE)


def _fail(code: int, *lines: str) -> NoReturn:
    print(*lines, sep="\n", file=sys.stderr)
    sys.exit(code)


async def _serve(settings: Settings, *, web: bool, bot: bool) -> None:
    """Start the halves, wait for SIGTERM or Ctrl-C, and stop both together, each finishing its work."""
    resources.raise_most_files()
    stopping = shutdown.on_signals()
    asyncio.get_running_loop().set_default_executor(resources.thread_pool(THREADS_OF_ASYNCIO, "asyncio"))
    async with AsyncExitStack() as stack:
        opening = stack.enter_async_context(startup.open_engine_once_up(settings))
        if (engine := await shutdown.unless(stopping, opening)) is not None:
            await _serve_from(engine, settings, stopping, web=web, bot=bot)


async def _serve_from(engine: Engine, settings: Settings, stopping: asyncio.Event, *, web: bool, bot: bool) -> None:
    """Start the halves, and stop both together."""
    pages, chat = AsyncExitStack(), AsyncExitStack()
    key, addresses = await startup.secret_key(engine, settings), []
    try:
        if web:
            addresses += await _start_pages(pages, engine, settings, key)
        if bot:
            gc.disable()  # as above
            from bot import start  # noqa: PLC0415 - the pages alone don't need it

            gc.freeze()
            gc.enable()
            addresses += await start.start(chat, engine, settings, key, announce=_announce_owner_link)
        print("Gangway is running. Ctrl-C ends it.", *addresses, sep="\n", flush=True)
        await stopping.wait()
        print("Finishing what is under way ...", flush=True)
    finally:
        results = await asyncio.gather(pages.aclose(), chat.aclose(), return_exceptions=True)
    for error in filter(None, results):
        raise error


async def _start_pages(stack: AsyncExitStack, engine: Engine, settings: Settings, key: str) -> list[str]:
    """Start the pages; return the addresses to print."""
    server = Server(
        build_application(engine, settings, key, _sandbox_token(settings)), finish_within=REQUESTS_FINISH_WITHIN
    )
    stack.push_async_callback(server.stop)
    with startup.port_errors("WEB_PORT", "WEB_HOST", settings.web_port):
        listening = await server.start(settings.web_host, settings.web_port)
    where = "" if listening == [settings.public_url] else f", listening on {' and '.join(listening)}"
    return [f"  Pages  {settings.public_url}{where}"]


def _sandbox_token(settings: Settings) -> str:
    """Return the token by which the sandbox signs; empty if there is a bot."""
    if settings.bot_token:
        return ""
    from bot.sandbox import SANDBOX_TOKEN  # noqa: PLC0415 - as above

    return SANDBOX_TOKEN


def _announce_owner_link(how: str) -> None:
    print(f"There is no owner yet. To become the owner, {how}", flush=True)


async def _migrate(settings: Settings) -> None:
    async with startup.open_engine(settings):
        print("The database is up to date.")


async def _print_owner_link(settings: Settings, *, replace: bool) -> None:
    from telegram.error import InvalidToken, TelegramError  # noqa: PLC0415 - as for `start`

    from bot import check as bot_check  # noqa: PLC0415

    make = ownership.replacement_code if replace else ownership.new_code
    async with startup.open_engine(settings) as engine:
        code = await engine.write(make, await startup.secret_key(engine, settings), engine.now())
    if settings.bot_token is None:
        person = SANDBOX_HEIR if replace else settings.owner_telegram_id or SANDBOX_OWNER
        print(f"http://127.0.0.1:{settings.sandbox_port}/?person={person}&start={code}")
        return
    try:
        username = await bot_check.fetch_username(settings.bot_token.get_secret_value(), settings.bot_api_url)
        print(f"https://t.me/{username}?start={code}")
    except InvalidToken:
        _fail(FAILED, bot_check.UNKNOWN_TOKEN)
    except TelegramError as error:
        print(f"Telegram can't be reached ({logs.redact(error.message)}). Send this line to your bot:\n/start {code}")


async def _adopt(settings: Settings) -> None:
    user = settings.database_user
    async with startup.open_foreign_engine(settings) as engine:
        adoption = await engine.read(belonging.preview, user)
        if adoption is None:
            print("The database belongs here already. Nothing was changed.")
            return
        print(*startup.explain_adoption(adoption, user), sep="\n")
        if sys.stdin.isatty() and (await asyncio.to_thread(input, "Type yes to go on: ")).strip().lower() != "yes":
            _fail(FAILED, "Nothing was changed.")
        await engine.write(belonging.adopt, user, engine.now())
        print("The database has changed hands. It is written in the audit log.")


async def _say(work: Callable[P, str], *args: P.args, **kwargs: P.kwargs) -> None:
    """Do what ends with a sentence for the operator."""
    print(work(*args, **kwargs))


async def _check(settings: Settings) -> None:
    from bot import check as bot_check  # noqa: PLC0415 - as for `start`

    findings = [
        *await core_check.check_database(settings),
        *core_check.check_files(settings),
        *core_check.check_secrets(settings),
        *await bot_check.check_telegram(settings),
        web_check.check_address(settings),
        await bot_check.check_mail(settings),
    ]
    for finding in findings:
        print("ok    " if finding.ok else "wrong ", finding.line)
    if not all(finding.ok for finding in findings):
        sys.exit(WRONG_SETTINGS if any(finding.cause in WRONG_SETTING for finding in findings) else FAILED)


if __name__ == "__main__":
    main()
