"""Cards in groups and chats, played in the sandbox: put there, edited with the profile, taken out, lost."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from core.engine import Engine
from core.services import account
from tests.support.account import Office
from tests.support.bot_fixture import MANAGER, Town, open_town
from tests.support.chat import Person, SeenMessage
from tests.support.clock import Clock
from tests.support.patience import PATIENCE
from tests.support.rows import a_manager

# What people read is the same on both databases; which process edits what is tested on both in test_core_live_cards.
pytestmark = [pytest.mark.deep, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

PUBLIC = "https://signup.example.org"


@pytest.fixture
async def town(engine: Engine, office: Office) -> AsyncIterator[Town]:  # noqa: ARG001 - its account is what the owner opens
    async with open_town(engine, public_url=PUBLIC) as town:
        await town.owner.asks("/start")
        town.expected_refusals += ["pinChatMessage"]  # where the bot is no administrator
        yield town


async def pinned(town: Town, group: int, *expected: int) -> None:
    """Wait until these messages of a group are pinned, and no others."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with town.http.get(f"{town.sandbox.url}/api/groups") as response:
                groups = {each["id"]: each["pinned"] for each in (await response.json())["groups"]}
            if groups[group] == [*expected]:
                return
            await asyncio.sleep(0.02)


async def supergroup(town: Town, title: str) -> int:
    """Wait until there is a supergroup of this title; return its number."""
    async with asyncio.timeout(PATIENCE):
        while True:
            async with town.http.get(f"{town.sandbox.url}/api/groups") as response:
                groups = (await response.json())["groups"]
            for each in groups:
                if each["title"] == title and each["supergroup"]:
                    return int(each["id"])
            await asyncio.sleep(0.02)


async def shows(person: Person, posted: SeenMessage, text: str) -> SeenMessage:
    """Wait until a message that the person sent via the bot shows a text."""
    async with asyncio.timeout(PATIENCE):
        while True:
            [now] = [each for each in await person.messages() if each.id == posted.id]
            if text in now.text:
                return now
            await asyncio.sleep(0.02)


async def test_a_card_is_added_to_a_group_by_its_button_and_follows_the_profile(
    town: Town, office: Office, clock: Clock
) -> None:
    card, owner = await office.profile(limit="1"), town.owner
    group = await owner.makes_group("Sales crew", bot=False)
    here = owner.within(group)
    shown = await owner.asks(f"/card {card.profile_id}")
    link = shown.button("➕ Add to a group")["url"]
    assert link == f"https://t.me/gangway_sandbox_bot?startgroup=card-{card.profile_id}"
    await owner.changes_group(group, "starts", code=link.partition("=")[2])
    greeting = await here.reads("Hello! I take sign-ups for")
    assert "/digest weekly mon 09:00" in greeting.text
    posted = await here.reads("1 place left")
    assert posted.button("Sign up")["url"] == f"{PUBLIC}/s/{card.token}"
    await pinned(town, group)
    await owner.changes_group(group, "bot", status="administrator")
    said = await here.says(f"/card@gangway_sandbox_bot {card.profile_id}")
    await here.loses(posted)
    moved = await here.reads("1 place left", after=said)
    await office.sign_up(card.token)
    clock.advance(minutes=1)
    full = await here.reads("Full: all places are taken")
    assert full.id == moved.id
    assert full.button("Ask for a place")["url"] == f"{PUBLIC}/s/{card.token}"
    await pinned(town, group, full.id)
    await owner.reads("· Sales crew", after=await owner.says(f"/card {card.profile_id}"))
    await owner.taps("Take out of Sales crew")
    await owner.reads("The card is taken out")
    clock.advance(minutes=1)
    gone = await here.reads("was taken out of this group")
    assert (gone.id, gone.labels) == (full.id, ())
    await pinned(town, group)


async def test_a_card_whose_message_is_gone_ends_and_who_put_it_there_is_told(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    group = await owner.makes_group("Sales crew")
    await owner.within(group).says(f"/card {card.profile_id}")
    await owner.within(group).reads("50 places left")
    await owner.changes_group(group, "bot", status="left")
    assert (
        "The card of “Autumn sales” in the group Sales crew is no longer kept" in (await owner.reads("no longer")).text
    )
    await owner.taps("In groups")
    await owner.reads("In a group, its card shows")


@pytest.mark.parametrize("told", ["by a message", "by an error"])
async def test_a_card_goes_on_in_the_supergroup_that_its_group_became(
    town: Town, office: Office, clock: Clock, told: str
) -> None:
    card, owner = await office.profile(limit="2"), town.owner
    group = await owner.makes_group("Sales crew", supergroup=False)
    await owner.within(group).says(f"/card {card.profile_id}")
    await owner.within(group).reads("2 places left")
    if told == "by a message":
        await owner.changes_group(group, "migrate")
    else:  # just before the card is edited
        town.expected_refusals.append("group chat was upgraded")
        town.sandbox.faults.arm("migrate", method="editMessageText", chat_id=group)
        await office.sign_up(card.token, "boris@example.com")
        clock.advance(minutes=1)
    here = owner.within(await supergroup(town, "Sales crew"))
    await here.reads("left")
    await office.sign_up(card.token)
    clock.advance(minutes=1)
    await here.reads("1 place left" if told == "by a message" else "Full")
    assert len([each for each in await here.messages() if each.by_bot]) == 1


async def test_in_a_group_only_those_who_may_change_the_profile_put_its_card(town: Town, office: Office) -> None:
    card = await office.profile(department="Sales")
    await a_manager(office.engine, "Sales / EMEA", telegram_id=MANAGER)
    manager = town.person(MANAGER)
    group = await town.owner.makes_group("Crew")
    await town.owner.changes_group(group, "members", member_id=MANAGER)
    said = await manager.within(group).says(f"/card {card.profile_id}")
    await manager.within(group).reads("Ask me this in our private chat", after=said)


async def test_a_card_that_was_shared_follows_the_profile_in_the_language_of_who_shared_it(
    town: Town, office: Office, clock: Clock
) -> None:
    card = await office.profile(limit="2")
    group = await town.owner.makes_group("Sales crew")
    here = town.owner.within(group)
    [found] = await here.queries("autumn")
    posted = await here.chooses(found)
    assert "2 places left" in posted.text
    await town.owner.asks("/menu")  # what Telegram told of the message was handled before
    await office.sign_up(card.token)
    clock.advance(minutes=1)
    assert (await shows(here, posted, "1 place left")).button("Sign up")["url"] == f"{PUBLIC}/s/{card.token}"
    await office.engine.write(account.switch_sign_up, office.owner_id, clock(), on=False)
    clock.advance(minutes=1)
    assert (await shows(here, posted, "Closed for now")).labels == ()
