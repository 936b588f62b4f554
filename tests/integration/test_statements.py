"""How many statements and transactions the most frequent steps take.

A number here only falls: whoever makes a step cheaper lowers it, and a step that became dearer is a fault.
"""

from core.engine import Engine
from tests.support.account import Office
from tests.support.statements import Cost
from tests.support.steps import cost_of_chat, cost_of_pages

PAGES = {
    "form page": Cost(reads=1, writes=0, statements=1),
    "form page again": Cost(reads=0, writes=0, statements=0),
    "sign-up": Cost(reads=1, writes=1, statements=12),
    "My Courses": Cost(reads=1, writes=0, statements=3),
    "log-in": Cost(reads=1, writes=2, statements=7),
}
CHAT = {
    "/profiles": Cost(reads=1, writes=2, statements=11),
    "/help": Cost(reads=0, writes=2, statements=5),
    "/newprofile": Cost(reads=2, writes=3, statements=16),  # notes which message showed the form before
    "tap": Cost(reads=1, writes=1, statements=12),
}


async def test_a_sign_up_and_a_log_in_take_no_more_statements_than_before(engine: Engine, office: Office) -> None:
    assert office.engine is engine
    assert await cost_of_pages(engine) == PAGES


async def test_a_line_and_a_tap_take_no_more_statements_than_before(engine: Engine) -> None:
    assert await cost_of_chat(engine) == CHAT
