"""The program as its operator knows it: settings, signals, outages."""

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.sandbox import SANDBOX_TOKEN, Sandbox
from core.config import SANDBOX
from core.engine import Engine
from core.services import belonging, policies
from core.storage import profiles, seats
from tests.support.account import Office
from tests.support.api_proxy import Gate
from tests.support.chat import Person
from tests.support.ports import free_port
from tests.support.program import Program, running
from tests.support.visitor import fill_in, open_form

SET_UP = ("/start", "/signup on", "/adddepartment Sales", "/newprofile Autumn | Sales | now - +1 week | 100")


@dataclass(kw_only=True)
class Scene:
    program: Program
    gate: Gate
    owner: Person
    heir: Person
    api: str

    async def set_up(self) -> str:
        """Lead the owner to a link, and give it."""
        for line in SET_UP:
            said = await self.owner.says(line)
            answer = await self.owner.reads(after=said)
        link: str = answer.button("Copy link")["copy_text"]["text"]
        return link


@asynccontextmanager
async def scene(folder: Path, **settings: str) -> AsyncIterator[Scene]:
    """The program at work with a Telegram that a test can hold up."""
    async with AsyncExitStack() as stack:
        sandbox = Sandbox(port=0)
        await sandbox.start()
        stack.push_async_callback(sandbox.stop)
        gate = Gate(sandbox.url)
        telegram = {"BOT_API_URL": await gate.start(), "BOT_TOKEN": SANDBOX_TOKEN}
        settings = {"OWNER_TELEGRAM_ID": "1001", **telegram, **settings}
        stack.push_async_callback(gate.stop)
        http = await stack.enter_async_context(ClientSession())
        program = await stack.enter_async_context(running(folder, **settings))
        await program.is_ready()
        owner, heir = (Person(http, sandbox.url, number) for number in (1001, 1003))
        yield Scene(program=program, gate=gate, owner=owner, heir=heir, api=settings["BOT_API_URL"])


@pytest.mark.deep
async def test_sigterm_finishes_sign_ups_under_way(tmp_path: Path, database_url: str) -> None:
    async with scene(tmp_path, DATABASE_URL=database_url) as at:
        link = await at.set_up()
        forms = [await open_form(link) for _ in range(20)]
        posts = [asyncio.create_task(fill_in(form, f"learner{n}@example.com")) for n, form in enumerate(forms)]
        await asyncio.wait(posts, return_when=asyncio.FIRST_COMPLETED)
        ending = asyncio.create_task(at.program.ends())
        assert await asyncio.gather(*posts) == [(303, "/courses")] * 20
        assert await ending == 0


@pytest.mark.deep
async def test_sigterm_finishes_a_command_under_way(tmp_path: Path, database_url: str) -> None:
    async with scene(tmp_path, DATABASE_URL=database_url) as at:
        await at.set_up()
        at.gate.hold("sendMessage")
        said = await at.owner.says("/adddepartment Marketing")
        await at.gate.someone_waits.wait()
        ending = asyncio.create_task(at.program.ends())
        await at.program.prints("Finishing what is under way")
        at.gate.let_through()
        assert "Added Marketing" in (await at.owner.reads("Marketing", after=said)).text
        assert await ending == 0


@pytest.mark.deep
async def test_sigterm_finishes_a_delivery_under_way(tmp_path: Path, database_url: str) -> None:
    async with scene(tmp_path, DATABASE_URL=database_url) as at:
        await at.set_up()
        said = await at.owner.says("/digest now")
        await at.owner.reads("Your digest is on its way", after=said)
        at.gate.hold("sendMessage")
        await at.gate.someone_waits.wait()
        ending = asyncio.create_task(at.program.ends())
        await at.program.prints("Finishing what is under way")
        at.gate.let_through()
        await at.owner.reads("Nobody joined so far", after=said)
        assert await ending == 0


