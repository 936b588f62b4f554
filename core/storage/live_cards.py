"""Queries on live cards."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from core.storage.prepared import rows
from core.storage.tables import LiveCard, Profile

NOT_SHOWN = ""  # in place of a fingerprint: the card is to be sent anew


@dataclass(frozen=True)
class Shown:
    """What cards of a profile show: a fingerprint; `stopped`: they are to say that they were taken out."""

    profile_id: int
    stopped: bool
    what: str


def _editable() -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a card can be edited: it hasn't ended, and its message is known or to be sent."""
    known = or_(LiveCard.inline_message_id.is_not(None), LiveCard.message_id.is_not(None), LiveCard.shown == NOT_SHOWN)
    return LiveCard.ended_at.is_(None), known


def shown(session: Session, now: datetime) -> list[Shown]:
    """List what the cards that may be edited by now show, each once."""
    return [Shown(profile_id, stopped, what) for profile_id, stopped, what in rows(session, _SHOWN, now=now)]


def claim(session: Session, outdated: Shown, now: datetime, next_at: datetime, *, at_most: int) -> list[LiveCard]:
    """Claim cards that show something outdated, the longest waiting first, until `next_at`.

    One conditional UPDATE: of concurrent processes one gets a card, because the others find it claimed.
    """
    due = (
        LiveCard.profile_id == outdated.profile_id,
        LiveCard.stopped == outdated.stopped,
        LiveCard.shown == outdated.what,
        LiveCard.next_at <= now,
        *_editable(),
    )
    first = select(LiveCard.id).where(*due).order_by(LiveCard.next_at, LiveCard.id).limit(at_most)
    claiming = update(LiveCard).where(LiveCard.id.in_(first), *due).values(next_at=next_at).returning(LiveCard)
    return list(session.scalars(claiming, execution_options={"populate_existing": True}))


def edited(session: Session, card_id: int, what: str, next_at: datetime) -> None:
    """Keep what a card shows now, and when it can be edited next."""
    session.execute(update(LiveCard).where(LiveCard.id == card_id).values(shown=what, next_at=next_at))


def postpone(session: Session, card_id: int, next_at: datetime) -> None:
    """Keep when a card can be edited next."""
    session.execute(update(LiveCard).where(LiveCard.id == card_id).values(next_at=next_at))


def sent(session: Session, card_id: int, message_id: int) -> None:
    """Keep the number of the message that shows a card."""
    session.execute(update(LiveCard).where(LiveCard.id == card_id).values(message_id=message_id))


def end(session: Session, card_id: int, now: datetime) -> LiveCard | None:
    """End a card, and return it; None if it has ended already."""
    ending = update(LiveCard).where(LiveCard.id == card_id, LiveCard.ended_at.is_(None)).values(ended_at=now)
    return session.scalars(ending.returning(LiveCard)).one_or_none()


def end_in_chat(session: Session, chat_id: int, now: datetime) -> list[LiveCard]:
    """End the cards in a group, and return them."""
    ending = update(LiveCard).where(LiveCard.chat_id == chat_id, LiveCard.ended_at.is_(None)).values(ended_at=now)
    return list(session.scalars(ending.returning(LiveCard)))


def move_chat(session: Session, old_id: int, new_id: int, now: datetime) -> None:
    """Let the cards in a group be sent anew to another one; those that end, or are there already, end now."""
    there = select(LiveCard.profile_id).where(LiveCard.chat_id == new_id, LiveCard.ended_at.is_(None))
    here = LiveCard.chat_id == old_id, LiveCard.ended_at.is_(None)
    over = or_(LiveCard.stopped, LiveCard.profile_id.in_(there))
    session.execute(update(LiveCard).where(*here, over).values(ended_at=now))
    anew = {"chat_id": new_id, "thread_id": None, "message_id": None, "shown": NOT_SHOWN, "next_at": now}
    session.execute(update(LiveCard).where(*here).values(anew))


def begin_sending(session: Session, card_id: int, what: str) -> bool:
    """Keep what a card shows that is sent anew now; return False if it isn't to be sent any more."""
    unsent = LiveCard.id == card_id, LiveCard.ended_at.is_(None), LiveCard.shown == NOT_SHOWN
    sending = update(LiveCard).where(*unsent, LiveCard.message_id.is_(None)).values(shown=what)
    return session.scalars(sending.returning(LiveCard.id)).one_or_none() is not None


def send_later(session: Session, card_id: int, next_at: datetime) -> None:
    """Let a card that certainly was not sent be sent at `next_at` or later."""
    unsent = LiveCard.id == card_id, LiveCard.message_id.is_(None)
    session.execute(update(LiveCard).where(*unsent).values(shown=NOT_SHOWN, next_at=next_at))


def in_chat(session: Session, chat_id: int, profile_id: int) -> LiveCard | None:
    """Lock the card of a profile in a group; None if it has none there."""
    return session.scalars(_in_groups(profile_id).where(LiveCard.chat_id == chat_id).with_for_update()).one_or_none()


def in_groups(session: Session, profile_id: int) -> list[LiveCard]:
    """List the cards of a profile in groups, the oldest first, without those that are to end."""
    return list(session.scalars(_in_groups(profile_id).where(LiveCard.stopped.is_(False)).order_by(LiveCard.id)))


def by_number(session: Session, card_id: int) -> LiveCard | None:
    """Return a card in a group by its number, unless it has ended or is to end."""
    query = select(LiveCard).where(LiveCard.id == card_id, LiveCard.ended_at.is_(None), LiveCard.chat_id.is_not(None))
    return session.scalars(query.where(LiveCard.stopped.is_(False)).with_for_update()).one_or_none()


def of_message(session: Session, inline_message_id: str) -> LiveCard | None:
    """Return the card that a person sent via the bot as this message."""
    return session.scalars(select(LiveCard).where(LiveCard.inline_message_id == inline_message_id)).one_or_none()


def sweep(session: Session, before: datetime) -> None:
    """Delete the cards that ended before a moment, and those of profiles that did."""
    over = select(Profile.id).where(or_(Profile.ends_at < before, Profile.removed_at < before))
    session.execute(delete(LiveCard).where(or_(LiveCard.ended_at < before, LiveCard.profile_id.in_(over))))


def _in_groups(profile_id: int) -> Select[LiveCard]:
    return select(LiveCard).where(
        LiveCard.profile_id == profile_id, LiveCard.chat_id.is_not(None), LiveCard.ended_at.is_(None)
    )


_SHOWN = (
    select(LiveCard.profile_id, LiveCard.stopped, LiveCard.shown)
    .where(*_editable(), LiveCard.next_at <= bindparam("now"))
    .distinct()
)
