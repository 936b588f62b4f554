"""Queries on alerts: what it is time to tell, what was told, and what is turned off."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Exists, Select, String, bindparam, cast, delete, exists, func, select
from sqlalchemy.orm import Session

from core.domain.alerts import ENDS_SOON, MOSTLY_USED, RUSH, RUSH_ONCE_IN, RUSH_WITHIN, Alert, Watched
from core.storage.database import upsert
from core.storage.prepared import rows
from core.storage.profiles import running
from core.storage.tables import Activation, PendingSignUp, Profile, RaisedAlert, SilencedAlert
from core.storage.waiting import for_approval


def silenced(session: Session) -> frozenset[Alert]:
    """Return which alerts are turned off."""
    return frozenset(Alert(kind) for (kind,) in rows(session, _SILENCED))


def silence(session: Session, alert: Alert) -> None:
    """Turn an alert off."""
    session.execute(upsert(session, SilencedAlert).values(kind=alert).on_conflict_do_nothing())


def unsilence(session: Session, alert: Alert) -> None:
    """Turn an alert on again."""
    session.execute(delete(SilencedAlert).where(SilencedAlert.kind == alert))


def raise_once(session: Session, watched: Watched, subject_id: int, occurrence: str, now: datetime) -> bool:
    """Keep that an alert is told; False if it was told before."""
    adding = upsert(session, RaisedAlert).values(kind=watched, subject_id=subject_id, occurrence=occurrence, at=now)
    added = adding.on_conflict_do_nothing().returning(RaisedAlert.kind)
    return session.scalars(added).one_or_none() is not None


def is_raised(session: Session, watched: Watched, subject_id: int, occurrence: str) -> bool:
    """Return whether an alert was told."""
    return session.get(RaisedAlert, (watched, subject_id, occurrence)) is not None


def last_raised(
    session: Session, watched: Watched, subject_id: int, since: datetime, until: datetime
) -> datetime | None:
    """Return when an alert about something was last told in [since, until) (UTC); None if it wasn't."""
    query = select(func.max(RaisedAlert.at)).where(
        RaisedAlert.kind == watched,
        RaisedAlert.subject_id == subject_id,
        RaisedAlert.at >= since,
        RaisedAlert.at < until,
    )
    return session.scalars(query).one()


def mostly_used(session: Session, now: datetime, *, at_most: int) -> list[int]:
    """List the numbers of the open profiles whose limit is mostly used, but not all; not told of with this limit."""
    return _numbers(session, _MOSTLY_USED, at_most, now=now)


def places_unused(session: Session, now: datetime, *, at_most: int) -> list[int]:
    """List the numbers of the open profiles with a limit that end soon, and were open longer than that.

    None that was told of.
    """
    around = {"soon": now + ENDS_SOON, "long_ago": now - ENDS_SOON}
    return _numbers(session, _PLACES_UNUSED, at_most, now=now, **around)


def rushes(session: Session, now: datetime, *, at_most: int) -> list[int]:
    """List the numbers of the profiles through which many people signed up within a minute; not told of lately."""
    return _numbers(session, _RUSHES, at_most, rush=RUSH, since=now - RUSH_WITHIN, told_since=now - RUSH_ONCE_IN)


def waiting_rushes(session: Session, now: datetime, *, lasts: timedelta, at_most: int) -> list[int]:
    """List the profiles through which many people began to wait for approval within a minute; not told of lately.

    `lasts` is how long an approval is waited for, from when on.
    """
    about = {"rush": RUSH, "since": now - RUSH_WITHIN + lasts, "told_since": now - RUSH_ONCE_IN}
    return _numbers(session, _WAITING_RUSHES, at_most, **about)


def sweep(session: Session, before: datetime) -> None:
    """Delete what was told before a moment."""
    session.execute(delete(RaisedAlert).where(RaisedAlert.at < before))


def _told(watched: Watched) -> Exists:
    return exists().where(RaisedAlert.kind == watched, RaisedAlert.subject_id == Profile.id)


def _open(*conditions: ColumnElement[bool]) -> Select[int]:
    now = bindparam("now", type_=Profile.ends_at.type)
    return select(Profile.id).where(*running(now), *conditions).order_by(Profile.id).limit(bindparam("at_most"))


def _told_lately(watched: Watched) -> Select[int]:
    told = RaisedAlert.kind == watched, RaisedAlert.at > bindparam("told_since")
    return select(RaisedAlert.subject_id).where(*told)


def _numbers(session: Session, prepared: Select[int], at_most: int, **values: object) -> list[int]:
    return [number for (number,) in rows(session, prepared, at_most=at_most, **values)]


_SILENCED = select(SilencedAlert.kind)
_MOSTLY_USED = _open(
    (Profile.used + Profile.reserved) * 100 >= Profile.activation_limit * MOSTLY_USED,
    Profile.used + Profile.reserved < Profile.activation_limit,  # a full one has a notice of its own
    ~_told(Watched.MOSTLY_USED).where(RaisedAlert.occurrence == cast(Profile.activation_limit, String)),
)
_PLACES_UNUSED = _open(
    Profile.ends_at <= bindparam("soon"),
    Profile.starts_at <= bindparam("long_ago"),
    Profile.activation_limit.is_not(None),
    ~_told(Watched.PLACES_UNUSED).where(RaisedAlert.at > bindparam("long_ago")),
)
_RUSHES = (
    select(Activation.profile_id)
    .where(Activation.at > bindparam("since"), Activation.profile_id.not_in(_told_lately(Watched.RUSH)))
    .group_by(Activation.profile_id)
    .having(func.count() >= bindparam("rush"))
    .order_by(Activation.profile_id)
    .limit(bindparam("at_most"))
)
_WAITING_RUSHES = (
    select(PendingSignUp.profile_id)
    .where(
        PendingSignUp.expires_at > bindparam("since"),
        *for_approval(),
        PendingSignUp.profile_id.not_in(_told_lately(Watched.WAITING_RUSH)),
    )
    .group_by(PendingSignUp.profile_id)
    .having(func.count() >= bindparam("rush"))
    .order_by(PendingSignUp.profile_id)
    .limit(bindparam("at_most"))
)
