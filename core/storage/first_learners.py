"""Queries on the first learners of profiles."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, aliased

from core.domain.access import Scope, UserState
from core.domain.ledger import is_undone
from core.storage.departments import within
from core.storage.number_lists import among
from core.storage.tables import Activation, User
from core.storage.undone_sign_ups import undone


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstLearner:
    """One of the first learners who signed up through a profile and are now in a department.

    `undone`: the activation was returned, and the learner is not active.
    """

    activation_id: int
    profile_id: int
    department_id: int
    user_id: int
    name: str
    undone: bool


def has_just_one(session: Session, profile_id: int) -> bool:
    """Return whether a profile has one activation, counting those that were returned."""
    return len(session.scalars(select(Activation.id).where(Activation.profile_id == profile_id).limit(2)).all()) == 1


def first_name(session: Session, scope: Scope, profile_id: int) -> str | None:
    """Return the name of a profile's first learner; None if there is none, or they are outside the scope now."""
    first = select(func.min(Activation.id)).where(Activation.profile_id == profile_id).scalar_subquery()
    query = (
        select(User)
        .join(Activation, Activation.user_id == User.id)
        .where(Activation.id == first, within(scope, Activation.learner_department_id.expression))
    )
    learner = session.scalars(query).one_or_none()
    return learner.full_name if learner else None


def first_learners(session: Session, firsts: Collection[int], *, through: int, at_most: int) -> list[FirstLearner]:
    """List the learners with the first activation numbers up to `through`, at most so many of each group.

    Groups are those of one profile and one department where the learners are now; `firsts` has the smallest number of
    each. Those whose sign-up was undone come in addition. One statement, which stops at `at_most` in each group.
    """
    if not firsts:
        return []
    sought = {"firsts": [*firsts], "through": through, "skipped": at_most - 1}
    return [
        FirstLearner(
            activation_id=number,
            profile_id=profile_id,
            department_id=department_id,
            user_id=user_id,
            name=name.strip(),
            undone=is_undone(returned=is_returned, active=state == UserState.ACTIVE),
        )
        for number, profile_id, department_id, user_id, name, is_returned, state in session.execute(
            _FIRST_LEARNERS, sought
        )
    ]


_FIRST, _OTHER = aliased(Activation), aliased(Activation)
_SAME_GROUP = (
    _OTHER.profile_id == _FIRST.profile_id,
    _OTHER.learner_department_id == _FIRST.learner_department_id,
    _OTHER.id >= _FIRST.id,
    _OTHER.id <= bindparam("through"),
)
_LAST = select(_OTHER.id).where(*_SAME_GROUP, ~undone(_OTHER)).order_by(_OTHER.id).limit(1).offset(bindparam("skipped"))
_HEADS = (
    select(
        _FIRST.id,
        _FIRST.profile_id,
        _FIRST.learner_department_id,
        func.coalesce(_LAST.scalar_subquery(), bindparam("through")).label("last"),
    )
    .where(among(_FIRST.id.expression, "firsts"))
    .cte("heads")
    .prefix_with("MATERIALIZED")  # otherwise PostgreSQL looks for the last number again in each row
)
_NAME = select(User.first_name + " " + User.last_name).where(User.id == Activation.user_id).correlate(Activation)
_STATE = select(User.state).where(User.id == Activation.user_id).correlate(Activation)
_FIRST_LEARNERS = (
    select(
        Activation.id,
        Activation.profile_id,
        Activation.learner_department_id,
        Activation.user_id,
        _NAME.scalar_subquery(),  # no join, for which PostgreSQL would read all users if it expects many learners
        Activation.returned_at.is_not(None),
        _STATE.scalar_subquery(),
    )
    .join(
        _HEADS,
        (Activation.profile_id == _HEADS.c.profile_id)
        & (Activation.learner_department_id == _HEADS.c.learner_department_id)
        & (Activation.id >= _HEADS.c.id)
        & (Activation.id <= _HEADS.c.last),
    )
    .order_by(Activation.id)
)
