"""Queries on personal links: each is for one recipient, and works once."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session

from core.storage.tables import Link, LinkRecipient


def add(session: Session, profile_id: int, tokens: Mapping[int, str]) -> None:
    """Give recipients of a profile, by their numbers, personal links with these tokens."""
    rows = [{"profile_id": profile_id, "token": token, "personal": True} for token in tokens.values()]
    found = session.execute(insert(Link).returning(Link.token, Link.id), rows)
    numbers = dict(iter(found))
    session.execute(
        update(LinkRecipient), [{"id": recipient, "link_id": numbers[token]} for recipient, token in tokens.items()]
    )


def use(session: Session, link_id: int, now: datetime) -> bool:
    """Use a personal link up; False if it was used or withdrawn meanwhile."""
    unused = Link.id == link_id, Link.used_at.is_(None), Link.replaced_at.is_(None)
    using = update(Link).where(*unused).values(used_at=now).returning(Link.id)
    return session.scalars(using.execution_options(synchronize_session=False)).one_or_none() is not None


def reopen(session: Session, link_id: int) -> None:
    """Let a link work again, if it is a personal one, because its sign-up ended without an account."""
    used = update(Link).where(Link.id == link_id, Link.personal).values(used_at=None)
    session.execute(used.execution_options(synchronize_session=False))


def close(session: Session, recipients: ColumnElement[bool], now: datetime) -> None:
    """Close the personal links of recipients."""
    links = select(LinkRecipient.link_id).where(recipients, LinkRecipient.link_id.is_not(None))
    closing = update(Link).where(Link.id.in_(links), Link.replaced_at.is_(None)).values(replaced_at=now)
    session.execute(closing.execution_options(synchronize_session=False))


def token(session: Session, link_id: int) -> str:
    """Return the token of a link."""
    return session.scalars(select(Link.token).where(Link.id == link_id)).one()


def recipient(session: Session, link_id: int) -> LinkRecipient | None:
    """Find the person whose personal link it is."""
    return session.scalars(select(LinkRecipient).where(LinkRecipient.link_id == link_id)).one_or_none()
