"""The page for those who lost their password: it sends a link by e-mail, or tells the people who can make one.

The answer is the same whether there is such an account or not, and so is the work.
"""

from collections.abc import Mapping
from functools import partial

from aiohttp import web

from core.domain.addresses import LONGEST_ADDRESS
from core.domain.challenges import LOST_PASSWORDS
from core.domain.limits import Attempt
from core.domain.text import ROOM, tidy
from core.errors import ProofNeeded, TooManyAttempts
from core.services import account, password_links, password_requests
from core.services.account import Organisation
from core.services.challenges import asked_for_lost_passwords, end_of
from web import challenges, limits
from web.app_keys import ENGINE, SETTINGS
from web.form_tokens import StaleForm, check_form_token, stale_notice
from web.forms import read_posted
from web.limits import moments, notice, seconds_left
from web.mail import mail_language, sender_of
from web.pages import PAGES
from web.responses import see_other, to_send_again

PATH = "/password"
PURPOSE = "lost password"
NOTHING_ENTERED: Mapping[str, str] = {}
WELL_KNOWN = "/.well-known/change-password"  # W3C: A Well-Known URL for Changing Passwords


async def well_known(_request: web.Request) -> web.Response:
    """Redirect password managers to the page on which a password is changed."""
    return see_other(PATH)


async def show(request: web.Request) -> web.Response:
    """Say what to do about a lost password, with the form that tells the people who can help."""
    return await _form(request, identifier="")


async def ask(request: web.Request) -> web.Response:
    """Store the request, and say the same whether there is such an account or not."""
    form = await read_posted(request)
    identifier = tidy(form.get("identifier", "")[: ROOM * LONGEST_ADDRESS])
    again = partial(_form, request, identifier=identifier, form=form)
    try:
        check_form_token(request, form, PURPOSE)
        if not identifier:
            return await again(status=422, is_missing=True)
        await limits.count(request, limits.password_request_by_network(request))
        attempts = limits.password_request_attempts(request, identifier)
        await limits.count(request, [*attempts, *await _proof(request, form)])
    except StaleForm:
        return await again(status=403, problem=stale_notice(request, form))
    except ProofNeeded:
        await challenges.note_missing(request, LOST_PASSWORDS)
        return await again(status=403, problem="no proof", form=challenges.without_proof(form))
    except TooManyAttempts as refused:
        page = await again(status=429, problem=notice(request, refused), refused=refused)
        return to_send_again(page, seconds_left(request, refused))
    organisation = await request.app[ENGINE].read(account.organisation)
    await _store(request, organisation, identifier)
    return request.app[PAGES].show(
        request, "password_requested.html", organisation, identifier=identifier, sender=sender_of(request)
    )


async def _asks_proof(request: web.Request) -> bool:
    engine = request.app[ENGINE]
    return await engine.read(asked_for_lost_passwords, engine.now())


async def _proof(request: web.Request, form: Mapping[str, str]) -> tuple[Attempt, ...]:
    """Return what the form's proof counts as, if one is asked for. Raises ProofNeeded."""
    if not await _asks_proof(request):
        return ()
    if (proof := await challenges.proof_of(request, form)) is None:
        raise ProofNeeded
    return end_of(proof)


async def _store(request: web.Request, organisation: Organisation, identifier: str) -> None:
    """Store the request by one statement: whose it is is looked up later."""
    engine = request.app[ENGINE]
    if (language := mail_language(request, organisation)) is None:
        await engine.write(password_requests.ask, identifier, engine.now())
    else:
        await engine.write(password_links.ask_by_mail, identifier, language, engine.now())


async def _form(
    request: web.Request,
    *,
    identifier: str,
    form: Mapping[str, str] = NOTHING_ENTERED,
    status: int = 200,
    problem: str | None = None,
    is_missing: bool = False,
    refused: TooManyAttempts | None = None,
) -> web.Response:
    organisation = await request.app[ENGINE].read(account.organisation)
    again = moments(request, organisation, refused) if refused else {}
    shown = {"problem": problem, "is_missing": is_missing, "again": again}
    challenge = challenges.challenging(request, asked=await _asks_proof(request), form=form)
    by_mail = request.app[SETTINGS].sends_mail
    values = {"identifier": identifier, "by_mail": by_mail, "challenge": challenge, **shown}
    return request.app[PAGES].show(request, "lost_password.html", organisation, status=status, **values)
