"""A posted sign-up form: it is recognised, examined, its password hashed, and redeemed."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from time import monotonic

from aiohttp import web

from core.domain.addresses import find_address
from core.domain.form_fields import Newcomer
from core.domain.limits import Attempt
from core.domain.passwords import is_weak, refuse_weak
from core.domain.text import opaque
from core.engine import Engine
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


@dataclass(frozen=True, kw_only=True)
class _Posted:
    """A form that was posted to a link, the key that identifies it, and the proof that came with it, if any."""

    request: web.Request
    fields: Mapping[str, str]
    key: str
    proof: str | None

    @property
    def engine(self) -> Engine:
        """The application's engine."""
        return self.request.app[ENGINE]

    @property
    def token(self) -> str:
        """The link's token."""
        return self.request.match_info["token"]

    @property
    def attempts(self) -> tuple[Attempt, ...]:
        """What a completed form counts as."""
        return limits.sign_up_attempts(self.request, self.token)

    @property
    def place(self) -> str | None:
        """The code of the browser's status page, which may keep a place."""
        return self.request.app[COOKIES].status_page(self.request)

    @property
    def password(self) -> str:
        """The password that was typed, empty if there is none."""
        return self.fields.get("password", "")

    def proof_needed(self, examined: Examined) -> str | None:
        """Return the proof if the link asks for one."""
        return self.proof if examined.asks_proof else None


async def sign_up(request: web.Request, form: Mapping[str, str], key: str) -> LoggedIn | None:
    """Redeem a form; return None if it has already created its account.

    What takes work or tells of others is counted, before it is told if it is refused: so taken addresses can't be
    searched. Raises UnknownLink, ProofNeeded, InvalidForm, EmailTaken, NotExpected, LinkClosed, TooManyAttempts,
    TooManyWaiting, Busy, TooManyAtOnce.
    """
    posted = _Posted(request=request, fields=form, key=key, proof=await challenges.proof_of(request, form))
    try:
        examined = await _examine(posted)
    except (EmailTaken, NotExpected):
        await limits.count(request, [*posted.attempts, *try_of(posted.proof)])
        raise
    if examined.newcomer is None:
        return None
    await _count_before(posted, examined)
    if examined.problems:
        raise InvalidForm(await _with_weakness(posted, examined, examined.newcomer))
    try:
        return await _redeem(posted, examined, examined.newcomer)
    except (EmailTaken, InvalidForm, NotExpected):
        await limits.count(request, posted.attempts)
        raise


async def _examine(posted: _Posted) -> Examined:
    engine = posted.engine
    return await engine.read(
        sign_up_page.examine,
        posted.token,
        posted.fields,
        posted.key,
        posted.attempts,
        engine.now(),
        context=FormContext(place=posted.place, can_mail=can_mail(posted.request), proof=posted.proof),
    )


async def _count_before(posted: _Posted, examined: Examined) -> None:
    """Count what comes before the answer or the hash. A form that is repeated needs no proof, but is hashed again.

    Raises TooManyAttempts, ProofNeeded.
    """
    counted = posted.attempts if examined.tells_of_others or examined.is_repeated else ()
    proof = posted.proof_needed(examined)
    if counted or proof:
        await limits.count(posted.request, [*counted, *try_of(proof)])


async def _redeem(posted: _Posted, examined: Examined, newcomer: Newcomer) -> LoggedIn:
    engine = posted.engine
    complete = _complete(posted, examined, newcomer, await _hash(posted, examined, newcomer))
    browser = browser_of(posted.request)
    return await engine.write(redemption.redeem_and_log_in, posted.token, complete, engine.now(), browser=browser)


def _complete(posted: _Posted, examined: Examined, newcomer: Newcomer, password_hash: str) -> SignUp:
    """Return a form with all that its request tells."""
    request = posted.request
    return SignUp(
        newcomer=newcomer,
        password_hash=password_hash,
        form_key=posted.key,
        attempts=posted.attempts,
        ticket=posted.fields[FIELD],
        network=limits.network_of(request),
        mini_app_visitor=request.app[COOKIES].visitor(request)[0] if is_in_mini_app(request) else None,
        place=posted.place,
        mail_to=addressee(request, examined.organisation, newcomer.email),
        language=request.app[PAGES].language(request, examined.organisation).code,
        proof=posted.proof_needed(examined),
    )


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


async def _hash(posted: _Posted, examined: Examined, newcomer: Newcomer) -> str:
    """Hash the password. The link is looked at again after a wait in which it may have been closed.

    Raises Busy, TooManyAtOnce, InvalidForm (it is easy to guess, and must not be), LinkClosed, TooManyWaiting.
    """
    engine, seen_at = posted.engine, monotonic()
    has_room = examined.places_left is None or examined.places_left > engine.passwords.ahead(Lane.SIGN_UP)

    async def look_again() -> None:
        if not (has_room and monotonic() - seen_at < SEEN_JUST_NOW):
            still_open, place = sign_up_page.check_still_open, posted.place
            await engine.read(still_open, posted.token, posted.key, engine.now(), place=place)

    requester = requester_of(posted.request, Lane.SIGN_UP, newcomer.email)
    check = partial(refuse_weak, newcomer=newcomer, organisation=examined.organisation.name)
    is_judged = examined.form.strong_passwords
    return await engine.passwords.hash(requester, posted.password, check if is_judged else None, look_again)


async def _with_weakness(posted: _Posted, examined: Examined, newcomer: Newcomer) -> dict[str, Problem]:
    """Return a form's problems with that of a password that is easy to guess: all are said at once.

    Raises Busy, TooManyAtOnce.
    """
    if "password" in examined.problems or not examined.form.strong_passwords:
        return examined.problems
    requester = requester_of(posted.request, Lane.SIGN_UP, newcomer.email)
    judge = partial(is_weak, opaque(posted.password), newcomer, examined.organisation.name)
    is_guessed = await posted.engine.passwords.run(requester, judge)
    return {**examined.problems, "password": Problem.WEAK} if is_guessed else examined.problems


def identify(request: web.Request, form: Mapping[str, str]) -> tuple[str, str]:
    """Return the e-mail address (empty if it is none), and the key that identifies the form if it is sent again.

    Of the fields only the e-mail address is read, because the link may be closed. Raises StaleForm.
    """
    form_token = check_form_token(request, form, purpose(request.match_info["token"]))
    address = find_address(form.get("email", "")) or ""
    return address, request.app[FORM_TOKENS].form_key(form_token, address)
