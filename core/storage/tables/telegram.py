"""Tables of learners in Telegram: who opened the Mini App, whose Telegram is connected, and the links for that."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables.base import Base


class MiniAppVisit(Base):
    """One opening of the Mini App by a person in Telegram: what the form begins with, and whom it connects.

    `code_hash` is that of the visitor's number in the cookie; `digest` is Telegram's signature of the opening, which
    can be used once. `may_write`: the bot may write to the person.
    """

    __tablename__ = "mini_app_visit"
    __table_args__ = (UniqueConstraint("digest"),)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    telegram_id: Mapped[int] = mapped_column(BigInteger)
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    may_write: Mapped[bool]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class TelegramConnection(Base):
    """A learner's Telegram: it opens My Courses, and gives no right in the chat, unlike `user_account.telegram_id`.

    `courses_told_at`: courses that were given later are still to be told there.
    """

    __tablename__ = "telegram_connection"
    __table_args__ = (UniqueConstraint("telegram_id"),)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), primary_key=True)
    telegram_id: Mapped[int] = mapped_column(BigInteger)
    may_write: Mapped[bool] = mapped_column(server_default=false())
    connected_at: Mapped[datetime]
    courses_told_at: Mapped[datetime | None]


class TelegramCode(Base):
    """The code of a link by which a learner connects their Telegram, once; only its hash is stored."""

    __tablename__ = "telegram_code"
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
