"""The first screen: who one is here, the figures of one's departments, and what is most urgent."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.figures import Figures
from core.domain.periods import parse_period
from core.errors import NotAllowed
from core.services import account, digest_cards, missed_digests, people
from core.services.account import Organisation
from core.services.digest_cards import DigestCard
from core.services.missed_digests import Missed
from core.services.people import Card
from core.storage import access_requests, actors, courses, departments, home, profile_lists
from core.storage.tables import Profile

SOON = timedelta(days=2)  # a link that ends within it is urgent
THIS_WEEK = "week"


class SetUpStep(StrEnum):
    """A step from an empty account to learners who arrive with their courses, in the order in which to take them."""

    ZONE = "zone"
    NAME = "name"
    DEPARTMENT = "department"
    LINK = "link"
    COURSE = "course"


@dataclass(frozen=True, kw_only=True)
class UrgentProfile:
    """A profile that needs a decision: `left` places, None if unlimited, until `ends_at` (UTC)."""

    profile_id: int
    name: str
    left: int | None
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class SetUp:
    """Which steps are done; `profiles` and `courses`: whether there are any, which may be half of a step."""

    done: frozenset[SetUpStep]
    profiles: bool
    courses: bool


@dataclass(frozen=True, kw_only=True)
class Home:
    """What the first screen shows to a person.

    `figures` is None, and `urgent` too, for people who may not manage profiles; `set_up` for those who may not set the
    account up. `requests` for access wait for an answer. `stopped_digests` are their own, and so are `missed_digests`,
    which can be sent again.
    """

    organisation: Organisation
    who: Card
    figures: Figures | None
    urgent: UrgentProfile | None
    requests: int
    stopped_digests: tuple[DigestCard, ...]
    missed_digests: Missed | None
    set_up: SetUp | None


def show(session: Session, user_id: int, now: datetime) -> Home:
    """Return the first screen of an active user, as far as their own rights allow. Raises NotAllowed."""
    actor = actors.find(session, user_id)
    if actor is None:
        raise NotAllowed
    gets_digests = actor.may(Permission.RECEIVE_DIGESTS)
    may_see, organisation = actor.may(Permission.MANAGE_PROFILES), account.organisation(session)
    urgent = home.most_urgent(session, actor.scope, now, now + SOON) if may_see else None
    return Home(
        organisation=organisation,
        who=people.own_card(session, user_id),
        figures=_figures(session, actor, organisation, now) if may_see else None,
        urgent=_urgent(urgent) if urgent else None,
        requests=access_requests.count_open_in(session, actor.scope, now) if may_see else 0,
        stopped_digests=digest_cards.stopped(session, actor) if gets_digests else (),
        missed_digests=missed_digests.of_user(session, user_id, now) if gets_digests else None,
        set_up=_set_up(session, actor, organisation) if actor.may(Permission.MANAGE_ACCOUNT) else None,
    )


def _figures(session: Session, actor: Actor, organisation: Organisation, now: datetime) -> Figures:
    compared = parse_period(THIS_WEEK, organisation.zone, now)
    return home.figures(session, actor.scope, now, compared.period, compared.before)


def _urgent(profile: Profile) -> UrgentProfile:
    limit = profile.activation_limit
    return UrgentProfile(
        profile_id=profile.id,
        name=profile.name,
        left=None if limit is None else limit - profile.used - profile.reserved,
        ends_at=profile.ends_at,
    )


def _set_up(session: Session, actor: Actor, organisation: Organisation) -> SetUp:
    has_profiles = profile_lists.count(session, actor.scope) > 0
    done = {
        SetUpStep.ZONE: organisation.zone.key != "UTC",
        SetUpStep.NAME: organisation.name is not None,
        SetUpStep.DEPARTMENT: departments.count(session) > 1,  # the root always exists
        SetUpStep.LINK: organisation.sign_up_enabled and has_profiles,
        SetUpStep.COURSE: courses.count_rules(session) > 0,
    }
    return SetUp(
        done=frozenset(step for step, is_done in done.items() if is_done),
        profiles=has_profiles,
        courses=courses.count(session) > 0,
    )
