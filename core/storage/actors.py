"""Who acts, with which rights: one prepared statement each, since every use case and every line begins with it."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Row, String, bindparam, cast, exists, select, true
from sqlalchemy.orm import Session

from core.domain.access import WHOLE_ACCOUNT_ROLES, Actor, Permission, Role, Scope, UserState, permissions_of
from core.storage.number_lists import among
from core.storage.tables import Account, CustomRole, Department, Dialogue, ManagedDepartment, User, table_of


@dataclass(frozen=True, kw_only=True)
class Sender:
    """An active user of the chat: their rights, name and language, and the account's time zone.

    `language` is that of their Telegram app, as it was last seen, `chosen_language` what they chose instead.
    `has_open_form`: what they type in their private chat answers a form.
    """

    actor: Actor
    first_name: str
    language: str
    chosen_language: str | None
    has_open_form: bool
    zone: str


def find(session: Session, user_id: int) -> Actor | None:
    """Return an active user's rights, as read in this transaction; None if there is no such active user."""
    session.flush()  # they may have been changed
    rows = session.connection().execute(_ACTOR, {"user_id": user_id}).all()
    return _actor(rows) if rows else None


def several(session: Session, user_ids: Collection[int]) -> Mapping[int, Actor]:
    """Return the rights of those of the users who are active, by their numbers."""
    session.flush()
    by_user: dict[int, list[Any]] = {}
    for row in session.connection().execute(_ACTORS, {"user_ids": [*user_ids]}):
        by_user.setdefault(row.id, []).append(row)
    return {user_id: _actor(rows) for user_id, rows in by_user.items()}


def senders(session: Session, telegram_ids: Collection[int]) -> Mapping[int, Sender]:
    """Return the active users with these Telegram accounts, by the accounts' numbers."""
    session.flush()
    by_account: dict[int, list[Row[Any]]] = {}
    for row in session.connection().execute(_SENDERS, {"telegram_ids": [*telegram_ids]}):
        by_account.setdefault(row.telegram_id, []).append(row)
    return {telegram_id: _sender(rows) for telegram_id, rows in by_account.items()}


def known(session: Session, telegram_ids: Collection[int]) -> frozenset[int]:
    """Return which Telegram accounts belong to active users."""
    if not telegram_ids:
        return frozenset()
    session.flush()
    return frozenset(session.connection().execute(_KNOWN, {"telegram_ids": [*telegram_ids]}).scalars())


def _sender(rows: Sequence[Any]) -> Sender:
    first = rows[0]
    return Sender(
        actor=_actor(rows),
        first_name=first.first_name,
        language=first.language,
        chosen_language=first.chosen_language,
        has_open_form=first.has_open_form,
        zone=first.zone,
    )


def _actor(rows: Sequence[Any]) -> Actor:
    """Return the rights of one user, of whom there is a row for each managed department, but at least one."""
    role, managed = Role(rows[0].role), [row for row in rows if row.managed is not None]
    root_managed = any(row.parent_id is None for row in managed)
    return Actor(
        user_id=rows[0].id,
        role=role,
        permissions=_permissions(role, rows[0].permissions),
        scope=Scope(
            everywhere=role in WHOLE_ACCOUNT_ROLES or root_managed,
            managed=frozenset(row.managed for row in managed),
        ),
    )


@lru_cache
def _permissions(role: Role, stored: str | None) -> frozenset[Permission]:
    """Return a role's permissions; many people have the same ones."""
    return permissions_of(role, json.loads(stored) if stored else ())


_USER, _ROLE, _MANAGED, _DEPARTMENT, _DIALOGUE, _ACCOUNT = (
    table_of(model) for model in (User, CustomRole, ManagedDepartment, Department, Dialogue, Account)
)
_OF_ACCOUNTS = _USER.c.telegram_id.in_(bindparam("telegram_ids", expanding=True))
_IS_ACTIVE = _USER.c.state == UserState.ACTIVE
_ACTIVE = (
    select(
        _USER.c.id,
        _USER.c.role,
        cast(_ROLE.c.permissions, String).label("permissions"),
        _MANAGED.c.department_id.label("managed"),
        _DEPARTMENT.c.parent_id,
    )
    .select_from(_USER)
    .outerjoin(_ROLE, _ROLE.c.id == _USER.c.custom_role_id)
    .outerjoin(_MANAGED, _MANAGED.c.user_id == _USER.c.id)
    .outerjoin(_DEPARTMENT, _DEPARTMENT.c.id == _MANAGED.c.department_id)
    .where(_IS_ACTIVE)
)
_ACTOR = _ACTIVE.where(_USER.c.id == bindparam("user_id"))
_ACTORS = _ACTIVE.where(among(_USER.c.id, "user_ids"))
_HAS_OPEN_FORM = exists().where(
    _DIALOGUE.c.user_id == _USER.c.id,
    _DIALOGUE.c.chat_id == _USER.c.telegram_id,
    _DIALOGUE.c.active,
    _DIALOGUE.c.kind != "",
)
_SENDERS = (
    _ACTIVE.add_columns(
        _USER.c.telegram_id,
        _USER.c.first_name,
        _USER.c.language,
        _USER.c.chosen_language,
        _HAS_OPEN_FORM.label("has_open_form"),
        _ACCOUNT.c.zone,
    )
    .join(_ACCOUNT, true())
    .where(_OF_ACCOUNTS)
)
_KNOWN = select(_USER.c.telegram_id).where(_OF_ACCOUNTS, _IS_ACTIVE)
