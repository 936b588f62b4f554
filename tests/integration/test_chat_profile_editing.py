"""Profiles changed by line and by button, over real HTTP against the sandbox."""

from collections.abc import AsyncIterator

import pytest

from core.engine import Engine
from tests.support.account import Office
from tests.support.bot_fixture import MANAGER, Town, open_town
from tests.support.clock import Clock
from tests.support.lines import AUTUMN, SET_UP, ask, set_up, sign_up, tap, typed
from tests.support.rows import a_manager

# What people read is the same on both databases; the journeys, and all of core, run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def town(engine: Engine) -> AsyncIterator[Town]:
    async with open_town(engine) as town:
        yield town


@pytest.mark.deep
@pytest.mark.parametrize(
    ("line", "place", "shown"),
    [
        ("limit 20", 3, "░░░░░░░░░░  0 of 20"),
        ("limit unlimited", 3, "0 used, no limit"),
        ("NAME Winter | sales", 0, "The name must not contain |"),
        ("name <b>Winter</b> & co", 0, "🟢 <b>Winter</b> & co (#1)"),
        ("name שלום", 0, "🟢 \u2068שלום\u2069 (#1)"),
    ],
)
async def test_a_change_that_hurts_nobody_is_saved_at_once(town: Town, line: str, place: int, shown: str) -> None:
    await set_up(town)
    answer = await ask(town, f"/editprofile 1 {line}")
    assert shown in answer.text.splitlines()[place]
    assert ("Saved." in answer.text) == answer.text.startswith("🟢")


async def test_a_change_of_the_time_is_shown_before_it_is_saved(town: Town) -> None:
    await set_up(town)
    question = await ask(town, "/editprofile 1 end 2026-12-31 18:00")
    assert question.text.splitlines() == [
        "Autumn sales (#1)",
        "Nothing is saved yet. This will change:",
        "",
        "End",
        "Thu 24 Dec 18:00 (Riga)",
        "→ Thu 31 Dec 18:00 (Riga)",
        "Link",
        "Open until 24 Dec 18:00 (Riga), 31 days left",
        "→ Open until 31 Dec 18:00 (Riga), 38 days left",
    ]
    assert "24 Dec" in (await ask(town, "/profile 1")).text
    await town.owner.taps("Save")
    assert "Saved" in (await town.owner.is_told("Saved")).text
    assert "Open until 31 Dec 18:00" in (await ask(town, "/profile 1")).text


async def test_what_is_kept_as_it_is_stays_so(town: Town) -> None:
    await set_up(town)
    await ask(town, "/editprofile 1 start 2026-11-30")
    card = await tap(town, "Cancel", "Open until")
    assert "24 Dec 18:00" in card.text


async def test_a_relative_end_is_saved_as_it_was_shown_however_late_the_tap(town: Town, clock: Clock) -> None:
    await set_up(town)
    question = await ask(town, "/editprofile 1 end +2 weeks")
    assert "→ Mon 7 Dec 23:59 (Riga)" in question.text
    clock.advance(days=3)
    assert "Open until 7 Dec 23:59" in (await tap(town, "Save", "🟢")).text


async def test_a_change_of_the_department_tells_whom_it_concerns(town: Town) -> None:
    card = await set_up(town)
    await a_manager(town.engine, "Sales")
    await sign_up(town, card)
    question = await ask(town, "/editprofile 1 department Support", "Nothing is saved yet")
    assert question.text.splitlines()[3:] == [
        "Department",
        "Sales / EMEA",
        "→ Support",
        "",
        "1 manager will only be able to read it",
        "1 learner stays in their department",
    ]
    assert (await tap(town, "Save", "🟢")).text.splitlines()[1] == "Support"


async def test_an_edit_by_somebody_else_meanwhile_is_not_overwritten(town: Town) -> None:
    await set_up(town)
    await ask(town, "/editprofile 1 end 2026-12-31 18:00")
    await ask(town, "/editprofile 1 name Winter sales")
    await town.owner.taps("Save")
    assert (await town.owner.is_told("has changed since")).show_alert
    assert "24 Dec" in (await ask(town, "/profile 1")).text


async def test_a_preview_is_outdated_once_it_would_do_something_else(town: Town, clock: Clock) -> None:
    await set_up(town)
    await ask(town, "/editprofile 1 end 2026-11-24 18:00")
    clock.advance(days=2)
    await town.owner.taps("Save")
    assert (await town.owner.is_told("has changed since")).show_alert


async def test_a_limit_below_what_is_used_is_refused_with_a_way_out(town: Town, clock: Clock) -> None:
    card = await set_up(town)
    for number in range(3):
        await sign_up(town, card, f"learner{number}@example.com")
    clock.advance(minutes=1)
    refused = await ask(town, "/editprofile 1 limit 2", "A limit of 2 is too low: 3 places are already used.")
    assert refused.labels == ("Close now", "‹ Profile")
    assert "🏁" in (await tap(town, "Close now", "3 of 50")).text


