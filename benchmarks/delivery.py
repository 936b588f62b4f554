"""How long a backlog of messages takes under Telegram's limits, and how long people wait for replies meanwhile.

`python -m benchmarks.delivery [--messages 10000]` queues messages for a crowd of administrators, switches the sandbox's
flood limits on, and lets one person write once a second, and ten at once every five seconds, until all is sent. It
prints the time taken against the shortest that Telegram's 30 a second allow, the calls refused for coming too fast, and
the replies' times.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles

from aiohttp import ClientSession
from sqlalchemy import insert
from sqlalchemy.orm import Session

from bot.sandbox import SANDBOX_TOKEN, CallLog, Sandbox
from bot.service import BotService, BotSettings
from core import logs
from core.domain.access import Role
from core.domain.outbox import Kind
from core.engine import Engine
from core.services import outbox
from core.storage.tables import OutboxMessage, User
from tests.support.account import an_office
from tests.support.bot_fixture import OWNER
from tests.support.chat import Person
from tests.support.rows import a_user

CROWD = 400
BURST = 10
FIRST_OF_CROWD = 1101  # whoever is added in a new sandbox counts from here
TELEGRAM = 30  # messages a second
UNSENT = {"waiting", "claimed", "sending"}


@dataclass(frozen=True, kw_only=True)
class Stage:
    """A sandbox with flood limits and a crowd, a bot at work, and its database."""

    sandbox: Sandbox
    engine: Engine
    owner: Person
    crowd: list[Person]


@asynccontextmanager
async def set_up(database_url: str) -> AsyncIterator[Stage]:
    """Let a crowd of administrators press Start, and switch the limits on."""
    engine, sandbox = Engine(database_url), Sandbox(port=0)
    await engine.migrate()
    office = await an_office(engine)
    await office.profile()
    await sandbox.start()
    async with ClientSession() as http:
        crowd = []
        for number in range(CROWD):
            async with http.post(
                f"{sandbox.url}/api/people", json={"name": f"A{number}", "language_code": "en"}
            ) as made:
                crowd.append(Person(http, sandbox.url, (await made.json())["id"]))
            await a_user(engine, Role.ADMINISTRATOR, telegram_id=crowd[-1].id)
            await crowd[-1].starts()
        sandbox.faults.flood.switch(on=True)
        owner = Person(http, sandbox.url, OWNER)
        await owner.starts()
        yield Stage(sandbox=sandbox, engine=engine, owner=owner, crowd=crowd)
    await sandbox.stop()
    await engine.close()


def queue(session: Session, engine: Engine, number: int) -> None:
    """Queue messages, as many to everybody as to others, but for one."""
    users = session.query(User.id, User.telegram_id).filter(User.telegram_id >= FIRST_OF_CROWD).all()
    row = {"kind": Kind.FIRST_LEARNER, "subject_id": 1, "repetition": 0, "state": "waiting"}
    moments = {"not_before": engine.now(), "created_at": engine.now()}
    rows = ({**row, **moments, "user_id": user_id, "chat_id": chat_id} for user_id, chat_id in cycle(users))
    session.execute(insert(OutboxMessage), list(islice(rows, number)))


async def ask(person: Person, call_log: CallLog) -> float:
    """Write a line, and give how long it took until its reply had come to Telegram, in milliseconds."""
    began, seen = time.time(), call_log.total
    await person.says("/departments")
    while True:  # the call log is read: ten people's pages would take longer than what is measured
        for call in call_log.newest(after=seen):
            if call.chat_id == person.id and call.refusal is None and "department" in call.parameters.get("text", ""):
                return 1000 * (call.at + call.milliseconds / 1000 - began)
        seen = call_log.total
        await asyncio.sleep(0.01)


async def talk(people: list[Person], call_log: CallLog, pause: float, over: asyncio.Event) -> list[float]:
    """Let people write at once, again and again, and take their replies' times."""
    waited: list[float] = []
    while not over.is_set():
        waited += await asyncio.gather(*(ask(person, call_log) for person in people))
        await asyncio.sleep(pause)
    return waited


async def run(messages: int, folder: Path) -> None:
    """Send the backlog, and print the figures."""
    async with set_up(f"sqlite:///{folder}/gangway.db") as stage:
        settings = BotSettings(
            token=SANDBOX_TOKEN,
            api_url=stage.sandbox.url,
            public_url="http://127.0.0.1:8080",
            public=False,
            secret_key="a secret key of benchmarks",  # noqa: S106 - of nothing
            owner_telegram_id=None,
        )
        service = BotService(stage.engine, settings, announce=print)
        service.start()
        await asyncio.sleep(25)  # the greetings of the crowd are answered
        await stage.engine.write(queue, stage.engine, messages)
        over, began = asyncio.Event(), time.perf_counter()
        call_log = stage.sandbox.call_log
        alone = asyncio.create_task(talk([stage.owner], call_log, 1, over))
        bursts = asyncio.create_task(talk(stage.crowd[:BURST], call_log, 5, over))
        await all_is_sent(stage)
        seconds = time.perf_counter() - began
        over.set()
        waited = {"one a second": await alone, f"{BURST} at once": await bursts}
        await service.stop()
        await report(stage, messages, seconds, waited)


async def all_is_sent(stage: Stage) -> None:
    """Return once nothing waits to be sent."""
    while UNSENT & (await stage.engine.read(outbox.counts)).keys():  # noqa: ASYNC110 - it can only be asked again
        await asyncio.sleep(0.2)


async def report(stage: Stage, messages: int, seconds: float, waited: Mapping[str, list[float]]) -> None:
    """Print what came of it."""
    arrived = 0
    for person in stage.crowd:
        arrived += sum("first learner signed up" in message.text for message in await person.messages())
    ratio, flood = seconds * TELEGRAM / messages, stage.sandbox.faults.flood
    print(f"messages             {messages}, arrived {arrived}, states {await stage.engine.read(outbox.counts)}")
    print(f"taken                {seconds:.0f} s, {ratio:.2f} of the shortest that 30 a second allow")
    print(f"refused as too fast  {flood.exceeded}")
    for how, times in waited.items():
        longest = f"95 % under {quantiles(times, n=20)[-1]:.0f} ms, longest {max(times):.0f} ms"
        print(f"replies {how:12} {len(times)}, median {median(times):.0f} ms, {longest}")


def main() -> None:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000)
    logs.configure(level="error", style="console")
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(parser.parse_args().messages, Path(folder)))


if __name__ == "__main__":
    main()
