"""Queries on users."""

import secrets

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.domain.access import ROLE_PERMISSIONS, WHOLE_ACCOUNT_ROLES, Actor, Role, Scope
from core.storage.tables import ManagedDepartment, User


def actor(session: Session, user_id: int) -> Actor | None:
    """Load what a user may do and where, as it stands in this transaction; None for nobody and for the inactive."""
    role = session.scalars(select(User.role).where(User.id == user_id, User.active)).one_or_none()
    if role is None:
        return None
    managed = session.scalars(select(ManagedDepartment.department_id).where(ManagedDepartment.user_id == user_id))
    return Actor(
        user_id=user_id,
        role=Role(role),
        permissions=ROLE_PERMISSIONS[Role(role)],
        scope=Scope(everywhere=Role(role) in WHOLE_ACCOUNT_ROLES, managed=frozenset(managed)),
    )


def by_telegram_id(session: Session, telegram_id: int) -> User | None:
    """Find an active user by their Telegram account."""
    return session.scalars(select(User).where(User.telegram_id == telegram_id, User.active)).one_or_none()


def by_identifier(session: Session, identifier: str) -> User | None:
    """Find a user by e-mail address or login, in any case."""
    key = identifier.strip().lower()
    if not key.isprintable():  # nobody's, and PostgreSQL takes no NUL
        return None
    return session.scalars(select(User).where(User.email == key if "@" in key else User.login == key)).one_or_none()


def owner_id(session: Session) -> int | None:
    """Give the owner's number; None while there is no owner."""
    return session.scalars(select(User.id).where(User.role == Role.OWNER)).one_or_none()


def free_login(session: Session, wanted: str) -> str:
    """Give the wanted login, or one of wanted2, wanted3, ... that nobody has.

    Not simply the first: people who sign up at the same moment would all want that one, again and again.
    """
    taken = set(session.scalars(select(User.login).where(User.login.startswith(wanted, autoescape=True))))
    login = wanted
    while login in taken:
        login = f"{wanted}{2 + secrets.randbelow(8 + 4 * len(taken))}"
    return login


def count_by_department(session: Session) -> dict[int, int]:
    """Count the users of each department, those below it not included."""
    counts = select(User.department_id, func.count()).group_by(User.department_id)
    return dict(session.execute(counts).all())


def set_language(session: Session, user_id: int, language: str) -> None:
    """Keep a user's language."""
    session.execute(update(User).where(User.id == user_id).values(language=language))
