"""Redemption: a link and a completed form become an account, exactly once."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.domain.form_fields import Newcomer, login_from
from core.domain.ledger import Event
from core.domain.limits import SIGN_UP_BY_TICKET, WAITING_BY_NETWORK, Attempt
from core.domain.links import most_waiting
from core.errors import Conflict, EmailTaken, InvalidForm, LinkClosed, NotExpected
from core.services import (
    approval_notices,
    challenges,
    confirmations,
    field_values,
    kept_places,
    learner_creation,
    limits,
    pending_sign_ups,
    roster_doors,
    seats,
    sessions,
    sign_up_completion,
    telegram_connections,
)
from core.services import sign_up_forms as forms
from core.services.confirmations import CONFIRMATION_TIME, Addressee
from core.services.learner_creation import Place
from core.services.pending_sign_ups import APPROVAL_TIME, Awaits
from core.services.sessions import UNKNOWN_BROWSER, Browser
from core.services.sign_up_completion import Completion
from core.services.sign_up_links import awaited, check_open, check_waiting, find, form_of
from core.storage import activations, ledger, people, personal_links, profiles
from core.storage import pending_sign_ups as stored
from core.storage.database import refusing
from core.storage.links import Found
from core.storage.tables import PendingSignUp, Profile, User


@dataclass(frozen=True, kw_only=True)
class SignUp:
    """A valid form, its hashed password, and the key by which a repeated submission of the form is recognised.

    `attempts` are counted if it succeeds. `ticket` is what one page of the form carries: it makes one account.
    `network` is the client's. Either is None if the form comes from no page. `mini_app_visitor` is the number in the
    cookie if the form was shown in the Mini App. `place`: the code of a status page, whose granted request may keep a
    place. `mail_to`: how e-mail reaches the newcomer; None if none can be sent, and an administrator answers instead of
    a confirmation. `language`: of the page, a code, in which they get messages. `proof` is the number of the solved
    challenge that the form needed, which is used up now.
    """

    newcomer: Newcomer
    password_hash: str
    form_key: str
    attempts: tuple[Attempt, ...] = ()
    ticket: str | None = None
    network: str | None = None
    mini_app_visitor: str | None = None
    place: str | None = None
    mail_to: Addressee | None = None
    language: str | None = None
    proof: str | None = None


@dataclass(frozen=True, kw_only=True)
class SignedUp:
    """The account that the form created, now or (`repeated`) by an earlier submission.

    `awaits` is what the sign-up still waits for, if anything.
    """

    user_id: int
    repeated: bool
    state: UserState = UserState.ACTIVE
    awaits: Awaits | None = None


@dataclass(frozen=True, kw_only=True)
class LoggedIn:
    """A sign-up, and the cookie's value of the session that began with it; None if none did."""

    made: SignedUp
    session_token: str | None


def redeem(session: Session, token: str, form: SignUp, now: datetime) -> SignedUp:
    """Create the user, history row, enrolments and notices, and last take the activation: all or nothing.

    If the policies require a confirmation or an approval, the user is pending and a place is reserved instead. Whether
    an address that has to be confirmed has an account is not looked up: its owner reads that in the message. The
    place is taken last, and the attempts are counted just before, because concurrent sign-ups wait for the locks on
    these rows. Raises UnknownLink, LinkClosed, EmailTaken, InvalidForm, NotExpected, TooManyAttempts, ProofNeeded,
    TooManyWaiting.
    """
    newcomer = form.newcomer
    login = newcomer.login or login_from(newcomer.email)
    found = find(session, token, form_key=form.form_key, email=newcomer.email, login=login)
    if found.is_repeated:
        return _earlier(session, form.form_key)
    if form.place and kept_places.give_up(session, form.place, found.profile.id, newcomer.email, now):
        found = find(session, token, form_key=form.form_key, email=newcomer.email, login=login)
    awaits = awaited(found, can_mail=form.mail_to is not None)
    try:
        user_id, state = _sign_up(session, found, form, login, now, awaits)
    except (LinkClosed, EmailTaken, InvalidForm, NotExpected):
        # On PostgreSQL an earlier submission may have been committed since the first check: then this one is repeated.
        if find(session, token, form_key=form.form_key).is_repeated:
            raise Conflict from None
        raise
    roster_doors.refuse_unexpected_above(session, found, newcomer)
    limits.count(session, _attempts(form, awaits, user_id), now)
    _take_place(session, found, token, now, reserve=awaits is not None)
    _use_personal_link(session, found, now)
    return SignedUp(user_id=user_id, repeated=False, state=state, awaits=awaits)


def redeem_and_log_in(
    session: Session, token: str, form: SignUp, now: datetime, *, browser: Browser = UNKNOWN_BROWSER
) -> LoggedIn:
    """Redeem a form, and log a new learner in, in their browser, who is active. Raises as `redeem`."""
    made = redeem(session, token, form, now)
    if made.repeated or made.state is not UserState.ACTIVE:
        return LoggedIn(made=made, session_token=None)
    return LoggedIn(made=made, session_token=sessions.start(session, made.user_id, now, browser=browser))


def _sign_up(
    session: Session, found: Found, form: SignUp, login: str, now: datetime, awaits: Awaits | None
) -> tuple[int, UserState]:
    """Add the user, and what comes with an account or with waiting for it; return their number and state."""
    user_id, state = _admit(session, found, form, login, now, awaits)
    if awaits:
        _wait(session, found, user_id, form, now, awaits)
    else:
        _complete(session, found, user_id, state, form.form_key, now)
    return user_id, state


