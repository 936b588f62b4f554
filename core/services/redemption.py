"""Redemption: a link and a completed form become an account, exactly once."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.domain.form_fields import Form, Newcomer
from core.domain.ledger import Event
from core.domain.limits import SIGN_UP_BY_TICKET, WAITING_BY_NETWORK, Attempt
from core.domain.links import LinkState, link_state, most_waiting
from core.domain.windows import Window
from core.errors import Conflict, EmailTaken, InvalidForm, LinkClosed, TooManyAttempts, TooManyWaiting, UnknownLink
from core.services import approval_notices, learner_creation, limits, outbox, pending_sign_ups, seats
from core.services import form_fields as forms
from core.services.account import Organisation, organisation
from core.services.pending_sign_ups import APPROVAL_TIME, Awaits
from core.storage import account, activations, ledger, profiles
from core.storage import pending_sign_ups as stored
from core.storage.database import refusing
from core.storage.tables import Link, PendingSignUp, Profile, User

CONFIRMATION_TIME = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a visitor of a link may know: the organisation, the link's state and window (UTC), and the form."""

    organisation: Organisation
    state: LinkState
    window: Window
    form: Form


@dataclass(frozen=True, kw_only=True)
class SignUp:
    """A valid form, its hashed password, and the key by which a repeated submission of the form is recognised.

    `ticket` is what one page of the form carries: it makes one account. `network` stands for the client's. Either
    is None if the form comes from no page.
    """

    newcomer: Newcomer
    password_hash: str
    form_key: str
    ticket: str | None = None
    network: str | None = None


@dataclass(frozen=True, kw_only=True)
class SignedUp:
    """The account that the form created, now or (`repeated`) by an earlier submission.

    `awaits` is what the sign-up still waits for, if anything; `code` confirms the e-mail address: it is sent there and
    only its hash is stored.
    """

    user_id: int
    repeated: bool
    state: UserState = UserState.ACTIVE
    awaits: Awaits | None = None
    code: str | None = None


def preview(session: Session, token: str, now: datetime) -> Preview:
    """Return what a visitor may know of a link. Changes nothing: messengers fetch links, too. Raises UnknownLink."""
    link, profile = _link(session, token)
    return Preview(
        organisation=organisation(session),
        state=_state(session, link, profile, now),
        window=profile.window,
        form=forms.current(session),
    )


def is_repeated(session: Session, form_key: str) -> bool:
    """Return whether this form has already created a complete account."""
    return activations.user_of_form(session, form_key) is not None


def check_free(session: Session, newcomer: Newcomer, form_key: str) -> None:
    """Check that nobody else has the newcomer's address, login or unique values, before the password is hashed.

    A form that has created its account already, perhaps just now, has them itself. Raises EmailTaken, InvalidForm.
    """
    if not is_repeated(session, form_key) and stored.by_form(session, form_key) is None:
        learner_creation.check_free(session, newcomer)


def check_waiting(session: Session, token: str) -> None:
    """Check that another sign-up may wait, if newcomers have to, before the password is hashed.

    Raises TooManyWaiting, UnknownLink.
    """
    _, profile = _link(session, token)
    _check_waiting(profile, reserve=_awaits(session) is not None)


def redeem(session: Session, token: str, form: SignUp, now: datetime) -> SignedUp:
    """Create the user, history row, enrolments and notices, and last take the activation: all or nothing.

    If the policies require a confirmation or an approval, the user is pending and a place is reserved instead. The
    place is taken last because concurrent sign-ups wait for the lock on the profile's row. Raises UnknownLink,
    LinkClosed, EmailTaken, InvalidForm, TooManyAttempts, TooManyWaiting.
    """
    if earlier := _earlier(session, form.form_key):
        return earlier
    link, profile = _link(session, token)
    try:
        user, awaits = _admit(session, link, profile, form, now)
    except (LinkClosed, EmailTaken, InvalidForm, TooManyAttempts):
        # On PostgreSQL an earlier submission may have been committed since the first check: then this one is repeated.
        if is_repeated(session, form.form_key) or stored.by_form(session, form.form_key):
            raise Conflict from None
        raise
    if awaits:
        code = _wait(session, link, profile, user, form, awaits, now)
    else:
        code = None
        pending_sign_ups.complete(session, profile, link.id, user, form.form_key, now)
    _take_place(session, link, profile, now, reserve=awaits is not None)
    return SignedUp(user_id=user.id, repeated=False, state=UserState(user.state), awaits=awaits, code=code)


