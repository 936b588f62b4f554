"""The same line twice asks, shows what there is, and makes another one when the person says so."""

import pytest

from tests.support.bot_fixture import Town
from tests.support.clock import Clock

pytestmark = [pytest.mark.usefixtures("office"), pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
LINE = "/newprofile Autumn sales | Sales / EMEA | now - +2 weeks | 50"


async def test_the_same_profile_line_asks_and_shows_the_profile(town: Town) -> None:
    await town.owner.asks(LINE)
    question = await town.owner.asks("/new  Autumn sales |  Sales / EMEA | now - +2 weeks | 50")
    assert question.text.startswith("You sent the same line a moment ago, and I carried it out: Autumn sales (#1).")
    await town.owner.taps("Show #1")
    await town.owner.reads("Open until", after=question)
    assert (await town.owner.asks("/profiles")).text.startswith("1 profile\n")


async def test_another_profile_is_made_by_the_button_once(town: Town) -> None:
    await town.owner.asks(LINE)
    await town.owner.asks(LINE)
    await town.owner.taps("Make another one")
    await town.owner.reads("Autumn sales (#2)")
    assert (await town.owner.asks("/profiles")).text.startswith("2 profiles\n")


async def test_a_line_whose_profile_was_deleted_makes_a_new_one(town: Town) -> None:
    await town.owner.asks(LINE)
    await town.owner.asks("/deleteprofile 1")
    await town.owner.taps("Delete")
    await town.owner.reads("is deleted")
    assert "Autumn sales (#2)" in (await town.owner.asks(LINE)).text
    assert "You sent the same line a moment ago" in (await town.owner.asks(LINE)).text


async def test_the_same_line_after_ten_minutes_is_a_new_one(town: Town, clock: Clock) -> None:
    await town.owner.asks(LINE)
    clock.advance(minutes=10)
    assert "Autumn sales (#2)" in (await town.owner.asks(LINE)).text


async def test_the_same_duplicate_asks(town: Town) -> None:
    await town.owner.asks(LINE)
    assert "This is a copy of #1" in (await town.owner.asks("/duplicate 1 | Winter")).text
    assert "Winter (#2)" in (await town.owner.asks("/duplicate 1 | Winter")).text
    await town.owner.taps("Make another one")
    assert "This is a copy of #1" in (await town.owner.reads("Winter (#3)")).text


async def test_the_same_invitation_asks_and_can_be_withdrawn_instead(town: Town) -> None:
    first = await town.owner.asks("/invite administrator")
    assert "becomes: account administrator" in first.text
    again = await town.owner.asks("/invite administrator")
    assert "invitation #1" in again.text
    assert again.labels[-1] == "‹ Menu"
    await town.owner.taps("Make another one")
    await town.owner.reads("becomes: account administrator", after=again)
    assert (await town.owner.asks("/invitations")).text.startswith("2 open invitations")
    await town.owner.asks("/invite administrator")
    await town.owner.taps("Withdraw #1")
    await town.owner.reads("Invitation #1 is withdrawn")
    assert "becomes: account administrator" in (await town.owner.asks("/invite administrator")).text
    assert "invitation #3" in (await town.owner.asks("/invite administrator")).text
