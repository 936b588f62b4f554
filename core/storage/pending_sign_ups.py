"""Queries on pending sign-ups, which wait for a confirmation or an approval."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, Row, Select, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.domain.text import search_words
from core.storage.prepared import finds, rows
from core.storage.profiles import count_by_profile, editable_by
from core.storage.tables import DepartmentTree, PendingSignUp, Profile, User
from core.storage.waiting import declined_together, for_approval, not_declined


@dataclass(frozen=True, kw_only=True)
class Touched:
    """A person who waits through a profile: for an approval, or (not `confirmed`) first for their own confirmation."""

    profile_id: int
    user_id: int
    name: str
    confirmed: bool


def lock(session: Session, user_id: int) -> PendingSignUp | None:
    """Find a user's pending sign-up and lock it until the end of the transaction."""
    query = select(PendingSignUp).where(PendingSignUp.user_id == user_id)
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).one_or_none()


def by_code(session: Session, code_hash: str) -> PendingSignUp | None:
    """Find the sign-up that waits for a confirmation code."""
    return session.scalars(select(PendingSignUp).where(PendingSignUp.code_hash == code_hash)).one_or_none()


def by_form(session: Session, form_key: str) -> PendingSignUp | None:
    """Find the pending sign-up that a form created."""
    return session.scalars(select(PendingSignUp).where(PendingSignUp.form_key == form_key)).one_or_none()


def users_of(session: Session, profile_id: int) -> list[int]:
    """List the users with pending sign-ups through a profile, the longest waiting first."""
    query = select(PendingSignUp.user_id).where(PendingSignUp.profile_id == profile_id)
    return list(session.scalars(query.order_by(PendingSignUp.user_id)))


def profiles_of(session: Session, user_ids: Collection[int]) -> set[int]:
    """Return the numbers of the profiles through which some people wait, also those who were declined."""
    query = select(PendingSignUp.profile_id).where(PendingSignUp.user_id.in_(user_ids))
    return set(session.scalars(query.distinct()))


def awaiting_approval(
    session: Session, scope: Scope, words: str, now: datetime, *, profile_id: int | None, after: int, size: int
) -> Sequence[Row[PendingSignUp, User, Profile]]:
    """List the sign-ups that wait for approval through profiles of the scope, with user numbers above `after`."""
    found = _awaiting_approval(scope, words, now, profile_id)
    return session.execute(_rows.where(*found, PendingSignUp.user_id > after).limit(size)).all()


def holding_places(
    session: Session, scope: Scope, words: str, now: datetime, *, profile_id: int | None, after: int, size: int
) -> Sequence[Row[PendingSignUp, User, Profile]]:
    """List those and the sign-ups that have yet to be confirmed, as `awaiting_approval` does."""
    found = [*_holding(scope, now), *_about(words, profile_id)]
    return session.execute(_rows.where(*found, PendingSignUp.user_id > after).limit(size)).all()


def count_holding_places(
    session: Session, scope: Scope, words: str, now: datetime, *, profile_id: int | None
) -> tuple[int, int]:
    """Count the sign-ups that `holding_places` lists over all pages: those to approve, and the unconfirmed ones."""
    is_confirmed = PendingSignUp.code_hash.is_(None)
    query = (
        select(func.count().filter(is_confirmed), func.count())
        .select_from(PendingSignUp)
        .join(User, User.id == PendingSignUp.user_id)
        .join(Profile, Profile.id == PendingSignUp.profile_id)
    )
    confirmed, all_of_them = session.execute(query.where(*_holding(scope, now), *_about(words, profile_id))).one()
    return confirmed, all_of_them - confirmed


def unconfirmed(session: Session, user_ids: Collection[int]) -> dict[int, str]:
    """Return the addresses that some of the users have yet to confirm, by the users' numbers."""
    if not user_ids:
        return {}
    waiting = PendingSignUp.user_id.in_(user_ids), PendingSignUp.code_hash.is_not(None)
    query = select(PendingSignUp.user_id, PendingSignUp.email).where(*waiting)
    return {user_id: email or "" for user_id, email in session.execute(query)}


