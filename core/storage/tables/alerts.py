"""Tables of alerts: what was told, each once, and what nobody is to be told."""

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables.base import Base


class RaisedAlert(Base):
    """An alert that was told, once for what it is about: `kind` is a domain.alerts.Watched.

    `subject_id` is a profile's number, 0 for the account; `occurrence` tells one time from others, such as the
    limit that is mostly used.
    """

    __tablename__ = "raised_alert"
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    subject_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    occurrence: Mapped[str] = mapped_column(String(32), primary_key=True)
    at: Mapped[datetime]


class SilencedAlert(Base):
    """A kind of alert that the account has turned off."""

    __tablename__ = "silenced_alert"
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
