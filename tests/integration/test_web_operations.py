"""What the operator's probes and the log show."""

from pathlib import Path
from typing import Any, cast

import pytest
from structlog.testing import capture_logs

from bot.schedule import Schedule
from core.domain.cadence import parse_cadence
from core.domain.updates import read_update
from core.engine import Engine
from core.security_log import hashed_client
from core.services import digests, inbox, monitoring, outbox
from core.services.strangers import OwnerClaim
from core.storage import delivery_pause as stored
from tests.conftest import migrated
from tests.support.account import Office, an_office
from tests.support.clock import Clock
from tests.support.postgres import PostgresServer
from tests.support.site import SECRET, Answer, Site, open_site

PUBLIC = "93.184.216.34"


def metric(page: Answer, name: str) -> list[str]:
    return [line for line in page.body.splitlines() if line.startswith(name)]


async def test_alive_answers_ok(site: Site) -> None:
    answer = await site.visitor().get("/healthz")
    assert (answer.status, answer.body) == (200, "ok\n")


async def test_ready_only_after_a_poll_of_telegram(site: Site, engine: Engine, clock: Clock) -> None:
    before = await site.visitor().get("/readyz")
    await engine.write(monitoring.record_poll, clock())
    after = await site.visitor().get("/readyz")
    assert (before.status, before.json()) == (
        503,
        {"ready": False, "database": "ok", "telegram": "no successful poll yet", "delivery": "ok"},
    )
    assert (after.status, after.json()) == (
        200,
        {"ready": True, "database": "ok", "telegram": "ok", "delivery": "ok"},
    )


async def test_a_paused_delivery_is_named_by_readiness_and_metrics(site: Site, engine: Engine, clock: Clock) -> None:
    await engine.write(monitoring.record_poll, clock())
    before = await site.visitor().get("/metrics")
    await engine.write(lambda session: stored.begin(session, clock(), clock(), lost=AssertionError()))
    ready, metrics = await site.visitor().get("/readyz"), await site.visitor().get("/metrics")
    assert (ready.status, ready.json()["telegram"]) == (503, "ok")
    assert ready.json()["delivery"].startswith("paused since ")
    assert metric(before, "gangway_delivery_paused") == ["gangway_delivery_paused 0.0"]
    assert metric(metrics, "gangway_delivery_paused") == ["gangway_delivery_paused 1.0"]


async def test_not_ready_after_a_poll_that_is_too_old(site: Site, engine: Engine, clock: Clock) -> None:
    await engine.write(monitoring.record_poll, clock())
    clock.advance(seconds=90)
    at_the_edge = await site.visitor().get("/readyz")
    clock.advance(seconds=1)
    beyond = await site.visitor().get("/readyz")
    assert (at_the_edge.status, beyond.status) == (200, 503)
    assert beyond.json()["telegram"] == "no successful poll for 91 seconds"


@pytest.fixture
def doomed(postgres_server: PostgresServer) -> str:
    """A database that its test will drop."""
    return postgres_server.create_database(migrated)


async def test_without_its_database_it_is_alive_not_ready_and_calm(
    postgres_server: PostgresServer, doomed: str, clock: Clock
) -> None:
    engine = Engine(doomed, clock=clock)
    try:
        async with open_site(engine) as site:
            await an_office(engine)
            visitor = site.visitor()
            await visitor.open_form("/login")
            postgres_server.drop_database(doomed)
            alive, ready, page = [await visitor.get(path) for path in ("/healthz", "/readyz", "/s/whatever")]
            metrics = await visitor.get("/metrics")
    finally:
        await engine.close()
    assert (alive.status, ready.status, page.status) == (200, 503, 503)
    assert ready.json()["database"] == "doesn't exist on that server"
    assert page.heading == "The service is unavailable"
    assert metric(metrics, "gangway_requests_seconds_count")


async def test_a_database_that_cannot_be_opened_is_named_by_readiness(tmp_path: Path) -> None:
    engine = Engine(f"sqlite:///{tmp_path}")  # a folder
    try:
        async with open_site(engine) as site:
            answer = await site.visitor().get("/readyz")
    finally:
        await engine.close()
    assert answer.status == 503
    assert answer.json()["database"].startswith("can't be opened: ")


async def test_the_log_and_the_metrics_name_routes_never_tokens_or_people(office: Office, site: Site) -> None:
    token, visitor = (await office.profile()).token, site.visitor()
    with capture_logs() as log:
        await visitor.sign_up(token)
        await visitor.get(f"/s/{token}x")
        await visitor.get(f"/nowhere/{token}")
        page = await visitor.get("/metrics")
    written = page.body + str(log)
    assert not any(secret in written for secret in (token, "anna", "Anna"))
    assert {line["route"] for line in log} == {"/s/{token}", "none", "/metrics"}
    assert metric(page, 'gangway_requests_seconds_count{method="POST",route="/s/{token}",status="303"} 1.0')
    assert metric(page, 'gangway_sign_ups_total{outcome="made"} 1.0')


