"""Queries on who began to wait for approval in a rush."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from core.storage.tables import PendingSignUp
from core.storage.waiting import for_approval

MOST = 20_000  # people around an alert that are looked at


def waiting(session: Session, profile_id: int, between: tuple[datetime, datetime]) -> Sequence[Row[int, datetime]]:
    """List who waits for approval through a profile, and until when, if that lies between two moments; in its order."""
    first, last = between
    until = PendingSignUp.expires_at >= first, PendingSignUp.expires_at <= last
    theirs = PendingSignUp.profile_id == profile_id, *for_approval()
    query = select(PendingSignUp.user_id, PendingSignUp.expires_at).where(*theirs, *until)
    return session.execute(query.order_by(PendingSignUp.expires_at, PendingSignUp.user_id).limit(MOST)).all()
