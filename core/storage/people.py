"""Queries on users and their rights."""

import secrets
from collections.abc import Collection, Iterable

from sqlalchemy import BindParameter, ColumnElement, bindparam, func, insert, literal, or_, select, update
from sqlalchemy.orm import Session

from core.domain.access import WHOLE_ACCOUNT_ROLES, Role, Scope, UserState
from core.domain.addresses import LONGEST_ADDRESS, find_address
from core.domain.field_kinds import normal_login
from core.domain.text import is_oversized, search_key, search_words
from core.errors import Conflict
from core.storage.departments import within
from core.storage.tables import (
    DepartmentTree,
    ManagedDepartment,
    PendingSignUp,
    Profile,
    User,
    table_of,
)
from core.storage.waiting import declined_together

TRIES_FOR_A_LOGIN = 8

_USER = table_of(User)
_ADD = insert(_USER).returning(_USER.c.id)
_CREDENTIALS = select(_USER.c.id, _USER.c.password_hash)
_BY_EMAIL = _CREDENTIALS.where(_USER.c.email == bindparam("sought"))
_BY_LOGIN = _CREDENTIALS.where(_USER.c.login == bindparam("sought"))
_EMAIL_AND_LOGIN = select(_USER.c.email == bindparam("email"), _USER.c.login == bindparam("login")).where(
    or_(_USER.c.email == bindparam("email"), _USER.c.login == bindparam("login"))
)


def by_telegram_id(session: Session, telegram_id: int) -> User | None:
    """Find a user, whatever their state, by their Telegram account."""
    return session.scalars(select(User).where(User.telegram_id == telegram_id)).one_or_none()


def name_by_telegram_id(session: Session, telegram_id: int | None) -> str | None:
    """Return the name of the user with a Telegram account; None for strangers."""
    user = None if telegram_id is None else by_telegram_id(session, telegram_id)
    return None if user is None else user.full_name


def by_identifier(session: Session, identifier: str) -> User | None:
    """Find a user by e-mail address or login, in any of their spellings."""
    if is_oversized(identifier, LONGEST_ADDRESS):
        return None
    address = find_address(identifier)
    same = User.email == address if address else User.login == normal_login(identifier)
    return session.scalars(select(User).where(same)).one_or_none()


def with_addresses(session: Session, emails: Collection[str]) -> list[User]:
    """List the users, whatever their state, who have these addresses, in their stored form."""
    return list(session.scalars(select(User).where(User.email.in_(emails)))) if emails else []


def password_hash_of(session: Session, identifier: str) -> tuple[int, str | None] | None:
    """Find a user as `by_identifier` does; return their number and password hash."""
    if is_oversized(identifier, LONGEST_ADDRESS):
        return None
    address = find_address(identifier)
    query, sought = (_BY_EMAIL, address) if address else (_BY_LOGIN, normal_login(identifier))
    row = session.connection().execute(query, {"sought": sought}).one_or_none()
    return None if row is None else (row[0], row[1])


def visible(session: Session, scope: Scope, user_id: int, *, to_change: bool = False) -> User | None:
    """Find an active or inactive user of the scope; `to_change` locks them until the end of the transaction."""
    query = select(User).where(User.id == user_id, *_existing_in(scope))
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def visible_among(session: Session, scope: Scope, user_ids: Collection[int]) -> list[User]:
    """List those of the users who are active or inactive and in the scope."""
    return list(session.scalars(select(User).where(User.id.in_(user_ids), *_existing_in(scope)))) if user_ids else []


def lock_deleted(session: Session, scope: Scope, user_id: int) -> User | None:
    """Find and lock a deleted user of the scope, whose name is left."""
    gone = User.id == user_id, User.state == UserState.DELETED, within(scope, User.department_id.expression)
    query = select(User).where(*gone).with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).one_or_none()


def named(
    session: Session, scope: Scope, *, numbers: Collection[int], addresses: Collection[str], logins: Collection[str]
) -> list[User]:
    """List the active and inactive users of the scope with these numbers, e-mail addresses or logins, normalised."""
    given = or_(User.id.in_(numbers), User.email.in_(addresses), User.login.in_(logins))
    return list(session.scalars(select(User).where(given, *_existing_in(scope)).order_by(User.id)))


