"""Tables of limits: how much of them is used, and how much was left out because of them."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables.base import Base


class LimitUse(Base):
    """How much of a limit a subject has used; `key` is a `domain.limits.Attempt.key`.

    The next attempt is possible at `opens_at`; from `expires_at` on, the row means nothing. Both are milliseconds since
    1970 (UTC), because SQL can calculate with numbers in the same way on both databases. `attempts` counts those since
    the last rest.
    """

    __tablename__ = "limit_use"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    attempts: Mapped[int]
    opens_at: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[int] = mapped_column(BigInteger, index=True)


class LeftOut(Base):
    """How many times something was left out because of a limit, in all processes, for the metrics."""

    __tablename__ = "left_out"
    what: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)


class Rush(Base):
    """More forms than people send, by what they are for: a link's token, or empty for lost passwords.

    They ask for a proof of work until `until`.
    """

    __tablename__ = "rush"
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[datetime]
