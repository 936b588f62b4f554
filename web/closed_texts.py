"""What the page of a link that doesn't work says. The sentences are translated where they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.domain.links import LinkState
from web.texts import N_


@dataclass(frozen=True, kw_only=True)
class Closed:
    """Why a link doesn't work: the page's status, its title, the reason, and what to do."""

    status: int
    title: str
    reason: str
    advice: str


_ASK = N_("Ask the person who sent you this link for a new one.")
_LATER = N_("Ask the person who sent you this link when it will work.")

CLOSED: Mapping[LinkState, Closed] = {
    LinkState.SIGN_UP_OFF: Closed(
        status=403,
        title=N_("Sign-up is closed"),
        reason=N_("It isn't possible to sign up with a link at the moment."),
        advice=_LATER,
    ),
    LinkState.PAUSED: Closed(
        status=403,
        title=N_("This link is paused"),
        reason=N_("It doesn't work at the moment, and may work again later."),
        advice=_LATER,
    ),
    LinkState.NOT_YET_OPEN: Closed(
        status=403,
        title=N_("This link isn't open yet"),
        reason=N_("It opens on %(start)s (%(zone)s)."),
        advice=N_("Keep the link and open it again then."),
    ),
    LinkState.ENDED: Closed(
        status=410,
        title=N_("This link has ended"),
        reason=N_("It worked until %(end)s (%(zone)s)."),
        advice=_ASK,
    ),
    LinkState.FULL: Closed(
        status=410,
        title=N_("No places are left"),
        reason=N_("All places of this link are taken."),
        advice=_ASK,
    ),
    LinkState.REPLACED: Closed(
        status=410,
        title=N_("This link was replaced"),
        reason=N_("Another link works instead."),
        advice=_ASK,
    ),
    LinkState.WITHDRAWN: Closed(
        status=410,
        title=N_("This link was withdrawn"),
        reason=N_("It was for one person, and no longer works."),
        advice=_ASK,
    ),
    LinkState.USED: Closed(
        status=410,
        title=N_("This link was used"),
        reason=N_("It was for one person, and works once."),
        advice=N_("If it was you, log in. Otherwise ask the person who sent you this link for a new one."),
    ),
    LinkState.REMOVED: Closed(
        status=410,
        title=N_("This link was removed"),
        reason=N_("It no longer works."),
        advice=_ASK,
    ),
}
