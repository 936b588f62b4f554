"""The sandbox's chat page in a real browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect
from telegram import (
    Bot,
    BotCommand,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InputTextMessageContent,
    Update,
)
from telegram.ext import CallbackQueryHandler, CommandHandler, InlineQueryHandler, MessageHandler, filters

from tests.support.sandbox_fixture import polling

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Page

    from bot.sandbox import Sandbox
    from tests.support.browser import OpenPage

_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_CARD = InlineKeyboardMarkup(
    [
        [InlineKeyboardButton("Pause", callback_data="pause"), InlineKeyboardButton("Delete", callback_data="delete")],
        [InlineKeyboardButton("Copy link", copy_text=CopyTextButton("https://example.org/s/1"))],
        [InlineKeyboardButton("Site", url="https://example.org/")],
    ]
)


async def _card(update: Update, _: object) -> None:
    assert update.message
    await update.message.reply_html(f"<b>Card</b> of <code>{update.message.text}</code>", reply_markup=_CARD)


async def _tapped(update: Update, _: object) -> None:
    query = update.callback_query
    assert query
    if query.data == "delete":
        await query.answer("Really gone", show_alert=True)
        await query.delete_message()
    else:
        await query.answer("It is paused")
        await query.edit_message_text("Paused")


async def _echo(update: Update, _: object) -> None:
    assert update.message
    document = update.message.document
    await update.message.reply_text(f"Got {document.file_name}" if document else update.message.text or "")


async def _offer(update: Update, _: object) -> None:
    query = update.inline_query
    assert query
    content = InputTextMessageContent(f"Shared {query.query}")
    article = InlineQueryResultArticle(
        "1", f"Card of {query.query}", content, description="20 of 50", reply_markup=_CARD
    )
    await query.answer([article], cache_time=0)


@pytest.fixture
async def card_bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    """A bot at work: it shows cards, and repeats what else it hears."""
    async with polling(
        sandbox,
        CommandHandler(["start", "card"], _card),
        CallbackQueryHandler(_tapped),
        InlineQueryHandler(_offer),
        MessageHandler(filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL, _echo),
    ) as bot:
        yield bot


@pytest.fixture
async def chat(sandbox: Sandbox, card_bot: Bot, open_page: OpenPage) -> Page:
    """Olivia's chat, where she pressed Start."""
    await card_bot.set_my_commands([BotCommand("card", "Show the card"), BotCommand("help", "What I can do")])
    page = await open_page(permissions=["clipboard-read", "clipboard-write"])
    await page.goto(f"{sandbox.url}/?person=1001")
    await page.get_by_role("button", name="Start").click()
    await expect(page.get_by_role("log").get_by_text("Card of /start")).to_be_visible()
    return page


async def test_the_page_says_what_it_is(sandbox: Sandbox, page: Page) -> None:
    await page.goto(sandbox.url)
    await expect(page.get_by_text("Sandbox: a stand-in for Telegram on this computer")).to_be_visible()


async def test_a_deep_link_sends_its_code_only_when_start_is_pressed(sandbox: Sandbox, page: Page) -> None:
    await page.goto(f"{sandbox.url}/?person=1002&start=inv_42")
    await expect(page.get_by_text("No messages here yet.")).to_be_visible()
    await page.get_by_role("button", name="Start").click()
    await expect(page.get_by_role("article")).to_contain_text("/start inv_42")


@pytest.mark.deep
async def test_formatting_is_shown(chat: Page) -> None:
    await expect(chat.locator("article b")).to_have_text("Card")
    await expect(chat.locator("article code")).to_have_text("/start")


async def test_markup_that_somebody_types_stays_text(chat: Page) -> None:
    await chat.get_by_label("Message", exact=True).fill("<img src=x onerror=alert(1)>")
    await chat.get_by_role("button", name="Send", exact=True).click()
    await expect(chat.get_by_role("log").get_by_text("<img src=x onerror=alert(1)>")).to_have_count(2)


async def test_a_tap_shows_its_answer_and_edits_in_place(chat: Page) -> None:
    await chat.get_by_role("button", name="Pause").click()
    await expect(chat.get_by_text("It is paused")).to_be_visible()
    await expect(chat.get_by_role("log").get_by_text("Paused")).to_be_visible()
    await expect(chat.get_by_role("article")).to_have_count(2)


@pytest.mark.deep
async def test_a_message_is_forwarded_to_a_group_with_its_authors_name(chat: Page) -> None:
    await chat.get_by_role("button", name="Chatting as").click()
    await chat.get_by_text("Create a group").click()
    await chat.get_by_label("Title").fill("Sales")
    await chat.get_by_role("button", name="Create", exact=True).click()
    await expect(chat.get_by_text("Gangway joined")).to_be_visible()
    await chat.goto(chat.url.partition("&")[0])
    await chat.get_by_label("Message menu").first.click()
    await chat.get_by_role("button", name="Forward", exact=True).click()
    await chat.get_by_role("dialog").get_by_role("button", name="Sales").click()
    await chat.get_by_role("button", name="Chatting as").click()
    await chat.locator("#group-list").get_by_role("button", name="Sales").click()
    await expect(chat.get_by_role("article").first).to_contain_text("Forwarded from Olivia Owner")


