"""Taps every kind of button from Home on, as one person, and judges each screen, as an unmodified Telegram would."""

import statistics
import time
from collections import Counter as Counts
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from telegram import Bot, InlineKeyboardButton
from telegram.error import TelegramError

from bot.receiving.routes import BUTTONS, button_name
from bot.screens.screen import HOME, Screen
from bot.sending.replies import NewMessage, Reply, ScreenChange, TapAnswer
from core.engine import Engine
from tests.support.router_fixture import Counter

MOST_LINES, MOST_ROWS = 20, 8
CALENDAR_ROWS, WEEK = 9, 7
LONGEST_ALONE, LONGEST_IN_PAIR = 45, 24  # letters; names of departments and people are cut, sentences tested elsewhere
BACK = ("‹", "«")
LEAVING = ("Cancel", "Отмена", "Cancelar")
RUSHES = {f"{rush}{act}" for rush in ("rush", "waiting-rush") for act in ("", "-pause", "-resume")}
NOTICES = frozenset({"digest-show", *RUSHES})  # shown again: they stand by themselves
LAST = "!"  # ends the verbs of answers to questions, which delete and give away: tapped after all others


@dataclass(kw_only=True)
class Crawl:
    """What a crawl found: faults, what was left untapped when its taps were used up, each tap's milliseconds."""

    faults: list[str] = field(default_factory=list)
    left: set[str] = field(default_factory=set)
    verbs: set[str] = field(default_factory=set)
    milliseconds: list[float] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")

    @property
    def never_seen(self) -> set[str]:
        """The verbs of all buttons that were on no screen."""
        return {*BUTTONS} - self.verbs

    @property
    def median(self) -> float:
        """The median of our own time for a tap, in milliseconds."""
        return statistics.median(self.milliseconds)

    def __str__(self) -> str:
        ordered = sorted(self.milliseconds)
        late = ordered[int(len(ordered) * 0.95)]
        return (
            f"{len(ordered)} taps, {len(self.verbs)} of {len(BUTTONS)} verbs, median {self.median:.0f} ms, "
            f"95 % within {late:.0f} ms, slowest {ordered[-1]:.0f} ms ({self.slowest[1]}), "
            f"{len(self.left)} kinds left, {len(self.faults)} faults"
        )


class Crawler:
    """A person who taps what they have not seen yet; `bot` sends each screen to a strict sandbox.

    Of buttons that differ by numbers alone, as their screens are mostly alike, `of_a_kind` are tapped.
    """

    def __init__(
        self, engine: Engine, telegram_id: int, language: str, *, bot: Bot | None = None, of_a_kind: int = 1
    ) -> None:
        self._counter = Counter(engine)
        self._id, self._language, self._bot, self._of_a_kind = telegram_id, language, bot, of_a_kind
        self._seen: Counts[str] = Counts()
        self._waiting: deque[str] = deque()
        self._later: deque[str] = deque()
        self._newest: dict[str, str] = {}
        self.found = Crawl()

    def newest(self, verb: str) -> str:
        """Return what the last seen button with a verb carries, without the verb; "" if there was none."""
        return self._newest.get(verb, "").partition(":")[2]

    async def crawl(self, most: int) -> Crawl:
        """Begin at Home, and tap at most so many buttons."""
        await self._look(HOME, await self._counter.typed(self._id, "/menu", language=self._language))
        while (self._waiting or self._later) and len(self.found.milliseconds) < most:
            await self._tap((self._waiting or self._later).popleft())
        self.found.left = {_kind(data) for data in (*self._waiting, *self._later)}
        return self.found

    async def type(self, line: str) -> None:
        """Type a line, and judge its answer like that to a tap."""
        await self._look(line, await self._counter.typed(self._id, line, language=self._language))

    async def press(self, verb: str) -> None:
        """Tap the last seen button with a verb, if there is one."""
        if verb in self._newest:
            await self._tap(self._newest[verb])

    async def show(self, what: str, screen: Screen) -> None:
        """Judge a screen that comes by itself, such as a notice, and note its buttons; it needs no way back."""
        await self._see(what, screen, is_answer=False)

    async def _tap(self, data: str) -> None:
        began = time.perf_counter()
        replies = await self._counter.tapped(self._id, data, message_id=1, language=self._language)
        self.found.milliseconds.append(1000 * (time.perf_counter() - began))
        self.found.slowest = max(self.found.slowest, (self.found.milliseconds[-1], data))
        answers = [reply for reply in replies if isinstance(reply, TapAnswer)]
        if not answers:
            self._fault(data, "the tap is not answered")
        if not await self._look(data, replies) and not any(answer.text for answer in answers):
            self._fault(data, "nothing is said")

    async def _look(self, data: str, replies: Sequence[Reply]) -> bool:
        """Judge the screens of an answer, and note their buttons; tell whether there was one."""
        screens = [reply.screen for reply in replies if isinstance(reply, NewMessage | ScreenChange)]
        for screen in screens:
            await self._see(data, screen, is_answer=data != HOME and data.partition(":")[0] not in NOTICES)
        return bool(screens)

    async def _see(self, data: str, screen: Screen, *, is_answer: bool) -> None:
        if screen.attachment is None:
            self._judge(data, screen)
            if is_answer and not any(_leads_back(button) for button in _buttons(screen)):
                self._fault(data, f"no way back: {[[button.text for button in row] for row in screen.rows]}")
            await self._send(data, screen)
        for button in _buttons(screen):
            self._note(str(button.callback_data))

    def _note(self, data: str) -> None:
        kind = _kind(data)
        verb = button_name(data.removeprefix("+"))
        self.found.verbs.add(verb)
        self._newest[verb] = data
        self._seen[kind] += 1
        if self._seen[kind] <= self._of_a_kind:
            (self._later if data.partition(":")[0].endswith(LAST) else self._waiting).append(data)

    def _judge(self, data: str, screen: Screen) -> None:
        lines, rows = len(screen.text.split("\n")), len(screen.rows)
        most = CALENDAR_ROWS if any(len(row) == WEEK for row in screen.rows) else MOST_ROWS
        if lines > MOST_LINES:
            self._fault(data, f"{lines} lines")
        if rows > most:
            self._fault(data, f"{rows} rows")
        for row in screen.rows:
            for button in row:
                if len(button.text) > (LONGEST_ALONE if len(row) == 1 else LONGEST_IN_PAIR):
                    self._fault(data, f"label {button.text!r}")

    async def _send(self, data: str, screen: Screen) -> None:
        if self._bot is None:
            return
        try:
            await self._bot.send_message(self._id, str(screen.text), parse_mode="HTML", reply_markup=screen.markup)
        except TelegramError as refused:
            self._fault(data, f"refused: {refused}")

    def _fault(self, data: str, what: str) -> None:
        self.found.faults.append(f"{data} ({self._language}): {what}")


def _buttons(screen: Screen) -> list[InlineKeyboardButton]:
    return [button for row in screen.rows for button in row if button.callback_data]


def _leads_back(button: InlineKeyboardButton) -> bool:
    return button.text.startswith(BACK) or button.text in LEAVING or button.callback_data == HOME


def _kind(data: str) -> str:
    """Return what a button does, but for its numbers: screens that differ by these are alike."""
    return ":".join("#" if part.isdigit() else part for part in data.split(":"))
