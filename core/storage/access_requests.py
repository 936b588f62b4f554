"""Queries on requests for access at closed links, and on the places that are kept for them."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, Row, bindparam, delete, func, or_, select, update
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.domain.access_requests import RequestState
from core.storage import profiles
from core.storage.database import upsert
from core.storage.prepared import finds
from core.storage.profiles import count_by_profile, editable_by
from core.storage.tables import AccessRequest, Link, Profile, RequestPage

ERASED = {"first_name": "", "last_name": "", "email": "", "message": ""}
HELD = (RequestState.OPEN, RequestState.GRANTED)


def add(session: Session, values: dict[str, object]) -> int | None:
    """Add a request; return its number, None if there is an open one for the link and address."""
    added = upsert(session, AccessRequest).values(**values).on_conflict_do_nothing().returning(AccessRequest.id)
    return session.scalars(added).one_or_none()


def open_of(session: Session, link_id: int, email: str) -> int | None:
    """Return the number of the open request for a link and an address."""
    same = AccessRequest.link_id == link_id, AccessRequest.email == email, AccessRequest.state == RequestState.OPEN
    return session.scalars(select(AccessRequest.id).where(*same)).one_or_none()


def add_page(session: Session, code_hash: str, request_id: int, *, is_first: bool) -> None:
    """Add a status page of a request."""
    session.add(RequestPage(code_hash=code_hash, request_id=request_id, is_first=is_first))
    session.flush()


def page(session: Session, code_hash: str) -> Row[RequestPage, AccessRequest, Link, Profile] | None:
    """Find the page of a code, its request, link and profile."""
    query = (
        select(RequestPage, AccessRequest, Link, Profile)
        .join(AccessRequest, AccessRequest.id == RequestPage.request_id)
        .join(Link, Link.id == AccessRequest.link_id)
        .join(Profile, Profile.id == AccessRequest.profile_id)
        .where(RequestPage.code_hash == code_hash)
    )
    return session.execute(query).one_or_none()


def lock(session: Session, request_id: int) -> AccessRequest | None:
    """Find a request and lock it. For what frees or keeps a place, the profile must be locked before."""
    query = select(AccessRequest).where(AccessRequest.id == request_id).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def kept_by(
    session: Session, code_hash: str, profile_id: int, now: datetime, *, email: str | None = None
) -> int | None:
    """Return the number of the granted request behind a code, if it keeps a place of a profile.

    `email`: of who wants the place. A page that was given to another who asked with the same address keeps it for that
    address alone.
    """
    query = (
        select(AccessRequest.id)
        .join(RequestPage, RequestPage.request_id == AccessRequest.id)
        .where(RequestPage.code_hash == code_hash, *_keeps_place(profile_id, now))
    )
    if email is not None:
        query = query.where(or_(RequestPage.is_first, AccessRequest.email == email))
    return session.scalars(query).one_or_none()


def use(session: Session, request_id: int, profile_id: int, now: datetime) -> bool:
    """Mark a granted request as used and erase it; return whether it kept a place. Of concurrent calls one wins."""
    used = update(AccessRequest).where(AccessRequest.id == request_id, *_keeps_place(profile_id, now))
    row = session.scalars(used.values(state=RequestState.USED, **ERASED).returning(AccessRequest.id)).one_or_none()
    session.execute(delete(RequestPage).where(RequestPage.request_id == request_id))
    return row is not None


def granted_to(session: Session, email: str, now: datetime) -> AccessRequest | None:
    """Find the newest granted request of an address."""
    granted = AccessRequest.email == email, AccessRequest.state == RequestState.GRANTED, AccessRequest.ends_at > now
    return session.scalars(select(AccessRequest).where(*granted).order_by(AccessRequest.id.desc()).limit(1)).first()


def open_in(
    session: Session, scope: Scope, now: datetime, *, after: int, size: int
) -> Sequence[Row[AccessRequest, Profile]]:
    """List the open requests through profiles of the scope, the oldest first, with numbers above `after`."""
    query = (
        select(AccessRequest, Profile)
        .join(Profile, Profile.id == AccessRequest.profile_id)
        .where(*_open_in(scope, now), AccessRequest.id > after)
    )
    return session.execute(query.order_by(AccessRequest.id).limit(size)).all()


def count_open_in(session: Session, scope: Scope, now: datetime) -> int:
    """Count the requests that `open_in` lists over all pages."""
    query = select(func.count()).select_from(AccessRequest).join(Profile, Profile.id == AccessRequest.profile_id)
    return session.scalars(query.where(*_open_in(scope, now))).one()


def open_by_profile(session: Session, scope: Scope, now: datetime) -> list[tuple[int, int, int]]:
    """Count the same requests by profile: profiles, their departments, counts."""
    return count_by_profile(session, AccessRequest.profile_id.expression, *_open_in(scope, now))


def any_unannounced(session: Session, now: datetime) -> bool:
    """Return whether `unannounced` finds a profile; cheap."""
    return finds(session, _ANY_UNANNOUNCED, now=now)


def unannounced(session: Session, now: datetime, *, at_most: int) -> Sequence[Profile]:
    """List the profiles with open requests of which nobody was notified yet."""
    new = select(AccessRequest.profile_id).where(*_unannounced(now))
    query = select(Profile).where(Profile.id.in_(new), Profile.removed_at.is_(None))
    return session.scalars(query.order_by(Profile.id).limit(at_most)).all()


def newest_unannounced(session: Session, profile_id: int, now: datetime) -> datetime:
    """Return when the newest of a profile's open requests came of which nobody was notified yet."""
    new = AccessRequest.profile_id == profile_id, *_unannounced(now)
    return session.scalars(select(AccessRequest.asked_at).where(*new).order_by(AccessRequest.id.desc()).limit(1)).one()


