"""Taken seats are counted by everything that makes users active or inactive, against a plain model and in races."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule
from sqlalchemy import text

from core.domain.access import Role, UserState
from core.errors import SeatsTaken
from core.services import (
    confirmations,
    invitations,
    monitoring,
    ownership,
    pending_sign_ups,
    people,
    person_erasure,
    policies,
)
from core.services import redemption as sign_ups
from core.services.ownership import Claimant
from core.services.policies import Switch
from core.services.redemption import SignedUp
from core.storage import account
from core.storage import people as stored
from core.storage.seats import SHARE_LOCK
from tests.support.account import FAST_HASH, a_form
from tests.support.clock import Clock
from tests.support.concurrent_engines import Crowd, a_crowd, at_once, kinds
from tests.support.confirmed import mailed
from tests.support.rows import a_user
from tests.support.site import SECRET
from tests.support.state_machines import Machine, explore
from tests.support.transactions import under_way, until_somebody_waits

ANY = st.integers(0, 10**6)  # chooses among the people there are
ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


class SeatsMachine(Machine):
    """People come and go by every way there is, while the owner sets and lifts the limit."""

    def __init__(self, database_url: str) -> None:
        super().__init__(database_url)
        self.token = self.run(self.office.profile(limit="unlimited")).token
        self.seats: int | None = None
        self.states = {self.owner_id: UserState.ACTIVE}
        self.claimants = 5000
        self.limit(seats=3)

    @property
    def active(self) -> int:
        return list(self.states.values()).count(UserState.ACTIVE)

    @property
    def of_newcomer(self) -> UserState:
        return UserState.ACTIVE if self.seats is None or self.active < self.seats else UserState.INACTIVE

    @rule(seats=st.none() | st.integers(1, 5))
    def limit(self, seats: int | None) -> None:
        text = "unlimited" if seats is None else str(seats)
        self.seats = self.write(policies.limit_seats, self.owner_id, text, self.engine.now())

    @rule(approval=st.booleans())
    def sign_up(self, *, approval: bool) -> None:
        self.write(policies.switch, self.owner_id, Switch.APPROVAL, self.engine.now(), on=approval)
        form, expected = a_form(f"learner{len(self.states)}@example.com"), self.of_newcomer
        made = self.write(sign_ups.redeem, self.token, form, self.engine.now())
        assert made.state is (UserState.PENDING if approval else expected)
        self.states[made.user_id] = made.state

    @rule(let_in=st.booleans())
    def answer_who_wait(self, *, let_in: bool) -> None:
        for user_id in [number for number, state in self.states.items() if state is UserState.PENDING]:
            expected, now = self.of_newcomer, self.engine.now()
            if let_in:
                self.states[user_id] = self.write(pending_sign_ups.approve, self.owner_id, user_id, now)
                assert self.states[user_id] is expected
            else:
                self.write(pending_sign_ups.decline, self.owner_id, user_id, "unknown here", now)
                self.states[user_id] = UserState.DELETED

    @rule()
    def add_by_hand(self) -> None:
        newcomer, expected = a_form(f"learner{len(self.states)}@example.com").newcomer, self.of_newcomer
        card = self.write(people.add, self.owner_id, newcomer, FAST_HASH, "Sales", self.engine.now())
        assert card.state is expected
        self.states[card.user_id] = card.state

    @rule()
    def invite(self) -> None:
        made = self.write(invitations.invite, self.owner_id, "administrator", [], self.engine.now())
        opened = self.answer(invitations.accept, made.code, self.claimant(), self.engine.now())
        if self.of_newcomer is UserState.INACTIVE:
            assert opened is SeatsTaken
        else:
            assert isinstance(opened, int)
            self.states[opened] = UserState.ACTIVE

    @rule()
    def replace_the_owner(self) -> None:
        code = self.write(ownership.replacement_code, SECRET, self.engine.now())
        self.owner_id = self.write(ownership.claim_by_code, SECRET, code, self.claimant(), self.engine.now())
        self.states[self.owner_id] = UserState.ACTIVE  # with or without a free seat

    @rule(chosen=ANY, active=st.booleans())
    def switch(self, chosen: int, *, active: bool) -> None:
        if (user_id := self.another(chosen)) is None:
            return
        change, state = (people.activate, UserState.ACTIVE) if active else (people.deactivate, UserState.INACTIVE)
        answer = self.answer(change, self.owner_id, user_id, self.engine.now())
        if active and self.states[user_id] is UserState.INACTIVE and self.of_newcomer is UserState.INACTIVE:
            assert answer is SeatsTaken
        else:
            assert isinstance(answer, people.Card)
            self.states[user_id] = state

    @rule(chosen=ANY, end=st.sampled_from([people.delete, person_erasure.erase]))
    def end(self, chosen: int, end: Callable[..., object]) -> None:
        if (user_id := self.another(chosen)) is not None:
            self.write(end, self.owner_id, user_id, self.engine.now())
            self.states[user_id] = UserState.DELETED

    @invariant()
    def the_counter_is_the_models_and_right(self) -> None:
        assert self.read(stored.count_active) == self.active
        assert self.read(monitoring.miscounted_seats) is None

    def claimant(self) -> Claimant:
        self.claimants += 1
        return Claimant(telegram_id=self.claimants, first_name="Maris", last_name="", language="en")

    def another(self, chosen: int) -> int | None:
        """Choose an active or inactive user who isn't the owner."""
        existing = (UserState.ACTIVE, UserState.INACTIVE)
        found = [number for number, state in self.states.items() if state in existing and number != self.owner_id]
        return found[chosen % len(found)] if found else None


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)
def test_whatever_happens_the_counter_of_seats_is_right(new_office_url: Callable[[], str]) -> None:
    explore(SeatsMachine, new_office_url, examples=6, steps=25)


