"""State machines of hypothesis on a real database: each example has a fresh one, and a plain model beside it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, ParamSpec, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from sqlalchemy.orm import Session

from core.engine import Engine
from core.errors import Refusal
from tests.support.account import an_office
from tests.support.clock import Clock
from tests.support.invariants import faults
from tests.support.selection import many

P = ParamSpec("P")
T = TypeVar("T")


class Machine(RuleBasedStateMachine):
    """An office on a database of its own; use cases are called one after the other."""

    def __init__(self, database_url: str) -> None:
        super().__init__()
        self._runner = asyncio.Runner()
        self.clock = Clock()
        self.engine = Engine(database_url, clock=self.clock)
        self.office = self.run(an_office(self.engine))
        self.owner_id = self.office.owner_id

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for work that is asynchronous."""
        return self._runner.run(work)

    def read(self, use_case: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that changes nothing."""
        return self.run(self.engine.read(use_case, *args, **kwargs))

    def write(self, use_case: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case and commit it."""
        return self.run(self.engine.write(use_case, *args, **kwargs))

    def answer(
        self, use_case: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T | type[Refusal]:
        """Run a use case and commit it; give what it answers, or the kind of its refusal."""
        try:
            return self.write(use_case, *args, **kwargs)
        except Refusal as refusal:
            return type(refusal)

    def amiss(self) -> list[str]:
        """Say what is wrong in the database."""
        return self.read(faults)

    def teardown(self) -> None:
        """See that nothing is amiss in the end, and close the database."""
        found = self.amiss()
        self.run(self.engine.close())
        self._runner.close()
        assert not found, found


def explore(machine: Callable[[str], Machine], new_database: Callable[[], str], *, examples: int, steps: int) -> None:
    """Try random walks through a machine, each on a fresh database."""
    run_state_machine_as_test(
        lambda: machine(new_database()),  # type: ignore[arg-type]  # whatever makes a machine will do
        settings=settings(
            max_examples=many(examples),
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