@pytest.mark.deep
async def test_ones_own_message_is_edited_in_the_field_for_texts(chat: Page) -> None:
    field = chat.get_by_label("Message", exact=True)
    await field.fill("first")
    await field.press("Enter")
    await expect(chat.get_by_role("log").get_by_text("first")).to_have_count(2)
    await chat.get_by_label("Message menu").nth(2).click()
    await field.click()
    await expect(chat.get_by_role("button", name="Edit", exact=True)).to_be_hidden()
    await chat.get_by_label("Message menu").nth(2).click()
    await chat.get_by_role("button", name="Edit", exact=True).click()
    await expect(chat.get_by_text("Editing a message")).to_be_visible()
    await field.fill("second")
    await field.press("Enter")
    await expect(chat.get_by_role("log").get_by_text("second")).to_have_count(1)
    await expect(chat.get_by_text("Editing a message")).to_be_hidden()
    await expect(field).to_have_value("")


@pytest.mark.deep
async def test_an_alert_is_shown_and_a_deleted_message_goes(chat: Page) -> None:
    await chat.get_by_role("button", name="Delete").click()
    await expect(chat.get_by_role("dialog")).to_contain_text("Really gone")
    await chat.get_by_role("button", name="OK").click()
    await expect(chat.get_by_role("article")).to_have_count(1)


@pytest.mark.deep
async def test_a_copy_button_copies(chat: Page) -> None:
    await chat.get_by_role("button", name="Copy link").click()
    await expect(chat.get_by_text("Copied to the clipboard")).to_be_visible()
    assert await chat.evaluate("navigator.clipboard.readText()") == "https://example.org/s/1"


@pytest.mark.deep
async def test_a_link_button_opens_elsewhere_without_its_opener(chat: Page) -> None:
    site = chat.get_by_role("link", name="Site")
    await expect(site).to_have_attribute("href", "https://example.org/")
    await expect(site).to_have_attribute("target", "_blank")
    await expect(site).to_have_attribute("rel", "noopener noreferrer")


@pytest.mark.deep
async def test_commands_are_offered_while_typing(chat: Page) -> None:
    await chat.get_by_label("Message", exact=True).press_sequentially("/ca")
    await expect(chat.get_by_role("option")).to_have_text(["/cardShow the card"])
    await chat.keyboard.press("Enter")
    await expect(chat.get_by_role("log").get_by_text("Card of /card")).to_be_visible()


@pytest.mark.deep
async def test_a_file_is_sent_to_the_bot(chat: Page) -> None:
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": b"a@example.org"}
    await chat.get_by_label("Send a file").set_input_files(file)  # type: ignore[arg-type]  # a FilePayload in all but name
    await expect(chat.get_by_role("log").get_by_text("Got people.csv")).to_be_visible()


@pytest.mark.deep
async def test_the_bot_is_blocked_and_unblocked(chat: Page) -> None:
    await chat.get_by_label("More").click()
    await chat.get_by_role("switch", name="Block the bot").click()
    await expect(chat.get_by_label("Message", exact=True)).to_be_hidden()
    await chat.get_by_role("button", name="Unblock the bot").click()
    await expect(chat.get_by_label("Message", exact=True)).to_be_visible()


@pytest.mark.deep
async def test_somebody_is_added_and_chatted_as(chat: Page) -> None:
    await chat.get_by_role("button", name="Chatting as").click()
    await chat.get_by_text("Add a person").click()
    await chat.get_by_label("Name").fill("Рита Новая")
    await chat.get_by_label("Language").select_option("ru")
    await chat.get_by_role("button", name="Add", exact=True).click()
    await expect(chat.get_by_role("button", name="Chatting as")).to_contain_text("Рита")
    await expect(chat.get_by_role("button", name="Start")).to_be_visible()


@pytest.mark.deep
async def test_a_start_code_that_telegram_would_not_take_is_dropped(sandbox: Sandbox, page: Page) -> None:
    await page.goto(f"{sandbox.url}/?person=1002&start=no%20spaces")
    await expect(page.get_by_text("This start code isn't 1-64 of")).to_be_visible()
    await page.get_by_role("button", name="Start").click()
    await expect(page.get_by_role("article")).to_contain_text("/start")


async def _group(chat: Page, kind: str) -> None:
    await chat.get_by_role("button", name="Chatting as").click()
    await chat.get_by_text("Create a group").click()
    await chat.get_by_label("Title").fill("Sales team")
    await chat.get_by_label("Kind").select_option(label=kind)
    await chat.get_by_role("button", name="Create", exact=True).click()
    await expect(chat.get_by_role("heading", name="Sales team").first).to_be_visible()


async def test_a_group_is_made_and_written_in(chat: Page) -> None:
    await _group(chat, "Supergroup")
    await expect(chat.get_by_text("Gangway joined")).to_be_visible()
    await chat.get_by_label("Message", exact=True).fill("/card")
    await chat.get_by_role("button", name="Send", exact=True).click()
    await expect(chat.get_by_role("log").get_by_text("Card of /card")).to_be_visible()
    await chat.get_by_role("button", name="Pause").click()
    await expect(chat.get_by_text("It is paused")).to_be_visible()


