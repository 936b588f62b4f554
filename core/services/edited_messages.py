"""Edited messages: what became of their earlier versions, so that nothing is done twice."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """What became of the earlier versions of a message.

    `was_done`: one had an effect, which made these `entries` of the audit log, or more of which these are the first.
    `is_newest`: nothing else was sent or tapped in the chat since the last version.
    """

    was_done: bool
    entries: tuple[int, ...]
    is_newest: bool


def earlier(session: Session, claim: Claim) -> Earlier | None:
    """Return what became of a message before it was edited; None if it isn't known."""
    edit = read_update(claim.body)
    sent = as_sent(edit)
    found = inbox.versions(session, edit, sent)
    is_known = any(each.button == sent for each in found)
    if not is_known or any(each.state in OPEN for each in found):
        return None
    done = next((each for each in found if each.effected), None)
    return Earlier(
        was_done=done is not None,
        entries=tuple(done.entries or ()) if done else (),
        is_newest=not inbox.any_between(session, edit.line, found[-1].update_id, edit.update_id),
    )


def done_by(session: Session, actor_id: int, numbers: Collection[int]) -> Sequence[Entry]:
    """Return those entries of the log with these numbers that say what the acting user did. Raises NotAllowed."""
    authorise(session, actor_id, *Permission)
    found, user = stored.numbered(session, actor_id, numbers), session.get(User, actor_id)
    return [audit_log.entry_of(each, user) for each in found]
