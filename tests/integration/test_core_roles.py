"""Roles: made of permissions, given, and never more than one has oneself."""

import pytest

from core.domain.access import Permission, Role
from core.engine import Engine
from core.errors import (
    DepartmentNotFound,
    DepartmentsNeeded,
    InvalidInvitation,
    InvitationGivesNothing,
    NoHeir,
    NoInvitationNeeded,
    NotAllowed,
    NotYourself,
    OneOwner,
    OwnerStays,
    RoleBuiltIn,
    RoleExists,
    RoleInUse,
    RoleNotFound,
    SeatsTaken,
    UserNotFound,
)
from core.services import (
    account,
    department_removal,
    departments,
    invitations,
    ownership_transfer,
    people,
    policies,
    profile_lists,
    role_removal,
    roles,
)
from core.services.ownership import Claimant
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_manager, a_user, demote

PROFILES = Permission.MANAGE_PROFILES


def somebody(telegram_id: int = 2001) -> Claimant:
    return Claimant(telegram_id=telegram_id, first_name="Nina", last_name="Nova", language="en")


async def add_role(office: Office, name: str, *permissions: Permission) -> roles.RoleCard:
    return await office.engine.write(roles.add, office.owner_id, name, permissions, office.engine.now())


async def person(engine: Engine, telegram_id: int = 2001) -> people.Person:
    found = await engine.read(people.by_telegram_id, telegram_id)
    assert found
    return found


async def invite(office: Office, role: str, *managed: str, by: int | None = None) -> str:
    engine = office.engine
    made = await engine.write(invitations.invite, by or office.owner_id, role, managed, engine.now())
    return made.code


