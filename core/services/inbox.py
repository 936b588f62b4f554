"""The inbox: updates are kept before Telegram is told that they arrived, and handled once, in order within a chat.

What an update does and the mark that it is done are one transaction, and its answer follows the commit. So a crash
repeats nothing: an update that had no effect yet is handled anew; whoever sent one whose answer was lost, or may have
arrived already, is told so instead.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.inbox import UpdateState
from core.domain.updates import ReceivedUpdate, line_of
from core.errors import ClaimLost
from core.services import outbox
from core.services.authorisation import authorise
from core.storage import inbox, people
from core.storage.tables import InboxUpdate, User

T = TypeVar("T")

LEASE = timedelta(seconds=15)  # what a holder that died had in hand is taken over after this
KEPT = timedelta(days=3)  # Telegram repeats an update for a day at most
MOST_TRIES = 50  # an update that ends its process each time is given up; deaths of other causes must not use these up
BATCH = 50
NO_BODY: dict[str, Any] = {}


@dataclass(frozen=True, kw_only=True)
class Claim:
    """An update in the hand of one holder; `turn` tells this claim from an earlier one of the same holder."""

    update_id: int
    holder: str
    turn: int
    body: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Interruption:
    """An update whose answer was lost or is in doubt: what was written (nothing: tapped), and whether it was done."""

    text: str
    effected: bool


def record(session: Session, updates: Iterable[ReceivedUpdate], now: datetime) -> None:
    """Keep updates. Those that are known already are not kept twice."""
    for received in updates:
        inbox.add(session, received, now)


def anything_to_do(session: Session, now: datetime) -> bool:
    """Tell cheaply whether `claim` would do anything."""
    return inbox.anything_to_do(session, now)


def claim(session: Session, holder: str, now: datetime, *, at_most: int) -> list[Claim]:
    """Take updates to handle, at most one of each chat; what a dead holder had in hand is settled first."""
    for lost in inbox.stranded(session, now, at_most=BATCH):
        _settle(session, lost, now)
    session.flush()
    claimed = inbox.claimable(session, at_most=at_most)
    for update in claimed:
        update.state, update.holder, update.leased_until = UpdateState.CLAIMED, holder, now + LEASE
        update.tries += 1
    return [Claim(update_id=update.update_id, holder=holder, turn=update.tries, body=update.body) for update in claimed]


def renew(session: Session, holder: str, update_ids: Iterable[int], now: datetime) -> None:
    """Hold on to what is in hand. What a transaction has under way is passed by: nobody takes that over."""
    inbox.renew(session, holder, update_ids, now + LEASE)


def carry_out(session: Session, claim: Claim, effect: Callable[[Session], T]) -> T:
    """Run an update's effect, once, and mark the update in the same transaction. Raises ClaimLost."""
    _move(session, claim, UpdateState.CLAIMED, effected=True)
    return effect(session)


def give_up(session: Session, claim: Claim, now: datetime) -> None:
    """Record that an update can't be handled; its sender is told. Raises ClaimLost."""
    _move(session, claim, UpdateState.CLAIMED, UpdateState.ANSWERING, state=UpdateState.GIVEN_UP)
    if found := inbox.find(session, claim.update_id):
        _tell(session, found, now)


def begin_answer(session: Session, claim: Claim) -> None:
    """Record that the answer is about to be sent. Raises ClaimLost: then it must not be."""
    _move(session, claim, UpdateState.CLAIMED, UpdateState.ANSWERING, state=UpdateState.ANSWERING)


def finish(session: Session, claim: Claim) -> None:
    """Record that an update is dealt with. Raises ClaimLost."""
    _move(session, claim, UpdateState.CLAIMED, UpdateState.ANSWERING, state=UpdateState.DONE, body=NO_BODY)


def doubt(session: Session, claim: Claim, now: datetime) -> None:
    """Record that nobody can tell whether the answer arrived; its reader is told so. Raises ClaimLost."""
    _move(session, claim, UpdateState.ANSWERING, state=UpdateState.UNKNOWN)
    if found := inbox.find(session, claim.update_id):
        _tell(session, found, now)


def interruption(session: Session, recipient_id: int, update_id: int) -> Interruption | None:
    """Give what a notice of an interruption is about; None for anybody but the sender, and once it is forgotten.

    Raises NotAllowed where the sender has no right left.
    """
    authorise(session, recipient_id, *Permission)
    found = inbox.find(session, update_id)
    user = session.get(User, recipient_id)
    if found is None or user is None or user.telegram_id != found.sender_id:
        return None
    return Interruption(text=line_of(found.body), effected=found.effected)


def counts(session: Session) -> dict[str, int]:
    """Count the updates in each state, for the metrics."""
    return inbox.count_by_state(session)


def sweep(session: Session, now: datetime) -> None:
    """Forget what was finished some days ago."""
    inbox.sweep(session, now - KEPT)


def _settle(session: Session, lost: InboxUpdate, now: datetime) -> None:
    """Decide what becomes of an update whose holder died: done again only where it had no effect and no answer."""
    if lost.state == UpdateState.ANSWERING or lost.effected:
        lost.state = UpdateState.UNKNOWN if lost.state == UpdateState.ANSWERING else UpdateState.INTERRUPTED
        _tell(session, lost, now)
    elif lost.tries < MOST_TRIES:
        lost.state = UpdateState.WAITING
    else:
        lost.state = UpdateState.GIVEN_UP
        _tell(session, lost, now)


def _tell(session: Session, lost: InboxUpdate, now: datetime) -> None:
    """Tell whoever sent the update, if we know them; strangers are told nothing of what goes on here."""
    user = people.by_telegram_id(session, lost.sender_id) if lost.sender_id is not None else None
    if user is not None:
        outbox.notify(session, user.id, outbox.Kind.INTERRUPTED, lost.update_id, now)


def _move(session: Session, claim: Claim, *old: UpdateState, **new: object) -> None:
    untouched = new.get("effected") is True  # what an update does is done once: who would do it again has lost it
    if not inbox.move(session, claim.update_id, claim.holder, claim.turn, old=old, untouched=untouched, **new):
        raise ClaimLost
