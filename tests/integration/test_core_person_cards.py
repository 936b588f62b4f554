"""What cards and details of people hold, field by field, and how people are named and found."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from core.domain.access import Permission, Role, UserState
from core.domain.cadence import parse_cadence
from core.engine import Engine
from core.errors import NotAllowed, Refusal, UserNotFound, WaitsForApproval
from core.services import (
    courses,
    departments,
    digest_editing,
    digests,
    group_digests,
    invitations,
    people,
    people_list,
    people_lookup,
    person_details,
    policies,
    roles,
    time_zone,
)
from core.services.group_digests import Group
from core.services.people import Card, Person
from core.services.person_details import Ending, PersonDetails
from core.services.policies import Switch
from core.services.time_zone import Keep
from core.storage.tables import Question
from tests.support.account import FAST_HASH, Office, a_form
from tests.support.clock import Clock
from tests.support.rows import a_manager, a_user, deactivate, demote, department_id, repoint, transfer

DIGESTS, PEOPLE = Permission.RECEIVE_DIGESTS, Permission.MANAGE_PEOPLE
CREW = Group(chat_id=-5, thread_id=None, title="Crew")


async def card(engine: Engine, viewer: int, user_id: int) -> Card:
    return await engine.read(people.card, viewer, user_id)


async def show(office: Office, user_id: int, *, by: int = 0) -> PersonDetails:
    return await office.engine.read(person_details.show, by or office.owner_id, user_id, office.engine.now())


async def refused(office: Office, use_case: Any, *arguments: Any) -> dict[str, object]:  # noqa: ANN401
    with pytest.raises(Refusal) as refusal:
        await office.engine.read(use_case, office.owner_id, *arguments)
    return {"refusal": type(refusal.value), **vars(refusal.value)}


async def test_a_card_holds_what_is_known_of_a_person(office: Office, clock: Clock) -> None:
    await office.engine.write(time_zone.change, office.owner_id, "Europe/Riga", Keep.MOMENTS, clock())
    await a_user(office.engine, Role.LEARNER)
    added_at = clock.advance(hours=1)
    added = await office.engine.write(
        people.add, office.owner_id, a_form(login="berzina").newcomer, FAST_HASH, "Sales / EMEA", added_at
    )
    wanted = Card(
        user_id=added.user_id,
        name="Anna Berzina",
        email="anna@example.com",
        login="berzina",
        phone="",
        job_title="",
        state=UserState.ACTIVE,
        role=Role.LEARNER,
        role_name=None,
        department=("Sales", "EMEA"),
        manages=(),
        created_at=added_at,
        zone=ZoneInfo("Europe/Riga"),
    )
    assert added == await card(office.engine, office.owner_id, added.user_id) == wanted
    assert await office.engine.read(people.own_card, added.user_id) == wanted


async def test_a_card_names_a_custom_role_and_what_of_its_departments_its_viewer_may_see(office: Office) -> None:
    engine = office.engine
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    await engine.write(roles.add, office.owner_id, "Crew", [DIGESTS], engine.now())
    anna = await a_user(engine, Role.LEARNER, name="Anna")
    await engine.write(roles.assign, office.owner_id, anna, "Crew", ["Sales / EMEA", "Support"], engine.now())
    await transfer(engine, anna, "Sales")
    whole, part = await card(engine, office.owner_id, anna), await card(engine, await a_manager(engine, "Sales"), anna)
    assert (whole.role, whole.role_name) == (Role.CUSTOM, "Crew")
    assert (set(whole.manages), part.manages) == ({("Sales", "EMEA"), ("Support",)}, (("Sales", "EMEA"),))


async def test_who_has_yet_to_confirm_is_shown_with_the_address_they_typed(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await engine.write(policies.switch, owner, Switch.EMAIL_CONFIRMATION, engine.now(), on=True, can_mail=True)
    waiting = (await office.sign_up((await office.profile()).token)).user_id
    [found] = (await engine.read(people_list.listing, owner, "anna")).cards
    assert (found.user_id, found.email, found.state, found.unconfirmed) == (
        waiting,
        "anna@example.com",
        UserState.PENDING,
        True,
    )
    expected = {"refusal": WaitsForApproval, "name": "Anna Berzina", "unconfirmed": True}
    for use_case in (people.find, people_lookup.named):
        assert await refused(office, use_case, f"#{waiting}") == expected


async def test_who_waits_for_an_approval_is_named_as_waiting(approving: Office) -> None:
    await approving.sign_up((await approving.profile()).token)
    expected = {"refusal": WaitsForApproval, "name": "Anna Berzina", "unconfirmed": False}
    assert await refused(approving, people.find, "anna@example.com") == expected
    assert await refused(approving, people_lookup.named, "anna@example.com") == expected


async def test_a_person_is_found_by_address_login_or_number_and_named_as_typed_if_not(office: Office) -> None:
    await a_user(office.engine, Role.LEARNER)
    anna = (await office.sign_up((await office.profile()).token)).user_id
    for text in ("anna", " ANNA@example.com ", f" #{anna} "):
        assert await office.engine.read(people.find, office.owner_id, text) == anna
    for text in ("nobody", "#777", "# 1"):
        assert await refused(office, people.find, f" {text} ") == {"refusal": UserNotFound, "text": text}
    assert await refused(office, people.card, 777) == {"refusal": UserNotFound, "text": "777"}
    said = await refused(office, person_details.show, 777, office.engine.now())
    assert said == {"refusal": UserNotFound, "text": "777"}


async def test_several_are_named_between_commas_each_once_in_their_order(office: Office) -> None:
    card = await office.profile()
    numbers = {
        name: (await office.sign_up(card.token, f"{name}@example.com")).user_id for name in ("anna", "boris", "clara")
    }
    typed = f"clara@example.com; #{numbers['anna']} ,\nboris, CLARA,"
    found = await office.engine.read(people_lookup.named, office.owner_id, typed)
    assert found == [numbers["clara"], numbers["anna"], numbers["boris"]]
    said = await refused(office, people_lookup.named, "nobody, anna , else@example.com")
    assert said == {"refusal": UserNotFound, "text": "nobody, else@example.com"}
    assert await refused(office, people_lookup.named, " , ") == {"refusal": UserNotFound, "text": ","}


async def test_a_user_of_the_chat_is_known_with_rights_language_and_zone(office: Office, clock: Clock) -> None:
    engine = office.engine
    await engine.write(time_zone.change, office.owner_id, "Europe/Riga", Keep.MOMENTS, clock())
    manager = await a_user(engine, Role.CUSTOM, "Sales", permissions=[DIGESTS], telegram_id=1002, name="Rita")
    found = await engine.read(people.by_telegram_ids, [1001, 1002, 1003])
    assert set(found) == {1001, 1002}
    assert found[1002] == Person(
        user_id=manager,
        first_name="Rita",
        role=Role.CUSTOM,
        permissions=frozenset({DIGESTS}),
        language="en",
        zone=ZoneInfo("Europe/Riga"),
    )
    await deactivate(engine, manager)
    assert await engine.read(people.by_telegram_id, 1002) is None
    with pytest.raises(NotAllowed):
        await engine.read(people.own_card, manager)


async def test_details_count_the_digests_and_open_invitations_that_end_with_a_person(
    office: Office, clock: Clock
) -> None:
    engine = office.engine
    rita = await a_user(engine, Role.ADMINISTRATOR, telegram_id=1002, name="Rita")
    assert (await show(office, rita)).ending == Ending(digests=0, digest_in_group=False, invitations=0)
    await engine.write(digests.subscribe, rita, parse_cadence("daily 18:00"), 1002, clock())
    made = await engine.write(digest_editing.add, rita, None, 1002, clock(), newest=99)
    await engine.write(invitations.invite, rita, "administrator", (), clock())
    await engine.write(invitations.invite, office.owner_id, "administrator", (), clock())
    seen = await show(office, rita)
    assert seen.ending == Ending(digests=2, digest_in_group=False, invitations=1)
    await engine.write(digest_editing.remove, rita, made.named.digest_id, clock())
    await engine.write(group_digests.order, rita, CREW, parse_cadence("daily 09:00"), clock())
    question = await engine.read(lambda session: max(session.scalars(select(Question.id))))
    await engine.write(group_digests.confirm, rita, question, clock())
    after = await show(office, rita)
    assert after.ending == Ending(digests=1, digest_in_group=True, invitations=1)
    assert after.seen != seen.seen
    clock.advance(days=7)
    assert (await show(office, rita)).ending.invitations == 0


async def test_what_is_offered_of_a_person_depends_on_the_viewers_rights(office: Office) -> None:
    engine = office.engine
    anna = (await office.sign_up((await office.profile()).token)).user_id
    keeper = await a_user(engine, Role.CUSTOM, "Sales", permissions=[PEOPLE])
    teacher = await a_user(engine, Role.CUSTOM, "Sales", permissions=[PEOPLE, Permission.MANAGE_COURSES])
    away = await a_manager(engine, "Sales")
    here = await a_manager(engine, "Sales", telegram_id=1003)

    async def offered(viewer: int, seen: int) -> tuple[bool, bool, bool]:
        found = await show(office, seen, by=viewer)
        return found.may_assign, found.may_invite, found.may_enrol

    assert await offered(office.owner_id, anna) == (True, False, True)
    assert await offered(keeper, anna) == (False, False, False)
    assert await offered(teacher, anna) == (False, False, True)
    assert (await offered(office.owner_id, away), await offered(office.owner_id, here)) == (
        (True, True, True),
        (True, False, True),
    )
    assert await offered(office.owner_id, office.owner_id) == (False, False, True)


async def test_details_say_how_and_when_somebody_came_and_what_they_agreed_to(office: Office, clock: Clock) -> None:
    engine = office.engine
    await office.sign_up((await office.profile(name="Another")).token, "other@example.com")
    plain = (await office.sign_up((await office.profile(name="Plain")).token, "plain@example.com")).user_id
    at = clock.advance(hours=1)
    chosen = await office.profile(name="Autumn")
    anna = (await office.sign_up(chosen.token)).user_id
    clock.advance(hours=1)
    arrival = (await show(office, anna)).arrival
    assert arrival is not None
    assert (arrival.profile_id, arrival.profile_name, arrival.at) == (chosen.profile_id, "Autumn", at)
    assert (await show(office, anna)).consent is None
    reader = await a_manager(engine, "Sales / EMEA")
    await repoint(engine, chosen.profile_id, "Sales")
    read = (await show(office, anna, by=reader)).arrival
    assert read is not None
    assert (read.profile_name, read.may_return) == ("Autumn", False)
    assert (await show(office, plain)).arrival is not None


async def test_what_a_removal_asks_about_changes_with_the_persons_rights_courses_and_name(office: Office) -> None:
    engine = office.engine
    anna = await a_manager(engine, "Sales")
    seen = {(await show(office, anna)).seen}
    await engine.write(courses.enrol, anna, await engine.read(department_id, "Sales"), engine.now())
    seen.add((await show(office, anna)).seen)
    await demote(engine, anna)
    seen.add((await show(office, anna)).seen)
    assert len(seen) == 3
