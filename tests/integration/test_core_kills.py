"""Processes killed at any moment: what was confirmed is there, nothing is half-done, every form can be sent again.

`GANGWAY_KILLS` says how often on each database.
"""

import asyncio
import json
import os
import secrets
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

import pytest
from aiohttp import ClientError, ClientSession
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from bot.sandbox import SANDBOX_TOKEN
from core.engine import Engine, utc_now
from core.errors import LinkClosed
from core.services import profile_links, redemption
from core.services.redemption import SignedUp
from core.storage.tables import Activation
from tests.support.account import Office, an_office
from tests.support.clock import Clock
from tests.support.concurrent_engines import at_once
from tests.support.invariants import faults
from tests.support.killed_process import TASKS, Confirmed, Work
from tests.support.patience import PATIENCE
from tests.support.program import Program, running
from tests.support.site import sign_ups, tally
from tests.support.visitor import Form, fill_in, open_form

ENGINE_KILLS, PROGRAM_KILLS = (int(os.environ.get("GANGWAY_KILLS", default)) for default in ("4", "2"))
LIMIT, LEARNERS = 9, 6
AT_WORK = """
SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
AND backend_type = 'client backend' AND state <> 'idle'
"""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A form that a victim sent: what it was told, nothing where it was killed first."""

    task: int
    number: int
    told: Confirmed | None


async def killed(database_url: str, work: Work, moment: float) -> list[Sent]:
    """Let a victim work, and kill it this long after its first confirmation; give every form that it sent."""
    victim = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.support.killed_process", database_url), stdin=PIPE, stdout=PIPE
    )
    assert victim.stdin is not None
    assert victim.stdout is not None
    victim.stdin.write(f"{json.dumps(asdict(work))}\n".encode())
    first = await victim.stdout.readline()
    others = asyncio.ensure_future(victim.stdout.read())
    await asyncio.wait([others], timeout=moment)
    victim.kill()
    lines = (first + await others).splitlines()
    assert await victim.wait() == -9
    confirmed = [Confirmed(**json.loads(line)) for line in lines]
    sent = [Sent(task=one.task, number=one.number, told=one) for one in confirmed]
    under_way = ((task, sum(one.task == task for one in confirmed)) for task in range(TASKS))  # one after the other
    return [*sent, *(Sent(task=task, number=number, told=None) for task, number in under_way)]


@asynccontextmanager
async def opened(database_url: str, clock: Callable[[], datetime]) -> AsyncIterator[Engine]:
    """An engine that is closed while victims work: so it finds the database as they left it."""
    engine = Engine(database_url, clock=clock)
    try:
        yield engine
    finally:
        await engine.close()


async def prepared(office: Office, name: str) -> Work:
    """Make work: a profile without a limit that has two links, and one that will be full soon."""
    wide, narrow = await office.profile(limit="unlimited"), await office.profile(limit=str(LIMIT))
    now = office.engine.now()
    poster = await office.engine.write(profile_links.add, office.owner_id, wide.profile_id, "poster", now)
    return Work(name=name, tokens=[wide.token, poster.link.token, narrow.token], now=now.isoformat())


def made(session: Session, name: str) -> dict[str, int]:
    """Give the users that the forms of one victim have made."""
    rows = session.execute(select(Activation.form_key, Activation.user_id)).all()
    return {key: user_id for key, user_id in rows if key.startswith(f"{name} ")}


async def nobody_is_at_work(engine: Engine) -> None:
    """Return once PostgreSQL has noticed that a client is dead, and ended its transactions."""

    def somebody(session: Session) -> bool:
        return session.get_bind().dialect.name == "postgresql" and session.execute(text(AT_WORK)).first() is not None

    async with asyncio.timeout(PATIENCE):
        while await engine.read(somebody):
            pass


async def check(engine: Engine, work: Work, sent: list[Sent]) -> None:
    """Look for what was confirmed, and send every form again."""
    told = {work.form(one.task, one.number)[1].form_key: one.told.user_id for one in sent if one.told}
    told_users = {key: user_id for key, user_id in told.items() if user_id is not None}
    before = await engine.read(made, work.name)
    assert told_users.items() <= before.items()
    forms = [work.form(one.task, one.number) for one in sent]
    answers = await at_once(
        engine.write(redemption.redeem, token, form, engine.now()) for token, form in [*forms, *forms[-TASKS:]]
    )
    await nobody_is_at_work(engine)
    after = await engine.read(made, work.name)
    for (token, form), answer in zip([*forms, *forms[-TASKS:]], answers, strict=True):
        if isinstance(answer, LinkClosed):
            assert token == work.tokens[-1]
            assert form.form_key not in after
        else:
            assert isinstance(answer, SignedUp)
            assert answer.user_id == after[form.form_key]
    assert before.items() <= after.items()
    assert after.keys() <= {form.form_key for _, form in forms}
    assert await engine.read(faults) == []


@pytest.mark.deep
@pytest.mark.timeout(300 + 60 * ENGINE_KILLS)
async def test_a_killed_process_leaves_no_sign_up_half_done_and_none_that_was_confirmed_behind(
    office_url: str, clock: Clock
) -> None:
    async with opened(office_url, clock) as engine:
        office = await an_office(engine)
        work = await prepared(office, "first")
    for number in range(ENGINE_KILLS):
        sent = await killed(office_url, work, moment=0.05 + secrets.randbelow(351) / 1000)
        async with opened(office_url, clock) as engine:
            await check(engine, work, sent)
            work = await prepared(replace(office, engine=engine), f"after {number}")


@asynccontextmanager
async def pages(folder: Path, database_url: str) -> AsyncIterator[Program]:
    """The pages in a process of their own."""
    async with running(folder, "web", DATABASE_URL=database_url, BOT_TOKEN=SANDBOX_TOKEN) as program:
        await program.prints("Gangway is running")
        yield program


async def interrupted(program: Program, token: str, emails: list[str]) -> dict[str, Form]:
    """Kill the pages while learners send their forms; give the forms."""
    forms = {email: await open_form(f"{program.pages}/s/{token}") for email in emails}
    posts = [asyncio.ensure_future(fill_in(form, email)) for email, form in forms.items()]
    await asyncio.wait(posts, timeout=secrets.randbelow(300) / 1000)
    program.process.kill()
    for answer in await asyncio.gather(*posts, return_exceptions=True):
        assert answer == (303, "/courses") or isinstance(answer, ClientError)
    return forms


async def courses_after(program: Program, form: Form, email: str) -> str:
    """Send a form again to pages that run now, and give the page that it leads to."""
    path = form.link.split("/", 3)[3]
    assert await fill_in(replace(form, link=f"{program.pages}/{path}"), email) == (303, "/courses")
    async with ClientSession(cookie_jar=form.jar) as http, http.get(f"{program.pages}/courses") as page:
        assert page.status == 200
        return await page.text()


@pytest.mark.deep
@pytest.mark.timeout(300 + 60 * PROGRAM_KILLS)
async def test_a_form_that_killed_pages_did_not_answer_leads_to_my_courses_when_it_is_sent_again(
    tmp_path: Path, database_url: str
) -> None:
    async with opened(database_url, utc_now) as engine:
        token = (await (await an_office(engine)).profile(limit="unlimited")).token
        forms: dict[str, Form] = {}
        for number in range(PROGRAM_KILLS + 1):
            async with pages(tmp_path, database_url) as program:
                for email, form in forms.items():
                    assert "Safety first" in await courses_after(program, form, email)
                assert await tally(engine) == sign_ups(LEARNERS * number)
                assert await engine.read(faults) == []
                if number < PROGRAM_KILLS:
                    emails = [f"learner{learner}@{number}.example.com" for learner in range(LEARNERS)]
                    forms = await interrupted(program, token, emails)
