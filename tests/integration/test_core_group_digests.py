"""Digests in groups: confirmed by their recipients, recorded, listed, and ended by them or by those above them."""

import asyncio

import pytest
from sqlalchemy import select

from core.domain.access import Role
from core.domain.cadence import Cadence, parse_cadence
from core.domain.outbox import Kind
from core.engine import Engine
from core.errors import DepartmentGone, NotSubscribed, PreviewOutdated, QuestionClosed
from core.services import (
    departments,
    digest_cards,
    digest_editing,
    digest_stops,
    digests,
    group_digests,
    outbox,
    people,
)
from core.services.audit_log import Action
from core.services.group_digests import Group
from core.storage.people import set_managed
from core.storage.tables import AuditLogEntry, DigestRun, OutboxMessage, Question
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.digests import queued, tick, waiting
from tests.support.outbox_messages import claim, start
from tests.support.rows import a_user, demote, department_id

CREW = Group(chat_id=-5, thread_id=None, title="Crew\u202e\n<b>")
OTHERS = Group(chat_id=-6, thread_id=None, title="Others")
SUPERGROUP = -1005
DAILY = parse_cadence("daily 18:00")


async def asked(engine: Engine, user_id: int, group: Group = CREW) -> int:
    """Ask for a digest in a group, and return the number of the question."""
    assert await engine.write(group_digests.order, user_id, group, DAILY, engine.now()) is None
    return await engine.read(lambda session: max(session.scalars(select(Question.id))))


async def connected(engine: Engine, user_id: int, group: Group = CREW) -> None:
    await engine.write(group_digests.confirm, user_id, await asked(engine, user_id, group), engine.now())


async def recorded(engine: Engine) -> list[str]:
    ours = (Action.GROUP_CONNECTED, Action.GROUP_DISCONNECTED, Action.DIGEST_SENT_TO_GROUP)
    query = select(AuditLogEntry.action).where(AuditLogEntry.action.in_(ours)).order_by(AuditLogEntry.id)
    return await engine.read(lambda session: list(session.scalars(query)))


async def waiting_for(engine: Engine, chat_id: int) -> list[str]:
    query = select(OutboxMessage.kind).where(OutboxMessage.chat_id == chat_id, OutboxMessage.state == "waiting")
    return await engine.read(lambda session: list(session.scalars(query)))


@pytest.fixture
async def manager(office: Office, engine: Engine) -> int:
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    return await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales", telegram_id=1002, name="Max")


async def test_nothing_goes_to_a_group_before_its_recipient_confirms(engine: Engine, manager: int) -> None:
    await asked(engine, manager)
    assert (await engine.read(digests.subscription, manager)).next_due is None
    assert await waiting_for(engine, -5) == []
    assert await recorded(engine) == []


async def test_a_confirmed_group_is_scheduled_recorded_and_told(engine: Engine, manager: int) -> None:
    await connected(engine, manager)
    mine = await engine.read(digests.subscription, manager)
    assert (mine.cadence, mine.chat_id, mine.group_title) == (DAILY, -5, "Crew <b>")
    assert await waiting_for(engine, -5) == [Kind.GROUP_CONNECTED]
    assert await recorded(engine) == [Action.GROUP_CONNECTED]


async def test_what_a_group_orders_of_a_department_that_is_lost_is_refused(engine: Engine, manager: int) -> None:
    sales, support = [await engine.read(department_id, name) for name in ("Sales", "Support")]
    await engine.write(set_managed, manager, [sales, support])
    await connected(engine, manager)
    [main] = (await engine.read(digest_cards.listing, manager)).cards
    await engine.write(digest_editing.choose_department, manager, main.named.digest_id, support)
    question = await asked(engine, manager, OTHERS)
    await engine.write(set_managed, manager, [sales])
    for promising in (
        engine.write(group_digests.order, manager, CREW, None, engine.now()),
        engine.write(group_digests.order, manager, CREW, DAILY, engine.now()),
        engine.write(group_digests.confirm, manager, question, engine.now()),
    ):
        with pytest.raises(DepartmentGone):
            await promising


