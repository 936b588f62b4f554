"""Limits on what clients may repeat: what a request counts as, and what its page says if that was too often."""

import hmac
import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from aiohttp import web

from core.domain.addresses import find_address
from core.domain.field_kinds import normal_identifier
from core.domain.limits import (
    ALL_PASSWORD_REQUESTS,
    CONFIRMATION_DIGITS,
    FAILED_BY_LINK,
    FAILED_BY_NETWORK,
    LOG_IN_BY_ACCOUNT,
    LOG_IN_BY_ACCOUNT_AND_NETWORK,
    LOG_IN_BY_DEVICE,
    LOG_IN_BY_NETWORK,
    OWN_DETAILS,
    PASSWORD_BY_LINK,
    PASSWORD_REQUEST_BY_ACCOUNT,
    PASSWORD_REQUEST_BY_NETWORK,
    REQUEST_BY_LINK,
    REQUEST_BY_NETWORK,
    SIGN_UP_BY_LINK,
    SIGN_UP_BY_NETWORK,
    Attempt,
)
from core.errors import TooManyAttempts
from core.services import limits
from core.services.account import Organisation
from core.services.sessions import Credentials
from web.app_keys import ENGINE, SECRET_KEY
from web.client_address import CLIENT
from web.cookies import COOKIES
from web.pages import PAGES

NO_MOMENTS: Mapping[str, str] = {}
MINUTE = timedelta(minutes=1)


async def count(request: web.Request, attempts: Sequence[Attempt]) -> datetime:
    """Count attempts before the work that they ask for; return when (UTC). If it is too often, that costs one read.

    Raises TooManyAttempts.
    """
    engine, now = request.app[ENGINE], request.app[ENGINE].now()
    await engine.read(limits.check, attempts, now)
    await engine.write(limits.count, attempts, now)
    return now


def log_in_attempts(request: web.Request, identifier: str, known: Credentials | None) -> tuple[Attempt, ...]:
    """Return what a log-in counts as: from a device that this user logged in on before, for that device alone.

    So strangers can slow down each other, but not the user. Apart from that, an identifier counts for itself, whether
    it is known or not: if a user's address and login counted together, that would tell that there is such a user.
    """
    device = request.app[COOKIES].device(request)
    if known and device and is_known_device(request, known.user_id):
        return (Attempt(limit=LOG_IN_BY_DEVICE, subject=f"{known.user_id} {device}"),)
    network, account = network_of(request), _pseudonym(request, f"account {normal_identifier(identifier)}")
    return (
        Attempt(limit=LOG_IN_BY_NETWORK, subject=network),
        Attempt(limit=LOG_IN_BY_ACCOUNT_AND_NETWORK, subject=f"{account} {network}"),
        Attempt(limit=LOG_IN_BY_ACCOUNT, subject=account),
    )


def sign_up_attempts(request: web.Request, token: str) -> tuple[Attempt, ...]:
    """Return what a completed sign-up form counts as."""
    return (
        Attempt(limit=SIGN_UP_BY_NETWORK, subject=network_of(request)),
        Attempt(limit=SIGN_UP_BY_LINK, subject=token),
    )


def failed_sign_up_attempts(request: web.Request, token: str) -> tuple[Attempt, ...]:
    """Return what noting a refused sign-up form counts as."""
    return (
        Attempt(limit=FAILED_BY_NETWORK, subject=network_of(request)),
        Attempt(limit=FAILED_BY_LINK, subject=token),
    )


def password_request_by_network(request: web.Request) -> tuple[Attempt, ...]:
    """Return what a request for a new password counts as before anything of it is looked at."""
    return (Attempt(limit=PASSWORD_REQUEST_BY_NETWORK, subject=network_of(request)),)


def password_request_attempts(request: web.Request, identifier: str) -> tuple[Attempt, ...]:
    """Return what a request for a new password counts as besides, whether there is such an account or not."""
    account = _pseudonym(request, f"account {normal_identifier(identifier)}")
    return (
        Attempt(limit=PASSWORD_REQUEST_BY_ACCOUNT, subject=account),
        Attempt(limit=ALL_PASSWORD_REQUESTS, subject=""),
    )


