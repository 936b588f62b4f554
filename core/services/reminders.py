"""Reminders that a manager sends: to expected people who haven't come, and to learners who are behind.

Nobody gets two on one day or more than three in a row, nobody is written to at night or at weekends, and who wants none
gets none.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.contacts import Contact
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.domain.left_out import Group, LeftOut, PeopleLeftOut
from core.domain.links import LinkState
from core.domain.reminders import KEPT, Occasion, next_moment
from core.domain.rosters import RosterOf
from core.errors import LinkClosed, NobodyToRemind, NoMailServer, TooManyMails
from core.services import (
    audit_log,
    link_letters,
    link_mails,
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
from core.services.reminder_choices import is_enough
from core.services.reminder_queue import by_mail, is_reached, queue
from core.services.roster_counts import NONE_EXPECTED
from core.storage import account, profiles, reminder_candidates, reminders_to_expected
from core.storage import reminders as stored
from core.storage.progress import count, people_with
from core.storage.reminder_candidates import Candidate
from core.storage.reminders import Recipient

MOST_NAMED = 7  # in a preview

OCCASIONS: Mapping[Which, Occasion] = {Which.NOT_STARTED: Occasion.NOT_STARTED, Which.OVERDUE: Occasion.OVERDUE}


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What reminding people would do, and `seen`, which identifies it; nothing is sent yet.

    Of `people`, `new` would get a reminder at a moment (UTC); `reminded` have one on that day, `stopped` want none,
    `enough` had as many in a row as anybody gets, `without_mail` have no Telegram connected, and there is no mail
    server; others would be turned away by the link, or it was withdrawn from them; the rest can't be reached: they have
    no address, or have an account already. `mails` of the new ones get an e-mail, the others a message in Telegram;
    `left` e-mails can be queued for that day. `closed`: why the link doesn't work, if they need it. `named` are the
    names and addresses of the first MOST_NAMED of the new ones, and `left_out` those of all who get nothing, as far as
    they could be reached.
    """

    occasion: Occasion
    people: int
    new: int
    reminded: int
    stopped: int
    enough: int
    without_mail: int
    mails: int
    left: int
    at: datetime
    closed: LinkState | None
    seen: str
    named: tuple[Contact, ...]
    left_out: PeopleLeftOut

    @property
    def unreachable(self) -> int:
        """How many can't be reached, mail server or not."""
        return self.people - self.new - sum(group.number for group in self.left_out.values())


@dataclass(frozen=True, kw_only=True)
class Reminded:
    """How many people get a reminder, at which moment (UTC), and how many can't get it for want of a mail server."""

    people: int
    at: datetime
    without_mail: int = 0


@dataclass(frozen=True, kw_only=True)
class _Sorted:
    """Who can be reminded at a moment, who has a reminder on that day, wants none, or had enough in a row."""

    new: Sequence[Recipient]
    reminded: Sequence[Recipient]
    stopped: Sequence[Recipient]
    enough: Sequence[Recipient]


def preview_missing(
    session: Session,
    actor_id: int,
    of: RosterOf,
    through: int,
    now: datetime,
    most: int | None,
    *,
    chosen: Collection[int] | None = None,
) -> Preview:
    """Return what reminding a roster's missing people would do, with the link of a profile that leads there.

    `chosen` are the numbers of those on the list who are to be reminded, None: all are. Raises ProfileNotFound,
    ProfileReadOnly, DepartmentGone, RootDepartment.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_holders.find(session, actor, of)
    roster_links.require(session, actor, of, through)
    counts = roster_counts.of_rosters(session, actor, [holder.of]).get(of, NONE_EXPECTED)
    number = counts.missing if chosen is None else len(chosen)
    state = link_letters.link_content(session, through, actor_id, now).state
    found = _among(_expected(session, of, through, now), chosen)
    without_link = {
        reason: [each for each in people if chosen is None or each.number in chosen]
        for reason, people in reminders_to_expected.without_link(session, of, through).items()
    }
    return _preview(session, found, Occasion.NOT_COME, number, state, without_link, now=now, most=most)


def remind_missing(
    session: Session,
    actor_id: int,
    of: RosterOf,
    through: int,
    now: datetime,
    sending: Sending,
    *,
    seen: str,
    chosen: Collection[int] | None = None,
) -> Reminded:
    """Queue reminders to a roster's missing people, with the link of a profile that leads there.

    `chosen` as in the preview. Raises ProfileNotFound, ProfileReadOnly, DepartmentGone, RootDepartment,
    PreviewOutdated, NoMailServer, LinkClosed, NobodyToRemind, TooManyMails.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_holders.find(session, actor, of)
    profile_services.find_for_update(session, actor, through)
    roster_links.require(session, actor, of, through)
    state = link_letters.link_content(session, through, actor_id, now).state
    if state not in SENDABLE:
        raise LinkClosed(state)
    found = _among(_expected(session, of, through, now), chosen)
    return _remind(session, actor_id, found, Occasion.NOT_COME, holder.subject, sending, now=now, seen=seen)


