"""What is said in a word or two, without a slash, is the command that it names."""

import pytest

from tests.support.account import Office
from tests.support.bot_fixture import Town


async def test_a_word_opens_its_screen(town: Town, office: Office) -> None:
    await office.profile()
    said = await town.owner.says("Кто пришёл?")
    assert "Show who signed up through a profile" in (await town.owner.reads(after=said)).text


@pytest.mark.usefixtures("office")
async def test_a_word_that_leaves_leaves_the_open_form(town: Town) -> None:
    owner = town.owner
    await owner.asks("/newprofile")
    assert "Nothing was saved." in (await owner.asks("отмена")).text
    said = await owner.says("Interns")
    assert "what “Interns” means here" in (await owner.reads(after=said)).text


@pytest.mark.usefixtures("office")
async def test_any_other_word_is_the_answer_to_what_is_being_asked(town: Town) -> None:
    owner = town.owner
    await owner.asks("/adddepartment")
    assert "Added People" in (await owner.asks("People")).text
    await owner.asks("/newprofile")
    assert "Did you mean “Report on sign-ups" in (await owner.asks("Report")).text
    await owner.taps("Use as typed")
    await owner.reads("Name: Report")


@pytest.mark.usefixtures("office")
async def test_a_word_that_leaves_is_no_answer_to_a_question(town: Town) -> None:
    await town.owner.asks("/adddepartment")
    assert "Added" not in (await town.owner.asks("menu")).text


@pytest.mark.usefixtures("office")
async def test_a_stranger_learns_nothing_by_a_word(town: Town) -> None:
    said = await town.stranger.says("report")
    assert "for invited people only" in (await town.stranger.reads(after=said)).text


@pytest.mark.usefixtures("office")
async def test_where_a_time_zone_is_asked_for_other_sentences_are_understood(town: Town) -> None:
    owner = town.owner
    for said, heard in (
        ("кто пришёл?", "Show who signed up"),
        ("nobody@example.com", "nobody@example.com is not among"),
        ("links", "No profiles yet."),
        ("Riga", "Riga"),
    ):
        await owner.asks("/timezone")
        assert heard in (await owner.asks(said)).text.replace("\u2060", "")
