"""What an entry of the audit log is about that concerns all within an actor's scope."""

from sqlalchemy.orm import Session

from core.domain.access import Actor, Scope
from core.domain.naming import format_path
from core.services.audit_log import Subject
from core.storage import departments


def of(session: Session, actor: Actor) -> Subject:
    """Return the departments that an actor manages, by name, as one subject; without a name it is the whole account."""
    managed = departments.paths(session, actor.scope.managed)
    named = ", ".join(sorted(format_path(path) for path in managed.values() if path))
    return Subject(
        number=None, name="" if actor.scope.everywhere else named, department_id=next(iter(sorted(managed)), None)
    )


def each(session: Session, scope: Scope, *, name: str = "") -> list[Subject]:
    """Return each department of a scope, or the whole account, for an entry of its own; all by `name` if given."""
    managed = departments.paths(session, scope.managed) if scope.managed else {}
    return [
        Subject(number=None, name=name or format_path(path), department_id=number)
        for number, path in sorted(managed.items())
    ] or [Subject(number=None, name=name, department_id=None)]
