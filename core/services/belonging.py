"""To whom a database belongs: the bot, or the sandbox, that it was first used with; others are refused.

A bot is named by its number in Telegram. In the sandbox, anyone on this computer may act as the owner, and the people
of another bot can't be reached: so a database changes hands only if the operator says so.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.config import SANDBOX
from core.errors import DatabaseBelongsElsewhere
from core.services import audit_log
from core.services.audit_log import WHOLE_ACCOUNT, Action
from core.storage import account, belonging


@dataclass(frozen=True, kw_only=True)
class Adoption:
    """What adopting a database means: to whom it belongs now (None: unknown), and its owner's name (None: no owner).

    `leaving_chat`: how many people will be disconnected from the chat, because their numbers in Telegram are made up.
    """

    belongs_to: str | None
    owner: str | None
    leaving_chat: int


def begin_use(session: Session, user: str) -> None:
    """Record at the first use to whom the database belongs. Raises DatabaseBelongsElsewhere.

    A database of an earlier version says nothing: a bot gets it, the sandbox only if it has no users.
    """
    belongs_to = belonging.keep(session, user, unless_used=user == SANDBOX)
    if belongs_to != user:
        raise DatabaseBelongsElsewhere(belongs_to)


def check(session: Session, user: str) -> None:
    """Raise DatabaseBelongsElsewhere if `begin_use` would; change nothing."""
    belongs_to = account.load(session).belongs_to
    if belongs_to != user and (belongs_to is not None or (user == SANDBOX and belonging.has_users(session))):
        raise DatabaseBelongsElsewhere(belongs_to)


def preview(session: Session, user: str) -> Adoption | None:
    """Return what `adopt` would mean; None if the database belongs to `user` already."""
    belongs_to = account.load(session).belongs_to
    if belongs_to == user:
        return None
    owner = belonging.owner(session)
    return Adoption(
        belongs_to=belongs_to,
        owner=owner.full_name if owner else None,
        leaving_chat=belonging.count_in_chat(session) if belongs_to == SANDBOX else 0,
    )


def adopt(session: Session, user: str, now: datetime) -> None:
    """Give the database to a bot or to the sandbox, as the operator demands.

    Updates are numbered by bot, so those received are forgotten. People of the sandbox have made-up numbers in
    Telegram, which belong to strangers there: they are disconnected from the chat, and their messages end. Anyone on
    the computer could act as the owner there, so the sandbox's invitations, owner's link and questions end, too.
    """
    row = account.lock(session)
    before, row.belongs_to = row.belongs_to, user
    if before == user:
        return
    belonging.forget_updates(session)
    if before == SANDBOX:
        belonging.disconnect_all(session, now)
        belonging.end_codes(session, row, now)
    facts = {"bot": before or ""}, {"bot": user}
    audit_log.record(session, None, Action.DATABASE_ADOPTED, WHOLE_ACCOUNT, now, before=facts[0], after=facts[1])