def lock_against_moving(session: Session, scope: Scope, user_ids: Collection[int]) -> list[User]:
    """List those of the users who exist in the scope, by number; they stay there until the end of the transaction."""
    query = select(User).where(User.id.in_(user_ids), *_existing_in(scope)).order_by(User.id)
    locked = query.with_for_update(read=True).execution_options(populate_existing=True)
    return list(session.scalars(locked))


def is_waiting(session: Session, scope: Scope, user_id: int) -> bool:
    """Return whether a user of the scope waits for approval, or has yet to confirm their address."""
    waits = User.state == UserState.PENDING, User.id.not_in(declined_together())
    query = select(User.id).where(User.id == user_id, *waits, *listed_in(scope))
    return session.scalars(query).one_or_none() is not None


def page(session: Session, scope: Scope, words: str, *, after: int, size: int, branch: int | None = None) -> list[User]:
    """List the scope's users whose search key contains every word, with numbers above `after`.

    They are active or inactive, or wait; `branch`: only those of this department and those below it.
    """
    # `id + 0` keeps the planner from walking the primary key: the matches are found first, then sorted.
    number = User.id.expression if scope.everywhere and not words.strip() and branch is None else User.id + 0
    listed = *listed_in(scope), *_about(words), *_in_branch(branch)
    found = select(User.id).where(*listed, number > after).order_by(number).limit(size)
    return list(session.scalars(select(User).where(User.id.in_(found)).order_by(User.id)))


def count(session: Session, scope: Scope, words: str = "", branch: int | None = None) -> int:
    """Count the users that `page` lists over all pages."""
    listed = *listed_in(scope), *_about(words), *_in_branch(branch)
    return session.scalars(select(func.count()).select_from(User).where(*listed)).one()


def count_active(session: Session) -> int:
    """Count the users who take a seat."""
    return session.scalars(select(func.count()).select_from(User).where(User.state == _literal(UserState.ACTIVE))).one()


def is_active() -> tuple[ColumnElement[bool], ...]:
    """Return the SQL conditions that a user is active, the first as the partial indexes have it."""
    return _not_deleted(), User.state == _literal(UserState.ACTIVE)


def owner_id(session: Session) -> int | None:
    """Return the owner's number; None while there is no owner."""
    return session.scalars(select(User.id).where(User.role == Role.OWNER)).one_or_none()


def administrators(session: Session) -> list[int]:
    """Return the numbers of the active owner and account administrators who are in the chat."""
    staff = User.role.in_(WHOLE_ACCOUNT_ROLES), User.state == UserState.ACTIVE
    query = select(User.id).where(*staff, User.telegram_id.is_not(None))
    return list(session.scalars(query.order_by(User.id)))


def count_holders(session: Session, custom_role_id: int) -> int:
    """Count the users who have a custom role; deleted users have none."""
    query = select(func.count()).select_from(User).where(User.custom_role_id == custom_role_id)
    return session.scalars(query).one()


def taken(session: Session, email: str, login: str) -> tuple[bool, bool]:
    """Return whether a user has an e-mail address, and whether one has a login (empty: none), both normalised."""
    found = session.connection().execute(_EMAIL_AND_LOGIN, {"email": email, "login": login}).all()
    return any(row[0] for row in found), any(row[1] for row in found)


def add(session: Session, **values: object) -> int:
    """Add a user with these values of columns; return the number. Violates the constraints on e-mail and login."""
    names = (values["first_name"], values["last_name"], values["email"], values["login"])
    searched = search_key(*(str(name) for name in names if name))
    return int(session.connection().execute(_ADD, {**values, "search_key": searched}).scalar_one())


def free_login(session: Session, wanted: str) -> str:
    """Return the wanted login, or it with a number appended that makes it unused. Raises Conflict if none is found.

    The number is random, because concurrent sign-ups would otherwise all pick the same next number and conflict.
    """
    candidates = [wanted]
    for spread in (8, 1_000, 1_000_000, 1_000_000_000):
        taken = set(session.scalars(select(User.login).where(User.login.in_(candidates))))
        if free := [login for login in candidates if login not in taken]:
            return free[0]
        candidates = [f"{wanted}{2 + secrets.randbelow(spread)}" for _ in range(TRIES_FOR_A_LOGIN)]
    raise Conflict


def count_by_department(session: Session, scope: Scope) -> dict[int, int]:
    """Count the listed users of the departments of the scope: department number -> users, without those below it."""
    counts = select(User.department_id, func.count()).where(*listed_in(scope))
    return dict(session.execute(counts.group_by(User.department_id)).all())


