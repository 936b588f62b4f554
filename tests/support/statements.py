"""The statements and transactions that a piece of work takes: they are counted, so they don't vary like times."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event

CONTROL = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")  # they are counted apart
READING = ("SELECT", "WITH")
LOOK_INTO_INBOX = "SELECT incoming.update_id"  # a worker looks into the inbox again and again, also if it is empty


@dataclass(frozen=True)
class Cost:
    """How many transactions only read, how many write, and the statements and savepoints in all of them.

    BEGIN, COMMIT and those of savepoints are not counted as statements.
    """

    reads: int = 0
    writes: int = 0
    statements: int = 0
    savepoints: int = 0


@dataclass
class _Transaction:
    statements: list[str] = field(default_factory=list)
    savepoints: int = 0

    @property
    def writes(self) -> bool:
        return not all(statement.startswith(READING) for statement in self.statements)

    @property
    def only_looks(self) -> bool:
        return all(statement.startswith(LOOK_INTO_INBOX) for statement in self.statements)


class Counted:
    """The transactions of every engine of this process, since the counting began."""

    def __init__(self) -> None:
        self._all: list[_Transaction] = []
        self._running: dict[int, _Transaction] = {}

    @property
    def cost(self) -> Cost:
        """What was counted so far, without empty transactions and looks into the inbox."""
        counted = [one for one in self._all if not one.only_looks]
        return Cost(
            reads=sum(not one.writes for one in counted),
            writes=sum(one.writes for one in counted),
            statements=sum(len(one.statements) for one in counted),
            savepoints=sum(one.savepoints for one in counted),
        )

    @property
    def statements(self) -> list[list[str]]:
        """The statements by transaction, to look at when a number is not the expected one."""
        return [one.statements for one in self._all if not one.only_looks]

    def begin(self, connection: Connection) -> None:
        """Note that a transaction begins."""
        self._running[id(connection)] = one = _Transaction()
        self._all.append(one)

    def execute(self, connection: Connection, _cursor: object, statement: str, *_: Any) -> None:  # noqa: ANN401 - SQLAlchemy's
        """Note a statement."""
        if not statement.startswith(CONTROL) and id(connection) in self._running:
            self._running[id(connection)].statements.append(statement.lstrip())

    def savepoint(self, connection: Connection, _name: str | None) -> None:
        """Note a savepoint."""
        self._running[id(connection)].savepoints += 1


@contextmanager
def counted() -> Iterator[Counted]:
    """Count what all engines of this process do within the block."""
    count = Counted()
    listeners: dict[str, Callable[..., None]] = {
        "begin": count.begin,
        "before_cursor_execute": count.execute,
        "savepoint": count.savepoint,
    }
    for name, listener in listeners.items():
        event.listen(Engine, name, listener)
    try:
        yield count
    finally:
        for name, listener in listeners.items():
            event.remove(Engine, name, listener)
