"""Links sent by e-mail: what can become of one, and how often an address gets one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

RESENT_AFTER = timedelta(days=1)  # a link that was sent is not sent again earlier, unless it was withdrawn meanwhile
MOST_TO_ONE = 5  # messages with a profile's link to one address, those with links that were withdrawn included


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """Since when (UTC) a message waits to be sent, why, if an attempt failed, and when the next one is.

    `next_at` None: at once, or with the next attempt to reach the mail server.
    """

    since: datetime
    reason: str | None = None
    next_at: datetime | None = None


class Reached(StrEnum):
    """How far an address has come to which a profile's link was sent: the first one that applies."""

    SIGNED_UP = "signed up"
    WITHDRAWN = "withdrawn"
    QUEUED = "queued"
    HAS_ACCOUNT = "has an account"  # within the viewer's scope, by another way than this link
    SENT = "sent"
    UNKNOWN = "unknown"  # it may or may not have arrived
    UNSENT = "not sent"  # for a reason of ours
    REFUSED = "refused"  # by the mail server


class Listed(StrEnum):
    """Which recipients of a link are listed by their addresses."""

    NOT_COME = "not come"  # who haven't signed up
    REFUSED = "refused"  # of these, those who couldn't be reached
    SIGNED_UP = "signed up"
