"""Rights are given after a question that names the person, the role, its scope and what it allows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.domain.access import Permission, Role
from core.domain.fingerprint import fingerprint
from core.errors import PreviewOutdated
from core.services import people, questions, roles
from core.services.authorisation import authorise
from core.services.questions import About
from core.services.roles import Grant, RoleCard
from core.storage import departments
from core.storage import roles as stored
from core.storage.tables import User


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """A role to give to a person: `departments` are what it is limited to, `in_chat` whether they can use it now."""

    question_id: int
    person: people.Card
    in_chat: bool
    role: Role
    role_name: str
    permissions: frozenset[Permission]
    departments: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Widening:
    """Permissions to add to a role that the `holders`, by name, would have at once."""

    question_id: int
    role_name: str
    added: frozenset[Permission]
    holders: tuple[str, ...]


def propose(
    session: Session, actor_id: int, user_id: int, role: str, managed: Sequence[str], now: datetime
) -> Proposal | None:
    """Prepare a question about giving a user a role; a role without rights is assigned at once (None).

    Raises what `roles.assign` raises.
    """
    user, given = roles.assignable(session, actor_id, user_id, role, managed)
    if not given.permissions:
        roles.assign(session, actor_id, user_id, role, managed, now)
        return None
    body = {"user_id": user_id, "role": role, "managed": list(managed), "seen": _seen(user, given)}
    return Proposal(
        question_id=questions.ask(session, actor_id, About.ROLE, body, now),
        person=people.card(session, actor_id, user_id),
        in_chat=user.telegram_id is not None,
        role=given.role,
        role_name=given.name,
        permissions=given.permissions,
        departments=tuple(departments.paths(session, given.managed).values()),
    )


def confirm(session: Session, actor_id: int, question_id: int, now: datetime) -> int:
    """Give the role that was asked about, and return the user's number.

    Raises QuestionClosed, PreviewOutdated if the person or the role has changed, and what `roles.assign` raises.
    """
    authorise(session, actor_id, Permission.MANAGE_ROLES)
    body = questions.answer(session, actor_id, question_id, About.ROLE, now)
    asked = int(body["user_id"]), str(body["role"]), list(body["managed"])
    user, given = roles.assignable(session, actor_id, *asked)
    if _seen(user, given) != body["seen"]:
        raise PreviewOutdated
    roles.assign(session, actor_id, *asked, now)
    return user.id


def propose_change(
    session: Session, actor_id: int, name: str, permissions: Iterable[Permission], now: datetime
) -> RoleCard | Widening:
    """Prepare a question about giving more permissions to a role that people have; change any other role at once.

    Raises what `roles.change` raises.
    """
    wanted = frozenset(permissions)
    return ask_to_change(session, actor_id, name, wanted, now) or roles.change(session, actor_id, name, wanted, now)


def ask_to_change(
    session: Session, actor_id: int, name: str, permissions: Iterable[Permission], now: datetime
) -> Widening | None:
    """Prepare the question about giving more permissions to a role; None if nobody would get more.

    Nothing is changed. Raises what `roles.change` raises.
    """
    actor, wanted = authorise(session, actor_id, Permission.MANAGE_ROLES), frozenset(permissions)
    before = roles.card(session, actor_id, name)
    holders = _holders(session, before)
    added = wanted - before.permissions
    if not added or not holders:
        return None
    roles.grantable(actor, wanted)
    body = {"name": name, "permissions": sorted(wanted), "seen": _seen_role(before, holders)}
    return Widening(
        question_id=questions.ask(session, actor_id, About.ROLE_CHANGE, body, now),
        role_name=before.name,
        added=added,
        holders=tuple(holders.values()),
    )


def confirm_change(session: Session, actor_id: int, question_id: int, now: datetime) -> RoleCard:
    """Change the role that was asked about.

    Raises QuestionClosed, PreviewOutdated if the role or its holders have changed, and what `roles.change` raises.
    """
    authorise(session, actor_id, Permission.MANAGE_ROLES)
    body = questions.answer(session, actor_id, question_id, About.ROLE_CHANGE, now)
    before = roles.card(session, actor_id, body["name"])
    if _seen_role(before, _holders(session, before)) != body["seen"]:
        raise PreviewOutdated
    return roles.change(session, actor_id, body["name"], map(Permission, body["permissions"]), now)


def _holders(session: Session, role: RoleCard) -> dict[int, str]:
    return {user.id: user.full_name for user in stored.staff(session) if user.custom_role_id == role.role_id}


def _seen(user: User, given: Grant) -> str:
    """Return a fingerprint of what the question about a grant shows and rests on."""
    person = user.full_name, user.email, user.login, user.telegram_id, user.role, user.custom_role_id, user.state
    return fingerprint(person, given.role, given.custom_role_id, sorted(given.permissions), given.managed)


def _seen_role(role: RoleCard, holders: Mapping[int, Any]) -> str:
    return fingerprint(role.role_id, sorted(role.permissions), sorted(holders))
