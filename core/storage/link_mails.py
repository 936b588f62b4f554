"""Queries on links sent by e-mail: to whom, what became of each message, and who signed up."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, Row, Select, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.domain.link_mails import MOST_TO_ONE
from core.domain.outbox import OPEN, UNSENT, MessageState
from core.domain.rosters import RosterOf
from core.storage import link_reach, personal_links, roster_doors, roster_matches
from core.storage.database import upsert
from core.storage.departments import within
from core.storage.roster_matches import listed
from core.storage.tables import (
    Activation,
    ExpectedPerson,
    LinkRecipient,
    OutgoingMail,
    PendingSignUp,
    User,
)

CHUNK = 500  # rows of a statement

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class NewRecipient:
    """A person to send a link to; the address is normal."""

    email: str
    first_name: str
    last_name: str


@dataclass(frozen=True, kw_only=True)
class Invited(NewRecipient):
    """A person to whom a link was sent."""

    @property
    def full_name(self) -> str:
        """First and last name, as far as they are known."""
        return f"{self.first_name} {self.last_name}".strip()


def add(session: Session, profile_id: int, people: Sequence[NewRecipient], by_id: int, now: datetime) -> dict[int, str]:
    """Add recipients of a locked profile's link, or those withdrawn again; return numbers and addresses.

    Others, to whom it is sent already, stay as they are.
    """
    added = dict[int, str]()
    for chunk in _chunks(people):
        rows = [
            {
                "profile_id": profile_id,
                "email": each.email,
                "first_name": each.first_name,
                "last_name": each.last_name,
                "added_by": by_id,
                "added_at": now,
            }
            for each in chunk
        ]
        adding = upsert(session, LinkRecipient)
        values = {name: adding.excluded[name] for name in ("first_name", "last_name", "added_by", "added_at")}
        again = adding.on_conflict_do_update(
            index_elements=["profile_id", "email"],
            set_={**values, "withdrawn_at": None, "link_id": None},
            where=LinkRecipient.withdrawn_at.is_not(None),
        )
        added |= dict(iter(session.execute(again.returning(LinkRecipient.id, LinkRecipient.email), rows)))
    return added


def queue(session: Session, mails: Sequence[Mapping[str, object]]) -> None:
    """Queue messages, given as rows of the outbox's channel for e-mail."""
    for chunk in _chunks(mails):
        session.execute(insert(OutgoingMail), chunk)


def receiving(session: Session, profile_id: int, emails: Sequence[str]) -> set[str]:
    """Return those of the addresses to which a profile's link is sent already, and not withdrawn."""
    return _among(session, profile_id, emails, LinkRecipient.withdrawn_at.is_(None))


def written_enough(session: Session, profile_id: int, emails: Sequence[str]) -> set[str]:
    """Return those of the addresses that were written to as often as anybody is."""
    return _among(session, profile_id, emails, link_reach.times_written_to() >= MOST_TO_ONE)


def signed_up(session: Session, scope: Scope, profile_id: int, emails: Sequence[str]) -> dict[str, bool]:
    """Return those of the addresses whose people signed up through a profile, or wait for an answer.

    As `link_reach.came` says it of recipients: with these, by a personal link sent there, or by what a list has beside
    them. Each with whether somebody who did is within the scope now.
    """
    found = dict[str, bool]()
    for chunk in _chunks(emails):
        for query in _sign_ups(scope, profile_id, chunk):
            for email, is_within in session.execute(query):
                found[str(email)] = found.get(str(email), False) or bool(is_within)
    return found


def _sign_ups(
    scope: Scope, profile_id: int, emails: Sequence[str]
) -> Iterator[Select[str, bool] | Select[str | None, bool]]:
    """Give the queries that find sign-ups through a profile by the addresses: each, and whether it is in the scope."""
    seen = within(scope, User.department_id.expression)
    for made, address in link_reach.ADDRESSES:
        query = select(address, seen).select_from(made).join(User, User.id == made.user_id)
        yield query.where(made.profile_id == profile_id, address.in_(emails))
    sent_there = LinkRecipient.profile_id == profile_id, LinkRecipient.email.in_(emails)
    for made in (Activation, PendingSignUp):
        by_link = select(LinkRecipient.email, seen).join(made, made.link_id == LinkRecipient.link_id)
        yield by_link.join(User, User.id == made.user_id).where(*sent_there)
    named, through = ExpectedPerson.email.in_(emails), Activation.profile_id == profile_id
    known = within(scope, Activation.learner_department_id.expression)
    for by_list in roster_matches.by_other_marks(named, through):
        yield by_list.with_only_columns(ExpectedPerson.email, known)


def awaited(session: Session, profile_id: int, *, at_most: int) -> list[LinkRecipient]:
    """List the first recipients of a profile's link who haven't signed up, and from whom it isn't withdrawn."""
    query = select(LinkRecipient).where(
        LinkRecipient.profile_id == profile_id, LinkRecipient.withdrawn_at.is_(None), ~link_reach.came()
    )
    return list(session.scalars(query.order_by(LinkRecipient.id).limit(at_most)))


def withdrawable(session: Session, profile_id: int) -> list[int]:
    """List the numbers of the recipients of a profile's link from whom it can be withdrawn."""
    chosen = select(LinkRecipient.id).where(
        LinkRecipient.profile_id == profile_id, LinkRecipient.withdrawn_at.is_(None), ~link_reach.came()
    )
    return list(session.scalars(chosen.order_by(LinkRecipient.id)))


