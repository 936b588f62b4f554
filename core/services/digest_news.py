"""What is new in each profile, for a digest."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Actor
from core.domain.links import LinkState
from core.services.history import Hidden, View, view
from core.storage import activations, departments, profiles
from core.storage.tables import DigestRun, Profile

NAMES_SHOWN = 10
PROFILES_NAMED = 15


@dataclass(frozen=True, kw_only=True)
class ProfileNews:
    """New learners of one profile: the number `shown`, the first few `names`, how many are hidden; `left` places.

    `over` is ENDED or REMOVED if nobody can sign up any more.
    """

    name: str
    department: tuple[str, ...]
    names: tuple[str, ...]
    shown: int
    hidden: Hidden
    left: int | None
    over: LinkState | None = None


def news(session: Session, actor: Actor, run: DigestRun) -> tuple[ProfileNews, ...]:
    """Return what is new in each profile, sorted by name; names of learners are loaded for the first profiles only."""
    tallies = activations.tallies_between(session, actor.scope, after=run.covers_after, through=run.covers_through)
    in_scope = activations.tallied_in_scope(session, actor.scope, tallies)
    by_profile = defaultdict(list)
    for tally in tallies:
        by_profile[tally.profile_id].append(tally)
    found = profiles.by_numbers(session, by_profile)
    paths = departments.paths(session, [profile.department_id for profile in found])
    views = [(profile, view(by_profile[profile.id], in_scope)) for profile in found]
    named = activations.names(
        session,
        {profile.id: seen.departments for profile, seen in views[:PROFILES_NAMED] if seen.shown},
        after=run.covers_after,
        through=run.covers_through,
        at_most=NAMES_SHOWN,
    )
    return tuple(
        _profile_news(
            profile,
            seen,
            at=run.covers_until,
            department=paths[profile.department_id],
            names=tuple(named.get(profile.id, ())),
        )
        for profile, seen in views
    )


def _profile_news(
    profile: Profile, seen: View, *, at: datetime, department: tuple[str, ...], names: tuple[str, ...]
) -> ProfileNews:
    in_use, limit = profile.used + profile.reserved, profile.activation_limit
    over = LinkState.ENDED if profile.ends_at < at else None
    return ProfileNews(
        name=profile.name,
        department=department,
        names=names,
        shown=seen.shown,
        hidden=seen.hidden,
        left=None if limit is None else limit - in_use,
        over=over if profile.removed_at is None else LinkState.REMOVED,
    )
