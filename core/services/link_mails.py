"""Links sent by e-mail: to whom a profile's link was sent, what became of it, and withdrawn."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.contacts import Contact
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.domain.left_out import Group, LeftOut, PeopleLeftOut
from core.domain.link_mails import RESENT_AFTER, Listed, Reached, Waiting
from core.domain.links import LinkState
from core.domain.rosters import RosterOf
from core.errors import LinkClosed, NobodyToSend, NoMailServer, TooManyMails
from core.services import (
    audit_log,
    link_letters,
    mail_outbox,
    roster_additions,
    roster_counts,
    roster_links,
)
from core.services import profiles as profile_services
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.link_letters import SENDABLE
from core.services.roster_additions import NOBODY, TurnedAway
from core.services.roster_counts import NONE_EXPECTED
from core.services.roster_holders import Holder
from core.storage import account, link_mail_states, link_recipients, mail_days, profiles
from core.storage import link_mails as stored
from core.storage.link_mails import Invited, InvitedAgain, ToResend
from core.storage.tables import LinkRecipient, Profile

PAGE = 10
MOST_NAMED = 3  # of whom a question says that they would get the link


@dataclass(frozen=True, kw_only=True)
class Sending:
    """How a link is sent: at most so many messages a day, None: there is no mail server.

    `language` is that of messages if the account has none; `personal`: each gets a link of their own, which works once.
    """

    most: int | None
    language: str
    personal: bool = False


@dataclass(frozen=True, kw_only=True)
class LinkMails:
    """What became of a profile's link sent by e-mail: how many recipients are at each step.

    `resendable` could get it again now, the first MOST_NAMED of whom are `named`; `withdrawable` haven't signed up;
    `missing` are those of the roster who haven't come. `left_out` names those who could get it again, but whom a list
    refuses, and `unlisted` whose list that is. `places` are left in the profile; None: it has no limit. `waiting` is
    the message that is queued longest. `seen` identifies whom resending would reach, `seen_withdrawable` from whom it
    can be withdrawn. `only_withdrawable` is the name or address of a person who is the only one. `of`: the roster that
    was asked about, named `list_name`: of its people alone are those who could get it again, and who are missing; None:
    all could get it again, and the roster is the profile's.
    """

    profile_id: int
    profile_name: str
    state: LinkState
    reached: Mapping[Reached, int]
    resendable: int
    places: int | None
    missing: int
    seen: str
    seen_withdrawable: str
    named: tuple[Contact, ...] = ()
    only_withdrawable: str | None = None
    left_out: PeopleLeftOut = field(default_factory=dict)
    unlisted: TurnedAway = NOBODY
    waiting: Waiting | None = None
    of: RosterOf | None = None
    list_name: str = ""

    @property
    def only_resendable(self) -> str | None:
        """The name or address of the only person who could get it again; None if nobody is."""
        if self.resendable != 1 or self.left_out:
            return None
        [person] = self.named
        return person.name or person.email

    @property
    def recipients(self) -> int:
        """To how many the link was sent."""
        return sum(self.reached.values())

    @property
    def withdrawable(self) -> int:
        """From how many the link can be withdrawn."""
        return sum(self.reached.get(each, 0) for each in Reached if each not in (Reached.SIGNED_UP, Reached.WITHDRAWN))


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """A person who got a link, or is to get it.

    `reason`: why it was refused, or not sent; `waiting`: since when and why their message waits.
    """

    number: int
    name: str
    email: str
    reached: Reached
    reason: str | None
    waiting: Waiting | None = None


@dataclass(frozen=True, kw_only=True)
class Recipients:
    """Some of those to whom a link is sent; `last` is the next page's `after`, None on the last page.

    `hidden`: how many more signed up whom the viewer may not see, if it is about who signed up.
    """

    profile_id: int
    profile_name: str
    people: tuple[Recipient, ...]
    last: int | None
    hidden: int = 0


def show(session: Session, actor_id: int, profile_id: int, now: datetime, *, of: RosterOf | None = None) -> LinkMails:
    """Return what became of a profile's link sent by e-mail; `of`: the roster to whose people it can be sent again.

    Raises ProfileNotFound, ProfileReadOnly, and of a roster DepartmentGone, RootDepartment, LinkLeadsElsewhere.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profile_services.editable(session, actor, profile_id)
    return summary(session, actor, profile, now, holder_of(session, actor, of, profile_id))


