"""A back-up as an operator makes and uses one."""

from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.support.program import running


@pytest.mark.deep
async def test_a_back_up_is_made_while_gangway_runs_and_gangway_starts_with_it(tmp_path: Path) -> None:
    async with running(tmp_path) as program:
        await program.is_ready()
        async with running(tmp_path, "backup", "copy.db") as backup:
            assert await backup.exits() == 0
            [line] = backup.output
            assert line.startswith("Backed up data/sandbox.db to copy.db: ")
        async with running(tmp_path, "backup", "copy.db") as again:
            assert await again.exits() == 1
            assert again.output == ["No back-up in copy.db: File exists"]
        assert await program.ends() == 0
    async with running(tmp_path, DATABASE_URL="sqlite:///copy.db") as restored, ClientSession() as http:
        await restored.is_ready()
        async with http.get(f"{restored.pages}/login") as page:
            assert page.status == 200
        assert await restored.ends() == 0
