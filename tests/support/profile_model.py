"""Sign-up profiles in plain Python, and what the database says of the same."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.ledger import RESERVED, USED, Event
from core.domain.links import LinkState
from core.storage.tables import Activation, LedgerEntry, Profile


@dataclass(kw_only=True)
class Learner:
    """Somebody whose form made an account: they wait until `waits_until`, or have an activation, returned or not."""

    form: str
    waits_until: datetime | None
    returned: bool = False
    deleted: bool = False


@dataclass(kw_only=True)
class ProfileModel:
    """A profile in plain Python, with a department of its own; whoever was turned down is not among its learners."""

    department: str
    token: str
    starts: datetime
    ends: datetime
    limit: int | None
    paused: bool = False
    removed: datetime | None = None
    department_removed: bool = False
    learners: dict[int, Learner] = field(default_factory=dict)

    @property
    def waiting(self) -> dict[int, Learner]:
        return {number: one for number, one in self.learners.items() if one.waits_until}

    @property
    def used(self) -> int:
        return sum(not one.waits_until and not one.returned for one in self.learners.values())

    @property
    def in_use(self) -> int:
        return self.used + len(self.waiting)

    def drop(self, user_ids: list[int]) -> None:
        """Forget those who waited and came to nothing."""
        for user_id in user_ids:
            del self.learners[user_id]

    def state(self, now: datetime, *, enabled: bool) -> LinkState:
        """Say whether the link is open, and if not, why."""
        reasons = {
            LinkState.REMOVED: self.removed is not None,
            LinkState.SIGN_UP_OFF: not enabled,
            LinkState.PAUSED: self.paused,
            LinkState.NOT_YET_OPEN: now < self.starts,
            LinkState.ENDED: now > self.ends,
            LinkState.FULL: self.in_use == self.limit,
        }
        return next((state for state, holds in reasons.items() if holds), LinkState.OPEN)


def activation_of(session: Session, user_id: int) -> int:
    return session.scalars(select(Activation.id).where(Activation.user_id == user_id)).one()


def counters(session: Session) -> dict[int, tuple[int | None, int, int]]:
    rows = session.execute(select(Profile.id, Profile.activation_limit, Profile.used, Profile.reserved)).all()
    return {number: (limit, used, reserved) for number, limit, used, reserved in rows}


def sums(session: Session) -> dict[int, tuple[int, int]]:
    """Add the ledger up, line by line."""
    found = dict.fromkeys(session.scalars(select(Profile.id)), (0, 0))
    for number, kind in session.execute(select(LedgerEntry.profile_id, LedgerEntry.kind)).all():
        used, reserved = found[number]
        found[number] = used + USED.get(Event(kind), 0), reserved + RESERVED.get(Event(kind), 0)
    return found
