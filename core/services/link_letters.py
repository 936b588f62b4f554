"""What a message with a profile's link says of it: looked up for its preview, and again when it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.links import LinkState, link_state
from core.domain.mail import PAUSED, SIGN_UP_OFF
from core.domain.naming import own_name
from core.domain.windows import Window
from core.storage import account, departments, personal_links, profile_links, profiles
from core.storage.tables import Profile, User

SENDABLE = frozenset({LinkState.OPEN, LinkState.NOT_YET_OPEN})
HELD_UP: Mapping[LinkState, str] = {  # somebody switched the link off, and may switch it on again: why messages wait
    LinkState.PAUSED: PAUSED,
    LinkState.SIGN_UP_OFF: SIGN_UP_OFF,
}


@dataclass(frozen=True, kw_only=True)
class LinkContent:
    """A profile's link as a message tells of it: who sends it, what for, until when, and its token.

    `department` is the name of the one into which it leads, None: the whole organisation. `profile_name` is for those
    who manage the profile, and stands in no message. `personal`: it is one person's, and works once.
    """

    sender: str
    profile_name: str
    department: str | None
    window: Window
    state: LinkState
    token: str
    contact: str | None
    personal: bool = False


def link_content(
    session: Session, profile_id: int, sender_id: int, now: datetime, *, link_id: int | None = None
) -> LinkContent:
    """Return what a message tells of a profile's main link, or of a personal one. Rights are not checked here."""
    profile, row = session.get_one(Profile, profile_id), account.public(session)
    link = profile_links.link(session, profile_id, "")
    return LinkContent(
        sender=session.get_one(User, sender_id).full_name,
        profile_name=profile.name,
        department=own_name(departments.path(session, profile.department_id)),
        window=profile.window,
        state=link_state(profiles.facts(profile, sign_up_enabled=row.sign_up_enabled), now),
        token=personal_links.token(session, link_id) if link_id else link.token if link else "",
        contact=row.contact,
        personal=link_id is not None,
    )
