"""Updates that nothing stops from arriving: what is damaged is left out, and each outage of Telegram is told once."""

import asyncio
import gc
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.sandbox import SANDBOX_TOKEN
from bot.service import BotService, BotSettings
from core.domain.inbox import Standing
from core.domain.updates import ReceivedUpdate
from core.engine import Engine
from core.services import inbox, monitoring
from core.services.monitoring import Trouble
from core.storage import inbox as stored
from tests.support.patience import PATIENCE, on_this_machine
from tests.support.scripted_api import Script, ScriptedApi, cuts, hangs, idles, refuses, says, scripted_api, shows
from tests.support.site import SECRET, Site

OWNER = {"id": 1001, "is_bot": False, "first_name": "Olivia", "language_code": "en"}
SENT = {"message_id": 9, "date": 1, "chat": {"id": 1001, "type": "private", "first_name": "Olivia"}, "text": "hello"}
REACHED_AGAIN_WITHIN = 1.5  # seconds


@pytest.fixture
async def api() -> AsyncIterator[ScriptedApi]:
    async with scripted_api() as api:
        api.answers["sendMessage"] = [says(SENT)]
        yield api


@asynccontextmanager
async def bot_of(engine: Engine, api: ScriptedApi) -> AsyncIterator[None]:
    settings = BotSettings(
        token=SANDBOX_TOKEN,
        api_url=api.url,
        public_url="http://127.0.0.1:8080",
        public=False,
        secret_key=SECRET,
        owner_telegram_id=1001,
    )
    service = BotService(engine, settings, announce=lambda _line: None)
    service.start()
    try:
        yield
    finally:
        api.answers["getUpdates"] = [says([])]
        await service.stop()


def line(number: int, text: str = "/start", **changes: object) -> dict[str, Any]:
    chat = {"id": 1001, "type": "private", "first_name": "Olivia"}
    message = {"message_id": number, "date": 1_790_000_000, "chat": chat, "from": OWNER, "text": text}
    return {"update_id": number, "message": message | changes}


async def counts(engine: Engine, state: str, number: int) -> None:
    """Wait until so many updates are in a state."""
    async with asyncio.timeout(PATIENCE):
        while (await engine.read(inbox.counts)).get(state, 0) < number:
            await asyncio.sleep(0.02)


async def test_updates_that_cannot_be_read_are_given_up_in_one_line_each_and_the_next_one_is_answered(
    engine: Engine, api: ScriptedApi
) -> None:
    unparsable = [line(2, chat="secret words"), line(3, entities=[{"type": "bold"}], text="secret words")]
    no_updates: list[Any] = [None, {"update_id": "secret words"}, {"update_id": 2**70}]
    api.answers["getUpdates"] = [says([line(1)]), idles]
    with capture_logs() as log:
        async with bot_of(engine, api):
            await counts(engine, "done", 1)
            api.answers["getUpdates"] = [says([*unparsable, *no_updates, line(4, "/help")]), idles]
            await counts(engine, "done", 2)
            await counts(engine, "given up", 2)
    assert [(each["update_id"], each["log_level"]) for each in log if "given up" in each["event"]] == [
        (2, "warning"),
        (3, "warning"),
    ]
    assert len([each for each in log if each["event"] == "left out what isn't an update"]) == len(no_updates)
    assert "secret words" not in str(log)
    assert not any("exc_info" in each for each in log)


