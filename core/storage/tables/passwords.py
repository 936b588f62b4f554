"""Tables of lost passwords: one-time links to a new password, and requests for one."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables.base import ID, Base


class PasswordLink(Base):
    """A one-time link by which a user sets a new password; only the hash of its code is stored.

    `made_by` is the member of staff who made it; NULL if it was sent to the user's e-mail address because they asked
    for it. A new one of staff ends the earlier ones of the same user.
    """

    __tablename__ = "password_link"
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    expires_at: Mapped[datetime] = mapped_column(index=True)


class PasswordRequest(Base):
    """What a person who lost their password gave as their e-mail address or login, on the page for that.

    It is stored whether there is such a user or not, so that the page answers the same in the same time. `user_id` is
    set when staff are notified of it; requests of which they can't be are deleted then.
    """

    __tablename__ = "password_request"
    __table_args__ = (UniqueConstraint("identifier"),)
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    identifier: Mapped[str] = mapped_column(String(254))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    announced: Mapped[bool] = mapped_column(index=True)
    asked_at: Mapped[datetime] = mapped_column(index=True)
