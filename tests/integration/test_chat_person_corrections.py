"""A person's data corrected in the chat: by a line and by taps, shown before and after."""

import pytest

from core.domain.field_kinds import Kind
from core.services import form_fields
from core.services.form_fields import FieldDraft
from tests.support.account import Office
from tests.support.bot_fixture import Town

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_line_corrects_a_field_and_shows_it_before_and_after(office: Office, town: Town) -> None:
    [number] = await town.signs_up(office)
    card = await town.owner.asks("/correct anna@example.com | Last name | Bērziņa")
    assert card.text.splitlines()[0] == f"🟢 Anna Bērziņa (#{number})"
    assert card.text.splitlines()[-1] == "✓ Last name: Berzina → Bērziņa"
    assert "Phone: none → +37120000000" in (await town.owner.asks(f"/correct #{number} | phone | +371 20000000")).text
    assert "Phone: +37120000000 → none" in (await town.owner.asks(f"/correct #{number} | phone | none")).text
    assert "That is the value already." in (await town.owner.asks(f"/correct #{number} | phone | none")).text
    wrong = await town.owner.asks(f"/correct #{number} | phone | 12")
    assert wrong.text.splitlines() == [
        "Nothing was changed:",
        "· Phone: enter a phone number with the country code, like +371 20000000",
    ]
    assert f"/correct #{number} | Phone | 12" in (await town.owner.asks(f"/correct #{number} | Phoen | 12")).text
    assert "Details corrected: Anna Bērziņa" in (await town.owner.asks("/log")).text


async def test_a_new_address_is_asked_about_with_who_will_be_told(office: Office, town: Town) -> None:
    [number] = await town.signs_up(office)
    asked = await town.owner.asks(f"/correct {number} | email | anna@example.org")
    assert asked.text.replace("\N{WORD JOINER}", "").splitlines() == [
        "Give Anna Berzina another email address?",
        "anna@example.com",
        "→",
        "anna@example.org",
        "",
        "They log in with the new one from now on. Links to a new password that they were sent end.",
        "No email can be sent, so tell Anna Berzina yourself.",
    ]
    await town.owner.taps("Correct")
    await town.owner.reads("✓ Email")
    assert (await town.owner.asks("/person anna@example.org")).text.startswith("🟢 Anna Berzina")


async def test_a_field_is_corrected_by_taps_and_a_choice_by_its_button(office: Office, town: Town) -> None:
    draft = FieldDraft(label="Size", kind=Kind.CHOICE, choices=("S", "L"))
    await office.engine.write(form_fields.add_field, office.owner_id, draft, office.engine.now())
    [number] = await town.signs_up(office)
    await town.owner.asks(f"/person {number}")
    for label, shown in (
        ("Correct", "What is to be corrected?"),
        ("Size", "Tap the right one:"),
        ("L", "✓ Size: none → L"),
        ("Correct", "What is to be corrected?"),
        ("Job title", "type it; “none” empties it"),
    ):
        await town.owner.taps(label)
        await town.owner.reads(shown)
    assert "✓ Job title: none → Cook" in (await town.owner.asks("Cook")).text
