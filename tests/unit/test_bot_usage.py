"""A line without its command's form: what was understood, what is missing or too much, and the line completed."""

from datetime import UTC, datetime
from inspect import signature
from zoneinfo import ZoneInfo

import pytest

from bot.input.arguments import (
    LinkExpected,
    NumberExpected,
    PartLeftOut,
    UsageError,
    ValueExpected,
    WrongPartCount,
    fields,
)
from bot.menu.command import Command
from bot.receiving.routes import BY_NAME, COMMANDS
from bot.receiving.usage import usage_answer
from bot.sandbox import parse_html
from bot.service import LOCALES
from bot.wording.phrases import Words
from core.domain.access import Role, permissions_of
from core.language import Languages
from core.services.people import Person
from tests.support.context import spoken_to

LANGUAGES = Languages(LOCALES)
DIVIDED = [command for command in COMMANDS if any("|" in line for line in command.examples)]
OWNER = Person(
    user_id=1,
    first_name="Olivia",
    role=Role.OWNER,
    permissions=permissions_of(Role.OWNER),
    language="en",
    zone=ZoneInfo("Europe/Riga"),
)


def words_in(code: str) -> Words:
    return Words(language=LANGUAGES.all[code], zone=ZoneInfo("Europe/Riga"), now=datetime(2026, 11, 23, tzinfo=UTC))


async def wrong_in(line: str) -> UsageError:
    """What the command says is wrong with the line, for which nothing is read."""
    name, _, text = line.removeprefix("/").partition(" ")
    with pytest.raises(UsageError) as caught:
        await BY_NAME[name].handler(spoken_to(words_in("en"), OWNER), text)
    return caught.value


async def said_to(line: str, code: str = "en") -> str:
    """What is answered to the line, as it is read."""
    name, _, text = line.removeprefix("/").partition(" ")
    return parse_html(str(usage_answer(words_in(code), BY_NAME[name], text, await wrong_in(line)))).text


def test_a_command_that_stands_alone_is_one_whose_handler_reads_no_text() -> None:
    unread = {command.name for command in COMMANDS if "_text" in signature(command.handler).parameters}
    alone = {command.name for command in COMMANDS if command.alone}
    assert alone == unread - {"start", "menu", "cancel"}, "which nobody needs to write in one form"
    assert all(not BY_NAME[name].parts and BY_NAME[name].examples == (f"/{name}",) for name in alone)


@pytest.mark.parametrize("command", DIVIDED, ids=lambda command: command.name)
async def test_the_parts_of_a_command_are_those_that_its_handler_reads(command: Command) -> None:
    wrong = await wrong_in(f"/{command.name} |" if command.form else f"/{command.name}")
    if isinstance(wrong, WrongPartCount) and wrong.at_most is not None:
        assert command.required == wrong.at_least
        assert len(command.parts) <= wrong.at_most
    assert [part.optional for part in command.parts] == sorted(part.optional for part in command.parts)
    assert all(command.required <= line.count("|") + 1 for line in command.examples)


def test_a_command_has_parts_if_its_examples_are_divided() -> None:
    assert [command for command in COMMANDS if command.parts] == DIVIDED


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (
            "/newprofile Autumn | Sales",
            """Understood: name “Autumn”, department “Sales”.
Missing: start - end, limit.

/newprofile Autumn | Sales | now - +2 weeks | 50""",
        ),
        (
            "/newprofile Autumn | Sales | now - +2 weeks | 50 | 3",
            """Understood: name “Autumn”, department “Sales”, start - end “now - +2 weeks”, limit “50”.
One part too many: “3”.

/newprofile Autumn | Sales | now - +2 weeks | 50""",
        ),
        ("/new Autumn | Sales", "Missing: start - end, limit.\n\n/newprofile Autumn | Sales | now - +2 weeks | 50"),
        (
            "/newprofile | Sales | | 5 | 6 | 7",
            """Understood: department “Sales”, limit “5”.
Missing: name, start - end.
2 parts too many: “6”, “7”.

/newprofile Autumn sales | Sales | now - +2 weeks | 5""",
        ),
        (
            "/renamedepartment Sales / Europe",
            "Understood: department “Sales / Europe”.\nMissing: new name.\n\n/renamedepartment Sales / Europe | Europe",
        ),
        (
            "/movedepartment Sales",
            "Understood: department “Sales”.\nMissing: where to.\n\n/movedepartment Sales | Support",
        ),
        (
            "/addcourse | https://x",
            "Understood: link “https:\u2060//x”.\nMissing: title.\n\n/addcourse Welcome | https://x",
        ),
        (
            "/invite | Sales",
            "Understood: departments “Sales”.\nMissing: role.\n\n/invite department administrator | Sales",
        ),
        ("/assign <b>&", "/assign <b>& | department administrator | Sales / EMEA; Support"),
        (
            "/return 1 | a | b",
            "Understood: activation number “1”, reason “a”.\nOne part too many: “b”.\n\n/return 1 | a",
        ),
        ("/profile autumn", "Enter a number here, not “autumn”.\n/profiles autumn finds profiles by name."),
        ("/movefield Crew | first", "Enter a number here, not “first”.\n\nMove one of your own fields"),
        ("/settings Seats", "“seats” needs a value after it, for example:\n/settings seats 500"),
        (
            "/duplicate",
            "It should look like this:\nCreate a copy of a profile: profile number | new name\n",
        ),
        ("/profile", "I can't read that line. It should look like this:\nShow a profile"),
    ],
)
async def test_a_line_is_answered_as_it_was_meant(line: str, answer: str) -> None:
    assert answer in await said_to(line)


@pytest.mark.parametrize("code", sorted(LANGUAGES.all))
async def test_the_answer_says_the_parts_in_the_persons_language(code: str) -> None:
    said = await said_to("/duplicate 1", code)
    assert BY_NAME["duplicate"].part_names(words_in(code))[1] in said
    assert said.endswith("/duplicate 1 | Winter sales")


async def test_empty_parts_at_a_lines_end_are_none() -> None:
    assert fields("Autumn | Sales | |", 2, 2) == ["Autumn", "Sales"]


@pytest.mark.parametrize("code", sorted(LANGUAGES.all))
@pytest.mark.parametrize("text", ["&" * 4000, "|&" * 2000, "& | " * 1000, "&" * 200, "|" * 200])
def test_an_answer_fits_into_a_message_and_repeats_little(text: str, code: str) -> None:
    for command in COMMANDS:
        parts = len(command.parts)
        wrongs = [WrongPartCount(parts, parts), NumberExpected(text), ValueExpected(text), LinkExpected(text)]
        wrongs += [PartLeftOut(0, may_be_empty=may_be_empty) for may_be_empty in (True, False) if parts]
        for wrong in (*wrongs, UsageError()):
            answer = usage_answer(words_in(code), command, text, wrong)
            assert len(answer) <= 4096
            assert answer.unescape().count("&") <= 300


async def test_profiles_are_offered_by_name_where_a_command_takes_ones_number() -> None:
    also_by_name = ("expect", "missing", "send")  # which look it up first: tests/integration/test_chat_rosters.py
    numbered = [command for command in COMMANDS if command.by_profile_number]
    by_number = [command for command in numbered if command.name not in also_by_name]
    assert len(by_number) > 1
    for command in by_number:
        assert "/profiles autumn finds profiles" in await said_to(command.examples[0].replace(" 1", " autumn", 1))
