"""What a handler is given: the engine, who is acting, and how to speak to them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ParamSpec, TypeVar

from bot.keyboards import Screen
from bot.messages import Words
from core.engine import Engine, UseCase
from core.services.people import Person

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Context:
    """One line or one tap of a known person in their private chat with the bot."""

    engine: Engine
    person: Person
    chat_id: int
    words: Words
    public_url: str
    bot_name: str = ""

    @property
    def actor_id(self) -> int:
        """The acting user, whom every use case asks for."""
        return self.person.user_id

    @property
    def now(self) -> datetime:
        """The moment at which the line or the tap is handled (UTC)."""
        return self.words.now

    async def read(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that changes nothing."""
        return await self.engine.read(use_case, *args, **kwargs)

    async def write(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the use case that is this line's or tap's effect, and commit it. A handler does so once at most."""
        return await self.engine.write(use_case, *args, **kwargs)

    def link(self, token: str) -> str:
        """Give a sign-up link in full."""
        return f"{self.public_url}/s/{token}"


LONGEST_NUMBER = 18  # digits that 64 bits surely hold

Answer = Callable[[Context, str], Awaitable[Screen]]


class Misspelt(Exception):  # noqa: N818 - an answer to a person
    """A typed line has not the parts its command takes: the answer shows the line as it would be right."""


class StaleButton(Exception):  # noqa: N818 - an answer to a person
    """The button's data is none that this version makes."""


def number(text: str) -> int:
    """Read the number that a card shows, `12` or `#12`; or Misspelt."""
    digits = text.strip().removeprefix("#")
    if not is_number(digits):
        raise Misspelt
    return int(digits)


def is_number(text: str) -> bool:
    """Tell whether the text is a plain number that a database's integer holds."""
    return text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER


def fields(text: str, at_least: int, at_most: int) -> list[str]:
    """Split a line at its `|`; or Misspelt where it has too few parts or too many."""
    parts = [part.strip() for part in text.split("|")]
    if not at_least <= len(parts) <= at_most or not all(parts[:at_least]):
        raise Misspelt
    return parts + [""] * (at_most - len(parts))
