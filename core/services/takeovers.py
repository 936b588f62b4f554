"""Leases and claims of a killed process end when the next one on its machine starts, not only when they expire."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from core.storage import holders


def release_ended(session: Session, has_ended: Callable[[str], bool]) -> int:
    """End the leases and claims of holders whose processes have ended; return how many holders that were.

    What they had claimed is settled as if its lease had expired.
    """
    ended = [holder for holder in holders.current(session) if has_ended(holder)]
    if ended:
        holders.expire(session, ended)
    return len(ended)
