"""Lists of sign-up profiles: searched, filtered and counted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.domain.links import ENDING_WITHIN, Only
from core.domain.text import key, search_words
from core.storage.profiles import editable_by, readable_by
from core.storage.tables import Department, DepartmentTree, Profile


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Which profiles are sought: with every word in their name, in a state, created by a user (or any).

    `in_departments`: a word may be in the path of the department instead. `at` is the moment (UTC) that decides which
    have ended.
    """

    words: str = ""
    in_departments: bool = False
    only: Only = Only.ALL
    at: datetime
    created_by: int | None = None


def page(session: Session, scope: Scope, sought: Sought, *, offset: int, size: int) -> list[Profile]:
    """List the readable profiles that are sought: newest first; of those that need a decision, the first to end."""
    query = select(Profile).where(*_listed(scope, sought)).order_by(*_order(sought))
    return list(session.scalars(query.offset(offset).limit(size)))


def count(session: Session, scope: Scope, sought: Sought | None = None) -> int:
    """Count the readable profiles, or those that are sought."""
    conditions = _listed(scope, sought) if sought else list(readable_by(scope))
    return session.scalars(select(func.count()).select_from(Profile).where(*conditions)).one()


def editable_named(session: Session, scope: Scope, words: str, *, at_most: int) -> list[Profile]:
    """List the profiles of the scope's departments whose names contain every word, newest first."""
    query = select(Profile).where(Profile.removed_at.is_(None), editable_by(scope), *_named(words))
    return list(session.scalars(query.order_by(Profile.id.desc()).limit(at_most)))


def editable_called(session: Session, scope: Scope, name: str, *, at_most: int) -> list[Profile]:
    """List the profiles of the scope's departments that have a name, newest first."""
    query = select(Profile).where(Profile.removed_at.is_(None), editable_by(scope), Profile.name_key == key(name))
    return list(session.scalars(query.order_by(Profile.id.desc()).limit(at_most)))


def editable_names(session: Session, scope: Scope, *, at_most: int) -> list[str]:
    """List the names of the newest profiles of the scope's departments."""
    query = select(Profile.name).where(Profile.removed_at.is_(None), editable_by(scope))
    return list(session.scalars(query.order_by(Profile.id.desc()).limit(at_most)))


def _listed(scope: Scope, sought: Sought) -> list[ColumnElement[bool]]:
    mine = [] if sought.created_by is None else [Profile.created_by == sought.created_by]
    worded = list(map(_about, search_words(sought.words))) if sought.in_departments else _named(sought.words)
    return [*readable_by(scope), *worded, *_in_state(sought), *mine]


def _order(sought: Sought) -> list[ColumnElement[Any]]:
    if sought.only in (Only.FULL, Only.ENDING):
        return [Profile.ends_at.asc(), Profile.id.asc()]
    return [Profile.id.desc()]


def _in_state(sought: Sought) -> list[ColumnElement[bool]]:
    match sought.only:
        case Only.ALL:
            return []
        case Only.ACTIVE:
            return [Profile.paused.is_(False), Profile.ends_at >= sought.at]
        case Only.PAUSED:
            return [Profile.paused.is_(True)]
        case Only.RUNNING:
            return [Profile.paused.is_(False)]
        case Only.ENDED:
            return [Profile.ends_at < sought.at]
        case Only.FULL:
            taken = Profile.used + Profile.reserved
            full = and_(Profile.activation_limit.is_not(None), taken >= Profile.activation_limit)
            return [Profile.paused.is_(False), Profile.ends_at >= sought.at, full]
        case Only.ENDING:
            return [Profile.paused.is_(False), Profile.ends_at.between(sought.at, sought.at + ENDING_WITHIN)]


def _about(word: str) -> ColumnElement[bool]:
    """Return the SQL condition that a word is in a profile's name, or in its department's path."""
    named = select(Department.id).where(Department.name_key.contains(word, autoescape=True))
    below = select(DepartmentTree.descendant_id).where(DepartmentTree.ancestor_id.in_(named))
    return or_(Profile.name_key.contains(word, autoescape=True), Profile.department_id.in_(below))


def _named(words: str) -> list[ColumnElement[bool]]:
    return [Profile.name_key.contains(word, autoescape=True) for word in search_words(words)]