@pytest.fixture
async def crowd(office_url: str, clock: Clock) -> AsyncIterator[Crowd]:
    async with a_crowd(office_url, clock) as crowd:
        yield crowd


def sign_up(crowd: Crowd, token: str, number: int) -> Awaitable[SignedUp]:
    form = a_form(f"learner{number}@example.com")
    return crowd.write(sign_ups.redeem, token, form, crowd.office.engine.now())


def limit(crowd: Crowd, text: str) -> Awaitable[int | None]:
    return crowd.write(policies.limit_seats, crowd.owner_id, text, crowd.office.engine.now())


async def test_the_counter_is_right_while_limits_come_and_go_and_people_too(crowd: Crowd, clock: Clock) -> None:
    token = (await crowd.office.profile()).token
    changes = (people.activate, people.deactivate, people.delete)
    for first, *later in (("12", "9", "14"), ("16", "unlimited", "10")):
        early = [await a_user(crowd.engine, Role.LEARNER, active=bool(number % 2)) for number in range(9)]
        await limit(crowd, first)
        mixed: list[Awaitable[object]] = [limit(crowd, text) for text in later]
        for number, user_id in enumerate(early):
            change = changes[number % len(changes)]
            mixed += [sign_up(crowd, token, user_id), crowd.write(change, crowd.owner_id, user_id, clock())]
        answers = kinds(await at_once(mixed[1:] + mixed[:1]))
        assert answers["SignedUp"] == len(early)
        assert set(answers) <= {"SignedUp", "Card", "str", "int", "NoneType", "SeatsTaken"}
        assert await crowd.is_sound()
        await limit(crowd, "unlimited")


@ON_POSTGRESQL
async def test_a_first_limit_waits_for_who_is_signing_up_and_counts_them(crowd: Crowd, clock: Clock) -> None:
    token = (await crowd.office.profile()).token
    form = a_form("learner1@example.com")
    async with under_way(crowd.engine, lambda session: sign_ups.redeem(session, token, form, clock())):
        first = asyncio.ensure_future(limit(crowd, "2"))
        await until_somebody_waits(crowd.engine)
    assert await first == 2
    assert (await sign_up(crowd, token, 2)).state is UserState.INACTIVE
    assert await crowd.is_sound()


@ON_POSTGRESQL
async def test_who_signs_up_while_the_first_limit_is_set_takes_one_of_its_seats(crowd: Crowd, clock: Clock) -> None:
    token = (await crowd.office.profile()).token
    async with under_way(crowd.engine, lambda session: policies.limit_seats(session, crowd.owner_id, "2", clock())):
        both = [asyncio.ensure_future(sign_up(crowd, token, number)) for number in range(2)]
        await until_somebody_waits(crowd.engine)
    made = await asyncio.gather(*both)
    assert sorted(one.state for one in made) == [UserState.ACTIVE, UserState.INACTIVE]
    assert await crowd.is_sound()


@ON_POSTGRESQL
async def test_who_confirms_an_address_waits_for_a_first_limit_before_the_limit_could_wait_for_them(
    crowd: Crowd, clock: Clock
) -> None:
    """It holds the account, and then waits for the users' table: a deadlock if they hold that and want the account."""
    confirming = {"on": True, "can_mail": True}
    await crowd.write(policies.switch, crowd.owner_id, Switch.EMAIL_CONFIRMATION, clock(), **confirming)
    made = await sign_up(crowd, (await crowd.office.profile()).token, 1)
    code = (await mailed(crowd.engine, made.user_id, "learner1@example.com")).code
    async with under_way(crowd.engine, account.lock):  # as far as `limit_seats` is then
        confirmed = asyncio.ensure_future(crowd.write(confirmations.confirm, code, clock()))
        await until_somebody_waits(crowd.engine)
        await crowd.engine.read(lambda session: session.execute(text(f"{SHARE_LOCK} NOWAIT")))
    assert (await confirmed).session_token is not None
    assert await crowd.is_sound()
