"""Digests that have stopped, as their recipient and managers see them, and how they go on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.errors import DepartmentGone, DigestGone
from core.services import digest_cards, digest_stops, digests, group_connections, people
from core.services.authorisation import authorise
from core.services.digest_cards import DigestCard
from core.storage import account
from core.storage import digests as stored
from core.storage.tables import Digest


@dataclass(frozen=True, kw_only=True)
class Resumed:
    """How many digests go on, and how many stay stopped, because their department is no longer the person's."""

    resumed: int
    staying: int


@dataclass(frozen=True, kw_only=True)
class LostGroup:
    """A group that can't be written to, for which some of a person's digests have stopped, and the first of these.

    `threads`: the topics that got them, each once; None is none. An empty title is unknown.
    """

    chat_id: int
    threads: tuple[int | None, ...]
    title: str
    number: int
    digest_id: int


@dataclass(frozen=True, kw_only=True)
class StoppedOf:
    """A person, by name, and how many of their digests are stopped."""

    name: str
    number: int


def stopped(session: Session, actor_id: int) -> tuple[DigestCard, ...]:
    """Return the acting user's digests that have stopped. Needs the permission to receive digests."""
    actor = authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    return digest_cards.stopped(session, actor)


def stopped_of(session: Session, actor_id: int, user_id: int) -> StoppedOf | None:
    """Return whose digests have stopped, for a notice about it; None if they go on again.

    Needs the permission to manage people. Raises UserNotFound.
    """
    name, number = people.card(session, actor_id, user_id).name, len(stored.stopped(session, user_id))
    return StoppedOf(name=name, number=number) if number else None


def stopped_with(session: Session, actor_id: int, digest_id: int) -> tuple[DigestCard, ...]:
    """Return the acting user's digests that have stopped for the same lost group as this one, and can go on.

    Needs the permission to receive digests. Raises DigestGone.
    """
    actor = authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    group = lost_group_of(session, actor_id, digest_id)
    alike = [each for each in stored.stopped(session, actor_id) if group and each.lost_chat_id == group.chat_id]
    return tuple(card for card in digest_cards.describe(session, actor, alike) if card.resumable)


def resume(
    session: Session,
    actor_id: int,
    now: datetime,
    *,
    digest_id: int | None = None,
    lost_chat_id: int | None = None,
) -> Resumed:
    """Let the acting user's stopped digests go on in the private chat: all, this one, or those that lost this group.

    One that would have come meanwhile, or didn't arrive, comes once, at once. Needs the permission to receive digests.
    """
    actor = authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    halted = [
        digest
        for digest in _halted(session, actor_id)
        if digest_id in {None, digest.id} and lost_chat_id in {None, digest.lost_chat_id}
    ]
    going_on = list(filter(_reachable_by(session, actor), halted))
    for digest in going_on:
        group_connections.bring_home(session, digest)
        _go_on(session, digest, now)
    return Resumed(resumed=len(going_on), staying=len(halted) - len(going_on))


def lost_group(session: Session, actor_id: int, chat_id: int) -> LostGroup | None:
    """Return a group for which digests of the acting user have stopped; None if none has, or all go on.

    Needs the permission to receive digests.
    """
    authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    return _lost_group(session, actor_id, chat_id)


def lost_group_of(session: Session, actor_id: int, digest_id: int) -> LostGroup | None:
    """Return the group for which one of the acting user's digests has stopped; None if it hasn't, or for no group.

    Needs the permission to receive digests. Raises DigestGone.
    """
    authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    if (digest := stored.find_own(session, actor_id, digest_id)) is None:
        raise DigestGone
    return None if digest.lost_chat_id is None else _lost_group(session, actor_id, digest.lost_chat_id)


def resume_there(
    session: Session, actor_id: int, lost_chat_id: int, chats: Mapping[int | None, int], now: datetime
) -> Resumed:
    """Let the acting user's digests that have stopped for a group go on there, as `resume` does in the private chat.

    `chats`: by topic, the group's number now, by which the bot can write there; those of other topics are left. They
    come without a spreadsheet, for which nobody was asked again. Needs the permission to receive digests.
    """
    actor = authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    lost = [digest for digest in _halted(session, actor_id) if digest.lost_chat_id == lost_chat_id]
    halted = [digest for digest in lost if digest.lost_thread_id in chats]
    going_on = list(filter(_reachable_by(session, actor), halted))
    for digest in going_on:
        group_connections.connect(session, digest, chats[digest.lost_thread_id], now)
        _go_on(session, digest, now)
    return Resumed(resumed=len(going_on), staying=len(halted) - len(going_on))


def _lost_group(session: Session, user_id: int, chat_id: int) -> LostGroup | None:
    lost = [digest for digest in stored.stopped(session, user_id) if digest.lost_chat_id == chat_id]
    if not lost:
        return None
    return LostGroup(
        chat_id=chat_id,
        threads=tuple({digest.lost_thread_id: None for digest in lost}),
        title=lost[0].lost_title or "",
        number=len(lost),
        digest_id=lost[0].id,
    )


def _halted(session: Session, user_id: int) -> list[Digest]:
    return [digest for digest in stored.lock_all(session, user_id) if digest.stopped_at is not None]


def _go_on(session: Session, digest: Digest, now: datetime) -> None:
    """Let a locked digest go on, at once if it has missed anything."""
    is_late = _has_missed(session, digest, now)
    digests.resume(session, digest, now)
    if is_late:
        digest.next_due = now


def _reachable_by(session: Session, actor: Actor) -> Callable[[Digest], bool]:
    def reachable(digest: Digest) -> bool:
        try:
            digests.require_department(session, actor, digest.department_id)
        except DepartmentGone:
            return False
        return True

    return reachable


def _has_missed(session: Session, digest: Digest, now: datetime) -> bool:
    """Return whether a stopped digest would have come by now, or didn't arrive, which the next one covers, too."""
    if digest_stops.take_up(session, digest):
        return True
    due_at = digests.due_after(digest, account.zone(session), digest.stopped_at or now)
    return due_at is not None and due_at <= now
