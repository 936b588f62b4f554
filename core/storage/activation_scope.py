"""Which activations somebody may see: of which profiles, of which learners; and how many of them were returned."""

from sqlalchemy import ColumnElement, Select, func, select

from core.domain.access import Scope
from core.storage.departments import within
from core.storage.profiles import recorded_in
from core.storage.tables import Activation, Profile


def of_profiles(scope: Scope) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that a profile, removed or not, belongs or once belonged to the scope; none if all do."""
    if scope.everywhere:
        return ()
    return (Activation.profile_id.in_(select(Profile.id).where(recorded_in(scope))),)


def returned(scope: Scope, *wanted: ColumnElement[bool]) -> Select[int]:
    """Count the wanted activations that were returned to their profiles, of learners who are within the scope now."""
    seen = Activation.returned_at.is_not(None), within(scope, Activation.learner_department_id.expression)
    return select(func.count()).select_from(Activation).where(*wanted, *seen)
