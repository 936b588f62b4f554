"""Edited messages: what became of their earlier versions, so that nothing is done twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.inbox import OPEN
from core.domain.updates import as_sent, read_update
from core.services import audit_log
from core.services.audit_log import Entry
from core.services.authorisation import authorise
from core.services.inbox import Claim
from core.storage import audit_log as stored
from core.storage import inbox
from core.storage.tables import User

ON_THE_WAY = timedelta(minutes=5)  # at most, from a message's edit until it is handled
LOOKED_AT = 500  # of the newest entries of the log


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """What became of the earlier versions of a message.

    `effected` is the time in which one had an effect, None: none had any. `is_newest`: nothing else was sent or tapped
    in the chat since the last version.
    """

    effected: tuple[datetime, datetime] | None
    is_newest: bool


def earlier(session: Session, claim: Claim, age: timedelta, now: datetime) -> Earlier | None:
    """Return what became of a message before it was edited; None if it isn't known.

    `age` is how long after it was sent it was edited, by Telegram's clock.
    """
    edit = read_update(claim.body)
    sent = as_sent(edit)
    found = inbox.versions(session, edit, sent, now - age - ON_THE_WAY)
    is_known = any(each.button == sent for each in found)
    if not is_known or any(each.state in OPEN for each in found):
        return None
    done = next((each for each in found if each.effected), None)
    until = inbox.next_of_line(session, done).received_at if done else None
    return Earlier(
        effected=(done.received_at, until) if done and until else None,
        is_newest=not inbox.any_between(session, edit.line, found[-1].update_id, edit.update_id),
    )


def done_by(session: Session, actor_id: int, since: datetime, until: datetime) -> Sequence[Entry]:
    """Return what the log says that the acting user did from one moment to another. Raises NotAllowed."""
    authorise(session, actor_id, *Permission)
    found, user = stored.newest_by(session, actor_id, since, until, among=LOOKED_AT), session.get(User, actor_id)
    return [audit_log.entry_of(each, user) for each in found]
