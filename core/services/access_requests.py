"""Requests for access at closed links, and their status pages. They never tell whether an address has an account."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access_requests import ASKABLE, LONGEST_MESSAGE, RequestState
from core.domain.challenges import is_asked
from core.domain.form_fields import Field, Form, examine_form
from core.domain.hashes import hash_of
from core.domain.limits import Attempt
from core.domain.links import LinkState, link_state
from core.domain.text import ROOM, is_oversized, tidy
from core.errors import Conflict, InvalidForm, LinkClosed, Problem, RequestNotOpen, StatusPageGone
from core.language import region
from core.services import challenges, limits
from core.services.account import Organisation, organisation, organisation_of
from core.services.sign_up_links import find as find_link
from core.services.sign_up_links import form_of
from core.storage import access_requests as stored
from core.storage import profiles
from core.storage.links import Found

OPEN_FOR = timedelta(days=14)
PLACE_KEPT = timedelta(days=7)
REMEMBERED = timedelta(days=30)  # what became of a request is on its page for so long afterwards
BATCH = 50
ASKED = ("first_name", "last_name", "email")


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a person enters to ask for access."""

    first_name: str
    last_name: str
    email: str
    message: str


@dataclass(frozen=True, kw_only=True)
class RequestPage:
    """A request and what has become of it.

    `email` is empty once it is over; `until` (UTC): how long it is open, or the place kept. `link` is the state of the
    link now. `is_own`: the page was given to the person who made the request, not to one who named the same address.
    """

    organisation: Organisation
    state: RequestState
    email: str
    until: datetime
    token: str
    link: LinkState
    is_mailed: bool
    is_own: bool


def fields_of(form: Form) -> tuple[Field, ...]:
    """Return the fields of a link's form by which people also ask for access."""
    return tuple(field for field in form.fields if field.name in ASKED)


def ask(
    session: Session,
    token: str,
    posted: Mapping[str, str],
    now: datetime,
    *,
    attempts: Sequence[Attempt] = (),
    mail_in: str | None = None,
    proof: str | None = None,
) -> str:
    """Store a request at a closed link; return the code of its status page. No right is needed.

    If there is an open one for this link and address, the page is that one's. `mail_in` is the language in which e-mail
    about it is promised; None: no e-mail. `proof` is the number of a solved challenge, which is used up if one is
    asked for and the request is stored. Raises UnknownLink, LinkClosed (also if the link is open), ProofNeeded,
    InvalidForm, TooManyAttempts.
    """
    found = find_link(session, token)
    if (state := link_state(found.facts, now)) not in ASKABLE:
        raise LinkClosed(state)
    request = _read(posted, form_of(found), organisation_of(found.account))
    if is_asked(found.account.challenge, found.rush_until, now):
        challenges.check(session, proof, now)
        attempts = [*attempts, *challenges.end_of(proof)]
    limits.count(session, attempts, now)
    return _store(session, found, request, now, mail_in)


def page(session: Session, code: str, now: datetime) -> RequestPage:
    """Return the page of a code. Changes nothing. Raises StatusPageGone."""
    found = stored.page(session, hash_of(code))
    if found is None:
        raise StatusPageGone
    own, request, link, profile = found
    of_account = organisation(session)
    facts = profiles.facts(profile, sign_up_enabled=of_account.sign_up_enabled, link=link)
    state = RequestState(request.state)
    return RequestPage(
        organisation=of_account,
        state=RequestState.EXPIRED if state in stored.HELD and request.ends_at <= now else state,
        email=request.email,
        until=request.ends_at,
        token=link.token,
        link=link_state(facts, now),
        is_mailed=request.mail_in is not None,
        is_own=own.is_first,
    )


def entered(session: Session, code: str) -> dict[str, str]:
    """Return what the person with a code entered, by the names of the form's fields; nothing of what others did."""
    found = stored.page(session, hash_of(code))
    if found is None:
        return {}
    first, request, _, _ = found
    return {name: getattr(request, name) for name in (ASKED if first.is_first else ("email",))}


def withdraw(session: Session, code: str, now: datetime) -> None:
    """End an open request by its person's wish: theirs who made it, not of others who named the same address.

    Raises StatusPageGone, RequestNotOpen.
    """
    found = stored.page(session, hash_of(code))
    if found is None:
        raise StatusPageGone
    own, asked, _, _ = found
    request = stored.lock(session, asked.id) if own.is_first else None
    if request is None or request.state != RequestState.OPEN:
        raise RequestNotOpen
    stored.end(session, request, RequestState.WITHDRAWN, now)


def mailed_page(session: Session, email: str, now: datetime) -> str | None:
    """Return the code of a new page of the newest granted request of an address, to be sent there; None if none is."""
    granted = stored.granted_to(session, email, now)
    return None if granted is None else _add_page(session, granted.id, is_first=True)


def any_expired(session: Session, now: datetime) -> bool:
    """Return whether `expire` has anything to do; cheap, without locks."""
    return stored.any_ended(session, now)


def expire(session: Session, now: datetime) -> None:
    """End requests that nobody answered, and free the places that were kept in vain. At most BATCH at a time."""
    for request_id, profile_id in stored.ended(session, now, at_most=BATCH):
        profiles.lock(session, profile_id)
        request = stored.lock(session, request_id)
        if request is not None and request.ends_at <= now and request.state in stored.HELD:  # else answered since
            stored.end(session, request, RequestState.EXPIRED, now)


def sweep(session: Session, now: datetime) -> None:
    """Delete the requests that were over REMEMBERED ago."""
    stored.sweep(session, now - REMEMBERED)


def _read(posted: Mapping[str, str], form: Form, of_account: Organisation) -> Request:
    """Read a request, by the rules of the sign-up form. Raises InvalidForm."""
    asked = Form(fields=fields_of(form), email_domains=form.email_domains)
    person, problems = examine_form(posted, asked, region=region(of_account.zone))
    typed = posted.get("message", "")
    message = tidy(typed[: ROOM * LONGEST_MESSAGE])
    if is_oversized(typed, LONGEST_MESSAGE) or len(message) > LONGEST_MESSAGE:
        problems = {**problems, "message": Problem.TOO_LONG}
    if problems:
        raise InvalidForm(problems)
    return Request(first_name=person.first_name, last_name=person.last_name, email=person.email, message=message)


def _store(session: Session, found: Found, request: Request, now: datetime, mail_in: str | None) -> str:
    """Store a request unless there is an open one for its link and address; return the code of its new page."""
    values = {**vars(request), "link_id": found.link.id, "profile_id": found.profile.id, "mail_in": mail_in}
    times = {"asked_at": now, "ends_at": now + OPEN_FOR}
    made = stored.add(session, {**values, **times, "state": RequestState.OPEN, "announced": False})
    request_id = made or stored.open_of(session, found.link.id, request.email)
    if request_id is None:  # it was answered since
        raise Conflict
    return _add_page(session, request_id, is_first=made is not None)


def _add_page(session: Session, request_id: int, *, is_first: bool) -> str:
    code = secrets.token_urlsafe(32)
    stored.add_page(session, hash_of(code), request_id, is_first=is_first)
    return code
