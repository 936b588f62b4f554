"""What `gangway check` says of this machine's clock, compared with Telegram's and with PostgreSQL's."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.check import check_telegram
from bot.sandbox import SANDBOX_TOKEN
from core.check import Finding, check_clock
from core.engine import Engine
from core.services import monitoring
from tests.support.patience import on_this_machine
from tests.support.scripted_api import ME, says, scripted_api
from tests.support.settings import settings_of


@pytest.mark.parametrize("ahead", [600, -600])
async def test_a_clock_that_differs_from_telegrams_is_named(ahead: int) -> None:
    [token, clock] = await checked(ahead)
    assert (token.ok, token.line) == (True, "BOT_TOKEN: belongs to @gangway_bot")
    [seconds] = re.findall(
        rf"this machine's is (\d+) seconds {'ahead of' if ahead > 0 else 'behind'} Telegram's", clock.line
    )
    assert abs(int(seconds) - 600) <= on_this_machine(2.0)
    assert not clock.ok


async def test_a_clock_that_agrees_with_telegrams_is_not_mentioned() -> None:
    assert [finding.ok for finding in await checked(0)] == [True]


async def checked(ahead: int) -> list[Finding]:
    """Check a token while this machine's clock is so many seconds ahead of Telegram's."""
    async with scripted_api() as api:
        there = datetime.now(UTC) - timedelta(seconds=ahead)
        api.answers["getMe"] = [says(ME, Date=format_datetime(there, usegmt=True))]
        settings = settings_of(bot_token=SANDBOX_TOKEN, bot_api_url=api.url)
        return await check_telegram(settings)


async def test_a_clock_that_differs_from_postgresqls_is_named(engine: Engine, database_url: str) -> None:
    two_minutes_late = datetime.now(UTC) - timedelta(minutes=2)
    difference = await engine.read(monitoring.clock_difference, two_minutes_late)
    found = [finding.line for finding in check_clock(difference, "PostgreSQL's")]
    if database_url.startswith("sqlite"):
        assert found == []
    else:
        assert re.match(r"Clock: this machine's is 1\d\d seconds behind PostgreSQL's", found[0])
