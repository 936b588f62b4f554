"""What the pages write into the security log: who by number, clients hashed, and nobody's name."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from core.engine import Engine
from core.security_log import hashed_client
from core.services import people
from core.storage.tables import User
from tests.support.account import Office
from tests.support.security_events import Line, security, written
from tests.support.site import SECRET, Site, open_site
from web.telegram_webhook import HEADER

HERE = hashed_client(SECRET, "127.0.0.1/32")


@pytest.fixture
def lines() -> Iterator[list[Line]]:
    with written() as lines:
        yield lines


async def number_of(engine: Engine, email: str) -> int:
    return await engine.read(lambda session: session.scalars(select(User.id).where(User.email == email)).one())


async def test_log_ins_done_and_failed_and_log_outs(site: Site, office: Office, lines: list[Line]) -> None:
    token, visitor = (await office.profile()).token, site.visitor()
    await visitor.sign_up(token)
    anna = await number_of(office.engine, "anna@example.com")
    await visitor.log_out()
    await visitor.log_in("anna@example.com", "a wrong password")
    await visitor.log_in("nobody@example.com")
    await office.engine.write(people.deactivate, office.owner_id, anna, office.engine.now())
    await visitor.log_in("anna@example.com")
    assert security(lines, "logged in", "logged out", "log-in failed") == [
        {"event": "logged in", "user": anna, "client": HERE, "route": "/s/{token}"},
        {"event": "logged out", "user": anna, "client": HERE, "route": "/logout"},
        {"event": "log-in failed", "user": anna, "client": HERE, "route": "/login", "reason": "wrong password"},
        {"event": "log-in failed", "client": HERE, "route": "/login", "reason": "unknown user"},
        {"event": "log-in failed", "user": anna, "client": HERE, "route": "/login", "reason": "inactive"},
    ]


async def test_forms_that_are_forged(site: Site, office: Office, lines: list[Line]) -> None:
    path = f"/s/{(await office.profile()).token}"
    await site.visitor().post("/login", {"form_token": "forged"})
    await site.visitor().post(path, {"form_token": "forged"})
    await site.visitor().post("/logout", {"form_token": "forged"})
    await site.visitor().post("/login", {}, **{"Sec-Fetch-Site": "cross-site"})
    assert [(line["route"], line["reason"]) for line in security(lines, "form refused")] == [
        ("/login", "wrong form token"),
        ("/s/{token}", "wrong form token"),
        ("/logout", "wrong form token"),
        ("/login", "from another site"),
    ]


@pytest.mark.usefixtures("office")
async def test_unknown_links_and_bodies_that_are_too_large(site: Site, lines: list[Line]) -> None:
    await site.visitor().get("/s/guessed-token")
    await site.visitor().post("/login", {"identifier": "x" * 100_000})
    events = security(lines)
    assert [(line["event"], line["route"]) for line in events] == [
        ("code refused", "/s/{token}"),
        ("limit hit", "/login"),
    ]
    assert "guessed-token" not in str(lines)


async def test_metrics_asked_for_from_outside(engine: Engine, lines: list[Line]) -> None:
    async with open_site(engine, trusted_proxies="127.0.0.1") as site:
        await site.visitor().get("/metrics", **{"X-Forwarded-For": "8.8.8.8"})
    client = hashed_client(SECRET, "8.8.8.8/32")
    assert security(lines) == [{"event": "permission refused", "client": client, "route": "/metrics"}]


async def test_wrong_webhook_secrets(engine: Engine, lines: list[Line]) -> None:
    async with open_site(engine, bot_mode="webhook", webhook_secret="known-to-telegram") as site:
        await site.visitor().send("POST", "/telegram/updates", json={}, headers={HEADER: "guessed"})
    assert security(lines) == [{"event": "webhook refused", "client": HERE, "route": "/telegram/updates"}]
    assert "guessed" not in str(lines)


async def test_a_customer_of_ipv6_is_one_client_and_no_address_is_logged(engine: Engine, lines: list[Line]) -> None:
    async with open_site(engine, trusted_proxies="127.0.0.1") as site:
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"):
            await site.visitor().get("/s/guessed", **{"X-Forwarded-For": address})
    same, again, other = [line["client"] for line in security(lines)]
    assert (same == again, same == other) == (True, False)
    assert "2001:db8" not in str(lines)


async def test_a_flood_of_failures_is_cut(site: Site, office: Office, lines: list[Line]) -> None:
    visitor = site.visitor()
    for _ in range(70):
        await visitor.get("/s/guessed-token")
    office.engine.security_log.close()
    events = security(lines, "code refused")
    assert (len(events), events[-1]["left_out"]) == (61, 10)
