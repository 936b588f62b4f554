"""Which host a request names, and who may read metrics and the details of readiness."""

import asyncio

import pytest

from core.engine import Engine
from tests.support.account import Office
from tests.support.site import Site, open_site

SECURE = "https://signup.example.org"
TOKEN = "a token of the monitoring"
FOREIGN = [
    "evil.example",
    "signup.example.org.evil.example",
    "evil.example:8080",
    "signup.example.org@evil.example",
    "127.0.0.1.evil.example",
    "[::2]:8080",
    "0.0.0.0:8080",
    "localhost.",
    "evil example",
    "x" * 5000,
]


async def raw(site: Site, *lines: str) -> int:
    """Send a request as it stands, and return the status."""
    host, _, port = site.address.rpartition("//")[2].partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write("".join(f"{line}\r\n" for line in (*lines, "")).encode())
    status = int((await reader.readline()).split()[1])
    writer.close()
    await writer.wait_closed()
    return status


@pytest.mark.parametrize("host", FOREIGN)
async def test_a_strangers_host_is_refused_in_a_plain_sentence(engine: Engine, office: Office, host: str) -> None:
    token = (await office.profile()).token
    async with open_site(engine, public_url=SECURE) as site:
        if host == "localhost.":
            assert (await site.visitor().get("/login", Host=host)).status == 200  # the same name, written in full
            return
        for path in ("/login", f"/s/{token}", "/healthz", "/metrics", "/nowhere"):
            page = await site.visitor().get(path, Host=host)
            assert (page.status, page.heading) == (421, "There is no such site here")
            assert "evil" not in page.body
            assert "signup.example.org" not in page.body


async def test_our_own_host_and_this_machine_are_answered(engine: Engine) -> None:
    async with open_site(engine, public_url=SECURE) as site:
        port = site.address.rpartition(":")[2]
        for host in (
            "signup.example.org",
            "SIGNUP.example.org:443",
            "signup.example.org.",
            f"localhost:{port}",
            "[::1]",
        ):
            assert (await site.visitor().get("/login", Host=host)).status == 200


async def test_an_international_host_is_known_by_its_ascii_name(engine: Engine) -> None:
    host = "академия.example".encode("idna").decode()  # the settings refuse the other way to write it
    async with open_site(engine, public_url=f"https://{host}") as site:
        assert (await site.visitor().get("/login", Host=host)).status == 200


async def test_several_hosts_and_absolute_targets_of_others_are_refused(engine: Engine) -> None:
    async with open_site(engine, public_url=SECURE) as site:
        ours = "Host: signup.example.org"
        assert await raw(site, "GET /login HTTP/1.1", ours, "Host: evil.example") == 400
        assert await raw(site, "GET http://evil.example/login HTTP/1.1", ours) == 400
        assert await raw(site, f"GET {SECURE}/login HTTP/1.1", ours) == 200
        assert await raw(site, "GET /healthz HTTP/1.0") == 200


async def test_no_page_takes_a_link_from_a_header(engine: Engine, office: Office) -> None:
    token = (await office.profile()).token
    headers = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher", "Forwarded": "host=evil.example"}
    async with open_site(engine, public_url=SECURE, trusted_proxies="127.0.0.1") as site:
        for path in (f"/s/{token}", "/login", "/courses", "/privacy", "/"):
            answer = await site.visitor().get(path, **headers)
            assert "evil.example" not in answer.body + str(answer.headers)


async def details(engine: Engine, *, token: str | None = None, **headers: str) -> tuple[int, set[str]]:
    """Return the status of /metrics, and what /readyz tells."""
    async with open_site(
        engine, public_url=SECURE, trusted_proxies="127.0.0.1", **({"metrics_token": token} if token else {})
    ) as site:
        metrics, ready = [await site.visitor().get(path, **headers) for path in ("/metrics", "/readyz")]
    return metrics.status, set(ready.json())


ALL = {"ready", "database", "telegram", "delivery"}


async def test_this_machine_reads_metrics_and_the_details_of_readiness(engine: Engine) -> None:
    assert await details(engine) == (200, ALL)


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-For": "10.0.0.7"},
        {"X-Forwarded-For": "8.8.8.8:4321, unknown"},
        {"X-Forwarded-For": ""},
        {"Forwarded": "for=127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
        {"X-Forwarded-Proto": "https"},
        {"Via": "1.1 proxy"},
        {"Host": "signup.example.org"},
        {"Authorization": "Bearer wrong"},
        {"Authorization": "Bearer "},
        {"Authorization": f"Basic {TOKEN}", "Host": "signup.example.org"},
    ],
    ids=str,
)
async def test_whom_a_proxy_brings_reads_none_of_that(engine: Engine, headers: dict[str, str]) -> None:
    through_proxy = {"Host": "signup.example.org", **headers} if "Authorization" in headers else headers
    for token in (None, TOKEN):
        assert await details(engine, token=token, **through_proxy) == (404, {"ready"})


async def test_who_shows_the_token_reads_them_from_anywhere(engine: Engine) -> None:
    shown = {"Authorization": f"Bearer {TOKEN}", "X-Forwarded-For": "8.8.8.8", "Host": "signup.example.org"}
    assert await details(engine, token=TOKEN, **shown) == (200, ALL)
    assert await details(engine, **shown) == (404, {"ready"})
