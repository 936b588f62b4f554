"""A form's challenge: a proof of work by ALTCHA, bound to the form, and asked for while too many forms come.

It is signed and kept nowhere until it is solved. Its solution is looked at before any other work for the form.
"""

import asyncio
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from aiohttp import web
from altcha import Payload, create_challenge, verify_solution

from core.domain.challenges import VALID
from core.errors import ProofNeeded
from core.security_log import Reason, SecurityEvent
from core.services import challenges
from web.app_keys import ENGINE, SECRET_KEY
from web.form_tokens import FIELD as FORM_TOKEN
from web.security_events import report
from web.static_files import DRIVER, WORKER, integrity_of, script_name

FIELD = "proof"
ALGORITHM, COST, PREFIX = "PBKDF2/SHA-256", 10_000, "00"  # about 256 keys of 10,000 rounds, of which we derive one
LONGEST = 2000  # characters of a proof


@dataclass(frozen=True, kw_only=True)
class FormChallenge:
    """What a form's page needs to solve its challenge: the challenge as JSON, and the names of the scripts."""

    text: str
    worker: str
    script: str
    integrity: str


Challenging = Callable[[str], FormChallenge]


def challenging(request: web.Request, *, asked: bool) -> Challenging | None:
    """Return what makes the challenge of a page's form from its token; None if none is asked for."""
    return partial(_challenge, request) if asked else None


def _challenge(request: web.Request, form_token: str) -> FormChallenge:
    """Return a new challenge for the form with this token: so for one browser, and one link."""
    until = (request.app[ENGINE].now() + VALID).timestamp()
    data = {"for": form_token, "until": int(until)}
    made = create_challenge(ALGORITHM, COST, key_prefix=PREFIX, data=data, hmac_secret=_secret(request))
    return FormChallenge(
        text=json.dumps(made.to_dict()),
        worker=script_name(WORKER),
        script=script_name(DRIVER),
        integrity=integrity_of(DRIVER),
    )


async def proof_of(request: web.Request, form: Mapping[str, str]) -> str | None:
    """Return the random number of the challenge that a form brings solved; None if it brings none.

    What is too long, for another form or too old is refused before anything is derived.
    """
    text = form.get(FIELD, "")
    if not text or len(text) > LONGEST:
        return None
    try:
        payload = Payload.from_base64(text)
        data = payload.challenge.parameters.data or {}
        is_own = data["for"] == form.get(FORM_TOKEN) and data["until"] > request.app[ENGINE].now().timestamp()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    if not is_own:
        return None
    verified = await asyncio.to_thread(verify_solution, payload, _secret(request))
    return str(payload.challenge.parameters.nonce) if verified.verified else None


async def note_missing(request: web.Request, subject: str) -> None:
    """Record that a form came without a proof, which prolongs a rush that would be over soon."""
    engine = request.app[ENGINE]
    report(request, SecurityEvent.FORM_REFUSED, reason=Reason.NO_PROOF)
    if await engine.read(challenges.ends_soon, subject, engine.now()):
        await engine.write(challenges.prolong, subject, engine.now())


async def use(request: web.Request, proof: str | None) -> None:
    """Use a proof up, before the work that it pays for. Raises ProofNeeded."""
    engine = request.app[ENGINE]
    if proof is None:
        raise ProofNeeded
    await engine.write(challenges.use, proof, engine.now())


def _secret(request: web.Request) -> str:
    return hmac.new(request.app[SECRET_KEY].encode(), b"challenge", sha256).hexdigest()