def preview_behind(
    session: Session,
    actor_id: int,
    cohort: Cohort,
    which: Which,
    now: datetime,
    most: int | None,
    *,
    chosen: Collection[int] | None = None,
) -> Preview:
    """Return what reminding those of a cohort who are behind would do, or those `chosen` of them, by number.

    Raises ProfileNotFound, DepartmentGone.
    """
    people, _ = progress.chosen(session, actor_id, cohort)
    behind = people_with(people, which, now, cohort.course_id)
    found = _among(reminder_candidates.behind(session, behind), chosen)
    number = count(session, behind) if chosen is None else len(chosen)
    return _preview(session, found, OCCASIONS[which], number, None, {}, now=now, most=most)


def remind_behind(
    session: Session,
    actor_id: int,
    cohort: Cohort,
    which: Which,
    now: datetime,
    sending: Sending,
    *,
    seen: str,
    chosen: Collection[int] | None = None,
) -> Reminded:
    """Queue reminders to those of a cohort who are behind, or to those `chosen` of them, by number.

    Raises ProfileNotFound, DepartmentGone, PreviewOutdated, NoMailServer, NobodyToRemind, TooManyMails.
    """
    people, subject = progress.chosen(session, actor_id, cohort)
    found = _among(reminder_candidates.behind(session, people_with(people, which, now, cohort.course_id)), chosen)
    return _remind(session, actor_id, found, OCCASIONS[which], subject, sending, now=now, seen=seen)


def sweep(session: Session, now: datetime) -> None:
    """Forget who was reminded long ago."""
    stored.sweep(session, (now - KEPT).date())


def _preview(
    session: Session,
    found: Sequence[Candidate],
    occasion: Occasion,
    people: int,
    state: LinkState | None,
    without_link: Mapping[LeftOut, Sequence[Recipient]],
    *,
    now: datetime,
    most: int | None,
) -> Preview:
    at = next_moment(now, account.zone(session))
    parted = _sorted(session, found, at)
    chosen = [each for each in parted.new if is_reached(each, most)]
    return Preview(
        occasion=occasion,
        people=people,
        new=len(chosen),
        reminded=len(parted.reminded),
        stopped=len(parted.stopped),
        enough=len(parted.enough),
        without_mail=len(parted.new) - len(chosen),
        mails=by_mail(chosen),
        left=link_mails.left_today(session, at, most or 0),
        at=at,
        closed=None if state is None or state in SENDABLE else state,
        seen=_seen(parted.new),
        named=_named(chosen[:MOST_NAMED]),
        left_out=_left_out(parted, without_link, [each for each in parted.new if not is_reached(each, most)]),
    )


def _remind(
    session: Session,
    actor_id: int,
    found: Sequence[Candidate],
    occasion: Occasion,
    subject: Subject,
    sending: Sending,
    *,
    now: datetime,
    seen: str,
) -> Reminded:
    at, most = next_moment(now, account.zone(session)), sending.most or 0
    new = _sorted(session, found, at).new
    refuse_if_outdated(seen, _seen(new))
    chosen = [each for each in new if is_reached(each, sending.most)]
    if not chosen:
        raise NoMailServer if new else NobodyToRemind
    done = queue(session, {occasion: chosen}, actor_id, now, at, sending.language, most)
    if done.refused:
        raise TooManyMails(by_mail(chosen), done.mails, most)  # those that fitted are all that were left
    audit_log.record(session, actor_id, Action.PEOPLE_REMINDED, subject, now, after={"people": done.people})
    return Reminded(people=done.people, at=at, without_mail=len(new) - len(chosen))


def _expected(session: Session, of: RosterOf, through: int, now: datetime) -> Sequence[Candidate]:
    """List a roster's people who can be reminded with the link of a profile that leads there."""
    [profile] = profiles.by_numbers(session, [through])
    return reminder_candidates.expected_of(session, of, profile, now)


def _among(found: Sequence[Candidate], chosen: Collection[int] | None) -> Sequence[Candidate]:
    """Return those of the people who were chosen; None: all."""
    wanted = None if chosen is None else frozenset(chosen)
    return [each for each in found if wanted is None or each.recipient.number in wanted]


def _sorted(session: Session, found: Sequence[Candidate], at: datetime) -> _Sorted:
    """Part people by whether they can be reminded at a moment."""
    day, people = at.astimezone(account.zone(session)).date(), [each.recipient for each in found]
    stopped = stored.stopped(session, people)
    reminded = stored.reminded_on(session, day, people) - stopped
    left = [each for each in found if each.recipient.key not in reminded | stopped]
    return _Sorted(
        new=[each.recipient for each in left if not is_enough(each, at)],
        reminded=[each for each in people if each.key in reminded],
        stopped=[each for each in people if each.key in stopped],
        enough=[each.recipient for each in left if is_enough(each, at)],
    )


def _left_out(
    parted: _Sorted, without_link: Mapping[LeftOut, Sequence[Recipient]], without_mail: Sequence[Recipient]
) -> PeopleLeftOut:
    groups = {
        **without_link,
        LeftOut.REMINDED: parted.reminded,
        LeftOut.STOPPED: parted.stopped,
        LeftOut.ENOUGH: parted.enough,
        LeftOut.WITHOUT_MAIL: without_mail,
    }
    return {reason: Group(people=_named(left)) for reason, left in groups.items() if left}


def _named(people: Iterable[Recipient]) -> tuple[Contact, ...]:
    return tuple(Contact(name=each.name, email=each.email) for each in people)


def _seen(people: Sequence[Recipient]) -> str:
    return fingerprint([each.email for each in people])
