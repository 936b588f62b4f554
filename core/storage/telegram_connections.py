"""Queries on learners' connected Telegram accounts, and on openings of the Mini App."""

from datetime import datetime

from sqlalchemy import BindParameter, Select, and_, bindparam, delete, exists, select, update
from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.domain.progress import Progress
from core.storage.database import upsert
from core.storage.prepared import finds
from core.storage.tables import Enrolment, MiniAppVisit, TelegramCode, TelegramConnection, User


def by_digest(session: Session, digest: str) -> MiniAppVisit | None:
    """Find the visit that one opening of the Mini App began."""
    return session.scalars(select(MiniAppVisit).where(MiniAppVisit.digest == digest)).one_or_none()


def visit(session: Session, code_hash: str, now: datetime) -> MiniAppVisit | None:
    """Find a visit that hasn't expired."""
    query = select(MiniAppVisit).where(MiniAppVisit.code_hash == code_hash, MiniAppVisit.expires_at > now)
    return session.scalars(query).one_or_none()


def active_user(session: Session, telegram_id: int) -> int | None:
    """Return the number of the active user whose Telegram is connected."""
    query = (
        select(User.id)
        .join(TelegramConnection, TelegramConnection.user_id == User.id)
        .where(TelegramConnection.telegram_id == telegram_id, User.state == UserState.ACTIVE)
    )
    return session.scalars(query).one_or_none()


def connect(session: Session, user_id: int, telegram_id: int, now: datetime, *, may_write: bool) -> bool:
    """Connect a Telegram account with a user, unless one of them is connected already; return whether it was."""
    values = {"user_id": user_id, "telegram_id": telegram_id, "may_write": may_write, "connected_at": now}
    values |= {"courses_told_at": now}
    adding = upsert(session, TelegramConnection).values(values).on_conflict_do_nothing()
    return session.scalars(adding.returning(TelegramConnection.user_id)).one_or_none() is not None


def replace(session: Session, user_id: int, telegram_id: int, now: datetime) -> bool:
    """Connect a Telegram account, to which the bot may write, with a user, in the place of an earlier one of theirs.

    Return False, and change nothing, if it is another user's.
    """
    holder = session.scalars(
        select(TelegramConnection.user_id).where(TelegramConnection.telegram_id == telegram_id)
    ).one_or_none()
    if holder not in (None, user_id):
        return False
    session.execute(delete(TelegramConnection).where(TelegramConnection.user_id == user_id))
    return connect(session, user_id, telegram_id, now, may_write=True)


def is_connected(session: Session, telegram_id: int) -> bool:
    """Return whether a Telegram account is a learner's."""
    query = select(TelegramConnection.user_id).where(TelegramConnection.telegram_id == telegram_id)
    return session.scalars(query).first() is not None


def by_telegram_id(session: Session, telegram_id: int) -> TelegramConnection | None:
    """Return the connection of a Telegram account."""
    query = select(TelegramConnection).where(TelegramConnection.telegram_id == telegram_id)
    return session.scalars(query).one_or_none()


def add_code(session: Session, user_id: int, code_hash: str, expires_at: datetime) -> None:
    """Add a code by which a user connects their Telegram; earlier ones end."""
    session.execute(delete(TelegramCode).where(TelegramCode.user_id == user_id))
    session.add(TelegramCode(code_hash=code_hash, user_id=user_id, expires_at=expires_at))


def is_open(session: Session, code_hash: str, now: datetime) -> bool:
    """Return whether a code connects anybody now."""
    unused = TelegramCode.code_hash == code_hash, TelegramCode.expires_at > now
    return session.scalars(select(TelegramCode.user_id).where(*unused)).first() is not None


def take_code(session: Session, code_hash: str, now: datetime) -> int | None:
    """Delete a code because it is used; return whose it was, None if it is unknown. Of concurrent calls one wins."""
    unused = TelegramCode.code_hash == code_hash, TelegramCode.expires_at > now
    return session.scalars(delete(TelegramCode).where(*unused).returning(TelegramCode.user_id)).one_or_none()


def of_user(session: Session, user_id: int) -> TelegramConnection | None:
    """Return a user's connection."""
    return session.get(TelegramConnection, user_id)


def end(session: Session, telegram_id: int) -> None:
    """End the connection of a Telegram account, if there is one."""
    session.execute(delete(TelegramConnection).where(TelegramConnection.telegram_id == telegram_id))


def any_to_tell_of_courses(session: Session, through: datetime) -> bool:
    """Return whether `lock_to_tell_of_courses` finds any; cheap, without locks."""
    return finds(session, _ANY_TO_TELL_OF_COURSES, through=through)


def lock_to_tell_of_courses(session: Session, through: datetime, *, at_most: int) -> list[TelegramConnection]:
    """Lock connections of active users who were given courses since they were last told, up to a moment."""
    query = _to_tell_of_courses(through).order_by(TelegramConnection.user_id).limit(at_most)
    return list(session.scalars(query.with_for_update(skip_locked=True, of=TelegramConnection)))


def _to_tell_of_courses(through: datetime | BindParameter[datetime]) -> Select[TelegramConnection]:
    given = exists().where(
        Enrolment.user_id == TelegramConnection.user_id,
        Enrolment.enrolled_at > TelegramConnection.courses_told_at,
        Enrolment.enrolled_at <= through,
        Enrolment.progress == Progress.NOT_STARTED,
    )
    active = User.id == TelegramConnection.user_id, User.state == UserState.ACTIVE
    return select(TelegramConnection).join(User, and_(*active)).where(TelegramConnection.may_write, given)


def forget(session: Session, user_id: int) -> None:
    """End a user's connection, if there is one, and erase the name of who opened the Mini App with it."""
    theirs = select(TelegramConnection.telegram_id).where(TelegramConnection.user_id == user_id)
    visits = update(MiniAppVisit).where(MiniAppVisit.telegram_id.in_(theirs)).values(first_name="", last_name="")
    session.execute(visits.execution_options(synchronize_session=False))
    session.execute(delete(TelegramConnection).where(TelegramConnection.user_id == user_id))
    session.execute(delete(TelegramCode).where(TelegramCode.user_id == user_id))


def sweep(session: Session, now: datetime) -> None:
    """Delete the visits and the codes that have expired."""
    session.execute(delete(TelegramCode).where(TelegramCode.expires_at <= now))
    session.execute(delete(MiniAppVisit).where(MiniAppVisit.expires_at <= now))


_ANY_TO_TELL_OF_COURSES = (
    _to_tell_of_courses(bindparam("through", type_=Enrolment.enrolled_at.type))
    .with_only_columns(TelegramConnection.user_id)
    .limit(1)
)
