"""What reminding people would do: who of them gets a reminder and who is left out, and why; and the reminders."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.contacts import Contact
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.domain.left_out import Group, LeftOut, PeopleLeftOut
from core.domain.links import LinkState
from core.domain.reminders import Occasion, next_moment
from core.errors import NobodyToRemind, NoMailServer, TooManyMails
from core.services import audit_log, link_mails
from core.services.audit_log import Action, Subject
from core.services.link_letters import SENDABLE
from core.services.link_mails import Sending
from core.services.reminder_choices import is_enough
from core.services.reminder_queue import by_mail, is_reached, queue
from core.services.roster_additions import NOBODY, TurnedAway
from core.storage import account
from core.storage import reminders as stored
from core.storage.reminder_candidates import Candidate
from core.storage.reminders import Recipient

MOST_NAMED = 7  # in a preview


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What reminding people would do, and `seen`, which identifies it; nothing is sent yet.

    Of `people`, `new` would get a reminder at a moment (UTC); `reminded` have one on that day, `stopped` want none,
    `enough` had as many in a row as anybody gets, `without_mail` have no Telegram connected, and there is no mail
    server; others would be turned away by the link, or it was withdrawn from them; the rest can't be reached: they have
    no address, or have an account already. `mails` of the new ones get an e-mail, the others a message in Telegram;
    `left` e-mails can be queued for that day. `closed`: why the link doesn't work, if they need it. `named` are the
    names and addresses of the first MOST_NAMED of the new ones, and `left_out` those of all who get nothing, as far as
    they could be reached. `unlisted` are those whom rosters would turn away.
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
    unlisted: TurnedAway

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
class Wanted:
    """Whom a manager wants to remind: so many people, of whom those `found` can be reminded.

    `link` is the state of the link that they need, None if they need none; `without_link` are those whom it wouldn't
    help, and `unlisted` is as in the preview.
    """

    occasion: Occasion
    people: int
    found: Sequence[Candidate]
    link: LinkState | None = None
    without_link: Mapping[LeftOut, Sequence[Recipient]] = field(default_factory=dict)
    unlisted: TurnedAway = NOBODY


@dataclass(frozen=True, kw_only=True)
class _Sorted:
    """Who can be reminded at a moment, who has a reminder on that day, wants none, or had enough in a row."""

    new: Sequence[Recipient]
    reminded: Sequence[Recipient]
    stopped: Sequence[Recipient]
    enough: Sequence[Recipient]


def preview(session: Session, wanted: Wanted, now: datetime, most: int | None) -> Preview:
    """Return what reminding people would do, if so many e-mails can be queued for a day; None: no mail server.

    Rights are not checked here.
    """
    at = next_moment(now, account.zone(session))
    parted = _sorted(session, wanted.found, at)
    chosen = [each for each in parted.new if is_reached(each, most)]
    return Preview(
        occasion=wanted.occasion,
        people=wanted.people,
        new=len(chosen),
        reminded=len(parted.reminded),
        stopped=len(parted.stopped),
        enough=len(parted.enough),
        without_mail=len(parted.new) - len(chosen),
        mails=by_mail(chosen),
        left=link_mails.left_today(session, at, most or 0),
        at=at,
        closed=None if wanted.link in SENDABLE else wanted.link,
        seen=_seen(parted.new),
        named=_named(chosen[:MOST_NAMED]),
        left_out=_left_out(parted, wanted.without_link, [each for each in parted.new if not is_reached(each, most)]),
        unlisted=wanted.unlisted,
    )


def remind(
    session: Session,
    found: Sequence[Candidate],
    occasion: Occasion,
    subject: Subject,
    by_id: int,
    sending: Sending,
    *,
    now: datetime,
    seen: str,
) -> Reminded:
    """Queue the reminders that a preview was about.

    Rights are not checked here. Raises PreviewOutdated, NoMailServer, NobodyToRemind, TooManyMails.
    """
    at, most = next_moment(now, account.zone(session)), sending.most or 0
    new = _sorted(session, found, at).new
    refuse_if_outdated(seen, _seen(new))
    chosen = [each for each in new if is_reached(each, sending.most)]
    if not chosen:
        raise NoMailServer if new else NobodyToRemind
    done = queue(session, {occasion: chosen}, by_id, now, at, sending.language, most)
    if done.refused:
        raise TooManyMails(by_mail(chosen), done.mails, most)  # those that fitted are all that were left
    audit_log.record(session, by_id, Action.PEOPLE_REMINDED, subject, now, after={"people": done.people})
    return Reminded(people=done.people, at=at, without_mail=len(new) - len(chosen))


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
