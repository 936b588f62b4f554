"""The previews of /expect and /send: who is in first, then who is left out and why, then how the list was read."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.engine import Engine
from tests.support.account import Office
from tests.support.bot_fixture import Town, open_town
from tests.support.chat import SeenMessage
from tests.support.rosters import keep, listed, through
from tests.support.workbooks import workbook

pytestmark = pytest.mark.deep

SAMPLES = Path(__file__).parent.parent / "samples"
PHONE = 20  # lines


@pytest.fixture
async def town(engine: Engine, office: Office) -> AsyncIterator[Town]:  # noqa: ARG001 - its account is what the owner opens
    async with open_town(engine, mails_a_day=300) as running:
        await running.owner.asks("/start")
        yield running


async def preview_of(town: Town, line: str, name: str, contents: bytes) -> SeenMessage:
    """Send a file for the list that a line asks for, and read its preview."""
    await town.owner.asks(line)
    said = await town.owner.sends(name, contents)
    return await town.owner.reads("yet.", after=said)


async def pasted(town: Town, line: str, text: str) -> SeenMessage:
    """Paste the list that a line asks for, and read its preview."""
    await town.owner.asks(line)
    said = await town.owner.says(text)
    return await town.owner.reads("yet.", after=said)


def read_as(preview: SeenMessage) -> list[str]:
    """Return the title of a preview, and what it says of how the list was read."""
    first, *lines = preview.text.splitlines()
    place = next(place for place, line in enumerate(lines) if line.startswith("In the list: "))
    return [first, *lines[place : lines.index("")]]


@pytest.mark.parametrize("name", sorted(each.name for each in SAMPLES.glob("[1-7]-*")))
async def test_a_list_to_send_to_is_read_and_described_as_one_of_expected_people(
    town: Town, office: Office, name: str
) -> None:
    await office.profile()
    contents = (SAMPLES / name).read_bytes()
    expected = await preview_of(town, "/expect 1", name, contents)
    sent_to = await preview_of(town, "/send 1", name, contents)
    assert read_as(sent_to) == read_as(expected)
    assert all(len(each.text.splitlines()) <= PHONE for each in (expected, sent_to))


async def test_people_who_are_known_by_their_phone_are_no_rows_with_a_fault(town: Town, office: Office) -> None:
    await office.profile()
    contents = b"Name,Phone,Email\nAnna Ozola,+37120000001,\nOlga Liepa,+37120000002,\n"
    preview = await preview_of(town, "/expect 1", "people.csv", contents)
    assert "2 people would be added to the list:" in preview.text
    assert "In the list: 2 without an address, known by phone or number" in preview.text
    assert "0 addresses" not in preview.text
    assert "row" not in preview.text


async def test_a_phone_number_that_is_not_understood_is_told_from_a_missing_address(town: Town, office: Office) -> None:
    await office.profile()
    preview = await pasted(town, "/expect 1", "Ann Bee, ann@example.com\nCid Dee, 8 (916) 765-43-21")
    assert "1 phone not understood: write it with the country code. Row 2: Cid Dee" in preview.text.replace(
        "\u2068", ""
    )
    assert "without an address" not in preview.text
    assert "Not an address" not in preview.text


async def test_the_sheets_that_are_not_read_are_named_with_how_to_send_them(town: Town, office: Office) -> None:
    await office.profile()
    contents = workbook([["Email"], ["ann@example.com"]], [["Email"], ["bob@example.com"]])
    preview = await preview_of(town, "/expect 1", "people.xlsx", contents)
    assert (
        "Only one sheet is read: sheet 1. Not read: sheet 2 (Sheet2, 1 row). "
        "To send another sheet, save it as a file of its own."
    ) in preview.text


async def test_who_is_suspended_gets_no_link_until_the_switch_says_so(town: Town, office: Office) -> None:
    await office.profile()
    name = "1-google-workspace-download.csv"
    preview = await preview_of(town, "/send 1", name, (SAMPLES / name).read_bytes())
    assert "3 addresses would get the link:\n1. Anna Example" in preview.text
    assert "1 is suspended there (Marta Test)\nIn the list: 4 addresses · 1 twice" in preview.text
    await town.owner.taps("Suspended: out")
    preview = await town.owner.reads("4 addresses would get the link:")
    assert "is suspended" not in preview.text
    await town.owner.taps("Send to these 4")
    await town.owner.reads("queued: 4")


@pytest.mark.quick
@pytest.mark.parametrize(
    ("line", "would"),
    [("/expect 1", "2 people would be added to the list:"), ("/send 1", "2 addresses would get the link:")],
)
async def test_a_preview_begins_with_who_is_in_and_names_them_before_who_is_left_out(
    town: Town, office: Office, line: str, would: str
) -> None:
    card = await office.profile()
    await keep(town.engine, office.owner_id, through(card.profile_id), listed("boris@example.com"))
    text = (
        "Name,Email,Status\nAnna,anna@example.com,active\nJānis,janis@example.com,\nMarta,marta@example.com,Suspended"
    )
    preview = await pasted(town, line, text)
    assert preview.text.replace("\u2060", "").splitlines()[1:5] == [
        would,
        "1. Anna, anna@example.com",
        "2. Jānis, janis@example.com",
        "1 is suspended there (Marta)",
    ]


async def test_the_preview_of_expected_people_lists_all_whom_it_leaves_out_on_pages(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    known = [f"n{place}@example.com" for place in range(4)]
    await keep(town.engine, office.owner_id, through(card.profile_id), listed(*known))
    preview = await pasted(town, "/expect 1", "\n".join([*known, "new@example.com"]))
    assert "1 person would be added to the list:\n1. new@example.com" in preview.text
    assert "4 are on the list already (n0@example.com, n1@example.com, n2@example.com, … and 1 more)" in preview.text
    await owner.taps("Left out · 4")
    assert "· n3@example.com" in (await owner.reads("4 are on the list already")).text
    await owner.taps("‹ Back")
    await owner.reads("Nothing is kept yet.")
    await owner.taps("Keep 1 person")
    await owner.reads("0 of 5 came")


async def test_a_list_of_people_who_are_all_expected_already_adds_nobody(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    await keep(town.engine, office.owner_id, through(card.profile_id), listed("anna@example.com"))
    preview = await pasted(town, "/expect 1", "anna@example.com")
    assert "Nobody would be added to the list.\n1 is on the list already (anna@example.com)" in preview.text
    await owner.taps("Only these: off")
    await owner.reads("Nothing is kept yet.")
    await owner.taps("Keep the list")
    await owner.reads("Only these people can sign up.")


async def test_people_who_were_pasted_unasked_leave_it_to_the_list_who_can_sign_up(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    await keep(town.engine, office.owner_id, through(card.profile_id), listed("anna@example.com"), only=True)
    said = await owner.says("Boris Ozols boris@example.com\nOlga Kalna olga@example.com")
    await owner.reads("What would you like to do with them?", after=said)
    await owner.taps("Expect them")
    await owner.reads("Which profile do you mean?")
    await owner.taps("Autumn sales")
    assert "Only these: on" in (await owner.reads("Nothing is kept yet.")).labels
