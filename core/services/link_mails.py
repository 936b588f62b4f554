"""Links sent by e-mail: to whom a profile's link was sent, what became of it, sent again and withdrawn."""

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
from core.services import audit_log, link_letters, mail_outbox, roster_additions, roster_counts
from core.services import profiles as profile_services
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.link_letters import SENDABLE
from core.services.roster_counts import NONE_EXPECTED
from core.storage import account, link_mail_states, link_recipients, mail_days
from core.storage import link_mails as stored
from core.storage.link_mails import Invited
from core.storage.tables import LinkRecipient, Profile

PAGE = 10


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

    `resendable` could get it again now, `withdrawable` haven't signed up; `missing` are those of the roster who
    haven't come. `left_out` names those who could get it again, but whom a list refuses; `unlisted` identifies them if
    the actor may add them to all such lists, else it is empty. `waiting` is the message that is queued longest.
    `seen` identifies whom resending would reach, `seen_withdrawable` from whom it can be withdrawn.
    `only_resendable` and `only_withdrawable` are the name or address of a person who is the only one.
    """

    profile_id: int
    profile_name: str
    state: LinkState
    reached: Mapping[Reached, int]
    resendable: int
    missing: int
    seen: str
    seen_withdrawable: str
    only_resendable: str | None = None
    only_withdrawable: str | None = None
    left_out: PeopleLeftOut = field(default_factory=dict)
    unlisted: str = ""
    waiting: Waiting | None = None

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

    `reason`: why they couldn't be reached; `waiting`: since when and why their message waits.
    """

    number: int
    name: str
    email: str
    reached: Reached
    reason: str | None
    waiting: Waiting | None = None


@dataclass(frozen=True, kw_only=True)
class Recipients:
    """Some of those to whom a link is sent; `last` is the next page's `after`, None on the last page."""

    profile_id: int
    profile_name: str
    people: tuple[Recipient, ...]
    last: int | None


def show(session: Session, actor_id: int, profile_id: int, now: datetime) -> LinkMails:
    """Return what became of a profile's link sent by e-mail. Raises ProfileNotFound, ProfileReadOnly."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    return summary(session, actor, profile_services.editable(session, actor, profile_id), now)


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
    )


def resend(
    session: Session,
    actor_id: int,
    profile_id: int,
    now: datetime,
    sending: Sending,
    *,
    seen: str,
) -> LinkMails:
    """Queue the link again, personal or not as before, for those who haven't signed up and weren't written to lately.

    Raises NoMailServer, ProfileNotFound, ProfileReadOnly, PreviewOutdated, LinkClosed, NobodyToSend, TooManyMails.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profile_services.find_for_update(session, actor, profile_id)
    found = _addresses(stored.to_resend(session, actor.scope, profile_id, now - RESENT_AFTER).let_in)
    refuse_if_outdated(seen, fingerprint(sorted(found)))
    queue(session, actor_id, profile, found, now, sending)
    after = {"addresses": len(found)}
    audit_log.record(session, actor_id, Action.LINK_RESENT, profile_services.subject(profile), now, after=after)
    return summary(session, actor, profile, now)


def add_to_lists(session: Session, actor_id: int, profile_id: int, now: datetime, *, seen: str) -> LinkMails:
    """Put those who could get the link again on the rosters that would turn them away.

    Raises ProfileNotFound, ProfileReadOnly, PreviewOutdated, DepartmentGone, ListTooLong.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profile_services.editable(session, actor, profile_id)
    away = stored.to_resend(session, actor.scope, profile_id, now - RESENT_AFTER).turned_away
    people = [Invited(email=each.email, first_name=each.first_name, last_name=each.last_name) for each in away]
    roster_additions.add(session, actor, profile_id, people, now, seen=seen)
    return summary(session, actor, profile, now)


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


def summary(session: Session, actor: Actor, profile: Profile, now: datetime) -> LinkMails:
    """Return what became of the link of a profile that the actor may edit. Rights are not checked here."""
    content = link_letters.link_content(session, profile.id, actor.user_id, now)
    found, own = stored.to_resend(session, actor.scope, profile.id, now - RESENT_AFTER), RosterOf(profile_id=profile.id)
    away = found.turned_away
    return LinkMails(
        profile_id=profile.id,
        profile_name=profile.name,
        state=content.state,
        reached=link_mail_states.counts(session, actor.scope, profile.id),
        resendable=len(found.let_in),
        missing=roster_counts.of_rosters(session, actor, [own]).get(own, NONE_EXPECTED).missing,
        seen=fingerprint(sorted(_addresses(found.let_in))),
        seen_withdrawable=fingerprint(stored.withdrawable(session, profile.id)),
        only_resendable=None if away else _name_of_one(found.let_in),
        only_withdrawable=_name_of_one(stored.awaited(session, profile.id, at_most=2)),
        left_out={LeftOut.NOT_LISTED: Group(people=tuple(map(_contact, away)))} if away else {},
        unlisted=roster_additions.unlisted(session, actor, profile.id, [each.email for each in away]),
        waiting=link_mail_states.longest_waiting(session, profile.id),
    )


def _addresses(people: Iterable[LinkRecipient]) -> dict[int, str]:
    return {each.id: each.email for each in people}


def _contact(person: LinkRecipient) -> Contact:
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
