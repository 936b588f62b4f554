"""Whether a person's pictures are light or dark: Telegram doesn't tell the theme of their app."""

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.services.authorisation import authorise
from core.storage import picture_themes as stored


def choose(session: Session, actor_id: int, *, dark: bool) -> None:
    """Let the acting user's pictures be dark from now on, or light: of reports, and with digests.

    Needs the permission to get either. Raises NotAllowed.
    """
    authorise(session, actor_id, Permission.MANAGE_PROFILES, Permission.RECEIVE_DIGESTS)
    stored.choose(session, actor_id, dark=dark)
