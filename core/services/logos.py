"""The account's logo: kept, taken back, removed, and served to everybody under its version."""

from base64 import b64decode
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain import profile_answers
from core.domain.access import Permission
from core.domain.logos import Logo
from core.errors import LogoGone, NothingToUndo, PreviewOutdated
from core.services import audit_log, questions
from core.services.audit_log import WHOLE_ACCOUNT, Action
from core.services.authorisation import authorise
from core.services.questions import About
from core.storage import account, logos
from core.storage.tables import Account

UNDO = timedelta(minutes=1)


def logo(session: Session, actor_id: int) -> str | None:
    """Return the version of the logo; None: there is none. Needs the permission to manage the account, as all here."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    return account.load(session).logo


def change(session: Session, actor_id: int, new: Logo, now: datetime) -> int | None:
    """Set the logo; return the number of the question that takes it back; None if it was the logo already.

    The one before is kept besides.
    """
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    row = account.lock(session)  # before the pictures, as everywhere
    before = row.logo
    logos.add(session, new.version, new.content, now)
    logos.keep_only(session, {new.version, *filter(None, [before])})
    return _set(session, actor_id, row, new.version, now)


def remove(session: Session, actor_id: int, now: datetime) -> int | None:
    """Have no logo; return the number of the question that takes it back; None if there was none."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    return _set(session, actor_id, account.lock(session), None, now)


def undo(session: Session, actor_id: int, question_id: int, now: datetime) -> None:
    """Have the logo of before again, less than a minute after the change.

    Raises QuestionClosed, NothingToUndo, PreviewOutdated if the logo has changed since, LogoGone.
    """
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    body = questions.answer(session, actor_id, question_id, About.LOGO_UNDO, now)
    if now - profile_answers.read_moment(body["at"]) > UNDO:
        raise NothingToUndo(int(UNDO.total_seconds()))
    row = account.lock(session)
    if row.logo != body["to"]:
        raise PreviewOutdated
    if body["from"] is not None and logos.content(session, body["from"]) is None:
        raise LogoGone
    _set(session, actor_id, row, body["from"], now)


def picture(session: Session, version: str) -> bytes | None:
    """Return a logo's PNG, which is public; None if it isn't kept."""
    content = logos.content(session, version)
    return None if content is None else b64decode(content)


def _set(session: Session, actor_id: int, row: Account, version: str | None, now: datetime) -> int | None:
    before, row.logo = row.logo, version
    if before == version:
        return None
    changed = {"logo": before is not None}, {"logo": version is not None}
    audit_log.record(session, actor_id, Action.POLICY_CHANGED, WHOLE_ACCOUNT, now, before=changed[0], after=changed[1])
    body = {"from": before, "to": version, "at": profile_answers.written(now)}
    return questions.ask(session, actor_id, About.LOGO_UNDO, body, now)
