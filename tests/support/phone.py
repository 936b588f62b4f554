"""A phone with the sandbox's chat page in a real Chromium: what is tapped is counted, what is typed is not."""

import re
from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

# Counts the taps that the page itself gets, on buttons and links.
COUNTING = (
    "window.taps = 0; addEventListener('click', tap => { window.taps += tap.target.closest('.key') ? 1 : 0 }, true)"
)


@dataclass(kw_only=True)
class Phone:
    """The chat of one person on the sandbox's page."""

    page: Page
    address: str
    counted_from: int = 0

    @property
    def newest(self) -> Locator:
        """The newest message."""
        return self.page.get_by_role("log").locator(".message:not([hidden])").last

    async def open(self, person: int) -> None:
        """Open the chat as a person."""
        await self.page.add_init_script(COUNTING)
        await self.page.goto(f"{self.address}/?person={person}")

    async def start(self, then: str) -> None:
        """Press Start, and see the first screen."""
        await self.page.get_by_role("button", name="Start", exact=True).click()
        await self.reads(then)

    async def tap(self, label: str, then: str) -> None:
        """Tap a button of the newest message, and see what it leads to."""
        await self.button(label).click()
        await self.reads(then)

    async def type(self, text: str, then: str) -> None:
        """Type a text, send it, and see the answer."""
        await self.page.locator("#text").fill(text)
        await self.page.keyboard.press("Enter")
        await self.reads(then)

    async def reads(self, text: str) -> None:
        """Wait until the newest message has a text."""
        await expect(self.newest.get_by_text(text).first).to_be_visible()

    async def taps(self) -> int:
        """Return how many buttons the page was tapped on since `count_anew`."""
        return int(await self.page.evaluate("window.taps")) - self.counted_from

    async def count_anew(self) -> None:
        """Count taps from here on."""
        self.counted_from = int(await self.page.evaluate("window.taps"))

    def button(self, label: str) -> Locator:
        """Return the button of the newest message with this label, which may be a link."""
        return self.newest.locator(".key").filter(has_text=re.compile(f"^{re.escape(label)}$"))