async def test_a_copy_for_oneself_leaves_the_group_its_period(engine: Engine, office: Office, manager: int) -> None:
    await connected(engine, manager)
    await office.sign_up((await office.profile()).token, "anna@example.com")
    for _ in range(2):  # each of them covers all that the group hasn't read
        await engine.write(digests.request, manager, 1002, engine.now())
    assert await engine.write(group_digests.order, manager, CREW, None, engine.now())
    await engine.write(digests.request, manager, 1002, engine.now())
    covered = select(DigestRun.covers_after, DigestRun.covers_through).order_by(DigestRun.id)
    runs = await engine.read(lambda session: [tuple(row) for row in session.execute(covered)])
    assert runs == [(0, 1), (0, 1), (0, 1), (1, 1)]


async def test_only_the_one_who_was_asked_can_confirm(engine: Engine, office: Office, manager: int) -> None:
    question = await asked(engine, manager)
    with pytest.raises(QuestionClosed):
        await engine.write(group_digests.confirm, office.owner_id, question, engine.now())
    with pytest.raises(QuestionClosed):
        await engine.read(group_digests.wanted, office.owner_id, question, engine.now())


async def test_a_question_is_open_for_a_day(engine: Engine, manager: int, clock: Clock) -> None:
    question = await asked(engine, manager)
    clock.advance(days=1)
    with pytest.raises(QuestionClosed):
        await engine.write(group_digests.confirm, manager, question, engine.now())


async def test_of_many_taps_at_once_one_connects_the_group(engine: Engine, manager: int) -> None:
    question = await asked(engine, manager)
    taps = [engine.write(group_digests.confirm, manager, question, engine.now()) for _ in range(6)]
    outcomes = await asyncio.gather(*taps, return_exceptions=True)
    assert sum(not isinstance(outcome, BaseException) for outcome in outcomes) == 1
    assert all(isinstance(outcome, QuestionClosed | group_digests.Wanted) for outcome in outcomes)
    assert await recorded(engine) == [Action.GROUP_CONNECTED]


@pytest.mark.parametrize("cadence", [DAILY, None], ids=["schedule", "one digest"])
async def test_a_group_that_became_a_supergroup_gets_what_was_asked_for_before(
    engine: Engine, manager: int, cadence: Cadence | None
) -> None:
    other = Group(chat_id=-6, thread_id=None, title="Others")
    await engine.write(group_digests.order, manager, CREW, cadence, engine.now())
    await engine.write(group_digests.order, manager, other, cadence, engine.now())
    first, second = await engine.read(lambda session: sorted(session.scalars(select(Question.id))))
    await engine.write(outbox.chat_moved, CREW.chat_id, SUPERGROUP)
    await engine.write(group_digests.confirm, manager, first, engine.now())
    assert len(await waiting_for(engine, SUPERGROUP)) == 1
    await engine.write(group_digests.confirm, manager, second, engine.now())
    assert len(await waiting_for(engine, other.chat_id)) == 1
    assert await waiting_for(engine, CREW.chat_id) == []


@pytest.mark.deep
async def test_a_group_that_moves_during_the_confirmation_is_followed(engine: Engine, manager: int) -> None:
    for round_ in range(10):
        old, new = -100 - round_, -1000 - round_
        question = await asked(engine, manager, Group(chat_id=old, thread_id=None, title="Crew"))
        moving = engine.write(outbox.chat_moved, old, new)
        confirming = engine.write(group_digests.confirm, manager, question, engine.now())
        await asyncio.gather(*((moving, confirming) if round_ % 2 else (confirming, moving)))
        assert (await engine.read(digests.subscription, manager)).chat_id == new


async def test_another_group_and_the_private_chat_end_the_earlier_connection(engine: Engine, manager: int) -> None:
    await connected(engine, manager)
    await connected(engine, manager, Group(chat_id=-6, thread_id=3, title="Others"))
    assert await waiting_for(engine, -5) == []
    await engine.write(digests.subscribe, manager, DAILY, 1002, engine.now())
    ended = [Action.GROUP_CONNECTED, Action.GROUP_DISCONNECTED]
    assert await recorded(engine) == ended * 2
    assert await engine.read(group_digests.connections, manager) == ()
    mine = await engine.read(digests.subscription, manager)
    assert (mine.chat_id, mine.group_title) == (1002, None)


