"""What follows a digest: its picture and its spreadsheet, composed when they are sent, by the rights of that moment."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import ParamSpec, Protocol, TypeVar

from bot.screens import digest_picture, digest_spreadsheet
from bot.screens.screen import Screen
from bot.wording.phrases import Words
from core.engine import UseCase
from core.services import digest_charts, digest_spreadsheets
from core.services.joined_people import Page

P = ParamSpec("P")
T = TypeVar("T")


class UseCases(Protocol):
    """Runs use cases: the engine, or the context of a tap."""

    async def read(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one that changes nothing."""

    async def write(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run one and commit."""


@dataclass(frozen=True, kw_only=True)
class DigestFiles:
    """The files of one run of a recipient's digest, for a chat."""

    use_cases: UseCases
    words: Words
    recipient_id: int
    run_id: int
    chat_id: int

    async def picture(self, *, dark: bool | None = None) -> Screen | None:
        """Draw the digest, as its recipient wants pictures (`dark` None); None if nobody joined.

        Raises NotAllowed, DigestGone.
        """
        found = await self.use_cases.read(digest_charts.chart, self.recipient_id, self.run_id)
        if found is None:
            return None
        private = self.chat_id > 0  # Bot API: groups have negative numbers
        theme = found.dark if dark is None else dark
        return await digest_picture.picture(self.words, found, self.run_id, dark=theme, private=private)

    async def spreadsheet(self) -> Screen | None:
        """Write the file, or say that it would be too long; None if nobody joined. Raises NotAllowed, DigestGone.

        That it leaves is recorded first, before each try to send it.
        """
        outline = await self.use_cases.read(digest_spreadsheets.outline, self.recipient_id, self.run_id)
        if outline is None:
            return None
        if outline.is_too_long:
            return digest_spreadsheet.too_long(self.words, outline)
        leaving = self.recipient_id, self.run_id, self.chat_id, self.words.now
        await self.use_cases.write(digest_spreadsheets.begin, *leaving)
        return await digest_spreadsheet.spreadsheet(self.words, outline, self._pages())

    async def _pages(self) -> AsyncIterator[Page]:
        asked, before = (self.recipient_id, self.run_id, self.words.now), None
        while True:
            page = await self.use_cases.read(digest_spreadsheets.page, *asked, before=before)
            yield page
            if (before := page.older_than) is None:
                return
