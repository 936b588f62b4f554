"""Queries on digests."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from core.domain.outbox import UNSENT, Kind, MessageState
from core.storage.database import upsert
from core.storage.prepared import finds
from core.storage.tables import Department, Digest, DigestProfile, DigestRun, OutboxMessage, Profile, User


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run with its digest and the profiles that this is about (none: all); `gone`: its department is removed.

    `refocused`: the digest is about something else now.
    """

    run: DigestRun
    digest: Digest
    profiles: frozenset[int]
    gone: bool
    refocused: bool


def main_of(session: Session, user_id: int) -> Digest | None:
    """Find a user's main digest."""
    return session.scalars(select(Digest).where(Digest.user_id == user_id, Digest.main)).one_or_none()


def lock(session: Session, user_id: int) -> Digest | None:
    """Find a user's main digest and lock it until the end of the transaction."""
    return session.scalars(_locking(select(Digest).where(Digest.user_id == user_id, Digest.main))).one_or_none()


def of_user(session: Session, user_id: int) -> list[Digest]:
    """List a user's digests, the main one first, then by number."""
    return list(session.scalars(_of_user(user_id)))


def lock_all(session: Session, user_id: int) -> list[Digest]:
    """List a user's digests, and lock them until the end of the transaction."""
    return list(session.scalars(_locking(_of_user(user_id))))


def find_own(session: Session, user_id: int, digest_id: int) -> Digest | None:
    """Find one of a user's digests."""
    return session.scalars(_of_user(user_id).where(Digest.id == digest_id)).one_or_none()


def add(session: Session, user_id: int, chat_id: int, department_id: int | None) -> Digest:
    """Add a digest besides a user's main one; it has reported nothing yet."""
    digest = Digest(user_id=user_id, main=False, department_id=department_id, chat_id=chat_id, reported_through=0)
    session.add(digest)
    session.flush()
    return digest


def lock_own(session: Session, user_id: int, digest_id: int, *, removed: bool = False) -> Digest | None:
    """Find one of a user's digests, or of those that they removed, and lock it until the end of the transaction."""
    state = Digest.removed_at.is_not(None) if removed else Digest.removed_at.is_(None)
    query = select(Digest).where(Digest.id == digest_id, Digest.user_id == user_id, state)
    return session.scalars(_locking(query)).one_or_none()


def lock_in_chat(session: Session, user_id: int, chat_id: int) -> Digest | None:
    """Find and lock the digest of a user that a group gets because they confirmed it; of several, the first."""
    query = _of_user(user_id).where(Digest.chat_id == chat_id, Digest.connected_at.is_not(None))
    return session.scalars(_locking(query.limit(1))).one_or_none()


def lock_recipient(session: Session, user_id: int) -> None:
    """Lock a user, so that they add one digest after the other."""
    session.scalars(select(User.id).where(User.id == user_id).with_for_update(key_share=True)).one()


def newest_of(session: Session, user_id: int) -> int:
    """Return the highest number of a user's digests, removed ones included; 0 if there is none."""
    return session.scalars(select(func.coalesce(func.max(Digest.id), 0)).where(Digest.user_id == user_id)).one()


def profiles_of(session: Session, digest_ids: Iterable[int]) -> dict[int, list[Profile]]:
    """Return the profiles that digests are about, sorted by name; a digest about all is left out."""
    query = select(DigestProfile.digest_id, Profile).join(Profile, Profile.id == DigestProfile.profile_id)
    chosen: dict[int, list[Profile]] = {}
    for number, profile in session.execute(
        query.where(DigestProfile.digest_id.in_(set(digest_ids))).order_by(Profile.name_key, Profile.id)
    ):
        chosen.setdefault(number, []).append(profile)
    return chosen


def add_profile(session: Session, digest_id: int, profile_id: int) -> bool:
    """Let a digest be about a profile; return whether it wasn't."""
    values = {"digest_id": digest_id, "profile_id": profile_id}
    adding = upsert(session, DigestProfile).values(values).on_conflict_do_nothing()
    return session.scalars(adding.returning(DigestProfile.profile_id)).one_or_none() is not None


