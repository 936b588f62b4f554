"""Why a message that goes to many isn't sent to some of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.domain.contacts import Contact


class LeftOut(StrEnum):
    """Why somebody gets no message."""

    SIGNED_UP = "signed up"
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
