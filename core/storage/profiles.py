"""Queries on sign-up profiles."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.domain.links import LinkFacts
from core.domain.windows import Window
from core.storage.departments import within
from core.storage.tables import Account, Profile


def facts(profile: Profile, *, sign_up_enabled: bool) -> LinkFacts:
    """Collect what decides whether the profile's link is open."""
    return LinkFacts(
        sign_up_enabled=sign_up_enabled,
        paused=profile.paused,
        removed=profile.removed_at is not None,
        window=Window(starts_at=profile.starts_at, ends_at=profile.ends_at),
        limit=profile.activation_limit,
        used=profile.used,
    )


def by_token(session: Session, token: str) -> Profile | None:
    """Find a profile, removed ones too, by the token of its link."""
    if not token.isprintable():  # no link of ours, and PostgreSQL takes no NUL
        return None
    return session.scalars(select(Profile).where(Profile.token == token)).one_or_none()


def visible(session: Session, scope: Scope, profile_id: int, *, to_change: bool = False) -> Profile | None:
    """Find a profile within the scope; `to_change` locks it until the end of the transaction."""
    query = select(Profile).where(Profile.id == profile_id, *_seen_by(scope))
    return session.scalars(query.with_for_update() if to_change else query).one_or_none()


def page(session: Session, scope: Scope, words: str, *, offset: int, size: int) -> list[Profile]:
    """List the profiles within the scope whose names contain every word, newest first."""
    query = select(Profile).where(*_seen_by(scope), *_named(words)).order_by(Profile.id.desc())
    return list(session.scalars(query.offset(offset).limit(size)))


def count(session: Session, scope: Scope, words: str = "") -> int:
    """Count what `page` lists in all."""
    return session.scalars(select(func.count()).where(*_seen_by(scope), *_named(words))).one()


def take_activation(session: Session, profile: Profile, now: datetime) -> int | None:
    """Use one activation if the profile is open now and points where it did when read; give the number used, or None.

    One guarded statement: however many try at once, the limit holds (and the table's constraint stands behind it).
    """
    taken = (
        update(Profile)
        .where(
            Profile.id == profile.id,
            Profile.department_id == profile.department_id,
            select(Account.sign_up_enabled).scalar_subquery(),
            Profile.removed_at.is_(None),
            Profile.paused.is_(False),
            Profile.starts_at <= now,
            Profile.ends_at >= now,
            or_(Profile.activation_limit.is_(None), Profile.used < Profile.activation_limit),
        )
        .values(used=Profile.used + 1)
        .returning(Profile.used)
        .execution_options(synchronize_session=False)
    )
    return session.scalars(taken).one_or_none()


def _seen_by(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    return Profile.removed_at.is_(None), within(scope, Profile.department_id.expression)


def _named(words: str) -> list[ColumnElement[bool]]:
    return [Profile.name_key.contains(word, autoescape=True) for word in words.casefold().split()]


def needing_attention(session: Session, scope: Scope, now: datetime, until: datetime, *, at_most: int) -> list[Profile]:
    """List the running profiles within the scope that end by `until` or that nobody has used, by their end."""
    query = select(Profile).where(
        *_seen_by(scope),
        Profile.paused.is_(False),
        Profile.starts_at <= now,
        Profile.ends_at >= now,
        or_(Profile.activation_limit.is_(None), Profile.used < Profile.activation_limit),
        or_(Profile.ends_at <= until, Profile.used == 0),
    )
    return list(session.scalars(query.order_by(Profile.ends_at, Profile.id).limit(at_most)))
