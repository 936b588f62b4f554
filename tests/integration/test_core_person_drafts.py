"""The form that adds a person: what it begins with, what is typed on it, and the person that it adds."""

from collections.abc import Mapping

import pytest

from core.domain.field_kinds import Kind
from core.errors import DepartmentGone, FieldGone, InvalidForm, OtherTurn, Problem
from core.services import (
    departments,
    dialogues,
    form_fields,
    people_list,
    person_details,
    person_drafts,
    policies,
)
from core.services.dialogues import Step
from core.services.form_fields import FieldDraft
from core.services.person_drafts import Answers, Beginning, PersonFacts
from tests.support.account import Office
from tests.support.rows import a_manager, department_id

CHAT = 77
EMAIL = "anna@example.com"
DRAFT: Answers = {"department": None, "values": {}}

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def begun(office: Office, *, region: str | None = "LV", **known: str) -> Beginning:
    return await office.engine.read(person_drafts.begin, office.owner_id, known, region=region)


async def filled(office: Office, answers: Answers, **typed: str) -> Answers:
    return await office.engine.read(person_drafts.fill, office.owner_id, answers, typed, region="LV")


async def read(office: Office, text: str, region: str | None = "LV", **values: str) -> Mapping[str, str]:
    """Return the values of a form on which a text was typed."""
    answers = {**DRAFT, "values": values}
    found = await office.engine.read(person_drafts.read, office.owner_id, text, answers, region=region)
    known: Mapping[str, str] = found["values"]
    return known


async def facts(office: Office, actor_id: int | None = None, **answers: object) -> PersonFacts:
    return await office.engine.read(person_drafts.facts, actor_id or office.owner_id, {**DRAFT, **answers})


async def add_field(office: Office, label: str, *, required: bool = False) -> str:
    draft = FieldDraft(label=label, kind=Kind.TEXT, required=required)
    card = await office.engine.write(form_fields.add_field, office.owner_id, draft, office.engine.now())
    return next(each.name for each in (await facts(office)).form.fields if each.name.endswith(str(card.field_id)))


async def created(office: Office, answers: Answers, region: str | None = "LV") -> person_details.PersonDetails:
    engine, owner = office.engine, office.owner_id
    form = await engine.write(dialogues.begin, owner, CHAT, "person", Step(answers=answers), engine.now())
    made = await engine.write(person_drafts.create, owner, CHAT, form.turn, engine.now(), region=region)
    return await engine.read(person_details.show, owner, made.user_id, engine.now())


async def test_what_is_known_begins_the_form_normalised(office: Office) -> None:
    found = await begun(office, first_name=" Anna ", email="Anna@Example.com", phone="2000 0000")
    assert found.answers["values"] == {"first_name": "Anna", "email": EMAIL, "phone": "+37120000000"}


async def test_what_a_field_refuses_is_left_out_of_a_beginning_and_the_rest_stays(office: Office) -> None:
    found = await begun(office, phone="12", email="anna@", first_name="Anna", last_name="")
    assert found.answers["values"] == {"first_name": "Anna"}


async def test_a_number_without_a_country_code_is_left_out_of_a_beginning_where_no_country_is_known(
    office: Office,
) -> None:
    assert (await begun(office, region=None, phone="20000000")).answers["values"] == {}


async def test_a_form_begins_in_the_department_of_the_last_profile(office: Office) -> None:
    await office.engine.write(departments.add, office.owner_id, "Support", office.engine.now())
    found = await begun(office)
    assert (found.answers["department"], found.choosable) == (None, True)
    await office.profile()
    found = await begun(office)
    assert found.answers["department"] == await office.engine.read(department_id, "Sales / EMEA")
    assert found.choosable


async def test_nothing_can_be_chosen_while_there_is_no_department(office: Office) -> None:
    manager = await a_manager(office.engine)
    found = await office.engine.read(person_drafts.begin, manager, {}, region=None)
    assert found == Beginning(answers={**DRAFT}, choosable=False)


async def test_a_form_shows_its_values_its_department_and_what_is_missing(office: Office) -> None:
    number = await office.engine.read(department_id, "Sales / EMEA")
    shown = await facts(office, department=number, values={"first_name": "Anna", "gone": "?"})
    assert shown.values == {"first_name": "Anna"}
    assert shown.department == ("Sales", "EMEA")
    assert [each.name for each in shown.missing] == ["last_name", "email"]
    assert shown.field("email").name == "email"
    with pytest.raises(FieldGone):
        shown.field("gone")


async def test_a_required_field_of_the_accounts_own_is_missing_until_it_has_a_value(office: Office) -> None:
    name = await add_field(office, "Team", required=True)
    assert name in {each.name for each in (await facts(office)).missing}
    assert name not in {each.name for each in (await facts(office, values={name: "Blue"})).missing}


async def test_a_department_that_is_out_of_reach_or_does_not_exist_is_not_shown(office: Office) -> None:
    await office.engine.write(departments.add, office.owner_id, "Support", office.engine.now())
    support = await office.engine.read(department_id, "Support")
    manager = await a_manager(office.engine, "Sales")
    assert (await facts(office, department=support)).department == ("Support",)
    assert (await facts(office, manager, department=support)).department is None
    assert (await facts(office, department=9999)).department is None


