"""A stage for use cases: what each of them answers, and all that it changes in the database, is written down.

Nothing stays: whatever happens in a scene is rolled back, so that scenes need no copy of the database each.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from core.errors.base import ClaimLost, Conflict, DatabaseBelongsElsewhere, Refusal
from core.storage import departments
from core.storage.tables import Base, Course, Profile, User
from tests.support.written import INDENT, WIDTH, in_a_line, written

P = ParamSpec("P")
T = TypeVar("T")
Rows = dict[tuple[Any, ...], dict[str, Any]]

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
EXPECTED = (Refusal, Conflict, ClaimLost, DatabaseBelongsElsewhere)  # answers, too
NUMBERED_ANEW = frozenset({"record_entry"})  # whose numbers nobody reads, and which all that happened before changes
NUMBER_ON = "SELECT setval(pg_get_serial_sequence('{0}', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM \"{0}\"), false)"
CHANGING = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)")
DELETING = "DELETE FROM"


class Scene:
    """Calls use cases in one transaction, and keeps what is to be read of them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._lines: list[str] = []
        self._touched: set[str] = set()
        event.listen(session.connection(), "before_cursor_execute", self._note_touched)
        self._number_on()

    @property
    def text(self) -> str:
        """All that was shown."""
        return "\n".join(self._lines) + "\n"

    def do(self, use_case: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a use case, and let it have happened for the rest of the scene; nothing of it is shown."""
        answer = use_case(self.session, *args, **kwargs)
        self.session.flush()
        return answer

    def show(self, use_case: Callable[Concatenate[Session, P], object], *args: P.args, **kwargs: P.kwargs) -> None:
        """Call a use case, show what comes of it, and undo it."""
        self._lines += [*_heading(use_case, args, kwargs), *self._outcome(lambda: self.do(use_case, *args, **kwargs))]
        self._lines.append("")

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Undo afterwards what is done meanwhile."""
        nested = self.session.begin_nested()
        try:
            yield
        finally:
            nested.rollback()
            self.session.expire_all()
            self._number_on()

    def later(self, **by: float) -> datetime:
        """Give a moment so many `hours=`, `days=` after NOW."""
        return NOW + timedelta(**by)

    def number(self, answer: object, name: str) -> int:
        """Give the number that an answer has in a field, which not each of its kinds has."""
        found = getattr(answer, name)
        assert isinstance(found, int)
        return found

    def person(self, name: str) -> int:
        """Give the number of a user by the first name."""
        return self.session.scalars(select(User.id).where(User.first_name == name)).one()

    def profile(self, name: str) -> int:
        """Give the number of a profile by its name."""
        return self.session.scalars(select(Profile.id).where(Profile.name == name)).one()

    def course(self, title: str) -> int:
        """Give the number of a course by its title."""
        return self.session.scalars(select(Course.id).where(Course.title == title)).one()

    def department(self, path: str) -> int:
        """Give the number of a department by its path."""
        return {" / ".join(names): number for number, names in departments.paths(self.session).items()}[path]

    def _outcome(self, run: Callable[[], object]) -> list[str]:
        self.session.flush()
        self._touched.clear()
        with self.apart():
            try:
                lines = ["-> " + written(run())]
            except EXPECTED as refusal:
                return ["-> refused: " + written(refusal)]
            after = {table: self._rows(table) for table in sorted(self._touched)}
        return lines + [line for table in after for line in _differences(table, self._rows(table), after[table])]

    def _number_on(self) -> None:
        """Let new rows on PostgreSQL have the next numbers, as on SQLite: sequences aren't rolled back."""
        if self.session.get_bind().dialect.name == "postgresql":
            self.session.execute(text(";".join(NUMBER_ON.format(table) for table in _numbered_tables())))

    def _rows(self, table: str) -> Rows:
        stored = Base.metadata.tables[table]
        keys = [column.name for column in stored.primary_key]
        found = self.session.execute(select(stored)).mappings()
        rows = ((tuple(row[key] for key in keys), dict(row)) for row in found)
        return {key: {name: value for name, value in row.items() if name not in keys} for key, row in rows}

    def _note_touched(self, _connection: object, _cursor: object, statement: str, *_: object) -> None:
        if (found := CHANGING.match(statement)) and found[2] in Base.metadata.tables:
            self._touched |= _changed_with(found[2]) if found[1] == DELETING else {found[2]}


@cache
def _changed_with(table: str) -> frozenset[str]:
    """Return a table, and those that the database changes by itself when its rows are deleted."""
    found, left = set[str](), [table]
    while left:
        found.add(name := left.pop())
        left += {
            key.parent.table.name
            for other in Base.metadata.sorted_tables
            for key in other.foreign_keys
            if key.ondelete and key.column.table.name == name
        } - found
    return frozenset(found)


def _numbered_tables() -> list[str]:
    return [table.name for table in Base.metadata.sorted_tables if table.autoincrement_column is not None]


def _heading(use_case: Callable[..., object], args: tuple[object, ...], kwargs: dict[str, object]) -> list[str]:
    name = f"# {use_case.__module__.rsplit('.', 1)[-1]}.{use_case.__name__}"
    given = [_given(arg) for arg in args] + [f"{name}={_given(arg)}" for name, arg in kwargs.items()]
    line = f"{name}({', '.join(given)})"
    return [line] if len(line) <= WIDTH else [f"{name}(", *(f"#   {each}" for each in given), "# )"]


def _given(argument: object) -> str:
    return "now" if argument == NOW else in_a_line(argument)


def _differences(table: str, before: Rows, after: Rows) -> Iterator[str]:
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        name = table if table in NUMBERED_ANEW else f"{table} {', '.join(map(str, key))}"
        if new is None:
            yield f"{INDENT}- {name}"
        elif old is None:
            yield f"{INDENT}+ {name}"
            yield from (
                f"{INDENT}    {column}: {in_a_line(value)}" for column, value in new.items() if value is not None
            )
        elif old != new:
            yield f"{INDENT}~ {name}"
            for column, value in new.items():
                if value != old[column]:
                    yield f"{INDENT}    {column}: {in_a_line(old[column])} -> {in_a_line(value)}"
