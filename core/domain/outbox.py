"""States of outgoing messages, and how long sending one may take."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum


class MessageState(StrEnum):
    """The state of a message; `core.storage.tables.messages.OutboxMessage` describes the transitions."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"


# Kinds of messages (`core.services.outbox.Kind`) that end with a digest: about its runs, and the note to its group
DIGEST = "digest"
DIGEST_PICTURE = "digest picture"
DIGEST_SPREADSHEET = "digest spreadsheet"
GROUP_CONNECTED = "group connected"
OF_RUNS = (DIGEST, DIGEST_PICTURE, DIGEST_SPREADSHEET)

UNSENT = (MessageState.WAITING, MessageState.CLAIMED)
OPEN = (*UNSENT, MessageState.SENDING)

LEASE = timedelta(seconds=15)  # then claims of an ended process are taken over; running ones renew theirs
SENDING = timedelta(seconds=45)  # longer than any call to Telegram may take
AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)  # when to send what isn't postponed, whatever the clock is set to meanwhile
AFTER_TEXTS = AT_ONCE + timedelta(seconds=1)  # of what takes long to write: it comes after all that is sent at once
