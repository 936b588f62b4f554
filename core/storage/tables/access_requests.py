"""Tables of requests for access at closed links."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables.base import ID, Base

IS_OPEN = "state = 'open'"


class AccessRequest(Base):
    """A person's request to join through a closed link; one open at most for a link and an e-mail address.

    open -> granted -> used; or declined, withdrawn or expired, at `ends_at`. A granted one keeps a place, one of
    the profile's `reserved`. When it is over, what the person entered is erased.
    """

    __tablename__ = "access_request"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'granted', 'used', 'declined', 'withdrawn', 'expired')", name="state"),
        Index(
            "uq_access_request_link_id_email",
            "link_id",
            "email",
            unique=True,
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
        Index("ix_access_request_profile", "profile_id", "state"),
        Index("ix_access_request_ends", "state", "ends_at"),
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("link.id"))
    profile_id: Mapped[int] = mapped_column(ForeignKey("profile.id"))
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str] = mapped_column(String(254))
    message: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(9))
    announced: Mapped[bool]
    mail_in: Mapped[str | None] = mapped_column(String(16))
    asked_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class RequestPage(Base):
    """The status page of a request; only the hash of its code is stored.

    `is_first`: it belongs to the person who made the request. Others who gave the same address don't see their name.
    """

    __tablename__ = "request_page"
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("access_request.id", ondelete="CASCADE"), index=True)
    is_first: Mapped[bool]
