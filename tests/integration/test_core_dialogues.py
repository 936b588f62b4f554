"""The row of a form: of the taps of one turn exactly one counts, whichever process takes it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.engine import Engine
from core.errors import OtherTurn
from core.services import dialogues, profile_drafts, profiles
from core.services.dialogues import KEPT, Dialogue, Step
from core.storage.tables import Profile
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.concurrent_engines import Crowd, a_crowd, at_once

CHAT = 1001


@pytest.fixture
async def crowd(office_url: str, clock: Clock) -> AsyncIterator[Crowd]:
    async with a_crowd(office_url, clock) as crowd:
        yield crowd


async def begin(engine: Engine, user_id: int) -> Dialogue:
    answers = (await engine.read(profile_drafts.begin, user_id, engine.now())).answers
    answers["department"] = await engine.read(_sales)
    return await engine.write(dialogues.begin, user_id, CHAT, "profile", Step(answers=answers), engine.now())


async def move(engine: Engine, user_id: int, turn: int, **answers: object) -> Dialogue:
    step, now = Step(answers=answers), engine.now()
    return await engine.write(dialogues.move, user_id, CHAT, turn, step, now, message_id=None)


def _sales(session: Session) -> int:
    return profile_drafts.read_line(session, 1, ("", "Sales / EMEA"), Clock().at).answers["department"]  # type: ignore[no-any-return]


def made(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(Profile)).one()


async def test_a_form_begins_at_a_turn_that_none_of_its_earlier_buttons_carries(office: Office) -> None:
    first = await begin(office.engine, office.owner_id)
    moved = await move(office.engine, office.owner_id, first.turn, name="Autumn")
    second = await begin(office.engine, office.owner_id)
    assert first.turn < moved.turn < second.turn
    assert first.draft_id == moved.draft_id != second.draft_id
    with pytest.raises(OtherTurn):
        await move(office.engine, office.owner_id, moved.turn, name="Winter")


async def test_a_step_of_another_turn_changes_nothing(office: Office) -> None:
    first = await begin(office.engine, office.owner_id)
    await move(office.engine, office.owner_id, first.turn, name="Autumn")
    before = await office.engine.read(dialogues.current, office.owner_id, CHAT, office.engine.now())
    for turn in (first.turn, first.turn + 2, 0):
        with pytest.raises(OtherTurn):
            await move(office.engine, office.owner_id, turn, name="Winter")
    assert await office.engine.read(dialogues.current, office.owner_id, CHAT, office.engine.now()) == before


async def test_forms_of_others_and_of_other_chats_are_their_own(office: Office) -> None:
    await begin(office.engine, office.owner_id)
    assert await office.engine.read(dialogues.current, office.owner_id, CHAT + 1, office.engine.now()) is None
    assert await office.engine.read(dialogues.current, office.owner_id + 1, CHAT, office.engine.now()) is None


async def test_a_form_is_emptied_after_a_week_and_its_turns_go_on(office: Office, clock: Clock) -> None:
    first = await begin(office.engine, office.owner_id)
    clock.advance(days=KEPT.days)
    assert await office.engine.read(dialogues.current, office.owner_id, CHAT, office.engine.now()) is None
    await office.engine.write(dialogues.sweep, office.engine.now() + timedelta(seconds=1))
    assert (await begin(office.engine, office.owner_id)).turn > first.turn


async def test_what_is_made_on_the_way_ends_with_a_step_that_is_refused(office: Office) -> None:
    first = await begin(office.engine, office.owner_id)

    def during(session: Session) -> dict[str, object]:
        session.add(_a_profile(session, office.owner_id))
        session.flush()
        return {}

    step = Step(answers={}, during=during)
    with pytest.raises(OtherTurn):
        await office.engine.write(
            dialogues.move, office.owner_id, CHAT, first.turn + 1, step, office.engine.now(), message_id=None
        )
    assert await office.engine.read(made) == 0


def _a_profile(session: Session, owner_id: int) -> Profile:
    now = Clock().at
    return Profile(
        name="On the way",
        name_key="on the way",
        department_id=_sales(session),
        starts_at=now,
        ends_at=now + timedelta(days=1),
        created_by=owner_id,
        created_at=now,
    )


async def test_a_form_makes_one_profile_however_many_processes_take_the_tap(crowd: Crowd, clock: Clock) -> None:
    draft = await begin(crowd.engine, crowd.owner_id)
    outcomes = await at_once(
        crowd.write(profile_drafts.create, crowd.owner_id, CHAT, draft.turn, "Autumn", clock.at, enable=False)
        for _ in range(8)
    )
    assert sum(isinstance(outcome, profiles.Card) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, OtherTurn) for outcome in outcomes) == 7
    assert await crowd.engine.read(made) == 1
    found = await crowd.engine.read(dialogues.current, crowd.owner_id, CHAT, clock.at)
    assert found is not None
    assert found.made == 1
    assert not found.active


async def test_one_of_many_steps_of_a_turn_counts(crowd: Crowd, clock: Clock) -> None:
    draft = await begin(crowd.engine, crowd.owner_id)
    outcomes = await at_once(
        crowd.write(
            dialogues.move,
            crowd.owner_id,
            CHAT,
            draft.turn,
            Step(answers={"limit": number}),
            clock.at,
            message_id=None,
        )
        for number in range(8)
    )
    [moved] = [outcome for outcome in outcomes if isinstance(outcome, Dialogue)]
    assert await crowd.engine.read(dialogues.current, crowd.owner_id, CHAT, clock.at) == moved
    assert moved.turn == draft.turn + 1


async def test_the_database_refuses_a_second_profile_of_a_draft(office: Office) -> None:
    with pytest.raises(Exception, match="draft_id"):
        await office.engine.write(_twice, office.owner_id)


def _twice(session: Session, owner_id: int) -> None:
    for _ in range(2):
        one = _a_profile(session, owner_id)
        one.draft_id = "the same"
        session.add(one)
    session.flush()
