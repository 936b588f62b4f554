"""Changes to sign-up profiles, as typed and as confirmed, and the profile that would result."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from core.domain.access import Actor
from core.domain.moments import parse_end, parse_moment, this_minute
from core.domain.naming import clean_name
from core.domain.numbers import count_of_more
from core.domain.places import HIGHEST_LIMIT, parse_limit
from core.domain.windows import TypedMoment, Window
from core.errors import EndInPast, LimitBelowUsed, LimitNotUnderstood, PreviewOutdated
from core.services import department_lookup
from core.storage import account
from core.storage.tables import Profile

FIRST_MOMENT = datetime.min.replace(tzinfo=UTC)


class EditedField(StrEnum):
    """The parts of a profile that can be edited."""

    NAME = "name"
    DEPARTMENT = "department"
    START = "start"
    END = "end"
    LIMIT = "limit"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change as typed; `value` is parsed in the account's time zone."""

    field: EditedField
    value: str


@dataclass(frozen=True, kw_only=True)
class Settled:
    """A previewed change with its value already parsed, so that exactly what was shown is saved.

    `value` is a department's number, seconds since FIRST_MOMENT, or a limit (None: unlimited). `seen` is the
    fingerprint of the profile as previewed, before and after the change.
    """

    field: EditedField
    value: int | None
    seen: str


@dataclass(frozen=True, kw_only=True)
class Target:
    """A profile after a change; `repeated` are typed wall-clock times (naive) that occur twice."""

    name: str
    department_id: int
    window: Window
    limit: int | None
    repeated: tuple[datetime, ...] = ()


def typed(session: Session, actor: Actor, profile: Profile, change: Change, now: datetime) -> Target:
    """Parse a change. A relative end counts from now, or from the start of a profile that has not started.

    A limit such as `+20` is that many more than the current one; what is unlimited stays so.

    Raises InvalidName, DepartmentNotFound, LimitNotUnderstood, LimitBelowUsed, EndInPast, EndBeforeStart and whatever
    `parse_moment` raises.
    """
    current = _unchanged(profile)
    match change.field:
        case EditedField.NAME:
            return replace(current, name=clean_name(change.value))
        case EditedField.DEPARTMENT:
            return replace(current, department_id=department_lookup.find(session, actor, change.value))
        case EditedField.START:
            start = _kept(profile.starts_at, parse_moment(change.value, account.zone(session), now))
            return _with_window(current, start, Window(starts_at=start.instant, ends_at=profile.ends_at))
        case EditedField.END:
            since = profile.starts_at if profile.starts_at > now else None
            end = _kept(profile.ends_at, parse_end(change.value, account.zone(session), now, since=since))
            if end.instant < this_minute(now) and end.instant != profile.ends_at:
                raise EndInPast(end.instant)
            return _with_window(current, end, Window(starts_at=profile.starts_at, ends_at=end.instant))
        case EditedField.LIMIT:
            return replace(current, limit=require_at_least_used(profile, _limit(profile, change.value)))


def confirmed(profile: Profile, settled: Settled) -> Target:
    """Return the profile after a settled change. Raises PreviewOutdated if the change is forged."""
    current, value = _unchanged(profile), settled.value
    window = current.window
    match settled.field:
        case EditedField.DEPARTMENT if value is not None:
            return replace(current, department_id=value)
        case EditedField.START if value is not None:
            return replace(current, window=Window(starts_at=_moment(value), ends_at=window.ends_at))
        case EditedField.END if value is not None:
            return replace(current, window=Window(starts_at=window.starts_at, ends_at=_moment(value)))
        case EditedField.LIMIT if value is None or 1 <= value <= HIGHEST_LIMIT:
            return replace(current, limit=require_at_least_used(profile, value))
    raise PreviewOutdated


def as_number(target: Target, field: EditedField) -> int | None:
    """Return a change's value as a number (see `Settled`). A new name needs no confirmation and has none."""
    return {
        EditedField.NAME: None,
        EditedField.DEPARTMENT: target.department_id,
        EditedField.START: as_seconds(target.window.starts_at),
        EditedField.END: as_seconds(target.window.ends_at),
        EditedField.LIMIT: target.limit,
    }[field]


def value_of(profile: Profile, field: EditedField) -> int | None:
    """Return the value that a profile has, as a number (see `Settled`)."""
    return as_number(_unchanged(profile), field)


def require_at_least_used(profile: Profile, limit: int | None) -> int | None:
    """Return a profile's new limit. Raises LimitBelowUsed if fewer places than are used."""
    in_use = profile.used + profile.reserved
    if limit is not None and limit < in_use:
        raise LimitBelowUsed(limit, in_use)
    return limit


def as_seconds(moment: datetime) -> int:
    """Return a moment as whole seconds (see `Settled`)."""
    return (moment - FIRST_MOMENT) // timedelta(seconds=1)


def _unchanged(profile: Profile) -> Target:
    return Target(
        name=profile.name,
        department_id=profile.department_id,
        window=profile.window,
        limit=profile.activation_limit,
    )


def _with_window(target: Target, typed: TypedMoment, window: Window) -> Target:
    return replace(target, window=window, repeated=(typed.repeated,) if typed.repeated else ())


def _kept(current: datetime, typed: TypedMoment) -> TypedMoment:
    """Return the current moment, to its second, if the typed one is the minute that people see of it."""
    return replace(typed, instant=current) if this_minute(current) == this_minute(typed.instant) else typed


def _limit(profile: Profile, text: str) -> int | None:
    if (more := count_of_more(text, HIGHEST_LIMIT)) is None:
        return parse_limit(text)
    if profile.activation_limit is None:
        return None
    if (limit := profile.activation_limit + more) > HIGHEST_LIMIT:
        raise LimitNotUnderstood(text, HIGHEST_LIMIT)
    return limit


def _moment(seconds: int) -> datetime:
    try:
        return FIRST_MOMENT + timedelta(seconds=seconds)
    except OverflowError:
        raise PreviewOutdated from None
