"""A person asks for access at a closed link. Whether their address has an account is never looked up."""

from collections.abc import Mapping
from functools import partial

from aiohttp import web

from core.domain.links import LinkState
from core.errors import InvalidForm, LinkClosed, ProofNeeded, TooManyAttempts, UnknownLink
from core.services import access_requests, sign_up_page
from core.services.sign_up_page import Preview
from web import challenges, copied_links, limits, status_pages
from web.app_keys import ENGINE
from web.closed_page import Asking, purpose, show_closed
from web.form_tokens import StaleForm, check_form_token, stale_notice
from web.forms import read_posted
from web.mail import mail_language
from web.responses import see_other, to_send_again


async def ask(request: web.Request) -> web.Response:
    """Store a request, and redirect to the page that will tell what becomes of it."""
    form = await read_posted(request)
    token, engine = request.match_info["token"], request.app[ENGINE]
    try:
        preview = await engine.read(sign_up_page.preview, token, engine.now())
        if preview.state is LinkState.OPEN:  # it opened meanwhile
            return see_other(f"/s/{token}")
        return await _ask_or_refuse(request, token, preview, form)
    except UnknownLink:
        raise copied_links.not_found(request) from None


async def _ask_or_refuse(request: web.Request, token: str, preview: Preview, form: Mapping[str, str]) -> web.Response:
    async def again(asking: Asking) -> web.Response:
        return await show_closed(request, token, preview, preview.state, asking)

    try:
        check_form_token(request, form, purpose(token))
        return await _ask(request, token, preview, form)
    except StaleForm:
        return await again(Asking(values=form, status=403, notice=stale_notice(request, form)))
    except InvalidForm as invalid:
        return await again(Asking(values=form, status=422, problems=invalid.problems))
    except ProofNeeded:
        await challenges.note_missing(request, token)
        return await again(Asking(values=challenges.without_proof(form), status=403, notice="no proof"))
    except LinkClosed:  # its state changed in between, or nobody can be let in through it
        return see_other(f"/s/{token}")
    except TooManyAttempts as refused:
        moments = limits.moments(request, preview.organisation, refused)
        notice = limits.notice(request, refused)
        page = await again(Asking(values=form, status=429, notice=notice, again=moments))
        return to_send_again(page, limits.seconds_left(request, refused))


async def _ask(request: web.Request, token: str, preview: Preview, form: Mapping[str, str]) -> web.Response:
    """Store the request. Raises UnknownLink, ProofNeeded, InvalidForm, LinkClosed, TooManyAttempts."""
    engine, proof = request.app[ENGINE], await challenges.proof_of(request, form)
    attempts, mail_in = limits.access_request_attempts(request, token), mail_language(request, preview.organisation)
    asking = partial(access_requests.ask, attempts=attempts, mail_in=mail_in, proof=proof)
    code = await engine.write(asking, token, form, engine.now())
    return status_pages.redirect(request, code)
