"""Queries on the profiles that digests tell of: columns, no objects, since there may be thousands of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, exists, or_, select
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.storage.number_lists import among
from core.storage.profiles import editable_by, running
from core.storage.tables import Activation, Link, Profile


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """A profile as digests tell of it, with its columns; moments are UTC."""

    id: int
    name: str
    department_id: int
    starts_at: datetime
    ends_at: datetime
    activation_limit: int | None
    used: int
    reserved: int
    removed_at: datetime | None

    @property
    def left(self) -> int | None:
        """How many places are left; None without a limit."""
        return None if self.activation_limit is None else self.activation_limit - self.used - self.reserved


def by_numbers(session: Session, ids: Iterable[int]) -> list[ProfileFacts]:
    """List the profiles with these numbers, sorted by name."""
    found = session.execute(_BY_NUMBERS, {"numbers": [*ids]})
    return [ProfileFacts(*row) for row in found]


def needing_attention(
    session: Session, scope: Scope, now: datetime, until: datetime, *, at_most: int | None
) -> list[ProfileFacts]:
    """List the open profiles of the scope that end by `until` or are unused, sorted by their end; None: all of them."""
    query = _FACTS.where(editable_by(scope), *running(now), or_(Profile.ends_at <= until, Profile.used == 0))
    return _facts(session, query.order_by(Profile.ends_at, Profile.id).limit(at_most))


@dataclass(frozen=True, slots=True)
class UnusedLink:
    """A labelled link by which nobody has signed up yet, of an open profile that others have used; `ends_at` is UTC."""

    profile_id: int
    name: str
    department_id: int
    label: str
    ends_at: datetime


def unused_links(session: Session, scope: Scope, now: datetime, *, at_most: int | None) -> list[UnusedLink]:
    """List such links of the scope, those of the profiles that end first on top; None: all of them."""
    query = (
        select(Profile.id, Profile.name, Profile.department_id, Link.label, Profile.ends_at)
        .join(Link, Link.profile_id == Profile.id)
        .where(
            editable_by(scope),
            *running(now),
            Profile.used > 0,
            Link.label != "",
            Link.replaced_at.is_(None),
            ~exists().where(Activation.link_id == Link.id),
        )
        .order_by(Profile.ends_at, Profile.id, Link.id)
    )
    return [UnusedLink(*row) for row in session.execute(query.limit(at_most))]


def current(
    session: Session, scope: Scope, now: datetime, *, at_most: int | None, full_first: bool = False
) -> list[ProfileFacts]:
    """List the scope's profiles that are open, or would be if they weren't full, sorted by their end; None: all.

    `full_first`: those that are full come before all others.
    """
    in_time = Profile.removed_at.is_(None), Profile.paused.is_(False), Profile.starts_at <= now, Profile.ends_at >= now
    query = _FACTS.where(editable_by(scope), *in_time)
    if full_first:
        is_full = Profile.used + Profile.reserved >= Profile.activation_limit
        query = query.order_by(case((is_full, 0), else_=1))
    return _facts(session, query.order_by(Profile.ends_at, Profile.id).limit(at_most))


_Facts = Select[int, str, int, datetime, datetime, int | None, int, int, datetime | None]


def _facts(session: Session, query: _Facts) -> list[ProfileFacts]:
    return [ProfileFacts(*row) for row in session.execute(query)]


_FACTS: _Facts = select(
    Profile.id,
    Profile.name,
    Profile.department_id,
    Profile.starts_at,
    Profile.ends_at,
    Profile.activation_limit,
    Profile.used,
    Profile.reserved,
    Profile.removed_at,
)
_BY_NUMBERS = _FACTS.where(among(Profile.id.expression, "numbers")).order_by(Profile.name_key, Profile.id)
