"""Links sent by e-mail: what can become of one, and how often an address gets one."""

from datetime import timedelta
from enum import StrEnum

RESENT_AFTER = timedelta(days=1)  # an address that was written to gets no second message earlier
MOST_TO_ONE = 5  # messages with a profile's link to one address


class Reached(StrEnum):
    """How far an address has come to which a profile's link was sent: the first one that applies."""

    SIGNED_UP = "signed up"
    WITHDRAWN = "withdrawn"
    QUEUED = "queued"
    SENT = "sent"
    UNKNOWN = "unknown"  # it may or may not have arrived
    REFUSED = "refused"  # by the mail server, or not sent for a reason of ours


class Listed(StrEnum):
    """Which recipients of a link are listed by their addresses."""

    NOT_COME = "not come"  # who haven't signed up
    REFUSED = "refused"  # of these, those who couldn't be reached
    SIGNED_UP = "signed up"
