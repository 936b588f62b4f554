"""The form of a new person: its buttons, what is typed on it, where it is opened from, and whom it adds."""

from dataclasses import dataclass
from typing import Any

import pytest

from core.domain.access import Permission, Role
from core.domain.field_kinds import Kind
from core.services import departments, form_fields, password_links, people_list
from core.services.form_fields import FieldDraft
from core.services.people import Card
from tests.support.account import Office
from tests.support.router_fixture import Counter
from tests.support.rows import a_user
from tests.support.screens import Screens
from tests.support.statements import counted

MANAGER, WORD_JOINER = 2002, "\u2060"
EMPTY = """New person

Name: not given yet
Email: not given yet
Department: not chosen yet

Type the name, the email address or the phone number, or tap what to fill in."""

# What people read is the same on both databases; the row of a form is tested on both in test_core_dialogues.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass(kw_only=True)
class Read(Screens):
    """Screens as they are read: without the marks that keep an address from being a link."""

    @property
    def text(self) -> str:
        return super().text.replace(WORD_JOINER, "")


@pytest.fixture
def screens(office: Office) -> Screens:
    return Read(engine=office.engine)


async def found(office: Office, words: str) -> list[Card]:
    return list((await office.engine.read(people_list.listing, office.owner_id, words)).cards)


async def add_field(office: Office, label: str, kind: Kind = Kind.TEXT, **more: Any) -> None:  # noqa: ANN401 - a draft's
    draft = FieldDraft(label=label, kind=kind, **more)
    await office.engine.write(form_fields.add_field, office.owner_id, draft, office.engine.now())


async def test_a_person_is_added_by_two_typed_answers_and_three_taps(office: Office, screens: Screens) -> None:
    await screens.type("/people")
    assert await screens.tap("➕ Add") == EMPTY
    assert screens.labels == [
        ["First name ›"],
        ["First name ›", "Last name ›"],
        ["Email ›", "All fields ›"],
        ["Cancel"],
    ]
    assert (await screens.type("Boris Ozols")).startswith("First name: Boris ✓\nLast name: Ozols ✓\n\nNew person")
    assert screens.labels[0] == ["Email ›"]
    assert "Email: boris@example.com ✓" in await screens.type("boris@example.com")
    assert screens.labels[0] == ["Choose the department ›"]
    await screens.tap("Choose the department ›")
    await screens.tap("Sales ›")
    await screens.tap("EMEA")
    assert screens.labels[:2] == [["Add the person"], ["Department: EMEA ›"]]
    adding = screens.data("Add the person")
    card = await screens.tap("Add the person")
    assert "Boris Ozols sets a password here:" in card
    code = card.partition("/password/")[2].split()[0]
    [boris] = await found(office, "boris")
    assert (boris.email, boris.department) == ("boris@example.com", ("Sales", "EMEA"))
    assert (await office.engine.read(password_links.find, code, office.engine.now())).user_id == boris.user_id
    again = await screens.send(adding)
    assert "Boris Ozols" in again
    assert "/password/" not in again
    assert len(await found(office, "boris")) == 1


async def test_what_is_typed_is_an_address_a_number_or_a_name(screens: Screens) -> None:
    await screens.type("/addperson")
    assert "Name: María José Cruz\nEmail: mj@example.com" in await screens.type("María José Cruz mj@example.com")
    assert "Phone: +37120000000 ✓" in await screens.type("+371 2000 0000")
    assert "Name: Ana Cruz" in await screens.type("Ana")
    assert "· Email: enter an email address like name@example.com" in await type_into(screens, "Email ›", "ana@")
    assert "Email: ana@example.com ✓" in await screens.type("ana@example.com")
    assert "· Phone: enter a phone number" in await screens.type("12")
    assert "“Ana Cruz” is kept for a week." in await screens.tap("Cancel")
    assert "Name: Ana Cruz\nEmail: ana@example.com" in await screens.tap("Continue")


async def test_a_name_a_number_and_an_address_are_told_apart_in_one_message(screens: Screens) -> None:
    await screens.type("/addperson")
    shown = await screens.type("Anna Berzina +371 2000 0000 anna@example.com")
    assert "Name: Anna Berzina\nEmail: anna@example.com" in shown
    assert "Phone: +37120000000" in shown


async def test_a_second_address_is_asked_about_rather_than_left_out(screens: Screens) -> None:
    await screens.type("/addperson")
    shown = await screens.type("Anna Berzina anna@example.com boris@example.com")
    assert shown.startswith("2 people: is that the answer to this form, or shall I do something else with them?")
    assert "Email: not given yet" in shown


async def type_into(screens: Screens, label: str, text: str) -> str:
    await screens.tap(label)
    return await screens.type(text)


