"""How many statements and transactions the most frequent steps take.

A number here only falls: whoever makes a step cheaper lowers it, and a step that became dearer is a fault.
"""

from collections.abc import Mapping

from core.engine import Engine
from tests.support.account import Office
from tests.support.statements import Cost
from tests.support.steps import cost_of_chat, cost_of_pages

PAGES = {
    "form page": Cost(reads=1, writes=0, statements=1),
    "sign-up": Cost(reads=1, writes=1, statements=12),
    "My Courses": Cost(reads=1, writes=0, statements=3),
    "log-in": Cost(reads=1, writes=2, statements=7),
}
CHAT = {
    "/profiles": Cost(reads=1, writes=2, statements=13),
    "/help": Cost(reads=0, writes=2, statements=6),
    "/newprofile": Cost(reads=2, writes=4, statements=17),  # opens the form, and notes which message shows it
    "tap": Cost(reads=1, writes=1, statements=13),
}


def of_one_database(steps: Mapping[str, Cost], database_url: str) -> Mapping[str, Cost]:
    """On SQLite each write has a savepoint, because several share a commit; there are no others."""
    share = database_url.startswith("sqlite")
    return {
        name: Cost(cost.reads, cost.writes, cost.statements, cost.writes if share else 0)
        for name, cost in steps.items()
    }


async def test_a_sign_up_and_a_log_in_take_no_more_statements_than_before(
    engine: Engine, office: Office, database_url: str
) -> None:
    assert office.engine is engine
    assert await cost_of_pages(engine) == of_one_database(PAGES, database_url)


async def test_a_line_and_a_tap_take_no_more_statements_than_before(engine: Engine, database_url: str) -> None:
    assert await cost_of_chat(engine) == of_one_database(CHAT, database_url)
