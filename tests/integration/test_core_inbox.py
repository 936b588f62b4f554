"""Updates that came in: kept once, handled once, in order within a chat, whoever dies meanwhile."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from core.domain.access import Role
from core.domain.inbox import Standing
from core.domain.outbox import Kind
from core.domain.updates import read_update
from core.engine import Engine
from core.errors import ClaimLost, DepartmentExists, NotAllowed, NotAnUpdate
from core.services import departments, inbox, interruptions, outbox, unconfirmed
from core.services.inbox import LEASE, Capacity, Claim
from core.services.interruptions import MOST_TRIES, Interruption
from core.services.strangers import OwnerClaim
from core.storage import inbox as stored
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_user

OWNER, STRANGER = 1001, 1003
NO_OWNER = OwnerClaim(secret_key="", telegram_id=None)


def an_update(number: int, chat: int = OWNER, text: str = "/departments") -> dict[str, Any]:
    return {"update_id": number, "message": {"chat": {"id": chat}, "from": {"id": chat}, "text": text}}


async def keep(engine: Engine, *updates: dict[str, Any]) -> None:
    def add(session: Session) -> None:
        stored.add(session, [(read_update(update), Standing.KNOWN) for update in updates], engine.now())

    await engine.write(add)


def capacity(holder: str = "one", at_most: int = 50) -> Capacity:
    return Capacity(holder=holder, at_most=at_most, strangers_at_most=at_most)


async def claim(engine: Engine, holder: str = "one", at_most: int = 50) -> list[Claim]:
    return await engine.write(inbox.claim, capacity(holder, at_most), engine.now())


async def the_claim(engine: Engine, holder: str = "one") -> Claim:
    [claimed] = await claim(engine, holder)
    return claimed


async def add_department(office: Office, claimed: Claim, path: str) -> None:
    now = office.engine.now()
    await office.engine.write(
        inbox.carry_out, claimed, lambda session: departments.add(session, office.owner_id, path, now)
    )


async def finish(engine: Engine, claimed: Claim) -> None:
    await engine.write(inbox.begin_answer, claimed)
    await engine.write(inbox.finish, [claimed])


async def paths(office: Office) -> list[str]:
    return [" / ".join(branch.path) for branch in await office.engine.read(departments.tree, office.owner_id)]


async def notices(engine: Engine) -> list[tuple[Kind, int, int]]:
    claimed = await engine.write(outbox.claim, "test", engine.now())
    return [(message.kind, message.chat_id, message.subject_id) for message in claimed]


@pytest.mark.parametrize(
    ("body", "line", "sender"),
    [
        (an_update(7), OWNER, OWNER),
        ({"update_id": 7, "message": {"chat": {"id": -5}, "from": {"id": OWNER}}}, -5, OWNER),
        ({"update_id": 7, "callback_query": {"from": {"id": 2}, "message": {"chat": {"id": -5}}}}, -5, 2),
        ({"update_id": 7, "callback_query": {"from": {"id": 2}, "inline_message_id": "x"}}, 2, 2),
        ({"update_id": 7, "inline_query": {"from": {"id": 2}, "query": "x"}}, 2, 2),
        ({"update_id": 7, "poll": {"id": "x"}}, 0, None),
        ({"update_id": 7, "message": "nonsense"}, 0, None),
        ({"update_id": 7, "message": {"chat": {"id": "nonsense"}, "from": None}}, 0, None),
    ],
)
def test_an_update_stands_in_the_line_of_its_chat_else_of_its_sender(
    body: dict[str, Any], line: int, sender: int | None
) -> None:
    received = read_update(body)
    assert (received.update_id, received.line, received.sender_id) == (7, line, sender)


@pytest.mark.parametrize("body", [None, [], "x", {}, {"update_id": "7"}, {"update_id": True}, {"update_id": 2**63}])
def test_what_has_no_number_is_no_update(body: object) -> None:
    with pytest.raises(NotAnUpdate):
        read_update(body)


async def test_a_repeated_update_is_kept_and_handled_once(engine: Engine) -> None:
    await keep(engine, an_update(1), an_update(1))
    await finish(engine, await the_claim(engine))
    await keep(engine, an_update(1))
    assert await claim(engine) == []
    assert await engine.read(inbox.counts) == {"done": 1}


async def test_an_updates_body_is_forgotten_once_it_is_dealt_with(engine: Engine) -> None:
    await keep(engine, an_update(1, text="/check https://example.org/s/secret"))
    claimed = await the_claim(engine)
    assert claimed.body["message"]["text"] == "/check https://example.org/s/secret"
    await finish(engine, claimed)

    def bodies(session: Session) -> object:
        found = stored.find(session, 1)
        return found and found.body

    assert await engine.read(bodies) == {}


async def test_chats_are_handled_side_by_side_and_each_in_order(engine: Engine) -> None:
    await keep(engine, an_update(3), an_update(1), an_update(2, STRANGER))
    first = await claim(engine)
    assert [each.update_id for each in first] == [1, 2]
    assert await claim(engine, "two") == []
    await finish(engine, first[0])
    assert [each.update_id for each in await claim(engine, "two")] == [3]


async def test_the_next_of_a_chat_goes_past_one_whose_answer_waits_in_the_same_process(engine: Engine) -> None:
    await keep(engine, *(an_update(number) for number in (1, 2, 3)))
    [first] = await claim(engine)
    await engine.write(inbox.begin_answer, first)
    going_past = replace(capacity(), passing=[1])
    [second] = await engine.write(inbox.claim, going_past, engine.now())
    assert second.update_id == 2
    assert await engine.write(inbox.claim, going_past, engine.now()) == []
    assert await claim(engine, "two") == []


async def test_no_more_is_claimed_than_there_are_hands(engine: Engine) -> None:
    await keep(engine, *(an_update(number, chat=number) for number in range(1, 8)))
    assert [each.update_id for each in await claim(engine, at_most=3)] == [1, 2, 3]


async def test_an_update_is_claimed_by_one_process(engine: Engine, database_url: str, clock: Clock) -> None:
    await keep(engine, *(an_update(number, chat=1 + number % 30) for number in range(1, 91)))
    other = Engine(database_url, clock=clock)
    rounds = await asyncio.gather(*(claim(each, name) for each, name in ((engine, "one"), (other, "two")) * 3))
    await other.close()
    claimed = [each.update_id for one in rounds for each in one]
    assert sorted(claimed) == list(range(1, 31))


async def test_what_an_update_does_and_its_mark_are_one_transaction(engine: Engine, office: Office) -> None:
    await keep(engine, an_update(1))
    claimed = await the_claim(engine)
    with pytest.raises(DepartmentExists):
        await add_department(office, claimed, "Sales / EMEA")
    await add_department(office, claimed, "Support")
    assert "Support" in await paths(office)


async def test_who_has_lost_an_update_does_nothing_by_it(engine: Engine, office: Office, clock: Clock) -> None:
    await keep(engine, an_update(1))
    slow = await the_claim(engine)
    clock.at += LEASE
    quick = await the_claim(engine, "two")
    with pytest.raises(ClaimLost):
        await add_department(office, slow, "Support")
    with pytest.raises(ClaimLost):
        await engine.write(inbox.begin_answer, slow)
    assert "Support" not in await paths(office)
    await add_department(office, quick, "Support")


async def test_an_update_in_hand_is_nobody_elses_while_it_is_held_on_to(engine: Engine, clock: Clock) -> None:
    await keep(engine, an_update(1))
    await the_claim(engine)
    clock.advance(seconds=10)
    await engine.write(inbox.renew, "one", [1], clock())
    clock.advance(seconds=10)
    assert not await engine.read(inbox.anything_to_do, clock())
    assert await claim(engine, "two") == []


async def test_an_update_whose_holder_died_before_its_effect_is_handled_anew(engine: Engine, clock: Clock) -> None:
    await keep(engine, an_update(1), an_update(2))
    await the_claim(engine)
    clock.at += LEASE
    assert await engine.read(inbox.anything_to_do, clock())
    assert (await the_claim(engine, "two")).update_id == 1


async def test_an_update_that_ends_its_process_each_time_is_given_up(engine: Engine, clock: Clock) -> None:
    await keep(engine, an_update(1), an_update(2))
    for _ in range(MOST_TRIES):
        assert (await the_claim(engine)).update_id == 1
        clock.at += LEASE
    assert (await the_claim(engine)).update_id == 2
    assert await engine.read(inbox.counts) == {"given up": 1, "claimed": 1}


async def test_who_had_the_effect_but_no_answer_is_told_so_and_nothing_is_done_twice(
    engine: Engine, office: Office, clock: Clock
) -> None:
    await keep(engine, an_update(1, text="/adddepartment Support"))
    await add_department(office, await the_claim(engine), "Support")
    clock.at += LEASE
    assert await claim(engine, "two") == []
    assert await notices(engine) == [(Kind.INTERRUPTED, OWNER, 1)]
    told = await engine.read(interruptions.find, office.owner_id, 1)
    assert told == Interruption(text="/adddepartment Support", effected=True)


async def test_an_answer_that_may_have_arrived_is_not_sent_again_but_owned_up_to(
    engine: Engine, office: Office, clock: Clock
) -> None:
    await keep(engine, an_update(1))
    await engine.write(inbox.begin_answer, await the_claim(engine))
    clock.at += LEASE
    assert await claim(engine, "two") == []
    assert await notices(engine) == [(Kind.INTERRUPTED, OWNER, 1)]
    [lost] = (await engine.read(unconfirmed.listing, office.owner_id, clock())).newest
    assert (lost.recipient, lost.line, lost.carried_out) == ("Olivia Owner", "/departments", False)


@pytest.mark.usefixtures("office")
async def test_an_unconfirmed_answer_lets_the_next_update_of_the_chat_go_on(engine: Engine) -> None:
    await keep(engine, an_update(1), an_update(2))
    first = await the_claim(engine)
    await engine.write(inbox.begin_answer, first)
    await engine.write(inbox.mark_unconfirmed, first, engine.now())
    assert await notices(engine) == [(Kind.INTERRUPTED, OWNER, 1)]
    assert (await the_claim(engine)).update_id == 2


@pytest.mark.usefixtures("office")
async def test_a_stranger_is_told_nothing_of_an_interruption(engine: Engine, clock: Clock) -> None:
    await keep(engine, an_update(1, STRANGER))
    await engine.write(inbox.begin_answer, await the_claim(engine))
    clock.at += LEASE
    await claim(engine)
    assert await notices(engine) == []


@pytest.mark.usefixtures("office")
async def test_only_the_sender_and_who_reads_the_whole_record_learn_of_an_interruption(
    engine: Engine, clock: Clock
) -> None:
    administrator = await a_user(engine, Role.ADMINISTRATOR, telegram_id=1002)
    manager = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales")
    await keep(engine, an_update(1))
    await engine.write(inbox.begin_answer, await the_claim(engine))
    clock.at += LEASE
    await claim(engine)
    assert await engine.read(interruptions.find, administrator, 1) is None
    assert len((await engine.read(unconfirmed.listing, administrator, clock())).newest) == 1
    with pytest.raises(NotAllowed):
        await engine.read(unconfirmed.listing, manager, clock())


async def test_what_was_finished_days_ago_is_forgotten(engine: Engine, clock: Clock) -> None:
    await keep(engine, an_update(1), an_update(2))
    await finish(engine, await the_claim(engine))
    clock.advance(days=4)
    await engine.write(inbox.sweep, clock())
    assert await engine.read(inbox.counts) == {"waiting": 1}


def a_tap(number: int, data: str = "drop!:1", message: int = 7) -> dict[str, Any]:
    shown = {"chat": {"id": OWNER}, "message_id": message}
    return {"update_id": number, "callback_query": {"from": {"id": OWNER}, "message": shown, "data": data}}


async def test_a_second_tap_is_known_by_the_effect_of_the_first_even_after_its_body_is_forgotten(
    engine: Engine, office: Office, clock: Clock
) -> None:
    await keep(engine, a_tap(1), a_tap(2), a_tap(3, data="drop!:2"), a_tap(4, message=8))
    first = await the_claim(engine)
    assert not await engine.read(inbox.is_done_already, first, engine.now())
    await add_department(office, first, "Support")
    await finish(engine, first)
    known = []
    for _ in range(3):
        claimed = await the_claim(engine)
        known.append(await engine.read(inbox.is_done_already, claimed, engine.now()))
        await finish(engine, claimed)
    assert known == [True, False, False]
    clock.advance(seconds=61)
    await keep(engine, a_tap(5))
    assert not await engine.read(inbox.is_done_already, await the_claim(engine), engine.now())


async def test_a_second_tap_of_a_button_without_effect_is_no_double_tap(engine: Engine) -> None:
    await keep(engine, a_tap(1), a_tap(2))
    await finish(engine, await the_claim(engine))
    assert not await engine.read(inbox.is_done_already, await the_claim(engine), engine.now())


async def test_a_second_line_is_no_double_tap(engine: Engine, office: Office) -> None:
    await keep(engine, an_update(1), an_update(2))
    first = await the_claim(engine)
    await add_department(office, first, "Support")
    await finish(engine, first)
    assert not await engine.read(inbox.is_done_already, await the_claim(engine), engine.now())


async def test_an_update_claimed_before_the_clock_was_set_back_is_taken_over_by_others_only(
    engine: Engine, clock: Clock
) -> None:
    await keep(engine, an_update(1))
    first = await the_claim(engine)
    clock.advance(hours=-1)
    assert await engine.read(inbox.anything_to_do, engine.now())
    assert await claim(engine) == []  # its own holder knows that it is at work
    assert [taken.update_id for taken in await claim(engine, "two")] == [1]
    with pytest.raises(ClaimLost):
        await engine.write(inbox.begin_answer, first)


async def receive(engine: Engine, *updates: dict[str, Any], **more: Any) -> list[Claim]:  # noqa: ANN401 - of a capacity
    received = [read_update(update) for update in updates]
    asked = received, NO_OWNER, replace(capacity(), **more), engine.now()
    left_out, claims = await engine.write(inbox.record_and_claim, *asked)
    assert left_out == 0
    return claims


async def test_what_is_received_is_stored_and_claimed_with_its_sender(engine: Engine, office: Office) -> None:
    [claimed] = await receive(engine, an_update(1))
    assert (claimed.update_id, claimed.turn, claimed.standing) == (1, 1, Standing.KNOWN)
    assert claimed.sender is not None
    assert claimed.sender.user_id == office.owner_id
    [of_stranger] = await receive(engine, an_update(2, STRANGER))
    assert (of_stranger.standing, of_stranger.sender) == (Standing.STRANGER, None)


@pytest.mark.usefixtures("office")
async def test_what_is_received_waits_for_a_chat_that_is_busy_and_for_a_free_hand(engine: Engine) -> None:
    await receive(engine, an_update(1))
    assert await receive(engine, an_update(2)) == []
    assert await receive(engine, an_update(3, STRANGER), at_most=0) == []
    assert await receive(engine, an_update(4, STRANGER + 1), strangers_at_most=0) == []
    assert await engine.read(inbox.counts) == {"claimed": 1, "waiting": 3}


@pytest.mark.usefixtures("office")
async def test_what_was_answered_is_marked_in_the_transaction_that_takes_the_chats_next_update(engine: Engine) -> None:
    first = await receive(engine, an_update(1))
    [second] = await receive(engine, an_update(2), answered=first)
    assert second.update_id == 2
    assert await engine.read(inbox.counts) == {"done": 1, "claimed": 1}
    assert await engine.write(inbox.claim, replace(capacity(), answered=[second]), engine.now()) == []
    assert await engine.read(inbox.counts) == {"done": 2}


async def test_what_another_process_has_taken_over_is_not_marked_by_who_answered_it(
    engine: Engine, clock: Clock
) -> None:
    await keep(engine, an_update(1))
    slow = await the_claim(engine)
    clock.at += LEASE
    await the_claim(engine, "two")
    await engine.write(inbox.finish, [slow])
    assert await engine.read(inbox.counts) == {"claimed": 1}