def access_request_attempts(request: web.Request, token: str) -> tuple[Attempt, ...]:
    """Return what a request for access counts as."""
    return (
        Attempt(limit=REQUEST_BY_NETWORK, subject=network_of(request)),
        Attempt(limit=REQUEST_BY_LINK, subject=token),
    )


def password_attempts(code: str) -> tuple[Attempt, ...]:
    """Return what a completed form behind a link to a new password counts as."""
    return (Attempt(limit=PASSWORD_BY_LINK, subject=code),)


def digits_attempts(user_id: int | None) -> tuple[Attempt, ...]:
    """Return what typed digits, or the form's password, count as: for the sign-up, whoever types them."""
    return (Attempt(limit=CONFIRMATION_DIGITS, subject=str(user_id)),)


def pseudonym_of(request: web.Request, email: str) -> str:
    """Return a pseudonym of an address, as the subject of limits, whether it has an account or not."""
    return _pseudonym(request, f"address {find_address(email) or email}")


def own_attempts(user_id: int) -> tuple[Attempt, ...]:
    """Return what a user who is logged in asks for counts as, where it takes work or tells of others."""
    return (Attempt(limit=OWN_DETAILS, subject=str(user_id)),)


def network_of(request: web.Request) -> str:
    """Return a pseudonym of the client's network, as the subject of limits."""
    return _pseudonym(request, f"network {request[CLIENT].network}")


def remember_device(request: web.Request, response: web.Response, user_id: int) -> None:
    """Set a cookie by which this browser is known as the user's: they logged in or changed their form there."""
    cookies = request.app[COOKIES]
    if not is_known_device(request, user_id):
        nonce = cookies.new_number()
        cookies.set_device(request, response, f"{nonce}.{_signed(request, nonce, user_id)}")


def is_known_device(request: web.Request, user_id: int) -> bool:
    """Return whether this browser was remembered as the user's."""
    device = request.app[COOKIES].device(request)
    return device is not None and _is_device_of(request, device, user_id)


def notice(request: web.Request, refused: TooManyAttempts) -> str:
    """Return which notice tells of it: a wait of less than a minute needs no time of day."""
    return "too often" if refused.until - request.app[ENGINE].now() >= MINUTE else "too fast"


def moments(request: web.Request, organisation: Organisation, refused: TooManyAttempts) -> Mapping[str, str]:
    """Return how long to wait, and until when, in the account's time zone; rounded up."""
    now, language = request.app[ENGINE].now(), request.app[PAGES].language(request, organisation)
    minutes = math.ceil((refused.until - now) / MINUTE)
    return {
        "wait": language.wait(refused.until - now),
        "until": language.moment(now + minutes * MINUTE, organisation.zone, now=now).replace(" ", "\N{NO-BREAK SPACE}"),
        "city": language.city(organisation.zone),
    }


def seconds_left(request: web.Request, refused: TooManyAttempts) -> int:
    """Return the value of Retry-After (RFC 9110, 10.2.3)."""
    return max(1, math.ceil((refused.until - request.app[ENGINE].now()).total_seconds()))


def _is_device_of(request: web.Request, device: str, user_id: int) -> bool:
    nonce, _, signature = device.partition(".")
    return hmac.compare_digest(signature, _signed(request, nonce, user_id))


def _signed(request: web.Request, nonce: str, user_id: int) -> str:
    return _keyed(request, f"device {nonce} {user_id}")


def _pseudonym(request: web.Request, subject: str) -> str:
    """Return what stands for a network or an account: all of them could be tried on a hash without a key."""
    return _keyed(request, f"limit {subject}")


def _keyed(request: web.Request, text: str) -> str:
    return hmac.new(request.app[SECRET_KEY].encode(), text.encode(errors="replace"), sha256).hexdigest()
