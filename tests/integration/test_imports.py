"""What the pages alone and a usual start don't import: it would take a second and 40 MB of each process."""

import subprocess
import sys

ONLY_WHEN_NEEDED = (
    "PIL",
    "aiosmtplib",
    "alembic",
    "apscheduler",
    "bot.sandbox",
    "httpx",
    "python_calamine",
    "segno",
    "telegram",
    "xlsxwriter",
    "zxcvbn",
)
FRONT_DOOR = "import gangway"
USUAL_START = """
import asyncio
from core.engine import Engine

async def start() -> None:
    engine = Engine(sys.argv[1])
    await engine.migrate()
    assert await engine.is_current()
    await engine.close()

asyncio.run(start())
"""


def imported(code: str, *arguments: str, of: tuple[str, ...] = ONLY_WHEN_NEEDED) -> list[str]:
    """Run code in a process of its own, and give those libraries that it has imported then."""
    asked = f"import sys\n{code}\nprint(*(name for name in {of} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked, *arguments], check=True, capture_output=True, text=True)
    return done.stdout.split()


def test_the_front_door_imports_what_only_some_commands_need_for_these_alone() -> None:
    assert imported(FRONT_DOOR, of=(*ONLY_WHEN_NEEDED, "psycopg")) == []


def test_a_start_on_tables_that_are_up_to_date_imports_nothing_that_migrates_them(office_url: str) -> None:
    assert imported(USUAL_START, office_url) == []
