"""Mini Apps in the sandbox: what Telegram would tell them, signed with the bot's token."""

from datetime import UTC, datetime

import pytest
from aiohttp import ClientSession

from bot.sandbox import SANDBOX_TOKEN, Sandbox
from core.domain.init_data import AHEAD, read_init_data
from tests.support.sandbox_fixture import NINA, running

APP = "http://127.0.0.1:8080/m"


async def opened(sandbox: Sandbox, **asked: str) -> tuple[int, dict[str, str]]:
    """Open a Mini App as Nina."""
    async with ClientSession() as http, http.post(f"{sandbox.url}/api/people/{NINA}/mini-apps", json=asked) as response:
        return response.status, await response.json()


async def test_a_deep_link_opens_the_bots_own_mini_app() -> None:
    async with running(Sandbox(port=0, mini_app=APP)) as sandbox:
        status, told = await opened(sandbox, start="a-token")
    data = read_init_data(told["init_data"], SANDBOX_TOKEN)
    assert (status, told["url"]) == (201, f"{APP}?tgWebAppStartParam=a-token")
    assert (data.telegram_id, data.first_name, data.start, data.may_write) == (NINA, "Nina", "a-token", False)
    assert abs(datetime.now(UTC) - data.at) < AHEAD


async def test_a_button_opens_its_mini_app_differently_each_time() -> None:
    async with running(Sandbox(port=0)) as sandbox:
        (status, first), (_, second) = await opened(sandbox, url=APP), await opened(sandbox, url=APP)
    assert (status, first["url"]) == (201, APP)
    assert (
        read_init_data(first["init_data"], SANDBOX_TOKEN).digest
        != read_init_data(second["init_data"], SANDBOX_TOKEN).digest
    )


@pytest.mark.parametrize("asked", [{"url": "http://example.org/m"}, {"start": "no code"}, {"start": "x" * 513}])
async def test_what_telegram_would_not_open_is_refused(asked: dict[str, str]) -> None:
    async with running(Sandbox(port=0, mini_app=APP)) as sandbox:
        assert (await opened(sandbox, **asked))[0] == 400


async def test_a_bot_without_a_mini_app_has_none_to_open() -> None:
    async with running(Sandbox(port=0)) as sandbox:
        assert (await opened(sandbox, start="a-token"))[0] == 400
