"""The whole way once: from a profile made in chat, through the form in a real browser, to a digest.

`GANGWAY_SCREENSHOTS=docs/pictures pytest tests/e2e/test_journey.py -k sqlite` takes the README's pictures anew.
"""

import os
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiohttp import ClientSession
from playwright.async_api import Page, expect

from tests.support.chat import Person, SeenMessage
from tests.support.patience import PATIENCE
from tests.support.program import running

RIGA = ZoneInfo("Europe/Riga")


async def picture(page: Page, name: str) -> None:
    if folder := os.environ.get("GANGWAY_SCREENSHOTS"):
        await page.emulate_media(reduced_motion="reduce")
        await page.screenshot(path=f"{folder}/{name}.png")


async def say(chat: Page, line: str, answer: str) -> None:
    """Type a line into the sandbox's chat page, and see the answer there."""
    await chat.get_by_label("Message", exact=True).fill(line)
    await chat.keyboard.press("Enter")
    await expect(chat.get_by_role("log").get_by_text(answer).last).to_be_visible()


@pytest.mark.deep
async def test_the_whole_way(tmp_path: Path, database_url: str, page: Page) -> None:
    async with running(tmp_path, DATABASE_URL=database_url) as program, ClientSession() as http:
        await program.is_ready()
        chat, owner = page, Person(http, program.sandbox, 1001)
        await chat.goto(f"{program.sandbox}/?person=1001")
        await chat.get_by_role("button", name="Start", exact=True).click()
        await expect(chat.get_by_role("log").get_by_text("Welcome, Olivia.")).to_be_visible()
        await say(chat, "/signup on", "Sign-up is on")
        await say(chat, "/timezone Europe/Riga", "Time zone: Europe/Riga")
        await say(chat, "/settings name Acme", "Learners now see “Acme”")
        await say(chat, "/adddepartment Sales / EMEA", "Create a link for it:")
        await say(chat, "/addcourse Welcome to sales | https://example.com/welcome | 14", "Added the course")
        await say(chat, "/addrule Sales | Welcome to sales", "From now on")
        await say(chat, "/newprofile Autumn sales | Sales / EMEA | now - +2 weeks | 50", "0 of 50")
        await picture(chat, "card")
        card = (await owner.messages())[-1]
        link = card.button("Copy link")["copy_text"]["text"]

        form = await page.context.new_page()
        await form.goto(link)
        await form.get_by_label("First name").fill("Anna")
        await form.get_by_label("Last name").fill("Bērziņa")
        await form.get_by_label("Email address").fill("anna@example.com")
        await form.get_by_label("Create a password").fill("four quiet words here")
        await picture(form, "form")
        await form.get_by_role("button", name="Create account").click()
        await expect(form).to_have_url(f"{program.pages}/courses")
        await expect(form.get_by_role("heading", name="Welcome to sales")).to_be_visible()
        await picture(form, "courses")

        await say(chat, "/history 1", "anna@example.com")
        await picture(chat, "history")
        await say(chat, "/digest now", "1 joined so far")
        await picture(chat, "digest")

        soon = datetime.now(RIGA) + timedelta(seconds=80)  # the minute that it falls into begins in 20 s at least
        said = await owner.says(f"/digest daily {soon:%H:%M}")
        await owner.reads("Your digest comes every day", after=said)
        digest = await owner.reads("Nobody joined since", after=said, timeout=80 + PATIENCE)
        await chat.close()
        assert await program.ends() == 0
        assert [m.id for m in await _after_restart(tmp_path, database_url) if "Nobody joined" in m.text] == [digest.id]


async def _after_restart(folder: Path, database_url: str) -> list[SeenMessage]:
    """Start the program once more, wait until it would have sent what is due, and read the chat."""
    async with running(folder, DATABASE_URL=database_url) as program, ClientSession() as http:
        await program.is_ready()
        owner = Person(http, program.sandbox, 1001)
        said = await owner.says("/digest")
        await owner.reads("The next one comes", after=said)
        messages = await owner.messages()
        assert await program.ends() == 0
        return messages
