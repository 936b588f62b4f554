"""Queries on the account's single row, and on the heartbeats of the service's parts."""

from dataclasses import dataclass, fields
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, true, update
from sqlalchemy.orm import Session

from core.errors import Conflict
from core.storage.database import refusing
from core.storage.tables import Account, Heartbeat, PrivacyPolicy, table_of

_ACCOUNT = table_of(Account)


@dataclass(frozen=True, kw_only=True)
class PublicRow:
    """What every page shows of the account, by the names of its columns."""

    name: str | None
    zone: str
    sign_up_enabled: bool
    language: str | None
    contact: str | None
    accent: str | None
    challenge: str
    logo: str | None
    bot_name: str | None


_PUBLIC = select(*(_ACCOUNT.c[field.name] for field in fields(PublicRow)))
_ZONE = select(_ACCOUNT.c.zone)
_SEATS = select(_ACCOUNT.c.seats_taken, _ACCOUNT.c.seats)


def load(session: Session) -> Account:
    """Return the account's row."""
    return session.scalars(select(Account)).one()


def public(session: Session) -> PublicRow:
    """Return what every page shows of the account."""
    session.flush()  # the account may have been changed
    return PublicRow(**session.connection().execute(_PUBLIC).one()._asdict())


def lock(session: Session) -> Account:
    """Return the account's row, locked until the end of the transaction."""
    return session.scalars(select(Account).with_for_update().execution_options(populate_existing=True)).one()


def privacy_policy(session: Session, version: int) -> PrivacyPolicy | None:
    """Return a version of the privacy policy."""
    return session.get(PrivacyPolicy, version)


def add_privacy_policy(session: Session, version: int, policy: str, now: datetime) -> None:
    """Add a version of the privacy policy; hold the account's lock."""
    session.add(PrivacyPolicy(version=version, text=policy, published_at=now))


def zone(session: Session) -> ZoneInfo:
    """Return the account's time zone."""
    session.flush()  # it may have been changed
    return ZoneInfo(session.connection().execute(_ZONE).scalar_one())


def seats(session: Session) -> tuple[int | None, int | None]:
    """Return how many seats are taken, and how many there are; None without a limit."""
    session.flush()  # they may have been changed
    taken, there_are = session.connection().execute(_SEATS).one()
    return taken, there_are


def set_bot_name(session: Session, bot_name: str) -> None:
    """Store the bot's name in Telegram, if it isn't stored yet."""
    other = Account.bot_name.is_distinct_from(bot_name)
    session.execute(update(Account).where(other).values(bot_name=bot_name))


def keep_secret_key(session: Session, generated: str) -> str:
    """Store the generated key if there is none yet; return the stored one."""
    session.execute(update(Account).where(Account.secret_key.is_(None)).values(secret_key=generated))
    return session.scalars(select(Account.secret_key)).one() or generated


def make_owner_code(
    session: Session, nonce: str, expires_at: datetime, *, replaces: int | None, only_first: bool
) -> bool:
    """Store what the owner's code is derived from; `only_first`: unless one was made before. Return whether stored.

    `replaces` is the number of the owner whom the code's opener replaces.
    """
    missing = Account.owner_nonce.is_(None) if only_first else true()
    made = (
        update(Account)
        .where(missing)
        .values(owner_nonce=nonce, owner_code_expires_at=expires_at, owner_code_replaces=replaces)
        .returning(Account.id)
    )
    return session.scalars(made).one_or_none() is not None


def record_heartbeat(session: Session, part: str, now: datetime) -> None:
    """Record that a part of the service has just worked."""
    with refusing(session, pk_heartbeat=Conflict()):
        session.merge(Heartbeat(part=part, at=now))


def last_heartbeat(session: Session, part: str) -> datetime | None:
    """Return when a part of the service last worked (UTC); None if never."""
    return session.scalars(select(Heartbeat.at).where(Heartbeat.part == part)).one_or_none()
