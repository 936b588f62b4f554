"""Hashing passwords and judging their strength, each in bounded time."""

import asyncio
import time
from dataclasses import replace
from threading import Event

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

from core import passwords
from core.domain.form_fields import read_form
from core.domain.passwords import is_weak, refuse_weak
from core.errors import InvalidForm
from core.fair_queue import Lane, Requester
from core.passwords import HASHER, PasswordWork, Verified
from tests.support.hash_count import HashCount
from tests.support.patience import PATIENCE, on_this_machine

WHO = Requester(lane=Lane.LOG_IN, network="192.0.2.1/32", account="anna@example.com")
NEWCOMER = read_form(
    {"first_name": "Anna", "last_name": "Berzina", "email": "anna@example.com", "password": "-" * 8}, region=None
)
RIGHT, WRONG = Verified(is_right=True), Verified(is_right=False)
SUBSTITUTES = "4@8({[<3690!1|7$5+%2"  # what zxcvbn takes for letters


@pytest.fixture
def work() -> PasswordWork:
    return PasswordWork()


async def test_a_password_fits_its_own_hash_only(work: PasswordWork) -> None:
    hashed = await work.hash(WHO, "a long secret")
    assert "a long secret" not in hashed
    assert hashed.startswith("$argon2id$")
    assert await work.verify(WHO, hashed, "a long secret") == RIGHT
    assert await work.verify(WHO, hashed, "a long secreT") == WRONG


async def test_the_same_password_is_never_hashed_the_same(work: PasswordWork) -> None:
    assert await work.hash(WHO, "a long secret") != await work.hash(WHO, "a long secret")


async def test_nobody_has_no_password(work: PasswordWork) -> None:
    for password in ("no user's password", "", "a long secret", "пароль\x00"):
        assert await work.verify(WHO, None, password) == WRONG


async def test_no_password_fits_what_is_no_hash(work: PasswordWork) -> None:
    assert await work.verify(WHO, "no hash", "a long secret") == WRONG


async def test_a_hash_of_lower_parameters_is_renewed_when_the_password_is_right(work: PasswordWork) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("a long secret")
    assert await work.verify(WHO, old, "not it") == WRONG
    verified = await work.verify(WHO, old, "a long secret")
    assert verified.is_right
    assert verified.new_hash
    assert not HASHER.check_needs_rehash(verified.new_hash)
    assert await work.verify(WHO, verified.new_hash, "a long secret") == RIGHT


@pytest.mark.parametrize("hashed", ["ｗｉｄｅ secret", "ｗｉｄｅ\N{IDEOGRAPHIC SPACE}secret", "wide secret"])
async def test_a_password_that_was_hashed_in_an_earlier_form_works_and_its_hash_is_renewed(
    work: PasswordWork, hashed: str
) -> None:
    verified = await work.verify(WHO, HASHER.hash(hashed), "ｗｉｄｅ\N{IDEOGRAPHIC SPACE}secret")
    assert verified.is_right
    assert bool(verified.new_hash) == (hashed != "wide secret")
    if verified.new_hash:
        assert await work.verify(WHO, verified.new_hash, "wide secret") == RIGHT


async def cpu_seconds(work: PasswordWork, *password_hashes: str | None) -> list[float]:
    """Return what a wrong password costs with each hash, at the least of several times, by turns."""
    costs: list[list[float]] = [[] for _ in password_hashes]
    for _ in range(12):
        for password_hash, its_costs in zip(password_hashes, costs, strict=True):
            began = time.process_time()
            assert await work.verify(WHO, password_hash, "not it") == WRONG
            its_costs.append(time.process_time() - began)
    return [min(its_costs) for its_costs in costs]


@pytest.mark.deep
@pytest.mark.parametrize(
    ("time_cost", "memory_cost"), [(1, 8), (1, 8 * 1024), (2, 15 * 1024), (1, 19 * 1024), (2, 19 * 1024)]
)
async def test_a_wrong_password_costs_the_same_with_a_hash_of_an_earlier_release_as_with_none(
    work: PasswordWork, time_cost: int, memory_cost: int
) -> None:
    old = PasswordHasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=1).hash("a long secret")
    of_earlier_release, of_none = await cpu_seconds(work, old, None)
    assert 0.6 < of_earlier_release / of_none < 1.6  # without more work it would be a half at most, but for one


async def test_a_password_that_the_check_refuses_is_not_hashed(work: PasswordWork) -> None:
    def check(_password: str) -> None:
        raise InvalidForm

    with pytest.raises(InvalidForm):
        await work.hash(WHO, "password1", check)


