"""A person's screens in the chat, one after another: what they read, and the buttons that they tap by their labels."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.screens.screen import Screen
from bot.sending.replies import NewMessage, Removal, Reply, ScreenChange, TapAnswer
from core.engine import Engine
from tests.support.router_fixture import Counter

OWNER = 1001


@dataclass(kw_only=True)
class Screens:
    """The newest screen of one person's chat. Each tap and each line is handled by a router of its own, as if the bot

    had been started anew before.
    """

    engine: Engine
    telegram_id: int = OWNER
    language: str = "en"
    taps: int = 0
    screen: Screen | None = None
    message_id: int = 1
    toast: str = ""
    removed: list[int] = field(default_factory=list)

    @property
    def text(self) -> str:
        """What the newest screen says, without markup."""
        return self.shown.text.striptags() if "\n" not in self.shown.text else _plain(self.shown)

    @property
    def shown(self) -> Screen:
        """The newest screen."""
        assert self.screen is not None
        return self.screen

    @property
    def labels(self) -> list[list[str]]:
        """The labels of the newest screen, row by row."""
        return [[button.text for button in row] for row in self.shown.rows]

    def data(self, label: str) -> str:
        """Return what the button with a label carries."""
        for row in self.shown.rows:
            for button in row:
                if button.text == label:
                    assert isinstance(button.callback_data, str)
                    return button.callback_data
        raise AssertionError(f"no button {label!r} among {self.labels}")  # noqa: EM102, TRY003 - explains itself

    async def tap(self, label: str) -> str:
        """Tap a button of the newest screen; return what is read then."""
        self.taps += 1
        return await self.send(self.data(label))

    async def send(self, data: str) -> str:
        """Tap a button that carries this data, which may be an old one."""
        counter = Counter(self.engine)
        sent = await counter.tapped(self.telegram_id, data, message_id=self.message_id, language=self.language)
        return await self._see(counter, sent)

    async def type(self, text: str) -> str:
        """Type a text or a line; return what is read then."""
        counter = Counter(self.engine)
        return await self._see(counter, await counter.typed(self.telegram_id, text, language=self.language))

    async def _see(self, counter: Counter, replies: Sequence[Reply]) -> str:
        self.toast = ""
        for reply in replies:
            match reply:
                case NewMessage(screen=screen, sent=sent):
                    self.screen, self.message_id = screen, self.message_id + 1
                    if sent:
                        await sent(self.message_id)
                case ScreenChange(screen=screen):
                    self.screen = screen
                case TapAnswer(text=said):
                    self.toast = said.striptags() if said else ""
                case Removal(message_id=message_id):
                    self.removed.append(message_id)
        await counter.seen()
        return self.text


def _plain(screen: Screen) -> str:
    return "\n".join(line.striptags() for line in screen.text.split("\n"))
