"""Queries on logos."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.storage.database import upsert
from core.storage.tables import Logo


def add(session: Session, version: str, content: str, now: datetime) -> None:
    """Add a logo; one that is there already is now the newest."""
    adding = upsert(session, Logo).values(version=version, content=content, added_at=now)
    session.execute(adding.on_conflict_do_update(index_elements=[Logo.version], set_={"added_at": now}))


def content(session: Session, version: str) -> str | None:
    """Return a logo in base64."""
    return session.scalars(select(Logo.content).where(Logo.version == version)).one_or_none()


def keep_only(session: Session, versions: set[str]) -> None:
    """Delete all other logos."""
    session.execute(delete(Logo).where(Logo.version.not_in(versions)))
