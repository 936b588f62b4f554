"""A process that signs people up until it is killed: `python -m tests.support.killed_process URL`.

Its work comes on standard input.

It writes each outcome to standard output as soon as its engine has confirmed it, unbuffered.
"""

import asyncio
import json
import os
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import count

from core.engine import Engine
from core.errors import LinkClosed
from core.services import redemption
from core.services.redemption import SignUp
from tests.support.account import a_form

TASKS = 6


@dataclass(frozen=True, kw_only=True)
class Work:
    """The links to sign people up through, and what tells this victim's forms from another one's."""

    name: str
    tokens: list[str]
    now: str

    def form(self, task: int, number: int) -> tuple[str, SignUp]:
        """One task's form of this number, and its link: known to whoever gave the work."""
        key = f"{self.name} {task} {number}"
        return self.tokens[(task + number) % len(self.tokens)], a_form(
            f"{key.replace(' ', '.')}@example.com", form_key=key
        )


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """What the engine has said of a form: the user, none where the link was closed."""

    task: int
    number: int
    user_id: int | None


async def main(database_url: str) -> None:
    """Work until somebody puts an end to it."""
    work, engine = Work(**json.loads(sys.stdin.readline())), Engine(database_url)
    await asyncio.gather(*(_sign_up(engine, work, task, count()) for task in range(TASKS)))


async def _sign_up(engine: Engine, work: Work, task: int, numbers: Iterator[int]) -> None:
    for number in numbers:
        token, form = work.form(task, number)
        try:
            made = await engine.write(redemption.redeem, token, form, datetime.fromisoformat(work.now))
        except LinkClosed:
            confirmed = Confirmed(task=task, number=number, user_id=None)
        else:
            confirmed = Confirmed(task=task, number=number, user_id=made.user_id)
        os.write(sys.stdout.fileno(), f"{json.dumps(asdict(confirmed))}\n".encode())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
