"""Queries on the links of profiles; personal links have their own."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.domain.text import key
from core.storage.profiles import editable_by
from core.storage.tables import Link, Profile, Rush


def by_token(session: Session, token: str) -> Row[Link, Profile] | None:
    """Find a link and its profile, even if replaced or removed."""
    if not token.isprintable():  # can't exist, and PostgreSQL refuses NUL
        return None
    query = select(Link, Profile).join(Profile, Profile.id == Link.profile_id).where(Link.token == token)
    return session.execute(query).one_or_none()


def known_tokens(session: Session, tokens: Iterable[str]) -> set[str]:
    """Return those of the tokens that a link has, even if it is replaced or its profile removed."""
    return set(session.scalars(select(Link.token).where(Link.token.in_(set(tokens)))))


def links(session: Session, profile_ids: Iterable[int]) -> list[Link]:
    """List the links of profiles that are not replaced, each profile's main link first."""
    return list(session.scalars(_LINKS, {"profiles": [*profile_ids]}))


def links_and_rushes(session: Session, profile_ids: Iterable[int]) -> list[tuple[Link, datetime | None]]:
    """List the same, each with when the last rush through it is over; None if there was none lately."""
    return [(row[0], row[1]) for row in session.execute(_LINKS_AND_RUSHES, {"profiles": [*profile_ids]})]


def link(session: Session, profile_id: int, label: str) -> Link | None:
    """Find the link of a profile with a label (empty: the main one) that is not replaced."""
    shared = Link.profile_id == profile_id, Link.replaced_at.is_(None), ~Link.personal
    query = select(Link).where(Link.label_key == key(label), *shared)
    return session.scalars(query).one_or_none()


def labelled_links(session: Session, scope: Scope, *, at_most: int) -> list[Row[Link, Profile]]:
    """List the labelled links of the scope's profiles that are not replaced, of the newest profiles first."""
    query = select(Link, Profile).join(Profile, Profile.id == Link.profile_id)
    shared = Link.label_key != "", Link.replaced_at.is_(None), ~Link.personal
    query = query.where(Profile.removed_at.is_(None), editable_by(scope), *shared)
    return list(session.execute(query.order_by(Profile.id.desc(), Link.label_key).limit(at_most)))


def label_links(session: Session, profile_id: int, label_key: str, label: str) -> None:
    """Give all links of a profile that have a label, also replaced ones, another label."""
    named = update(Link).where(Link.profile_id == profile_id, Link.label_key == label_key, ~Link.personal)
    session.execute(named.values(label=label, label_key=key(label)).execution_options(synchronize_session="fetch"))


_LINKS = (
    select(Link)
    .where(Link.profile_id.in_(bindparam("profiles", expanding=True)), Link.replaced_at.is_(None), ~Link.personal)
    .order_by(Link.profile_id, Link.label_key)
)
_LINKS_AND_RUSHES = _LINKS.add_columns(Rush.until).outerjoin(Rush, Rush.subject == Link.token)
