"""The people of the sandbox."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Person:
    """A Telegram user and their private chat with the bot."""

    id: int
    first_name: str
    last_name: str = ""
    language_code: str = "en"
    started: bool = False
    blocked: bool = False

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def as_user(self) -> dict[str, Any]:
        """Return Telegram's User."""
        return {"id": self.id, "is_bot": False, **self._names(), "language_code": self.language_code}

    def as_chat(self) -> dict[str, Any]:
        """Return Telegram's Chat of the private chat with this person."""
        return {"id": self.id, "type": "private", **self._names()}

    def as_json(self) -> dict[str, Any]:
        """Return the person as the page and the store keep it."""
        return {**asdict(self), "name": self.name}

    def _names(self) -> dict[str, str]:
        return {"first_name": self.first_name} | ({"last_name": self.last_name} if self.last_name else {})


def person_from(body: dict[str, Any]) -> Person:
    """Return the person from their JSON."""
    return Person(**{name: value for name, value in body.items() if name != "name"})


def initial_people(owner_id: int) -> list[Person]:
    """Return the people of a new sandbox."""
    others = [number for number in range(1002, 1005) if number != owner_id]
    return [
        owner(owner_id),
        Person(id=others[0], first_name="Max", last_name="Manager"),
        Person(id=others[1], first_name="Nina", last_name="New"),
    ]


def owner(owner_id: int) -> Person:
    """Return the person who is meant to claim ownership."""
    return Person(id=owner_id, first_name="Olivia", last_name="Owner")
