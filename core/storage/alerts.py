"""Queries on alerts: what it is time to tell, what was told, and what is turned off."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Exists, String, cast, delete, exists, func, select
from sqlalchemy.orm import Session

from core.domain.alerts import ENDS_SOON, MOSTLY_USED, RUSH, RUSH_ONCE_IN, RUSH_WITHIN, Alert
from core.storage.database import upsert
from core.storage.profiles import running
from core.storage.tables import Activation, Profile, RaisedAlert, SilencedAlert


def silenced(session: Session) -> frozenset[Alert]:
    """Return which alerts are turned off."""
    return frozenset(Alert(kind) for kind in session.scalars(select(SilencedAlert.kind)))


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


def mostly_used(session: Session, now: datetime, *, at_most: int) -> list[Profile]:
    """List the open profiles whose limit is mostly used, of which no alert has told with this limit."""
    used = (Profile.used + Profile.reserved) * 100 >= Profile.activation_limit * MOSTLY_USED
    told = _told(Alert.MOSTLY_USED).where(RaisedAlert.occurrence == cast(Profile.activation_limit, String))
    return _open(session, now, used, ~told, at_most=at_most)


def places_unused(session: Session, now: datetime, *, at_most: int) -> list[Profile]:
    """List the open profiles with a limit that end soon, and were open longer than that; none that was told of."""
    soon = Profile.ends_at <= now + ENDS_SOON, Profile.starts_at <= now - ENDS_SOON
    told = _told(Alert.PLACES_UNUSED).where(RaisedAlert.at > now - ENDS_SOON)
    return _open(session, now, *soon, Profile.activation_limit.is_not(None), ~told, at_most=at_most)


def rushes(session: Session, now: datetime, *, at_most: int) -> Sequence[int]:
    """List the numbers of the profiles through which many people signed up within a minute; not told of lately."""
    told = select(RaisedAlert.subject_id).where(RaisedAlert.kind == Alert.RUSH, RaisedAlert.at > now - RUSH_ONCE_IN)
    query = (
        select(Activation.profile_id)
        .where(Activation.at > now - RUSH_WITHIN, Activation.profile_id.not_in(told))
        .group_by(Activation.profile_id)
        .having(func.count() >= RUSH)
        .order_by(Activation.profile_id)
    )
    return session.scalars(query.limit(at_most)).all()


def sweep(session: Session, before: datetime) -> None:
    """Delete what was told before a moment."""
    session.execute(delete(RaisedAlert).where(RaisedAlert.at < before))


def _told(alert: Alert) -> Exists:
    return exists().where(RaisedAlert.kind == alert, RaisedAlert.subject_id == Profile.id)


def _open(session: Session, now: datetime, *conditions: ColumnElement[bool], at_most: int) -> list[Profile]:
    query = select(Profile).where(*running(now), *conditions).order_by(Profile.id).limit(at_most)
    return list(session.scalars(query))
