"""The portal: what a learner sees who is logged in."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.services import account, courses, sessions
from core.services.account import Organisation
from core.services.courses import MyCourse
from core.services.sessions import SignedIn


@dataclass(frozen=True, kw_only=True)
class Portal:
    """A learner who is logged in, the organisation, and the learner's courses, those due first on top."""

    learner: SignedIn
    organisation: Organisation
    courses: list[MyCourse]


def find(session: Session, session_token: str, now: datetime) -> Portal | None:
    """Return what the user of a session cookie sees; None as `sessions.find`."""
    learner = sessions.find(session, session_token, now)
    if learner is None:
        return None
    organisation = account.organisation(session)
    mine = courses.mine_in(session, learner.user_id, organisation.zone, now)
    return Portal(learner=learner, organisation=organisation, courses=mine)
