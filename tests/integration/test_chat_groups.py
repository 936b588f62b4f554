"""The bot in groups: digests for those who want them there, silence towards everybody else."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from core.engine import Engine
from core.services import digest_cards, digest_editing, digests
from tests.support.bot_fixture import STRANGER, Town, open_town
from tests.support.chat import SeenMessage
from tests.support.clock import Clock
from tests.support.patience import PATIENCE

pytestmark = pytest.mark.deep
OWNER = 1


@pytest.fixture
async def town(engine: Engine) -> AsyncIterator[Town]:
    async with open_town(engine, gated=True) as town:
        said = await town.owner.says("/start")
        await town.owner.reads("Welcome", after=said)
        yield town


async def a_group(town: Town, title: str, **options: bool) -> int:
    """Make a group with the bot in it, where it has said what it does."""
    group = await town.owner.makes_group(title, **options)
    await town.owner.within(group).reads("Hello! I take sign-ups")
    return group


async def ask(town: Town, group: int, line: str, *, topic: int = 0) -> SeenMessage:
    there = town.owner.within(group, topic=topic)
    said = await there.says(line)
    return await there.reads(after=said)


async def connect(town: Town, group: int, line: str, *, topic: int = 0, title: str = "Sales managers") -> SeenMessage:
    """Ask for a digest in a group, confirm it in the private chat, and return what the group reads then."""
    answer = await ask(town, group, line, topic=topic)
    assert answer.text.startswith("I have asked you in our private chat")
    question = await town.owner.reads(f"the group {title}")
    assert "Everyone in that group will read" in question.text
    await town.owner.taps("Send it there")
    await town.owner.reads("gets your digest now")
    return await town.owner.within(group, topic=topic).reads("This group gets the digest of Olivia Owner now.")


async def stopped(town: Town) -> None:
    """Wait until the owner's digest has no schedule."""
    async with asyncio.timeout(PATIENCE):
        while (await town.engine.read(digests.subscription, 1)).next_due:
            pass


async def test_a_digest_that_was_confirmed_for_a_group_comes_there(town: Town, clock: Clock) -> None:
    group = await a_group(town, "Sales managers")
    answer = await connect(town, group, "/digest daily 12:01")
    assert answer.text.endswith("Everyone in this group will be able to read it.")
    clock.advance(minutes=1)
    digest = await town.owner.within(group).reads("Nobody joined so far")
    assert digest.raw["chat"]["id"] == group


async def test_a_digest_asked_for_in_a_group_leaves_the_schedule_where_it_is(town: Town, clock: Clock) -> None:
    group = await a_group(town, "Sales managers")
    said = await town.owner.says("/digest daily 12:01")
    await town.owner.reads("The next one comes", after=said)
    await ask(town, group, "/digest now")
    await town.owner.reads("Send one digest to the group Sales managers?")
    await town.owner.taps("Send it there")
    await town.owner.within(group).reads("Nobody joined so far")
    clock.advance(minutes=1)
    await town.owner.reads("Nobody joined so far")


async def test_other_lines_are_answered_in_ones_own_chat_only(town: Town) -> None:
    group = await a_group(town, "Sales managers")
    answer = await ask(town, group, "/profiles")
    assert answer.text == "Ask me this in our private chat: https://t.me/gangway_sandbox_bot"


async def test_nobody_else_in_a_group_gets_a_word(town: Town) -> None:
    group = await a_group(town, "Sales managers")
    await town.owner.changes_group(group, "members", member_id=STRANGER, present=True)
    for line in ("/digest now", "/profiles", "/start", "/digest@gangway_sandbox_bot now"):
        await town.stranger.within(group).says(line)
    await ask(town, group, "/digest")
    answers = [message for message in await town.owner.within(group).messages() if message.by_bot]
    assert len(answers) == 1 + 1


async def test_a_digest_follows_a_group_that_becomes_a_supergroup(town: Town, clock: Clock) -> None:
    group = await a_group(town, "Sales managers", supergroup=False)
    await connect(town, group, "/digest daily 12:01")
    moved = int((await town.owner.changes_group(group, "migrate"))["id"])
    await ask(town, moved, "/digest")
    clock.advance(minutes=1)
    await town.owner.within(moved).reads("Nobody joined so far")


async def test_a_digest_set_in_a_topic_comes_into_that_topic(town: Town, clock: Clock) -> None:
    group = await a_group(town, "Sales managers", topics=True)
    topic = int((await town.owner.changes_group(group, "topics", name="Onboarding"))["message_thread_id"])
    await connect(town, group, "/digest daily 12:01", topic=topic)
    clock.advance(minutes=1)
    digest = await town.owner.within(group, topic=topic).reads("Nobody joined so far")
    assert digest.raw["message_thread_id"] == topic


