"""Creation of a learner from a valid form, for sign-up and for adding people by hand."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Role, UserState
from core.domain.form_fields import Newcomer, login_from
from core.errors import Conflict, EmailTaken, InvalidForm, Problem
from core.services import form_fields
from core.storage import people
from core.storage.database import refusing
from core.storage.tables import User


def check_free(session: Session, newcomer: Newcomer) -> None:
    """Check that nobody has the newcomer's e-mail address, login or unique values, for a clear and early answer.

    Raises EmailTaken, InvalidForm. The constraints still decide.
    """
    if people.by_identifier(session, newcomer.email):
        raise EmailTaken(newcomer.email)
    if newcomer.login and people.by_identifier(session, newcomer.login):
        raise InvalidForm({"login": Problem.TAKEN})
    form_fields.check_unique(session, newcomer)


def add(
    session: Session, newcomer: Newcomer, password_hash: str, department_id: int, state: UserState, now: datetime
) -> User:
    """Add a learner to a department. Raises EmailTaken, InvalidForm (a login or a unique value is taken).

    A constraint that is violated after the check means that another transaction (perhaps with the same form) was
    faster, so the use case runs again.
    """
    check_free(session, newcomer)
    learner = User(
        role=Role.LEARNER,
        department_id=department_id,
        state=state,
        first_name=newcomer.first_name,
        last_name=newcomer.last_name,
        email=newcomer.email,
        login=newcomer.login or people.free_login(session, login_from(newcomer.email)),
        password_hash=password_hash,
        phone=newcomer.phone,
        job_title=newcomer.job_title,
        consent_version=newcomer.consent_version,
        consent_at=None if newcomer.consent_version is None else now,
        created_at=now,
    )
    with refusing(session, uq_user_account_email=Conflict(), uq_user_account_login=Conflict()):
        session.add(learner)
    form_fields.keep_values(session, learner.id, newcomer)
    return learner
