"""What questions and refusals about roles name, who hears of a change, and what the removal of a role takes."""

from typing import Any

import pytest

from core.domain.access import Permission, Role
from core.domain.outbox import Kind
from core.errors import (
    DepartmentsNeeded,
    InvalidInvitation,
    PreviewOutdated,
    Refusal,
    RoleBuiltIn,
    RoleExists,
    RoleInUse,
    RoleNotFound,
    UserNotFound,
)
from core.services import audit_log, invitations, people, role_drafts, role_grants, role_removal, roles
from core.services.ownership import Claimant
from core.services.role_drafts import RoleDraft
from core.services.role_grants import Proposal, Widening
from core.services.roles import Holder, RoleCard
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.digests import waiting
from tests.support.rows import a_user

SOMEBODY = Claimant(telegram_id=2001, first_name="Nina", last_name="Nova", language="en")
DIGESTS, PEOPLE, LOG = Permission.RECEIVE_DIGESTS, Permission.MANAGE_PEOPLE, Permission.READ_LOG


async def add_role(office: Office, name: str, *permissions: Permission) -> RoleCard:
    return await office.engine.write(roles.add, office.owner_id, name, permissions or (DIGESTS,), office.engine.now())


async def assign(office: Office, user_id: int, role: str, *managed: str) -> people.Card:
    return await office.engine.write(roles.assign, office.owner_id, user_id, role, managed, office.engine.now())


async def notices(office: Office) -> list[tuple[int, Kind, int]]:
    return [(each.user_id, each.kind, each.subject_id) for each in await waiting(office.engine)]


async def refused(office: Office, use_case: Any, *arguments: Any, by: int = 0) -> dict[str, object]:  # noqa: ANN401
    """Give what the refusal of a use case says."""
    with pytest.raises(Refusal) as refusal:
        await office.engine.write(
            lambda session: use_case(session, by or office.owner_id, *arguments, office.engine.now())
        )
    return {"refusal": type(refusal.value), **vars(refusal.value)}


async def test_refusals_have_the_name_as_it_was_typed_without_its_spaces(office: Office) -> None:
    await add_role(office, "Crew")
    assert await refused(office, roles.add, " CREW ", [DIGESTS]) == {"refusal": RoleExists, "name": "CREW"}
    assert await refused(office, roles.add, " Owner ", [DIGESTS]) == {"refusal": RoleBuiltIn, "name": "Owner"}
    gone = {"refusal": RoleNotFound, "name": "Nobody at all", "nearest": ()}
    assert await refused(office, roles.change, " Nobody at all ", [DIGESTS]) == gone


async def test_refusals_of_a_grant_have_the_roles_name_or_the_persons_number(office: Office) -> None:
    await add_role(office, "Crew")
    anna = await a_user(office.engine, Role.LEARNER)
    needed = {"refusal": DepartmentsNeeded, "role": "Crew"}
    assert await refused(office, roles.assign, anna, "crew", []) == needed
    not_needed = {"refusal": DepartmentsNeeded, "role": Role.ADMINISTRATOR}
    assert await refused(office, roles.assign, anna, "administrator", ["Sales"]) == not_needed
    gone = {"refusal": UserNotFound, "text": "7777"}
    assert await refused(office, roles.assign, 7777, "learner", []) == gone


async def test_a_role_that_people_have_is_refused_with_their_number(office: Office) -> None:
    await add_role(office, "Crew")
    for _ in range(2):
        await assign(office, await a_user(office.engine, Role.LEARNER), "Crew", "Sales")
    in_use = {"refusal": RoleInUse, "name": "Crew", "holders": 2}
    assert await refused(office, role_removal.remove, "crew") == in_use
    assert await refused(office, role_removal.preview, "crew") == in_use


async def test_who_gets_a_role_and_who_has_a_changed_one_hear_of_it_and_by_whom(office: Office) -> None:
    await add_role(office, "Other")
    await add_role(office, "Crew")
    await a_user(office.engine, Role.LEARNER)
    giver = await a_user(office.engine, Role.ADMINISTRATOR, telegram_id=1002)
    anna = await a_user(office.engine, Role.LEARNER, telegram_id=1003)
    await office.engine.write(roles.assign, giver, anna, "crew", ["Sales"], office.engine.now())
    assert await notices(office) == [(anna, Kind.RIGHTS_CHANGED, giver)]
    await office.engine.write(roles.change, giver, "Crew", [DIGESTS], office.engine.now())
    await office.engine.write(roles.change, giver, "Other", [PEOPLE], office.engine.now())
    assert await notices(office) == []
    await office.engine.write(roles.change, giver, "Crew", [PEOPLE], office.engine.now())
    assert await notices(office) == [(anna, Kind.RIGHTS_CHANGED, giver)]


