"""What `gangway check` says of this machine's clock, compared with Telegram's and with PostgreSQL's."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.check import check_telegram
from bot.sandbox import SANDBOX_TOKEN
from core.check import check_clock
from core.config import Settings
from core.engine import Engine
from core.services import monitoring
from tests.support.scripted_api import ME, says, scripted_api


@pytest.mark.parametrize(
    ("ahead", "words"), [(120, ["119", "120", "121"]), (-120, ["119", "120", "121"]), (20, []), (-20, [])]
)
async def test_a_clock_that_differs_from_telegrams_is_named(ahead: int, words: list[str]) -> None:
    async with scripted_api() as api:
        there = datetime.now(UTC) - timedelta(seconds=ahead)
        api.answers["getMe"] = [says(ME, Date=format_datetime(there, usegmt=True))]
        settings = Settings(_env_file=None, bot_token=SANDBOX_TOKEN, bot_api_url=api.url)  # type: ignore[call-arg,arg-type]
        token, *clock = await check_telegram(settings)
    assert (token.ok, token.line) == (True, "BOT_TOKEN: belongs to @gangway_bot")
    if not words:
        assert clock == []
        return
    [found] = clock
    assert not found.ok
    way = "ahead of" if ahead > 0 else "behind"
    assert any(found.line.startswith(f"Clock: this machine's is {word} seconds {way} Telegram's") for word in words)


async def test_a_clock_that_differs_from_postgresqls_is_named(engine: Engine, database_url: str) -> None:
    two_minutes_late = datetime.now(UTC) - timedelta(minutes=2)
    difference = await engine.read(monitoring.clock_difference, two_minutes_late)
    found = [finding.line for finding in check_clock(difference, "PostgreSQL's")]
    if database_url.startswith("sqlite"):
        assert found == []
    else:
        assert found[0].startswith("Clock: this machine's is 12")
        assert "behind PostgreSQL's" in found[0]
