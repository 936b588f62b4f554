"""Files above a line, and as a reply to a card: the line or the card says what the file is for."""

from collections.abc import AsyncIterator

import pytest

from bot.receiving.routes import COMMANDS
from core.engine import Engine
from tests.support.account import Office
from tests.support.bot_fixture import Town, open_town

PEOPLE = b"Name;Email\nAnna Ozola;anna@example.com\n"
TREE = b"Department\nRiga\n"
LINES = {  # of each command that reads files: a line below one, with the file and what its preview says
    "expect": ("/expect 1", PEOPLE, "Nothing is kept yet."),
    "send": ("/send 1", PEOPLE, "Nothing is sent yet."),
    "adddepartment": ("/adddepartment", TREE, "Nothing is added yet."),
    "settings": ("/settings logo", b"\x89PNG no picture", "can't be a logo"),
}


@pytest.fixture
async def town(engine: Engine, office: Office) -> AsyncIterator[Town]:  # noqa: ARG001 - its account is what the owner opens
    async with open_town(engine, mails_a_day=100) as running:
        await running.owner.asks("/start")
        yield running


def test_each_command_that_reads_files_is_tried_with_a_line_below_one() -> None:
    assert {command.name for command in COMMANDS if command.reads_file} == set(LINES)


@pytest.mark.parametrize(("line", "contents", "answer"), LINES.values(), ids=LINES)
async def test_a_file_above_a_line_is_what_the_line_is_about(
    town: Town, office: Office, line: str, contents: bytes, answer: str
) -> None:
    await office.profile()
    said = await town.owner.sends("list.csv", contents, line)
    await town.owner.reads(answer, after=said)


@pytest.mark.parametrize(
    "line", ["/expect Autumn sales", "/expect Sales / EMEA", "/send Autumn sales", "/send Autum", "/send EMEA"]
)
async def test_a_line_below_a_file_may_name_whose_list_it_is(town: Town, office: Office, line: str) -> None:
    await office.profile()
    said = await town.owner.sends("list.csv", PEOPLE, line)
    await town.owner.reads("yet.", after=said)
    await town.owner.reads("1. Anna Ozola, anna@example.com")


async def test_departments_of_a_file_are_added_below_the_one_that_its_line_names(town: Town) -> None:
    said = await town.owner.sends("tree.csv", TREE, "/adddepartment Sales / EMEA")
    await town.owner.reads("➕ Riga", after=said)
    await town.owner.taps("Add 1 department")
    await town.owner.reads("· Sales / EMEA / Riga")


async def test_a_file_above_a_line_is_kept_and_sent_to_as_any_list(town: Town, office: Office) -> None:
    await office.profile()
    said = await town.owner.sends("list.csv", PEOPLE, "/expect 1")
    await town.owner.reads("1 person would be added to the list:", after=said)
    await town.owner.taps("Keep 1 person")
    await town.owner.reads("0 of 1 came")
    said = await town.owner.sends("list.csv", PEOPLE, "/send 1")
    await town.owner.reads("1 address would get the link:", after=said)
    await town.owner.taps("Send to 1 address")
    await town.owner.reads("queued: 1")


async def test_a_file_that_cannot_be_read_is_refused_below_its_line(town: Town, office: Office) -> None:
    await office.profile()
    said = await town.owner.sends("list.pdf", b"%PDF-1.7", "/send 1")
    refused = await town.owner.reads("I can't read this kind of file.", after=said)
    assert "to whom shall I send the link?" in refused.text


@pytest.mark.parametrize("line", ["/send", "/expect"])
async def test_a_file_above_a_line_that_names_nothing_is_asked_for_again(town: Town, office: Office, line: str) -> None:
    await office.profile()
    said = await town.owner.sends("list.csv", PEOPLE, line)
    await town.owner.reads("Which profile do you mean?\nChoose it, then send the file again.", after=said)


async def test_a_file_as_a_reply_to_a_card_is_asked_about_and_previewed_for_its_profile(
    town: Town, office: Office
) -> None:
    await office.profile()
    owner, card = town.owner, await town.owner.asks("/profile 1")
    for label, nothing in (("Expect them", "Nothing is kept yet."), ("Send a link", "Nothing is sent yet.")):
        said = await owner.sends("list.csv", PEOPLE, reply_to=card)
        await owner.reads("What would you like to do with the people of this file?", after=said)
        await owner.taps(label)
        assert "1. Anna Ozola, anna@example.com" in (await owner.reads(nothing)).text


async def test_a_line_below_a_file_about_a_profile_that_there_is_not_says_so(town: Town, office: Office) -> None:
    await office.profile()
    said = await town.owner.sends("list.csv", PEOPLE, "/send 99")
    await town.owner.reads("#99", after=said)
