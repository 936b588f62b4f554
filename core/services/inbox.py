"""The inbox: updates are stored before they are acknowledged to Telegram, and handled once, in order within a chat.

An update's effect and its mark are one transaction, and the answer follows the commit. So a crash repeats no effect: an
update without an effect is handled again; if the answer was lost, or may have arrived already, its sender is told so.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from core.domain.inbox import IN_HAND, Standing, UpdateState
from core.domain.updates import WRITTEN, ReceivedUpdate, kind_of, read_update
from core.errors import ClaimLost
from core.services import dialogues, interruptions, people, strangers
from core.services.dialogues import ShownForm
from core.services.people import Person
from core.services.strangers import Entry, OwnerClaim
from core.storage import actors, audit_log, inbox
from core.storage.inbox import Taken
from core.storage.shared_clock import shared_now

T = TypeVar("T")

LEASE = timedelta(seconds=15)  # after this, the updates of an ended process are taken over
KEPT = timedelta(days=3)  # Telegram repeats an update for a day at most
TAPPED_AGAIN_WITHIN = timedelta(minutes=1)
BATCH = 50
NOTED = 3  # entries of the audit log: an answer to an edit names no more
KNOWN, STRANGERS = frozenset({Standing.KNOWN}), frozenset({Standing.STRANGER, Standing.ANSWERED})


@dataclass(frozen=True, kw_only=True)
class Claim:
    """An update claimed by a holder; `turn` distinguishes this claim from earlier ones of the same holder.

    `sender` is the active user who sent it, as they were when it was claimed; None for strangers.
    """

    update_id: int
    holder: str
    turn: int
    standing: Standing
    body: Mapping[str, Any]
    sender: Person | None


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """What a holder can claim: so many updates, so many of strangers. `answered` are those that it has dealt with.

    `shown` are the forms that these answers show, which is noted in the same transaction as their marks.
    `passing`: this holder's updates that are carried out, and whose answers have to wait; the next one of their line
    may be carried out, by nobody else, so that their answers keep the order.
    """

    holder: str
    at_most: int
    strangers_at_most: int
    passing: Collection[int] = ()
    answered: Collection[Claim] = ()
    shown: Collection[ShownForm] = ()


@dataclass(frozen=True, kw_only=True)
class Worth:
    """Which of received updates are kept, how many of strangers' are left out, and which senders are no strangers."""

    kept: list[ReceivedUpdate]
    left_out: int
    known: frozenset[int]


def worth_recording(session: Session, updates: Collection[ReceivedUpdate], claim: OwnerClaim, now: datetime) -> Worth:
    """Return the updates that `record` would store, and how many of strangers' are left out because they are too many.

    So a flood causes no writes, and what isn't meant for the bot is no flood.
    """
    known = actors.known(session, _senders(updates))
    entries = [
        (received, Entry.ADMITTED if received.sender_id in known else strangers.entry(session, received, claim, now))
        for received in updates
    ]
    kept = [received for received, entry in entries if entry is Entry.ADMITTED]
    return Worth(kept=kept, left_out=sum(entry is Entry.TOO_MANY for _, entry in entries), known=known)


def record(session: Session, updates: Collection[ReceivedUpdate], claim: OwnerClaim, now: datetime) -> int:
    """Store updates, except those of strangers that are too many; return how many were left out.

    Those already stored are ignored.
    """
    known = actors.known(session, _senders(updates))
    return len(updates) - len(_record(session, updates, known, claim, now))


def record_and_claim(
    session: Session, updates: Collection[ReceivedUpdate], claim: OwnerClaim, capacity: Capacity, now: datetime
) -> tuple[int, list[Claim]]:
    """Record updates, and claim what can be handled at once, in one transaction; return also how many were left out.

    Updates of ended processes are left to `claim`.
    """
    senders = _people(session, _senders(updates))
    standings = _record(session, updates, {number for number, found in senders.items() if found}, claim, now)
    finish(session, capacity.answered, capacity.shown)
    taken = _take(session, capacity, shared_now(session, now), set(standings), senders)
    return len(updates) - len(standings), taken


def _record(
    session: Session,
    updates: Collection[ReceivedUpdate],
    known: Collection[int],
    claim: OwnerClaim,
    now: datetime,
) -> list[Standing]:
    """Store updates; return the standings of those that weren't left out. `known`: which senders are no strangers."""
    admitted = list[tuple[ReceivedUpdate, Standing]]()
    for received in updates:
        is_known = received.sender_id in known
        standing = Standing.KNOWN if is_known else strangers.admit(session, received, claim, now)
        if standing is not None:
            admitted.append((received, standing))
    inbox.add(session, admitted, now)
    return [standing for _, standing in admitted]


def _senders(updates: Iterable[ReceivedUpdate]) -> frozenset[int]:
    return frozenset(received.sender_id for received in updates if received.sender_id is not None)


def anything_to_do(session: Session, now: datetime) -> bool:
    """Return whether `claim` has anything to do; cheap, without locks."""
    return inbox.anything_to_do(session, now, LEASE)