def declined(session: Session, user_ids: Collection[int]) -> set[int]:
    """Return those of the users who were declined and can still be brought back."""
    if not user_ids:
        return set()
    return set(session.scalars(declined_together().where(PendingSignUp.user_id.in_(user_ids))))


def count_of_profile(session: Session, profile_id: int) -> tuple[int, int]:
    """Count who waits through a profile: for an approval, and for their own confirmation."""
    is_confirmed = PendingSignUp.code_hash.is_(None)
    waiting = PendingSignUp.profile_id == profile_id, not_declined()
    query = select(func.count().filter(is_confirmed), func.count()).where(*waiting)
    confirmed, all_of_them = session.execute(query).one()
    return confirmed, all_of_them - confirmed


def unannounced(session: Session, now: datetime) -> list[tuple[int, int]]:
    """List the profiles through which unannounced people wait for approval, each with the newest of them.

    The one where the first of them has waited longest comes first.
    """
    return [(profile_id, user_id) for profile_id, user_id in rows(session, _UNANNOUNCED, now=now)]


def set_announced(session: Session, profile_id: int, through: int) -> None:
    """Mark the people who wait for approval through a profile as announced, up to a user number."""
    waiting = PendingSignUp.profile_id == profile_id, *for_approval(), PendingSignUp.user_id <= through
    session.execute(update(PendingSignUp).where(*waiting).values(announced=True))


def count_awaiting_approval(
    session: Session, scope: Scope, words: str, now: datetime, *, profile_id: int | None
) -> int:
    """Count the sign-ups that `awaiting_approval` lists over all pages."""
    query = (
        select(func.count())
        .select_from(PendingSignUp)
        .join(User, User.id == PendingSignUp.user_id)
        .join(Profile, Profile.id == PendingSignUp.profile_id)
    )
    return session.scalars(query.where(*_awaiting_approval(scope, words, now, profile_id))).one()


def awaiting_by_profile(session: Session, scope: Scope, now: datetime) -> list[tuple[int, int, int]]:
    """Count the sign-ups that wait for approval through the scope's profiles: profiles, their departments, counts."""
    return count_by_profile(session, PendingSignUp.profile_id.expression, *awaiting(scope, now))


def count_awaiting_approval_in_branch(session: Session, department_id: int) -> int:
    """Count the users in a department and those below it who wait for approval through profiles that aren't removed."""
    query = (
        select(func.count())
        .select_from(PendingSignUp)
        .join(User, User.id == PendingSignUp.user_id)
        .join(Profile, Profile.id == PendingSignUp.profile_id)
        .join(DepartmentTree, DepartmentTree.descendant_id == User.department_id)
    )
    waiting = DepartmentTree.ancestor_id == department_id, *for_approval(), Profile.removed_at.is_(None)
    return session.scalars(query.where(*waiting)).one()


