"""Clients that ask for dear work and don't wait for it: people who sign up and log in meanwhile hardly notice.

Each flood comes from hundreds of addresses, and each is tried with the addresses of connections and with those that a
trusted proxy reports.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median

import pytest

from core.config import SANDBOX
from core.engine import Engine
from core.services import belonging, policies
from core.services.policies import Switch
from tests.support.account import Office
from tests.support.flood import Flood, Learner, Origin
from tests.support.patience import on_this_machine
from tests.support.program import Program, running
from tests.support.site import PASSWORD, Form, a_learner

# A database of its own process would share the two cores with what is measured.
pytestmark = [pytest.mark.deep, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

ROUNDS = 5
LONGEST = 1.0  # seconds, at the median
LOG_IN = {"identifier": "nobody@example.com", "password": "not the password"}
DEAR = ("4@8({[<3690!1|7$5+%2" * 4)[:72]  # 4 s of CPU, if all of it was judged
_emails = (f"learner{number}@example.com" for number in count())


@dataclass(frozen=True, kw_only=True)
class Attack:
    """A running program, and how clients come to it."""

    program: Program
    origin: Origin
    link: str

    async def learner(self, path: str) -> tuple[Learner, Form]:
        learner = Learner(self.program.pages, self.origin)
        return learner, await learner.visitor.open_form(path)

    async def flood(self, path: str) -> Flood:
        attacker, form = await self.learner(path)
        await attacker.leaves()
        return Flood(self.program.pages, self.origin, attacker, form)

    async def log_in(self) -> float:
        return await self._takes("/login", {"identifier": "anna@example.com", "password": PASSWORD})

    async def sign_up(self) -> float:
        return await self._takes(self.link, {**a_learner(next(_emails)), "password": "violet teapot runs slowly"})

    async def _takes(self, path: str, values: Mapping[str, str]) -> float:
        learner, form = await self.learner(path)
        seconds, answer = await learner.posts(form, values)
        await learner.leaves()
        assert (answer.status, answer.location) == (303, "/courses")
        return seconds


@pytest.fixture(params=["direct", "behind a proxy"])
async def attack(
    request: pytest.FixtureRequest, engine: Engine, office: Office, database_url: str, tmp_path: Path
) -> AsyncIterator[Attack]:
    origin = Origin(behind_proxy=request.param == "behind a proxy")
    card = await office.profile(limit="unlimited")
    await engine.write(policies.switch, office.owner_id, Switch.STRONG_PASSWORDS, engine.now(), on=True)
    await office.ask_no_proof()  # which would keep most of the flood away
    await engine.write(belonging.adopt, SANDBOX, engine.now())
    settings = {"DATABASE_URL": database_url, "LOG_LEVEL": "error"}
    settings |= {"TRUSTED_PROXIES": "127.0.0.1"} if origin.behind_proxy else {}
    async with running(tmp_path, "web", **settings) as program:
        await program.prints("Gangway is running")
        attack = Attack(program=program, origin=origin, link=f"/s/{card.token}")
        learner, form = await attack.learner(attack.link)
        await learner.visitor.fill(form)
        await learner.leaves()
        yield attack


async def both(attack: Attack) -> tuple[float, float]:
    """Log in and sign up at the same time."""
    return await asyncio.gather(attack.log_in(), attack.sign_up())


def assert_fast(rounds: list[tuple[float, float]]) -> None:
    log_ins, sign_ups = zip(*rounds, strict=True)
    assert median(log_ins) < on_this_machine(LONGEST)
    assert median(sign_ups) < on_this_machine(LONGEST)


async def test_four_hundred_log_ins_that_hung_up(attack: Attack) -> None:
    flood, rounds = await attack.flood("/login"), []
    for _ in range(ROUNDS):
        await flood.come(400, LOG_IN)
        flood.hang_up()
        rounds.append(await both(attack))
    assert_fast(rounds)


async def test_hundreds_of_sign_ups_with_a_taken_address(attack: Attack) -> None:
    flood, rounds = await attack.flood(attack.link), []
    for _ in range(ROUNDS):  # not as many as a link takes at once (SIGN_UP_BY_LINK): the learner is one of them
        await flood.come(190, a_learner("anna@example.com"))
        rounds.append(await both(attack))
        flood.hang_up()
    assert_fast(rounds)


async def test_a_hundred_log_ins_that_wait_at_one_address(attack: Attack) -> None:
    flood, rounds = await attack.flood("/login"), []
    for _ in range(ROUNDS):
        await flood.come(100, LOG_IN, address="127.0.0.9")
        rounds.append(await both(attack))
        flood.hang_up()
    assert_fast(rounds)


async def test_twelve_sign_ups_with_a_password_that_is_dear_to_judge(attack: Attack) -> None:
    flood, rounds = await attack.flood(attack.link), []
    for _ in range(ROUNDS):
        await asyncio.gather(*(flood.come(1, {**a_learner(next(_emails)), "password": DEAR}) for _ in range(12)))
        rounds.append(await both(attack))
        flood.hang_up()
    assert_fast(rounds)
