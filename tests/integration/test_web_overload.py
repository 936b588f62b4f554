"""What the pages say while more passwords wait to be hashed than can wait."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event

import pytest
from structlog.testing import capture_logs

from core.engine import Engine
from core.fair_queue import WAITING_PER_SLOT, Lane, Requester
from core.passwords import CORES
from tests.support.account import Office
from tests.support.patience import PATIENCE
from tests.support.site import Answer, Site, sign_ups, tally

# What a page says is the same on both databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

HERE = "127.0.0.1/32"
FULL = "Many people are signing up or logging in right now. Wait a few seconds and send the form again."
TOO_MANY = "Your network is sending many forms right now. Wait a few seconds and send the form again."


@asynccontextmanager
async def crowded(engine: Engine, lane: Lane, networks: list[str]) -> AsyncIterator[list[asyncio.Task[bool]]]:
    """Take every slot, and every place of a lane for clients of these networks in turn."""
    end, number = Event(), CORES * (WAITING_PER_SLOT + 1)
    who = [Requester(lane=lane, network=networks[n % len(networks)], account=str(n)) for n in range(number)]
    tasks = [asyncio.create_task(engine.passwords.run(each, end.wait)) for each in who]
    await asyncio.sleep(0)
    yield tasks
    end.set()
    await asyncio.gather(*tasks, return_exceptions=True)


def many() -> list[str]:
    return [f"198.51.100.{number}/32" for number in range(CORES * (WAITING_PER_SLOT + 1))]


def told(answer: Answer) -> tuple[int, list[str]]:
    assert int(answer.headers["Retry-After"]) >= 1
    return answer.status, answer.texts("p", role="alert")


@pytest.mark.parametrize(("networks", "said"), [(many(), (503, [FULL])), ([HERE], (429, [TOO_MANY]))])
async def test_a_sign_up_without_a_place_keeps_its_form_except_the_password(
    office: Office, site: Site, networks: list[str], said: tuple[int, list[str]]
) -> None:
    visitor = site.visitor()
    form = await visitor.open_link((await office.profile()).token)
    async with crowded(office.engine, Lane.SIGN_UP, networks):
        answer = await visitor.fill(form, job_title="Chef")
        assert told(answer) == said
    assert (answer.field("email")["value"], answer.field("job_title")["value"]) == ("anna@example.com", "Chef")
    assert "value" not in answer.field("password")
    assert await tally(office.engine) == sign_ups(0)
    assert (await visitor.fill(form)).status == 303


@pytest.mark.parametrize(("networks", "said"), [(many(), (503, [FULL])), ([HERE], (429, [TOO_MANY]))])
async def test_a_log_in_without_a_place_keeps_the_address(
    office: Office, site: Site, networks: list[str], said: tuple[int, list[str]]
) -> None:
    await site.visitor().sign_up((await office.profile()).token)
    async with crowded(office.engine, Lane.LOG_IN, networks):
        answer = await site.visitor().log_in("anna@example.com")
        assert told(answer) == said
    assert answer.field("identifier")["value"] == "anna@example.com"
    assert "value" not in answer.field("password")


async def test_a_client_from_elsewhere_gets_a_place_that_one_network_gives_up(office: Office, site: Site) -> None:
    await site.visitor().sign_up((await office.profile()).token)
    async with crowded(office.engine, Lane.LOG_IN, ["198.51.100.1/32"]) as crowd:
        log_in = asyncio.create_task(site.visitor().log_in("anna@example.com"))
        await asyncio.wait(crowd, return_when=asyncio.FIRST_COMPLETED)
    assert (await log_in).status == 303


async def test_who_hangs_up_waits_no_longer(office: Office, site: Site) -> None:
    waiting = office.engine.passwords.waiting
    async with crowded(office.engine, Lane.SIGN_UP, ["198.51.100.1/32"]), asyncio.timeout(PATIENCE):
        log_in = asyncio.create_task(site.visitor().log_in("anna@example.com"))
        while waiting(Lane.LOG_IN) == 0:
            await asyncio.sleep(0)
        with capture_logs() as logs:
            log_in.cancel()
            while waiting(Lane.LOG_IN) == 1:
                await asyncio.sleep(0)
            while not logs:
                await asyncio.sleep(0)
    assert [(line["event"], line["number"]) for line in logs] == [("clients hung up before the answer", 1)]
    counted = (await site.visitor().get("/metrics")).body
    assert 'gangway_requests_seconds_count{method="POST",route="/login",status="499"} 1.0' in counted


async def test_a_session_works_while_all_slots_are_taken(office: Office, site: Site) -> None:
    visitor = site.visitor()
    await visitor.sign_up((await office.profile()).token)
    async with crowded(office.engine, Lane.LOG_IN, many()):
        assert (await visitor.get("/courses")).status == 200
