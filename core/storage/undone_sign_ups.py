"""Which sign-ups were undone: the SQL condition that all counts of who came share.

In Python it is `domain.ledger.is_undone`.
"""

from sqlalchemy import ColumnElement, exists

from core.domain.access import UserState
from core.storage.tables import Activation, User


def undone(activation: type[Activation] = Activation) -> ColumnElement[bool]:
    """Return the SQL condition that an activation was undone: it was returned, and its learner is not active.

    `activation` may be an alias of the table.
    """
    inactive = exists().where(User.id == activation.user_id, User.state != UserState.ACTIVE).correlate(activation)
    return activation.returned_at.is_not(None) & inactive
