"""People who wait for approval: so many at once, and managers hear of them in few messages."""

import asyncio

import pytest
from sqlalchemy.orm import Session

from core.domain.access import Role
from core.domain.links import FEWEST_WAITING, MOST_WAITING, most_waiting
from core.domain.outbox import Kind
from core.engine import Engine
from core.errors import Refusal, TooManyWaiting
from core.services import approval_notices, outbox, pending_sign_ups, profile_removal, sign_up_page
from core.services.redemption import SignedUp
from core.storage.tables import User
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_user
from tests.support.site import a_learner

LIMIT = 40
MOST = 30  # three quarters


async def asked(engine: Engine) -> list[int]:
    """Send what waits in the outbox; give whom the notices of wanted approvals are about."""
    messages = await engine.write(outbox.claim, "test", engine.now())
    for message in messages:
        await engine.write(outbox.start, message.message_id, "test", engine.now())
        await engine.write(outbox.finish, message.message_id, "test", engine.now())
    return [message.subject_id for message in messages if message.kind is Kind.APPROVAL_WANTED]


async def announced(engine: Engine) -> list[int]:
    """Let the schedule tick; give whom the notices are about."""
    if await engine.read(approval_notices.any_unannounced, engine.now()):
        await engine.write(approval_notices.announce, engine.now())
    return await asked(engine)


def set_telegram_id(session: Session, user_id: int, telegram_id: int | None) -> None:
    session.get_one(User, user_id).telegram_id = telegram_id


async def sign_up(office: Office, token: str, number: int) -> SignedUp | Refusal:
    try:
        return await office.sign_up(token, f"learner{number}@example.com")
    except Refusal as refused:
        return refused


async def test_many_who_sign_up_at_once_make_two_notices(approving: Office, clock: Clock) -> None:
    card, engine = await approving.profile(), approving.engine
    made = [(await approving.sign_up(card.token, f"learner{number}@example.com")).user_id for number in range(5)]
    assert await asked(engine) == made[:1]
    assert await announced(engine) == []
    clock.advance(minutes=10)
    assert await announced(engine) == made[-1:]
    clock.advance(minutes=10)
    assert await announced(engine) == []


async def test_whoever_comes_later_is_announced_at_once(approving: Office, clock: Clock) -> None:
    card, engine = await approving.profile(), approving.engine
    await approving.sign_up(card.token)
    await asked(engine)
    clock.advance(minutes=10)
    late = await approving.sign_up(card.token, "boris@example.com")
    assert await asked(engine) == [late.user_id]


async def test_whoever_was_answered_meanwhile_is_not_announced(approving: Office, clock: Clock) -> None:
    card, engine = await approving.profile(), approving.engine
    await approving.sign_up(card.token)
    second = await approving.sign_up(card.token, "boris@example.com")
    await asked(engine)
    await engine.write(pending_sign_ups.approve, approving.owner_id, second.user_id, clock())
    clock.advance(minutes=10)
    assert await announced(engine) == []


async def test_nobody_is_announced_while_a_removal_can_be_undone_but_after_the_undo(
    approving: Office, clock: Clock
) -> None:
    card, engine = await approving.profile(), approving.engine
    await approving.sign_up(card.token)
    await asked(engine)
    clock.advance(minutes=9, seconds=30)
    late = await approving.sign_up(card.token, "boris@example.com")
    await engine.write(profile_removal.remove, approving.owner_id, [card.profile_id], clock())
    clock.advance(seconds=40)
    assert await announced(engine) == []
    await engine.write(profile_removal.undo, approving.owner_id, [card.profile_id], clock())
    assert await announced(engine) == [late.user_id]


@pytest.mark.parametrize(
    ("limit", "most"),
    [(None, MOST_WAITING), (1, FEWEST_WAITING), (26, FEWEST_WAITING), (40, 30), (50, 37), (10_000, MOST_WAITING)],
)
def test_three_quarters_of_the_limit_may_wait_but_twenty_at_least(limit: int | None, most: int) -> None:
    assert most_waiting(limit) == most


async def test_of_many_at_once_exactly_as_many_wait_as_may(approving: Office, clock: Clock) -> None:
    card, engine = await approving.profile(limit=str(LIMIT)), approving.engine
    answers = await asyncio.gather(*(sign_up(approving, card.token, number) for number in range(MOST + 5)))
    assert sum(isinstance(answer, SignedUp) for answer in answers) == MOST
    refused = [answer for answer in answers if isinstance(answer, TooManyWaiting)]
    assert [answer.waiting for answer in refused] == [MOST] * 5
    another = card.token, a_learner("boris@example.com"), "another form", (), clock()
    with pytest.raises(TooManyWaiting):
        await engine.read(sign_up_page.examine, *another)
    first = next(answer for answer in answers if isinstance(answer, SignedUp))
    await engine.write(pending_sign_ups.approve, approving.owner_id, first.user_id, clock())
    assert (await engine.read(sign_up_page.examine, *another)).newcomer
    assert isinstance(await sign_up(approving, card.token, 99), SignedUp)


async def test_while_nobody_who_can_answer_is_in_the_chat_the_notice_waits_for_them(approving: Office) -> None:
    card, engine = await approving.profile(), approving.engine
    await engine.write(set_telegram_id, approving.owner_id, None)
    waiting = await approving.sign_up(card.token)
    assert await announced(engine) == []
    assert not await engine.read(approval_notices.any_unannounced, engine.now()), "nothing to do each second"
    await engine.write(set_telegram_id, approving.owner_id, 1001)
    assert await announced(engine) == [waiting.user_id]
    assert await announced(engine) == []


async def test_the_administrators_who_are_in_the_chat_are_asked_for_a_creator_who_is_not(approving: Office) -> None:
    engine = approving.engine
    card, colleague = await approving.profile(), await a_user(engine, Role.ADMINISTRATOR, telegram_id=1002)
    await engine.write(set_telegram_id, approving.owner_id, None)
    await approving.sign_up(card.token)
    messages = await engine.write(outbox.claim, "test", engine.now())
    assert [message.user_id for message in messages] == [colleague]