async def test_a_role_is_made_listed_changed_and_removed(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    card = await add_role(office, " Onboarding  crew ", PROFILES, Permission.RECEIVE_DIGESTS)
    assert (card.name, card.holders) == ("Onboarding crew", 0)
    assert await engine.read(roles.listing, owner) == [card]
    changed = await engine.write(roles.change, owner, "onboarding CREW", [PROFILES], engine.now())
    assert changed.permissions == {PROFILES}
    assert await engine.write(role_removal.remove, owner, "Onboarding crew", engine.now()) == "Onboarding crew"
    assert await engine.read(roles.listing, owner) == []


async def test_a_role_that_is_gone_is_named_by_its_number_and_has_nothing_near(office: Office) -> None:
    with pytest.raises(RoleNotFound) as refused:
        await office.engine.write(role_removal.remove, office.owner_id, 77, office.engine.now())
    assert (refused.value.name, refused.value.nearest) == ("#77", ())


@pytest.mark.parametrize("name", ["Crew", "crew"])
async def test_a_roles_name_is_its_own(office: Office, name: str) -> None:
    await add_role(office, "Crew", PROFILES)
    with pytest.raises(RoleExists):
        await add_role(office, name, PROFILES)


@pytest.mark.parametrize("name", ["Department  administrator", "administrator", "owner", "Learner"])
async def test_the_roles_that_are_always_there_are_neither_made_nor_changed_nor_removed(
    office: Office, name: str
) -> None:
    engine, owner = office.engine, office.owner_id
    for use_case in (roles.add, roles.change):
        with pytest.raises(RoleBuiltIn):
            await engine.write(use_case, owner, name, [PROFILES], engine.now())
    with pytest.raises(RoleBuiltIn):
        await engine.write(role_removal.remove, owner, name, engine.now())


@pytest.mark.parametrize("name", ["admin", "administrater"])
async def test_near_a_role_that_is_to_be_given_are_those_that_are_always_there(office: Office, name: str) -> None:
    await add_role(office, "Admiral", PROFILES)
    with pytest.raises(RoleNotFound) as refused:
        await invite(office, name)
    assert {"account administrator", "department administrator"} <= set(refused.value.nearest)


async def test_near_a_role_that_is_to_be_removed_are_the_accounts_own(office: Office) -> None:
    await add_role(office, "Admin of Sales", PROFILES)
    with pytest.raises(RoleNotFound) as refused:
        await office.engine.write(role_removal.remove, office.owner_id, "admin", office.engine.now())
    assert refused.value.nearest == ("Admin of Sales",)


async def test_a_custom_role_can_neither_be_empty_nor_manage_roles(office: Office) -> None:
    for permissions in ((), (Permission.MANAGE_ROLES,)):
        with pytest.raises(NotAllowed):
            await add_role(office, "Crew", *permissions)


async def test_who_has_a_role_has_its_permissions_from_the_moment_it_changes(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await add_role(office, "Crew", Permission.RECEIVE_DIGESTS)
    member = await a_manager(engine, "Sales")
    await engine.write(roles.assign, owner, member, "crew", ["Sales"], engine.now())
    with pytest.raises(NotAllowed):
        await engine.read(profile_lists.listing, member, "", 0, engine.now())
    await engine.write(roles.change, owner, "Crew", [PROFILES], engine.now())
    assert (await engine.read(profile_lists.listing, member, "", 0, engine.now())).total == 0
    with pytest.raises(RoleInUse) as refused:
        await engine.write(role_removal.remove, owner, "Crew", engine.now())
    assert refused.value.holders == 1


async def test_account_wide_permissions_need_the_whole_account(office: Office) -> None:
    engine = office.engine
    local = await a_user(engine, Role.CUSTOM, "Sales", permissions=[Permission.MANAGE_ACCOUNT])
    whole = await a_user(engine, Role.CUSTOM, "", permissions=[Permission.MANAGE_ACCOUNT])
    with pytest.raises(NotAllowed):
        await engine.write(account.rename, local, "Ours", engine.now())
    assert await engine.write(account.rename, whole, "Acme", engine.now()) == "Acme"


async def test_a_role_for_the_top_of_the_tree_holds_everywhere(office: Office) -> None:
    engine = office.engine
    await add_role(office, "Boss", Permission.MANAGE_ACCOUNT)
    code = await invite(office, "Boss", " / ")
    boss = await engine.write(invitations.accept, code, somebody(), engine.now())
    assert await engine.write(account.rename, boss, "Acme", engine.now()) == "Acme"
    assert (await engine.read(people.card, office.owner_id, boss)).manages == ((),)


async def test_nobody_gives_themselves_another_role(office: Office) -> None:
    engine = office.engine
    administrator = await a_user(engine, Role.ADMINISTRATOR)
    for by, refusal in ((administrator, NotYourself), (office.owner_id, OwnerStays)):
        with pytest.raises(refusal):
            await engine.write(roles.assign, by, by, "learner", [], engine.now())
    assert (await engine.read(people.card, office.owner_id, administrator)).role is Role.ADMINISTRATOR


async def test_a_role_is_assigned_with_its_departments_and_taken_away(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    member = await a_manager(engine, "Sales / EMEA")
    card = await engine.write(roles.assign, owner, member, "Department administrator", ["Sales"], engine.now())
    assert (card.role, card.manages) == (Role.DEPARTMENT_ADMINISTRATOR, (("Sales",),))
    card = await engine.write(roles.assign, owner, member, "administrator", [], engine.now())
    assert (card.role, card.manages) == (Role.ADMINISTRATOR, ())
    card = await engine.write(roles.assign, owner, member, "learner", [], engine.now())
    assert card.role is Role.LEARNER


@pytest.mark.parametrize(
    ("role", "managed", "refusal"),
    [
        ("department administrator", [], DepartmentsNeeded),
        ("administrator", ["Sales"], DepartmentsNeeded),
        ("department administrator", ["Nowhere"], DepartmentNotFound),
        ("owner", [], OneOwner),
        (" Owner ", ["Sales"], OneOwner),
        ("emperor", [], RoleNotFound),
    ],
)
async def test_a_grant_that_cannot_be_is_refused(
    office: Office, role: str, managed: list[str], refusal: type[Exception]
) -> None:
    engine = office.engine
    member = await a_manager(engine, "Sales")
    with pytest.raises(refusal):
        await engine.write(roles.assign, office.owner_id, member, role, managed, engine.now())
    with pytest.raises(refusal):
        await invite(office, role, *managed)


async def test_an_invitation_makes_its_opener_what_it_says_once(office: Office) -> None:
    engine = office.engine
    code = await invite(office, "department administrator", "Sales")
    user_id = await engine.write(invitations.accept, code, somebody(), engine.now())
    assert (await person(engine)).role is Role.DEPARTMENT_ADMINISTRATOR
    assert (await engine.read(people.card, office.owner_id, user_id)).manages == (("Sales",),)
    with pytest.raises(InvalidInvitation):
        await engine.write(invitations.accept, code, somebody(2002), engine.now())
    assert await engine.read(people.by_telegram_id, 2002) is None


async def test_an_invitation_expires_after_a_week(office: Office, clock: Clock) -> None:
    code = await invite(office, "administrator")
    clock.advance(days=7)
    with pytest.raises(InvalidInvitation):
        await office.engine.write(invitations.accept, code, somebody(), clock())
    assert await office.engine.read(invitations.waiting, office.owner_id, clock()) == []


async def test_an_invitation_can_be_withdrawn(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    code = await invite(office, "administrator")
    [waiting] = await engine.read(invitations.waiting, owner, engine.now())
    await engine.write(invitations.withdraw, owner, waiting.invitation_id, engine.now())
    with pytest.raises(InvalidInvitation):
        await engine.write(invitations.accept, code, somebody(), engine.now())


async def test_an_invitation_is_worth_what_its_maker_may_still_grant(office: Office) -> None:
    engine = office.engine
    administrator = await a_user(engine, Role.ADMINISTRATOR)
    code = await invite(office, "administrator", by=administrator)
    await demote(engine, administrator)
    with pytest.raises(InvalidInvitation):
        await engine.write(invitations.accept, code, somebody(), engine.now())


async def test_an_invitation_to_a_department_that_is_gone_is_good_for_nothing(office: Office) -> None:
    engine = office.engine
    code = await invite(office, "department administrator", "Sales")
    await engine.write(department_removal.remove, office.owner_id, "Sales", engine.now())
    with pytest.raises(InvalidInvitation):
        await engine.write(invitations.accept, code, somebody(), engine.now())


async def test_who_has_it_all_already_leaves_the_invitation_good(office: Office) -> None:
    engine = office.engine
    code = await invite(office, "department administrator", "Sales")
    owner = Claimant(telegram_id=1001, first_name="Olivia", last_name="Owner", language="en")
    with pytest.raises(InvitationGivesNothing):
        await engine.write(invitations.accept, code, owner, engine.now())
    await engine.write(invitations.accept, code, somebody(), engine.now())


async def test_an_invitation_adds_to_the_departments_that_its_opener_manages(office: Office) -> None:
    engine = office.engine
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    manager = await a_manager(engine, "Sales", telegram_id=2001)
    code = await invite(office, "department administrator", "Support")
    assert await engine.write(invitations.accept, code, somebody(), engine.now()) == manager
    assert (await engine.read(people.card, office.owner_id, manager)).manages == (("Sales",), ("Support",))


async def test_learners_are_not_invited_to_be_learners(office: Office) -> None:
    with pytest.raises(NoInvitationNeeded):
        await invite(office, "learner")


async def test_an_invitation_waits_for_a_free_seat(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    code = await invite(office, "administrator")
    await engine.write(policies.limit_seats, owner, "1", engine.now())
    with pytest.raises(SeatsTaken):
        await engine.write(invitations.accept, code, somebody(), engine.now())
    await engine.write(policies.limit_seats, owner, "2", engine.now())
    await engine.write(invitations.accept, code, somebody(), engine.now())


async def test_ownership_goes_to_an_administrator_and_leaves_one_behind(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    new_owner = await a_user(engine, Role.ADMINISTRATOR, telegram_id=1002)
    await engine.write(ownership_transfer.transfer, owner, new_owner, engine.now())
    assert (await engine.read(people.card, new_owner, new_owner)).role is Role.OWNER
    assert (await engine.read(people.card, new_owner, owner)).role is Role.ADMINISTRATOR
    with pytest.raises(NotAllowed):
        await engine.write(ownership_transfer.transfer, owner, owner, engine.now())


async def test_ownership_goes_to_nobody_but_an_active_administrator_in_the_chat(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    idle = await a_user(engine, Role.ADMINISTRATOR, active=False, telegram_id=1002)
    away = await a_user(engine, Role.ADMINISTRATOR)
    for other in (idle, away, await a_manager(engine, "Sales", telegram_id=1003), owner):
        with pytest.raises(NoHeir):
            await engine.write(ownership_transfer.transfer, owner, other, engine.now())
    with pytest.raises(UserNotFound):
        await engine.write(ownership_transfer.transfer, owner, 7777, engine.now())


async def test_the_owners_role_is_not_assigned_away(office: Office) -> None:
    administrator = await a_user(office.engine, Role.ADMINISTRATOR)
    with pytest.raises(OwnerStays):
        await office.engine.write(roles.assign, administrator, office.owner_id, "learner", [], office.engine.now())
