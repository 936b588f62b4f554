"""People of whom no more is known than a name and an address."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Contact:
    """Who has an e-mail address; `name` is empty if it isn't known."""

    name: str
    email: str
