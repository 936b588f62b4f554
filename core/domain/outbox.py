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


class Kind(StrEnum):
    """What a message is about: a profile, digest, its run, user, update, question, invitation, reminder, day, card."""

    DIGEST = "digest"
    DIGEST_PICTURE = "digest picture"
    DIGEST_SPREADSHEET = "digest spreadsheet"
    DIGEST_STOPPED = "digest stopped"
    DIGEST_RIGHT_LOST = "digest right lost"
    DIGESTS_RESUMABLE = "digests resumable"
    FIRST_LEARNER = "first learner"
    PROFILE_FULL = "profile full"
    UNREACHABLE = "unreachable"
    NO_SEAT_LEFT = "no seat left"
    ACCESS_WANTED = "access wanted"
    APPROVAL_WANTED = "approval wanted"
    INTERRUPTED = "interrupted"
    GROUP_LOST = "group lost"
    GROUP_WANTED = "group wanted"
    GROUP_CONNECTED = "group connected"
    GROUP_REVOKED = "group revoked"
    INVITATION_OPENED = "invitation opened"
    OWNER_REPLACED = "owner replaced"
    PASSWORD_WANTED = "password wanted"  # noqa: S105 - a kind of notice
    RIGHTS_CHANGED = "rights changed"
    ACCOUNT_READY = "account ready"
    REMINDER = "reminder"
    SIGN_UP_DECLINED = "sign-up declined"
    NEW_COURSES = "new courses"
    REMINDED_IN_VAIN = "reminded in vain"
    MOSTLY_USED = "mostly used"
    PLACES_UNUSED = "places unused"
    RUSH = "rush"
    WAITING_RUSH = "waiting rush"
    SEATS_SCARCE = "seats scarce"
    CARD_LOST = "card lost"
    REMINDERS_TAKEN_BACK = "reminders taken back"


FILES = (Kind.DIGEST_PICTURE, Kind.DIGEST_SPREADSHEET)  # they take long to write, so they come after texts
OF_RUNS = (Kind.DIGEST, *FILES)

UNSENT = (MessageState.WAITING, MessageState.CLAIMED)
OPEN = (*UNSENT, MessageState.SENDING)

LONGEST_REFUSAL = 200  # letters
LEASE = timedelta(seconds=15)  # then claims of an ended process are taken over; running ones renew theirs
SENDING = timedelta(seconds=45)  # longer than any call to Telegram may take
AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)  # when to send what isn't postponed, whatever the clock is set to meanwhile
