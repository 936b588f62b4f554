"""All about one person, as far as the viewer may know."""

import pytest

from core.domain.access import Permission, Role
from core.domain.field_kinds import Kind
from core.domain.form_fields import read_form
from core.errors import UserNotFound
from core.services import form_fields, history, people, person_details, sign_up_forms
from core.services.form_fields import FieldDraft
from tests.support.account import FAST_HASH, Office
from tests.support.rows import a_manager, a_user, repoint, transfer


async def anna(office: Office) -> int:
    return (await office.sign_up((await office.profile()).token)).user_id


async def show(office: Office, viewer: int, user_id: int) -> person_details.PersonDetails:
    return await office.engine.read(person_details.show, viewer, user_id, office.engine.now())


async def test_a_dossier_holds_answers_courses_and_the_way_somebody_came(office: Office) -> None:
    now = office.engine.now()
    number = await anna(office)
    shown = await show(office, office.owner_id, number)
    assert [course.title for course in shown.courses] == ["Safety first"]
    assert shown.arrival
    assert (shown.arrival.profile_name, shown.arrival.returned, shown.arrival.may_return) == (
        "Autumn sales",
        False,
        True,
    )
    await office.engine.write(history.return_activation, office.owner_id, shown.arrival.activation_id, "", now)
    returned = (await show(office, office.owner_id, number)).arrival
    assert returned
    assert (returned.returned, returned.may_return) == (True, False)


async def test_answers_come_in_the_forms_order_without_those_of_removed_fields(office: Office) -> None:
    now, owner = office.engine.now(), office.owner_id
    for label in ("Crew", "Boat", "Gone"):
        await office.engine.write(form_fields.add_field, owner, FieldDraft(label=label, kind=Kind.TEXT), now)
    asked = await office.engine.read(sign_up_forms.full_form, owner)
    values = {"first_name": "A", "last_name": "B", "email": "a@example.com", "password": "a long secret"}
    values |= {field.name: f"my {field.label}" for field in asked.fields if field.label}
    newcomer = read_form(values, asked, region=None)
    card = await office.engine.write(people.add, owner, newcomer, FAST_HASH, "Sales", now)
    await office.engine.write(form_fields.remove_field, owner, "Gone", now)
    await office.engine.write(form_fields.move_field, owner, "Boat", 1, now)
    shown = await show(office, owner, card.user_id)
    assert [(each.label, each.value) for each in shown.filled] == [("Boat", "my Boat"), ("Crew", "my Crew")]
    assert shown.arrival is None


async def test_the_way_somebody_came_is_told_to_readers_of_the_profile_only(office: Office) -> None:
    number = await anna(office)
    await transfer(office.engine, number, "Sales")
    await repoint(office.engine, 1, "Sales")
    reader = await a_manager(office.engine, "Sales / EMEA")
    without = await a_user(office.engine, Role.CUSTOM, "Sales", permissions=[Permission.MANAGE_PEOPLE])
    assert (await show(office, without, number)).arrival is None
    await transfer(office.engine, number, "Sales / EMEA")
    read = (await show(office, reader, number)).arrival
    assert read
    assert not read.may_return


async def test_nobody_beyond_the_viewers_reach_is_shown(office: Office) -> None:
    number = await anna(office)
    await transfer(office.engine, number, "Sales")
    manager = await a_manager(office.engine, "Sales / EMEA")
    with pytest.raises(UserNotFound):
        await show(office, manager, number)
    with pytest.raises(UserNotFound):
        await office.engine.read(people.find, manager, f"#{number}")


async def test_what_is_offered_depends_on_rank(office: Office) -> None:
    administrator = await a_user(office.engine, Role.ADMINISTRATOR)
    root_manager = await a_manager(office.engine, "")
    offered = {
        (viewer, seen): ((dossier := await show(office, viewer, seen)).may_change, dossier.may_end)
        for viewer in (office.owner_id, administrator, root_manager)
        for seen in (office.owner_id, administrator, root_manager)
    }
    assert offered == {
        (office.owner_id, office.owner_id): (True, False),
        (office.owner_id, administrator): (True, True),
        (office.owner_id, root_manager): (True, True),
        (administrator, office.owner_id): (False, False),
        (administrator, administrator): (True, False),
        (administrator, root_manager): (True, True),
        (root_manager, office.owner_id): (False, False),
        (root_manager, administrator): (False, False),
        (root_manager, root_manager): (True, False),
    }


async def test_everybody_sees_their_own_card(office: Office) -> None:
    number = await anna(office)
    assert (await office.engine.read(people.own_card, number)).name == "Anna Berzina"