@pytest.mark.deep
async def test_people_the_bot_and_topics_of_a_group_are_changed(chat: Page) -> None:
    await _group(chat, "Supergroup with topics")
    await chat.get_by_label("More").click()
    await chat.get_by_role("button", name="Members, bot and topics").click()
    await chat.get_by_role("button", name="Add Max Manager").click()
    await expect(chat.get_by_role("button", name="Remove Max Manager")).to_be_visible()
    await chat.get_by_label("New topic").fill("Digests")
    await chat.get_by_role("button", name="Create topic").click()
    await expect(chat.get_by_role("button", name="Close Digests")).to_be_visible()
    await chat.get_by_label("The bot is").select_option("kicked")
    await chat.get_by_role("button", name="Done").click()
    await expect(chat.get_by_text("Gangway left")).to_be_visible()
    await chat.get_by_label("Topic", exact=True).select_option("Digests")
    await expect(chat.get_by_text("created the topic Digests")).to_be_visible()
    await expect(chat.get_by_text("Gangway left")).to_be_hidden()


@pytest.mark.deep
async def test_a_basic_group_becomes_a_supergroup(chat: Page) -> None:
    await _group(chat, "Basic group")
    await chat.get_by_label("More").click()
    await chat.get_by_role("button", name="Members, bot and topics").click()
    await chat.get_by_role("button", name="Upgrade to a supergroup").click()
    await expect(chat.get_by_text("This supergroup was upgraded from a group")).to_be_visible()


async def test_words_after_the_bots_name_are_an_inline_query(chat: Page) -> None:
    await chat.get_by_label("Message", exact=True).press_sequentially("@gangway_sandbox_bot autumn")
    await expect(chat.get_by_label("@gangway_sandbox_bot")).to_have_value("autumn")
    await chat.get_by_role("button", name="Card of autumn").click()
    await expect(chat.get_by_role("log").get_by_text("Shared autumn").first).to_be_visible()
    await expect(chat.get_by_text("via @gangway_sandbox_bot")).to_be_visible()


@pytest.mark.deep
async def test_the_page_is_accessible_with_all_open(chat: Page) -> None:
    await _group(chat, "Supergroup with topics")
    assert await _violations(chat) == []
    await chat.get_by_label("More").click()
    await chat.get_by_role("button", name="Ask the bot inline").click()
    await expect(chat.get_by_role("list", name="Results").get_by_role("button")).to_be_visible()
    assert await _violations(chat) == []
    await chat.goto(chat.url.partition("?")[0] + "calls")
    await expect(chat.get_by_role("list", name="Calls, newest first").get_by_role("listitem").first).to_be_visible()
    assert await _violations(chat) == []


async def _violations(page: Page) -> list[str]:
    results = await Axe().run(page, options={"runOnly": _RULES})
    return [f"{found['id']}: {found['nodes'][0]['html'][:200]}" for found in results.response["violations"]]


@pytest.mark.deep
async def test_the_chat_goes_on_after_a_restart(
    sandbox: Sandbox, open_page: OpenPage, expected_noise: list[str]
) -> None:
    expected_noise += ["ERR_", "Failed to load"]
    page = await open_page()
    await page.goto(f"{sandbox.url}/?person=1001")
    await expect(page.get_by_role("status").first).to_have_text("bot")
    await sandbox.stop()
    await expect(page.get_by_role("status").first).to_have_text("connecting…")
    await sandbox.start()
    await expect(page.get_by_role("status").first).to_have_text("bot")


@pytest.mark.deep
async def test_the_newest_message_stays_in_sight_after_many_edits_and_while_the_log_gets_less_room(
    sandbox: Sandbox, card_bot: Bot, open_page: OpenPage
) -> None:
    page = await open_page(viewport={"width": 390, "height": 844})
    await page.goto(f"{sandbox.url}/?person=1001")
    await page.get_by_role("button", name="Start").click()
    log = page.get_by_role("log")
    await expect(log.get_by_text("Card of /start")).to_be_visible()
    last = await card_bot.send_message(1001, "first", reply_markup=_CARD)
    for number in range(40):
        if number % 3:
            last = await card_bot.send_message(1001, "\n".join(["line"] * 12) + f" of {number}", reply_markup=_CARD)
        else:
            await card_bot.edit_message_text(f"edited {number}", 1001, last.message_id)
    newest = log.get_by_text("edited 39")
    await expect(newest).to_be_in_viewport(ratio=1)
    await page.get_by_label("Message", exact=True).fill("one\ntwo\nthree\nfour\nfive")
    await expect(newest).to_be_in_viewport(ratio=1)
    await page.set_viewport_size({"width": 390, "height": 420})
    await expect(newest).to_be_in_viewport(ratio=1)
    await card_bot.send_message(1001, "after the keyboard opened")
    await expect(log.get_by_text("after the keyboard opened")).to_be_in_viewport(ratio=1)
