"""Refusals of what is repeated too often."""

from dataclasses import dataclass
from datetime import datetime

from core.errors.base import Refusal


@dataclass(eq=False)
class TooManyAttempts(Refusal):
    """The limit named `limit` is used up; the next attempt is possible at `until` (UTC)."""

    limit: str
    until: datetime


@dataclass(eq=False)
class FileTooLong(Refusal):
    """A file would have so many rows, and may have `most`."""

    rows: int
    most: int


class ProofNeeded(Refusal):
    """The form asks for a proof of work, and has none that counts."""
