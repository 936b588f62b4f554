"""What a killed process held is free when the next one on its machine starts, not only when its leases expire."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from core.storage import holders


def release_dead(session: Session, is_dead: Callable[[str], bool]) -> int:
    """End the leases and claims of holders that are dead; return how many holders that were.

    What they had claimed is settled as if its lease had expired.
    """
    dead = [holder for holder in holders.current(session) if is_dead(holder)]
    if dead:
        holders.expire(session, dead)
    return len(dead)