def reached_by(
    session: Session, profiles: Select[int], emails: Collection[str]
) -> Sequence[Row[str, str, datetime | None, str | None, datetime | None, datetime | None]]:
    """List which addresses got links of profiles: how far they are, when the last message ended, why it was refused.

    And since when it is queued, and until when it is put off. They are sorted by profile.
    """
    query = (
        select(
            LinkRecipient.email,
            link_reach.reached(),
            OutgoingMail.ended_at,
            OutgoingMail.reason,
            OutgoingMail.created_at,
            link_reach.put_off_until(),
        )
        .select_from(LinkRecipient)
        .outerjoin(OutgoingMail, link_reach.is_newest())
        .where(LinkRecipient.profile_id.in_(profiles), LinkRecipient.email.in_(emails))
        .order_by(LinkRecipient.profile_id)
    )
    return session.execute(query).all()


def got_it(session: Session, profiles: Select[int], *, besides: Select[str | None] | None) -> list[Invited]:
    """List the addresses that have links of profiles, or may, each once, and haven't signed up; not those `besides`.

    Each with the name that was given last.
    """
    query = (
        select(LinkRecipient.email, LinkRecipient.first_name, LinkRecipient.last_name)
        .select_from(LinkRecipient)
        .where(
            LinkRecipient.profile_id.in_(profiles),
            LinkRecipient.withdrawn_at.is_(None),
            ~link_reach.came(),
            link_reach.may_have_it(),
            *([] if besides is None else [LinkRecipient.email.not_in(besides)]),
        )
    )
    found = {
        email: Invited(email=email, first_name=first, last_name=last)
        for email, first, last in session.execute(query.order_by(LinkRecipient.email, LinkRecipient.id))
    }
    return list(found.values())


@dataclass(frozen=True, kw_only=True)
class InvitedAgain(Invited):
    """A person who could get a link again, by their number among its recipients."""

    number: int


@dataclass(frozen=True, kw_only=True)
class ToResend:
    """To whom a link could be sent again, and which others it would turn away."""

    let_in: tuple[InvitedAgain, ...]
    turned_away: tuple[InvitedAgain, ...]


def to_resend(
    session: Session, scope: Scope, profile_id: int, before: datetime, *, of: RosterOf | None = None
) -> ToResend:
    """Return to whom to send the link again: those who neither came nor were withdrawn; `of`: whom this roster names.

    Those whose address somebody within the scope has are left out, and those who were written to since `before`,
    or often enough, and those whose message is still queued.
    """
    columns = LinkRecipient.id, LinkRecipient.email, LinkRecipient.first_name, LinkRecipient.last_name
    query = (
        select(*columns)
        .select_from(LinkRecipient)
        .outerjoin(OutgoingMail, link_reach.is_newest())
        .where(LinkRecipient.profile_id == profile_id, *_may_get_it_again(scope, before))
        .order_by(LinkRecipient.id)
    )
    if of is not None:
        query = query.where(LinkRecipient.email.in_(select(ExpectedPerson.email).where(listed([of]))))
    found = [
        InvitedAgain(number=number, email=email, first_name=first, last_name=last)
        for number, email, first, last in session.execute(query)
    ]
    away = roster_doors.turned_away(session, {profile_id: [each.email for each in found]}).get(profile_id, ())
    return ToResend(
        let_in=tuple(each for each in found if each.email not in away),
        turned_away=tuple(each for each in found if each.email in away),
    )


def _may_get_it_again(scope: Scope, before: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions of `to_resend` on a recipient and their newest message."""
    return (
        LinkRecipient.withdrawn_at.is_(None),
        ~link_reach.came(),
        ~link_reach.has_account(scope),
        or_(OutgoingMail.id.is_(None), OutgoingMail.state.not_in(OPEN)),
        or_(
            OutgoingMail.id.is_(None),
            (OutgoingMail.state == MessageState.FAILED) & ~link_reach.is_in_doubt(),
            OutgoingMail.ended_at < before,
        ),
        link_reach.times_written_to() < MOST_TO_ONE,
    )


def withdraw(session: Session, profile_id: int, now: datetime) -> tuple[int, list[datetime]]:
    """Withdraw the link from the recipients who haven't signed up, and delete their unsent messages.

    Return how many recipients, and when each of the deleted messages was queued.
    """
    numbers = withdrawable(session, profile_id)
    unsent = list[datetime]()
    for chunk in _chunks(numbers):
        withdrawing = update(LinkRecipient).where(LinkRecipient.id.in_(chunk)).values(withdrawn_at=now)
        session.execute(withdrawing.execution_options(synchronize_session=False))
        personal_links.close(session, LinkRecipient.id.in_(chunk), now)
        deleting = delete(OutgoingMail).where(OutgoingMail.recipient_id.in_(chunk), OutgoingMail.state.in_(UNSENT))
        deleted = deleting.returning(OutgoingMail.created_at).execution_options(synchronize_session=False)
        unsent += session.scalars(deleted).all()
    return len(numbers), unsent


def pending_recipient(session: Session, recipient_id: int) -> LinkRecipient | None:
    """Find a recipient who hasn't signed up, and from whom the link wasn't withdrawn."""
    query = select(LinkRecipient).where(
        LinkRecipient.id == recipient_id, LinkRecipient.withdrawn_at.is_(None), ~link_reach.came()
    )
    return session.scalars(query).one_or_none()


def personal_link(session: Session, profile_id: int, email: str) -> int | None:
    """Return the number of a profile's personal link that was sent to an address; None if there is none."""
    query = select(LinkRecipient.link_id).where(LinkRecipient.profile_id == profile_id, LinkRecipient.email == email)
    return session.scalars(query).one_or_none()


def _among(session: Session, profile_id: int, emails: Sequence[str], such: ColumnElement[bool]) -> set[str]:
    query = select(LinkRecipient.email).where(LinkRecipient.profile_id == profile_id, such)
    return {
        email for chunk in _chunks(emails) for email in session.scalars(query.where(LinkRecipient.email.in_(chunk)))
    }


def _chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))
