"""What an edit asks of the inbox is found by its chat, not in all that all chats sent since."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Engine as Database
from sqlalchemy import event, text, update
from sqlalchemy.orm import Session

from benchmarks.bulk import NOW
from core.domain.inbox import Standing, UpdateState
from core.domain.updates import ReceivedUpdate, read_update
from core.services import edited_messages
from core.storage import inbox
from core.storage.database import open_database
from core.storage.tables import InboxUpdate
from tests.support.context import A_CLAIM

CHATS, EACH = 200, 25
FIRST, LAST = 1, CHATS * EACH  # the first message of a chat, and its edit, with all other chats' in between
INDEX = "ix_incoming_button_of_line"
PLANS = {"sqlite": "EXPLAIN QUERY PLAN", "postgresql": "EXPLAIN"}


def received(number: int, kind: str = "message") -> ReceivedUpdate:
    """The updates of the chats take turns."""
    chat = 1001 + (number - FIRST) % CHATS
    person = {"id": chat, "is_bot": False, "first_name": "Olivia"}
    message = {"message_id": number, "chat": {"id": chat, "type": "private"}, "from": person}
    return read_update({"update_id": number, kind: message})


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = open_database(database_url, threads=1)
    with Session(database) as session, session.begin():
        inbox.add(session, [(received(number), Standing.KNOWN) for number in range(FIRST, LAST)], NOW)
        session.execute(update(InboxUpdate).values(state=UpdateState.DONE, body={}))
    if database.dialect.name == "postgresql":
        with database.begin() as connection:
            connection.execute(text("ANALYZE incoming"))
    yield database
    database.dispose()


def plans_of_an_edit(database: Database) -> list[str]:
    """How the database answers each statement about the edit of the first message."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    edit = {**received(FIRST, "edited_message").body, "update_id": LAST}
    event.listen(database, "before_cursor_execute", note)
    with Session(database) as session:
        assert edited_messages.earlier(session, replace(A_CLAIM, update_id=LAST, body=edit)) is not None
    event.remove(database, "before_cursor_execute", note)
    with database.connect() as connection:
        explain = PLANS[database.dialect.name]
        found = [connection.exec_driver_sql(f"{explain} {statement}", parameters) for statement, parameters in asked]
        return ["\n".join(str(row[-1]) for row in plan) for plan in found]


def test_the_versions_of_a_message_and_what_came_since_are_found_by_its_chat(database: Database) -> None:
    plans = plans_of_an_edit(database)
    assert len(plans) == 2
    assert [plan for plan in plans if INDEX not in plan] == []