def count_listed_in_branch(session: Session, department_id: int) -> tuple[int, int]:
    """Count the users in a department, and those in the departments below it, as lists of people count them."""
    branch = select(DepartmentTree.descendant_id).where(DepartmentTree.ancestor_id == department_id)
    here, all_in = session.execute(
        select(func.count().filter(User.department_id == department_id), func.count())
        .select_from(User)
        .where(User.department_id.in_(branch), _not_deleted())
    ).one()
    return here, all_in - here


def count_in_branch(session: Session, department_id: int) -> tuple[int, int]:
    """Count the users in a department, and those in the departments below it, also who has yet to confirm an address.

    Those who waited through a removed profile of these departments are not counted: they end with its undo.
    """
    branch = select(DepartmentTree.descendant_id).where(DepartmentTree.ancestor_id == department_id)
    ending = (
        select(PendingSignUp.user_id)
        .join(Profile, Profile.id == PendingSignUp.profile_id)
        .where(Profile.removed_at.is_not(None), Profile.department_id.in_(branch))
    )
    here, all_in = session.execute(
        select(func.count().filter(User.department_id == department_id), func.count())
        .select_from(User)
        .where(User.department_id.in_(branch), _not_deleted(), User.id.not_in(ending))
    ).one()
    return here, all_in - here


def managed_by(session: Session, user_id: int) -> list[int]:
    """Return the numbers of the departments that a user manages."""
    query = select(ManagedDepartment.department_id).where(ManagedDepartment.user_id == user_id)
    return list(session.scalars(query.order_by(ManagedDepartment.department_id)))


def managers_over(session: Session, department_id: int) -> set[int]:
    """Return the numbers of the active users who manage a department or one above it."""
    query = (
        select(ManagedDepartment.user_id)
        .join(DepartmentTree, DepartmentTree.ancestor_id == ManagedDepartment.department_id)
        .join(User, User.id == ManagedDepartment.user_id)
        .where(DepartmentTree.descendant_id == department_id, User.state == UserState.ACTIVE)
    )
    return set(session.scalars(query))


def set_managed(session: Session, user_id: int, department_ids: Iterable[int]) -> None:
    """Set the departments that a user manages."""
    wanted = set(department_ids)
    for row in session.scalars(select(ManagedDepartment).where(ManagedDepartment.user_id == user_id)):
        if row.department_id in wanted:
            wanted.remove(row.department_id)
        else:
            session.delete(row)
    session.add_all(ManagedDepartment(user_id=user_id, department_id=number) for number in wanted)


def set_language(session: Session, user_id: int, language: str) -> None:
    """Store a user's language."""
    session.execute(update(User).where(User.id == user_id).values(language=language))


def choose_language(session: Session, user_id: int, language: str | None) -> None:
    """Store the language that a user chose; None: that of their Telegram app."""
    session.execute(update(User).where(User.id == user_id).values(chosen_language=language))


def replace_password_hash(session: Session, user_id: int, *, old: str | None, new: str) -> None:
    """Replace a user's password hash, if it is still the old one."""
    unchanged = User.id == user_id, User.password_hash == old
    session.execute(update(User).where(*unchanged).values(password_hash=new))


def _not_deleted() -> ColumnElement[bool]:
    """Return the SQL condition that a user is not deleted, written exactly as in the partial indexes."""
    return User.state != _literal(UserState.DELETED)


def _existing_in(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    existing = User.state.in_((UserState.ACTIVE, UserState.INACTIVE))
    return _not_deleted(), existing, within(scope, User.department_id.expression)


def listed_in(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Return the SQL conditions for the scope's users and those who wait, for approval or their own confirmation."""
    return _not_deleted(), within(scope, User.department_id.expression)


def _about(words: str) -> list[ColumnElement[bool]]:
    """Return the SQL conditions that each word is in a user's search key."""
    return [User.search_key.contains(word, autoescape=True) for word in search_words(words)]


def _in_branch(department_id: int | None) -> list[ColumnElement[bool]]:
    """Return the SQL condition that a user is in a department or below it; None: in any."""
    if department_id is None:
        return []
    branch = select(DepartmentTree.descendant_id).where(DepartmentTree.ancestor_id == department_id)
    return [User.department_id.in_(branch)]


def _literal(state: UserState) -> BindParameter[str]:
    """Render a state literally, because the planner can't match a bound parameter to a partial index."""
    return literal(state, literal_execute=True)
