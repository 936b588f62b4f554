"""Reminders that a manager sends: to expected people who haven't come, and to learners who are behind.

Nobody gets two on one day, nobody is written to at night or at weekends, and who wants none gets none.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.domain.links import LinkState
from core.domain.outbox import Kind
from core.domain.reminders import KEPT, Occasion, next_moment, useless_from
from core.domain.rosters import RosterOf
from core.errors import LinkClosed, NobodyToRemind, NoMailServer, TooManyMails
from core.services import (
    audit_log,
    link_letters,
    link_mails,
    mail_outbox,
    outbox,
    progress,
    roster_counts,
    roster_holders,
    roster_links,
)
from core.services import profiles as profile_services
from core.services.audit_log import Action, Subject
from core.services.authorisation import authorise
from core.services.link_letters import SENDABLE
from core.services.link_mails import Sending
from core.services.progress import Cohort, Which
from core.services.roster_counts import NONE_EXPECTED
from core.storage import account, mail_days
from core.storage import reminders as stored
from core.storage.progress import count, people_with
from core.storage.reminders import Recipient

OCCASIONS: Mapping[Which, Occasion] = {Which.NOT_STARTED: Occasion.NOT_STARTED, Which.OVERDUE: Occasion.OVERDUE}


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What reminding people would do, and `seen`, which identifies it; nothing is sent yet.

    Of `people`, `new` would get a reminder at a moment (UTC); `reminded` have one on that day, `stopped` want none,
    `without_mail` have no Telegram connected, and there is no mail server; the others can't be reached: they have no
    address, or have an account already. `mails` of the new ones get an e-mail, the others a message in Telegram; `left`
    e-mails can be queued for that day. `closed`: why the link doesn't work, if they need it.
    """

    occasion: Occasion
    people: int
    new: int
    reminded: int
    stopped: int
    without_mail: int
    mails: int
    left: int
    at: datetime
    closed: LinkState | None
    seen: str

    @property
    def unreachable(self) -> int:
        """How many can't be reached, mail server or not."""
        return self.people - self.new - self.reminded - self.stopped - self.without_mail


@dataclass(frozen=True, kw_only=True)
class Reminded:
    """How many people get a reminder, at which moment (UTC), and how many can't get it for want of a mail server."""

    people: int
    at: datetime
    without_mail: int = 0


@dataclass(frozen=True, kw_only=True)
class Queued:
    """How many people get a reminder, and how many get none because too many e-mails are queued on that day."""

    people: int
    refused: int


def preview_missing(
    session: Session, actor_id: int, of: RosterOf, through: int, now: datetime, most: int | None
) -> Preview:
    """Return what reminding a roster's missing people would do, with the link of a profile that leads there.

    Raises ProfileNotFound, ProfileReadOnly, DepartmentGone, RootDepartment.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_holders.find(session, actor, of)
    roster_links.require(session, actor, of, through)
    counts = roster_counts.of_rosters(session, actor, [holder.of]).get(of, NONE_EXPECTED)
    state = link_letters.link_content(session, through, actor_id, now).state
    found = stored.expected_of(session, of, through)
    return _preview(session, found, Occasion.NOT_COME, counts.missing, state, now=now, most=most)


def remind_missing(
    session: Session, actor_id: int, of: RosterOf, through: int, now: datetime, sending: Sending, *, seen: str
) -> Reminded:
    """Queue reminders to a roster's missing people, with the link of a profile that leads there.

    Raises ProfileNotFound, ProfileReadOnly, DepartmentGone, RootDepartment, PreviewOutdated, NoMailServer, LinkClosed,
    NobodyToRemind, TooManyMails.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_holders.find(session, actor, of)
    profile_services.find_for_update(session, actor, through)
    roster_links.require(session, actor, of, through)
    state = link_letters.link_content(session, through, actor_id, now).state
    if state not in SENDABLE:
        raise LinkClosed(state)
    found = stored.expected_of(session, of, through)
    return _remind(session, actor_id, found, Occasion.NOT_COME, holder.subject, sending, now=now, seen=seen)


def preview_behind(
    session: Session, actor_id: int, cohort: Cohort, which: Which, now: datetime, most: int | None
) -> Preview:
    """Return what reminding those of a cohort who are behind would do. Raises ProfileNotFound, DepartmentGone."""
    people, _ = progress.chosen(session, actor_id, cohort)
    behind = people_with(people, which, now)
    found, number = stored.learners(session, behind), count(session, behind)
    return _preview(session, found, OCCASIONS[which], number, None, now=now, most=most)


