"""Why a message that goes to many isn't sent to some of them."""

from collections.abc import Mapping
from enum import StrEnum

Person = tuple[str, str]  # the name, "" if it isn't known, and the address


class LeftOut(StrEnum):
    """Why somebody gets no message."""

    SIGNED_UP = "signed up"
    HAS_LINK = "has the link"
    REFUSED = "refused"
    REMINDED = "reminded"
    STOPPED = "stopped"
    ENOUGH = "enough"
    WITHOUT_MAIL = "without mail"


PeopleLeftOut = Mapping[LeftOut, tuple[Person, ...]]
