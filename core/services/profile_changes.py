"""Changes to sign-up profiles, as typed and as agreed to, and what a profile would be after them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from core.domain.access import Actor
from core.domain.naming import clean_name
from core.domain.windows import TypedMoment, Window, parse_moment
from core.errors import EndInPast, LimitBelowUsed, PreviewOutdated
from core.services import department_lookup
from core.services.profiles import HIGHEST_LIMIT, parse_limit
from core.storage import account
from core.storage.tables import Profile

FIRST_MOMENT = datetime.min.replace(tzinfo=UTC)


class EditedField(StrEnum):
    """What of a profile can be changed."""

    NAME = "name"
    DEPARTMENT = "department"
    START = "start"
    END = "end"
    LIMIT = "limit"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change as typed; `value` is read in the account's zone."""

    field: EditedField
    value: str


@dataclass(frozen=True, kw_only=True)
class Settled:
    """A change as previewed, with nothing left to be read: what was seen is what will be saved.

    `value` is a department's number, seconds since FIRST_MOMENT, or a limit; None is no limit. `seen` tells what the
    change was previewed on, and what it would do, from everything else.
    """

    field: EditedField
    value: int | None
    seen: str


@dataclass(frozen=True, kw_only=True)
class Target:
    """What a profile would be after a change."""

    name: str
    department_id: int
    window: Window
    limit: int | None
    repeated: tuple[datetime, ...] = ()


def typed(session: Session, actor: Actor, profile: Profile, change: Change, now: datetime) -> Target:
    """Read a change. A relative end counts from now, or from the start of a profile that has not started."""
    as_it_is = _as_it_is(profile)
    match change.field:
        case EditedField.NAME:
            return replace(as_it_is, name=clean_name(change.value))
        case EditedField.DEPARTMENT:
            return replace(as_it_is, department_id=department_lookup.find(session, actor, change.value))
        case EditedField.START:
            start = parse_moment(change.value, account.zone(session), now)
            return _moved(as_it_is, start, Window(starts_at=start.instant, ends_at=profile.ends_at))
        case EditedField.END:
            since = profile.starts_at if profile.starts_at > now else None
            end = parse_moment(change.value, account.zone(session), now, since=since)
            if end.instant < now.replace(second=0, microsecond=0):
                raise EndInPast(end.instant)
            return _moved(as_it_is, end, Window(starts_at=profile.starts_at, ends_at=end.instant))
        case EditedField.LIMIT:
            return replace(as_it_is, limit=_enough(profile, parse_limit(change.value)))


def agreed(profile: Profile, settled: Settled) -> Target:
    """Give what a profile would be after a settled change, which may be forged."""
    as_it_is, value = _as_it_is(profile), settled.value
    window = as_it_is.window
    match settled.field:
        case EditedField.DEPARTMENT if value is not None:
            return replace(as_it_is, department_id=value)
        case EditedField.START if value is not None:
            return replace(as_it_is, window=Window(starts_at=_moment(value), ends_at=window.ends_at))
        case EditedField.END if value is not None:
            return replace(as_it_is, window=Window(starts_at=window.starts_at, ends_at=_moment(value)))
        case EditedField.LIMIT if value is None or 1 <= value <= HIGHEST_LIMIT:
            return replace(as_it_is, limit=_enough(profile, value))
    raise PreviewOutdated


def as_number(target: Target, field: EditedField) -> int | None:
    """Write a change as a number. A name has none: it is never asked about."""
    return {
        EditedField.NAME: None,
        EditedField.DEPARTMENT: target.department_id,
        EditedField.START: (target.window.starts_at - FIRST_MOMENT) // timedelta(seconds=1),
        EditedField.END: (target.window.ends_at - FIRST_MOMENT) // timedelta(seconds=1),
        EditedField.LIMIT: target.limit,
    }[field]


def _as_it_is(profile: Profile) -> Target:
    return Target(
        name=profile.name,
        department_id=profile.department_id,
        window=profile.window,
        limit=profile.activation_limit,
    )


def _moved(target: Target, typed: TypedMoment, window: Window) -> Target:
    return replace(target, window=window, repeated=(typed.repeated,) if typed.repeated else ())


def _enough(profile: Profile, limit: int | None) -> int | None:
    in_use = profile.used + profile.reserved
    if limit is not None and limit < in_use:
        raise LimitBelowUsed(limit, in_use)
    return limit


def _moment(seconds: int) -> datetime:
    try:
        return FIRST_MOMENT + timedelta(seconds=seconds)
    except OverflowError:
        raise PreviewOutdated from None