def set_announced(session: Session, profile_ids: Iterable[int], now: datetime) -> None:
    """Record that staff were notified of the open requests through profiles."""
    new = update(AccessRequest).where(AccessRequest.profile_id.in_(list(profile_ids)), *_unannounced(now))
    session.execute(new.values(announced=True))


def _unannounced(now: datetime | BindParameter[datetime]) -> tuple[ColumnElement[bool], ...]:
    return (
        AccessRequest.state == RequestState.OPEN,
        AccessRequest.announced.is_(False),
        AccessRequest.ends_at > now,
    )


def any_ended(session: Session, now: datetime) -> bool:
    """Return whether `ended` finds a request; cheap."""
    return finds(session, _ANY_ENDED, now=now)


def ended(session: Session, now: datetime, *, at_most: int) -> Sequence[Row[int, int]]:
    """List the open and granted requests that have expired: their numbers and their profiles'."""
    query = select(AccessRequest.id, AccessRequest.profile_id).where(*_ended(now))
    return session.execute(query.order_by(AccessRequest.id).limit(at_most)).all()


def _ended(now: datetime | BindParameter[datetime]) -> tuple[ColumnElement[bool], ...]:
    return AccessRequest.state.in_(HELD), AccessRequest.ends_at <= now


def end(session: Session, request: AccessRequest, state: RequestState, now: datetime) -> None:
    """End a locked request, free the place that is kept for it, and erase what the person entered.

    The profile of a granted one must be locked, too.
    """
    if request.state == RequestState.GRANTED:
        profiles.add_to_counters(session, request.profile_id, reserved=-1)
    request.state, request.ends_at = state, now
    for name, nothing in ERASED.items():
        setattr(request, name, nothing)


def forget_address(session: Session, email: str, now: datetime) -> None:
    """End the open and granted requests of an address."""
    of_address = AccessRequest.email == email, AccessRequest.state.in_(HELD)
    held = session.execute(select(AccessRequest.id, AccessRequest.profile_id).where(*of_address)).all()
    for request_id, profile_id in held:
        profiles.lock(session, profile_id)
        request = lock(session, request_id)
        if request is not None and request.state in HELD:  # else it ended since
            end(session, request, RequestState.WITHDRAWN, now)


def sweep(session: Session, ended_before: datetime) -> None:
    """Delete the requests that were over before a moment, with their pages."""
    over = AccessRequest.state.not_in(HELD), AccessRequest.ends_at < ended_before
    session.execute(delete(AccessRequest).where(*over))


def _keeps_place(profile_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    granted = AccessRequest.state == RequestState.GRANTED, AccessRequest.ends_at > now
    return (*granted, AccessRequest.profile_id == profile_id)


def _open_in(scope: Scope, now: datetime) -> tuple[ColumnElement[bool], ...]:
    waiting = AccessRequest.state == RequestState.OPEN, AccessRequest.ends_at > now, Profile.removed_at.is_(None)
    return (*waiting, editable_by(scope))


_NOW = bindparam("now", type_=AccessRequest.ends_at.type)
_ANY_ENDED = select(AccessRequest.id).where(*_ended(_NOW)).limit(1)
_ANY_UNANNOUNCED = (
    select(AccessRequest.id)
    .join(Profile, Profile.id == AccessRequest.profile_id)
    .where(*_unannounced(_NOW), Profile.removed_at.is_(None))
    .limit(1)
)
