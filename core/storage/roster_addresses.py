"""Queries on the addresses of expected people: who has an account, and sign-ups that wait or were undone."""

from collections.abc import Iterable, Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.storage.departments import within
from core.storage.tables import Activation, PendingSignUp, User
from core.storage.undone_sign_ups import undone

CHUNK = 500  # addresses of a statement


def with_account(session: Session, scope: Scope, emails: Iterable[str | None]) -> set[str]:
    """Return those of the addresses that users within the scope have."""
    sought = [each for each in emails if each]
    chunks = (sought[start : start + CHUNK] for start in range(0, len(sought), CHUNK))
    query = select(User.email).where(within(scope, User.department_id.expression))
    return {email for chunk in chunks for email in session.scalars(query.where(User.email.in_(chunk))) if email}


def waiting_among(session: Session, scope: Scope, emails: Iterable[str | None]) -> set[str]:
    """Return those of the addresses with which people within the scope signed up, and aren't let in yet."""
    sought = [each for each in emails if each]
    query = (
        select(func.coalesce(PendingSignUp.email, User.email))
        .join(User, User.id == PendingSignUp.user_id)
        .where(
            or_(PendingSignUp.email.in_(sought), User.email.in_(sought)), within(scope, User.department_id.expression)
        )
    )
    return set(session.scalars(query))


def undone_among(session: Session, scope: Scope, emails: Sequence[str]) -> set[str]:
    """Return those of the addresses with which people within the scope signed up whose sign-ups were undone."""
    query = select(User.email).join(Activation, Activation.user_id == User.id)
    theirs = User.email.in_(emails), within(scope, User.department_id.expression)
    return {email for email in session.scalars(query.where(*theirs, undone())) if email}
