"""Queries on sign-up profiles and their links."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, true, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.domain.access import Scope
from core.domain.links import LinkFacts
from core.storage.departments import ids_in_scope, within
from core.storage.tables import Account, DepartmentTree, Link, Profile, ProfileDepartment


def facts(profile: Profile, *, sign_up_enabled: bool, replaced: bool = False) -> LinkFacts:
    """Collect what decides whether a link of the profile is open."""
    return LinkFacts(
        sign_up_enabled=sign_up_enabled,
        paused=profile.paused,
        removed=profile.removed_at is not None,
        replaced=replaced,
        window=profile.window,
        limit=profile.activation_limit,
        used=profile.used + profile.reserved,
    )


def by_token(session: Session, token: str) -> Row[Link, Profile] | None:
    """Find a link, a replaced one too, and its profile, a removed one too."""
    if not token.isprintable():  # no link of ours, and PostgreSQL takes no NUL
        return None
    query = select(Link, Profile).join(Profile, Profile.id == Link.profile_id).where(Link.token == token)
    return session.execute(query).one_or_none()


def readable(session: Session, scope: Scope, profile_id: int) -> Profile | None:
    """Find a profile that points, or once pointed, at a department of the scope."""
    query = select(Profile).where(Profile.id == profile_id, *readable_by(scope))
    return session.scalars(query).one_or_none()


def is_known(session: Session, scope: Scope, profile_id: int) -> bool:
    """Tell whether a profile, a removed one too, points or once pointed at a department of the scope."""
    return session.scalars(select(Profile.id).where(Profile.id == profile_id, _ours(scope))).one_or_none() is not None


def editable(session: Session, scope: Scope, profile_id: int) -> Profile | None:
    """Find a profile that points at a department of the scope."""
    return session.scalars(_editable(scope, profile_id)).one_or_none()


def find_for_update(session: Session, scope: Scope, profile_id: int) -> Profile | None:
    """Find a profile that points at a department of the scope, and lock it until the end of the transaction."""
    return session.scalars(_locking(_editable(scope, profile_id))).one_or_none()


def lock(session: Session, profile_id: int) -> Profile:
    """Give a profile, whatever its state, locked until the end of the transaction."""
    return session.scalars(_locking(select(Profile).where(Profile.id == profile_id))).one()


def newest(session: Session) -> int:
    """Give the highest number that a profile has; 0 while there is none."""
    return session.scalars(select(func.coalesce(func.max(Profile.id), 0))).one()


def copies(session: Session, model: Profile, name: str, *, made_by: int, since: int) -> list[Profile]:
    """List the profiles that a user made after a number, by this name and with the model's department and limit."""
    query = select(Profile).where(
        Profile.id > since,
        Profile.created_by == made_by,
        Profile.name == name,
        Profile.department_id == model.department_id,
        Profile.activation_limit.is_not_distinct_from(model.activation_limit),
        Profile.removed_at.is_(None),
    )
    return list(session.scalars(query.order_by(Profile.id)))


def in_departments(session: Session, department_ids: Iterable[int]) -> list[Profile]:
    """List the profiles that point at these departments."""
    return list(session.scalars(_in_departments(department_ids)))


def count_in_branch(session: Session, department_id: int) -> int:
    """Count the profiles that point at a department or one below it."""
    branch = select(DepartmentTree.descendant_id).where(DepartmentTree.ancestor_id == department_id)
    query = select(func.count()).select_from(Profile)
    return session.scalars(query.where(Profile.department_id.in_(branch), Profile.removed_at.is_(None))).one()


def lock_in_departments(session: Session, department_ids: Iterable[int]) -> list[Profile]:
    """Give and lock the profiles that point at these departments."""
    return list(session.scalars(_locking(_in_departments(department_ids))))


def unended(session: Session, now: datetime) -> list[Profile]:
    """List the profiles whose window is not over yet."""
    return list(session.scalars(_unended(now)))


def lock_unended(session: Session, now: datetime) -> list[Profile]:
    """Give and lock the profiles whose window is not over yet."""
    return list(session.scalars(_locking(_unended(now))))


def page(session: Session, scope: Scope, words: str, *, offset: int, size: int) -> list[Profile]:
    """List the readable profiles whose names contain every word, newest first."""
    query = select(Profile).where(*readable_by(scope), *_named(words)).order_by(Profile.id.desc())
    return list(session.scalars(query.offset(offset).limit(size)))


def count(session: Session, scope: Scope, words: str = "") -> int:
    """Count what `page` lists in all."""
    query = select(func.count()).select_from(Profile).where(*readable_by(scope), *_named(words))
    return session.scalars(query).one()


def by_numbers(session: Session, ids: Iterable[int]) -> list[Profile]:
    """List profiles by their names."""
    query = select(Profile).where(Profile.id.in_(set(ids))).order_by(Profile.name_key, Profile.id)
    return list(session.scalars(query))