def _admit(session: Session, link: Link, profile: Profile, form: SignUp, now: datetime) -> tuple[User, Awaits | None]:
    if (state := _state(session, link, profile, now)) is not LinkState.OPEN:
        raise LinkClosed(state)
    forms.check(session, form.newcomer)
    awaits = _awaits(session)
    limits.count(session, _attempts(form, awaits), now)
    standing = UserState.PENDING if awaits else seats.state_of_newcomer(session)
    user = learner_creation.add(session, form.newcomer, form.password_hash, profile.department_id, standing, now)
    return user, awaits


def _attempts(form: SignUp, awaits: Awaits | None) -> list[Attempt]:
    """Return what a sign-up counts as if it succeeds; a refused one is rolled back, and leaves its ticket valid."""
    counted = [(SIGN_UP_BY_TICKET, form.ticket), (WAITING_BY_NETWORK, form.network if awaits else None)]
    return [Attempt(limit=limit, subject=subject) for limit, subject in counted if subject is not None]


def _awaits(session: Session) -> Awaits | None:
    row = account.load(session)
    if row.email_confirmation:
        return Awaits.CONFIRMATION
    return Awaits.APPROVAL if row.approval else None


def _wait(
    session: Session, link: Link, profile: Profile, user: User, form: SignUp, awaits: Awaits, now: datetime
) -> str | None:
    """Add the pending sign-up; return the code that confirms the e-mail address, if a confirmation is required."""
    confirming = awaits is Awaits.CONFIRMATION
    code = secrets.token_urlsafe(24) if confirming else None
    kept = PendingSignUp(
        user_id=user.id,
        profile_id=profile.id,
        link_id=link.id,
        form_key=form.form_key,
        code_hash=pending_sign_ups.code_hash(code) if code else None,
        needs_approval=account.load(session).approval,
        expires_at=now + (CONFIRMATION_TIME if confirming else APPROVAL_TIME),
        announced=True,
        created_at=now,
    )
    with refusing(session, uq_pending_sign_up_form_key=Conflict()):
        session.add(kept)
    ledger.add_entry(session, profile.id, user.id, Event.RESERVED, now)
    if not confirming:
        kept.announced = approval_notices.ask(session, profile, user.id, now)
    return code


def _take_place(session: Session, link: Link, profile: Profile, now: datetime, *, reserve: bool) -> None:
    most = most_waiting(profile.activation_limit) if reserve else None
    taken = profiles.take(session, profile, now, Profile.reserved if reserve else Profile.used, most_reserved=most)
    if taken is None:
        session.refresh(profile)
        _check_waiting(profile, reserve=reserve)
        state = _state(session, link, profile, now)
        raise Conflict if state is LinkState.OPEN else LinkClosed(state)  # still open: edited meanwhile, so try again
    used, reserved = taken
    if used == 1 and not reserve:
        outbox.notify(session, profile.created_by, outbox.Kind.FIRST_LEARNER, profile.id, now)
    if used + reserved == profile.activation_limit:
        outbox.notify(session, profile.created_by, outbox.Kind.PROFILE_FULL, profile.id, now)


def _check_waiting(profile: Profile, *, reserve: bool) -> None:
    if reserve and profile.reserved >= most_waiting(profile.activation_limit):
        raise TooManyWaiting(profile.reserved)


def _earlier(session: Session, form_key: str) -> SignedUp | None:
    """Find what an earlier submission of the form created; if it awaits confirmation, issue a new code."""
    if (user_id := activations.user_of_form(session, form_key)) is not None:
        return SignedUp(user_id=user_id, repeated=True, state=UserState(session.get_one(User, user_id).state))
    found = stored.by_form(session, form_key)
    if found is None:
        return None
    waiting = stored.lock(session, found.user_id)
    if waiting is None:  # it was answered or expired since the query
        raise Conflict
    awaits = pending_sign_ups.awaits(waiting)
    code = secrets.token_urlsafe(24) if waiting.code_hash else None
    if code:
        waiting.code_hash = pending_sign_ups.code_hash(code)
    return SignedUp(user_id=waiting.user_id, repeated=True, state=UserState.PENDING, awaits=awaits, code=code)


def _link(session: Session, token: str) -> tuple[Link, Profile]:
    found = profiles.by_token(session, token)
    if found is None:
        raise UnknownLink
    return found[0], found[1]


def _state(session: Session, link: Link, profile: Profile, now: datetime) -> LinkState:
    enabled = account.load(session).sign_up_enabled
    return link_state(profiles.facts(profile, sign_up_enabled=enabled, replaced=link.replaced_at is not None), now)