async def test_a_full_link_that_opens_again_is_asked_about(town: Town) -> None:
    card = await set_up(town, "/newprofile One | Sales | now - +1 day | 1")
    await sign_up(town, card)
    await ask(town, "/editprofile 1 limit unlimited", "Limit\n1\n→ unlimited")
    assert "1 used, no limit" in (await tap(town, "Save", "🟢")).text


async def test_a_time_that_occurs_twice_says_which_is_meant(town: Town) -> None:
    await set_up(town)
    question = await ask(town, "/editprofile 1 end 2027-10-31 03:30")
    assert "31 Oct 2027 03:30 occurs twice that night; the first one is used." in question.text


async def test_a_line_without_a_value_is_answered_with_lines_that_work_as_they_are(town: Town) -> None:
    await set_up(town)
    offered = await ask(town, "/editprofile 1 name", "Copy a line")
    lines = [line for line in offered.text.splitlines() if line.startswith("/editprofile")]
    assert lines == [
        "/editprofile 1 name Autumn sales",
        "/editprofile 1 department Sales / EMEA",
        "/editprofile 1 start 2026-11-23 09:00",
        "/editprofile 1 end 2026-12-24 18:00",
        "/editprofile 1 limit 50",
    ]
    for line in lines:
        assert "Nothing changed: it is already so." in (await ask(town, line)).text
    assert "Changed" not in (await ask(town, "/log")).text


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/editprofile one limit 20", "/profiles one finds profiles by name."),
        ("/editprofile 1", "Tap what to change, or just type the name."),
        ("/editprofile 1 limit", "/editprofile 1 limit 50"),
        ("/editprofile 99 limit 20", "You have no profile #99."),
        ("/editprofile 1 limt 20", "Did you mean limit?"),
        ("/editprofile 1 colour red", "/editprofile 1 end +2 weeks"),
        ("/editprofile 1 limit 0", "or unlimited, not “0”"),
        ("/editprofile 1 end 2020-01-01", "The end must be in the future"),
        ("/editprofile 1 end 31.11.2026", "There is no such day: 31.11.2026."),
        ("/editprofile 1 end soon", "I can't read the time “soon”."),
        ("/editprofile 1 end 2027-03-28 03:30", "The nearest times are 2027-03-28 02:59 and"),
        ("/editprofile 1 start 2026-12-25", "The end must be after the start"),
        ("/editprofile 1 department Suport", "Did you mean Support?"),
        ("/editprofile 1 name " + "a" * 201, "The name must be 200 characters or fewer."),
    ],
)
async def test_a_mistake_is_told_with_what_would_be_right(office: Office, line: str, sentence: str) -> None:
    assert sentence in await typed(office, *SET_UP, AUTUMN, line)


async def test_whoever_only_reads_a_profile_does_not_change_it(town: Town) -> None:
    await set_up(town)
    await a_manager(town.engine, "Sales", telegram_id=MANAGER)
    await ask(town, "/editprofile 1 department Support")
    await tap(town, "Save", "Support")
    manager = town.person(MANAGER)
    card = await ask(town, "/profile 1", person=manager)
    assert card.labels == ("Who joined", "‹ Links")
    refused = "but not change it, because it belongs to Support now."
    assert refused in (await ask(town, "/editprofile 1 limit 5", person=manager)).text
    assert refused in (await ask(town, "/editprofile 1", person=manager)).text


async def test_an_end_in_the_past_is_refused_with_a_button_that_closes_now(town: Town) -> None:
    await set_up(town)
    answer = await ask(town, "/editprofile 1 end 2026-11-22")
    assert answer.text.splitlines() == [
        "The end must be in the future: Sun 22 Nov 2026 23:59 (Riga) has passed.",
        "To end it immediately, close it now.",
    ]
    assert "Ended" in (await tap(town, "Close now", "🏁")).text


async def test_a_profile_that_is_over_is_not_offered_to_be_closed(town: Town, clock: Clock) -> None:
    await set_up(town)
    clock.advance(days=60)
    answer = await ask(town, "/editprofile 1 end 2027-01-01")
    assert answer.labels == ("‹ Profile",)


async def test_the_end_that_is_shown_is_no_change_when_it_is_typed(town: Town) -> None:
    await set_up(town, "/newprofile Day | Sales / EMEA | now - 2026-12-24 | 5")
    for end in ("2026-12-24", "24 Dec 23:59 (Riga)", "24.12.2026 23:59"):
        assert "Nothing changed" in (await ask(town, f"/editprofile 1 end {end}")).text


async def test_a_manager_does_not_point_a_profile_out_of_their_reach(town: Town) -> None:
    await set_up(town)
    await a_manager(town.engine, "Sales", telegram_id=MANAGER)
    answer = await ask(town, "/editprofile 1 department Support", person=town.person(MANAGER))
    assert "I don't know the department “Support”." in answer.text
