"""Learners who join the department of another link by themselves: who may, what changes, and that it happens once."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from core.domain.access import Role
from core.domain.links import LinkState
from core.errors import LinkClosed, NotAllowed, NotExpected, Refusal, UnknownLink
from core.services import (
    audit_log,
    courses,
    department_removal,
    departments,
    history,
    joining,
    people,
    policies,
    profile_lists,
)
from core.services.audit_log import Action
from core.services.policies import Switch
from core.storage.tables import Link
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.concurrent_engines import Crowd, a_crowd, at_once
from tests.support.rosters import let_only_expected, through
from tests.support.rows import a_user


async def let_join(office: Office, department: str = "Support") -> tuple[int, str]:
    """Allow joining, and let Anna join Sales / EMEA; return her number, and a link for a department with a course."""
    now, write, owner = office.engine.now(), office.engine.write, office.owner_id
    await write(departments.add, owner, department, now)
    await write(courses.add, owner, f"Work in {department}", "https://learn.example.com/work", "", now)
    await write(courses.add_rule, owner, department, f"Work in {department}", now)
    await write(policies.switch, owner, Switch.JOINING, now, on=True)
    anna = await a_learner(office, f"{department.replace(' ', '.')}@example.com")
    return anna, (await office.profile(name="Help desk", department=department, limit="1")).token


async def a_learner(office: Office, email: str) -> int:
    return (await office.sign_up((await office.profile()).token, email)).user_id


def make_personal(session: Session, token: str) -> None:
    """Let a link be one that works once."""
    session.execute(update(Link).where(Link.token == token).values(personal=True, used_at=None))


async def join(office: Office, user_id: int, token: str) -> bool:
    return await office.engine.write(joining.join, user_id, token, office.engine.now())


async def where(office: Office, user_id: int) -> tuple[str, ...]:
    return (await office.engine.read(people.card, office.owner_id, user_id)).department


async def test_the_offer_names_both_departments_and_the_courses_that_would_be_new(office: Office) -> None:
    anna, token = await let_join(office)
    offer = await office.engine.read(joining.offer, anna, token, office.engine.now())
    assert (offer.name, offer.before, offer.after, offer.courses) == (
        "Anna Berzina",
        "EMEA",
        "Support",
        ("Work in Support",),
    )
    assert await where(office, anna) == ("Sales", "EMEA")


async def test_a_learner_is_transferred_gets_the_courses_and_keeps_theirs(office: Office) -> None:
    anna, token = await let_join(office)
    assert await join(office, anna, token)
    assert not await join(office, anna, token), "they are there already"
    assert await where(office, anna) == ("Support",)
    mine = await office.engine.read(courses.mine, anna, office.engine.now())
    assert {each.title for each in mine} == {"Safety first", "Work in Support"}
    log = await office.engine.read(audit_log.page, office.owner_id)
    [moved] = [each for each in log.entries if each.action is Action.USER_TRANSFERRED]
    assert (moved.actor, moved.after) == ("Anna Berzina", {"department": ["Support"], "through": "Help desk"})


async def test_joining_takes_no_place_and_the_sign_up_stays_where_it_was_counted(office: Office) -> None:
    anna, token = await let_join(office)
    await join(office, anna, token)
    assert (await office.sign_up(token, "boris@example.com")).user_id != anna, "the only place is free"
    first = await office.engine.read(history.page, office.owner_id, 1)
    assert [each.last_name for each in first.entries] == ["Berzina"]


async def test_a_full_link_or_one_of_another_moment_takes_nobody(office: Office, clock: Clock) -> None:
    anna, token = await let_join(office)
    await office.sign_up(token, "boris@example.com")
    clock.advance(days=40)
    with pytest.raises(LinkClosed):
        await join(office, anna, token)
    with pytest.raises(UnknownLink):
        await join(office, anna, "nothing")


@pytest.mark.parametrize(
    ("policy", "on"), [(Switch.JOINING, False), (Switch.APPROVAL, True)], ids=["joining is off", "approvals are on"]
)
async def test_nobody_joins_unless_the_account_lets_them(office: Office, policy: Switch, *, on: bool) -> None:
    anna, token = await let_join(office)
    await office.engine.write(policies.switch, office.owner_id, policy, office.engine.now(), on=on)
    with pytest.raises(NotAllowed):
        await join(office, anna, token)
    with pytest.raises(NotAllowed):
        await office.engine.read(joining.offer, anna, token, office.engine.now())


async def test_people_with_rights_and_people_who_are_inactive_stay_where_they_are(office: Office) -> None:
    anna, token = await let_join(office)
    manager = await a_user(office.engine, Role.DEPARTMENT_ADMINISTRATOR)
    await office.engine.write(people.deactivate, office.owner_id, anna, office.engine.now())
    for each in (manager, anna, office.owner_id):
        with pytest.raises(NotAllowed):
            await join(office, each, token)


async def test_a_link_for_other_addresses_or_for_the_people_on_a_list_takes_nobody_else(office: Office) -> None:
    anna, token = await let_join(office)
    profile = (await office.engine.read(profile_lists.listing, office.owner_id, "", 0, office.engine.now())).cards[0]
    await office.engine.write(policies.allow_domains, office.owner_id, ("baltic.example",), office.engine.now())
    with pytest.raises(NotExpected):
        await join(office, anna, token)
    await office.engine.write(policies.allow_domains, office.owner_id, (), office.engine.now())
    await office.engine.write(let_only_expected, office.owner_id, through(profile.profile_id), office.engine.now())
    with pytest.raises(NotExpected):
        await join(office, anna, token)


@pytest.fixture
async def crowd(office_url: str, clock: Clock) -> AsyncIterator[Crowd]:
    """Two engines on the database of an office."""
    async with a_crowd(office_url, clock) as crowd:
        yield crowd


async def test_one_who_joins_twice_at_once_is_transferred_once(crowd: Crowd, clock: Clock) -> None:
    anna, token = await let_join(crowd.office)
    for again in range(4):
        taps = [crowd.write(joining.join, anna, token, clock()) for _ in range(4)]
        answers = await at_once(taps)
        assert sorted(map(bool, answers)) == [False, False, False, True], again
        assert not any(isinstance(each, Refusal) for each in answers)
        await crowd.write(people.transfer, crowd.owner_id, anna, "Sales / EMEA", clock())


async def test_a_personal_link_takes_one_learner_and_no_more(crowd: Crowd, clock: Clock) -> None:
    _, token = await let_join(crowd.office)
    for again in range(3):
        learners = [await a_learner(crowd.office, f"{number}@{again}.example.com") for number in range(4)]
        await crowd.write(make_personal, token)
        answers = await at_once([crowd.write(joining.join, each, token, clock()) for each in learners])
        assert [each for each in answers if each is True] == [True]
        assert {each.state for each in answers if isinstance(each, LinkClosed)} == {LinkState.USED}


async def test_nobody_joins_a_department_that_was_removed_meanwhile(crowd: Crowd, clock: Clock) -> None:
    for again in range(4):
        anna, token = await let_join(crowd.office, f"Support {again}")
        await at_once(
            [
                crowd.write(joining.join, anna, token, clock()),
                crowd.write(department_removal.remove, crowd.owner_id, f"Support {again}", clock()),
            ]
        )
        there = await where(crowd.office, anna)
        assert there in {("Sales", "EMEA"), (f"Support {again}",)}
        paths = [each.path for each in await crowd.engine.read(departments.tree, crowd.owner_id)]
        assert there in paths
