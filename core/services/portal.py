"""The portal: what a learner sees who is logged in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.services import account, courses, sessions
from core.services.account import Organisation
from core.services.courses import MyCourse
from core.services.sessions import SignedIn
from core.storage import account as stored


@dataclass(frozen=True, kw_only=True)
class Portal:
    """A learner who is logged in, the organisation, and the learner's courses, those due first on top.

    `offers_telegram`: they can connect their Telegram, and haven't.
    """

    learner: SignedIn
    organisation: Organisation
    courses: list[MyCourse]
    offers_telegram: bool


def find(session: Session, session_token: str, now: datetime) -> Portal | None:
    """Return what the user of a session cookie sees; None as `sessions.find`."""
    learner = sessions.find(session, session_token, now)
    if learner is None:
        return None
    row = stored.public(session)
    organisation = account.organisation_of(row)
    mine = courses.mine_in(session, learner.user_id, organisation.zone, now)
    return Portal(
        learner=learner,
        organisation=organisation,
        courses=mine,
        offers_telegram=row.bot_name is not None and not learner.has_telegram,
    )
