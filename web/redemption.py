"""A posted sign-up form: it is recognised, examined, its password hashed, and redeemed."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from time import monotonic

from aiohttp import web

from core.domain.addresses import find_address
from core.domain.form_fields import Newcomer
from core.domain.limits import Attempt
from core.domain.passwords import is_weak, refuse_weak
from core.domain.text import opaque
from core.errors import DatabaseUnavailable, EmailTaken, InvalidForm, NotExpected, Problem, TooManyAttempts
from core.fair_queue import Lane
from core.services import profile_links, redemption, sign_up_page
from core.services.challenges import try_of
from core.services.limits import check as check_limits
from core.services.profile_links import FailedForm
from core.services.redemption import LoggedIn, SignUp
from core.services.sign_up_page import Examined, FormContext
from web import challenges, limits
from web.app_keys import ENGINE
from web.authentication import requester_of
from web.closed_page import purpose
from web.cookies import COOKIES
from web.devices import browser_of
from web.form_tokens import FIELD, FORM_TOKENS, check_form_token
from web.mail import addressee, can_mail
from web.pages import PAGES
from web.places import is_in_mini_app

SEEN_JUST_NOW = 0.3  # seconds: so long a link with room for all who wait counts as open, at the cost of a hash or two


async def sign_up(request: web.Request, form: Mapping[str, str], key: str) -> LoggedIn | None:
    """Redeem a form; return None if it has already created its account.

    What takes work or tells of others is counted, before it is told if it is refused: so taken addresses can't be
    searched. Raises UnknownLink, ProofNeeded, InvalidForm, EmailTaken, NotExpected, LinkClosed, TooManyAttempts,
    TooManyWaiting, Busy, TooManyAtOnce.
    """
    engine, token = request.app[ENGINE], request.match_info["token"]
    attempts, browser = limits.sign_up_attempts(request, token), browser_of(request)
    proof = await challenges.proof_of(request, form)
    context = FormContext(place=_place(request), can_mail=can_mail(request), proof=proof)
    try:
        examined = await engine.read(sign_up_page.examine, token, form, key, attempts, engine.now(), context=context)
    except (EmailTaken, NotExpected):
        await limits.count(request, [*attempts, *try_of(proof)])
        raise
    if examined.newcomer is None:
        return None
    needed = proof if examined.asks_proof else None
    await _count_before(request, examined, attempts, needed)
    if examined.problems:
        raise InvalidForm(await _with_weakness(request, examined, examined.newcomer, form.get("password", "")))
    try:
        hashed = await _hash(request, examined, examined.newcomer, form["password"], key)
        complete = _complete(request, examined, examined.newcomer, form, hashed, key, attempts, needed)
        return await engine.write(redemption.redeem_and_log_in, token, complete, engine.now(), browser=browser)
    except (EmailTaken, InvalidForm, NotExpected):
        await limits.count(request, attempts)
        raise


def _place(request: web.Request) -> str | None:
    """Return the code of the browser's status page, which may keep a place."""
    return request.app[COOKIES].status_page(request)


def _complete(
    request: web.Request,
    examined: Examined,
    newcomer: Newcomer,
    form: Mapping[str, str],
    password_hash: str,
    key: str,
    attempts: tuple[Attempt, ...],
    proof: str | None,
) -> SignUp:
    """Return a form with all that its request tells."""
    return SignUp(
        newcomer=newcomer,
        password_hash=password_hash,
        form_key=key,
        attempts=attempts,
        ticket=form[FIELD],
        network=limits.network_of(request),
        mini_app_visitor=request.app[COOKIES].visitor(request)[0] if is_in_mini_app(request) else None,
        place=_place(request),
        mail_to=addressee(request, examined.organisation, newcomer.email),
        language=request.app[PAGES].language(request, examined.organisation).code,
        proof=proof,
    )


async def _count_before(
    request: web.Request, examined: Examined, attempts: Sequence[Attempt], proof: str | None
) -> None:
    """Count what comes before the answer or the hash. A form that is repeated needs no proof, but is hashed again.

    Raises TooManyAttempts, ProofNeeded.
    """
    counted = attempts if examined.tells_of_others or examined.is_repeated else ()
    if counted or proof:
        await limits.count(request, [*counted, *try_of(proof)])


async def note_failure(request: web.Request, form: Mapping[str, str], field: str = "") -> None:
    """Count who sent a form that was read and refused, and note of an expected person the first field to correct.

    Their manager sees that they need help, and which of the links is tried in vain. A flood of such forms costs reads.
    """
    engine, token = request.app[ENGINE], request.match_info["token"]
    failed = FailedForm(
        ticket=form[FIELD],
        attempts=limits.failed_sign_up_attempts(request, token),
        email=find_address(form.get("email", "")),
        field=field,
    )
    with suppress(DatabaseUnavailable, TooManyAttempts):  # what has to be corrected is told all the same
        await engine.read(check_limits, failed.attempts, engine.now())
        await engine.write(profile_links.note_failure, token, failed, engine.now())


async def _hash(request: web.Request, examined: Examined, newcomer: Newcomer, password: str, key: str) -> str:
    """Hash the password. The link is looked at again after a wait in which it may have been closed.

    Raises Busy, TooManyAtOnce, InvalidForm (it is easy to guess, and must not be), LinkClosed, TooManyWaiting.
    """
    engine, token = request.app[ENGINE], request.match_info["token"]
    place, seen_at = _place(request), monotonic()
    has_room = examined.places_left is None or examined.places_left > engine.passwords.ahead(Lane.SIGN_UP)

    async def look_again() -> None:
        if not (has_room and monotonic() - seen_at < SEEN_JUST_NOW):
            await engine.read(sign_up_page.check_still_open, token, key, engine.now(), place=place)

    requester = requester_of(request, Lane.SIGN_UP, newcomer.email)
    check = partial(refuse_weak, newcomer=newcomer, organisation=examined.organisation.name)
    is_judged = examined.form.strong_passwords
    return await engine.passwords.hash(requester, password, check if is_judged else None, look_again)


async def _with_weakness(
    request: web.Request, examined: Examined, newcomer: Newcomer, password: str
) -> dict[str, Problem]:
    """Return a form's problems with that of a password that is easy to guess: all are said at once.

    Raises Busy, TooManyAtOnce.
    """
    if "password" in examined.problems or not examined.form.strong_passwords:
        return examined.problems
    requester = requester_of(request, Lane.SIGN_UP, newcomer.email)
    judge = partial(is_weak, opaque(password), newcomer, examined.organisation.name)
    is_guessed = await request.app[ENGINE].passwords.run(requester, judge)
    return {**examined.problems, "password": Problem.WEAK} if is_guessed else examined.problems


def identify(request: web.Request, form: Mapping[str, str]) -> tuple[str, str]:
    """Return the e-mail address (empty if it is none), and the key that identifies the form if it is sent again.

    Of the fields only the e-mail address is read, because the link may be closed. Raises StaleForm.
    """
    form_token = check_form_token(request, form, purpose(request.match_info["token"]))
    address = find_address(form.get("email", "")) or ""
    return address, request.app[FORM_TOKENS].form_key(form_token, address)
