"""What it means in SQL that a sign-up waits: those declined together wait no more, though they can be brought back."""

from sqlalchemy import ColumnElement, Select, select

from core.storage.tables import PendingSignUp


def not_declined() -> ColumnElement[bool]:
    """Return the SQL condition that a sign-up waits, for an approval or the confirmation of its address."""
    return PendingSignUp.declined_at.is_(None)


def for_approval() -> tuple[ColumnElement[bool], ...]:
    """Return the SQL conditions that a sign-up waits for an approval."""
    return PendingSignUp.code_hash.is_(None), not_declined()


def declined_together() -> Select[int]:
    """Return the query of the users who were declined and can still be brought back."""
    return select(PendingSignUp.user_id).where(PendingSignUp.declined_at.is_not(None))