@pytest.mark.deep
async def test_a_telegram_that_hangs_does_not_keep_the_program_from_ending(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        at.gate.hold("sendMessage")
        await at.owner.says("/start")
        await at.gate.someone_waits.wait()
        assert await at.program.ends() == 0


@pytest.mark.deep
async def test_pages_work_while_telegram_cannot_be_reached_and_the_bot_comes_up_later(tmp_path: Path) -> None:
    port = free_port()
    settings = {"BOT_API_URL": f"http://127.0.0.1:{port}", "BOT_TOKEN": SANDBOX_TOKEN, "OWNER_TELEGRAM_ID": "1001"}
    async with running(tmp_path, **settings) as program, ClientSession() as http:
        await program.prints("Gangway is running")
        async with http.get(f"{program.pages}/login") as page, http.get(f"{program.pages}/readyz") as readiness:
            assert page.status == 200
            assert readiness.status == 503
            assert (await readiness.json())["telegram"] == "no successful poll yet"
        sandbox = Sandbox(port=port)
        await sandbox.start()
        await program.is_ready()
        owner = Person(http, sandbox.url, 1001)
        await owner.says("/start")
        await owner.reads("Welcome, Olivia.")
        assert await program.ends() == 0
        await sandbox.stop()


@pytest.mark.deep
async def test_sigterm_ends_the_program_while_telegram_cannot_be_reached(tmp_path: Path) -> None:
    settings = {"BOT_API_URL": f"http://127.0.0.1:{free_port()}", "BOT_TOKEN": SANDBOX_TOKEN}
    async with running(tmp_path, **settings) as program:
        await program.prints("telegram unreachable, retrying")
        assert await program.ends() == 0


@pytest.mark.deep
async def test_the_halves_share_one_database(tmp_path: Path) -> None:
    database = {"DATABASE_URL": f"sqlite:///{tmp_path}/shared.db"}
    async with running(tmp_path, "web", **database) as pages, running(tmp_path, "bot", **database) as bot:
        await pages.is_ready()
        assert await pages.ends() == 0
        assert await bot.ends() == 0


async def test_wrong_settings_get_a_line_each_and_exit_2(tmp_path: Path) -> None:
    """Each odd value is tried in test_core_odd_settings, and what only the program meets in test_odd_settings."""
    async with running(tmp_path, PUBLIC_URL="example.org", LOG_LEVEL="loud", BOT_TOKEN="hunter2") as program:
        assert await program.exits() == 2
        assert [line.partition(":")[0] for line in program.output] == ["BOT_TOKEN", "PUBLIC_URL", "LOG_LEVEL"]
        assert "hunter2" not in "".join(program.output)


@pytest.mark.deep
async def test_a_port_in_use_is_told_and_exits_2(tmp_path: Path) -> None:
    async with running(tmp_path) as first:
        await first.prints("Gangway is running")
        port = first.pages.rsplit(":", 1)[-1]
        async with running(tmp_path, WEB_PORT=port) as second:
            assert await second.exits() == 2
            assert second.output[-1].startswith(f"WEB_PORT: can't listen on {port}: ")


@pytest.mark.deep
async def test_a_database_out_of_reach_is_told_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql://someone:hunter2@127.0.0.1:{free_port()}/gangway"
    async with running(tmp_path, "migrate", DATABASE_URL=url) as program:
        assert await program.exits() == 1
        assert len(program.output) == 1
        assert program.output[0].startswith("DATABASE_URL: the database can't be reached (")
        assert "hunter2" not in program.output[0]


@pytest.mark.deep
async def test_migrate_prepares_the_database(tmp_path: Path) -> None:
    async with running(tmp_path, "migrate") as program:
        assert await program.exits() == 0
        assert program.output == ["The database is up to date."]


@pytest.mark.deep
async def test_check_says_what_is_off_and_what_is_wrong(tmp_path: Path) -> None:
    async with running(tmp_path, "check") as fine:
        assert await fine.exits() == 0
        assert any("the sandbox runs instead of Telegram" in line for line in fine.output)
    nowhere = f"http://127.0.0.1:{free_port()}"
    async with running(tmp_path, "check", BOT_TOKEN=SANDBOX_TOKEN, BOT_API_URL=nowhere) as wrong:
        assert await wrong.exits() == 1
        assert any(line.startswith("wrong  BOT_API_URL: Telegram can't be reached") for line in wrong.output)


@pytest.mark.deep  # starts the program several times
async def test_check_makes_no_database(tmp_path: Path) -> None:
    file = tmp_path / "data" / "ours.db"
    async with running(tmp_path, "check", DATABASE_URL=f"sqlite:///{file}") as program:
        assert await program.exits() == 0
        assert f"ok     DATABASE_URL: no database yet: `gangway run` creates it at {file}" in program.output
    assert not file.parent.exists()
    async with running(tmp_path, "check", DATABASE_URL=f"sqlite:///{__file__}/ours.db") as program:
        assert await program.exits() == 2  # a database below a file is a wrong setting


@pytest.mark.deep
async def test_check_names_counters_that_are_not_what_there_is(
    tmp_path: Path, engine: Engine, office: Office, database_url: str
) -> None:
    card = await office.profile()
    await engine.write(lambda session: profiles.add_to_counters(session, card.profile_id, used=2))
    await engine.write(policies.limit_seats, office.owner_id, "5", engine.now())
    await engine.write(seats.take_beyond)
    await engine.write(belonging.adopt, SANDBOX, engine.now())
    async with running(tmp_path, "check", DATABASE_URL=database_url) as program:
        assert await program.exits() == 1
        wrong = [line for line in program.output if line.startswith("wrong")]
    assert wrong == [
        "wrong  Profile #1: counts 2 activations and 0 reserved places, but its ledger adds up to 0 and 0",
        "wrong  Seats: 2 are counted as taken, but active are 1; lift the limit and set it again, which counts anew",
    ]


@pytest.mark.deep  # starts the program several times
async def test_owner_prints_a_fresh_link_that_ends_the_earlier_one(tmp_path: Path) -> None:
    links = []
    for _ in range(2):
        async with running(tmp_path, "owner", SANDBOX_PORT="8081") as program:
            assert await program.exits() == 0
            links += program.output
    assert all(link.startswith("http://127.0.0.1:8081/?person=1001&start=") for link in links)
    assert links[0] != links[1]


@pytest.mark.deep  # starts the program several times
async def test_owner_is_refused_where_there_is_one(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        await at.set_up()
        await at.program.ends()
    async with running(tmp_path, "owner", BOT_TOKEN=SANDBOX_TOKEN) as program:
        assert await program.exits() == 1
        assert len(program.output) == 1
        assert program.output[0].startswith("This account has an owner already")


@pytest.mark.deep
async def test_the_owners_link_is_printed_once_and_later_starts_say_how_to_get_another(tmp_path: Path) -> None:
    for how in ("open https://t.me/", "run `gangway owner`"):
        async with scene(tmp_path, OWNER_TELEGRAM_ID="") as at:
            await at.program.prints(f"There is no owner yet. To become the owner, {how}")
            assert "start=" not in "".join(at.program.output) or how.startswith("open")


@pytest.mark.deep  # starts the program several times
async def test_whoever_holds_the_machine_can_replace_the_owner_who_is_told(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        await at.set_up()
        telegram = {"BOT_TOKEN": SANDBOX_TOKEN, "BOT_API_URL": at.api}
        async with running(tmp_path, "owner", "--replace", **telegram) as command:
            assert await command.exits() == 0
            code = command.output[-1].partition("?start=")[2]
        said = await at.heir.says(f"/start {code}")
        await at.heir.reads("Welcome", after=said)
        await at.owner.reads("is the owner now: a link made on the server replaced you")


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let a program that a test starts hear SIGINT, which a shell ignores for whatever it runs in the background."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize(("command", "code"), [("web", 0), ("migrate", 128)], ids=["service", "work"])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
async def test_a_signal_before_the_program_has_begun_ends_it_without_a_word(
    tmp_path: Path, number: signal.Signals, command: str, code: int
) -> None:
    (tmp_path / "cyclopts.py").write_text("import time; time.sleep(600)")  # it imports for as long as this takes
    async with running(tmp_path, command, PYTHONPATH=str(tmp_path)) as program:
        while not _catches(program.process.pid, number):
            await asyncio.sleep(0.01)
        program.process.send_signal(number)
        assert await program.exits() == (code + number if code else 0)
        assert program.output == []


def _catches(process: int, number: signal.Signals) -> bool:
    """Return whether a process has a handler for a signal (Linux)."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    caught = int(status.partition("SigCgt:")[2].split()[0], 16)
    return bool(caught & 1 << (number - 1)) and bool(caught & 1 << (signal.SIGTERM - 1))
