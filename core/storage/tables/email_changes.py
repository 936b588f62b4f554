"""The table of new e-mail addresses that users have yet to confirm."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables.base import Base


class EmailChange(Base):
    """A new address that a user entered, until they open the link that was sent there, or until `expires_at`.

    Only the hash of the link's code is stored: that of the newest message, or one that nobody has before the first.
    """

    __tablename__ = "email_change"
    __table_args__ = (UniqueConstraint("code_hash"),)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    code_hash: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime] = mapped_column(index=True)