async def test_staff_is_listed_by_role(office: Office) -> None:
    crew = await add_role(office, "Crew")
    names = [("Anna", Role.LEARNER), ("Boris", Role.ADMINISTRATOR), ("Clara", Role.ADMINISTRATOR)]
    anna, boris, clara = [await a_user(office.engine, role, name=name) for name, role in names]
    await assign(office, anna, "Crew", "Sales")
    assert await office.engine.read(roles.holders, office.owner_id) == {
        (Role.OWNER, None): (Holder(user_id=office.owner_id, name="Olivia Owner"),),
        (Role.CUSTOM, crew.role_id): (Holder(user_id=anna, name="Anna Meier"),),
        (Role.ADMINISTRATOR, None): (
            Holder(user_id=boris, name="Boris Meier"),
            Holder(user_id=clara, name="Clara Meier"),
        ),
    }


async def test_roles_are_listed_by_name_with_their_holders(office: Office) -> None:
    for name in ("beta", "Alpha", "Gamma"):
        await add_role(office, name, DIGESTS, LOG)
    await assign(office, await a_user(office.engine, Role.LEARNER), "beta", "Sales")
    found = await office.engine.read(roles.listing, office.owner_id)
    assert [(each.name, each.permissions, each.holders) for each in found] == [
        ("Alpha", frozenset({DIGESTS, LOG}), 0),
        ("beta", frozenset({DIGESTS, LOG}), 1),
        ("Gamma", frozenset({DIGESTS, LOG}), 0),
    ]


async def test_a_question_about_a_grant_names_person_role_permissions_and_departments(office: Office) -> None:
    await add_role(office, "Crew", DIGESTS, PEOPLE)
    away, here = [await a_user(office.engine, Role.LEARNER, telegram_id=number) for number in (None, 1002)]
    for user_id, in_chat in ((away, False), (here, True)):
        asked = await office.engine.write(
            role_grants.propose, office.owner_id, user_id, " crew", ["Sales / EMEA"], office.engine.now()
        )
        assert isinstance(asked, Proposal)
        assert (asked.person.user_id, asked.in_chat) == (user_id, in_chat)
        assert (asked.role, asked.role_name, asked.permissions) == (Role.CUSTOM, "Crew", frozenset({DIGESTS, PEOPLE}))
        assert asked.departments == (("Sales", "EMEA"),)
        given = await office.engine.write(role_grants.confirm, office.owner_id, asked.question_id, office.engine.now())
        assert given == user_id
        assert (await office.engine.read(people.card, office.owner_id, user_id)).manages == (("Sales", "EMEA"),)


async def test_a_question_about_a_wider_role_names_it_as_it_is_written_and_those_who_have_it(office: Office) -> None:
    await add_role(office, "Crew", DIGESTS)
    for name in ("Anna", "Boris"):
        await assign(office, await a_user(office.engine, Role.LEARNER, name=name), "Crew", "Sales")
    asked = await office.engine.write(
        role_grants.propose_change, office.owner_id, "CREW", [PEOPLE, DIGESTS], office.engine.now()
    )
    assert isinstance(asked, Widening)
    assert (asked.role_name, asked.added, asked.holders) == ("Crew", frozenset({PEOPLE}), ("Anna Meier", "Boris Meier"))
    changed = await office.engine.write(
        role_grants.confirm_change, office.owner_id, asked.question_id, office.engine.now()
    )
    assert (changed.name, changed.permissions, changed.holders) == ("Crew", frozenset({PEOPLE, DIGESTS}), 2)


