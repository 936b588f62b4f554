"""The sign-up form in the chat: which fields it asks for, and the account's own."""

import pytest

from bot.handlers.form_fields import A_PAGE
from tests.support.account import Office
from tests.support.bot_fixture import Town
from tests.support.screens import Screens

pytestmark = [pytest.mark.usefixtures("office"), pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def screens(office: Office) -> Screens:
    return Screens(engine=office.engine)


async def asked(screens: Screens) -> list[str]:
    """Return what the form's screen says of the built-in fields."""
    return (await screens.type("/fields")).splitlines()[1:4]


async def test_the_form_says_which_built_in_fields_are_asked_for_by_the_settings(screens: Screens) -> None:
    assert await asked(screens) == [
        "Required: First name, Last name, Email, Password",
        "Optional: Phone, Job title",
        "Not asked for: Login",
    ]
    for line in ("login optional", "phone required", "jobtitle off", "lastname optional"):
        await screens.type(f"/settings {line}")
    assert await asked(screens) == [
        "Required: First name, Email, Password, Phone",
        "Optional: Last name, Login",
        "Not asked for: Job title",
    ]


async def test_the_form_leads_to_the_switches_of_its_built_in_fields(screens: Screens) -> None:
    await screens.type("/fields")
    assert "Newcomers can give their phone number." in await screens.tap("Pages")
    await screens.type("/fields")
    assert "Newcomers give their last name." in await screens.tap("Settings")


async def test_own_fields_are_buttons_by_name_a_page_at_a_time(screens: Screens) -> None:
    for number in range(A_PAGE + 1):
        await screens.type(f"/addfield Badge {number} | text")
    await screens.type("/fields")
    assert screens.labels == [
        *([f"Badge {number}"] for number in range(A_PAGE)),
        ["Pages", "Settings"],
        ["➕ Add a field"],
        ["‹ Menu", "‹", "1/2", "›"],
    ]
    await screens.tap("›")
    assert (await screens.tap(f"Badge {A_PAGE}")).startswith(f"Badge {A_PAGE}\n")


async def test_fields_are_added_changed_moved_and_removed(town: Town) -> None:
    assert "No fields of your own yet." in (await town.owner.asks("/fields")).text
    await town.owner.asks("/addfield Shirt <b>& size | choice | required | hidden | choices S, M, L")
    listed = await town.owner.asks("/addfield Employee number | unique text")
    assert listed.text.splitlines()[-2:] == [
        "1. Shirt <b>& size · choice · required · not shown at sign-up · S / M / L",
        "2. Employee number · unique text",
    ]
    changed = await town.owner.asks("/changefield Shirt <b>& size | label Shirt | optional | shown | choices S, XL")
    assert "1. Shirt · choice · S / XL" in changed.text
    assert (await town.owner.asks("/movefield Shirt | 2")).text.splitlines()[-1] == "2. Shirt · choice · S / XL"
    assert (await town.owner.asks("/removefield shirt")).text == "Remove “Shirt” from the form?"
    await town.owner.taps("Remove")
    await town.owner.reads("Removed “Shirt” from the form.")
    assert "Shirt" not in (await town.owner.asks("/fields")).text


async def test_a_field_says_its_texts_in_each_language(town: Town) -> None:
    await town.owner.asks("/addfield Shirt size | choice | choices S, L | hint For your T-shirt")
    await town.owner.asks("/fields")
    for label, shown in (
        ("Shirt size", "All other languages"),
        ("Texts by language", "Set a field's label"),
        ("Spanish", "Language: Spanish"),
        ("label", "type it, choices"),
    ):
        await town.owner.taps(label)
        await town.owner.reads(shown)
    await town.owner.asks("Talla")
    card = await town.owner.asks("/translatefield Talla | es | choices | Pequeña, Grande")
    assert card.text.splitlines() == [
        "Shirt size",
        "choice",
        "",
        "All other languages: Shirt size · For your T-shirt · S / L",
        "Spanish: Talla · Pequeña / Grande",
    ]
    refused = await town.owner.asks("/translatefield Talla | es | choices | Grande")
    assert "Give a different text for each choice, with commas between them, in this order: S, L." in refused.text
    changed = await town.owner.asks("/translatefield Talla | any | hint | none")
    assert "All other languages: Shirt size · S / L" in changed.text
    assert "The form already has a field" in (await town.owner.asks("/translatefield Talla | ru | label | Email")).text
    assert "1. Shirt size · choice · S / L · es" in (await town.owner.asks("/fields")).text
