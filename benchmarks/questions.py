"""How long the questions take that people ask all day, in an account of many years, and how they are answered.

`python -m benchmarks.questions [--database URL] [--small]` fills a new SQLite file and a new PostgreSQL, or the empty
database at the URL, asks each question some times, and prints how many milliseconds it took and which large tables
were scanned.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import Engine as Database
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from benchmarks import bulk
from benchmarks.bulk import CROWDED, ELSEWHERE, FEW, MANAGER_OF_FEW, MANAGER_OF_MANY, NOW, ORDINARY, OWNER, Size, fill
from benchmarks.plans import scanned
from core.domain.form_fields import read_form
from core.engine import Engine
from core.errors import DepartmentNotFound
from core.services import (
    audit_log,
    department_removal,
    departments,
    digests,
    history,
    home,
    people_list,
    profile_links,
    profile_lists,
    profiles,
    redemption,
    sign_up_page,
)
from core.services.redemption import SignUp
from core.storage import people as stored
from core.storage.database import open_database
from core.storage.deadlines import MIGRATION, Deadlines
from tests.support.postgres import running_server

TIMES = 11
WHO = {"owner": OWNER, "manager of 13": MANAGER_OF_FEW, "manager of 3,300": MANAGER_OF_MANY}
SMALL = Size(departments=1_000, profiles=500, activations=20_000)


@dataclass(frozen=True)
class Question:
    """What is asked, by which use case with which arguments."""

    name: str
    use_case: Callable[..., object]
    arguments: tuple[Any, ...]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """A question's times, and the large tables that were scanned for it.

    The best time is what the machine takes, the median what it took with all that ran beside it.
    """

    best: float
    median: float
    scans: tuple[str, ...]


def questions(size: Size) -> Iterator[Question]:
    """Give every question."""
    for who, actor in WHO.items():
        yield from _asked_by(who, actor, size)
    yield Question("a path of no department, owner", department_removal.preview, (OWNER, "Department 2 / Sales", NOW))
    yield Question("first digest, of all, owner", digests.summary, (OWNER, 2))
    yield Question("people below a department", stored.count_in_branch, (FEW,))
    yield Question("people below the root", stored.count_in_branch, (1,))
    yield Question("is a digest due", digests.any_due, (NOW,))
    yield Question("queue the digests that are due", digests.queue_due, (NOW,))
    yield Question("the page of a link", sign_up_page.preview, ("token-1", NOW))
    yield Question("sign up", redemption.redeem, ("token-1", _form(), NOW))


def _asked_by(who: str, actor: int, size: Size) -> Iterator[Question]:
    for what, profile in {"ordinary": ORDINARY, "crowded": CROWDED, "elsewhere": ELSEWHERE}.items():
        yield Question(f"history, {what}, {who}", history.page, (actor, profile))
        yield Question(f"history, {what}, deep, {who}", _history_before, (actor, profile, size.crowd // 2))
    yield Question(f"profiles, {who}", profile_lists.listing, (actor, "", 0, NOW))
    yield Question(f"profiles, last page, {who}", profile_lists.listing, (actor, "", size.profiles, NOW))
    yield Question(f"profiles by words, {who}", profile_lists.listing, (actor, "file 49", 0, NOW))
    yield Question(f"card, {who}", profiles.card, (actor, ORDINARY, NOW))
    yield Question(f"check a link, {who}", profile_links.check, (actor, "token-1", "", NOW))
    yield Question(f"people, {who}", people_list.listing, (actor, ""))
    yield Question(f"people, far, {who}", _people_after, (actor, size.activations // 2))
    for words in ("last77", "learner770@example.com", "first1 last1", "nobody"):
        yield Question(f"people by '{words}', {who}", people_list.listing, (actor, words))
    yield Question(f"departments, {who}", departments.tree, (actor,))
    yield Question(f"first screen, {who}", home.show, (actor, NOW))
    yield Question(f"digest of {bulk.NEW} new, {who}", digests.summary, (actor, 1))
    yield Question(f"record, {who}", audit_log.page, (actor,))


def _history_before(session: Session, actor: int, profile: int, before: int) -> object:
    return history.page(session, actor, profile, before=before)


def _people_after(session: Session, actor: int, after: int) -> object:
    return people_list.listing(session, actor, "", after=after)


def _form() -> SignUp:
    values = {"first_name": "Anna", "last_name": "Berzina", "email": "anna@example.com", "password": "a long secret"}
    return SignUp(newcomer=read_form(values, region="LV"), password_hash="", form_key="form")


def ask(database: Database, question: Question) -> Answer:
    """Ask a question some times, and let the database say how it answers it; nothing stays of it."""
    scans = scans_of(database, question)
    times = [1000 * _seconds(database, question) for _ in range(TIMES)]
    return Answer(best=min(times), median=median(times), scans=tuple(sorted(scans)))


def scans_of(database: Database, question: Question) -> set[str]:
    """Name the large tables that are scanned for a question."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:  # noqa: ANN401
        statements.append((statement, parameters))

    event.listen(database, "before_cursor_execute", note)
    _seconds(database, question)
    event.remove(database, "before_cursor_execute", note)
    planned = [item for item in statements if item[0].lstrip().startswith(("SELECT", "UPDATE", "WITH"))]
    with database.connect() as connection:
        return {table for statement, parameters in planned for table in scanned(connection, statement, parameters)}


