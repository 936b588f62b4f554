"""The pages behind nginx and Caddy, set up by the files in `deploy/`."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.config import SANDBOX
from core.security_log import hashed_client
from core.services import belonging
from tests.support.account import Office
from tests.support.patience import PATIENCE, on_this_machine
from tests.support.program import Program, running
from tests.support.reverse_proxy import HOST, Proxy, proxying
from tests.support.site import SECRET

# A proxy sees no difference between databases.
pytestmark = [pytest.mark.deep, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

BOTH = pytest.mark.parametrize("proxy", ["nginx", "caddy"], indirect=True)
NGINX = pytest.mark.parametrize("proxy", ["nginx"], indirect=True)
CLIENT, OTHER = "127.0.0.5", "127.0.0.6"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
async def program(database_url: str, office: Office, tmp_path: Path) -> AsyncIterator[Program]:
    await office.engine.write(belonging.adopt, SANDBOX, office.engine.now())
    settings = {"DATABASE_URL": database_url, "PUBLIC_URL": f"https://{HOST}"}
    settings |= {"TRUSTED_PROXIES": "127.0.0.1", "SECRET_KEY": SECRET}
    async with running(tmp_path, "web", **settings) as program:
        await program.prints("Gangway is running")
        yield program


@pytest.fixture
async def proxy(request: pytest.FixtureRequest, program: Program, tmp_path: Path) -> AsyncIterator[Proxy]:
    async with proxying(request.param, tmp_path, port_of(program)) as proxy:
        yield proxy


def port_of(program: Program) -> int:
    return int(program.pages.rpartition(":")[2])


def connections_to(program: Program) -> int:
    """Count what is connected to the program (Linux, proc(5): the state 01 is "established")."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
    ours = f":{port_of(program):04X}"
    return sum(line[1].endswith(ours) and line[3] == "01" for line in lines)


@BOTH
async def test_one_signs_up_through_the_proxy_and_is_known_by_the_own_address(
    office: Office, program: Program, proxy: Proxy
) -> None:
    token = (await office.profile()).token
    async with proxy.visitor(CLIENT, **{"X-Forwarded-For": "8.8.8.8"}) as visitor:
        answer = await visitor.sign_up(token)
        assert (answer.status, answer.location) == (303, "/courses")
        assert answer.headers["Strict-Transport-Security"]
        assert (await visitor.get("/courses")).texts("h2") == ["Safety first"]
    await program.prints(f"client={hashed_client(SECRET, f'{CLIENT}/32')}")
    claimed = hashed_client(SECRET, "8.8.8.8/32")
    assert not any(claimed in line for line in program.output)


@BOTH
async def test_a_form_that_is_too_long_is_refused(office: Office, program: Program, proxy: Proxy) -> None:
    path = f"/s/{(await office.profile()).token}"
    async with proxy.visitor(CLIENT) as visitor:
        form = await visitor.open_form(path)
        assert (await visitor.fill(form, job_title="x" * 60_000)).status == 422
        answer = await visitor.fill(form, job_title="x" * 70_000)
        assert (answer.status, answer.heading) == (413, "The form is too long")
    await program.prints("status=413")


@NGINX
async def test_a_far_too_long_form_does_not_reach_the_program(office: Office, program: Program, proxy: Proxy) -> None:
    path = f"/s/{(await office.profile()).token}"
    async with proxy.visitor(CLIENT) as visitor:
        form = await visitor.open_form(path)
        assert (await visitor.fill(form, job_title="x" * 300_000)).status == 413
        assert (await visitor.fill(form)).status == 303
    await program.prints("status=303")
    assert not any("status=413" in line for line in program.output)


@BOTH
async def test_metrics_are_not_shown_outside(proxy: Proxy) -> None:
    async with proxy.visitor(CLIENT) as visitor:
        assert (await visitor.get("/metrics")).status == 404


@BOTH
async def test_headers_that_come_slowly_do_not_reach_the_program(program: Program, proxy: Proxy) -> None:
    slow = await asyncio.gather(*(proxy.connect(OTHER) for _ in range(50)))
    for _, writer in slow:
        writer.write(f"GET /login HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: ".encode())
    assert await honest_page(proxy) < on_this_machine(1.0)
    assert connections_to(program) < len(slow)
    await closed(slow)


@NGINX
async def test_bodies_that_come_slowly_do_not_reach_the_program(office: Office, program: Program, proxy: Proxy) -> None:
    path = f"/s/{(await office.profile()).token}"
    slow = await asyncio.gather(*(proxy.connect(OTHER) for _ in range(50)))
    for _, writer in slow:
        head = f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: {FORM}\r\nContent-Length: 1000\r\n\r\n"
        writer.write(f"{head}first_name=".encode())
    assert await honest_page(proxy) < on_this_machine(1.0)
    assert connections_to(program) < len(slow)
    await closed(slow)


@NGINX
async def test_a_client_with_too_many_requests_at_once_is_refused_and_another_one_is_not(proxy: Proxy) -> None:
    slow = await asyncio.gather(*(proxy.connect(OTHER) for _ in range(120)))
    for _, writer in slow:
        writer.write(f"POST /login HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000\r\n\r\nx".encode())
    refused = await asyncio.wait_for(asyncio.gather(*(first_line(reader) for reader, _ in slow)), PATIENCE)
    assert sum(b" 429 " in line for line in refused) == 20
    assert await honest_page(proxy) < on_this_machine(1.0)
    await closed(slow)


@BOTH
async def test_a_session_lasts_while_connections_of_the_proxy_come_and_go(office: Office, proxy: Proxy) -> None:
    token = (await office.profile()).token
    async with proxy.visitor(CLIENT) as visitor:
        form = await visitor.open_link(token)
        assert (await visitor.fill(form)).status == 303
        pages = await asyncio.gather(*(visitor.get("/courses") for _ in range(60)))
        assert {page.status for page in pages} == {200}


async def honest_page(proxy: Proxy) -> float:
    """Open the log-in page and return how many seconds it took."""
    async with proxy.visitor(CLIENT) as visitor:
        began = time.perf_counter()
        assert (await visitor.get("/login")).status == 200
        return time.perf_counter() - began


async def first_line(reader: asyncio.StreamReader) -> bytes:
    """Return the answer's first line; of a request that is still awaited, what comes when it takes too long."""
    try:
        return await reader.readline()
    except ConnectionError:
        return b""


async def closed(connections: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]) -> None:
    """Close what is still open."""
    for _, writer in connections:
        writer.transport.abort()
    await asyncio.sleep(0)
