"""What live cards show of profiles: the same to everybody who reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.fingerprint import fingerprint
from core.domain.links import LinkState, link_state
from core.domain.windows import Window
from core.services.profiles import Card
from core.storage import account, departments, profile_links, profiles
from core.storage.tables import Profile

TELLING_PLACES = frozenset({LinkState.OPEN, LinkState.NOT_YET_OPEN})


@dataclass(frozen=True, kw_only=True)
class Face:
    """What a card shows of a profile: the same to everybody. `left` is None if that isn't told, or there is no limit.

    `token` is that of the main link.
    """

    profile_id: int
    name: str
    department: tuple[str, ...]
    state: LinkState
    window: Window
    zone: ZoneInfo
    left: int | None
    token: str

    @property
    def seen(self) -> str:
        """The fingerprint, which differs if the card would show anything else."""
        return fingerprint(self)


def face_of(card: Card) -> Face:
    """Return what is shown to future learners of a profile's card."""
    left = None if card.limit is None else max(0, card.limit - card.used - card.reserved)
    return Face(
        profile_id=card.profile_id,
        name=card.name,
        department=card.department,
        state=card.state,
        window=card.window,
        zone=card.zone,
        left=left if card.state in TELLING_PLACES else None,
        token=card.token,
    )


def faces_of(session: Session, found: Sequence[Profile], now: datetime) -> Mapping[int, Face]:
    """Return what the cards of profiles show, by the profiles' numbers."""
    row = account.public(session)
    paths = departments.paths(session, {profile.department_id for profile in found})
    main = {
        each.profile_id: each.token
        for each in profile_links.links(session, [profile.id for profile in found])
        if not each.label
    }
    return {
        profile.id: Face(
            profile_id=profile.id,
            name=profile.name,
            department=paths[profile.department_id],
            state=(state := link_state(profiles.facts(profile, sign_up_enabled=row.sign_up_enabled), now)),
            window=profile.window,
            zone=ZoneInfo(row.zone),
            left=_left(profile) if state in TELLING_PLACES else None,
            token=main.get(profile.id, ""),
        )
        for profile in found
    }


def _left(profile: Profile) -> int | None:
    limit = profile.activation_limit
    return None if limit is None else max(0, limit - profile.used - profile.reserved)
