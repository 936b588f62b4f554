"""Groups and supergroups: members, topics, pinned messages and the status of the bot."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

LEFT, MEMBER, ADMINISTRATOR, CREATOR, KICKED = "left", "member", "administrator", "creator", "kicked"

_FIRST_GROUP = 5001
_FIRST_SUPERGROUP = 1_000_001_700_000_001


@dataclass(frozen=True, kw_only=True)
class Topic:
    """A topic of a supergroup."""

    name: str
    closed: bool = False


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group or a supergroup, which has topics if it's a forum."""

    id: int
    title: str
    supergroup: bool
    creator_id: int
    forum: bool = False
    bot_status: str = LEFT
    bot_was_here: bool = False
    members: tuple[int, ...] = ()
    administrators: tuple[int, ...] = ()
    pinned: tuple[int, ...] = ()
    topics: dict[int, Topic] = field(default_factory=dict)
    migrated_to: int | None = None

    @property
    def kind(self) -> str:
        """Telegram's type of the chat."""
        return "supergroup" if self.supergroup else "group"

    @property
    def has_bot(self) -> bool:
        """Whether the bot is a member."""
        return self.bot_status in {MEMBER, ADMINISTRATOR}

    def status(self, user_id: int) -> str:
        """Return the status of a user as Telegram names it."""
        if user_id not in self.members:
            return LEFT
        if user_id == self.creator_id:
            return CREATOR
        return ADMINISTRATOR if user_id in self.administrators else MEMBER

    def as_chat(self) -> dict[str, Any]:
        """Return Telegram's Chat."""
        chat = {"id": self.id, "type": self.kind, "title": self.title}
        return chat | ({"is_forum": True} if self.forum else {})

    def as_json(self) -> dict[str, Any]:
        """Return the group as the page and the store keep it."""
        return asdict(self)


def group_from(body: dict[str, Any]) -> Group:
    """Return the group from its JSON."""
    topics = {int(number): Topic(**topic) for number, topic in body["topics"].items()}
    kept = [name for name in ("members", "administrators", "pinned") if name in body]
    lists: dict[str, tuple[int, ...]] = {name: tuple(body[name]) for name in kept}
    return Group(**{**body, **lists, "topics": topics})


def next_id(groups: dict[int, Group], *, supergroup: bool) -> int:
    """Return the identifier of a new group, in Telegram's ranges."""
    first = _FIRST_SUPERGROUP if supergroup else _FIRST_GROUP
    taken = [-group.id for group in groups.values() if group.supergroup == supergroup]
    return -max([first, *(number + 1 for number in taken)])
