"""Which activations somebody may see: of which profiles, which learners; how many were returned or undone."""

from sqlalchemy import ColumnElement, Select, func, select

from core.domain.access import Scope
from core.storage.departments import within
from core.storage.profiles import recorded_in
from core.storage.tables import Activation, Profile
from core.storage.undone_sign_ups import undone


def of_profiles(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that a profile, removed or not, belongs or once belonged to the scope; none if all do."""
    if scope.everywhere:
        return ()
    return (Activation.profile_id.in_(select(Profile.id).where(recorded_in(scope))),)


def returned(scope: Scope, *wanted: ColumnElement[bool]) -> Select[int, int]:
    """Count the wanted activations that were returned to their profiles, and of these the undone ones.

    Only those of learners who are within the scope now. The columns are `returned` and `undone`.
    """
    seen = Activation.returned_at.is_not(None), within(scope, Activation.learner_department_id.expression)
    numbers = func.count().label("returned"), func.count().filter(undone()).label("undone")
    return select(*numbers).select_from(Activation).where(*wanted, *seen)
