"""Authentication: who is logged in, whether a password is right, and the start and end of a log-in."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from core.domain.limits import Attempt
from core.errors import AccountInactive, Busy, DatabaseUnavailable, TooManyAtOnce, WrongCredentials
from core.fair_queue import Lane, Requester
from core.security_log import Reason, SecurityEvent
from core.services import own_details, portal, sessions
from core.services.limits import count, take_back
from core.services.own_details import OwnDetails
from core.services.portal import Portal
from core.services.sessions import SignedIn
from web import limits
from web.app_keys import ENGINE
from web.client_address import CLIENT
from web.cookies import COOKIES
from web.devices import browser_of
from web.responses import see_other
from web.security_events import report


async def find_signed_in(request: web.Request) -> SignedIn | None:
    """Return the user that this browser is logged in as; record from time to time that the session is in use."""
    engine, session_id = request.app[ENGINE], request.app[COOKIES].session(request)
    if session_id is None:
        return None
    found = await engine.read(sessions.find, session_id, engine.now())
    await _renew(request, session_id, found)
    return found


async def find_portal(request: web.Request) -> Portal | None:
    """Return what the learner who is logged in sees; record the use of the session as `find_signed_in` does."""
    engine, session_id = request.app[ENGINE], request.app[COOKIES].session(request)
    if session_id is None:
        return None
    found = await engine.read(portal.find, session_id, engine.now())
    await _renew(request, session_id, found.learner if found else None)
    return found


async def find_own_details(request: web.Request) -> OwnDetails | None:
    """Return what the user who is logged in sees of themselves; record the use of the session likewise."""
    engine, session_id = request.app[ENGINE], request.app[COOKIES].session(request)
    if session_id is None:
        return None
    found = await engine.read(own_details.find, session_id, engine.now())
    await _renew(request, session_id, found.learner if found else None)
    return found


async def _renew(request: web.Request, session_id: str, found: SignedIn | None) -> None:
    engine = request.app[ENGINE]
    if found and found.renewal_due:
        with suppress(DatabaseUnavailable):  # pages that only read work on a read-only database, too
            await engine.write(sessions.renew, session_id, engine.now())


def requester_of(request: web.Request, lane: Lane, account: str) -> Requester:
    """Return who asks for a password to be hashed: a network, and the account that it is meant for."""
    return Requester(lane=lane, network=str(request[CLIENT].network), account=account.strip().lower())


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A user whose password was right, and the attempts that this took, to be given back when the session starts."""

    user_id: int
    attempts: Sequence[Attempt]


async def check_password(request: web.Request, identifier: str, password: str, *, lane: Lane = Lane.LOG_IN) -> Checked:
    """Return the user with this e-mail address or login and this password.

    An unknown identifier takes as long as a wrong password. A hash made with other parameters than those of today is
    renewed. Raises WrongCredentials, TooManyAttempts, Busy, TooManyAtOnce.
    """
    engine = request.app[ENGINE]
    attempts_of = partial(limits.log_in_attempts, request, identifier)
    counted_at = engine.now()
    known, attempts = await engine.read(sessions.prepare, identifier, attempts_of, counted_at)
    await engine.write(count, attempts, counted_at)
    requester = requester_of(request, lane, identifier)
    try:
        verified = await engine.passwords.verify(requester, known.password_hash if known else None, password)
    except (Busy, TooManyAtOnce):
        await engine.write(take_back, attempts, counted_at)
        raise
    if known is None or not verified.is_right:
        reason = Reason.WRONG_PASSWORD if known else Reason.UNKNOWN_USER
        report(request, SecurityEvent.LOG_IN_FAILED, user=known.user_id if known else None, reason=reason)
        raise WrongCredentials
    if verified.new_hash:
        await engine.write(sessions.renew_hash, known, verified.new_hash)
    return Checked(user_id=known.user_id, attempts=attempts)


async def start_session(
    request: web.Request, user_id: int, to: str, *, attempts: Sequence[Attempt] = ()
) -> web.Response:
    """Log a user in and redirect to a page; this browser's earlier log-in ends. Raises AccountInactive.

    The attempts that the log-in took are given back.
    """
    engine = request.app[ENGINE]
    browser = browser_of(request)
    try:
        session_id = await engine.write(sessions.start, user_id, engine.now(), browser=browser, attempts=attempts)
    except AccountInactive:
        report(request, SecurityEvent.LOG_IN_FAILED, user=user_id, reason=Reason.INACTIVE)
        raise
    return log_in(request, user_id, session_id, to)


def log_in(request: web.Request, user_id: int, session_token: str, to: str) -> web.Response:
    """Give the browser a session that has just begun, and redirect to a page."""
    report(request, SecurityEvent.LOGGED_IN, user=user_id)
    response = see_other(to)
    request.app[COOKIES].set_session(request, response, session_token)
    limits.remember_device(request, response, user_id)
    return response


async def end_session(request: web.Request, to: str) -> web.Response:
    """Log the user out, in the database too, and redirect to a page."""
    cookies = request.app[COOKIES]
    if session_id := cookies.session(request):
        user_id = await request.app[ENGINE].write(sessions.end, session_id)
        if user_id is not None:
            report(request, SecurityEvent.LOGGED_OUT, user=user_id)
    response = see_other(to)
    cookies.end_session(request, response)
    return response
