"""A member of staff who signed up in a browser is let into the chat as who they are."""

import asyncio

import pytest

from core.domain.access import Role
from core.errors import InvalidInvitation, InvitationGivesNothing, NoInvitationNeeded, NotAllowed, UserNotFound
from core.services import audit_log, invitations, people, roles
from core.services.audit_log import Action
from core.services.ownership import Claimant
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_user, deactivate, demote


def somebody(telegram_id: int = 2001) -> Claimant:
    return Claimant(telegram_id=telegram_id, first_name="Nina", last_name="Nova", language="ru")


async def a_link_for(office: Office, user_id: int, *, by: int | None = None) -> str:
    engine = office.engine
    made = await engine.write(invitations.invite_person, by or office.owner_id, user_id, engine.now())
    return made.code


async def test_the_link_connects_its_opener_with_who_they_are(office: Office) -> None:
    engine = office.engine
    manager = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales")
    code = await a_link_for(office, manager)
    assert await engine.write(invitations.accept, code, somebody(), engine.now()) == manager
    person = await engine.read(people.by_telegram_id, 2001)
    assert person
    assert (person.user_id, person.first_name, person.language) == (manager, "Maris", "ru")
    assert person.role is Role.DEPARTMENT_ADMINISTRATOR
    with pytest.raises(InvalidInvitation):
        await engine.write(invitations.accept, code, somebody(2002), engine.now())


async def test_what_was_done_is_recorded(office: Office) -> None:
    engine = office.engine
    manager = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales")
    await engine.write(invitations.accept, await a_link_for(office, manager), somebody(), engine.now())
    page = await engine.read(audit_log.page, office.owner_id)
    assert [(entry.action, entry.actor, entry.subject) for entry in page.entries[:2]] == [
        (Action.PERSON_ENTERED, "Maris Meier", "Maris Meier"),
        (Action.PERSON_INVITED, "Olivia Owner", "Maris Meier"),
    ]


async def test_it_waits_among_the_invitations_by_name(office: Office) -> None:
    engine = office.engine
    await a_link_for(office, await a_user(engine, Role.ADMINISTRATOR))
    [waiting] = await engine.read(invitations.waiting, office.owner_id, engine.now())
    assert waiting.person == "Maris Meier"


async def test_learners_and_those_in_the_chat_get_no_link(office: Office) -> None:
    engine = office.engine
    for user_id in (
        await a_user(engine, Role.LEARNER),
        await a_user(engine, Role.ADMINISTRATOR, telegram_id=2001),
        await a_user(engine, Role.ADMINISTRATOR, active=False),
    ):
        with pytest.raises(NoInvitationNeeded):
            await a_link_for(office, user_id)
    with pytest.raises(UserNotFound):
        await a_link_for(office, 7777)


async def test_nobody_makes_a_link_to_more_than_they_have(office: Office) -> None:
    engine = office.engine
    manager = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales")
    with pytest.raises(NotAllowed):
        await a_link_for(office, await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales / EMEA"), by=manager)


async def test_whoever_is_in_the_chat_already_leaves_the_link_good(office: Office) -> None:
    engine = office.engine
    code = await a_link_for(office, await a_user(engine, Role.ADMINISTRATOR))
    with pytest.raises(InvitationGivesNothing):
        await engine.write(invitations.accept, code, somebody(1001), engine.now())
    await engine.write(invitations.accept, code, somebody(), engine.now())


@pytest.mark.parametrize("change", ["role taken", "deactivated", "maker demoted", "a week later"])
async def test_a_link_is_worth_nothing_once_it_should_not_be_there(office: Office, clock: Clock, change: str) -> None:
    engine = office.engine
    maker = await a_user(engine, Role.ADMINISTRATOR)
    manager = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales")
    code = await a_link_for(office, manager, by=maker)
    if change == "role taken":
        await engine.write(roles.assign, office.owner_id, manager, "learner", [], engine.now())
    elif change == "deactivated":
        await deactivate(engine, manager)
    elif change == "maker demoted":
        await demote(engine, maker)
    else:
        clock.advance(days=7)
    with pytest.raises(InvalidInvitation):
        await engine.write(invitations.accept, code, somebody(), clock())
    assert await engine.read(people.by_telegram_id, 2001) is None


async def test_two_links_opened_at_once_let_one_person_in(office: Office) -> None:
    engine = office.engine
    manager = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales")
    codes = [await a_link_for(office, manager) for _ in range(4)]
    opened = await asyncio.gather(
        *(
            engine.write(invitations.accept, code, somebody(2001 + place), engine.now())
            for place, code in enumerate(codes)
        ),
        return_exceptions=True,
    )
    assert sorted(map(type, opened), key=str) == sorted([int, *[InvalidInvitation] * 3], key=str)


async def test_two_people_are_never_one_in_the_chat(office: Office) -> None:
    engine = office.engine
    staff = [await a_user(engine, Role.ADMINISTRATOR) for _ in range(4)]
    codes = [await a_link_for(office, user_id) for user_id in staff]
    opened = await asyncio.gather(
        *(engine.write(invitations.accept, code, somebody(), engine.now()) for code in codes), return_exceptions=True
    )
    assert sorted(map(type, opened), key=str) == sorted([int, *[InvitationGivesNothing] * 3], key=str)