def _admit(
    session: Session, found: Found, form: SignUp, login: str, now: datetime, awaits: Awaits | None
) -> tuple[int, UserState]:
    """Add the user; return their number and state. They get an address that they have to confirm when they do."""
    newcomer, is_confirming = form.newcomer, awaits is Awaits.CONFIRMATION
    check_open(found, now)
    forms.check(form_of(found), newcomer)
    roster_doors.refuse_unexpected(session, found, newcomer)
    email_taken = found.email_taken and not is_confirming
    learner_creation.refuse_taken(newcomer, email_taken=email_taken, login_taken=found.login_taken)
    field_values.check_unique(session, newcomer, found.fields)
    state = UserState.PENDING if awaits else _state_of_newcomer(session, found)
    known = replace(newcomer, email="") if is_confirming else newcomer
    free = (newcomer.login or None) if is_confirming else _free_login(session, found, login)
    place = Place(
        department_id=found.profile.department_id,
        state=state,
        login=free,
        password_hash=form.password_hash,
        language=form.language,
    )
    user_id = learner_creation.add(session, known, place, found.fields, now)
    if form.mini_app_visitor:
        telegram_connections.connect_visitor(session, form.mini_app_visitor, user_id, state, now)
    return user_id, state


def _free_login(session: Session, found: Found, login: str) -> str:
    return people.free_login(session, login) if found.login_taken else login


def _state_of_newcomer(session: Session, found: Found) -> UserState:
    return UserState.ACTIVE if found.account.seats is None else seats.state_of_newcomer(session)


def _attempts(form: SignUp, awaits: Awaits | None, user_id: int) -> list[Attempt]:
    """Return what a sign-up counts as if it succeeds; a refused one is rolled back, and leaves its ticket valid."""
    own = [(SIGN_UP_BY_TICKET, form.ticket), (WAITING_BY_NETWORK, form.network if awaits else None)]
    counted = [Attempt(limit=limit, subject=subject) for limit, subject in own if subject is not None]
    mailed = (
        confirmations.first_attempts(user_id, form.mail_to) if form.mail_to and awaits is Awaits.CONFIRMATION else []
    )
    return [*form.attempts, *counted, *mailed, *challenges.end_of(form.proof)]


def _complete(session: Session, found: Found, user_id: int, state: UserState, form_key: str, now: datetime) -> None:
    done = Completion(
        user_id=user_id,
        state=state,
        department_id=found.profile.department_id,
        profile_id=found.profile.id,
        link_id=found.link.id,
        form_key=form_key,
    )
    sign_up_completion.complete(session, done, ZoneInfo(found.account.zone), now)


def _wait(session: Session, found: Found, user_id: int, form: SignUp, now: datetime, awaits: Awaits) -> None:
    """Add the pending sign-up; queue the message by which the address is confirmed, or the notice about an approval."""
    is_confirming, email = awaits is Awaits.CONFIRMATION, form.newcomer.email
    kept = PendingSignUp(
        user_id=user_id,
        profile_id=found.profile.id,
        link_id=found.link.id,
        form_key=form.form_key,
        code_hash=confirmations.unknown_code() if is_confirming else None,
        email=email if is_confirming else None,
        needs_approval=found.account.approval,
        expires_at=now + (CONFIRMATION_TIME if is_confirming else APPROVAL_TIME),
        announced=True,
        created_at=now,
    )
    with refusing(session, uq_pending_sign_up_form_key=Conflict()):
        session.add(kept)
    ledger.add_entry(session, found.profile.id, user_id, Event.RESERVED, now)
    if is_confirming and form.mail_to:
        confirmations.queue(session, user_id, email, form.mail_to, now)
    else:
        profile = session.get_one(Profile, found.profile.id)
        kept.announced = approval_notices.ask(session, profile, user_id, now)


def _take_place(session: Session, found: Found, token: str, now: datetime, *, reserve: bool) -> None:
    profile = found.profile
    place, doors = (profile.id, profile.department_id, now), found.doors
    if reserve:
        most = most_waiting(profile.activation_limit)
        taken = profiles.reserve(session, *place, doors=doors, most=most)
    else:
        taken = profiles.take(session, *place, doors=doors, seats_limited=found.account.seats is not None)
    if taken is None:
        current = find(session, token)
        check_waiting(session, current, reserve=reserve)
        check_open(current, now)
        raise Conflict  # it is open: it was edited meanwhile, so try again
    used, reserved = taken
    if used == 1 and not reserve:
        sign_up_completion.tell_of_first(session, profile.id, now)
    if used + reserved == profile.activation_limit:
        sign_up_completion.tell_of_last_place(session, profile.id, now)


def _use_personal_link(session: Session, found: Found, now: datetime) -> None:
    """Use the link up, if it is a personal one. Raises Conflict if it was used or withdrawn meanwhile."""
    if found.link.personal and not personal_links.use(session, found.link.id, now):
        raise Conflict


def _earlier(session: Session, form_key: str) -> SignedUp:
    """Return what an earlier submission of the form created."""
    if (user_id := activations.user_of_form(session, form_key)) is not None:
        return SignedUp(user_id=user_id, repeated=True, state=UserState(session.get_one(User, user_id).state))
    found = stored.by_form(session, form_key)
    waiting = stored.lock(session, found.user_id) if found else None
    if waiting is None:  # it was answered or expired since the query
        raise Conflict
    awaits = pending_sign_ups.awaits(waiting)
    return SignedUp(user_id=waiting.user_id, repeated=True, state=UserState.PENDING, awaits=awaits)
