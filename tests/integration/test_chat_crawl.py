"""Every button that can be reached from Home, for each role: each tap is answered, and no screen leads nowhere.

The roles share the languages among them: what a screen holds is the same in all, and `test_bot_labels` has the labels.
"""

from collections import deque
from collections.abc import Sequence

import pytest
from telegram import InlineKeyboardButton

from bot.screens.screen import Screen
from bot.sending.replies import NewMessage, ScreenChange, TapAnswer
from core.domain.access import Permission, Role
from core.engine import Engine
from core.services import departments, roles
from tests.support.account import Office
from tests.support.router_fixture import Counter
from tests.support.rows import a_manager, a_user, transfer

pytestmark = [pytest.mark.deep, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

OWNER, ADMINISTRATOR, MANAGER, READER = 1001, 2001, 2002, 2003
MOST_LINES, MOST_ROWS = 20, 8
CALENDAR_ROWS = 9
MOST_TAPS = 250
LONGEST_ALONE, LONGEST_IN_PAIR = 45, 24  # letters; names of departments and people are cut, sentences tested elsewhere


async def an_office(office: Office) -> None:
    """Fill an account, and let one person of each role into its chat."""
    engine, now = office.engine, office.engine.now()
    for number in range(12):
        name = f"{number:02} <b>& 🍂"
        await engine.write(departments.add, office.owner_id, f"Sales / {name} / {name}", now)
        await engine.write(roles.add, office.owner_id, name, [Permission.RECEIVE_DIGESTS], now)
        await transfer(engine, await a_user(engine, Role.LEARNER, name=name), "Sales / EMEA")
    for name in ("Autumn <b>&", "Осенний набор " * 9, "שלום", "🍂 Winter"):
        made = await office.profile(name=name)
    await office.sign_up(made.token)
    await a_user(engine, Role.ADMINISTRATOR, telegram_id=ADMINISTRATOR, name="Ada")
    await a_manager(engine, "Sales", telegram_id=MANAGER)
    await a_user(
        engine, Role.CUSTOM, "Sales", telegram_id=READER, name="Rita", permissions=(Permission.RECEIVE_DIGESTS,)
    )


class Crawler:
    """Taps every button of every screen that it has not seen yet, from Home on."""

    def __init__(self, engine: Engine, telegram_id: int, language: str) -> None:
        self._counter = Counter(engine)
        self._id, self._language = telegram_id, language
        self.faults: list[str] = []
        self.taps = 0

    async def crawl(self) -> None:
        """Begin at Home."""
        home = next(
            reply.screen
            for reply in await self._counter.typed(self._id, "/menu", language=self._language)
            if isinstance(reply, NewMessage)
        )
        seen, waiting = {"/menu"}, deque(self._buttons("/menu", home))
        while waiting and self.taps < MOST_TAPS:
            data = waiting.popleft()
            if (kind := _kind(data)) in seen:
                continue
            seen.add(kind)
            waiting.extend(await self._tap(data))

    async def _tap(self, data: str) -> Sequence[str]:
        self.taps += 1
        replies = await self._counter.tapped(self._id, data, message_id=1, language=self._language)
        if not any(isinstance(reply, TapAnswer) for reply in replies):
            self.faults.append(f"{data}: the tap is not answered")
        screens = [reply.screen for reply in replies if isinstance(reply, ScreenChange)]
        answered = [reply for reply in replies if isinstance(reply, TapAnswer)]
        if not screens and not any(reply.text for reply in answered):
            self.faults.append(f"{data}: nothing is said")
        return [found for screen in screens for found in self._buttons(data, screen)]

    def _buttons(self, data: str, screen: Screen) -> Sequence[str]:
        """Judge a screen; return what its buttons carry."""
        if screen.attachment is None:
            self._judge(data, screen)
        return [str(button.callback_data) for row in screen.rows for button in row if button.callback_data]

    def _judge(self, data: str, screen: Screen) -> None:
        lines, rows = len(screen.text.split("\n")), len(screen.rows)
        most = CALENDAR_ROWS if any(len(row) == 7 for row in screen.rows) else MOST_ROWS  # a week
        if lines > MOST_LINES:
            self.faults.append(f"{data}: {lines} lines")
        if rows > most:
            self.faults.append(f"{data}: {rows} rows")
        if not any(button.callback_data for row in screen.rows for button in row):
            self.faults.append(f"{data}: no way on or back")
        self.faults += [f"{data}: label {button.text!r}" for row in screen.rows for button in row if _long(row, button)]


def _kind(data: str) -> str:
    """Return what a button does, but for its numbers: screens that differ by these are alike."""
    return ":".join("#" if part.isdigit() else part for part in data.split(":"))


def _long(row: Sequence[InlineKeyboardButton], button: InlineKeyboardButton) -> bool:
    return len(button.text) > (LONGEST_ALONE if len(row) == 1 else LONGEST_IN_PAIR)


@pytest.mark.parametrize(
    ("telegram_id", "language"), [(OWNER, "en"), (ADMINISTRATOR, "es"), (MANAGER, "ru"), (READER, "es")]
)
async def test_no_button_leads_nowhere_and_no_screen_is_beyond_a_phone(
    office: Office, telegram_id: int, language: str
) -> None:
    await an_office(office)
    crawler = Crawler(office.engine, telegram_id, language)
    await crawler.crawl()
    assert crawler.faults == []
    assert crawler.taps >= 5
