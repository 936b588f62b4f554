"""Activation history: who signed up through a profile, as far as the viewer may know."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.errors import ProfileNotFound
from core.services.people import acting
from core.storage import account, activations, departments, profiles

PAGE = 10


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One activation whose learner the viewer may see; `at` is UTC, the department is where they are now."""

    activation_id: int
    first_name: str
    last_name: str
    email: str | None
    department: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Hidden:
    """How many learners the viewer may not see, by reason: transferred later, or the profile pointed elsewhere."""

    transferred: int
    elsewhere: int


@dataclass(frozen=True, kw_only=True)
class History:
    """One page of a profile's activation history, newest first; `older_than` leads to the next page, None: no more."""

    profile_id: int
    profile_name: str
    zone: ZoneInfo
    entries: tuple[Entry, ...]
    shown: int
    hidden: Hidden
    older_than: int | None


def page(session: Session, actor_id: int, profile_id: int, *, before: int | None = None) -> History:
    """Show a page of a profile's activations, those before a number where one is given. Raises ProfileNotFound."""
    actor = acting(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profiles.visible(session, actor.scope, profile_id)
    if profile is None:
        raise ProfileNotFound(profile_id)
    rows = activations.page(session, actor.scope, profile_id, before=before, size=PAGE + 1)
    shown, transferred, elsewhere = activations.counts(session, actor.scope, profile_id)
    paths = departments.paths(session, [user.department_id for _, user in rows])
    entries = tuple(
        Entry(
            activation_id=activation.id,
            first_name=user.first_name,
            last_name=user.last_name,
            email=user.email,
            department=paths[user.department_id],
            at=activation.at,
        )
        for activation, user in rows[:PAGE]
    )
    return History(
        profile_id=profile_id,
        profile_name=profile.name,
        zone=account.zone(session),
        entries=entries,
        shown=shown,
        hidden=Hidden(transferred=transferred, elsewhere=elsewhere),
        older_than=entries[-1].activation_id if len(rows) > PAGE else None,
    )
