"""Times as people type them in lines: how they are echoed, and what is asked if they have two meanings."""

import pytest

from tests.support.bot_fixture import Town
from tests.support.lines import ask, set_up, tap

# What people read is the same on both databases; the tests' clock shows Monday, 23 November 2026, 14:00 in Riga.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("window", "echo"),
    [
        ("until friday", "From Mon 23 Nov 14:00 to Fri 27 Nov 23:59 (Riga)."),
        ("завтра в 9 - до конца месяца", "From Tue 24 Nov 09:00 to Mon 30 Nov 23:59 (Riga)."),
        ("mañana - en 2 semanas", "From Tue 24 Nov 00:00 to Tue 8 Dec 23:59 (Riga)."),
        ("24 Dec 09:00 - 18:00", "From Thu 24 Dec 09:00 to Thu 24 Dec 18:00 (Riga)."),
    ],
)
async def test_a_new_profile_says_how_its_times_were_understood(town: Town, window: str, echo: str) -> None:
    card = await set_up(town, f"/newprofile Winter | Support | {window} | 50")
    assert echo in card.text


async def test_a_line_with_a_time_of_two_meanings_is_carried_out_by_the_button_of_one(town: Town) -> None:
    question = await set_up(town, "/newprofile Winter | Support | now - 5/6 | 50")
    assert question.text.startswith("“5/6” can mean two times. Which one do you mean?")
    assert question.labels == ("Sat 5 Jun 2027 23:59", "Thu 6 May 2027 23:59", "‹ Menu")
    assert (await tap(town, "Thu 6 May 2027 23:59", "Winter")).text.count("Thu 6 May 2027 23:59 (Riga)") == 1


async def test_two_such_times_are_asked_about_one_after_the_other(town: Town) -> None:
    await set_up(town, "/newprofile Winter | Support | 1/2 - 5/6 | 50")
    await tap(town, "Mon 1 Feb 2027 00:00", "“5/6” can mean two times.")
    card = await tap(town, "Sat 5 Jun 2027 23:59", "Winter")
    assert "From Mon 1 Feb 2027 00:00 to Sat 5 Jun 2027 23:59 (Riga)." in card.text


async def test_a_change_and_a_check_ask_too(town: Town) -> None:
    card = await set_up(town)
    await ask(town, "/editprofile 1 end next friday", "“next friday” can mean two times.")
    assert "→ Fri 4 Dec 23:59 (Riga)" in (await tap(town, "Fri 4 Dec 23:59", "Nothing is saved yet.")).text
    link = next(line for line in card.text.splitlines() if "/s/" in line)
    await ask(town, f"/check {link} monday", "“monday” can mean two times.")
    await tap(town, "Mon 30 Nov 00:00", "Checked for Mon 30 Nov 00:00 (Riga)")


async def test_a_mistyped_time_is_answered_with_the_whole_line(town: Town) -> None:
    await set_up(town)
    answer = await ask(town, "/editprofile 1 end until firday")
    assert "Did you mean until friday?" in answer.text
    assert "/editprofile 1 end until friday" in answer.text


async def test_a_time_that_cannot_be_read_is_answered_with_times_that_can(town: Town) -> None:
    await set_up(town)
    answer = await ask(town, "/editprofile 1 end someday")
    assert answer.text.splitlines()[:2] == [
        "I can't read the time “someday”.",
        "These work: 24 Dec 18:00, 31.12, tomorrow 9:00, until friday, in 2 weeks, 18:00, end of month, now",
    ]
