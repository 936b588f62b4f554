"""Several departments added at once from a pasted list, after a preview of the tree that it means."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.naming import format_path, parse_path
from core.domain.text import key
from core.services import departments, questions
from core.services.authorisation import authorise
from core.services.department_lookup import deepest_existing, find
from core.services.departments import Branch
from core.services.questions import About
from core.storage import departments as stored

Path = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ListedDepartment:
    """A department of a list, or one above it; `existing`: it is there already."""

    path: Path
    existing: bool


@dataclass(frozen=True, kw_only=True)
class ListPreview:
    """The departments that a list means, each once and below its parent; `below` is the path that they are added to."""

    question_id: int
    below: Path
    departments: tuple[ListedDepartment, ...]

    @property
    def missing(self) -> int:
        """How many would be added."""
        return sum(not each.existing for each in self.departments)


def propose(session: Session, actor_id: int, paths: Sequence[str], below: int | None, now: datetime) -> ListPreview:
    """Prepare a question about adding the departments of a list, below a department or at the top (None).

    Raises what `departments.add` raises, but for DepartmentExists.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_DEPARTMENTS)
    prefix = () if below is None else stored.path(session, find(session, actor, below))
    meant: dict[Path, ListedDepartment] = {}
    for text in paths:
        path = (*prefix, *parse_path(text))
        parent, missing = deepest_existing(session, path)
        departments.require_scope(session, actor, parent, format_path(path))
        known = len(path) - len(missing)
        for depth in range(len(prefix) + 1, len(path) + 1):
            listed = ListedDepartment(path=path[:depth], existing=depth <= known)
            meant.setdefault(tuple(map(key, path[:depth])), listed)
    body = {"paths": list(paths), "below": below}
    return ListPreview(
        question_id=questions.ask(session, actor_id, About.DEPARTMENTS, body, now),
        below=prefix,
        departments=tuple(meant[each] for each in sorted(meant)),
    )


def confirm(session: Session, actor_id: int, question_id: int, now: datetime) -> list[Branch]:
    """Add the departments that were asked about, all or none; return those that didn't exist.

    Raises QuestionClosed, DepartmentGone if the one below which they were to be is gone, and what `departments.add`
    raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_DEPARTMENTS)
    body = questions.answer(session, actor_id, question_id, About.DEPARTMENTS, now)
    stored.lock_tree(session)
    below = body["below"]
    prefix = () if below is None else stored.path(session, find(session, actor, below))
    paths = [(*prefix, *parse_path(text)) for text in body["paths"]]
    each = (path[:depth] for path in paths for depth in range(len(prefix) + 1, len(path) + 1))
    return departments.add_several(session, actor_id, map(format_path, dict.fromkeys(each)), now)