def forget_profile(session: Session, digest_id: int, profile_id: int) -> bool:
    """Let a digest be about a profile no longer; return whether it was."""
    return _forgotten(session, DigestProfile.digest_id == digest_id, DigestProfile.profile_id == profile_id)


def forget_profiles(session: Session, digest_id: int) -> bool:
    """Let a digest be about all profiles again; return whether it was about some."""
    return _forgotten(session, DigestProfile.digest_id == digest_id)


def _forgotten(session: Session, *chosen: ColumnElement[bool]) -> bool:
    return bool(session.scalars(delete(DigestProfile).where(*chosen).returning(DigestProfile.profile_id)).all())


def due(session: Session, now: datetime, *, at_most: int) -> list[Digest]:
    """Lock the digests that are due, the most overdue first, skipping those locked by other processes."""
    query = select(Digest).where(Digest.next_due <= now).order_by(Digest.next_due).limit(at_most)
    return list(session.scalars(query.with_for_update(skip_locked=True)))


def last_due(session: Session, digest_id: int) -> datetime | None:
    """Return the latest due instant (UTC) for which a digest has run; None if there is none."""
    return session.scalars(select(func.max(DigestRun.due_at)).where(DigestRun.digest_id == digest_id)).one()


def add_run(session: Session, **values: object) -> int | None:
    """Add a run; return its number, None if the digest has run for this instant already."""
    adding = upsert(session, DigestRun).values(values).on_conflict_do_nothing()
    return session.scalars(adding.returning(DigestRun.id)).one_or_none()


def runs(session: Session, run_ids: Iterable[int]) -> dict[int, Run]:
    """Return those of the runs that there are, by number, without those of removed digests."""
    query = (
        select(DigestRun, Digest, Department.removed_at, DigestProfile.profile_id)
        .join(Digest, Digest.id == DigestRun.digest_id)
        .outerjoin(Department, Department.id == Digest.department_id)
        .outerjoin(DigestProfile, DigestProfile.digest_id == Digest.id)
        .where(DigestRun.id.in_(set(run_ids)), Digest.removed_at.is_(None))
    )
    found: dict[int, Run] = {}
    for run, digest, gone_at, profile_id in session.execute(query):
        earlier = found[run.id].profiles if run.id in found else frozenset()
        profiles = earlier | ({profile_id} - {None})
        found[run.id] = Run(
            run=run,
            digest=digest,
            profiles=profiles,
            gone=gone_at is not None,
            refocused=run.focus != digest.focus,
        )
    return found


def lock_of_run(session: Session, user_id: int, run_id: int) -> Digest | None:
    """Find the digest of a run, if it is a user's own and not removed, and lock it."""
    query = select(Digest).join(DigestRun, DigestRun.digest_id == Digest.id)
    own = DigestRun.id == run_id, Digest.user_id == user_id, Digest.removed_at.is_(None)
    return session.scalars(_locking(query.where(*own))).one_or_none()


def is_own_run(session: Session, user_id: int, run_id: int) -> bool:
    """Return whether a run is one of a user's digests."""
    query = select(DigestRun.id).join(Digest, Digest.id == DigestRun.digest_id)
    own = DigestRun.id == run_id, Digest.user_id == user_id, Digest.removed_at.is_(None)
    return session.scalars(query.where(*own)).one_or_none() is not None


def group_of_run(session: Session, run_id: int, chat_id: int) -> str | None:
    """Return the name of the group that gets a run's digest, if this chat is that group; it may be empty."""
    query = select(Digest.group_title).join(DigestRun, DigestRun.digest_id == Digest.id)
    there = DigestRun.id == run_id, Digest.chat_id == chat_id, Digest.connected_at.is_not(None)
    return session.scalars(query.where(*there)).one_or_none()


def any_due(session: Session, now: datetime) -> bool:
    """Return whether a digest is due, without locking it."""
    return finds(session, _DUE, now=now)


