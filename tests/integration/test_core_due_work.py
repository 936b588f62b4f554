"""One look finds all that is due."""

from typing import Any

from sqlalchemy import Engine as Database
from sqlalchemy import event

from core.domain.cadence import parse_cadence
from core.engine import Engine
from core.services import digests, due_work
from core.services.due_work import Work
from tests.support.account import Office
from tests.support.clock import Clock


async def test_nothing_is_due_where_nothing_happened(engine: Engine, office: Office) -> None:
    assert office.engine is engine
    assert await engine.read(due_work.due, tuple(Work), engine.now()) == ()


async def test_a_look_that_finds_nothing_builds_no_statement(engine: Engine, office: Office) -> None:
    """It is taken each second: to build a statement takes several times as long as to ask it."""
    assert office.engine is engine
    asked: list[list[Any]] = []

    def note(*arguments: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        statement = arguments[4].invoked_statement  # None for BEGIN
        if statement is not None:
            asked[-1].append(statement)

    event.listen(Database, "before_cursor_execute", note)
    for _ in range(2):
        asked.append([])
        assert await engine.read(due_work.due, tuple(Work), engine.now()) == ()
    event.remove(Database, "before_cursor_execute", note)
    first, second = asked
    assert first
    assert list(map(id, first)) == list(map(id, second))


async def test_what_is_due_comes_in_the_order_asked_for(office: Office, clock: Clock) -> None:
    engine = office.engine
    await engine.write(digests.subscribe, office.owner_id, parse_cadence("daily 12:01"), 1001, clock())
    await office.sign_up((await office.profile()).token)
    clock.advance(minutes=2)
    asked = (Work.DIGESTS, Work.APPROVALS, Work.MESSAGES)
    assert await engine.read(due_work.due, asked, clock()) == (Work.DIGESTS, Work.MESSAGES)
    assert await engine.read(due_work.due, (Work.MESSAGES,), clock()) == (Work.MESSAGES,)