async def test_redirects_are_counted_too(site: Site) -> None:
    visitor = site.visitor()
    await visitor.get("/courses")
    page = await visitor.get("/metrics")
    assert metric(page, 'gangway_requests_seconds_count{method="GET",route="/courses",status="303"} 1.0')


async def test_metrics_show_how_long_ago_telegram_was_polled(site: Site, engine: Engine, clock: Clock) -> None:
    never = await site.visitor().get("/metrics")
    await engine.write(monitoring.record_poll, clock())
    clock.advance(seconds=30)
    lately = await site.visitor().get("/metrics")
    assert metric(never, "gangway_telegram_poll_age_seconds") == ["gangway_telegram_poll_age_seconds +Inf"]
    assert metric(lately, "gangway_telegram_poll_age_seconds") == ["gangway_telegram_poll_age_seconds 30.0"]


async def test_metrics_show_the_outbox_as_it_is_now(office: Office, site: Site, clock: Clock) -> None:
    await office.sign_up((await office.profile()).token)
    waiting = await site.visitor().get("/metrics")
    await office.engine.write(outbox.claim, "holder", clock())
    claimed = await site.visitor().get("/metrics")
    assert 'gangway_outbox_messages{state="waiting"} 1.0' in waiting.body
    assert 'gangway_outbox_messages{state="claimed"} 1.0' in claimed.body
    assert 'gangway_outbox_messages{state="waiting"} 1.0' not in claimed.body


async def test_metrics_show_how_long_undone_work_has_waited(office: Office, site: Site, clock: Clock) -> None:
    update = read_update({"update_id": 1, "message": {"chat": {"id": 1001}, "from": {"id": 1001}, "text": "/help"}})
    await office.engine.write(inbox.record, [update], OwnerClaim(secret_key=SECRET, telegram_id=1001), clock())
    await office.engine.write(digests.subscribe, office.owner_id, parse_cadence("daily 12:01"), 1001, clock())
    clock.advance(seconds=30)
    await office.sign_up((await office.profile()).token)
    clock.advance(seconds=60)
    page = await site.visitor().get("/metrics")
    waited = {"updates": 90.0, "messages": 60.0, "digests": 30.0}
    for queue, seconds in waited.items():
        assert f'gangway_oldest_work_seconds{{queue="{queue}"}} {seconds}' in page.body
    assert 'gangway_updates{state="waiting"} 1.0' in page.body


async def test_work_that_waits_for_too_long_is_told_once_and_when_it_is_over(office: Office, clock: Clock) -> None:
    schedule = Schedule(office.engine, cast("Any", None), cast("Any", None))
    await office.sign_up((await office.profile()).token)
    with capture_logs() as log:
        clock.advance(seconds=120)
        await schedule.watch_queues()
        assert log == []
        clock.advance(seconds=1)
        for _ in range(2):
            await schedule.watch_queues()
        [message] = await office.engine.write(outbox.claim, "holder", clock())
        await office.engine.write(outbox.drop, message.message_id, "holder", clock())
        await schedule.watch_queues()
    assert [(line["event"], line["part"]) for line in log] == [
        ("work waits for too long", "messages"),
        ("works again", "messages"),
    ]


def hashed(address: str) -> str:
    return hashed_client(SECRET, f"{address}/32")


async def test_a_forwarded_address_is_believed_from_trusted_proxies_only(engine: Engine) -> None:
    with capture_logs() as log:
        for trusted in ("", "10.0.0.0/8", "127.0.0.1"):
            async with open_site(engine, trusted_proxies=trusted) as site:
                await site.visitor().get("/healthz", **{"X-Forwarded-For": PUBLIC})
    assert [line["client"] for line in log] == [hashed("127.0.0.1"), hashed("127.0.0.1"), hashed(PUBLIC)]
    assert not [line for line in log if PUBLIC in str(line) or "127.0.0.1" in str(line)]


async def test_a_broken_forwarding_header_breaks_nothing(engine: Engine) -> None:
    async with open_site(engine, trusted_proxies="127.0.0.1") as site:
        with capture_logs() as log:
            answers = [
                await site.visitor().get("/healthz", **{"X-Forwarded-For": header})
                for header in ("", ",", "unknown", "a" * 5000, f"{PUBLIC}, unknown", "1.2.3.4:80")
            ]
    assert [answer.status for answer in answers] == [200] * 6
    assert {line["client"] for line in log} == {hashed("127.0.0.1")}