def remind_behind(
    session: Session, actor_id: int, cohort: Cohort, which: Which, now: datetime, sending: Sending, *, seen: str
) -> Reminded:
    """Queue reminders to those of a cohort who are behind.

    Raises ProfileNotFound, DepartmentGone, PreviewOutdated, NoMailServer, NobodyToRemind, TooManyMails.
    """
    people, subject = progress.chosen(session, actor_id, cohort)
    found = stored.learners(session, people_with(people, which, now))
    return _remind(session, actor_id, found, OCCASIONS[which], subject, sending, now=now, seen=seen)


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
    added, mails = stored.add(session, chosen, day, by_id, now), dict[int, Recipient]()
    for each in chain.from_iterable(chosen.values()):
        number = added.get(each.key)
        if number is not None and each.chat_id is not None and each.user_id is not None:
            outbox.queue(session, each.user_id, each.chat_id, Kind.REMINDER, number, now, not_before=at)
        elif number is not None:
            mails[number] = each
    fitting = mail_days.count_what_fits(session, day, len(mails), most=most)
    kept, refused = list(islice(mails.items(), fitting)), list(islice(mails, fitting, None))
    stored.remove_all(session, refused)
    rows = [
        mail_outbox.reminder(number, each.user_id, each.email, each.language or written_in or language, at, useless)
        for number, each in kept
    ]
    stored.queue(session, rows)
    return Queued(people=len(added) - len(refused), refused=len(refused))


def is_reached(person: Recipient, most: int | None) -> bool:
    """Return whether a person can be written to: without a mail server (`most` None), only in Telegram."""
    return most is not None or person.chat_id is not None


def by_mail(people: Iterable[Recipient]) -> int:
    """Count who gets a reminder by e-mail: the others get it in Telegram."""
    return sum(each.chat_id is None for each in people)


def sweep(session: Session, now: datetime) -> None:
    """Forget who was reminded long ago."""
    stored.sweep(session, (now - KEPT).date())


def _preview(
    session: Session,
    found: Sequence[Recipient],
    occasion: Occasion,
    people: int,
    state: LinkState | None,
    *,
    now: datetime,
    most: int | None,
) -> Preview:
    at = next_moment(now, account.zone(session))
    new, reminded, stopped = _sorted(session, found, at)
    chosen = [each for each in new if is_reached(each, most)]
    return Preview(
        occasion=occasion,
        people=people,
        new=len(chosen),
        reminded=reminded,
        stopped=stopped,
        without_mail=len(new) - len(chosen),
        mails=by_mail(chosen),
        left=link_mails.left_today(session, at, most or 0),
        at=at,
        closed=None if state is None or state in SENDABLE else state,
        seen=_seen(new),
    )


def _remind(
    session: Session,
    actor_id: int,
    found: Sequence[Recipient],
    occasion: Occasion,
    subject: Subject,
    sending: Sending,
    *,
    now: datetime,
    seen: str,
) -> Reminded:
    at, most = next_moment(now, account.zone(session)), sending.most or 0
    new, _, _ = _sorted(session, found, at)
    refuse_if_outdated(seen, _seen(new))
    chosen = [each for each in new if is_reached(each, sending.most)]
    if not chosen:
        raise NoMailServer if new else NobodyToRemind
    done = queue(session, {occasion: chosen}, actor_id, now, at, sending.language, most)
    if done.refused:
        raise TooManyMails(by_mail(chosen), link_mails.left_today(session, at, most), most)
    audit_log.record(session, actor_id, Action.PEOPLE_REMINDED, subject, now, after={"people": done.people})
    return Reminded(people=done.people, at=at, without_mail=len(new) - len(chosen))


def _sorted(session: Session, found: Sequence[Recipient], at: datetime) -> tuple[list[Recipient], int, int]:
    """Return who can be reminded at a moment, how many have a reminder on that day, and how many want none."""
    day = at.astimezone(account.zone(session)).date()
    stopped = stored.stopped(session, found)
    reminded = stored.reminded_on(session, day, found) - stopped
    return [each for each in found if each.key not in reminded | stopped], len(reminded), len(stopped)


def _seen(people: Sequence[Recipient]) -> str:
    return fingerprint([each.email for each in people])
