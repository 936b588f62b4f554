"""Opening the Mini App: who it is, as Telegram says, once for each opening, and the log-in of those it knows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.hashes import hash_of
from core.domain.init_data import InitData, check_age
from core.domain.limits import MINI_APP_BY_PERSON, Attempt
from core.errors import InitDataProblem, InitDataRefused
from core.services import limits, sessions
from core.services.sessions import Browser
from core.storage import telegram_connections as stored
from core.storage.database import refusing
from core.storage.tables import MiniAppVisit

VISIT_TIME = timedelta(days=1)  # longer than what a Mini App tells may be used, so that it isn't used twice


@dataclass(frozen=True, kw_only=True)
class Opened:
    """The Mini App was opened: by which user, whose session begins; None if the person isn't connected with one.

    `is_resumed`: the same browser opened it with the same data before, and keeps what it has.
    """

    is_resumed: bool = False
    user_id: int | None = None
    session_token: str | None = None


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """A person in Telegram in whose Mini App a form is shown."""

    first_name: str
    last_name: str


def open_app(
    session: Session, data: InitData, visitor: str, now: datetime, *, earlier: str | None, browser: Browser
) -> Opened:
    """Begin a visit of the Mini App, once for each opening; log a person in whose Telegram is connected.

    `visitor` is the number in the new cookie, `earlier` the one in the present cookie of the
    browser. Raises InitDataRefused, TooManyAttempts.
    """
    known = stored.by_digest(session, data.digest)
    if known is not None and earlier is not None and known.code_hash == hash_of(earlier):
        return Opened(is_resumed=True)
    check_age(data, now)
    _add_visit(session, data, visitor, now)
    limits.count(session, [Attempt(limit=MINI_APP_BY_PERSON, subject=str(data.telegram_id))], now)
    user_id = stored.active_user(session, data.telegram_id)
    if user_id is None:
        return Opened()
    return Opened(user_id=user_id, session_token=sessions.start(session, user_id, now, browser=browser))


def find_visitor(session: Session, visitor: str, now: datetime) -> Visitor | None:
    """Return who opened the Mini App, by the number in the cookie; None if it is unknown or the visit has expired."""
    found = stored.visit(session, hash_of(visitor), now)
    return None if found is None else Visitor(first_name=found.first_name, last_name=found.last_name)


def sweep(session: Session, now: datetime) -> None:
    """Delete the visits that have expired."""
    stored.sweep(session, now)


def _add_visit(session: Session, data: InitData, visitor: str, now: datetime) -> None:
    visit = MiniAppVisit(
        code_hash=hash_of(visitor),
        digest=data.digest,
        telegram_id=data.telegram_id,
        first_name=data.first_name,
        last_name=data.last_name,
        may_write=data.may_write,
        expires_at=now + VISIT_TIME,
    )
    with refusing(session, uq_mini_app_visit_digest=InitDataRefused(InitDataProblem.REPLAYED)):
        session.add(visit)
