"""Roles whose permissions are ticked one by one before they are added or changed.

What is ticked is kept as a question, because a button holds 64 bytes (Bot API, callback_data); it is answered once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.errors import PreviewOutdated
from core.services import questions, role_grants, roles
from core.services.authorisation import authorise
from core.services.questions import About
from core.services.role_grants import Widening
from core.services.roles import RoleCard


@dataclass(frozen=True, kw_only=True)
class RoleDraft:
    """The permissions that are ticked for a role, and those that it had `before`; `role_id` None: it is a new one."""

    question_id: int
    name: str
    role_id: int | None
    before: frozenset[Permission]
    permissions: frozenset[Permission]


def begin(session: Session, actor_id: int, name: str, now: datetime) -> RoleDraft:
    """Begin a new role, which has no permission yet. Needs the permission to manage roles."""
    authorise(session, actor_id, Permission.MANAGE_ROLES)
    return _keep(session, actor_id, {"name": name.strip(), "role_id": None, "before": [], "permissions": []}, now)


def begin_change(session: Session, actor_id: int, name: str, now: datetime) -> RoleDraft:
    """Begin to change a role, from the permissions that it has. Raises RoleNotFound, RoleBuiltIn."""
    role = roles.card(session, actor_id, name)
    had = sorted(role.permissions)
    return _keep(
        session, actor_id, {"name": role.name, "role_id": role.role_id, "before": had, "permissions": had}, now
    )


def tick(session: Session, actor_id: int, question_id: int, permission: Permission, now: datetime) -> RoleDraft:
    """Tick a permission, or take its tick away. The result is a draft of its own. Raises QuestionClosed."""
    authorise(session, actor_id, Permission.MANAGE_ROLES)
    body = questions.read(session, actor_id, question_id, About.ROLE_DRAFT, now)
    ticked = {*body["permissions"]} ^ {permission}
    return _keep(session, actor_id, {**body, "permissions": sorted(ticked)}, now)


def save(session: Session, actor_id: int, question_id: int, now: datetime) -> RoleCard | Widening:
    """Add or change the role, once; more rights for people who have it are asked about first.

    Raises QuestionClosed, PreviewOutdated if the role has other permissions than when the draft began, and what
    `roles.add` and `role_grants.propose_change` raise.
    """
    authorise(session, actor_id, Permission.MANAGE_ROLES)
    body = questions.answer(session, actor_id, question_id, About.ROLE_DRAFT, now)
    draft = _draft(question_id, body)
    if draft.role_id is None:
        return roles.add(session, actor_id, draft.name, draft.permissions, now)
    role = roles.card(session, actor_id, draft.name)
    if (role.role_id, role.permissions) != (draft.role_id, draft.before):
        raise PreviewOutdated
    return role_grants.propose_change(session, actor_id, draft.name, draft.permissions, now)


def _keep(session: Session, actor_id: int, body: Mapping[str, Any], now: datetime) -> RoleDraft:
    return _draft(questions.ask(session, actor_id, About.ROLE_DRAFT, body, now), body)


def _draft(question_id: int, body: Mapping[str, Any]) -> RoleDraft:
    return RoleDraft(
        question_id=question_id,
        name=body["name"],
        role_id=body["role_id"],
        before=frozenset(map(Permission, body["before"])),
        permissions=frozenset(map(Permission, body["permissions"])),
    )
