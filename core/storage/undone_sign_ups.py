"""Which sign-ups were undone: the SQL condition that all counts of who came share.

In Python it is `domain.ledger.is_undone`.
"""

from sqlalchemy import ColumnElement, exists

from core.domain.access import UserState
from core.storage.tables import Activation, User

_INACTIVE = exists().where(User.id == Activation.user_id, User.state != UserState.ACTIVE).correlate(Activation)


def undone() -> ColumnElement[bool]:
    """Return the SQL condition that an activation was undone: it was returned, and its learner is not active."""
    return Activation.returned_at.is_not(None) & _INACTIVE
