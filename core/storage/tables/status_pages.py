"""The table of status pages."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables.base import Base


class StatusPage(Base):
    """A page on which a person sees what becomes of their sign-up; only the hash of its code is stored.

    A user can have several, one for each browser. `mail_in` is the language in which they read e-mail about it, NULL if
    none can be sent.
    """

    __tablename__ = "status_page"
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"))
    mail_in: Mapped[str | None] = mapped_column(String(16))
    expires_at: Mapped[datetime] = mapped_column(index=True)