async def test_permissions_are_ticked_and_taken_away_until_the_draft_is_saved(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    draft = await engine.write(role_drafts.begin, owner, " Crew ", engine.now())
    assert (draft.name, draft.role_id, draft.before, draft.permissions) == ("Crew", None, frozenset(), frozenset())
    for permission in (DIGESTS, PEOPLE, DIGESTS):
        draft = await engine.write(role_drafts.tick, owner, draft.question_id, permission, engine.now())
    assert draft.permissions == {PEOPLE}
    added = await engine.write(role_drafts.save, owner, draft.question_id, engine.now())
    assert isinstance(added, RoleCard)
    assert (added.name, added.permissions) == ("Crew", frozenset({PEOPLE}))


async def test_a_draft_of_a_change_begins_with_what_the_role_has(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await add_role(office, "Other")
    crew = await add_role(office, "Crew", PEOPLE, DIGESTS)
    draft = await engine.write(role_drafts.begin_change, owner, "crew", engine.now())
    had = frozenset({PEOPLE, DIGESTS})
    wanted = RoleDraft(question_id=draft.question_id, name="Crew", role_id=crew.role_id, before=had, permissions=had)
    assert draft == wanted
    ticked = await engine.write(role_drafts.tick, owner, draft.question_id, LOG, engine.now())
    assert (ticked.before, ticked.permissions) == (had, had | {LOG})
    changed = await engine.write(role_drafts.save, owner, ticked.question_id, engine.now())
    assert isinstance(changed, RoleCard)
    assert changed.permissions == had | {LOG}


async def invite(office: Office, role: str, *managed: str) -> invitations.Made:
    return await office.engine.write(invitations.invite, office.owner_id, role, managed, office.engine.now())


async def test_a_removal_names_the_open_invitations_to_the_role_and_withdraws_them(
    office: Office, clock: Clock
) -> None:
    engine, owner = office.engine, office.owner_id
    crew, _ = await add_role(office, "Crew"), await add_role(office, "Other")
    await invite(office, "Crew", "Sales")
    clock.advance(days=7)  # the first one has expired
    made = [await invite(office, "Crew", "Sales"), await invite(office, "Other", "Sales")]
    found = await engine.read(role_removal.preview, owner, "crew", engine.now())
    assert (found.role_id, found.name, found.invitations) == (crew.role_id, "Crew", 1)
    made.append(await invite(office, "crew", "Sales"))
    with pytest.raises(PreviewOutdated):
        await engine.write(role_removal.remove, owner, crew.role_id, engine.now(), seen=found.seen)
    found = await engine.read(role_removal.preview, owner, "crew", engine.now())
    assert found.invitations == 2
    removed = await engine.write(role_removal.remove, owner, crew.role_id, engine.now(), seen=found.seen)
    assert removed == "Crew"
    waiting_ones = await engine.read(invitations.waiting, owner, engine.now())
    assert [each.role_name for each in waiting_ones] == ["Other"]


async def test_a_removal_is_out_of_date_if_the_role_is_another_one_now(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    for name in ("Crew", "Other"):
        await add_role(office, name)
    seen = (await engine.read(role_removal.preview, owner, "Other", engine.now())).seen
    with pytest.raises(PreviewOutdated):
        await engine.write(role_removal.remove, owner, "Crew", engine.now(), seen=seen)


async def test_an_invitation_ends_after_seven_days_and_not_a_second_before(office: Office, clock: Clock) -> None:
    made = await invite(office, "department administrator", "Sales", "Sales / EMEA")
    opened = made.invitation
    assert (opened.role, opened.role_name, opened.person) == (
        Role.DEPARTMENT_ADMINISTRATOR,
        "department administrator",
        None,
    )
    assert set(opened.departments) == {("Sales",), ("Sales", "EMEA")}
    clock.advance(days=7, seconds=-1)
    assert await office.engine.read(invitations.is_open, made.code, clock())
    clock.advance(seconds=1)
    assert not await office.engine.read(invitations.is_open, made.code, clock())
    assert opened.expires_at == clock()


async def test_only_its_maker_reads_who_opened_an_invitation(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await invite(office, "administrator")
    made = await invite(office, "department administrator", "Sales")
    number = made.invitation.invitation_id
    other = await a_user(engine, Role.ADMINISTRATOR)
    with pytest.raises(InvalidInvitation):
        await engine.read(invitations.opened, owner, number)
    opener = await engine.write(invitations.accept, made.code, SOMEBODY, engine.now())
    assert await notices(office) == [(owner, Kind.INVITATION_OPENED, number)]
    found = await engine.read(invitations.opened, owner, number)
    assert (found.user_id, found.name, found.role) == (opener, "Nina Nova", Role.DEPARTMENT_ADMINISTRATOR)
    assert (found.role_name, found.departments) == ("department administrator", (("Sales",),))
    with pytest.raises(InvalidInvitation):
        await engine.read(invitations.opened, other, number)


async def test_a_role_with_a_custom_name_is_logged_with_it_and_its_departments(office: Office) -> None:
    await add_role(office, "Crew")
    anna = await a_user(office.engine, Role.LEARNER)
    await assign(office, anna, "crew", "Sales / EMEA", "Sales")
    [entry, *_] = (await office.engine.read(audit_log.page, office.owner_id)).entries
    assert entry.after == {"role": "Crew", "departments": [["Sales"], ["Sales", "EMEA"]]}