async def test_an_update_that_cannot_be_stored_is_left_out_and_its_neighbours_are_not(
    engine: Engine, api: ScriptedApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = stored.add

    def adding(session: Session, admitted: Iterable[tuple[ReceivedUpdate, Standing]], now: datetime) -> None:
        if any(received.update_id == 2 for received, _ in admitted):
            raise ZeroDivisionError
        add(session, admitted, now)

    monkeypatch.setattr(stored, "add", adding)
    api.answers["getUpdates"] = [says([line(1)]), idles]
    with capture_logs() as log:
        async with bot_of(engine, api):
            await counts(engine, "done", 1)
            api.answers["getUpdates"] = [says([line(2), line(3, "/help")]), idles]
            await counts(engine, "done", 2)
    assert [each["update_id"] for each in log if "can't be stored" in each["event"]] == [2]


@pytest.mark.parametrize(
    ("outage", "cause"),
    [
        (refuses(401, "Unauthorized"), "Telegram refuses the token"),
        pytest.param(refuses(404, "Not Found"), "Telegram refuses the token", marks=pytest.mark.deep),
        pytest.param(
            refuses(409, "Conflict: terminated by other getUpdates request"),
            "another program polls",
            marks=pytest.mark.deep,
        ),
        (refuses(500, "Internal Server Error"), "telegram unreachable"),
        pytest.param(shows("<h1>Bad Gateway</h1>", 502), "telegram unreachable", marks=pytest.mark.deep),
        pytest.param(shows("<h1>Log in</h1>"), "telegram unreachable", marks=pytest.mark.deep),
        pytest.param(says("nonsense"), "telegram unreachable", marks=pytest.mark.deep),
        (cuts, "telegram unreachable"),
    ],
    ids=["401", "404", "409", "500", "a proxy's error", "a portal", "other JSON", "cut"],
)
async def test_an_outage_is_told_once_and_its_end_is_noticed_soon(
    engine: Engine, api: ScriptedApi, outage: Script, cause: str
) -> None:
    api.answers["getUpdates"] = [says([]), outage]
    with capture_logs() as log:
        async with bot_of(engine, api):
            await api.called("getUpdates", 3)
            api.answers["getUpdates"] = [says([line(1)]), idles]
            async with asyncio.timeout(on_this_machine(REACHED_AGAIN_WITHIN)):
                await api.called("sendMessage", 1)
            await counts(engine, "done", 1)
    assert len([each for each in log if each["event"].startswith(cause)]) == 1
    assert [each["part"] for each in log if each["event"] == "works again"] == ["receiving"]
    assert not any("exc_info" in each for each in log)


@pytest.mark.deep
async def test_the_end_of_an_outage_at_the_start_is_noticed_soon(engine: Engine, api: ScriptedApi) -> None:
    me = api.answers["getMe"]
    api.answers["getMe"] = [refuses(401, "Unauthorized")]
    api.answers["getUpdates"] = [says([line(1)]), idles]
    with capture_logs() as log:
        async with bot_of(engine, api):
            await api.called("getMe", 3)
            api.answers["getMe"] = me
            async with asyncio.timeout(on_this_machine(REACHED_AGAIN_WITHIN)):
                await api.called("sendMessage", 1)
    assert len([each for each in log if each["event"].startswith("Telegram refuses the token")]) == 1


@pytest.mark.deep
async def test_telegram_is_left_alone_as_long_as_it_asks(engine: Engine, api: ScriptedApi) -> None:
    waits = refuses(429, "Too Many Requests: retry after 2", retry_after=2)
    api.answers["getUpdates"] = [says([]), waits, says([]), idles]
    loop = asyncio.get_running_loop()
    async with bot_of(engine, api):
        await api.called("getUpdates", 2)
        asked = loop.time()
        await api.called("getUpdates", 3)
        assert loop.time() - asked >= 1.9


async def test_readiness_names_a_refused_token_until_it_works_again(
    engine: Engine, api: ScriptedApi, site: Site
) -> None:
    api.answers["getUpdates"] = [says([]), refuses(401, "Unauthorized")]
    async with bot_of(engine, api):
        async with asyncio.timeout(PATIENCE):
            while Trouble.TOKEN_REFUSED not in await engine.read(monitoring.troubles):
                await asyncio.sleep(0.02)
        refused = await site.visitor().get("/readyz")
    await engine.write(monitoring.record_poll, engine.now() + timedelta(seconds=1))
    works = await site.visitor().get("/readyz")
    assert (refused.status, refused.json()["telegram"].partition(":")[0]) == (503, "Telegram refuses the token")
    assert (works.status, works.json()["telegram"]) == (200, "ok")


async def test_a_clock_that_differs_from_telegrams_is_named_and_refuses_nothing(
    engine: Engine, api: ScriptedApi, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.receiving.connection.BEAT_EVERY", 0.0)
    ahead = datetime.now(UTC) + timedelta(minutes=2)
    late = says([], Date=format_datetime(ahead, usegmt=True))
    api.answers["getUpdates"] = [late, late, late, idles]
    with capture_logs() as log:
        async with bot_of(engine, api):
            await api.called("getUpdates", 4)
            answer = await site.visitor().get("/readyz")
    assert answer.status == 200
    assert "clock of the bot's machine differs" in answer.json()["telegram"]
    [warning] = [each for each in log if "clock differs" in each["event"]]
    assert warning["ahead_by_seconds"] in range(-121, -90)


@pytest.mark.deep
async def test_a_poll_that_hangs_is_given_up_soon_and_another_one_follows_when_telegram_answers(
    engine: Engine, api: ScriptedApi
) -> None:
    me = api.answers["getMe"]
    api.answers["getUpdates"] = [says([]), idles]
    async with bot_of(engine, api):
        await api.called("getUpdates", 3)
        api.answers["getMe"] = api.answers["getUpdates"] = [hangs]
        polls = len(api.of("getUpdates"))
        await api.called("getMe", 3)
        assert len(api.of("getUpdates")) <= polls + 1
        api.answers["getUpdates"] = [says([line(1)]), idles]
        api.answers["getMe"] = me
        async with asyncio.timeout(on_this_machine(REACHED_AGAIN_WITHIN)):
            await api.called("sendMessage", 1)


async def test_a_bot_that_is_stopped_while_it_starts_leaves_no_connection_open(
    engine: Engine, api: ScriptedApi
) -> None:
    for steps in range(20):  # of the event loop: one of them comes in between opening the clients and keeping that
        async with bot_of(engine, api):
            for _ in range(steps):
                await asyncio.sleep(0)
    gc.collect()  # a client that was left open warns when it is collected, and a warning is an error
