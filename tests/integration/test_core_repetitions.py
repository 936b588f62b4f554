"""The same line twice within minutes makes one thing, in any number of processes, until the person says otherwise."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.domain.access import Role
from core.errors import EndInPast, QuestionClosed, RepeatedLine
from core.services import profiles, questions, repetitions
from core.services.profiles import Created
from core.services.questions import About
from core.storage.tables import Profile, Repetition
from tests.support.clock import Clock
from tests.support.concurrent_engines import Crowd, a_crowd, at_once, kinds
from tests.support.rows import a_draft, a_user

LINE = "/newprofile Autumn | Sales | now - +1 month | 50"


@pytest.fixture
async def crowd(office_url: str, clock: Clock) -> AsyncIterator[Crowd]:
    """Two engines on the database of an office."""
    async with a_crowd(office_url, clock) as crowd:
        yield crowd


def number(made: Created) -> int:
    return made.card.profile_id


async def sent(crowd: Crowd, clock: Clock, line: str = LINE, user_id: int | None = None, **changes: str) -> Created:
    """Send a line that creates a profile."""
    user_id = user_id or crowd.owner_id

    def create(session: Session) -> Created:
        return profiles.create(session, crowd.owner_id, a_draft(**changes), clock())

    return await crowd.write(repetitions.once, user_id, line, create, number, clock())


def how_many(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(Profile)).one()


async def test_of_the_same_line_from_two_processes_at_once_one_makes_a_profile(crowd: Crowd, clock: Clock) -> None:
    outcomes = await at_once(sent(crowd, clock) for _ in range(8))
    assert kinds(outcomes) == {"Created": 1, "RepeatedLine": 7}
    [made] = [outcome for outcome in outcomes if isinstance(outcome, Created)]
    assert {refused.made for refused in outcomes if isinstance(refused, RepeatedLine)} == {number(made)}
    assert await crowd.engine.read(how_many) == 1


async def test_of_many_lines_whose_profile_is_gone_one_makes_another(crowd: Crowd, clock: Clock) -> None:
    gone = number(await sent(crowd, clock))

    def create(session: Session) -> Created:
        return profiles.create(session, crowd.owner_id, a_draft(), clock())

    again = (
        crowd.write(repetitions.anew, crowd.owner_id, LINE, create, number, clock(), instead_of=gone) for _ in range(6)
    )
    assert kinds(await at_once(again)) == {"Created": 1, "RepeatedLine": 5}
    assert await crowd.engine.read(how_many) == 2


async def test_another_line_another_person_and_the_same_line_later_are_no_repetition(
    crowd: Crowd, clock: Clock
) -> None:
    other = await a_user(crowd.engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales", telegram_id=1002)
    await sent(crowd, clock)
    await sent(crowd, clock, line=f"{LINE}0")
    await sent(crowd, clock, user_id=other)
    clock.advance(seconds=repetitions.WITHIN.total_seconds())
    await sent(crowd, clock)
    with pytest.raises(RepeatedLine):
        await sent(crowd, clock)
    assert await crowd.engine.read(how_many) == 4


async def test_a_line_that_was_refused_can_be_sent_again_at_once(crowd: Crowd, clock: Clock) -> None:
    with pytest.raises(EndInPast):
        await sent(crowd, clock, window="2020-01-01 - 2020-01-02")
    await sent(crowd, clock)
    assert await crowd.engine.read(how_many) == 1


async def test_of_many_answers_at_once_one_makes_another(crowd: Crowd, clock: Clock) -> None:
    await sent(crowd, clock)
    asked = await crowd.write(questions.ask, crowd.owner_id, About.LINE, {"line": LINE}, clock())

    def create(session: Session) -> Created:
        return profiles.create(session, crowd.owner_id, a_draft(), clock())

    taps = (crowd.write(questions.then, crowd.owner_id, asked, About.LINE, create, clock()) for _ in range(6))
    assert kinds(await at_once(taps)) == {"Created": 1, "QuestionClosed": 5}
    assert await crowd.engine.read(how_many) == 2


async def test_a_refused_answer_leaves_the_question_open(crowd: Crowd, clock: Clock) -> None:
    asked = await crowd.write(questions.ask, crowd.owner_id, About.LINE, {"line": LINE}, clock())

    def refuse(session: Session) -> Created:
        return profiles.create(session, crowd.owner_id, a_draft(window="2020-01-01 - 2020-01-02"), clock())

    with pytest.raises(EndInPast):
        await crowd.write(questions.then, crowd.owner_id, asked, About.LINE, refuse, clock())
    assert await crowd.engine.read(questions.read, crowd.owner_id, asked, About.LINE, clock()) == {"line": LINE}
    with pytest.raises(QuestionClosed):
        await crowd.engine.read(questions.read, crowd.owner_id, asked, About.ROLE, clock())


async def test_what_was_sent_is_not_kept_in_words_and_is_swept(crowd: Crowd, clock: Clock) -> None:
    await sent(crowd, clock)
    await crowd.write(questions.ask, crowd.owner_id, About.LINE, {"line": LINE}, clock())

    def kept(session: Session) -> list[str]:
        return list(session.scalars(select(Repetition.key)))

    [key] = await crowd.engine.read(kept)
    assert "Autumn" not in key
    clock.advance(seconds=(repetitions.KEPT + timedelta(seconds=1)).total_seconds())
    await crowd.write(repetitions.sweep, clock())
    await crowd.write(questions.sweep, clock())
    assert await crowd.engine.read(kept) == []