def recipients(
    session: Session,
    actor_id: int,
    profile_id: int,
    *,
    which: Listed = Listed.NOT_COME,
    after: int = 0,
    size: int = PAGE,
) -> Recipients:
    """Return some of those who haven't signed up, couldn't be reached, or signed up and may be seen by the actor.

    Raises ProfileNotFound, ProfileReadOnly.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profile_services.editable(session, actor, profile_id)
    found = link_mail_states.page(session, actor.scope, profile_id, which=which, after=after, size=size + 1)
    return Recipients(
        profile_id=profile_id,
        profile_name=profile.name,
        people=tuple(Recipient(**vars(each)) for each in found[:size]),
        last=found[size - 1].number if len(found) > size else None,
        hidden=link_mail_states.hidden(session, actor.scope, profile_id) if which is Listed.SIGNED_UP else 0,
    )


def withdraw(session: Session, actor_id: int, profile_id: int, now: datetime, *, seen: str | None = None) -> LinkMails:
    """Send the link no longer to those who haven't signed up.

    Raises ProfileNotFound, ProfileReadOnly, and PreviewOutdated if they are others than what was `seen`.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profile_services.find_for_update(session, actor, profile_id)
    refuse_if_outdated(seen, fingerprint(stored.withdrawable(session, profile_id)))
    number, unsent = stored.withdraw(session, profile_id, now)
    zone = account.zone(session)
    for day, mails in Counter(each.astimezone(zone).date() for each in unsent).items():
        mail_days.give_back(session, day, mails)
    after = {"addresses": number}
    audit_log.record(session, actor_id, Action.LINK_WITHDRAWN, profile_services.subject(profile), now, after=after)
    return summary(session, actor, profile, now)


def sweep(session: Session, now: datetime) -> None:
    """Delete the recipients of links that are no longer needed, as rosters are."""
    kept = timedelta(days=account.load(session).lists_kept_days)
    link_recipients.sweep(session, now - kept, now)
    mail_days.sweep(session, (now - timedelta(days=2)).date())


def holder_of(session: Session, actor: Actor, of: RosterOf | None, profile_id: int) -> Holder | None:
    """Find the roster from whose screen a link is sent; None: it is sent from the profile's.

    Raises what `roster_links.require` raises: so before anything is done.
    """
    return None if of is None else roster_links.require(session, actor, of, profile_id)


def summary(session: Session, actor: Actor, profile: Profile, now: datetime, holder: Holder | None = None) -> LinkMails:
    """Return what became of the link of a profile that the actor may edit; `holder`: as `holder_of` found it.

    Rights are not checked here.
    """
    of = holder.of if holder else None
    content = link_letters.link_content(session, profile.id, actor.user_id, now)
    found, roster = candidates(session, actor, profile.id, now, of), of or RosterOf(profile_id=profile.id)
    away = found.turned_away
    return LinkMails(
        profile_id=profile.id,
        profile_name=profile.name,
        state=content.state,
        reached=link_mail_states.counts(session, actor.scope, profile.id),
        resendable=len(found.let_in),
        places=profiles.facts(profile, sign_up_enabled=True).places_left,
        missing=roster_counts.of_rosters(session, actor, [roster]).get(roster, NONE_EXPECTED).missing,
        seen=fingerprint(sorted(addresses_of(found.let_in))),
        seen_withdrawable=fingerprint(stored.withdrawable(session, profile.id)),
        named=tuple(map(_contact, found.let_in[:MOST_NAMED])),
        only_withdrawable=_name_of_one(stored.awaited(session, profile.id, at_most=2)),
        left_out={LeftOut.NOT_LISTED: Group(people=tuple(map(_contact, away)))} if away else {},
        unlisted=roster_additions.unlisted(session, actor, profile.id, [each.email for each in away]),
        waiting=link_mail_states.longest_waiting(session, profile.id),
        of=of,
        list_name=holder.name if holder else "",
    )


def candidates(session: Session, actor: Actor, profile_id: int, now: datetime, of: RosterOf | None) -> ToResend:
    """Return to whom a profile's link could be sent again; `of`: to whom of a roster. Rights are not checked here."""
    return stored.to_resend(session, actor.scope, profile_id, now - RESENT_AFTER, of=of)


def addresses_of(people: Iterable[InvitedAgain]) -> dict[int, str]:
    """Return addresses by the numbers of recipients."""
    return {each.number: each.email for each in people}


def _contact(person: Invited) -> Contact:
    return Contact(name=person.full_name, email=person.email)


def _name_of_one(people: Sequence[LinkRecipient]) -> str | None:
    """Return the name or address of a person who is the only one; None if nobody is."""
    return people[0].full_name or people[0].email if len(people) == 1 else None


def left_today(session: Session, now: datetime, most: int) -> int:
    """Return how many messages with links can still be queued on this day of the account's zone."""
    return max(0, most - mail_days.counted(session, now.astimezone(account.zone(session)).date()))


def queue(
    session: Session,
    by_id: int,
    profile: Profile,
    addresses: Mapping[int, str],
    now: datetime,
    sending: Sending,
) -> None:
    """Queue the link of a locked profile for recipients, by their numbers. Rights are not checked here.

    Raises NoMailServer, LinkClosed, NobodyToSend, TooManyMails.
    """
    if (most := sending.most) is None:
        raise NoMailServer
    state = link_letters.link_content(session, profile.id, by_id, now).state
    if state not in SENDABLE:
        raise LinkClosed(state)
    if not addresses:
        raise NobodyToSend
    if not mail_days.count(session, now.astimezone(account.zone(session)).date(), len(addresses), most=most):
        raise TooManyMails(len(addresses), left_today(session, now, most), most)
    written_in = account.public(session).language or sending.language
    mails = [mail_outbox.link_mail(number, email, written_in, now) for number, email in addresses.items()]
    stored.queue(session, mails)
