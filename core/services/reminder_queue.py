"""Reminders queued: in Telegram for whoever connected it, by e-mail for the others; whoever sends them, once a day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice

from sqlalchemy.orm import Session

from core.domain.outbox import Kind
from core.domain.reminders import Occasion, useless_from
from core.services import mail_outbox, outbox
from core.storage import account, mail_days
from core.storage import reminders as stored
from core.storage.reminders import Recipient


@dataclass(frozen=True, kw_only=True)
class Queued:
    """How many people get a reminder, `mails` of them by e-mail; `refused` get none: the day has no e-mails left."""

    people: int
    mails: int
    refused: int


def queue(
    session: Session,
    chosen: Mapping[Occasion, Sequence[Recipient]],
    by_id: int | None,
    now: datetime,
    at: datetime,
    language: str,
    most: int,
) -> Queued:
    """Queue reminders that people can get at a moment, `most` e-mails with links a day. Rights are not checked here.

    Who has a reminder on that day already gets none. Who connected their Telegram gets it there, others by e-mail.
    """
    zone, written_in = account.zone(session), account.public(session).language
    day, useless = at.astimezone(zone).date(), useless_from(at, zone)
    added = stored.add(session, chosen, day, by_id, now)
    mails = _queue_in_chat(session, chain.from_iterable(chosen.values()), added, now, at)
    fitting = mail_days.count_what_fits(session, day, len(mails), most=most)
    kept, refused = list(islice(mails.items(), fitting)), list(islice(mails, fitting, None))
    stored.remove_all(session, refused)
    rows = [
        mail_outbox.reminder(number, each.user_id, each.email, each.language or written_in or language, at, useless)
        for number, each in kept
    ]
    stored.queue(session, rows)
    return Queued(people=len(added) - len(refused), mails=len(kept), refused=len(refused))


def _queue_in_chat(
    session: Session, people: Iterable[Recipient], added: Mapping[str, int], now: datetime, at: datetime
) -> dict[int, Recipient]:
    """Queue reminders for those who connected their Telegram; return the others by the numbers of their reminders."""
    mails = dict[int, Recipient]()
    for each in people:
        number = added.get(each.key)
        if number is not None and each.chat_id is not None and each.user_id is not None:
            outbox.queue(session, each.user_id, each.chat_id, Kind.REMINDER, number, now, not_before=at)
        elif number is not None:
            mails[number] = each
    return mails


def is_reached(person: Recipient, most: int | None) -> bool:
    """Return whether a person can be written to: without a mail server (`most` None), only in Telegram."""
    return most is not None or person.chat_id is not None


def by_mail(people: Iterable[Recipient]) -> int:
    """Count who gets a reminder by e-mail: the others get it in Telegram."""
    return sum(each.chat_id is None for each in people)
