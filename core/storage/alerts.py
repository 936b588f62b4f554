"""Queries on alerts: what it is time to tell, what was told, and what is turned off."""

from datetime import datetime

from sqlalchemy import ColumnElement, Exists, Select, String, bindparam, cast, delete, exists, func, select
from sqlalchemy.orm import Session

from core.domain.alerts import ENDS_SOON, MOSTLY_USED, RUSH, RUSH_ONCE_IN, RUSH_WITHIN, Alert
from core.storage.database import upsert
from core.storage.prepared import rows
from core.storage.profiles import running
from core.storage.tables import Activation, Profile, RaisedAlert, SilencedAlert


def silenced(session: Session) -> frozenset[Alert]:
    """Return which alerts are turned off."""
    return frozenset(Alert(kind) for (kind,) in rows(session, _SILENCED))


def silence(session: Session, alert: Alert) -> None:
    """Turn an alert off."""
    session.execute(upsert(session, SilencedAlert).values(kind=alert).on_conflict_do_nothing())


def unsilence(session: Session, alert: Alert) -> None:
    """Turn an alert on again."""
    session.execute(delete(SilencedAlert).where(SilencedAlert.kind == alert))


def raise_once(session: Session, alert: Alert, subject_id: int, occurrence: str, now: datetime) -> bool:
    """Keep that an alert is told; False if it was told before."""
    adding = upsert(session, RaisedAlert).values(kind=alert, subject_id=subject_id, occurrence=occurrence, at=now)
    added = adding.on_conflict_do_nothing().returning(RaisedAlert.kind)
    return session.scalars(added).one_or_none() is not None


def is_raised(session: Session, alert: Alert, subject_id: int, occurrence: str) -> bool:
    """Return whether an alert was told."""
    return session.get(RaisedAlert, (alert, subject_id, occurrence)) is not None


def mostly_used(session: Session, now: datetime, *, at_most: int) -> list[int]:
    """List the numbers of the open profiles whose limit is mostly used, of which no alert has told with this limit."""
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


def sweep(session: Session, before: datetime) -> None:
    """Delete what was told before a moment."""
    session.execute(delete(RaisedAlert).where(RaisedAlert.at < before))


def _told(alert: Alert) -> Exists:
    return exists().where(RaisedAlert.kind == alert, RaisedAlert.subject_id == Profile.id)


def _open(*conditions: ColumnElement[bool]) -> Select[int]:
    now = bindparam("now", type_=Profile.ends_at.type)
    return select(Profile.id).where(*running(now), *conditions).order_by(Profile.id).limit(bindparam("at_most"))


def _numbers(session: Session, prepared: Select[int], at_most: int, **values: object) -> list[int]:
    return [number for (number,) in rows(session, prepared, at_most=at_most, **values)]


_SILENCED = select(SilencedAlert.kind)
_MOSTLY_USED = _open(
    (Profile.used + Profile.reserved) * 100 >= Profile.activation_limit * MOSTLY_USED,
    ~_told(Alert.MOSTLY_USED).where(RaisedAlert.occurrence == cast(Profile.activation_limit, String)),
)
_PLACES_UNUSED = _open(
    Profile.ends_at <= bindparam("soon"),
    Profile.starts_at <= bindparam("long_ago"),
    Profile.activation_limit.is_not(None),
    ~_told(Alert.PLACES_UNUSED).where(RaisedAlert.at > bindparam("long_ago")),
)
_TOLD_OF_RUSHES = select(RaisedAlert.subject_id).where(
    RaisedAlert.kind == Alert.RUSH, RaisedAlert.at > bindparam("told_since")
)
_RUSHES = (
    select(Activation.profile_id)
    .where(Activation.at > bindparam("since"), Activation.profile_id.not_in(_TOLD_OF_RUSHES))
    .group_by(Activation.profile_id)
    .having(func.count() >= bindparam("rush"))
    .order_by(Activation.profile_id)
    .limit(bindparam("at_most"))
)
