"""What the digests of many managers cost together, against one flat count of the same activations.

`python -m benchmarks.digests [--database URL] [--small]` fills a new SQLite file and a new PostgreSQL, or the empty
database at the URL, with a million activations, and has the first digests of 100 managers, and of one manager for each
third and for each of 10,000 departments, composed. The counts of activations that all of them share are also measured
alone; what is left is the content. CPU time is that of this process, PostgreSQL's comes after a plus sign; the best of
some rounds, in turns with the flat count, since other programs on the machine only add to it.
"""

import argparse
import gc
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, Row, insert, text
from sqlalchemy.orm import Session

from benchmarks import bulk
from benchmarks.bulk import Size
from benchmarks.cpu import cpu_of_postgresql, postmaster
from benchmarks.questions import SMALL, filled
from core.domain.access import Role, Scope
from core.domain.branches import Tree
from core.services.digest_summaries import Asked, summaries
from core.storage import activations, actors, departments
from core.storage.tables import ManagedDepartment, User
from tests.support.postgres import running_server
from tests.support.statements import counted

ROUNDS = 5
FEW = 100
FIRST_MANAGER = 5_000_001
FIRST_DIGEST = 2  # the run that covers all activations
FLAT = """
SELECT profile_id, learner_department_id, department_id, count(*) FROM activation WHERE id > 0 AND id <= :last
GROUP BY profile_id, learner_department_id, department_id
"""

# What each manager is told of each profile, counted by SQL alone: learners within their branch, and those hidden.
BY_MANAGER = """
WITH counted AS (
    SELECT profile_id, learner_department_id, department_id, count(*) AS activations FROM activation
    WHERE id > 0 AND id <= :last GROUP BY profile_id, learner_department_id, department_id
), told AS (
    SELECT DISTINCT m.user_id, m.department_id, p.profile_id FROM managed_department m
    JOIN department_tree t ON t.ancestor_id = m.department_id
    JOIN profile_department p ON p.department_id = t.descendant_id
    WHERE m.user_id >= :first AND m.user_id < :after AND (m.user_id - :first) % :step = 0
)
SELECT told.user_id, told.profile_id,
    sum(CASE WHEN now.depth IS NOT NULL THEN activations ELSE 0 END),
    sum(CASE WHEN now.depth IS NULL AND at_first.depth IS NOT NULL THEN activations ELSE 0 END),
    sum(CASE WHEN now.depth IS NULL AND at_first.depth IS NULL THEN activations ELSE 0 END)
FROM told JOIN counted ON counted.profile_id = told.profile_id
LEFT JOIN department_tree now
    ON now.ancestor_id = told.department_id AND now.descendant_id = counted.learner_department_id
LEFT JOIN department_tree at_first
    ON at_first.ancestor_id = told.department_id AND at_first.descendant_id = counted.department_id
GROUP BY told.user_id, told.profile_id
"""


@dataclass(frozen=True, kw_only=True)
class Took:
    """Seconds of the clock, of this process, and of PostgreSQL."""

    seconds: float
    own: float
    database: float

    @property
    def cpu(self) -> float:
        """CPU seconds in all."""
        return self.own + self.database

    def without(self, part: "Took") -> "Took":
        """Return what is left without a part of it."""
        return Took(
            seconds=self.seconds - part.seconds, own=self.own - part.own, database=self.database - part.database
        )

    def __str__(self) -> str:
        return f"{1000 * self.own:.0f}" + (f" + {1000 * self.database:.0f}" if self.database else "")


def add_managers(connection: Connection, size: Size) -> None:
    """Add a manager for each department but the root."""
    numbers = {FIRST_MANAGER + place: department for place, department in enumerate(range(2, size.departments + 1))}
    connection.execute(insert(User), [bulk.staff(number, Role.CUSTOM) for number in numbers])
    managed = [{"user_id": number, "department_id": department} for number, department in numbers.items()]
    connection.execute(insert(ManagedDepartment), managed)


def took(session: Session, main_process: int | None, work: Callable[[], object]) -> Took:
    """Do work once, with nothing of it left in the session before."""
    session.rollback()
    session.expunge_all()
    if main_process:  # thousands of digests are composed between two statements here; the program composes 50
        session.execute(text("SET idle_in_transaction_session_timeout = 0"))
    database, own, began = cpu_of_postgresql(main_process), time.process_time(), time.perf_counter()
    work()
    ended, own = time.perf_counter(), time.process_time() - own
    return Took(seconds=ended - began, own=own, database=cpu_of_postgresql(main_process) - database)


