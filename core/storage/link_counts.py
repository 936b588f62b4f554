"""How many forms were posted by each link of a profile, and how many of them made an account."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from core.storage.tables import Activation, Link, PendingSignUp


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Forms posted by a link: `tried` all that were read, repeated failures once, `completed` those with an account."""

    tried: int = 0
    completed: int = 0


def add_failure(session: Session, token: str) -> None:
    """Count a form that failed, by one statement; personal links have no count."""
    _count_failure(session, Link.token == token)


def add_end_of_waiting(session: Session, link_id: int) -> None:
    """Count a form as failed whose sign-up waited and is no longer kept."""
    _count_failure(session, Link.id == link_id)


def of_profile(session: Session, profile_id: int) -> Mapping[str, Counts]:
    """Return the counts of a profile's links by their labels' keys; replaced links count with those that followed."""
    completed = select(func.count()).select_from(Activation).where(Activation.link_id == Link.id)
    waiting = (
        select(func.count())
        .select_from(PendingSignUp)
        .where(PendingSignUp.profile_id == Link.profile_id, PendingSignUp.link_id == Link.id)
    )
    query = select(Link.label_key, Link.failed, waiting.scalar_subquery(), completed.scalar_subquery())
    counts: dict[str, Counts] = {}
    for label, failed, waits, made in session.execute(query.where(Link.profile_id == profile_id, ~Link.personal)):
        counts[label] = _added(counts.get(label, Counts()), failed, waits, made)
    return counts


def _added(before: Counts, failed: int, waiting: int, completed: int) -> Counts:
    return Counts(tried=before.tried + failed + waiting + completed, completed=before.completed + completed)


def _count_failure(session: Session, *which: ColumnElement[bool]) -> None:
    adding = update(Link).where(*which, ~Link.personal).values(failed=Link.failed + 1)
    session.execute(adding.execution_options(synchronize_session=False))