async def test_the_digest_of_a_group_that_put_the_bot_out_stops_and_its_reader_hears_of_it(town: Town) -> None:
    group = await a_group(town, "Sales managers")
    await connect(town, group, "/digest daily 12:01")
    await town.owner.changes_group(group, "bot", status="kicked")
    lost = await town.owner.reads(
        "I can no longer write to the group Sales managers, so 1 of your digests has stopped."
    )
    assert lost.labels == ("Resume there", "Resume here", "‹ Digest")
    await stopped(town)


async def test_digests_say_which_group_one_of_them_has_lost_and_let_it_go_on_there_or_here(town: Town) -> None:
    group = await a_group(town, "Sales managers")
    await connect(town, group, "/digest daily 12:01")
    await town.owner.changes_group(group, "bot", status="kicked")
    await town.owner.reads("I can no longer write to the group Sales managers")
    for line in ("/digest", "/start"):
        assert (await town.owner.asks(line)).labels[:2] == ("Resume there", "Resume here")
    shown = await town.owner.asks("/digest")
    assert "Your digest stopped on 23 Nov" in shown.text
    assert "It went to the group Sales managers, where I can't write." in shown.text
    await town.owner.taps("Resume here")
    await town.owner.is_told("1 digest goes on.")


async def test_a_digest_goes_on_in_its_group_only_once_the_bot_is_back_there(town: Town, clock: Clock) -> None:
    group = await a_group(town, "Sales managers")
    town.expected_refusals.append("sendChatAction")
    await connect(town, group, "/digest daily 12:01")
    await town.owner.changes_group(group, "bot", status="kicked")
    await town.owner.reads("I can no longer write to the group Sales managers")
    await town.owner.taps("Resume there")
    missing = await town.owner.reads("I still can't write to the group Sales managers.")
    assert "Add me to the group again" in missing.text
    assert missing.labels == ("Check now", "Resume here", "‹ Digest")
    await town.owner.changes_group(group, "bot", status="member")
    await town.owner.within(group).reads("Hello! I take sign-ups")
    await town.owner.taps("Check now")
    await town.owner.is_told("1 digest goes on.")
    await town.owner.reads("It goes to the group Sales managers.")
    clock.advance(minutes=1)
    await town.owner.within(group).reads("Nobody joined so far")


async def test_what_telegram_does_not_say_about_a_group_is_said_and_the_digest_can_come_here(town: Town) -> None:
    group = await a_group(town, "Sales managers")
    town.expected_refusals.append("sendChatAction")
    await connect(town, group, "/digest daily 12:01")
    await town.owner.changes_group(group, "bot", status="left")
    await town.owner.reads("I can no longer write to the group Sales managers")
    town.gate.refuse_once("sendChatAction", 429, "Too Many Requests: retry after 5", retry_after=5)
    await town.owner.taps("Resume there")
    await town.owner.reads("Telegram doesn't tell me now whether I can write to the group Sales managers.")
    await town.owner.taps("Resume here")
    await town.owner.is_told("1 digest goes on.")
    assert "group" not in (await town.owner.reads("Digest: all that you see")).text


async def test_a_closed_topic_is_no_place_for_a_digest_until_it_is_opened(town: Town, clock: Clock) -> None:
    group = await a_group(town, "Sales managers", topics=True)
    town.expected_refusals += ["sendChatAction", "TOPIC_CLOSED"]
    topic = int((await town.owner.changes_group(group, "topics", name="Onboarding"))["message_thread_id"])
    await connect(town, group, "/digest daily 12:01", topic=topic)
    await town.owner.changes_group(group, "topics", message_thread_id=topic, closed=True)
    clock.advance(minutes=1)
    await town.owner.reads("I can no longer write to the group Sales managers")
    await town.owner.taps("Resume there")
    assert "open the topic if it is closed" in (await town.owner.reads("I still can't write")).text


async def test_a_group_reads_nothing_of_a_person_before_they_confirm_it_and_nothing_if_they_decline(
    town: Town,
) -> None:
    group = await a_group(town, "Sales managers")
    await town.owner.asks("/digest weekly mon 09:00")
    for line in ("/digest", "/digest groups", "/digest daily 12:01"):
        assert "https://t.me/" in (await ask(town, group, line)).text
    await town.owner.reads("from now on?")
    await town.owner.taps("No")
    await town.owner.reads("The group gets nothing.")
    assert "every week" in (await town.owner.asks("/digest")).text
    assert len([message for message in await town.owner.within(group).messages() if message.by_bot]) == 1 + 3


async def test_a_group_that_gets_a_digest_already_can_change_when_it_comes(town: Town, clock: Clock) -> None:
    group = await a_group(town, "Sales managers")
    await connect(town, group, "/digest daily 18:00")
    assert "every day at 12:01" in (await ask(town, group, "/digest daily 12:01")).text
    clock.advance(minutes=1)
    await town.owner.within(group).reads("Nobody joined so far")
    await ask(town, group, "/digest now")
    await town.owner.within(group).reads("Nobody joined since")


