"""Why something that is done for the people of a list, such as a message to them, isn't done for some of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.domain.contacts import Contact


class LeftOut(StrEnum):
    """Why somebody gets no message, or isn't put on a list."""

    SUSPENDED = "suspended"  # by what the list itself says
    EXPECTED = "expected"  # on the list already
    SIGNED_UP = "signed up"
    HAS_ACCOUNT = "has an account"  # by another way than the one that it is about
    HAS_LINK = "has the link"
    NOT_LISTED = "not listed"  # the link lets in only others
    WITHDRAWN = "withdrawn"  # the link was, from them
    WRITTEN_ENOUGH = "written enough"
    REFUSED = "refused"
    REMINDED = "reminded"
    STOPPED = "stopped"
    ENOUGH = "enough"
    WITHOUT_MAIL = "without mail"


@dataclass(frozen=True, kw_only=True)
class Group:
    """Who is left out for a reason: the `people` whom the viewer may see, and how many are `hidden` from them."""

    people: tuple[Contact, ...]
    hidden: int = 0

    @property
    def number(self) -> int:
        """How many are left out for the reason."""
        return len(self.people) + self.hidden


PeopleLeftOut = Mapping[LeftOut, Group]
