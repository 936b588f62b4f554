"""The message that tells who waits grows as long as nobody is answered, for a day at most."""

import asyncio
from functools import partial

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from core.domain.access import Role
from core.domain.outbox import SENDING, Kind
from core.engine import Engine
from core.services import approval_notices, growing_notices, outbox, pending_sign_ups, request_notices
from core.services.growing_notices import LASTS, Start
from core.services.outbox import Message
from core.storage.tables import AccessRequest, Profile
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_request, a_user, demote
from tests.support.transactions import under_way, until_somebody_waits

HOLDER, MESSAGE = "a sender", 77


async def told(office: Office) -> int:
    """Let a person wait, and a message tell the owner; return the person's number."""
    engine = office.engine
    made = await office.sign_up((await office.profile()).token)
    for begun in await claimed(engine):
        assert await start(engine, begun) == Start(changes=None)
        await finish(engine, begun)
    return made.user_id


async def another(office: Office) -> Message:
    """Let another person wait; return the message that is to tell of them."""
    await office.sign_up((await office.profile()).token, "boris@example.com")
    [message] = await claimed(office.engine)
    return message


async def claimed(engine: Engine) -> list[Message]:
    return await engine.write(outbox.claim, HOLDER, engine.now())


async def start(engine: Engine, message: Message) -> Start | None:
    return await engine.write(growing_notices.start, message, HOLDER, engine.now())


async def finish(engine: Engine, message: Message) -> None:
    await engine.write(outbox.finish, message.message_id, HOLDER, engine.now(), grows_in=MESSAGE)


async def shown(engine: Engine) -> list[Message]:
    """Deliver what is to be sent, and return it."""
    found = await claimed(engine)
    for message in found:
        await start(engine, message)
        await finish(engine, message)
    return found


async def announced(engine: Engine) -> list[int]:
    """Announce who waits; return who is told."""
    for announce in (approval_notices.announce, request_notices.announce):
        await engine.write(announce, engine.now())
    return [message.user_id for message in await shown(engine)]


def set_creator(session: Session, profile_id: int, user_id: int) -> None:
    session.execute(update(Profile).where(Profile.id == profile_id).values(created_by=user_id))


async def asks(engine: Engine, token: str, name: str) -> None:
    """Let somebody ask for access of whom nobody was told yet."""
    number = await a_request(engine, token, name)
    await engine.write(set_new, number)


def set_new(session: Session, request_id: int) -> None:
    session.execute(update(AccessRequest).where(AccessRequest.id == request_id).values(announced=False))


async def tap(engine: Engine, owner_id: int, message: int = MESSAGE) -> bool:
    """Tap a button of a message; tell whether a notice may take the answer away."""
    return await engine.write(growing_notices.end_at, owner_id, message, engine.now())


async def growing(office: Office) -> int | None:
    return await office.engine.write(growing_notices.message_of, office.owner_id, office.engine.now())


async def test_it_grows_for_a_day(approving: Office, clock: Clock) -> None:
    assert await growing(approving) is None
    await told(approving)
    assert await growing(approving) == MESSAGE
    clock.advance(seconds=LASTS.total_seconds())
    assert await growing(approving) == MESSAGE
    clock.advance(seconds=1)
    assert await growing(approving) is None


@pytest.mark.parametrize("answer", ["approve", "decline", "look"])
async def test_it_ends_when_its_reader_answers_somebody(approving: Office, answer: str) -> None:
    engine, owner, waits = approving.engine, approving.owner_id, await told(approving)
    await a_request(engine, (await approving.profile()).token, "Zola")  # somebody is left
    if answer == "approve":
        await engine.write(pending_sign_ups.approve, owner, waits, engine.now())
    elif answer == "decline":
        await engine.write(pending_sign_ups.decline, owner, waits, "", engine.now())
    else:
        await engine.write(growing_notices.end, owner)
    assert await growing(approving) is None


async def test_it_ends_when_others_have_answered_all_of_whom_it_tells(approving: Office, clock: Clock) -> None:
    engine, waits = approving.engine, await told(approving)
    helper = await a_user(engine, Role.ADMINISTRATOR)
    clock.advance(minutes=1)
    await a_request(engine, (await approving.profile()).token, "Zola")
    assert await growing(approving) == MESSAGE
    await engine.write(pending_sign_ups.approve, helper, waits, engine.now())
    assert await growing(approving) is None


async def test_a_new_message_comes_no_sooner_because_another_could_grow_for_some_time(
    approving: Office, clock: Clock
) -> None:
    engine, card, waits = approving.engine, await approving.profile(), await told(approving)
    clock.advance(minutes=1)
    helper = await a_user(engine, Role.ADMINISTRATOR)
    await engine.write(pending_sign_ups.decline, helper, waits, "", engine.now())
    await approving.sign_up(card.token, "boris@example.com")
    assert await claimed(engine) == []
    clock.advance(minutes=9)
    await engine.write(approval_notices.announce, engine.now())
    assert [message.kind for message in await claimed(engine)] == [Kind.APPROVAL_WANTED]