async def test_work_on_a_thread_keeps_its_slot_until_it_is_done() -> None:
    work, go = PasswordWork(slots=1), Event()
    given_up = asyncio.create_task(work.run(WHO, go.wait))
    following = asyncio.create_task(work.hash(WHO, "a long secret"))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.wait([given_up])
    assert not following.done()
    go.set()
    assert (await following).startswith("$argon2id$")


async def test_a_requester_that_is_refused_after_its_wait_is_not_hashed_and_gives_its_slot_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    work, go, hashes = PasswordWork(slots=1), Event(), HashCount()
    monkeypatch.setattr(passwords, "HASHER", hashes)

    async def refuse() -> None:
        raise InvalidForm

    running = asyncio.create_task(work.run(WHO, go.wait))
    await asyncio.sleep(0)
    refused = asyncio.create_task(work.hash(WHO, "a long secret", after_wait=refuse))
    following = asyncio.create_task(work.hash(WHO, "another secret"))
    await asyncio.sleep(0)
    go.set()
    await asyncio.wait([running, refused, following], timeout=PATIENCE)
    assert isinstance(refused.exception(), InvalidForm)
    assert (await following).startswith("$argon2id$")
    assert hashes.made == 1


async def test_a_requester_that_is_cancelled_while_it_is_looked_at_again_gives_its_slot_on() -> None:
    work, go, looking = PasswordWork(slots=1), Event(), asyncio.Event()

    async def look() -> None:
        looking.set()
        await asyncio.Event().wait()

    running = asyncio.create_task(work.run(WHO, go.wait))
    await asyncio.sleep(0)
    cancelled = asyncio.create_task(work.hash(WHO, "a long secret", after_wait=look))
    await asyncio.sleep(0)
    go.set()
    async with asyncio.timeout(PATIENCE):
        await looking.wait()
        cancelled.cancel()
        await asyncio.wait([running, cancelled])
        assert (await work.hash(WHO, "another secret")).startswith("$argon2id$")


async def test_a_requester_that_does_not_wait_is_not_looked_at_again(work: PasswordWork) -> None:
    async def refuse() -> None:
        raise InvalidForm

    assert (await work.hash(WHO, "a long secret", after_wait=refuse)).startswith("$argon2id$")


@pytest.mark.parametrize(("password", "strong"), [("kettlebread", False), ("quietlake9", True)])  # 10^7.2, 10^8.1
def test_a_password_is_strong_from_a_hundred_million_guesses_on(password: str, strong: bool) -> None:  # noqa: FBT001
    assert is_weak(password, NEWCOMER, None) is not strong


def test_the_organisations_name_is_easy_to_guess_in_it() -> None:
    assert not is_weak("blue kettle", NEWCOMER, None)
    assert is_weak("blue kettle", NEWCOMER, "Blue Kettle")


@pytest.mark.parametrize("password", ["password1", "berzina2026", "Пароль123", "qwertyuiop", "p@$$w0rd" * 9])
def test_a_password_that_is_easy_to_guess_is_weak(password: str) -> None:
    assert is_weak(password, NEWCOMER, "Acme")
    with pytest.raises(InvalidForm):
        refuse_weak(password, NEWCOMER, "Acme")


@pytest.mark.parametrize("password", ["berzina2026", "Bērziņa2026", "berziņa2026", "zilais1928", "ZĪLAIS kalns"])
def test_a_password_made_from_names_is_weak_with_and_without_their_accents(password: str) -> None:
    person = replace(NEWCOMER, last_name="Bērziņa")
    assert is_weak(password, person, "Zīlais Kalns")


@pytest.mark.parametrize("password", ["violet teapot runs slowly", "4@8({[<3690!1|7$5+%2", "K4@8{x3!9$7%0(vQ"])
def test_what_takes_many_guesses_is_strong(password: str) -> None:
    assert not is_weak(password, NEWCOMER, None)


PARTS = st.text(SUBSTITUTES, min_size=1, max_size=24) | st.text("abcdelopstxz", min_size=1, max_size=12) | st.text()


@given(parts=st.lists(PARTS, min_size=1, max_size=12))
def test_judging_any_password_takes_little_time(parts: list[str]) -> None:
    password = "".join(parts * 9)[:128].ljust(8)
    is_weak("password", NEWCOMER, None)  # loads the lists of words
    began = time.process_time()
    is_weak(password, NEWCOMER, "Acme")
    assert time.process_time() - began < on_this_machine(0.25)
