"""People transferred, deleted, invited and put into office by several at once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.access import Permission, Role
from core.errors import RoleNotFound
from core.services import (
    courses,
    departments,
    invitations,
    ownership_transfer,
    people,
    profile_editing,
    redemption,
    role_removal,
    roles,
)
from core.services.ownership import Claimant
from core.services.profile_editing import Change, Edited, EditedField
from core.services.redemption import SignedUp
from core.storage.tables import Course, Enrolment, User
from tests.support.account import a_form
from tests.support.clock import Clock
from tests.support.concurrent_engines import Crowd, a_crowd, at_once, kinds
from tests.support.rows import a_user, department_id
from tests.support.transactions import under_way, until_somebody_waits

ON_POSTGRESQL = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
GIVEN = {"North": {"Atlas"}, "South": {"Basics"}, "Sales / EMEA": {"Safety first"}}


@pytest.fixture
async def crowd(office_url: str, clock: Clock) -> AsyncIterator[Crowd]:
    """An office where each department has a course of its own."""
    async with a_crowd(office_url, clock) as crowd:
        for name, title in (("North", "Atlas"), ("South", "Basics")):
            await crowd.write(departments.add, crowd.owner_id, name, clock())
            await crowd.write(courses.add, crowd.owner_id, title, "https://learn.example.com", "", clock())
            await crowd.write(courses.add_rule, crowd.owner_id, name, title, clock())
        yield crowd


def sign_up(crowd: Crowd, token: str, number: int) -> Awaitable[SignedUp]:
    form = a_form(f"learner{number}@example.com")
    return crowd.write(redemption.redeem, token, form, crowd.office.engine.now())


def titles(session: Session, user_id: int) -> set[str]:
    query = select(Course.title).join(Enrolment, Enrolment.course_id == Course.id).where(Enrolment.user_id == user_id)
    return set(session.scalars(query))


def stands(session: Session, user_id: int) -> tuple[str, int]:
    user = session.get_one(User, user_id)
    return user.state, user.department_id


async def test_two_transfers_of_one_person_at_once_both_happen(crowd: Crowd, clock: Clock) -> None:
    token = (await crowd.office.profile()).token
    learners = [(await sign_up(crowd, token, number)).user_id for number in range(6)]
    transfers = (
        crowd.write(people.transfer, crowd.owner_id, learner, name, clock())
        for learner in learners
        for name in ("North", "South")
    )
    assert kinds(await at_once(transfers)) == {"Card": 12}
    ends = {await crowd.engine.read(department_id, name) for name in ("North", "South")}
    for learner in learners:
        assert (await crowd.engine.read(stands, learner))[1] in ends
        assert await crowd.engine.read(titles, learner) == {"Safety first", "Atlas", "Basics"}
    assert await crowd.is_sound()


async def test_who_is_deleted_while_they_are_transferred_is_gone_with_all_they_had(crowd: Crowd, clock: Clock) -> None:
    token = (await crowd.office.profile()).token
    learners = [(await sign_up(crowd, token, number)).user_id for number in range(6)]
    calls: list[Awaitable[people.Card | str]] = []
    for number, learner in enumerate(learners):
        pair: list[Awaitable[people.Card | str]] = [
            crowd.write(people.transfer, crowd.owner_id, learner, "North", clock()),
            crowd.write(people.delete, crowd.owner_id, learner, clock()),
        ]
        calls += pair if number % 2 else reversed(pair)
    answers = kinds(await at_once(calls))
    assert answers["str"] == 6
    assert answers["Card"] + answers["UserNotFound"] == 6
    assert {(await crowd.engine.read(stands, learner))[0] for learner in learners} == {"deleted"}
    assert [await crowd.engine.read(titles, learner) for learner in learners] == 6 * [set()]
    assert await crowd.is_sound()


async def test_who_signs_up_while_the_profile_is_pointed_elsewhere_has_the_courses_of_where_they_are(
    crowd: Crowd, clock: Clock
) -> None:
    card = await crowd.office.profile()
    calls: list[Awaitable[SignedUp | Edited]] = []
    for number in range(30):
        calls.append(sign_up(crowd, card.token, number))
        if number % 5 == 2:
            change = Change(field=EditedField.DEPARTMENT, value=[*GIVEN][number // 5 % len(GIVEN)])
            calls.append(crowd.write(profile_editing.edit, crowd.owner_id, card.profile_id, change, clock()))
    answers = await at_once(calls)
    assert kinds(answers) == {"SignedUp": 30, "Edited": 6}
    given = {await crowd.engine.read(department_id, name): titles for name, titles in GIVEN.items()}
    for made in (answer for answer in answers if isinstance(answer, SignedUp)):
        _, department = await crowd.engine.read(stands, made.user_id)
        assert await crowd.engine.read(titles, made.user_id) == given[department]
    assert await crowd.is_sound()


async def test_an_invitation_lets_one_in_however_many_open_it(crowd: Crowd, clock: Clock) -> None:
    made = await crowd.write(invitations.invite, crowd.owner_id, "administrator", [], clock())
    known = await a_user(crowd.engine, Role.LEARNER, telegram_id=2000)
    openers = [
        Claimant(telegram_id=2000 + number, first_name="Maris", last_name="", language="en") for number in range(10)
    ]
    answers = await at_once(crowd.write(invitations.accept, made.code, opener, clock()) for opener in openers)
    assert kinds(answers) == {"int": 1, "InvalidInvitation": 9}
    administrators = await crowd.engine.read(having, Role.ADMINISTRATOR)
    assert administrators == [answer for answer in answers if isinstance(answer, int)]
    assert len(await crowd.engine.read(having, Role.LEARNER)) == (0 if administrators == [known] else 1)
    assert await crowd.is_sound()


def having(session: Session, role: Role) -> list[int]:
    return list(session.scalars(select(User.id).where(User.role == role).order_by(User.id)))


async def test_ownership_given_to_several_at_once_is_one_persons(crowd: Crowd, clock: Clock) -> None:
    new_owners = [await a_user(crowd.engine, Role.ADMINISTRATOR, telegram_id=2000 + number) for number in range(4)]
    transfers = (
        crowd.write(ownership_transfer.transfer, crowd.owner_id, new_owner, clock()) for new_owner in new_owners
    )
    answers = await at_once(transfers)
    assert kinds(answers) == {"NoneType": 1, "NotAllowed": 3}
    assert await crowd.engine.read(having, Role.OWNER) == [new_owners[answers.index(None)]]
    assert await crowd.engine.read(having, Role.ADMINISTRATOR) == sorted(
        {crowd.owner_id, *new_owners} - {new_owners[answers.index(None)]}
    )
    assert await crowd.is_sound()


async def test_a_role_goes_once_and_nobody_is_left_with_it(crowd: Crowd, clock: Clock) -> None:
    for number in range(4):
        holder, name = await a_user(crowd.engine, Role.LEARNER), f"Helper {number}"
        await crowd.write(roles.add, crowd.owner_id, name, {Permission.MANAGE_PEOPLE}, clock())
        answers = await at_once(
            [
                crowd.write(role_removal.remove, crowd.owner_id, name, clock()),
                crowd.write(roles.assign, crowd.owner_id, holder, name, ["North"], clock()),
                crowd.write(role_removal.remove, crowd.owner_id, name, clock()),
                crowd.write(roles.change, crowd.owner_id, name, {Permission.MANAGE_PROFILES}, clock()),
            ]
        )
        gone = [answer for answer in answers if isinstance(answer, str)]
        assert kinds([*gone, answers[1]]) in ({"Card": 1}, {"str": 1, "RoleNotFound": 1})
        assert set(kinds(answers)) <= {"str", "Card", "RoleCard", "RoleInUse", "RoleNotFound"}
    assert await crowd.is_sound()


@ON_POSTGRESQL
async def test_a_role_that_somebody_else_just_removed_is_not_found(crowd: Crowd, clock: Clock) -> None:
    await crowd.write(roles.add, crowd.owner_id, "Helper", {Permission.MANAGE_PEOPLE}, clock())
    async with under_way(crowd.engine, lambda session: role_removal.remove(session, crowd.owner_id, "Helper", clock())):
        second = asyncio.ensure_future(crowd.write(role_removal.remove, crowd.owner_id, "Helper", clock()))
        await until_somebody_waits(crowd.engine)
    with pytest.raises(RoleNotFound):
        await second
