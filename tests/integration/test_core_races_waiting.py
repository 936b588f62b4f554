"""Sign-ups that wait, answered by many at once: each is answered once, and its place is somebody's or free."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.errors import LinkClosed
from core.services import confirmations, pending_sign_ups, profile_removal, profiles, redemption
from core.services.profiles import Card
from core.services.redemption import SignedUp
from core.storage import account
from tests.support.account import a_form
from tests.support.clock import Clock
from tests.support.concurrent_engines import Crowd, a_crowd, at_once, kinds
from tests.support.confirmed import mailed
from tests.support.transactions import under_way, until_somebody_waits

ADDRESS = "anna@example.com"
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
async def crowd(office_url: str, clock: Clock) -> AsyncIterator[Crowd]:
    async with a_crowd(office_url, clock) as crowd:
        yield crowd


def policies(session: Session, *, confirmation: bool, approval: bool) -> None:
    row = account.lock(session)
    row.email_confirmation, row.approval = confirmation, approval


def sign_up(crowd: Crowd, card: Card, number: int) -> Awaitable[SignedUp]:
    form = a_form(f"learner{number}@example.com", form_key=f"form {number}")
    return crowd.write(redemption.redeem, card.token, form, crowd.office.engine.now())


async def code_of(crowd: Crowd, card: Card, number: int) -> str:
    """Sign up, and return the code that comes by e-mail."""
    made = await sign_up(crowd, card, number)
    return (await mailed(crowd.engine, made.user_id, f"learner{number}@example.com")).code


async def places(crowd: Crowd, card: Card) -> tuple[int, int]:
    now = await crowd.engine.read(profiles.card, crowd.owner_id, card.profile_id, crowd.office.engine.now())
    return now.used, now.reserved


def late(clock: Clock) -> datetime:
    """When everybody who waits has waited too long."""
    return clock() + timedelta(days=30)


async def test_an_approval_a_refusal_and_the_end_of_time_at_once_give_one_answer(crowd: Crowd, clock: Clock) -> None:
    await crowd.write(policies, confirmation=False, approval=True)
    cards = [await crowd.office.profile(limit="6") for _ in range(2)]
    waiting = [(await sign_up(crowd, cards[number % 2], number)).user_id for number in range(12)]
    owner, calls = crowd.owner_id, list[Awaitable[UserState | int | None]]()
    for number, user_id in enumerate(waiting):
        if number % 4 == 2:
            calls += [crowd.write(pending_sign_ups.release_expired, late(clock)) for _ in range(2)]
        calls.append(crowd.write(pending_sign_ups.approve, owner, user_id, clock()))
        calls.append(crowd.write(pending_sign_ups.decline, owner, user_id, "not ours", clock()))
        calls.append(crowd.write(pending_sign_ups.approve, owner, user_id, clock()))
    answers = await at_once(calls)
    released = sum(one for one in answers if isinstance(one, int))
    approved = sum(one is UserState.ACTIVE for one in answers)
    declined = sum(one is None for one in answers)
    assert approved + declined + released == 12
    assert kinds(answers)["SignUpNotPending"] == 36 - approved - declined
    counted = [await places(crowd, card) for card in cards]
    assert (sum(used for used, _ in counted), sum(reserved for _, reserved in counted)) == (approved, 0)
    assert await crowd.is_sound()


async def test_the_end_of_time_comes_once_however_many_clocks_strike(crowd: Crowd, clock: Clock) -> None:
    await crowd.write(policies, confirmation=False, approval=True)
    cards = [await crowd.office.profile(limit="6") for _ in range(3)]
    for number in range(12):
        await sign_up(crowd, cards[number % 3], number)
    strikes = (crowd.write(pending_sign_ups.release_expired, late(clock)) for _ in range(6))
    removals = (crowd.write(profile_removal.remove, crowd.owner_id, [cards[2].profile_id], clock()) for _ in range(2))
    answers = await at_once([*strikes, *removals])
    assert kinds(answers)["int"] == 6
    assert (kinds(answers)["tuple"], kinds(answers)["ProfileNotFound"]) == (1, 1)
    assert 8 <= sum(one for one in answers if isinstance(one, int)) <= 12
    assert [await places(crowd, card) for card in cards[:2]] == [(0, 0), (0, 0)]
    assert await crowd.is_sound()


async def test_an_address_confirmed_many_times_at_once_is_confirmed_once(crowd: Crowd, clock: Clock) -> None:
    await crowd.write(policies, confirmation=True, approval=False)
    card = await crowd.office.profile(limit="4")
    codes = [await code_of(crowd, card, number) for number in range(4)]
    calls: list[Awaitable[object]] = []
    for number, code in enumerate(codes):
        calls += [crowd.write(confirmations.confirm, code, clock()) for _ in range(3)]
        if number >= 2:
            calls.append(sign_up(crowd, card, number))
    answers = await at_once(calls)
    assert kinds(answers) == {"Confirmed": 4, "SignUpNotPending": 8, "SignedUp": 2}
    assert all(one.repeated for one in answers if isinstance(one, SignedUp))
    assert await places(crowd, card) == (4, 0)
    assert await crowd.is_sound()


async def test_an_address_confirmed_as_its_time_ends_is_confirmed_or_free(crowd: Crowd, clock: Clock) -> None:
    await crowd.write(policies, confirmation=True, approval=True)
    card = await crowd.office.profile(limit="8")
    codes = [await code_of(crowd, card, number) for number in range(8)]
    confirmed = [crowd.write(confirmations.confirm, code, clock()) for code in codes]
    answers = await at_once(
        [*confirmed[:4], crowd.write(pending_sign_ups.release_expired, late(clock)), *confirmed[4:]]
    )
    assert set(kinds(answers)) <= {"Confirmed", "SignUpNotPending", "int"}
    assert await places(crowd, card) in [(0, kinds(answers)["Confirmed"]), (0, 0)]  # the approvals ran out too, or not
    assert await crowd.is_sound()


@pytest.mark.deep
async def test_of_many_who_wait_with_one_address_one_gets_it(crowd: Crowd, clock: Clock) -> None:
    await crowd.write(policies, confirmation=True, approval=False)
    card = await crowd.office.profile(limit="5")
    forms = [a_form(ADDRESS, form_key=f"form {number}") for number in range(8)]
    answers = await at_once([crowd.write(redemption.redeem, card.token, form, clock()) for form in forms])
    assert kinds(answers) == {"SignedUp": 5, "LinkClosed": 3}
    waiting = [one.user_id for one in answers if isinstance(one, SignedUp)]
    codes = [(await mailed(crowd.engine, user_id, ADDRESS)).code for user_id in waiting]
    confirmed = await at_once([crowd.write(confirmations.confirm, code, clock()) for code in codes])
    assert kinds(confirmed) == {"Confirmed": 1, "EmailTaken": 4}
    assert await places(crowd, card) == (1, 4)
    assert await crowd.is_sound()


async def test_who_waits_keeps_the_last_place(crowd: Crowd, clock: Clock) -> None:
    await crowd.write(policies, confirmation=False, approval=True)
    card = await crowd.office.profile(limit="1")
    waits = (await sign_up(crowd, card, 0)).user_id
    await crowd.write(policies, confirmation=False, approval=False)
    approval = crowd.write(pending_sign_ups.approve, crowd.owner_id, waits, clock())
    others = [sign_up(crowd, card, number) for number in range(1, 7)]
    answers = await at_once([*others[:3], approval, *others[3:]])
    assert answers[3] is UserState.ACTIVE
    assert [one.state for one in answers if isinstance(one, LinkClosed)] == 6 * ["no activations left"]
    assert await places(crowd, card) == (1, 0)
    assert await crowd.is_sound()


async def test_who_is_approved_while_the_profile_goes_is_aboard_or_forgotten(crowd: Crowd, clock: Clock) -> None:
    await crowd.write(policies, confirmation=False, approval=True)
    for start in range(0, 12, 4):
        card = await crowd.office.profile()
        waiting = [(await sign_up(crowd, card, start + number)).user_id for number in range(4)]
        approvals = [crowd.write(pending_sign_ups.approve, crowd.owner_id, user_id, clock()) for user_id in waiting]
        gone = crowd.write(profile_removal.remove, crowd.owner_id, [card.profile_id], clock())
        answers = await at_once([*approvals[:2], gone, *approvals[2:]])
        assert answers[2] == ("Autumn sales",)
        assert set(kinds(answers)) <= {"UserState", "SignUpNotPending", "tuple"}
    assert await crowd.is_sound()


async def test_a_removal_and_its_undo_among_sign_ups_and_approvals_lose_nobody(crowd: Crowd, clock: Clock) -> None:
    await crowd.write(policies, confirmation=False, approval=True)
    card = await crowd.office.profile(limit="20")
    waiting = [(await sign_up(crowd, card, number)).user_id for number in range(4)]
    one = [card.profile_id]
    calls: list[Awaitable[object]] = [
        crowd.write(pending_sign_ups.approve, crowd.owner_id, waiting[0], clock()),
        crowd.write(profile_removal.remove, crowd.owner_id, one, clock()),
        sign_up(crowd, card, 5),
        crowd.write(profile_removal.undo, crowd.owner_id, one, clock()),
        crowd.write(pending_sign_ups.approve, crowd.owner_id, waiting[1], clock()),
        sign_up(crowd, card, 6),
        crowd.write(profile_removal.undo, crowd.owner_id, one, clock()),
    ]
    answers = await at_once(calls)
    assert set(kinds(answers)) <= {"UserState", "SignUpNotPending", "tuple", "NothingToUndo", "SignedUp", "LinkClosed"}
    if kinds(answers)["tuple"] == 1:
        await crowd.write(profile_removal.undo, crowd.owner_id, one, clock())
    used, reserved = await places(crowd, card)
    assert (used, used + reserved) == (kinds(answers)["UserState"], 4 + kinds(answers)["SignedUp"])
    assert await crowd.is_sound()


@ON_POSTGRESQL
async def test_a_form_that_comes_again_while_it_is_confirmed_is_aboard(crowd: Crowd, clock: Clock) -> None:
    await crowd.write(policies, confirmation=True, approval=False)
    card = await crowd.office.profile()
    made = await sign_up(crowd, card, 0)
    code = (await mailed(crowd.engine, made.user_id, "learner0@example.com")).code
    async with under_way(crowd.engine, lambda session: confirmations.confirm(session, code, clock())):
        again = asyncio.ensure_future(sign_up(crowd, card, 0))
        await until_somebody_waits(crowd.engine)
    assert await again == SignedUp(user_id=made.user_id, repeated=True, state=UserState.ACTIVE)
    assert await crowd.is_sound()


@ON_POSTGRESQL
async def test_a_clock_that_strikes_while_another_clears_up_finds_nothing_left(crowd: Crowd, clock: Clock) -> None:
    await crowd.write(policies, confirmation=False, approval=True)
    card = await crowd.office.profile()
    for number in range(3):
        await sign_up(crowd, card, number)
    async with under_way(crowd.engine, lambda session: pending_sign_ups.release_expired(session, late(clock))) as first:
        second = asyncio.ensure_future(crowd.write(pending_sign_ups.release_expired, late(clock)))
        await until_somebody_waits(crowd.engine)
    assert (await first, await second) == (3, 0)
    assert await crowd.is_sound()