def oldest_due(session: Session, now: datetime) -> datetime | None:
    """Return since when the most overdue digest is due (UTC)."""
    return session.scalars(select(func.min(Digest.next_due)).where(Digest.next_due <= now)).one()


def scheduled(session: Session) -> list[Digest]:
    """Lock and return all digests that have a schedule and haven't stopped."""
    running = Digest.frequency.is_not(None), Digest.removed_at.is_(None), Digest.stopped_at.is_(None)
    query = select(Digest).where(*running)
    return list(session.scalars(query.with_for_update()))


def stopped(session: Session, user_id: int) -> list[Digest]:
    """List a user's digests that have stopped, the main one first."""
    return list(session.scalars(_of_user(user_id).where(Digest.stopped_at.is_not(None))))


def undelivered(session: Session, digest: Digest) -> DigestRun | None:
    """Return the first run of a digest after the last one that arrived; None if none is outstanding.

    In whichever chat: the digest may have moved since. A copy elsewhere that told in advance what the digest itself is
    yet to report counts as none that arrived.
    """
    messages = (
        select(DigestRun)
        .join(OutboxMessage, OutboxMessage.subject_id == DigestRun.id)
        .join(Digest, Digest.id == DigestRun.digest_id)
        .where(
            Digest.id == digest.id,
            OutboxMessage.kind == Kind.DIGEST,
            OutboxMessage.user_id == digest.user_id,
        )
    )
    reported = OutboxMessage.state == MessageState.SENT, DigestRun.covers_until <= Digest.reported_at
    arrived = messages.where(*reported).with_only_columns(func.max(DigestRun.id))
    missing = OutboxMessage.state.in_((*UNSENT, MessageState.FAILED))
    later = messages.where(missing, DigestRun.id > func.coalesce(arrived.scalar_subquery(), 0))
    return session.scalars(later.order_by(DigestRun.id).limit(1)).first()


def sent_to(session: Session, chat_id: int) -> list[Digest]:
    """List the digests sent to a chat."""
    query = select(Digest).where(Digest.chat_id == chat_id, Digest.removed_at.is_(None))
    return list(session.scalars(query.order_by(Digest.id)))


def in_groups(session: Session) -> list[tuple[Digest, User]]:
    """List the digests that go to groups, with their recipients, the newest connection first."""
    query = select(Digest, User).join(User, User.id == Digest.user_id).where(Digest.connected_at.is_not(None))
    return [(digest, user) for digest, user in session.execute(query.order_by(Digest.connected_at.desc(), Digest.id))]


def lock_by_number(session: Session, digest_id: int) -> Digest | None:
    """Find a digest by its number and lock it until the end of the transaction."""
    return session.scalars(_locking(select(Digest).where(Digest.id == digest_id))).one_or_none()


def move_chat(session: Session, old_id: int, new_id: int) -> None:
    """Redirect the digests of a chat, and those that it lost, to another one."""
    session.execute(update(Digest).where(Digest.chat_id == old_id).values(chat_id=new_id))
    session.execute(update(Digest).where(Digest.lost_chat_id == old_id).values(lost_chat_id=new_id))


def forget(session: Session, user_id: int) -> None:
    """Delete a user's digests and their runs."""
    session.execute(delete(Digest).where(Digest.user_id == user_id))


def sweep(session: Session, before: datetime) -> None:
    """Delete the digests that were removed before a moment."""
    session.execute(delete(Digest).where(Digest.removed_at < before))


def _of_user(user_id: int) -> Select[Digest]:
    query = select(Digest).where(Digest.user_id == user_id, Digest.removed_at.is_(None))
    return query.order_by(Digest.main.desc(), Digest.id)


def _locking(query: Select[Digest]) -> Select[Digest]:
    return query.with_for_update(of=Digest).execution_options(populate_existing=True)


_DUE = select(Digest.id).where(Digest.next_due <= bindparam("now")).limit(1)
