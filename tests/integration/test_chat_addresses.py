"""E-mail addresses wherever the chat shows them: one that looks like another is told from it."""

import pytest
from sqlalchemy.orm import Session

from core.domain.access import Role
from core.storage.tables import User
from tests.support.account import Office
from tests.support.router_fixture import Counter

# What people read is the same on both databases; the journeys, and all of core, run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

LIKE_APPLE = "anna@аррӏе.com"
TOLD_APART = "anna@xn--80ak6aa92e.com (⚠️ its letters look like another domain:"


@pytest.fixture
async def desk(office: Office) -> Counter:
    """The owner's desk, after a person with such an address signed up and became an administrator in the chat."""
    card = await office.profile()
    anna = await office.sign_up(card.token, LIKE_APPLE)

    def promote(session: Session) -> None:
        user = session.get_one(User, anna.user_id)
        user.role, user.telegram_id = Role.ADMINISTRATOR, 1002

    await office.engine.write(promote)
    return Counter(office.engine)


@pytest.mark.parametrize(
    "line",
    [
        "/person #2",
        "/history 1",
        "/assign #2 | department administrator | Sales",
        "/transferownership #2",
        f"/addperson Anna | Berzina | {LIKE_APPLE} | Sales",
    ],
)
async def test_an_address_that_looks_like_another_is_marked_in_what_a_line_is_answered(
    desk: Counter, line: str
) -> None:
    assert TOLD_APART in await desk.line(1001, line)


async def test_it_is_marked_in_the_question_before_a_deletion(desk: Counter) -> None:
    assert TOLD_APART in await desk.tap(1001, "person-end:2")