async def test_filling_in_keeps_what_was_there_and_an_empty_text_empties_a_field(office: Office) -> None:
    answers = {"department": 5, "values": {"first_name": "Anna", "phone": "+37120000000"}}
    found = await filled(office, answers, phone="", last_name="Berzina")
    assert found == {"department": 5, "values": {"first_name": "Anna", "last_name": "Berzina"}}


async def test_an_emptied_address_is_no_mistake(office: Office) -> None:
    assert await filled(office, {**DRAFT, "values": {"email": EMAIL}}, email="") == DRAFT


async def test_filling_in_a_field_that_is_gone_is_refused(office: Office) -> None:
    with pytest.raises(FieldGone):
        await filled(office, DRAFT, gone="x")


async def test_an_address_of_another_domain_is_refused_here_too(office: Office) -> None:
    engine = office.engine
    await engine.write(policies.allow_domains, office.owner_id, ["example.org"], engine.now())
    with pytest.raises(InvalidForm) as refused:
        await filled(office, DRAFT, email=EMAIL)
    assert refused.value.problems == {"email": Problem.DOMAIN_NOT_ALLOWED}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Anna Berzina", {"first_name": "Anna", "last_name": "Berzina"}),
        ("Anna Maria Berzina", {"first_name": "Anna Maria", "last_name": "Berzina"}),
        ("Anna", {"first_name": "Anna"}),
        (EMAIL, {"email": EMAIL}),
        (f"{EMAIL} {EMAIL}", {"email": EMAIL}),
        ("+371 20 000 000", {"phone": "+37120000000"}),
        (f"{EMAIL} Anna 20000000", {"email": EMAIL, "phone": "+37120000000", "first_name": "Anna"}),
    ],
)
async def test_what_is_typed_is_told_apart(office: Office, text: str, values: Mapping[str, str]) -> None:
    assert await read(office, text) == values


async def test_a_single_word_is_the_last_name_where_only_that_is_missing(office: Office) -> None:
    assert await read(office, "Berzina", first_name="Anna") == {"first_name": "Anna", "last_name": "Berzina"}
    assert await read(office, "Ilze", first_name="Anna", last_name="Ozola") == {
        "first_name": "Ilze",
        "last_name": "Ozola",
    }
    assert await read(office, "Ilze", last_name="Ozola") == {"first_name": "Ilze", "last_name": "Ozola"}


async def test_a_typed_number_needs_its_country_code_where_no_country_is_known(office: Office) -> None:
    with pytest.raises(InvalidForm) as refused:
        await read(office, "20000000", None)
    assert set(refused.value.problems) == {"phone"}


async def test_several_addresses_or_numbers_at_once_are_refused(office: Office) -> None:
    for text, name in ((f"{EMAIL} olga@example.com", "email"), ("+37120000000 +37120000001", "phone")):
        with pytest.raises(InvalidForm) as refused:
            await read(office, text)
        assert set(refused.value.problems) == {name}, text


async def test_the_person_of_a_form_is_added_where_it_says_with_all_values(office: Office) -> None:
    number = await office.engine.read(department_id, "Sales / EMEA")
    name = await add_field(office, "Team")
    values = {"first_name": "Anna", "last_name": "Berzina", "email": EMAIL, "phone": "20000000", name: "Blue"}
    shown = await created(office, {"department": number, "values": values})
    assert (shown.card.name, shown.card.email, shown.card.phone) == ("Anna Berzina", EMAIL, "+37120000000")
    assert shown.card.department == ("Sales", "EMEA")
    assert [(each.label, each.value) for each in shown.filled] == [("Team", "Blue")]


async def test_a_form_without_values_or_a_department_adds_nobody(office: Office) -> None:
    number = await office.engine.read(department_id, "Sales / EMEA")
    with pytest.raises(InvalidForm) as refused:
        await created(office, {"department": number})
    assert refused.value.problems == dict.fromkeys(("first_name", "last_name", "email"), Problem.MISSING)
    with pytest.raises(DepartmentGone):
        await created(office, {"values": {"first_name": "Anna", "last_name": "Berzina", "email": EMAIL}})
    assert (await office.engine.read(people_list.listing, office.owner_id, EMAIL)).total == 0


async def test_a_form_adds_its_person_once(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    number = await engine.read(department_id, "Sales")
    values = {"first_name": "Anna", "last_name": "Berzina", "email": EMAIL}
    step = Step(answers={"department": number, "values": values})
    form = await engine.write(dialogues.begin, owner, CHAT, "person", step, engine.now())
    made = await engine.write(person_drafts.create, owner, CHAT, form.turn, engine.now(), region=None)
    with pytest.raises(OtherTurn):
        await engine.write(person_drafts.create, owner, CHAT, form.turn, engine.now(), region=None)
    found = await engine.read(dialogues.current, owner, CHAT, engine.now())
    assert found
    assert found.made == made.user_id
