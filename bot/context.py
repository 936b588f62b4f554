"""What a handler gets: the engine, the acting user, and phrases in their language."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from time import monotonic
from typing import Any, ParamSpec, Protocol, TypeVar

from markupsafe import Markup

from bot.wording.phrases import Words
from core.domain.access import Permission
from core.engine import Engine, UseCase
from core.language import Languages
from core.services import inbox
from core.services.account import Organisation
from core.services.dialogues import ShownForm
from core.services.group_digests import Group
from core.services.inbox import Claim
from core.services.people import Person

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class BotAddresses:
    """The bot's own name and the address of the learners' pages; `public`: buttons can link to them.

    `mails_a_day` is how many links can be sent by e-mail in a day, None: there is no mail server.
    `mail_lacks` are the settings that are missing for that. `mini_app` is where My Courses opens in Telegram, None: it
    doesn't.
    """

    bot_name: str
    public_url: str
    public: bool
    mails_a_day: int | None = None
    mail_lacks: tuple[str, ...] = ()
    mini_app: str | None = None


@dataclass(frozen=True, kw_only=True)
class ReceivedFile:
    """A document or photo that a person sent (Bot API), not fetched yet; `size` in bytes, 0 if it isn't known."""

    file_id: str
    name: str
    size: int


class Files(Protocol):
    """Fetches the contents of files that people sent."""

    async def fetch(self, file_id: str) -> bytes:
        """Return a file's contents. Raises FileUnavailable."""


class FileUnavailable(Exception):  # noqa: N818 - an answer to a person
    """Telegram doesn't hand a file out: it is too old, too large, or Telegram can't be reached."""


class Groups(Protocol):
    """Tells what Telegram knows of groups."""

    async def writable(self, chat_id: int, thread_id: int | None) -> int | None:
        """Return the number by which the bot can write to a group, or a topic of it, now; None if it can't.

        Raises TelegramSilent.
        """


class TelegramSilent(Exception):  # noqa: N818 - an answer to a person
    """Telegram doesn't say: it can't be reached, or is asked too much."""


class SecondWrite(RuntimeError):  # noqa: N818 - a mistake in a handler, never an answer
    """A handler tried to write twice: all changes of an update must be one use case, in one transaction."""

    def __init__(self, update_id: int, use_case: object) -> None:
        super().__init__(f"update {update_id} was already carried out; {use_case!r} would be a second write")


@dataclass(kw_only=True)
class UpdateInHand:
    """An update being handled: runs its one write, and records whether it ran.

    `shown` are the forms that its answer shows: noted with the mark that it is answered, so without a transaction of
    their own. If this process is killed before, an answered form keeps its buttons, which are refused.
    `claimed_at` is a moment of the monotonic clock, in seconds.
    """

    engine: Engine
    claim: Claim
    addresses: BotAddresses
    files: Files | None = None
    groups: Groups | None = None
    done: bool = False
    shown: list[ShownForm] = field(default_factory=list)
    claimed_at: float = field(default_factory=monotonic)

    @property
    def is_tap(self) -> bool:
        """Whether a button was tapped."""
        return "callback_query" in self.claim.body

    async def write(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case and mark the update as done, in one transaction.

        Raises ClaimLost, and SecondWrite if it ran one before: the two would not be one transaction.
        """
        if self.done:
            raise SecondWrite(self.claim.update_id, use_case)
        result = await self.engine.write(
            inbox.carry_out, self.claim, lambda session: use_case(session, *args, **kwargs)
        )
        self.done = True
        return result


class Described(Protocol):
    """A command as handlers see it, so that /help can list all of them: `bot.menu.command.Command` fits."""

    @property
    def name(self) -> str:
        """Its name, without the slash."""

    @property
    def names(self) -> tuple[str, ...]:
        """The name and the aliases."""

    @property
    def handler(self) -> Callable[..., Awaitable[Any]]:
        """Carry out a line: takes the context and what follows the name, returns a screen."""

    @property
    def subject(self) -> str:
        """What it is about, as `/help` takes it."""

    @property
    def examples(self) -> tuple[str, ...]:
        """Whole lines, to copy."""

    @property
    def keywords(self) -> tuple[str, ...]:
        """Words that can follow the name."""

    @property
    def is_listed(self) -> bool:
        """Whether /help and the menu list it."""

    def is_for(self, permissions: frozenset[Permission], /) -> bool:
        """Tell whether to offer it to a person with these permissions."""

    def described(self, words: Words, /) -> Markup:
        """Describe it in one line."""


@dataclass(frozen=True, kw_only=True)
class Context:
    """One line or one tap of a person with access, in their private chat with the bot or in a group.

    In a `group` other people read the answer. `message_id`: the one whose button was tapped. `words` are in the
    person's language, `languages` are all that there are.
    """

    in_hand: UpdateInHand
    person: Person
    telegram_id: int
    chat_id: int
    message_id: int | None = None
    thread_id: int | None = None
    group: Group | None = None
    file: ReceivedFile | None = None
    photo: ReceivedFile | None = None
    words: Words
    languages: Languages
    commands: Sequence[Described]

    @cached_property
    def offered(self) -> list[Described]:
        """The commands that /help and the menu list for the person, in their order."""
        return [each for each in self.commands if each.is_listed and each.is_for(self.person.permissions)]

    async def fetch(self, file_id: str) -> bytes:
        """Return the contents of a file that the person sent. Raises FileUnavailable."""
        if self.in_hand.files is None:
            raise FileUnavailable
        return await self.in_hand.files.fetch(file_id)

    async def writable(self, chat_id: int, thread_id: int | None) -> int | None:
        """Return the number by which the bot can write to a group now; None if it can't. Raises TelegramSilent."""
        if self.in_hand.groups is None:
            raise TelegramSilent
        return await self.in_hand.groups.writable(chat_id, thread_id)

    def words_of(self, organisation: Organisation) -> Words:
        """Return phrases for people outside of the chat: in the account's language, if it is set, else the person's."""
        code = organisation.language or self.words.language.code
        return replace(self.words, language=self.languages.choose([code]))

    @property
    def engine(self) -> Engine:
        """The engine, for work that isn't a use case: hashing a password."""
        return self.in_hand.engine

    @property
    def addresses(self) -> BotAddresses:
        """The bot's own name and the address of the learners' pages."""
        return self.in_hand.addresses

    @property
    def actor_id(self) -> int:
        """The acting user, which every use case needs."""
        return self.person.user_id

    @property
    def now(self) -> datetime:
        """The moment at which the line or the tap is handled (UTC)."""
        return self.words.now

    @property
    def place(self) -> dict[str, int]:
        """The chat and the number of the update at hand: where a question is asked, or a text may answer it."""
        return {"chat_id": self.chat_id, "update_id": self.in_hand.claim.update_id}

    @property
    def bot_name(self) -> str:
        """The bot's name in Telegram, without the @."""
        return self.addresses.bot_name

    @property
    def is_public(self) -> bool:
        """Whether a button can link to the learners' pages: Telegram accepts public addresses only."""
        return self.addresses.public

    async def read(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a use case that changes nothing."""
        return await self.in_hand.engine.read(use_case, *args, **kwargs)

    async def write(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run the use case that is this line's or tap's effect, and commit it. Raises SecondWrite the next time."""
        return await self.in_hand.write(use_case, *args, **kwargs)

    @property
    def can_mail(self) -> bool:
        """Whether there is a mail server."""
        return self.addresses.mails_a_day is not None

    def link(self, token: str) -> str:
        """Return the full sign-up link."""
        return f"{self.addresses.public_url}/s/{token}"
