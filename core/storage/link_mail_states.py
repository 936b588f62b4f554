"""Queries on what became of links sent by e-mail: how many recipients are how far, which, and why messages wait."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.domain.link_mails import Listed, Reached, Waiting
from core.storage import link_reach
from core.storage.tables import LinkRecipient, OutgoingMail


@dataclass(frozen=True, kw_only=True)
class RecipientRow:
    """A recipient with what became of their newest message: why it wasn't accepted (`reason`), or waits (`waiting`)."""

    number: int
    name: str
    email: str
    reached: Reached
    reason: str | None
    waiting: Waiting | None


def counts(session: Session, scope: Scope, profile_id: int) -> dict[Reached, int]:
    """Count a profile's recipients by how far they have come, as somebody with the scope may know."""
    reached = link_reach.reached_within(scope).label("reached")
    query = (
        select(reached, func.count())
        .select_from(LinkRecipient)
        .outerjoin(OutgoingMail, link_reach.is_newest())
        .where(LinkRecipient.profile_id == profile_id)
    )
    return {Reached(name): number for name, number in session.execute(query.group_by("reached"))}


def page(
    session: Session, scope: Scope, profile_id: int, *, which: Listed, after: int, size: int
) -> list[RecipientRow]:
    """List such recipients with numbers above `after`; those who signed up if they are within the scope now."""
    query = (
        select(
            LinkRecipient,
            link_reach.reached_within(scope),
            OutgoingMail.reason,
            OutgoingMail.created_at,
            link_reach.put_off_until(),
        )
        .select_from(LinkRecipient)
        .outerjoin(OutgoingMail, link_reach.is_newest())
        .where(LinkRecipient.profile_id == profile_id, LinkRecipient.id > after)
        .where(link_reach.came(scope) if which is Listed.SIGNED_UP else ~link_reach.came())
    )
    if which is Listed.REFUSED:
        query = query.where(link_reach.reached_within(scope).in_([Reached.REFUSED, Reached.UNSENT, Reached.UNKNOWN]))
    return [
        RecipientRow(
            number=each.id,
            name=each.full_name,
            email=each.email,
            reached=Reached(reached),
            reason=reason,
            waiting=link_reach.waiting(reached, since, reason, until),
        )
        for each, reached, reason, since, until in session.execute(query.order_by(LinkRecipient.id).limit(size))
    ]


def hidden(session: Session, scope: Scope, profile_id: int) -> int:
    """Count a profile's recipients who signed up, but as nobody who is within the scope now."""
    elsewhere = LinkRecipient.profile_id == profile_id, link_reach.came(), ~link_reach.came(scope)
    return session.scalars(select(func.count()).select_from(LinkRecipient).where(*elsewhere)).one()


def longest_waiting(session: Session, profile_id: int) -> Waiting | None:
    """Return what is known of a profile's message that waits longest to be sent; None if none does.

    One of which an attempt failed stands for the others.
    """
    query = (
        select(OutgoingMail.created_at, OutgoingMail.reason, link_reach.put_off_until())
        .select_from(LinkRecipient)
        .join(OutgoingMail, link_reach.is_newest())
        .where(LinkRecipient.profile_id == profile_id, link_reach.reached() == Reached.QUEUED)
        .order_by(OutgoingMail.reason.is_(None), OutgoingMail.created_at, OutgoingMail.id)
    )
    found = session.execute(query.limit(1)).one_or_none()
    return link_reach.waiting(Reached.QUEUED, *found) if found else None
