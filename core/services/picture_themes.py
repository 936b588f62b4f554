"""Whether a person's pictures are light or dark: Telegram doesn't tell the theme of their app."""

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.errors import NotAllowed
from core.storage import actors, people


def choose(session: Session, actor_id: int, *, dark: bool) -> None:
    """Let the acting user's pictures be dark from now on, or light: of reports, and with digests.

    Needs the permission to get either. Raises NotAllowed.
    """
    actor = actors.find(session, actor_id)
    if actor is None or actor.permissions.isdisjoint({Permission.MANAGE_PROFILES, Permission.RECEIVE_DIGESTS}):
        raise NotAllowed
    people.choose_dark_pictures(session, actor_id, dark=dark)