def editable_among(session: Session, scope: Scope, ids: Iterable[int]) -> set[int]:
    """Give those of the profiles that point at a department of the scope now."""
    return set(session.scalars(select(Profile.id).where(Profile.id.in_(set(ids)), editable_by(scope))))


def editable_named(session: Session, scope: Scope, words: str, *, at_most: int) -> list[Profile]:
    """List the profiles that point at a department of the scope and whose names contain every word, newest first."""
    query = select(Profile).where(Profile.removed_at.is_(None), editable_by(scope), *_named(words))
    return list(session.scalars(query.order_by(Profile.id.desc()).limit(at_most)))


def take(session: Session, profile: Profile, now: datetime, place: InstrumentedAttribute[int]) -> int | None:
    """Take a place, used or reserved, if the profile is open now; give what is taken in all, or None.

    It must point where it did when read. One guarded statement: however many try at once, the limit holds (and the
    table's constraint stands behind it).
    """
    taken = (
        update(Profile)
        .where(
            Profile.id == profile.id,
            Profile.department_id == profile.department_id,
            select(Account.sign_up_enabled).scalar_subquery(),
            *_running(now),
        )
        .values({place: place + 1})
        .returning(Profile.used + Profile.reserved)
        .execution_options(synchronize_session=False)
    )
    return session.scalars(taken).one_or_none()


def add_to_counters(session: Session, profile_id: int, *, used: int = 0, reserved: int = 0) -> None:
    """Add to the counters of a profile that is locked."""
    counted = {Profile.used: Profile.used + used, Profile.reserved: Profile.reserved + reserved}
    session.execute(
        update(Profile).where(Profile.id == profile_id).values(counted).execution_options(synchronize_session=False)
    )


def point_at(session: Session, profile: Profile, department_id: int) -> None:
    """Point a profile at a department; who manages one that it pointed at before can still read it."""
    profile.department_id = department_id
    session.flush()
    session.merge(ProfileDepartment(profile_id=profile.id, department_id=department_id))


def links(session: Session, profile_ids: Iterable[int]) -> list[Link]:
    """List the living links of profiles, each profile's main one first."""
    query = select(Link).where(Link.profile_id.in_(set(profile_ids)), Link.replaced_at.is_(None))
    return list(session.scalars(query.order_by(Link.profile_id, Link.label_key)))


def link(session: Session, profile_id: int, label: str) -> Link | None:
    """Find the living link of a profile with a label; the main one has none."""
    query = select(Link).where(
        Link.profile_id == profile_id, Link.label_key == label.casefold(), Link.replaced_at.is_(None)
    )
    return session.scalars(query).one_or_none()


def needing_attention(session: Session, scope: Scope, now: datetime, until: datetime, *, at_most: int) -> list[Profile]:
    """List the running profiles of the scope that end by `until` or that nobody has used, by their end."""
    query = select(Profile).where(editable_by(scope), *_running(now), or_(Profile.ends_at <= until, Profile.used == 0))
    return list(session.scalars(query.order_by(Profile.ends_at, Profile.id).limit(at_most)))


def readable_by(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Say in SQL that a profile is not removed, and points or once pointed at a department of the scope."""
    return Profile.removed_at.is_(None), _ours(scope)


def editable_by(scope: Scope) -> ColumnElement[bool]:
    """Say in SQL that a profile points at a department of the scope."""
    return within(scope, Profile.department_id.expression)


def _ours(scope: Scope) -> ColumnElement[bool]:
    if scope.everywhere:
        return true()
    pointed = select(ProfileDepartment.profile_id).where(ProfileDepartment.department_id.in_(ids_in_scope(scope)))
    return Profile.id.in_(pointed)


def _running(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Say in SQL what link_state says of a profile alone; a test compares the two."""
    return (
        Profile.removed_at.is_(None),
        Profile.paused.is_(False),
        Profile.starts_at <= now,
        Profile.ends_at >= now,
        or_(Profile.activation_limit.is_(None), Profile.used + Profile.reserved < Profile.activation_limit),
    )


def _named(words: str) -> list[ColumnElement[bool]]:
    return [Profile.name_key.contains(word, autoescape=True) for word in words.casefold().split()]


def _editable(scope: Scope, profile_id: int) -> Select[Profile]:
    return select(Profile).where(Profile.id == profile_id, Profile.removed_at.is_(None), editable_by(scope))


def _in_departments(department_ids: Iterable[int]) -> Select[Profile]:
    query = select(Profile).where(Profile.department_id.in_(list(department_ids)), Profile.removed_at.is_(None))
    return query.order_by(Profile.id)


def _unended(now: datetime) -> Select[Profile]:
    return select(Profile).where(Profile.removed_at.is_(None), Profile.ends_at >= now).order_by(Profile.id)


def _locking(query: Select[Profile]) -> Select[Profile]:
    return query.with_for_update().execution_options(populate_existing=True)
