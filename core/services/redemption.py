"""Redemption: a link and a filled-in form become an account, once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Role
from core.domain.fields import Newcomer, login_from
from core.domain.links import LinkState, link_state
from core.domain.windows import Window
from core.errors import Conflict, EmailTaken, InvalidForm, LinkClosed, Problem, UnknownLink
from core.services import courses, outbox
from core.services.account import Organisation, organisation
from core.storage import account, activations, profiles, users
from core.storage.database import refusing
from core.storage.tables import Activation, Profile, User


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a visitor of a link may know: whose it is, whether it is open, and when (UTC)."""

    organisation: Organisation
    state: LinkState
    window: Window


@dataclass(frozen=True, kw_only=True)
class SignUp:
    """A valid form, its hashed password, and the key that tells this very form when it comes again."""

    newcomer: Newcomer
    password_hash: str
    form_key: str


@dataclass(frozen=True, kw_only=True)
class SignedUp:
    """The account that the form made, now or (`repeated`) when it came before."""

    user_id: int
    repeated: bool


def preview(session: Session, token: str, now: datetime) -> Preview:
    """Tell a visitor whether the link is open. Changes nothing: messengers fetch links too. Raises UnknownLink."""
    profile = _profile(session, token)
    return Preview(
        organisation=organisation(session),
        state=_state(session, profile, now),
        window=Window(starts_at=profile.starts_at, ends_at=profile.ends_at),
    )


def is_repeated(session: Session, form_key: str) -> bool:
    """Tell whether this very form has made an account already."""
    return activations.user_of_form(session, form_key) is not None


def redeem(session: Session, token: str, form: SignUp, now: datetime) -> SignedUp:
    """Make the account: user, history row, enrolments and notices, and last the activation. All or nothing.

    The activation comes last because every sign-up through the profile waits for that one row. Raises UnknownLink,
    LinkClosed, EmailTaken, InvalidForm (a login that is taken).
    """
    if (user_id := activations.user_of_form(session, form.form_key)) is not None:
        return SignedUp(user_id=user_id, repeated=True)
    profile = _profile(session, token)
    try:
        user_id = _admit(session, profile, form, now)
    except (LinkClosed, EmailTaken, InvalidForm):
        # On PostgreSQL this very form may have been committed since the first look: then it is a repetition.
        if activations.user_of_form(session, form.form_key) is not None:
            raise Conflict from None
        raise
    courses.enrol(session, user_id, profile.department_id, now)
    with refusing(session, uq_activation_form_key=Conflict()):
        session.add(
            Activation(
                profile_id=profile.id,
                user_id=user_id,
                department_id=profile.department_id,
                form_key=form.form_key,
                at=now,
            )
        )
    _take_activation(session, profile, now)
    return SignedUp(user_id=user_id, repeated=False)


def _admit(session: Session, profile: Profile, form: SignUp, now: datetime) -> int:
    if (state := _state(session, profile, now)) is not LinkState.OPEN:
        raise LinkClosed(state)
    return _add_learner(session, profile.department_id, form, now)


def _add_learner(session: Session, department_id: int, form: SignUp, now: datetime) -> int:
    """Add the user. Who has the e-mail or login is asked first, for a clear answer; the constraints decide.

    A violation after that means that somebody was faster, this very form perhaps: then everything is asked again.
    """
    newcomer = form.newcomer
    if users.by_identifier(session, newcomer.email):
        raise EmailTaken(newcomer.email)
    if newcomer.login and users.by_identifier(session, newcomer.login):
        raise InvalidForm({"login": Problem.TAKEN})
    learner = User(
        role=Role.LEARNER,
        department_id=department_id,
        active=True,
        first_name=newcomer.first_name,
        last_name=newcomer.last_name,
        email=newcomer.email,
        login=newcomer.login or users.free_login(session, login_from(newcomer.email)),
        password_hash=form.password_hash,
        phone=newcomer.phone,
        job_title=newcomer.job_title,
        created_at=now,
    )
    with refusing(session, uq_user_account_email=Conflict(), uq_user_account_login=Conflict()):
        session.add(learner)
    return learner.id


def _take_activation(session: Session, profile: Profile, now: datetime) -> None:
    used = profiles.take_activation(session, profile, now)
    if used is None:
        session.refresh(profile)
        state = _state(session, profile, now)
        raise Conflict if state is LinkState.OPEN else LinkClosed(state)  # open again: the profile was edited meanwhile
    if used == 1:
        outbox.notify(session, profile.created_by, outbox.Kind.FIRST_LEARNER, profile.id, now)
    if used == profile.activation_limit:
        outbox.notify(session, profile.created_by, outbox.Kind.PROFILE_FULL, profile.id, now)


def _profile(session: Session, token: str) -> Profile:
    profile = profiles.by_token(session, token)
    if profile is None:
        raise UnknownLink
    return profile


def _state(session: Session, profile: Profile, now: datetime) -> LinkState:
    enabled = account.load(session).sign_up_enabled
    return link_state(profiles.facts(profile, sign_up_enabled=enabled), now)
