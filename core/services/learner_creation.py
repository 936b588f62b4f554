"""Creation of a learner from a valid form, for sign-up and for adding people by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Role, UserState
from core.domain.form_fields import Newcomer
from core.errors import Conflict, EmailTaken, InvalidForm, Problem
from core.language import SOURCE
from core.services import field_values
from core.storage import people
from core.storage.database import refusing
from core.storage.links import FieldRow
from core.storage.tables import CustomField

Fields = Sequence[CustomField | FieldRow]


def check_free(session: Session, newcomer: Newcomer, fields: Fields) -> None:
    """Check that nobody has the newcomer's e-mail address, login or unique values, for a clear and early answer.

    `fields` are the custom ones. Raises EmailTaken, InvalidForm. The constraints still decide.
    """
    email_taken, problems = taken(session, newcomer, fields)
    if email_taken:
        raise EmailTaken(newcomer.email)
    if problems:
        raise InvalidForm(problems)


def taken(session: Session, newcomer: Newcomer, fields: Fields) -> tuple[bool, dict[str, Problem]]:
    """Return whether the newcomer's address is taken, and the problems of all other values that others have."""
    email_taken, login_taken = people.taken(session, newcomer.email, newcomer.login)
    of_login = {"login": Problem.TAKEN} if newcomer.login and login_taken else {}
    return email_taken, of_login | field_values.taken(session, newcomer, fields)


def is_distinct(newcomer: Newcomer, fields: Fields) -> bool:
    """Return whether the newcomer has a value, besides the address, that no other person can have."""
    return bool(newcomer.login or field_values.unique_keys(newcomer, fields))


def refuse_taken(newcomer: Newcomer, *, email_taken: bool, login_taken: bool) -> None:
    """Refuse a taken e-mail address, and a taken login that was chosen. Raises EmailTaken, InvalidForm."""
    if email_taken:
        raise EmailTaken(newcomer.email)
    if newcomer.login and login_taken:
        raise InvalidForm({"login": Problem.TAKEN})


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where and how a newcomer begins, besides what they entered.

    `login` is None, as their address is empty, if they get both later, when the address is confirmed. Without a
    password they set one by a link. `language` (a code; None: not known) is that of messages to them.
    """

    department_id: int
    state: UserState
    login: str | None
    password_hash: str | None
    language: str | None


def add(session: Session, newcomer: Newcomer, place: Place, fields: Fields, now: datetime) -> int:
    """Add a learner, after the check that nobody has their address, login or values; return their number.

    A constraint that is violated nevertheless means that another transaction (perhaps with the same form) was faster:
    raises Conflict, so that the use case runs again.
    """
    with refusing(session, uq_user_account_email=Conflict(), uq_user_account_login=Conflict()):
        user_id = people.add(
            session,
            role=Role.LEARNER,
            department_id=place.department_id,
            state=place.state,
            first_name=newcomer.first_name,
            last_name=newcomer.last_name,
            email=newcomer.email or None,
            login=place.login,
            password_hash=place.password_hash,
            phone=newcomer.phone,
            job_title=newcomer.job_title,
            consent_version=newcomer.consent_version,
            consent_at=None if newcomer.consent_version is None else now,
            language=place.language or SOURCE,
            created_at=now,
        )
    field_values.keep(session, user_id, newcomer, fields)
    return user_id