async def test_a_line_between_bars_fills_the_form_in(screens: Screens) -> None:
    await screens.type("/addperson")
    shown = await screens.type("Anna | Berzina | anna@example.com | EMEA | Phone: +371 20000000")
    for line in ("Name: Anna Berzina", "Email: anna@example.com", "Department: Sales / EMEA", "Phone: +37120000000"):
        assert line in shown
    assert "Name: Anna Kalnina" in await screens.type("| Kalnina")
    assert "“x” as its label" in await screens.type("| | | | x")
    assert "Shoe" in await screens.type("| | | | Shoe: 43")
    assert "Berlin" in await screens.type("| | | Berlin")
    assert "Department: Sales / EMEA" in screens.text


async def test_the_accounts_own_fields_are_asked_for(office: Office, screens: Screens) -> None:
    await add_field(office, "Shirt", Kind.CHOICE, choices=tuple("ABCDEFG"), required=True)
    await add_field(office, "Born", Kind.DATE)
    await screens.type("/addperson")
    await screens.type("Anna Berzina anna@example.com")
    assert "Shirt: not given yet" in screens.text
    assert screens.labels[0] == ["Shirt ›"]
    await screens.tap("Shirt ›")
    assert screens.labels[:5] == [["A"], ["B"], ["C"], ["D"], ["E"]]
    await screens.tap("›")
    assert "Shirt: G" in await screens.tap("G")
    await screens.tap("All fields ›")
    assert ["Shirt ›", "Born ›"] in screens.labels
    assert "Type it, for example 2026-12-31." in await screens.tap("Born ›")
    assert "· Born: enter a date like 2026-12-31" in await screens.type("yesterday")
    assert "Born: " in await screens.type("2001-12-31")
    await screens.tap("All fields ›")
    await screens.tap("Born ›")
    assert "Born" not in await screens.tap("Leave it empty")
    await screens.tap("All fields ›")
    await screens.tap("Shirt ›")
    assert ["Leave it empty"] not in screens.labels
    await screens.tap("‹ Back")
    await screens.tap("‹ Back")
    assert "Name: Anna Berzina" in screens.text


async def test_an_address_that_is_taken_is_said_above_the_form(office: Office, screens: Screens) -> None:
    await office.sign_up((await office.profile()).token)
    await screens.type("/addperson")
    await screens.type("Boris | Ozols | anna@example.com | EMEA")
    refused = await screens.tap("Add the person")
    assert "anna@example.com" in refused.partition("New person")[0]
    assert screens.labels[0] == ["Add the person"]
    await screens.type("boris@example.com")
    assert "Boris Ozols sets a password here:" in await screens.tap("Add the person")


async def test_a_field_that_became_required_meanwhile_is_asked_for(office: Office, screens: Screens) -> None:
    await screens.type("/addperson")
    await screens.type("Boris | Ozols | boris@example.com | EMEA")
    await add_field(office, "Badge", required=True)
    assert "· Badge: enter a value" in await screens.tap("Add the person")
    assert screens.labels[0] == ["Badge ›"]
    await type_into(screens, "Badge ›", "17")
    assert "Boris Ozols sets a password here:" in await screens.tap("Add the person")


async def test_pasted_addresses_that_nobody_has_open_the_form(office: Office, screens: Screens) -> None:
    await office.sign_up((await office.profile()).token)
    long, longest = f"{'b' * 40}@example.com", f"{'c' * 60}@example.com"
    with counted() as statements:
        await screens.type(f"anna@example.com, boris@example.com, {long}, {longest}")
    assert not any("search" in each and not each.startswith("SELECT") for one in statements.statements for each in one)
    assert [row[0] for row in screens.labels][:2] == ["anna@example.com", "➕ boris@example.com"]
    adding = [screens.data(row[0]) for row in screens.labels[2:4]]
    assert f"Email: {long}" in await screens.send(adding[0])
    await screens.type("boris@example.com")
    assert "Email: boris@example.com" in screens.text
    assert "Email: not given yet" in await screens.send(adding[1])


async def test_a_shared_contact_opens_the_form(office: Office) -> None:
    contact = {"phone_number": "37120000000", "first_name": "Anna", "last_name": "Berzina"}
    shown = await Counter(office.engine).message(1001, "", {"contact": contact})
    assert "Anna Berzina" in shown
    assert "+37120000000" in shown
    await a_user(office.engine, Role.LEARNER, telegram_id=MANAGER)
    refused = await Counter(office.engine).message(MANAGER, "", {"contact": contact})
    assert "You don't have permission to do that." in refused


async def test_who_manages_people_alone_adds_within_their_departments(office: Office) -> None:
    await office.engine.write(departments.add, office.owner_id, "Support", office.engine.now())
    await a_user(
        office.engine, Role.CUSTOM, "Sales", telegram_id=MANAGER, permissions=(Permission.MANAGE_PEOPLE,), name="Pia"
    )
    screens = Screens(engine=office.engine, telegram_id=MANAGER)
    await screens.type("/addperson")
    await screens.type("Boris Ozols boris@example.com")
    await screens.tap("Choose the department ›")
    await screens.type("Support")
    assert "I don't know the department “Support”." in screens.text
    await screens.tap("‹ Back")
    await screens.tap("Sales ›")
    await screens.tap("EMEA")
    assert "Boris Ozols" in await screens.tap("Add the person")
