"""Answers to requests for access: which are open, and granting and declining them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission, UserState
from core.domain.access_requests import CURES, Cure, RequestState
from core.domain.links import LinkState, link_state
from core.domain.mail import MailKind
from core.errors import ProfileNotFound, RequestNotOpen
from core.services import account as accounts
from core.services import audit_log, growing_notices, link_cures, mail_outbox, profiles
from core.services.access_requests import PLACE_KEPT
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.storage import access_requests as stored
from core.storage import account, people
from core.storage import profiles as stored_profiles
from core.storage.tables import AccessRequest, Link, Profile

PAGE = 5


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Whose address it is already: the state of their account; `user_id` only if the acting user may see them."""

    state: UserState
    user_id: int | None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An open request, as those see it who may answer it.

    `state` is the link's now; `in_use` of the profile's `limit` places are taken or reserved. `cures` are what lets the
    person in, as far as the acting user may do it. `holder` has an account with the address, None if nobody has.
    Moments are UTC.
    """

    request_id: int
    name: str
    email: str
    message: str
    at: datetime
    until: datetime
    profile_id: int
    profile_name: str
    state: LinkState
    in_use: int
    limit: int | None
    starts_at: datetime
    ends_at: datetime
    cures: tuple[Cure, ...]
    zone: ZoneInfo
    holder: Holder | None

    @property
    def adds_place(self) -> bool:
        """Whether granting it gives the profile a place more, besides what opens its link."""
        return self.state is not LinkState.FULL and self.limit is not None and self.in_use >= self.limit


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A page of the open requests, out of `total`; `newer_than` is the next page's `after`, None on the last page."""

    asked: tuple[Asked, ...]
    total: int
    newer_than: int | None


def listing(session: Session, actor_id: int, now: datetime, *, after: int = 0, size: int = PAGE) -> Listing:
    """List the open requests that the acting user may answer, the oldest first, with numbers above `after`.

    Needs the permission to manage sign-up profiles.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    rows = stored.open_in(session, actor.scope, now, after=after, size=size + 1)
    holders = _holders(session, actor, (request for request, _ in rows[:size]))
    found = tuple(_asked(session, actor, request, profile, now, holders) for request, profile in rows[:size])
    total = stored.count_open_in(session, actor.scope, now)
    return Listing(asked=found, total=total, newer_than=found[-1].request_id if len(rows) > size else None)


def asked(session: Session, actor_id: int, request_id: int, now: datetime) -> Asked:
    """Return an open request. Rights as for `grant`. Raises RequestNotOpen, ProfileReadOnly."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    request = session.get(AccessRequest, request_id)
    if request is None:
        raise RequestNotOpen
    profile = _editable(session, actor, request)
    _check_open(request, now)
    return _asked(session, actor, request, profile, now, _holders(session, actor, [request]))