def awaiting(scope: Scope, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the SQL conditions that a sign-up waits for approval through a profile of the scope."""
    return PendingSignUp.code_hash.is_(None), *_holding(scope, now)


def _holding(scope: Scope, now: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the SQL conditions that a sign-up holds a place of a profile of the scope, and wasn't declined."""
    kept = PendingSignUp.expires_at > now, not_declined()
    return *kept, Profile.removed_at.is_(None), editable_by(scope)


def touched(session: Session, profile_ids: Iterable[int]) -> list[Touched]:
    """List the people who wait through profiles, which their removal would end, the longest waiting first."""
    query = (
        select(PendingSignUp.profile_id, User.id, User.first_name, User.last_name, PendingSignUp.code_hash.is_(None))
        .join(User, User.id == PendingSignUp.user_id)
        .where(PendingSignUp.profile_id.in_(set(profile_ids)), not_declined())
        .order_by(User.id)
    )
    return [
        Touched(profile_id=profile_id, user_id=user_id, name=f"{first} {last}".strip(), confirmed=confirmed)
        for profile_id, user_id, first, last, confirmed in session.execute(query).all()
    ]


def of_removed_profiles(session: Session, department_ids: Iterable[int]) -> list[int]:
    """List the removed profiles of departments through which people still wait, because it could be undone."""
    query = select(Profile.id).where(
        Profile.department_id.in_(list(department_ids)), Profile.removed_at.is_not(None), Profile.reserved > 0
    )
    return list(session.scalars(query.order_by(Profile.id)))


def any_ended(session: Session, now: datetime, removed_before: datetime, declined_before: datetime) -> bool:
    """Return whether a pending sign-up has expired, or lost its profile or was declined before a moment."""
    is_over = finds(session, _OVER, now=now, declined_before=declined_before)
    return is_over or finds(session, _ORPHANED, removed_before=removed_before)


def ended(
    session: Session, now: datetime, removed_before: datetime, declined_before: datetime, *, at_most: int
) -> list[int]:
    """List the users whose pending sign-ups have expired or were declined, then those whose profiles were removed.

    The latter two before a moment each.
    """
    over = _over(now, declined_before).order_by(PendingSignUp.expires_at)
    found = list(session.scalars(over.limit(at_most)))
    if len(found) == at_most:
        return found
    orphaned = _orphaned(removed_before).where(PendingSignUp.user_id.not_in(found)).order_by(PendingSignUp.user_id)
    return found + list(session.scalars(orphaned.limit(at_most - len(found))))


def _over(now: datetime | BindParameter[datetime], declined_before: datetime | BindParameter[datetime]) -> Select[int]:
    over = or_(PendingSignUp.expires_at <= now, PendingSignUp.declined_at < declined_before)
    return select(PendingSignUp.user_id).where(over)


def _orphaned(removed_before: datetime | BindParameter[datetime]) -> Select[int]:
    query = select(PendingSignUp.user_id).join(Profile, Profile.id == PendingSignUp.profile_id)
    return query.where(Profile.removed_at < removed_before)


def _awaiting_approval(scope: Scope, words: str, now: datetime, profile_id: int | None) -> list[ColumnElement[bool]]:
    return [*awaiting(scope, now), *_about(words, profile_id)]


def _about(words: str, profile_id: int | None) -> list[ColumnElement[bool]]:
    """Return the SQL conditions; each word must be in the user's search key, the new address or the profile's name."""
    named = [
        or_(
            User.search_key.contains(word, autoescape=True),
            PendingSignUp.email.contains(word, autoescape=True),
            Profile.name_key.contains(word, autoescape=True),
        )
        for word in search_words(words)
    ]
    return [*([] if profile_id is None else [Profile.id == profile_id]), *named]


_rows = (
    select(PendingSignUp, User, Profile)
    .join(User, User.id == PendingSignUp.user_id)
    .join(Profile, Profile.id == PendingSignUp.profile_id)
    .order_by(PendingSignUp.user_id)
)


_MOMENT = PendingSignUp.expires_at.type
_OVER = _over(bindparam("now", type_=_MOMENT), bindparam("declined_before", type_=_MOMENT)).limit(1)
_ORPHANED = _orphaned(bindparam("removed_before", type_=_MOMENT)).limit(1)
_UNANNOUNCED = (
    select(PendingSignUp.profile_id, func.max(PendingSignUp.user_id))
    .join(Profile, Profile.id == PendingSignUp.profile_id)
    .where(
        PendingSignUp.announced.is_(False),
        PendingSignUp.expires_at > bindparam("now"),
        *for_approval(),
        Profile.removed_at.is_(None),  # while a removal can be undone, nobody can answer
    )
    .group_by(PendingSignUp.profile_id)
    .order_by(func.min(PendingSignUp.user_id))
)
