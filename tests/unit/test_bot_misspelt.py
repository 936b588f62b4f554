"""A line without its command's form: what was understood, what is missing or too much, and the line completed."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.input.arguments import NumberExpected, UsageError, ValueExpected, WrongPartCount, fields
from bot.menu.command import Entry
from bot.menu.profiles import BY_NAME, MENU
from bot.receiving.routes import COMMANDS
from bot.receiving.usage import BY_PROFILE, names_of, usage_answer
from bot.sandbox import parse_html
from bot.service import LOCALES
from bot.wording.phrases import Words
from core.domain.access import Role, permissions_of
from core.language import Languages
from core.services.people import Person
from tests.support.context import spoken_to

LANGUAGES = Languages(LOCALES)
DIVIDED = [entry for entry in MENU if any("|" in line for line in entry.examples)]
OWNER = Person(user_id=1, first_name="Olivia", role=Role.OWNER, permissions=permissions_of(Role.OWNER), language="en")


def words_in(code: str) -> Words:
    return Words(language=LANGUAGES.all[code], zone=ZoneInfo("Europe/Riga"), now=datetime(2026, 11, 23, tzinfo=UTC))


async def wrong_in(line: str) -> UsageError:
    """What the command says is wrong with the line, for which nothing is read."""
    name, _, text = line.removeprefix("/").partition(" ")
    with pytest.raises(UsageError) as caught:
        await COMMANDS[name](spoken_to(words_in("en"), OWNER), text)
    return caught.value


async def said_to(line: str, code: str = "en") -> str:
    """What is answered to the line, as it is read."""
    name, _, text = line.removeprefix("/").partition(" ")
    return parse_html(str(usage_answer(words_in(code), BY_NAME[name], text, await wrong_in(line)))).text


@pytest.mark.parametrize("code", sorted(LANGUAGES.all))
@pytest.mark.parametrize("entry", DIVIDED, ids=lambda entry: entry.name)
async def test_a_summary_names_each_part_that_a_line_needs_and_its_examples_have_them(entry: Entry, code: str) -> None:
    wrong, names = await wrong_in(f"/{entry.name}"), names_of(LANGUAGES.all[code].gettext(entry.summary))
    least = wrong.at_least if isinstance(wrong, WrongPartCount) else 2
    assert least <= len(names) == len(names_of(entry.summary))
    assert all(names)
    assert all(least <= line.count("|") + 1 for line in entry.examples if "|" in line or least == 1)


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
        ("/addcourse | https://x", "Understood: link “https://x”.\nMissing: title.\n\n/addcourse Welcome | https://x"),
        (
            "/invite | Sales",
            "Understood: departments “Sales”.\nMissing: role.\n\n/invite department administrator | Sales",
        ),
        ("/assign <b>&", "/assign <b>& | department administrator | Sales / EMEA; Support"),
        ("/return 1 | a | b", "Understood: number “1”, reason “a”.\nOne part too many: “b”.\n\n/return 1 | a"),
        ("/profile autumn", "Enter a number here, not “autumn”.\n/profiles autumn finds profiles by name."),
        ("/movefield Crew | first", "Enter a number here, not “first”.\n\nMove a field"),
        ("/settings Seats", "“seats” needs a value after it, for example:\n/settings seats 500"),
        ("/newprofile", "I can't read that line. It should look like this:\nMake a sign-up profile"),
        ("/profile", "I can't read that line. It should look like this:\nShow a profile"),
    ],
)
async def test_a_line_is_answered_as_it_was_meant(line: str, answer: str) -> None:
    assert answer in await said_to(line)


@pytest.mark.parametrize("code", sorted(LANGUAGES.all))
async def test_the_answer_says_the_parts_in_the_persons_language(code: str) -> None:
    said = await said_to("/duplicate 1", code)
    assert names_of(LANGUAGES.all[code].gettext(BY_NAME["duplicate"].summary))[1] in said
    assert said.endswith("/duplicate 1 | Winter sales")


async def test_empty_parts_at_a_lines_end_are_none() -> None:
    assert fields("Autumn | Sales | |", 2, 2) == ["Autumn", "Sales"]


@pytest.mark.parametrize("code", sorted(LANGUAGES.all))
@pytest.mark.parametrize("text", ["&" * 4000, "|&" * 2000, "& | " * 1000, "&" * 200, "|" * 200])
def test_an_answer_fits_into_a_message_and_repeats_little(text: str, code: str) -> None:
    for entry in MENU:
        parts = len(names_of(entry.summary))
        for wrong in (WrongPartCount(parts, parts), NumberExpected(text), ValueExpected(text), UsageError()):
            answer = usage_answer(words_in(code), entry, text, wrong)
            assert len(answer) <= 4096
            assert answer.unescape().count("&") <= 300


def test_profiles_are_offered_by_name_where_a_command_takes_ones_number() -> None:
    assert set(BY_PROFILE) <= set(COMMANDS)