def grant(session: Session, actor_id: int, request_id: int, cure: Cure, now: datetime) -> Asked | None:
    """Let a person in: do what opens the link, and keep a place for them; return None.

    If the link is closed for a further reason, the request stays open, and is returned as it is now. A full profile
    gets a place more. Needs the permission to manage sign-up profiles, the profile's department within scope, and to
    turn sign-up on the permission for that. Raises RequestNotOpen, ProfileReadOnly, NotAllowed, LimitNotUnderstood.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    found = session.get(AccessRequest, request_id)
    if found is None:
        raise RequestNotOpen
    _editable(session, actor, found)
    if cure is Cure.SWITCH_ON:
        accounts.switch_sign_up(session, actor_id, now, on=True)  # its lock comes before the profile's
    profile, request = _lock(session, actor, found, now)
    if (state := _state(session, profile, request, now)) in CURES:
        link_cures.apply(session, actor_id, profile, state, cure, now)
    if _state(session, profile, request, now) is LinkState.FULL:
        link_cures.add_places(session, actor_id, profile, 1, now)
    if _state(session, profile, request, now) is not LinkState.OPEN:
        return _asked(session, actor, request, profile, now, _holders(session, actor, [request]))
    stored_profiles.add_to_counters(session, profile.id, reserved=1)
    request.state, request.ends_at, request.answered_by = RequestState.GRANTED, now + PLACE_KEPT, actor_id
    if request.mail_in:
        mail_outbox.queue(session, None, request.email, MailKind.ACCESS_GRANTED, request.mail_in, now)
    audit_log.record(session, actor_id, Action.REQUEST_GRANTED, profiles.subject(profile), now)
    growing_notices.end(session, actor_id)
    return None


def decline(session: Session, actor_id: int, request_id: int, now: datetime) -> None:
    """Decline a request, and erase what the person entered. Rights as for `grant`.

    Raises RequestNotOpen, ProfileReadOnly.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    found = session.get(AccessRequest, request_id)
    if found is None:
        raise RequestNotOpen
    profile, request = _lock(session, actor, found, now)
    if request.mail_in:
        mail_outbox.queue(session, None, request.email, MailKind.DECLINED, request.mail_in, now)
    stored.end(session, request, RequestState.DECLINED, now)
    request.answered_by = actor_id
    audit_log.record(session, actor_id, Action.REQUEST_DECLINED, profiles.subject(profile), now)
    growing_notices.end(session, actor_id)


def _lock(session: Session, actor: Actor, found: AccessRequest, now: datetime) -> tuple[Profile, AccessRequest]:
    """Lock the profile, then the request: the same order everywhere, against deadlocks."""
    try:
        profile = profiles.find_for_update(session, actor, found.profile_id)
    except ProfileNotFound:
        raise RequestNotOpen from None
    request = stored.lock(session, found.id)
    if request is None:
        raise RequestNotOpen
    _check_open(request, now)
    return profile, request


def _editable(session: Session, actor: Actor, request: AccessRequest) -> Profile:
    try:
        return profiles.editable(session, actor, request.profile_id)
    except ProfileNotFound:
        raise RequestNotOpen from None


def _check_open(request: AccessRequest, now: datetime) -> None:
    if request.state != RequestState.OPEN or request.ends_at <= now:
        raise RequestNotOpen


def _state(session: Session, profile: Profile, request: AccessRequest, now: datetime) -> LinkState:
    """Return the state of the link that the person asked at: it may have been replaced since."""
    enabled, link = account.load(session).sign_up_enabled, session.get_one(Link, request.link_id)
    return link_state(stored_profiles.facts(profile, sign_up_enabled=enabled, link=link), now)


def _holders(session: Session, actor: Actor, requests: Iterable[AccessRequest]) -> Mapping[str, Holder]:
    """Return who has the addresses of requests already. That one is taken is told of any: it is refused in the end."""
    found = people.with_addresses(session, [request.email for request in requests])
    numbers = [user.id for user in found] if actor.may(Permission.MANAGE_PEOPLE) else []
    seen = {user.id for user in people.visible_among(session, actor.scope, numbers)}
    return {
        user.email or "": Holder(state=UserState(user.state), user_id=user.id if user.id in seen else None)
        for user in found
    }


def _asked(
    session: Session,
    actor: Actor,
    request: AccessRequest,
    profile: Profile,
    now: datetime,
    holders: Mapping[str, Holder],
) -> Asked:
    state = _state(session, profile, request, now)
    may_switch = actor.may(Permission.MANAGE_ACCOUNT)
    return Asked(
        request_id=request.id,
        name=f"{request.first_name} {request.last_name}".strip(),
        email=request.email,
        message=request.message,
        at=request.asked_at,
        until=request.ends_at,
        profile_id=profile.id,
        profile_name=profile.name,
        state=state,
        in_use=profile.used + profile.reserved,
        limit=profile.activation_limit,
        starts_at=profile.starts_at,
        ends_at=profile.ends_at,
        cures=tuple(cure for cure in CURES.get(state, ()) if may_switch or cure is not Cure.SWITCH_ON),
        zone=account.zone(session),
        holder=holders.get(request.email),
    )
