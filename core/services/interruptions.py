"""Updates whose process died, or whose answer may be lost: what becomes of them, and what their senders are told."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.inbox import UpdateState
from core.domain.outbox import Kind
from core.domain.updates import line_of
from core.services import outbox
from core.services.authorisation import authorise
from core.storage import inbox, people
from core.storage.tables import InboxUpdate, User

MOST_TRIES = 50  # gives up an update that crashes its process each time; high, because unrelated crashes count, too


@dataclass(frozen=True, kw_only=True)
class Interruption:
    """An update whose answer is lost or unconfirmed: its text (empty: a button), and whether it had its effect."""

    text: str
    effected: bool


def settle(session: Session, lost: InboxUpdate, now: datetime) -> None:
    """Settle an update whose holder died: it is handled again only if it had no effect and no answer."""
    if lost.state == UpdateState.ANSWERING or lost.effected:
        lost.state = UpdateState.UNKNOWN if lost.state == UpdateState.ANSWERING else UpdateState.INTERRUPTED
        tell_sender(session, lost, now)
    elif lost.tries < MOST_TRIES:
        lost.state = UpdateState.WAITING
    else:
        lost.state = UpdateState.GIVEN_UP
        tell_sender(session, lost, now)


def tell_sender(session: Session, lost: InboxUpdate, now: datetime) -> None:
    """Notify the update's sender if they are a user; strangers are told nothing."""
    user = people.by_telegram_id(session, lost.sender_id) if lost.sender_id is not None else None
    if user is not None:
        outbox.notify(session, user.id, Kind.INTERRUPTED, lost.update_id, now)


def find(session: Session, recipient_id: int, update_id: int) -> Interruption | None:
    """Return what a notice of an interruption is about; None unless the recipient sent the update and it still exists.

    Raises NotAllowed if the recipient no longer has any permission.
    """
    authorise(session, recipient_id, *Permission)
    found = inbox.find(session, update_id)
    user = session.get(User, recipient_id)
    if found is None or user is None or user.telegram_id != found.sender_id:
        return None
    return Interruption(text=line_of(found.body), effected=found.effected)