def _seconds(database: Database, question: Question) -> float:
    with Session(database) as session:
        start = time.perf_counter()
        with suppress(DepartmentNotFound):
            question.use_case(session, *question.arguments)
        session.flush()
        taken = time.perf_counter() - start
        session.rollback()
    return taken


def measure(url: str, size: Size, wanted: str) -> dict[str, Answer]:
    """Fill an empty database and ask all that is wanted."""
    database = filled(url, size)
    answers = {question.name: ask(database, question) for question in questions(size) if wanted in question.name}
    database.dispose()
    return answers


def filled(url: str, size: Size) -> Database:
    """Fill an empty database, and open it."""
    asyncio.run(_migrate(url))
    database = open_database(url, threads=1, watched=Deadlines(MIGRATION))  # filling it takes long
    start = time.perf_counter()
    with database.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0")) if database.dialect.name == "postgresql" else None
        fill(connection, size)
    _analyse(database)
    print(f"{database.dialect.name}: filled in {time.perf_counter() - start:.0f} s", file=sys.stderr)
    return database


async def _migrate(url: str) -> None:
    engine = Engine(url)
    await engine.migrate()
    await engine.close()


def _analyse(database: Database) -> None:
    """Do at once what PostgreSQL's autovacuum does by and by; nobody analyses SQLite's tables."""
    if database.dialect.name == "postgresql":
        with database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SET statement_timeout = 0"))
            connection.execute(text("VACUUM ANALYZE"))


def table(measured: dict[str, dict[str, Answer]]) -> str:
    """Write what was measured as a table, three columns for each database."""
    heads = [head for name in measured for head in (f"{name}: best, ms", "median", "scans")]
    lines = ["| question | " + " | ".join(heads) + " |", "| --- |" + " ---: | ---: | --- |" * len(measured)]
    for question in next(iter(measured.values())):
        answers = [answers[question] for answers in measured.values()]
        cells = [
            cell for one in answers for cell in (f"{one.best:.1f}", f"{one.median:.1f}", ", ".join(one.scans) or "-")
        ]
        lines.append(f"| {question} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main() -> None:
    """Measure on both databases, or on the one named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", help="an empty database to fill; without it a new one of each kind")
    parser.add_argument("--small", action="store_true", help="a fiftieth of it, to try the program itself")
    parser.add_argument("--only", default="", help="only the questions with this in their names")
    given = parser.parse_args()
    size = SMALL if given.small else Size()
    if given.database:
        print(table({"here": measure(given.database, size, given.only)}))
        return
    with tempfile.TemporaryDirectory() as folder:
        measured = {"SQLite": measure(f"sqlite:///{folder}/gangway.db", size, given.only)}
    with running_server() as url:
        measured["PostgreSQL"] = measure(url, size, given.only)
    print(table(measured))


if __name__ == "__main__":
    main()