async def test_one_digest_for_a_group_connects_nothing(engine: Engine, manager: int) -> None:
    await engine.write(group_digests.order, manager, CREW, None, engine.now())
    [question] = await engine.read(lambda session: list(session.scalars(select(Question.id))))
    await engine.write(group_digests.confirm, manager, question, engine.now())
    assert await waiting_for(engine, -5) == [Kind.DIGEST]
    assert await recorded(engine) == [Action.DIGEST_SENT_TO_GROUP]
    assert await engine.read(group_digests.connections, manager) == ()
    assert await asked(engine, manager), "the next one is asked about again"


async def test_who_manages_the_account_sees_all_groups_and_ends_any(
    engine: Engine, office: Office, manager: int, clock: Clock
) -> None:
    await connected(engine, manager)
    clock.advance(hours=6)
    assert await engine.write(digests.queue_due, engine.now()) == 1
    [listed] = await engine.read(group_digests.connections, office.owner_id)
    assert (listed.title, listed.person.split()[0]) == ("Crew <b>", "Max")
    await engine.write(group_digests.revoke, office.owner_id, listed.digest_id, engine.now())
    assert await waiting_for(engine, -5) == [], "what was queued for the group is not sent any more"
    assert Kind.GROUP_REVOKED in await waiting_for(engine, 1002)
    assert await recorded(engine) == [Action.GROUP_CONNECTED, Action.GROUP_DISCONNECTED]
    assert (await engine.read(digests.subscription, manager)).next_due is None


async def test_what_is_scheduled_or_sent_after_the_end_of_a_connection_is_private(
    engine: Engine, office: Office, manager: int, clock: Clock
) -> None:
    await connected(engine, manager, Group(chat_id=-5, thread_id=3, title="Crew"))
    [listed] = await engine.read(group_digests.connections, office.owner_id)
    await engine.write(group_digests.revoke, office.owner_id, listed.digest_id, engine.now())
    await scheduled_and_sent_in_private(engine, manager, clock)


async def test_what_is_scheduled_or_sent_after_one_digest_for_a_group_is_private(
    engine: Engine, manager: int, clock: Clock
) -> None:
    await engine.write(group_digests.order, manager, CREW, None, engine.now())
    [question] = await engine.read(lambda session: list(session.scalars(select(Question.id))))
    await engine.write(group_digests.confirm, manager, question, engine.now())
    await waiting(engine)
    await scheduled_and_sent_in_private(engine, manager, clock)


async def scheduled_and_sent_in_private(engine: Engine, manager: int, clock: Clock) -> None:
    """Schedule the only digest, send it now and when it is due, and see both in the private chat."""
    [card] = (await engine.read(digest_cards.listing, manager)).cards
    changing = manager, card.named.digest_id
    await engine.write(digest_editing.reschedule, *changing, DAILY, engine.now())
    await engine.write(digest_editing.send, *changing, engine.now())
    clock.advance(days=1)
    await tick(engine)
    assert [(message.chat_id, message.thread_id) for message in await queued(engine)] == [(1002, None)] * 2


async def test_a_yes_to_a_spreadsheet_in_one_group_is_none_to_another(
    engine: Engine, manager: int, clock: Clock
) -> None:
    await connected(engine, manager)
    [asked] = (await engine.read(digest_cards.listing, manager)).cards
    answering = manager, asked.named.digest_id
    clock.advance(minutes=1)
    await connected(engine, manager, Group(chat_id=-6, thread_id=None, title="Others"))
    for seen in (asked.connected, 0):
        with pytest.raises(PreviewOutdated):
            await engine.write(digest_editing.send_spreadsheet, *answering, on=True, seen=seen)
    card = await engine.read(digest_cards.card, *answering)
    assert not card.spreadsheet
    assert (await engine.write(digest_editing.send_spreadsheet, *answering, on=True, seen=card.connected)).spreadsheet


async def test_a_message_that_is_claimed_already_does_not_reach_a_group_that_is_disconnected(
    engine: Engine, manager: int
) -> None:
    await connected(engine, manager)
    [claimed] = [message for message in await claim(engine) if message.chat_id == CREW.chat_id]
    [listed] = await engine.read(group_digests.connections, manager)
    await engine.write(group_digests.revoke, manager, listed.digest_id, engine.now())
    assert not await start(engine, claimed)


