"""Roles given after a question: once, as the question showed it, and by rights that the giver still has."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.orm import Session

from core.domain.access import Permission, Role
from core.errors import NotAllowed, PreviewOutdated, QuestionClosed
from core.services import role_drafts, role_grants, roles
from core.services.role_grants import Proposal, Widening
from core.storage.tables import User
from tests.support.clock import Clock
from tests.support.concurrent_engines import Crowd, a_crowd, at_once, kinds
from tests.support.rows import a_user, demote


@pytest.fixture
async def crowd(office_url: str, clock: Clock) -> AsyncIterator[Crowd]:
    """Two engines on the database of an office."""
    async with a_crowd(office_url, clock) as crowd:
        yield crowd


async def proposed(crowd: Crowd, clock: Clock, user_id: int, role: str, giver: int | None = None) -> Proposal:
    managed = [] if role == "administrator" else ["Sales"]
    proposal = await crowd.write(role_grants.propose, giver or crowd.owner_id, user_id, role, managed, clock())
    assert proposal is not None
    return proposal


async def role_of(crowd: Crowd, user_id: int) -> str:
    def read(session: Session) -> str:
        return session.get_one(User, user_id).role

    return await crowd.engine.read(read)


async def test_a_proposal_gives_nothing_and_its_answer_gives_it_once(crowd: Crowd, clock: Clock) -> None:
    anna = await a_user(crowd.engine, Role.LEARNER)
    proposal = await proposed(crowd, clock, anna, "administrator")
    assert (proposal.role, proposal.permissions) == (Role.ADMINISTRATOR, frozenset(Permission))
    assert await role_of(crowd, anna) == Role.LEARNER
    taps = (crowd.write(role_grants.confirm, crowd.owner_id, proposal.question_id, clock()) for _ in range(6))
    assert kinds(await at_once(taps)) == {"int": 1, "QuestionClosed": 5}
    assert await role_of(crowd, anna) == Role.ADMINISTRATOR


async def test_taking_all_rights_away_needs_no_question(crowd: Crowd, clock: Clock) -> None:
    anna = await a_user(crowd.engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales")
    assert await crowd.write(role_grants.propose, crowd.owner_id, anna, "learner", [], clock()) is None
    assert await role_of(crowd, anna) == Role.LEARNER


async def test_a_person_who_got_another_role_meanwhile_gets_nothing_by_the_old_question(
    crowd: Crowd, clock: Clock
) -> None:
    anna = await a_user(crowd.engine, Role.LEARNER)
    proposal = await proposed(crowd, clock, anna, "administrator")
    await crowd.write(roles.assign, crowd.owner_id, anna, "department administrator", ["Sales"], clock())
    with pytest.raises(PreviewOutdated):
        await crowd.write(role_grants.confirm, crowd.owner_id, proposal.question_id, clock())
    assert await role_of(crowd, anna) == Role.DEPARTMENT_ADMINISTRATOR


async def test_a_role_that_was_widened_meanwhile_is_not_given(crowd: Crowd, clock: Clock) -> None:
    await crowd.write(roles.add, crowd.owner_id, "Recruiter", [Permission.RECEIVE_DIGESTS], clock())
    anna = await a_user(crowd.engine, Role.LEARNER)
    proposal = await proposed(crowd, clock, anna, "Recruiter")
    await crowd.write(roles.change, crowd.owner_id, "Recruiter", [Permission.MANAGE_PEOPLE], clock())
    with pytest.raises(PreviewOutdated):
        await crowd.write(role_grants.confirm, crowd.owner_id, proposal.question_id, clock())


async def test_a_giver_who_lost_the_right_gives_nothing_and_nobody_answers_for_another(
    crowd: Crowd, clock: Clock
) -> None:
    anna = await a_user(crowd.engine, Role.LEARNER)
    giver = await a_user(crowd.engine, Role.ADMINISTRATOR, telegram_id=1002)
    proposal = await proposed(crowd, clock, anna, "administrator", giver)
    with pytest.raises(QuestionClosed):
        await crowd.write(role_grants.confirm, crowd.owner_id, proposal.question_id, clock())
    await demote(crowd.engine, giver)
    with pytest.raises(NotAllowed):
        await crowd.write(role_grants.confirm, giver, proposal.question_id, clock())
    assert await role_of(crowd, anna) == Role.LEARNER


async def test_more_permissions_for_a_role_ask_only_if_people_have_it(crowd: Crowd, clock: Clock) -> None:
    few, more = [Permission.RECEIVE_DIGESTS], [Permission.RECEIVE_DIGESTS, Permission.MANAGE_PEOPLE]
    await crowd.write(roles.add, crowd.owner_id, "Recruiter", few, clock())
    changed = await crowd.write(role_grants.propose_change, crowd.owner_id, "Recruiter", more, clock())
    assert not isinstance(changed, Widening)
    anna = await a_user(crowd.engine, Role.LEARNER)
    await crowd.write(roles.assign, crowd.owner_id, anna, "Recruiter", ["Sales"], clock())
    changed = await crowd.write(role_grants.propose_change, crowd.owner_id, "Recruiter", few, clock())
    assert not isinstance(changed, Widening), "fewer permissions ask nothing"
    asked = await crowd.write(role_grants.propose_change, crowd.owner_id, "Recruiter", more, clock())
    assert isinstance(asked, Widening)
    assert asked.added == {Permission.MANAGE_PEOPLE}
    boris = await a_user(crowd.engine, Role.LEARNER)
    await crowd.write(roles.assign, crowd.owner_id, boris, "Recruiter", ["Sales"], clock())
    with pytest.raises(PreviewOutdated):
        await crowd.write(role_grants.confirm_change, crowd.owner_id, asked.question_id, clock())


async def test_nobody_gets_permissions_that_their_question_did_not_show(crowd: Crowd, clock: Clock) -> None:
    """A role without holders changes at once, so a grant under way must keep the role as its question showed it."""
    for number in range(6):
        name, wider = f"Reader {number}", [Permission.READ_LOG, Permission.MANAGE_PEOPLE]
        await crowd.write(roles.add, crowd.owner_id, name, wider[:1], clock())
        anna = await a_user(crowd.engine, Role.LEARNER)
        asked = await crowd.write(role_grants.propose, crowd.owner_id, anna, name, ["Sales"], clock())
        assert asked is not None
        given, changed = await at_once(
            [
                crowd.write(role_grants.confirm, crowd.owner_id, asked.question_id, clock()),
                crowd.write(role_grants.propose_change, crowd.owner_id, name, wider, clock()),
            ]
        )
        assert isinstance(given, PreviewOutdated) == (not isinstance(changed, Widening)), (given, changed)


async def test_a_role_that_was_changed_while_its_permissions_were_ticked_stays_as_it_is(
    crowd: Crowd, clock: Clock
) -> None:
    few, other = [Permission.RECEIVE_DIGESTS], [Permission.READ_LOG]
    await crowd.write(roles.add, crowd.owner_id, "Recruiter", few, clock())
    draft = await crowd.write(role_drafts.begin_change, crowd.owner_id, "recruiter", clock())
    ticked = await crowd.write(role_drafts.tick, crowd.owner_id, draft.question_id, Permission.MANAGE_PEOPLE, clock())
    await crowd.write(roles.change, crowd.owner_id, "Recruiter", other, clock())
    with pytest.raises(PreviewOutdated):
        await crowd.write(role_drafts.save, crowd.owner_id, ticked.question_id, clock())
    assert (await crowd.write(roles.card, crowd.owner_id, "Recruiter")).permissions == {*other}