def _flat(session: Session, last: int) -> object:
    return session.execute(text(FLAT), {"last": last}).all()


def _by_manager(session: Session, managers: range, last: int) -> Sequence[Row[int, int, int, int, int]]:
    chosen = {"first": managers.start, "after": managers.stop, "step": managers.step}
    return session.execute(text(BY_MANAGER), {**chosen, "last": last}).all()


def _disagreeing(session: Session, asked: Sequence[Asked], counted: Iterable[Row[int, int, int, int, int]]) -> int:
    """Return how many managers are told other counts by their digest than by SQL."""
    by_sql = defaultdict[int, set[tuple[int, int, int, int]]](set)
    for manager, *figures in counted:
        by_sql[manager].add((figures[0], int(figures[1]), int(figures[2]), int(figures[3])))
    return sum(
        {(each.profile_id, each.shown, each.hidden.transferred, each.hidden.elsewhere) for each in content.news}
        != by_sql[one.recipient_id]
        for one, content in summaries(session, asked).items()
    )


def _counts(session: Session, scope: Scope, last: int) -> object:
    """Count the activations as digests do."""
    shown = activations.tallies_between(session, scope, after=0, through=last)
    return shown, activations.returned_between(session, scope, after=0, through=last)


def measure(url: str, size: Size) -> list[str]:
    """Fill an empty database and measure; return lines of a table."""
    database = filled(url, size)
    with database.begin() as connection:
        add_managers(connection, size)
    with Session(database) as session:
        main_process, numbers = postmaster(session), (FEW, size.departments // 3, size.departments - 1)
        lines = [f"| {database.dialect.name} | {_row(session, main_process, size, number)} |" for number in numbers]
    database.dispose()
    return lines


def _row(session: Session, main_process: int | None, size: Size, number: int) -> str:
    """Measure the digests of so many managers."""
    step = (size.departments - 1) // number
    managers = range(FIRST_MANAGER, FIRST_MANAGER + number * step, step)
    asked = [Asked(recipient_id=manager, run_id=FIRST_DIGEST) for manager in managers]
    scope = _union_of(session, managers)
    if wrong := _disagreeing(session, asked, _by_manager(session, managers, size.activations)):
        sys.exit(f"{wrong} of {number} digests don't tell what SQL counts for their managers.")
    work: dict[str, Callable[[], object]] = {
        "flat": partial(_flat, session, size.activations),
        "by_manager": partial(_by_manager, session, managers, size.activations),
        "counts": partial(_counts, session, scope, size.activations),
        "digests": partial(summaries, session, asked),
    }
    rounds = [{name: took(session, main_process, each) for name, each in work.items()} for _ in range(ROUNDS)]
    flat, by_manager, counts, digests = (min((each[name] for each in rounds), key=lambda one: one.cpu) for name in work)
    with counted() as count:
        took(session, main_process, work["digests"])
    ratios = f"{digests.cpu / flat.cpu:.2f} | {digests.cpu / by_manager.cpu:.2f}"
    figures = f"{flat} | {by_manager} | {counts} | {digests.without(counts)} | {digests}"
    return f"{number:,} | {figures} | {ratios} | {count.cost.statements}"


def _union_of(session: Session, managers: range) -> Scope:
    """Return where any of the managers looks, as digests do."""
    managed = frozenset(each for actor in actors.several(session, managers).values() for each in actor.scope.managed)
    found = departments.tree_in(session, Scope(everywhere=True))
    tree = Tree({number: parent for number, (parent, _) in found.items()})
    return tree.topmost(Scope(everywhere=False, managed=managed))


def main() -> None:
    """Measure on both databases, or on the one named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", help="an empty database to fill; without it a new one of each kind")
    parser.add_argument("--small", action="store_true", help="a fiftieth of it, to try the program itself")
    given = parser.parse_args()
    size = SMALL if given.small else Size()
    gc.freeze()  # as the program does when it has started
    print(
        "| database | managers | flat count: CPU ms | by manager | counts | content | digests | of the flat count "
        "| of that by manager | statements |"
    )
    print("| --- |" + " ---: |" * 9)
    if given.database:
        print(*measure(given.database, size), sep="\n")
        return
    with tempfile.TemporaryDirectory() as folder:
        print(*measure(f"sqlite:///{folder}/gangway.db", size), sep="\n", flush=True)
    with running_server() as url:
        print(*measure(url, size), sep="\n")


if __name__ == "__main__":
    main()
