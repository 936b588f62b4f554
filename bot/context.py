"""What a handler is given: the engine, who is acting, and how to speak to them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ParamSpec, TypeVar

from bot.screens.screen import Screen
from bot.wording.phrases import Words
from core.engine import Engine, UseCase
from core.services import inbox
from core.services.inbox import Claim
from core.services.people import Person

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class BotAddresses:
    """Where the bot is: its own name, and the learners' pages; `public`: a button may lead there."""

    bot_name: str
    public_url: str
    public: bool


@dataclass(kw_only=True)
class UpdateInHand:
    """One update in hand: runs what it does, once, and knows whether it did."""

    engine: Engine
    claim: Claim
    done: bool = False

    async def write(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case and mark the update as done, in one transaction. Raises ClaimLost."""
        result = await self.engine.write(
            inbox.carry_out, self.claim, lambda session: use_case(session, *args, **kwargs)
        )
        self.done = True
        return result


@dataclass(frozen=True, kw_only=True)
class Context:
    """One line or one tap of a known person, in their own chat with the bot or in a group."""

    errand: UpdateInHand
    person: Person
    telegram_id: int
    chat_id: int
    thread_id: int | None = None
    words: Words
    place: BotAddresses

    @property
    def engine(self) -> Engine:
        """The engine, for what is no use case: hashing a password."""
        return self.errand.engine

    @property
    def actor_id(self) -> int:
        """The acting user, whom every use case asks for."""
        return self.person.user_id

    @property
    def now(self) -> datetime:
        """The moment at which the line or the tap is handled (UTC)."""
        return self.words.now

    @property
    def in_group(self) -> bool:
        """Whether others read along."""
        return self.chat_id != self.telegram_id

    @property
    def bot_name(self) -> str:
        """The bot's name in Telegram, without the @."""
        return self.place.bot_name

    @property
    def is_public(self) -> bool:
        """Whether a button may lead to the learners' pages: Telegram takes public addresses only."""
        return self.place.public

    async def read(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that changes nothing."""
        return await self.errand.engine.read(use_case, *args, **kwargs)

    async def write(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the use case that is this line's or tap's effect, and commit it. A handler does so once at most."""
        return await self.errand.write(use_case, *args, **kwargs)

    def link(self, token: str) -> str:
        """Give a sign-up link in full."""
        return f"{self.place.public_url}/s/{token}"


LONGEST_NUMBER = 18  # digits that 64 bits surely hold

Answer = Callable[[Context, str], Awaitable[Screen]]


class UsageError(Exception):  # noqa: N818 - an answer to a person
    """A typed line has not the parts its command takes: the answer shows the line as it would be right."""


@dataclass(eq=False)
class WrongPartCount(UsageError):
    """A typed line has fewer parts between its `|` than `at_least`, or more than `at_most`."""

    at_least: int
    at_most: int


@dataclass(eq=False)
class NumberExpected(UsageError):
    """The text stands where a number is wanted."""

    text: str


@dataclass(eq=False)
class ValueExpected(UsageError):
    """Nothing stands behind the word that names what is to be set."""

    word: str


class StaleButton(Exception):  # noqa: N818 - an answer to a person
    """The button's data is none that this version makes."""


def number(text: str) -> int:
    """Read the number that a card shows, `12` or `#12`; or NumberExpected."""
    digits = text.strip().removeprefix("#")
    if not is_number(digits):
        raise NumberExpected(text.strip())
    return int(digits)


def is_number(text: str) -> bool:
    """Tell whether the text is a plain number that a database's integer holds."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


def fields(text: str, at_least: int, at_most: int) -> list[str]:
    """Split a line at its `|`; or WrongPartCount where it has too few parts or too many. Empty ones at its end are none."""
    parts = split(text)
    while len(parts) > at_most and not parts[-1]:
        parts.pop()
    if not at_least <= len(parts) <= at_most or not all(parts[:at_least]):
        raise WrongPartCount(at_least, at_most)
    return parts + [""] * (at_most - len(parts))


def split(text: str) -> list[str]:
    """Split a line at its `|`."""
    return [part.strip() for part in text.split("|")]
