"""Several departments added at once from a pasted list, after a preview of the tree that it means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.naming import format_path, parse_path
from core.domain.text import key
from core.errors import Conflict
from core.language import languages_of, region
from core.services import audit_log, departments, questions
from core.services.audit_log import Action, Subject
from core.services.authorisation import authorise
from core.services.department_lookup import find
from core.services.departments import Branch
from core.services.questions import About
from core.storage import account
from core.storage import department_lists as listed
from core.storage import departments as stored
from core.storage.database import refusing

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


def languages(session: Session, actor_id: int, language: str) -> tuple[str, ...]:
    """Return the languages (ISO 639) in which a list is likely to be: the reader's first, then those of the account."""
    authorise(session, actor_id, Permission.MANAGE_DEPARTMENTS)
    return language, *languages_of(region(account.zone(session)))


def propose(session: Session, actor_id: int, paths: Sequence[str], below: int | None, now: datetime) -> ListPreview:
    """Prepare a question about adding the departments of a list, below a department or at the top (None).

    Raises what `departments.add` raises, but for DepartmentExists.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_DEPARTMENTS)
    prefix = () if below is None else stored.path(session, find(session, actor, below))
    parsed = [(*prefix, *parse_path(text)) for text in paths]
    existing = _existing(session, parsed)
    _require_scope(session, actor, {_deepest(path, existing): path for path in reversed(parsed)})
    meant: dict[Path, ListedDepartment] = {}
    for path in parsed:
        for keys, depth in _beginnings(path, len(prefix) + 1):
            meant.setdefault(keys, ListedDepartment(path=path[:depth], existing=keys in existing))
    body = {"paths": list(paths), "below": below}
    return ListPreview(
        question_id=questions.ask(session, actor_id, About.DEPARTMENTS, body, now),
        below=prefix,
        departments=tuple(meant[each] for each in sorted(meant)),
    )


def confirm(session: Session, actor_id: int, question_id: int, now: datetime) -> list[Branch]:
    """Add the departments that were asked about, all or none; return those that didn't exist.

    Raises QuestionClosed, DepartmentGone if the one below which they were to be is gone, DepartmentNotFound if one
    would be outside the scope, and Conflict.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_DEPARTMENTS)
    body = questions.answer(session, actor_id, question_id, About.DEPARTMENTS, now)
    stored.lock_tree(session)
    below = body["below"]
    prefix = () if below is None else stored.path(session, find(session, actor, below))
    paths = [(*prefix, *parse_path(text)) for text in body["paths"]]
    meant: dict[Path, Path] = {}
    for path in paths:
        for keys, depth in _beginnings(path, 1):
            meant.setdefault(keys, path[:depth])
    found: dict[Path, Branch] = {(): Branch(department_id=stored.root_id(session), path=(), people=0)}
    added = set[Path]()
    for depth in range(1, max(map(len, meant), default=0) + 1):
        level = {keys: path for keys, path in meant.items() if len(keys) == depth}
        added |= _add_level(session, actor, level, found)
    new = [found[keys] for keys in meant if keys in added]
    audit_log.record_each(session, actor_id, Action.DEPARTMENT_ADDED, list(map(_subject, new)), now)
    return new


def _beginnings(path: Path, first: int) -> list[tuple[Path, int]]:
    """Return the keys of a path's departments from a depth on, the highest first, each with its depth (from 1)."""
    keys = tuple(map(key, path))
    return [(keys[:depth], depth) for depth in range(first, len(path) + 1)]


def _existing(session: Session, paths: Sequence[Path]) -> Mapping[Path, int]:
    """Return the numbers of the departments on these paths that exist, by their keys; one statement a level."""
    found: dict[Path, int] = {(): stored.root_id(session)}
    level: set[Path] = {()}
    sought = {tuple(map(key, path)) for path in paths}
    for depth in range(1, max(map(len, sought), default=0) + 1):
        below = {keys[:depth] for keys in sought if len(keys) >= depth and keys[: depth - 1] in level}
        known = listed.children(session, {found[keys[:-1]] for keys in below}) if below else {}
        level = {keys for keys in below if (found[keys[:-1]], keys[-1]) in known}
        found |= {keys: known[found[keys[:-1]], keys[-1]][0] for keys in level}
    return found


def _deepest(path: Path, existing: Mapping[Path, int]) -> int:
    """Return the number of the last department on a path that exists."""
    return next((existing[keys] for keys, _ in reversed(_beginnings(path, 1)) if keys in existing), existing[()])


def _add_level(session: Session, actor: Actor, level: Mapping[Path, Path], found: dict[Path, Branch]) -> set[Path]:
    """Add the departments of one depth that are missing, and return which; `found` has those above, and gets all.

    A department is known by the keys of the names on its path.
    """
    known = listed.children(session, {found[keys[:-1]].department_id for keys in level})
    missing: dict[Path, tuple[int, str]] = {}
    for keys, path in level.items():
        parent = found[keys[:-1]]
        if existing := known.get((parent.department_id, keys[-1])):
            found[keys] = Branch(department_id=existing[0], path=(*parent.path, existing[1]), people=0)
        else:
            missing[keys] = (parent.department_id, path[-1])
    if not missing:
        return set()
    _require_scope(session, actor, {parent_id: level[keys] for keys, (parent_id, _) in missing.items()})
    with refusing(session, **{departments.NAMING: Conflict()}):
        numbers = listed.add(session, list(missing.values()))
    for (keys, (_, name)), number in zip(missing.items(), numbers, strict=True):
        found[keys] = Branch(department_id=number, path=(*found[keys[:-1]].path, name), people=0)
    return set(missing)


def _require_scope(session: Session, actor: Actor, below: Mapping[int, Path]) -> None:
    """Raise DepartmentNotFound for the path of one that would be below a department outside the scope."""
    within = stored.within_scope(session, actor.scope, below)
    for parent_id in below.keys() - within:
        departments.require_scope(session, actor, parent_id, format_path(below[parent_id]))


def _subject(branch: Branch) -> Subject:
    return Subject(number=branch.department_id, name=format_path(branch.path), department_id=branch.department_id)