async def test_where_a_digest_no_longer_goes_is_told_before_and_after(town: Town) -> None:
    sales, support = [await a_group(town, title) for title in ("Sales", "Support")]
    await town.owner.asks("/digest weekly mon 09:00")
    await ask(town, sales, "/digest daily 12:01")
    assert "no longer come to your private chat" in (await town.owner.reads("from now on?")).text
    await town.owner.taps("Send it there")
    assert "no longer come to your private chat" in (await town.owner.reads("gets your digest now")).text
    await ask(town, support, "/digest daily 12:02")
    assert "no longer come to the group Sales" in (await town.owner.reads("the group Support from now on?")).text
    await town.owner.taps("Send it there")
    assert "no longer come to the group Sales" in (await town.owner.reads("Support gets your digest now")).text
    assert "no longer come to the group Support" in (await town.owner.asks("/digest daily 18:00")).text
    assert "no longer" not in (await town.owner.asks("/digest daily 19:00")).text


async def test_a_question_is_answered_once_and_says_so_afterwards(town: Town) -> None:
    group = await a_group(town, "Sales managers")
    await ask(town, group, "/digest daily 12:01")
    question = await town.owner.reads("from now on?")
    forged = question.button("Send it there")["callback_data"]
    assert (await town.owner.taps("Send it there")).id == question.id
    await town.owner.reads("gets your digest now")
    assert len(forged) < 64
    listed = await town.owner.asks("/digest groups")
    assert "Sales managers" in listed.text
    assert "the digest of Olivia Owner" in listed.text


async def test_who_gets_a_digest_in_a_group_sees_it_and_ends_it_by_a_button(town: Town, clock: Clock) -> None:
    group = await a_group(town, "t.me/trick @someone")
    await connect(town, group, "/digest daily 12:01", title="t.me/trick @someone")
    mine = await town.owner.asks("/digest")
    assert "It goes to the group t.me/trick @someone." in mine.text
    kinds = {entity["type"] for entity in mine.raw["entities"]}
    assert kinds <= {"code", "bot_command"}, "a stranger's title became a link"
    await town.owner.taps("Groups · 1")
    await town.owner.reads("1 group gets a digest")
    await town.owner.taps("End #1")
    await town.owner.reads("Digest #1 is ended: its group no longer gets it.")
    await town.owner.taps("‹ Groups")
    await town.owner.reads("No group gets a digest.")
    assert "no scheduled digest" in (await town.owner.asks("/digest")).text
    clock.advance(minutes=1)
    log = await town.owner.asks("/log")
    assert "Digest goes to the group t.me/trick @someone" in log.text
    assert "Digest no longer goes to the group t.me/trick @someone" in log.text
    assert not {entity["type"] for entity in log.raw["entities"]} & {"url", "mention"}
    await ask(town, group, "/digest daily 12:01")
    await town.owner.reads("from now on?")


async def test_a_digest_goes_to_a_group_that_is_chosen_by_its_button_also_if_the_bot_is_there(town: Town) -> None:
    owner = town.owner
    await owner.asks("/digest daily 12:01")
    group = await owner.makes_group("Sales managers", bot=False)
    first = (await town.engine.read(digest_cards.listing, OWNER)).newest
    for number in (first, await another(town)):
        await owner.changes_group(group, "starts", code=f"digest-{number}")
        asked = await owner.reads("Send your digest to the group Sales managers from now on?")
        assert "Digest: all that you see" in asked.text
        await owner.taps("Send it there")
        await owner.reads("The group Sales managers gets your digest now.")


async def test_all_digests_that_have_lost_the_same_group_come_here_by_one_question(town: Town) -> None:
    group, owner = await a_group(town, "Sales managers"), town.owner
    await connect(town, group, "/digest daily 12:01")
    number = await another(town)
    await owner.changes_group(group, "starts", code=f"digest-{number}")
    await owner.reads("Send your digest to the group Sales managers from now on?")
    before = (await owner.within(group).messages())[-1]
    await owner.taps("Send it there")
    await owner.within(group).reads("This group gets the digest of Olivia Owner now.", after=before)
    await owner.changes_group(group, "bot", status="kicked")
    await owner.reads("so 2 of your digests have stopped.")
    await owner.taps("Resume here")
    asked = await owner.reads("Shall all of them come to this chat?")
    assert asked.text.count("· all that you see") == 2
    assert asked.labels == ("All of them · 2", "Only All you see", "‹ Digest")
    await owner.taps("All of them · 2")
    await owner.is_told("2 digests go on.")
    assert (await town.engine.read(digest_cards.card, OWNER, number)).subscription.stopped_at is None


async def another(town: Town) -> int:
    """Add a second digest of the owner's; return its number."""
    newest = (await town.engine.read(digest_cards.listing, OWNER)).newest
    chat_id = (await town.engine.read(digests.subscription, OWNER)).chat_id or 0
    added = await town.engine.write(digest_editing.add, OWNER, None, chat_id, town.engine.now(), newest=newest)
    return added.named.digest_id
