"""What the first screen and the next digest say of digests that were refused, or may not have arrived."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.storage import undelivered
from core.storage.tables import OutboxMessage

LISTED_FOR = timedelta(days=8)  # longer than a week, so that a weekly digest tells of the one before it
SHOWN = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Missed:
    """Digests that didn't arrive: how many, and when the last one ended (UTC); `certain`: Telegram refused them all."""

    number: int
    last_at: datetime
    certain: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Arriving:
    """A run's digest as it comes to a chat of its recipient, or a group of theirs, at a moment (UTC)."""

    user_id: int
    run_id: int
    chat_id: int
    at: datetime


def of_user(session: Session, user_id: int, now: datetime) -> Missed | None:
    """Return those of a user that can be sent again; None if there are none. Rights are not checked here."""
    found = undelivered.digests(session, user_id, now - LISTED_FOR, at_most=SHOWN)
    return _summed_up([message for message, _ in found])


def before(session: Session, arriving: Iterable[Arriving]) -> Mapping[Arriving, Missed]:
    """Return what of the same chat didn't arrive before each digest, unless an earlier one that came tells it.

    Those without any are left out. It takes one statement for any number of digests. Rights are not checked here.
    """
    if not (asked := list(arriving)):
        return {}
    since = min(each.at for each in asked) - LISTED_FOR
    lost_in = defaultdict[tuple[int, int], list[tuple[OutboxMessage, int | None]]](list)
    for lost, teller in undelivered.with_tellers(session, {each.user_id for each in asked}, since):
        lost_in[lost.user_id, lost.chat_id].append((lost, teller))
    missed = {
        each: _summed_up([lost for lost, teller in lost_in[each.user_id, each.chat_id] if _tells(each, lost, teller)])
        for each in asked
    }
    return {each: said for each, said in missed.items() if said is not None}


def _tells(arriving: Arriving, lost: OutboxMessage, teller: int | None) -> bool:
    """Return whether a digest is the first to arrive after one was lost there; `teller`: the first run that has."""
    in_time = lost.subject_id < arriving.run_id and lost.created_at >= arriving.at - LISTED_FOR
    return in_time and (teller is None or teller >= arriving.run_id)


def _summed_up(lost: Sequence[OutboxMessage]) -> Missed | None:
    """Sum up lost messages, the newest first."""
    if not lost:
        return None
    return Missed(
        number=len(lost),
        last_at=lost[0].ended_at or lost[0].created_at,
        certain=all(message.refusal is not None for message in lost),
    )
