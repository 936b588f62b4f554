"""Challenges: a proof of work, which a browser does while its person fills a form in, and which floods have to pay for.

It is asked for while more forms come through one link, or for lost passwords in the whole account, than people send;
or always, or never, as the account has it.
"""

from datetime import datetime, timedelta
from enum import StrEnum

ASKED_FOR = timedelta(minutes=10)  # after the rush, or after the last forms without a proof
ENDS_SOON = timedelta(minutes=5)  # before that, further forms without a proof write nothing
VALID = timedelta(hours=1)  # from the page to its form
LOST_PASSWORDS = ""  # what a challenge is for besides the tokens of links


class Challenge(StrEnum):
    """When forms ask for a proof of work."""

    AUTOMATIC = "auto"
    ALWAYS = "on"
    NEVER = "off"


def is_asked(setting: str, until: datetime | None, now: datetime) -> bool:
    """Return whether a form asks for a proof; `until` (UTC) is when the last rush is over, None: there was none."""
    if setting == Challenge.AUTOMATIC:
        return until is not None and now < until
    return setting == Challenge.ALWAYS
