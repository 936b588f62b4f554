"""A form's challenge: a proof of work by ALTCHA, bound to the form, and asked for while too many forms come.

It is signed and kept nowhere until it is solved. Its solution is looked at before any other work for the form.
"""

import asyncio
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256

from aiohttp import web
from altcha import Payload, create_challenge, verify_solution

from core.domain.challenges import VALID
from core.security_log import Reason, SecurityEvent
from core.services import challenges
from web.app_keys import ENGINE, SECRET_KEY
from web.form_tokens import FIELD as FORM_TOKEN
from web.security_events import report
from web.static_files import DRIVER, WORKER, integrity_of, script_name

FIELD = "proof"
ALGORITHM, COST, PREFIX = "PBKDF2/SHA-256", 10_000, "00"  # about 256 keys of 10,000 rounds, of which we derive one
LONGEST = 2000  # characters of a proof
CORRECTING = timedelta(minutes=10)  # a proof that ends sooner isn't given back to a form with mistakes


@dataclass(frozen=True, kw_only=True)
class FormChallenge:
    """What a form's page needs to solve its challenge: the challenge as JSON, and the names of the scripts.

    `solved` is the proof that the form came with and can be sent with again; empty if it has none.
    """

    text: str
    solved: str
    worker: str
    script: str
    integrity: str


Challenging = Callable[[str], FormChallenge]


def challenging(request: web.Request, *, asked: bool, form: Mapping[str, str]) -> Challenging | None:
    """Return what makes the challenge of a page's form from its token; None if none is asked for.

    `form` is what was entered: a proof that it came with is on the page again, so that nothing is solved anew.
    """
    return partial(_challenge, request, form.get(FIELD, "")) if asked else None


def without_proof(form: Mapping[str, str]) -> dict[str, str]:
    """Return a form without its proof, which doesn't count."""
    return {name: value for name, value in form.items() if name != FIELD}


def _challenge(request: web.Request, brought: str, form_token: str) -> FormChallenge:
    """Return a new challenge for the form with this token: so for one browser, and one link."""
    now = request.app[ENGINE].now()
    until = (now + VALID).timestamp()
    data = {"for": form_token, "until": int(until)}
    made = create_challenge(ALGORITHM, COST, key_prefix=PREFIX, data=data, hmac_secret=_secret(request))
    return FormChallenge(
        text=json.dumps(made.to_dict()),
        solved=brought if _read(brought, form_token, now + CORRECTING) else "",
        worker=script_name(WORKER),
        script=script_name(DRIVER),
        integrity=integrity_of(DRIVER),
    )


async def proof_of(request: web.Request, form: Mapping[str, str]) -> str | None:
    """Return the random number of the challenge that a form brings solved; None if it brings none.

    What is too long, for another form or too old is refused before anything is derived.
    """
    payload = _read(form.get(FIELD, ""), form.get(FORM_TOKEN, ""), request.app[ENGINE].now())
    if payload is None:
        return None
    verified = await asyncio.to_thread(verify_solution, payload, _secret(request))
    return str(payload.challenge.parameters.nonce) if verified.verified else None


def _read(text: str, form_token: str, at: datetime) -> Payload | None:
    """Read a proof, which isn't verified yet; None if it isn't one for this form, or won't be valid at this moment."""
    if not text or len(text) > LONGEST:
        return None
    try:
        payload = Payload.from_base64(text)
        data = payload.challenge.parameters.data or {}
        is_own = data["for"] == form_token and data["until"] > at.timestamp()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return payload if is_own else None


async def note_missing(request: web.Request, subject: str) -> None:
    """Record that a form came without a proof, which prolongs a rush that would be over soon."""
    engine = request.app[ENGINE]
    report(request, SecurityEvent.FORM_REFUSED, reason=Reason.NO_PROOF)
    if await engine.read(challenges.ends_soon, subject, engine.now()):
        await engine.write(challenges.prolong, subject, engine.now())


def _secret(request: web.Request) -> str:
    return hmac.new(request.app[SECRET_KEY].encode(), b"challenge", sha256).hexdigest()
