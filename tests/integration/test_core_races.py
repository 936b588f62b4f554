"""Sign-ups raced by many, over real connections: places, limits and accounts come out exact."""

from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from itertools import cycle
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.errors import LimitBelowUsed
from core.services import history, people, profile_editing, profiles, redemption
from core.services.profile_editing import Change, Edited, EditedField
from core.services.redemption import SignedUp
from core.storage import account
from core.storage import people as stored
from core.storage import seats as seat_counter
from tests.support.account import a_form
from tests.support.clock import Clock
from tests.support.concurrent_engines import Attempt, Crowd, a_crowd, a_field, at_once, kinds, race
from tests.support.rows import used_and_activations
from tests.support.site import sign_ups, tally

if TYPE_CHECKING:
    from asyncio.subprocess import Process

FULL = ("LinkClosed", "no activations left")


@pytest.fixture
async def crowd(office_url: str, clock: Clock) -> AsyncIterator[Crowd]:
    async with a_crowd(office_url, clock) as crowd:
        yield crowd


def sign_up(crowd: Crowd, token: str, email: str, form_key: str = "") -> Awaitable[SignedUp]:
    return crowd.write(redemption.redeem, token, a_form(email, form_key=form_key), crowd.office.engine.now())


@pytest.mark.deep
async def test_processes_get_exactly_the_places_that_there_are(crowd: Crowd, database_url: str, clock: Clock) -> None:
    async with a_field(database_url, 4) as field:
        for racers in (1, 2, 4):
            card = await crowd.office.profile(limit="40")
            jobs: dict[Process, list[Attempt]] = {racer: [] for racer in field[:racers]}
            for number, racer in zip(range(120), cycle(jobs), strict=False):
                email, key = f"anna@{number}.{racers}.example.com", f"form {number} of {racers}"
                jobs[racer].append(Attempt(token=card.token, email=email, form_key=key))
            outcomes = await race(clock, jobs)
            assert Counter((one.exception, one.words) for one in outcomes) == {("", ""): 40, FULL: 80}
            assert len({one.user_id for one in outcomes if one.user_id}) == 40
            assert await used_and_activations(crowd.engine, card.profile_id) == (40, 40)
            assert await crowd.is_sound()


@pytest.mark.deep
async def test_one_form_sent_by_several_processes_is_one_account(crowd: Crowd, database_url: str, clock: Clock) -> None:
    token = (await crowd.office.profile()).token
    twice, often = (Attempt(token=token, email=f"{name}@example.com", form_key=name) for name in ("anna", "boris"))
    async with a_field(database_url, 2) as field:
        outcomes = await race(clock, dict(zip(field, ([twice, *5 * [often]], [*5 * [often], twice]), strict=True)))
    assert {one.exception for one in outcomes} == {""}
    first, *between, last = outcomes
    assert first.user_id == last.user_id
    assert len({one.user_id for one in between}) == 1
    assert [one.repeated for one in outcomes].count(False) == 2
    assert (await tally(crowd.engine)) == sign_ups(2)
    assert await crowd.is_sound()


async def test_one_address_at_two_profiles_at_once_is_one_account_and_loses_no_place(crowd: Crowd) -> None:
    cards = [await crowd.office.profile(limit="6") for _ in range(2)]
    forms = ((card, number) for number in range(6) for card in cards)
    answers = await at_once(
        sign_up(crowd, card.token, f"anna@{n}.example.com", f"form {n} of {card.profile_id}") for card, n in forms
    )
    assert kinds(answers) == {"SignedUp": 6, "EmailTaken": 6}
    used = [await used_and_activations(crowd.engine, card.profile_id) for card in cards]
    assert sum(counted for counted, _ in used) == sum(rows for _, rows in used) == 6
    assert await crowd.is_sound()


async def test_a_limit_edited_while_the_profile_fills_up_holds_at_every_moment(crowd: Crowd) -> None:
    card = await crowd.office.profile(limit="12")

    def limit(value: str) -> Awaitable[Edited]:
        change = Change(field=EditedField.LIMIT, value=value)
        return crowd.write(profile_editing.edit, crowd.owner_id, card.profile_id, change, crowd.office.engine.now())

    mixed: list[Awaitable[SignedUp | Edited]] = []
    for number in range(60):
        mixed.append(sign_up(crowd, card.token, f"learner{number}@example.com"))
        if number % 6 == 3:
            mixed.append(limit(("6", "25", "3", "unlimited", "20", "9", "30", "12", "40", "24")[number // 6]))
    answers = await at_once(mixed)
    counted = kinds(answers)
    now = await crowd.engine.read(profiles.card, crowd.owner_id, card.profile_id, crowd.office.engine.now())
    assert set(counted) <= {"SignedUp", "LinkClosed", "Edited", "LimitBelowUsed"}
    assert counted["SignedUp"] + counted["LinkClosed"] == 60
    assert all(one.used > one.limit for one in answers if isinstance(one, LimitBelowUsed))
    assert all(one.card.used <= (one.card.limit or 60) for one in answers if isinstance(one, Edited))
    assert await used_and_activations(crowd.engine, card.profile_id) == 2 * (counted["SignedUp"],)
    assert now.limit is None or now.used <= now.limit
    assert await crowd.is_sound()


async def test_an_activation_is_returned_once_however_many_return_it(crowd: Crowd) -> None:
    card = await crowd.office.profile(limit="1")
    made = await sign_up(crowd, card.token, "anna@example.com")
    [entry] = (await crowd.engine.read(history.page, crowd.owner_id, card.profile_id)).entries
    now, returned = crowd.office.engine.now(), entry.activation_id
    mixed: list[Awaitable[SignedUp | None]] = []
    for number in range(9):
        mixed.append(crowd.write(history.return_activation, crowd.owner_id, returned, "by mistake", now))
        mixed.append(sign_up(crowd, card.token, f"learner{number}@example.com"))
    answers = await at_once(mixed)
    counted = kinds(answers)
    assert (counted["NoneType"], counted["ActivationReturned"]) == (1, 8)
    assert counted["SignedUp"] <= 1
    assert await used_and_activations(crowd.engine, card.profile_id) == (counted["SignedUp"], 1 + counted["SignedUp"])
    assert (await crowd.engine.read(people.card, crowd.owner_id, made.user_id)).state is UserState.ACTIVE
    assert await crowd.is_sound()


def with_seats(session: Session, seats: int) -> None:
    seat_counter.limit(session, account.lock(session), seats)


async def test_seats_are_never_taken_by_more_than_there_are(crowd: Crowd) -> None:
    token, now = (await crowd.office.profile()).token, crowd.office.engine.now()
    early = [(await sign_up(crowd, token, f"early{number}@example.com")).user_id for number in range(4)]
    for user_id in early:
        await crowd.write(people.deactivate, crowd.owner_id, user_id, now)
    await crowd.write(with_seats, 10)  # the owner has the first
    sign_ups = [sign_up(crowd, token, f"learner{number}@example.com") for number in range(40)]
    activations = [crowd.write(people.activate, crowd.owner_id, user_id, now) for user_id in early]
    answers = await at_once([*sign_ups[:4], *activations, *sign_ups[4:]])
    active = [one for one in answers if isinstance(one, SignedUp | people.Card) and one.state is UserState.ACTIVE]
    assert len(active) == 9
    assert await crowd.engine.read(stored.count_active) == 10
    assert kinds(answers)["SignedUp"] == 40
    assert set(kinds(answers)) <= {"SignedUp", "Card", "SeatsTaken"}
    assert await crowd.is_sound()
