"""The account's logo: kept, taken back, removed, and served to everybody under its version."""

from base64 import b64decode
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.logos import Logo
from core.errors import LogoGone
from core.services import audit_log
from core.services.audit_log import WHOLE_ACCOUNT, Action
from core.services.authorisation import authorise
from core.storage import account, logos


def logo(session: Session, actor_id: int) -> str | None:
    """Return the version of the logo; None: there is none. Needs the permission to manage the account, as all here."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    return account.load(session).logo


def change(session: Session, actor_id: int, new: Logo, now: datetime) -> str | None:
    """Set the logo; return the version of the one before, which alone is kept besides."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    logos.add(session, new.version, new.content, now)
    before = _set(session, actor_id, new.version, now)
    logos.keep_only(session, {new.version, *filter(None, [before])})
    return before


def remove(session: Session, actor_id: int, now: datetime) -> str | None:
    """Have no logo; return the version of the one before, which is kept."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    return _set(session, actor_id, None, now)


def take_back(session: Session, actor_id: int, version: str | None, now: datetime) -> None:
    """Have the logo of before again (None: none). Raises LogoGone."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    if version is not None and logos.content(session, version) is None:
        raise LogoGone
    _set(session, actor_id, version, now)


def picture(session: Session, version: str) -> bytes | None:
    """Return a logo's PNG, which is public; None if it isn't kept."""
    content = logos.content(session, version)
    return None if content is None else b64decode(content)


def _set(session: Session, actor_id: int, version: str | None, now: datetime) -> str | None:
    row = account.lock(session)
    before, row.logo = row.logo, version
    changed = {"logo": before is not None}, {"logo": version is not None}
    audit_log.record(session, actor_id, Action.POLICY_CHANGED, WHOLE_ACCOUNT, now, before=changed[0], after=changed[1])
    return before
