"""Every kind of button from Home on, as each role in each language, in an account of many years with odd names.

`make crawl`, or `python -m benchmarks.crawl [--most 1500] [--languages en,ru,es]`, on a new SQLite file with 2,000
departments and 5,000 profiles, some of whose names, and people's, have emoji, letters from right to left, `<b>&` and
200 characters. Each role first types what the help gives as examples, so that there is something of everything, and
each screen is sent to a strict sandbox. Before, states are arranged that take time or other people, and notices come
(`benchmarks.crawl_states`). It lists which kinds of buttons a role never saw, and at the end those that no role saw.
Ends with 1 if there is any fault, or if the median of our own time for a tap is above 300 ms.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
from itertools import product
from pathlib import Path

from aiohttp import ClientSession
from sqlalchemy import text
from telegram import Bot

from benchmarks.bulk import OWNER, Size, fill
from benchmarks.crawl_states import arrange
from bot.receiving.routes import COMMANDS
from bot.sandbox import Sandbox
from core import logs
from core.domain.access import Permission, Role
from core.engine import Engine
from core.storage.database import open_database
from core.storage.deadlines import MIGRATION, Deadlines
from tests.support.chat import Person
from tests.support.crawler import Crawl, Crawler
from tests.support.rows import a_user
from tests.support.sandbox_fixture import bot_of, running

LARGE = Size(departments=2_000, profiles=5_000, activations=50_000)
SLOWEST_MEDIAN = 300.0  # milliseconds
OWNER_OF_SANDBOX = 1001
ACCOUNT = "account.db"
HOMES = ("start", "menu", "cancel")  # what they show is where all ways lead back to
ROLES = ("owner", "administrator", "manager", "reader")
# What is odd about every seventh name, by the remainder of its number; the number keeps it unlike others.
ODD = ("🍂🎓 ", "שלום עולם ", "<b>& ", "é" * 190 + " ", "Осенний набор новичков ")
NAMES = """
UPDATE {table} SET {name} = CASE id % 5 WHEN 0 THEN :a WHEN 1 THEN :b WHEN 2 THEN :c WHEN 3 THEN :d ELSE :e END || id
WHERE id % 7 = 0 AND id > 1
"""
NAMED = (("department", "name"), ("profile", "name"), ("user_account", "first_name"))


def prepare(url: str) -> None:
    """Fill a migrated database, give odd names, and let the owner be a person of the sandbox."""
    database = open_database(url, threads=1, watched=Deadlines(MIGRATION))  # filling it takes long
    with database.begin() as connection:
        fill(connection, LARGE)
        for table, name in NAMED:
            statement = text(NAMES.format(table=table, name=name))
            connection.execute(statement, dict(zip("abcde", ODD, strict=True)))
        connection.execute(
            text("UPDATE user_account SET telegram_id = :number WHERE id = :owner"),
            {"owner": OWNER, "number": OWNER_OF_SANDBOX},
        )
    database.dispose()


async def hire(engine: Engine, role: str, number: int) -> None:
    """Let a person of the sandbox, by their number in Telegram, have a role; the owner has theirs."""
    if role == "administrator":
        await a_user(engine, Role.ADMINISTRATOR, telegram_id=number, name="Ada")
    elif role == "manager":
        await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Department 2", telegram_id=number, name="Max")
    elif role == "reader":
        reading = (Permission.RECEIVE_DIGESTS, Permission.READ_LOG)
        await a_user(engine, Role.CUSTOM, "Department 2", telegram_id=number, name="Rita", permissions=reading)


async def crawl(folder: Path, role: str, language: str, most: int) -> Crawl:
    """Crawl as one role in one language on a copy of the account; print and return what was found."""
    copy = folder / f"{role}-{language}.db"
    await asyncio.to_thread(shutil.copy, folder / ACCOUNT, copy)
    engine = Engine(f"sqlite:///{copy}")
    try:
        async with running(Sandbox(port=0)) as sandbox, bot_of(sandbox) as bot, ClientSession() as http:
            number = await let_in(http, sandbox, role)
            await hire(engine, role, number)
            return await report(engine, number, language, bot, role, most)
    finally:
        await engine.close()
        copy.unlink()


async def set_up(folder: Path) -> None:
    """Make the account that is crawled."""
    url = f"sqlite:///{folder / ACCOUNT}"
    engine = Engine(url)
    await engine.migrate()
    await engine.close()
    await asyncio.to_thread(prepare, url)


async def let_in(http: ClientSession, sandbox: Sandbox, role: str) -> int:
    """Let a person come to the sandbox, if they aren't the owner, and press Start; return their number."""
    number = OWNER_OF_SANDBOX
    if role != "owner":
        async with http.post(f"{sandbox.url}/api/people", json={"name": role, "language_code": "en"}) as made:
            number = int((await made.json())["id"])
    await Person(http, sandbox.url, number).starts()
    return number


async def report(engine: Engine, number: int, language: str, bot: Bot, role: str, most: int) -> Crawl:
    """Arrange states and type the examples, crawl, and print what was found."""
    crawler = Crawler(engine, number, language, bot=bot, of_a_kind=2)
    await arrange(crawler, engine, number, OWNER_OF_SANDBOX)
    for command in (each for each in COMMANDS if each.name not in HOMES):
        for line in (f"/{command.name}", *command.examples):
            await crawler.type(line)
    found = await crawler.crawl(most)
    print(f"{role}, {language}: {found}")
    for line in (*found.faults, *(f"left: {kind}" for kind in sorted(found.left))):
        print(f"  {line}")
    print(f"  not seen: {', '.join(sorted(found.never_seen))}")
    return found


async def main() -> int:
    """Crawl as each role in each language."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--most", type=int, default=1500)
    parser.add_argument("--languages", default="en,ru,es")
    parser.add_argument("--roles", default=",".join(ROLES))
    asked = parser.parse_args()
    logs.configure(level="error", style="console")
    pairs = product(asked.roles.split(","), asked.languages.split(","))
    with tempfile.TemporaryDirectory() as folder:
        await set_up(Path(folder))
        crawls = [await crawl(Path(folder), role, language, asked.most) for role, language in pairs]
    print(f"never seen: {', '.join(sorted(set.intersection(*(found.never_seen for found in crawls))))}")
    return int(any(found.faults or found.median > SLOWEST_MEDIAN for found in crawls))


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