async def to_both(office: Office, clock: Clock) -> tuple[str, int, int]:
    """Let messages grow that tell two people of a person who waits; one of them has tapped theirs.

    Return a link, and who hasn't tapped and who has.
    """
    engine, creator = office.engine, await a_user(office.engine, Role.ADMINISTRATOR)
    card = await office.profile()
    other = await a_user(engine, Role.ADMINISTRATOR, telegram_id=1002)
    await engine.write(lambda session: set_creator(session, card.profile_id, creator))  # who is not in the chat
    await office.sign_up(card.token)
    await shown(engine)
    clock.advance(minutes=2)
    await tap(engine, other)
    return card.token, office.owner_id, other


async def test_it_grows_within_a_minute_although_another_can_not_be_sent_a_new_message_yet(
    approving: Office, clock: Clock
) -> None:
    engine = approving.engine
    token, growing, waiting = await to_both(approving, clock)
    await approving.sign_up(token, "boris@example.com")
    assert [each.user_id for each in await shown(engine)] == [growing]
    clock.advance(minutes=2)
    assert await announced(engine) == [], "nothing is new"
    await approving.sign_up(token, "clara@example.com")
    assert [each.user_id for each in await shown(engine)] == [growing]
    clock.advance(minutes=6)
    assert sorted(await announced(engine)) == [growing, waiting]
    clock.advance(minutes=20)
    assert await announced(engine) == []


async def test_it_grows_by_requests_although_another_can_not_be_sent_a_new_message_yet(
    approving: Office, clock: Clock
) -> None:
    engine = approving.engine
    token, growing, waiting = await to_both(approving, clock)
    await asks(engine, token, "Zola")
    assert await announced(engine) == [growing, waiting]
    clock.advance(minutes=2)
    await tap(engine, waiting)
    await asks(engine, token, "Zelda")
    assert await announced(engine) == [growing]
    clock.advance(minutes=2)
    assert await announced(engine) == []
    clock.advance(minutes=6)
    assert await announced(engine) == [growing, waiting]
    assert await announced(engine) == []


async def test_it_ends_for_who_has_lost_the_right(approving: Office) -> None:
    await told(approving)
    await demote(approving.engine, approving.owner_id)
    assert await growing(approving) is None


async def test_a_tap_between_a_delivery_and_its_record_ends_it(approving: Office) -> None:
    engine = approving.engine
    await approving.sign_up((await approving.profile()).token)
    [sent] = await claimed(engine)
    await start(engine, sent)
    await engine.write(growing_notices.end, approving.owner_id)
    await finish(engine, sent)
    assert await growing(approving) is None


async def test_while_a_notice_changes_it_an_answer_comes_below(approving: Office, clock: Clock) -> None:
    engine, owner = approving.engine, approving.owner_id
    await told(approving)
    assert not await tap(engine, owner)  # it has ended, so the next notice is a new message
    clock.advance(minutes=10)
    second = await another(approving)
    assert await start(engine, second) == Start(changes=None)
    await finish(engine, second)
    clock.advance(minutes=10)
    await approving.sign_up((await approving.profile()).token, "clara@example.com")
    [third] = await claimed(engine)
    assert await start(engine, third) == Start(changes=MESSAGE)
    assert not await tap(engine, owner, MESSAGE + 1)
    assert await tap(engine, owner)
    await finish(engine, third)
    assert not await tap(engine, owner)
    assert await growing(approving) is None


async def test_an_answer_comes_below_as_long_as_a_lost_change_may_arrive(approving: Office, clock: Clock) -> None:
    engine, owner = approving.engine, approving.owner_id
    await told(approving)
    clock.advance(minutes=10)
    second = await another(approving)
    await start(engine, second)
    await engine.write(outbox.mark_unconfirmed, second.message_id, HOLDER, engine.now())
    assert await tap(engine, owner)
    clock.advance(seconds=SENDING.total_seconds() + 1)
    assert not await tap(engine, owner)


async def test_a_claim_that_was_taken_over_changes_nothing(approving: Office, clock: Clock) -> None:
    engine = approving.engine
    await told(approving)
    clock.advance(minutes=10)
    second = await another(approving)
    assert await engine.write(growing_notices.start, second, "another sender", engine.now()) is None
    assert not await tap(engine, approving.owner_id)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_an_answer_waits_for_a_notice_that_begins_at_the_same_time(approving: Office, clock: Clock) -> None:
    engine, owner = approving.engine, approving.owner_id
    await told(approving)
    clock.advance(minutes=10)
    second = await another(approving)
    async with under_way(engine, partial(growing_notices.start, message=second, holder=HOLDER, now=engine.now())):
        answering = asyncio.create_task(tap(engine, owner))
        await until_somebody_waits(engine)
    assert await answering
    await finish(engine, second)
    assert await growing(approving) is None
