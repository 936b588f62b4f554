"""Queries on messages that were refused, or may not have arrived."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Row, ScalarSelect, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from core.domain.outbox import Kind, MessageState
from core.storage.tables import Digest, DigestRun, OutboxMessage, User


def unconfirmed(session: Session, since: datetime, *, at_most: int) -> Sequence[Row[OutboxMessage, User]]:
    """List the unconfirmed and refused messages created since a moment, newest first, with their recipients."""
    query = (
        select(OutboxMessage, User)
        .join(User, User.id == OutboxMessage.user_id)
        .where(_is_lost(), OutboxMessage.created_at >= since)
    )
    return session.execute(query.order_by(OutboxMessage.id.desc()).limit(at_most)).all()


def digests(session: Session, user_id: int, since: datetime, *, at_most: int) -> Sequence[Row[OutboxMessage, Digest]]:
    """List a user's digests that were refused or are unconfirmed, newest first; not what others tell, too.

    That is what a later message of the digest covers, wherever it went, and what its next one is to cover.
    """
    query = _lost(since).where(OutboxMessage.user_id == user_id)
    return session.execute(query.order_by(OutboxMessage.id.desc()).limit(at_most)).all()


def with_tellers(
    session: Session, user_ids: Collection[int], since: datetime
) -> Sequence[Row[OutboxMessage, int | None]]:
    """List the same of several users, each with the first later run that arrived in its chat; None if none did."""
    query = _lost(since).with_only_columns(OutboxMessage, _teller()).where(OutboxMessage.user_id.in_(user_ids))
    return session.execute(query.order_by(OutboxMessage.id.desc())).all()


def _teller() -> ScalarSelect[int | None]:
    sent = aliased(OutboxMessage)
    return (
        select(func.min(sent.subject_id))
        .where(
            sent.kind == Kind.DIGEST,
            sent.state == MessageState.SENT,
            sent.user_id == OutboxMessage.user_id,
            sent.chat_id == OutboxMessage.chat_id,
            sent.subject_id > OutboxMessage.subject_id,
        )
        .scalar_subquery()
    )


def _lost(since: datetime) -> Select[OutboxMessage, Digest]:
    """Select the messages of lost digests that were created since a moment, and that nothing else tells."""
    later, of_later = aliased(OutboxMessage), aliased(DigestRun)
    told_later = exists().where(
        later.kind == Kind.DIGEST,
        later.user_id == OutboxMessage.user_id,
        later.id > OutboxMessage.id,
        of_later.id == later.subject_id,
        of_later.digest_id == DigestRun.digest_id,
        of_later.covers_after <= DigestRun.covers_after,
        of_later.covers_through >= DigestRun.covers_through,
    )
    return (
        select(OutboxMessage, Digest)
        .select_from(OutboxMessage)
        .join(DigestRun, DigestRun.id == OutboxMessage.subject_id)
        .join(Digest, Digest.id == DigestRun.digest_id)
        .where(
            OutboxMessage.kind == Kind.DIGEST,
            OutboxMessage.created_at >= since,
            Digest.removed_at.is_(None),
            _is_lost(),
            ~told_later,
            _is_reported(),
        )
    )


def _is_reported() -> ColumnElement[bool]:
    """Match runs that their digest counts as told, so that its next one isn't to cover them.

    Activations don't decide it alone: nobody may have joined since the run before.
    """
    since = or_(DigestRun.covers_since.is_(None), DigestRun.covers_since < Digest.reported_at)
    by_time = and_(Digest.reported_at.is_not(None), since)
    return or_(Digest.reported_through > DigestRun.covers_after, by_time)


def _is_lost() -> ColumnElement[bool]:
    return or_(OutboxMessage.state == MessageState.UNKNOWN, OutboxMessage.refusal.is_not(None))