async def test_others_see_and_end_their_own_only(engine: Engine, manager: int) -> None:
    other = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Support", telegram_id=1003, name="Nina")
    await connected(engine, manager)
    [listed] = await engine.read(group_digests.connections, manager)
    assert await engine.read(group_digests.connections, other) == ()
    with pytest.raises(NotSubscribed):
        await engine.write(group_digests.revoke, other, listed.digest_id, engine.now())
    await engine.write(group_digests.revoke, manager, listed.digest_id, engine.now())
    assert Kind.GROUP_REVOKED not in await waiting_for(engine, 1002)
    with pytest.raises(NotSubscribed):
        await engine.write(group_digests.revoke, manager, listed.digest_id, engine.now())


async def test_who_lost_the_right_confirms_nothing_and_their_group_is_disconnected(
    engine: Engine, office: Office, manager: int
) -> None:
    await connected(engine, manager)
    await demote(engine, manager)
    await engine.write(digest_stops.stop_all, manager, Kind.DIGEST_RIGHT_LOST, engine.now())
    assert await recorded(engine) == [Action.GROUP_CONNECTED, Action.GROUP_DISCONNECTED]
    assert await engine.read(group_digests.connections, office.owner_id) == ()


async def test_a_group_without_the_bot_and_a_deleted_person_are_disconnected(
    engine: Engine, office: Office, manager: int
) -> None:
    await connected(engine, manager)
    await engine.write(outbox.chat_lost, -5, engine.now())
    assert await asked(engine, manager), "the bot is back, and must be confirmed again"
    await connected(engine, manager)
    await engine.write(people.delete, office.owner_id, manager, engine.now())
    assert await recorded(engine) == [Action.GROUP_CONNECTED, Action.GROUP_DISCONNECTED] * 2


async def test_what_a_group_was_still_to_get_ends_at_the_moment_at_which_it_is_disconnected(
    engine: Engine, manager: int, clock: Clock
) -> None:
    await connected(engine, manager)
    [connection] = await engine.read(group_digests.connections, manager)
    await engine.write(group_digests.revoke, manager, connection.digest_id, at := clock.advance(hours=1))
    query = select(OutboxMessage.state, OutboxMessage.ended_at).where(OutboxMessage.chat_id == -5)
    assert await engine.read(lambda session: list(session.execute(query).all())) == [("failed", at)]


async def test_a_digest_that_was_chosen_moves_to_a_group_beside_the_one_that_goes_there(
    engine: Engine, manager: int
) -> None:
    await connected(engine, manager)
    home = await engine.read(digest_cards.listing, manager)
    added = await engine.write(digest_editing.add, manager, None, manager, engine.now(), newest=home.newest)
    number = added.named.digest_id
    assert await engine.write(group_digests.order_move, manager, CREW, number, engine.now())
    question = await engine.read(lambda session: max(session.scalars(select(Question.id))))
    wanted = await engine.read(group_digests.wanted, manager, question, engine.now())
    assert wanted.named
    assert (wanted.named.digest_id, wanted.cadence, wanted.others) == (number, digest_editing.USUAL, ())
    await engine.write(group_digests.confirm, manager, question, engine.now())
    found = await engine.read(group_digests.connections, manager)
    assert len(found) == 2
    assert not await engine.write(group_digests.order_move, manager, CREW, number, engine.now())


async def test_a_question_about_a_digest_that_is_deleted_is_closed(engine: Engine, manager: int) -> None:
    await connected(engine, manager)
    newest = (await engine.read(digest_cards.listing, manager)).newest
    added = await engine.write(digest_editing.add, manager, None, manager, engine.now(), newest=newest)
    assert await engine.write(group_digests.order_move, manager, OTHERS, added.named.digest_id, engine.now())
    question = await engine.read(lambda session: max(session.scalars(select(Question.id))))
    await engine.write(digest_editing.remove, manager, added.named.digest_id, engine.now())
    with pytest.raises(QuestionClosed):
        await engine.read(group_digests.wanted, manager, question, engine.now())
