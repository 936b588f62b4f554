"""Queries on the recipients of links: who they are, and how long they are kept."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from core.storage import personal_links
from core.storage.tables import Activation, ExpectedPerson, LinkRecipient, Profile, User


def sent_to(person: User) -> ColumnElement[bool]:
    """Return the SQL condition that a link was sent to a user's address, or is the personal one they used."""
    used = select(Activation.link_id).where(Activation.user_id == person.id)
    return or_(LinkRecipient.email == person.email, LinkRecipient.link_id.in_(used))


def change_email(session: Session, before: str, after: str) -> None:
    """Give the recipients with a user's old address the new one, so that they still count as come."""
    other = aliased(LinkRecipient)
    has_both = exists().where(other.profile_id == LinkRecipient.profile_id, other.email == after)
    changing = update(LinkRecipient).where(LinkRecipient.email == before, ~has_both).values(email=after)
    session.execute(changing.execution_options(synchronize_session=False))


def take_off(session: Session, person: User, now: datetime) -> None:
    """Delete a person from the recipients of all links, with the messages to them."""
    _delete(session, sent_to(person), now)


def sweep(session: Session, before: datetime, now: datetime) -> None:
    """Delete the recipients of profiles that ended, or were removed, before a moment.

    Whoever is on a list, say a department's that goes on, stays with a personal link: by it they count as come.
    """
    over = or_(Profile.ends_at < before, Profile.removed_at < before)
    came_by = exists().where(Activation.link_id == LinkRecipient.link_id)
    matched = came_by & exists().where(ExpectedPerson.email == LinkRecipient.email)
    _delete(session, LinkRecipient.profile_id.in_(select(Profile.id).where(over)) & ~matched, now)


def _delete(session: Session, which: ColumnElement[bool], now: datetime) -> None:
    """Delete recipients with the messages to them, and close their personal links."""
    personal_links.close(session, which, now)
    session.execute(delete(LinkRecipient).where(which).execution_options(synchronize_session=False))