def claim(session: Session, capacity: Capacity, now: datetime) -> list[Claim]:
    """Claim updates to handle, at most one of each line, those of strangers last.

    Those of ended processes are settled first. Nothing is locked if there is nothing to do but to mark answered ones.
    """
    now = shared_now(session, now)
    finish(session, capacity.answered, capacity.shown)
    if not anything_to_do(session, now):
        return []
    for lost in inbox.stranded(session, capacity.holder, now, LEASE, at_most=BATCH):
        interruptions.settle(session, lost, now)
    session.flush()
    return _take(session, capacity, now, set(Standing), {})


def _people(session: Session, telegram_ids: Collection[int]) -> dict[int, Person | None]:
    """Return the active users with these Telegram accounts, None for the accounts of strangers."""
    found = people.by_telegram_ids(session, telegram_ids) if telegram_ids else {}
    return {number: found.get(number) for number in telegram_ids}


def _take(
    session: Session,
    capacity: Capacity,
    now: datetime,
    standings: Collection[Standing],
    senders: Mapping[int, Person | None],
) -> list[Claim]:
    """Claim waiting updates of these standings, with their senders as they are then; `senders` are known already."""
    taken = list[Taken]()
    for group, at_most in ((KNOWN, capacity.at_most), (STRANGERS, capacity.strangers_at_most)):
        left = min(at_most, capacity.at_most - len(taken))
        if left > 0 and not group.isdisjoint(standings):
            leased_until = now + LEASE
            taken += inbox.take(session, capacity.holder, leased_until, group, passing=capacity.passing, at_most=left)
    others = {one.sender_id for one in taken if one.sender_id is not None} - senders.keys()
    found = {**senders, **_people(session, others)}
    return [
        Claim(
            update_id=one.update_id,
            holder=capacity.holder,
            turn=one.turn,
            standing=one.standing,
            body=one.body,
            sender=None if one.sender_id is None else found.get(one.sender_id),
        )
        for one in taken
    ]


def renew(session: Session, holder: str, update_ids: Iterable[int], now: datetime) -> None:
    """Extend the leases of claimed updates. Locked ones are skipped: a running transaction protects them."""
    inbox.renew(session, holder, update_ids, shared_now(session, now) + LEASE)


def put_back(session: Session, holder: str, claims: Iterable[Claim], now: datetime) -> None:
    """Settle claims that their holder could not finish, as those of an ended process, without waiting for their leases.

    Claims that a transaction has locked are left to their leases: it may still be committed.
    """
    now = shared_now(session, now)
    for unfinished in inbox.held(session, holder, {claim.update_id: claim.turn for claim in claims}):
        interruptions.settle(session, unfinished, now)


def carry_out(session: Session, claim: Claim, effect: Callable[[Session], T]) -> T:
    """Run an update's effect, at most once, and mark the update in the same transaction. Raises ClaimLost.

    Of a message, which may be edited, it is also noted which entries of the audit log its effect made first.
    """
    _move(session, claim, UpdateState.CLAIMED, effected=True)
    result = effect(session)
    if kind_of(claim.body) in WRITTEN and (entries := audit_log.added(session)):
        inbox.note_entries(session, claim.update_id, entries[:NOTED])
    return result


def give_up(session: Session, claim: Claim, now: datetime) -> None:
    """Record that an update can't be handled, and notify its sender. Raises ClaimLost."""
    _move(session, claim, *IN_HAND, state=UpdateState.GIVEN_UP)
    if found := inbox.find(session, claim.update_id):
        interruptions.tell_sender(session, found, now)


def begin_answer(session: Session, claim: Claim) -> None:
    """Record that the answer is about to be sent. Raises ClaimLost, in which case it must not be sent."""
    _move(session, claim, *IN_HAND, state=UpdateState.ANSWERING)


def finish(session: Session, claims: Collection[Claim], shown: Iterable[ShownForm] = ()) -> None:
    """Record that a holder's updates are done, and which forms their answers show, and drop their bodies.

    Those that others have taken over stay theirs.
    """
    for form in shown:
        dialogues.note_shown(session, form)
    if claims:
        inbox.finish(session, [(claim.update_id, claim.holder, claim.turn) for claim in claims])


def mark_unconfirmed(session: Session, claim: Claim, now: datetime) -> None:
    """Record that it is unknown whether the answer arrived, and notify the sender. Raises ClaimLost."""
    _move(session, claim, *IN_HAND, state=UpdateState.UNKNOWN)
    if found := inbox.find(session, claim.update_id):
        interruptions.tell_sender(session, found, now)


def is_done_already(session: Session, claim: Claim, now: datetime) -> bool:
    """Return whether the last effect that the sender of a tap had in this chat is that of the same button, just now.

    If the second tap is refused, that is because of the first: a double tap.
    """
    tap = read_update(claim.body)
    earlier = inbox.last_effected(session, tap, now - TAPPED_AGAIN_WITHIN)
    return tap.button is not None and earlier is not None and earlier.button == tap.button


def counts(session: Session) -> dict[str, int]:
    """Count the updates in each state, for the metrics."""
    return inbox.count_by_state(session)


def sweep(session: Session, now: datetime) -> None:
    """Delete the finished updates that are older than KEPT."""
    inbox.sweep(session, now - KEPT)


def _move(session: Session, claim: Claim, *old: UpdateState, **new: object) -> None:
    untouched = new.get("effected") is True  # the effect happens once: if it already has, the claim is lost
    if not inbox.move(session, claim.update_id, claim.holder, claim.turn, old=old, untouched=untouched, **new):
        raise ClaimLost
