"""Whom of those to whom a profile's link was sent it didn't reach."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.link_mails import Reached
from core.storage.link_mails import reached_by
from core.storage.tables import Profile


def among(session: Session, profile_id: int, emails: Collection[str]) -> set[str]:
    """Return the addresses from which the newest message with a profile's link came back, or was never sent."""
    found = reached_by(session, select(Profile.id).where(Profile.id == profile_id), emails)
    return {email for email, reached, *_ in found if reached in {Reached.REFUSED, Reached.UNSENT}}
