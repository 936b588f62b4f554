"""Status pages: a person who signed up and waits sees what becomes of it. A page's code is all that it takes."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.domain.access_requests import RequestState
from core.domain.hashes import hash_of
from core.domain.links import LinkState
from core.errors import SignUpNotPending, StatusPageGone
from core.services import access_requests, mail_outbox, pending_sign_ups
from core.services.access_requests import RequestPage
from core.services.account import Organisation, organisation
from core.services.pending_sign_ups import EXPIRED, UNCONFIRMED, WITHDRAWN
from core.storage import account, tables, telegram_connections
from core.storage import status_pages as stored
from core.storage.tables import PendingSignUp, User

KEPT = timedelta(days=30)
MOST_PAGES = 5  # of one user: a form that is sent again, or a log-in while waiting, adds one


class Standing(StrEnum):
    """What has become of a sign-up."""

    CONFIRMATION = "confirmation"
    APPROVAL = "approval"
    NO_SEAT = "no seat"
    LET_IN = "let in"
    DECLINED = "declined"
    EXPIRED = "expired"
    UNCONFIRMED = "unconfirmed"  # it expired before the address was confirmed
    WITHDRAWN = "withdrawn"
    ASKED = "asked"  # for access; from here on before there is a sign-up
    INVITED = "invited"


WAITING = frozenset({Standing.CONFIRMATION, Standing.APPROVAL, Standing.NO_SEAT, Standing.ASKED, Standing.INVITED})
TOLD = frozenset({Standing.APPROVAL, Standing.NO_SEAT})  # in Telegram, when there is an answer
ENDINGS = {EXPIRED: Standing.EXPIRED, UNCONFIRMED: Standing.UNCONFIRMED, WITHDRAWN: Standing.WITHDRAWN}
OF_REQUESTS = {
    RequestState.OPEN: Standing.ASKED,
    RequestState.GRANTED: Standing.INVITED,
    RequestState.DECLINED: Standing.DECLINED,
    RequestState.WITHDRAWN: Standing.WITHDRAWN,
    RequestState.EXPIRED: Standing.EXPIRED,
}


@dataclass(frozen=True, kw_only=True)
class StatusPage:
    """A sign-up, or a request for access (`user_id` None), and what has become of it.

    `first_name` and `email` are empty once it has ended without an account. `until` (UTC): how long the place is kept,
    while it waits, or the request open. `token` is that of the link; `works`: it lets a person in now
    whose request waits or is granted. `is_mailed`: the answer is sent by e-mail, too. `is_own`: it may be withdrawn.
    `is_refused`: the mail server refused the last message with a code to this address. While it waits for a
    confirmation or an approval, `form_key` is that of the form, the address can be changed to one in the
    `email_domains` (none: any), and `strong_passwords` says whether the account requires them. `offers_telegram`: the
    answer can be told there, too, and isn't yet.
    """

    organisation: Organisation
    user_id: int | None
    standing: Standing
    first_name: str
    email: str
    until: datetime | None
    token: str
    is_mailed: bool
    works: bool = False
    is_own: bool = True
    is_refused: bool = False
    form_key: str = ""
    email_domains: tuple[str, ...] = ()
    strong_passwords: bool = False
    offers_telegram: bool = False


def begin(session: Session, user_id: int, now: datetime, *, mail_in: str | None = None) -> str:
    """Return the code of a new page of a user who has just sent a form or logged in, and waits.

    `mail_in` is the language in which e-mail about it is promised; None: no e-mail. No right is checked here. Raises
    SignUpNotPending if the sign-up has ended meanwhile.
    """
    if (link_id := stored.link_of(session, user_id)) is None:
        raise SignUpNotPending
    code = secrets.token_urlsafe(32)
    page = tables.StatusPage(
        code_hash=hash_of(code), user_id=user_id, link_id=link_id, mail_in=mail_in, expires_at=now + KEPT
    )
    stored.add(session, page, at_most=MOST_PAGES)
    return code


def resume(session: Session, user_id: int, now: datetime, *, mail_in: str | None = None) -> str:
    """Return the code of a new page of a user whose password was right, and who still waits.

    An inactive user with a page waits for a seat: a user who is deactivated loses all pages. Raises SignUpNotPending.
    """
    if session.get(PendingSignUp, user_id) is None and not stored.any_of(session, user_id, now):
        raise SignUpNotPending
    return begin(session, user_id, now, mail_in=mail_in)


def find(session: Session, code: str, now: datetime) -> StatusPage:
    """Return the page of a code. Changes nothing. Raises StatusPageGone."""
    found = stored.find(session, hash_of(code), now)
    if found is None:
        return _of_request(access_requests.page(session, code, now))
    page, user, link, kept = found
    is_unconfirmed = kept is not None and kept.code_hash is not None
    email = (kept.email if kept is not None and kept.code_hash else user.email) or ""
    standing, row = _standing(session, user, kept, now), account.load(session)
    return StatusPage(
        organisation=organisation(session),
        user_id=user.id,
        standing=standing,
        first_name=user.first_name,
        email=email,
        until=kept.expires_at if kept else None,
        token=link.token,
        is_mailed=page.mail_in is not None and bool(email),
        is_refused=is_unconfirmed and mail_outbox.refused_of(session, user.id, email) is not None,
        form_key=kept.form_key if kept else "",
        email_domains=tuple(row.email_domains),
        strong_passwords=row.strong_passwords,
        offers_telegram=standing in TOLD and _offers_telegram(session, user.id),
    )


def withdraw(session: Session, code: str, now: datetime) -> None:
    """End a sign-up or a request that waits, by its person's wish: what the form took is erased, and no place is kept.

    Raises StatusPageGone, SignUpNotPending, RequestNotOpen.
    """
    user_id = find(session, code, now).user_id
    if user_id is None:
        access_requests.withdraw(session, code, now)
    else:
        pending_sign_ups.withdraw(session, user_id, now)


def sweep(session: Session, now: datetime) -> None:
    """Delete the pages that have expired."""
    stored.sweep(session, now)


def _of_request(request: RequestPage) -> StatusPage:
    """Return the page of a request. Raises StatusPageGone: one that was used has become a sign-up."""
    if request.state not in OF_REQUESTS:
        raise StatusPageGone
    standing = OF_REQUESTS[request.state]
    can_be_full = {LinkState.FULL} if standing is Standing.INVITED else set()
    return StatusPage(
        organisation=request.organisation,
        user_id=None,
        standing=standing,
        first_name="",
        email=request.email,
        until=request.until,
        token=request.token,
        is_mailed=request.is_mailed,
        works=request.link in {LinkState.OPEN, *can_be_full},
        is_own=request.is_own,
    )


def _offers_telegram(session: Session, user_id: int) -> bool:
    has_bot = account.load(session).bot_name is not None
    return has_bot and telegram_connections.of_user(session, user_id) is None


def _standing(session: Session, user: User, kept: PendingSignUp | None, now: datetime) -> Standing:
    if kept is not None and kept.expires_at <= now:
        return Standing.UNCONFIRMED if kept.code_hash else Standing.EXPIRED
    if kept is not None:
        return Standing(pending_sign_ups.awaits(kept))
    if user.state == UserState.DELETED:
        return _ended(stored.end_of(session, user.id))
    return Standing.LET_IN if user.state == UserState.ACTIVE else Standing.NO_SEAT


def _ended(end: tuple[int | None, str] | None) -> Standing:
    by_id, reason = end or (None, "")
    if by_id is not None:
        return Standing.DECLINED
    return ENDINGS.get(reason, Standing.DECLINED)
