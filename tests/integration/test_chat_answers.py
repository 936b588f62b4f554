"""What becomes of answers: put off, lost, unconfirmed, or never composed because something broke."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from markupsafe import Markup

from bot.context import Context
from bot.receiving.routes import BY_NAME
from bot.screens.screen import Screen
from core.engine import Engine
from core.services import departments
from tests.support.account import Office
from tests.support.bot_fixture import Town, open_town
from tests.support.chat import SeenMessage
from tests.support.clock import Clock
from tests.support.patience import PATIENCE, on_this_machine

pytestmark = pytest.mark.deep


@pytest.fixture
async def town(engine: Engine) -> AsyncIterator[Town]:
    async with open_town(engine, gated=True) as town:
        await ask(town, "/start")
        yield town


async def ask(town: Town, line: str) -> SeenMessage:
    said = await town.owner.says(line)
    return await town.owner.reads(after=said)


async def test_an_answer_that_telegram_puts_off_comes_when_it_may_and_keeps_nobody_else_waiting(town: Town) -> None:
    town.gate.refuse_once("sendMessage", 429, "Too Many Requests: retry after 2", retry_after=2)
    said = await town.owner.says("/departments")
    await town.gate.refused.wait()
    await town.stranger.says("hello")
    other = await town.stranger.reads("invited people only")
    own = await town.owner.reads("No departments yet", after=said)
    assert other.revision < own.revision


async def test_an_answer_that_may_have_arrived_is_owned_up_to_instead_of_sent_again(town: Town) -> None:
    town.gate.lose_answer_once("sendMessage")
    await town.owner.says("/departments")
    notice = await town.owner.reads("The service was interrupted while it answered /departments.")
    arrived = [message for message in await town.owner.messages() if "No departments yet" in message.text]
    assert [message.id < notice.id for message in arrived] == [True]
    await ask(town, "/log")
    await town.owner.taps("What may not have arrived")
    assert (await town.owner.reads("These may not have arrived")).text.endswith("the answer to /departments")


async def test_a_screen_whose_change_is_unconfirmed_is_changed_again_which_is_the_same(town: Town) -> None:
    for line in ("/signup on", "/adddepartment Sales", "/newprofile Autumn | Sales | now - +1 week | 5"):
        await ask(town, line)
    town.gate.lose_answer_once("editMessageText")
    await town.owner.taps("Pause")
    await town.owner.reads("⏸ Autumn")
    await town.owner.is_told("Paused")
    assert "All answers and messages" in (await ask(town, "/log unconfirmed")).text


async def test_a_broken_handler_is_apologised_for_without_a_word_of_what_broke(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_context: Context, _text: str) -> Screen:
        raise ZeroDivisionError

    monkeypatch.setitem(BY_NAME, "departments", replace(BY_NAME["departments"], handler=broken))
    answer = await ask(town, "/departments")
    assert answer.text == "Something went wrong on our side, sorry. Please try again in a minute."


async def test_what_was_done_before_something_broke_is_said_to_be_done(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def half_broken(context: Context, text: str) -> Screen:
        await context.write(departments.add, context.actor_id, text, context.now)
        raise ZeroDivisionError

    monkeypatch.setitem(BY_NAME, "adddepartment", replace(BY_NAME["adddepartment"], handler=half_broken))
    assert "It was done, but something went wrong" in (await ask(town, "/adddepartment Sales")).text
    assert "Sales" in (await ask(town, "/departments")).labels


async def test_a_handler_that_writes_twice_is_apologised_for_at_once_and_its_second_write_has_no_effect(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def writing_twice(context: Context, text: str) -> Screen:
        await context.write(departments.add, context.actor_id, text, context.now)
        await context.write(departments.add, context.actor_id, f"{text} / EMEA", context.now)
        return Screen(text=Markup("Never shown"))

    monkeypatch.setitem(BY_NAME, "adddepartment", replace(BY_NAME["adddepartment"], handler=writing_twice))
    assert "It was done, but something went wrong" in (await ask(town, "/adddepartment Sales")).text
    assert "Sales" in (await ask(town, "/departments")).labels  # with a › if there were any below
    assert "All answers and messages" in (await ask(town, "/log unconfirmed")).text


async def test_an_answer_that_telegram_finds_fault_with_is_stood_in_for_by_a_plain_one(town: Town) -> None:
    town.expected_refusals.append("Bad Request: made to fail")
    town.sandbox.faults.arm("bad_request", method="sendMessage")
    assert "It was done, but something went wrong" in (await ask(town, "/adddepartment Sales")).text
    assert "Sales" in (await ask(town, "/departments")).labels


async def test_an_answer_that_telegram_takes_in_no_form_is_owned_up_to(town: Town) -> None:
    town.expected_refusals.append("Bad Request: made to fail")
    town.sandbox.faults.arm("bad_request", method="sendMessage", times=2)
    notice = await ask(town, "/adddepartment Sales")
    assert notice.text.startswith("/adddepartment Sales was carried out")


async def test_a_screen_that_cannot_be_changed_any_more_comes_as_a_new_one(town: Town) -> None:
    for line in ("/signup on", "/adddepartment Sales", "/newprofile Autumn | Sales | now - +1 week | 5"):
        card = await ask(town, line)
    town.expected_refusals.append("Bad Request: message to edit not found")
    description = "Bad Request: message to edit not found"
    town.sandbox.faults.arm("bad_request", method="editMessageText", description=description)
    await town.owner.taps("Pause")
    paused = await town.owner.reads("⏸ Autumn")
    assert paused.id > card.id
    await town.owner.is_told("Paused")


async def test_a_long_line_of_several_rows_with_a_typo_is_answered(town: Town) -> None:
    answer = await ask(
        town, "/setings privacy " + "\n".join(f"{row} We keep your name & address." for row in range(120))
    )
    assert answer.text.startswith("I don't know /setings.")


async def test_an_outage_of_telegram_that_lasts_is_owned_up_to_when_it_is_over(town: Town, clock: Clock) -> None:
    town.expected_refusals.append("Bad Gateway")
    town.sandbox.faults.arm("bad_gateway", method="sendMessage", chat_id=town.owner.id, times=3)
    await town.owner.says("/adddepartment Sales")
    await town.outbox_has("unknown", 2)  # the answer has failed, the notice of that, and its first repetition
    clock.advance(minutes=1)
    notice = await town.owner.reads("was carried out, but the service was interrupted")
    assert "Sent again" in notice.text


async def test_after_an_outage_the_answer_arrives_soon_and_the_notices_too(town: Town) -> None:
    town.expected_refusals += ["Bad Gateway", "getMe"]
    await ask(town, "/help")  # the menu of commands, which follows the first answer, is set by now
    town.sandbox.faults.arm("bad_gateway", times=10_000)
    await town.owner.says("/adddepartment Sales")
    await town.outbox_has("waiting")
    said = await town.owner.says("/departments")
    async with asyncio.timeout(PATIENCE):
        while len([call for call in town.sandbox.calls if call.method == "getMe" and call.refusal]) < 4:
            await asyncio.sleep(0.02)
    town.sandbox.faults.clear()
    await asyncio.gather(
        town.owner.reads("Sales", after=said, timeout=on_this_machine(1.5)),
        town.owner.reads("was carried out, but the service", after=said, timeout=on_this_machine(2.5)),
    )


async def test_what_is_typed_on_a_form_moves_it_below_and_takes_its_earlier_screens_away(
    town: Town, office: Office
) -> None:
    await office.profile()
    shown = await town.owner.asks("/newprofile")
    for name in ("Spring sales", "Summer sales"):
        earlier, shown = shown, await town.owner.reads(name, after=await town.owner.says(name))
        await town.owner.loses(earlier)
