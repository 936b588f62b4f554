"""Whose word a message is: only what a person types to the bot themselves is carried out."""

from collections.abc import AsyncIterator

import pytest

from core.engine import Engine
from tests.support.bot_fixture import MANAGER, STRANGER, Town, open_town


@pytest.fixture
async def town(engine: Engine) -> AsyncIterator[Town]:
    async with open_town(engine) as town:
        await town.owner.asks("/start")
        yield town


async def test_a_forwarded_line_is_not_carried_out_and_its_forwarder_reads_why(town: Town) -> None:
    group = await town.owner.makes_group("Sales managers", bot=False)
    await town.owner.changes_group(group, "members", member_id=MANAGER, present=True)
    trick = await town.person(MANAGER).within(group).says("/adddepartment Trick")
    forwarded = await town.owner.forwards(trick)
    answer = await town.owner.reads(after=forwarded)
    assert answer.text.startswith("I don't act on forwarded messages")
    assert answer.button("Copy the line")["copy_text"]["text"] == "/adddepartment Trick"
    assert "Trick" not in (await town.owner.asks("/departments")).labels


async def test_a_forwarded_invitation_code_makes_nobody_an_administrator(town: Town) -> None:
    made = await town.owner.asks("/invite administrator")
    code = made.button("Copy the line")["copy_text"]["text"]
    group = await town.owner.makes_group("Friends", bot=False)
    await town.owner.changes_group(group, "members", member_id=STRANGER, present=True)
    forwarded = await town.stranger.forwards(await town.owner.within(group).says(code))
    assert "invited people only" in (await town.stranger.reads(after=forwarded)).text
    assert "1 open invitation" in (await town.owner.asks("/invitations")).text


async def test_what_another_bot_wrote_is_not_carried_out(town: Town) -> None:
    said = await town.owner.says_in_name_of("other_bot", "/adddepartment Trick")
    assert (await town.owner.reads(after=said)).text.startswith("I don't act on what another bot wrote")
    assert "Trick" not in (await town.owner.asks("/departments")).labels


async def test_a_group_reads_nothing_of_messages_that_are_nobodys_own_word(town: Town) -> None:
    group = await town.owner.makes_group("Sales managers")
    there = town.owner.within(group)
    greeting = await there.reads("Hello!")
    for name in ("group", "channel", "linked_channel", "other_bot"):
        await there.says_in_name_of(name, "/digest now")
    await there.forwards(await town.owner.says("/digest now"))
    own = await there.says("/profiles")
    await there.reads("Ask me this", after=own)
    assert [message.text for message in await there.messages() if message.by_bot] == [
        greeting.text,
        "Ask me this in our private chat: https://t.me/gangway_sandbox_bot",
    ]


async def test_an_edited_line_that_was_carried_out_says_what_was_done_and_how_to_change_it(town: Town) -> None:
    written = await town.owner.says("/adddepartment Sales")
    await town.owner.reads("Sales", after=written)
    edited = await town.owner.edits(written, "/adddepartment Support")
    answer = await town.owner.reads(after=edited)
    assert answer.text.startswith("That was done already when you sent it, and it stays so.")
    assert "Department added: Sales" in answer.text
    assert "Sales" in answer.labels
    assert answer.button("Copy the line")["copy_text"]["text"] == "/adddepartment Support"
    assert "Support" not in (await town.owner.asks("/departments")).labels


async def test_an_edited_line_that_was_not_carried_out_is_read_anew_once(town: Town) -> None:
    written = await town.owner.says("/adddepartmnet Sales")
    await town.owner.reads("I don't know /adddepartmnet", after=written)
    await town.owner.asks("/menu")
    edited = await town.owner.edits(written, "/adddepartment Sales")
    await town.owner.reads("Added Sales.", after=edited)
    again = await town.owner.edits(edited, "/adddepartment Support")
    await town.owner.reads("That was done already", after=again)
    assert "Support" not in (await town.owner.asks("/departments")).labels


async def test_an_edited_text_that_was_not_understood_is_read_anew_if_nothing_came_since(town: Town) -> None:
    await town.owner.asks("/adddepartment Sales")
    written = await town.owner.says("sals")
    await town.owner.reads("what “sals” means here", after=written)
    edited = await town.owner.edits(written, "new link for sales until friday, 30 people")
    await town.owner.reads("Places: 30", after=edited)
    await town.owner.asks("/cancel")
    forgotten = await town.owner.says("lnks")
    await town.owner.reads("what “lnks” means here", after=forgotten)
    await town.owner.asks("/menu")
    answer = await town.owner.reads(after=await town.owner.edits(forgotten, "links"))
    assert answer.labels == ("Copy the text", "‹ Menu")


async def test_a_card_that_this_bot_offered_is_no_order_whatever_its_name(town: Town) -> None:
    await town.owner.asks("/adddepartment Sales")
    await town.owner.asks("/newprofile /signup on | Sales | now - +2 weeks | 5")
    [card] = await town.owner.queries("signup")
    await town.owner.chooses(card)
    assert "Sign-up is off" in (await town.owner.asks("/signup")).text


async def test_who_forwarded_a_text_can_copy_it_or_go_home(town: Town) -> None:
    forwarded = await town.owner.forwards(await town.owner.says("Thank you!"))
    answer = await town.owner.reads("I don't act on forwarded messages", after=forwarded)
    assert answer.labels == ("Copy the text", "‹ Menu")
    await town.owner.taps("‹ Menu")
    await town.owner.reads("Sign-up is off")
