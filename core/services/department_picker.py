"""Choosing a department by taps and by typed words, within the acting user's scope."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.naming import format_path
from core.domain.text import key, search_key, search_words
from core.errors import DepartmentGone
from core.services import departments as tree
from core.services.authorisation import authorise
from core.storage import department_picker, departments

PLACES = 14  # buttons a page: seven rows of two
RECENT = 3
MOST_FOUND = 6
LONGEST_WORDS = 200  # characters of typed words that are kept

CHOOSERS = (Permission.MANAGE_PROFILES, Permission.MANAGE_PEOPLE)  # one of them is needed


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A department to choose; `name` is its own name, `path` leads to it. `below`: there are others below it."""

    department_id: int
    name: str
    path: tuple[str, ...] = ()
    below: bool = False


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What can be chosen at one place of the tree: `here` itself, if it isn't the top, and what is directly below it.

    `recent` are those of the last profiles of the acting user, at the top only. `page` counts from 0.
    """

    recent: tuple[Choice, ...]
    here: Choice | None
    above: int | None
    children: tuple[Choice, ...]
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class Found:
    """The departments that typed words mean, the best first, and how many more there are.

    `addable`: there are none, and the acting user may add one.
    """

    choices: tuple[Choice, ...]
    more: int
    addable: bool


def choices(session: Session, actor_id: int, node: int | None, page: int) -> Choices:
    """Return what can be chosen below a department; None: at the top. `page` is clamped. Raises DepartmentGone."""
    actor = authorise(session, actor_id, *CHOOSERS)
    if node is not None:
        require(session, actor, node)
    names = names_below(session, actor, node)
    recent = () if node is not None else _recent(session, actor)
    size = PLACES - 2 * (len(recent) + (node is not None))
    pages = max(1, -(-len(names) // size))
    page = max(0, min(page, pages - 1))
    shown = dict(list(names.items())[page * size : (page + 1) * size])
    deeper = department_picker.with_any_below(session, shown)
    return Choices(
        recent=recent,
        here=None if node is None else _choice(session, node),
        above=None if node is None else above(session, actor, node),
        children=tuple(Choice(department_id=each, name=name, below=each in deeper) for each, name in shown.items()),
        page=page,
        pages=pages,
    )


def take(session: Session, actor_id: int, department_id: int) -> Choice:
    """Return a department that the acting user may choose. Raises DepartmentGone."""
    actor = authorise(session, actor_id, *CHOOSERS)
    require(session, actor, department_id)
    return _choice(session, department_id)


def find(session: Session, actor_id: int, words: str) -> Found:
    """Find the departments within scope that typed words mean: a path, a name, or words that are in the path."""
    actor = authorise(session, actor_id, *CHOOSERS)
    paths = {number: path for number, path in departments.paths_in(session, actor.scope).items() if path}
    ranked = sorted(_matching(paths, words), key=lambda number: (_rank(paths[number], words), paths[number]))
    found = [Choice(department_id=each, name=paths[each][-1], path=paths[each]) for each in ranked[:MOST_FOUND]]
    return Found(
        choices=tuple(found),
        more=len(ranked) - len(found),
        addable=not found and actor.may(Permission.MANAGE_DEPARTMENTS),
    )


def usual(session: Session, actor_id: int) -> int | None:
    """Return the department of the acting user's last profile, or their only one; None if there is neither."""
    actor = authorise(session, actor_id, *CHOOSERS)
    lately = department_picker.lately_used(session, actor.user_id, actor.scope, at_most=1)
    first = lately or department_picker.first_in(session, actor.scope, at_most=2)
    return first[0] if len(first) == 1 else None


def add(session: Session, actor_id: int, path: str, now: datetime) -> Choice:
    """Add a department in order to choose it. Raises whatever `departments.add` raises."""
    branch = tree.add(session, actor_id, path, now)
    return _choice(session, branch.department_id)


def names_below(session: Session, actor: Actor, node: int | None) -> dict[int, str]:
    """Return what is directly below a department, or at the top of what the actor manages."""
    if node is not None:
        return department_picker.below(session, node)
    if actor.scope.everywhere:
        return department_picker.below(session, departments.root_id(session))
    return department_picker.named(session, actor.scope.managed)


def _recent(session: Session, actor: Actor) -> tuple[Choice, ...]:
    numbers = department_picker.lately_used(session, actor.user_id, actor.scope, at_most=RECENT)
    return tuple(_choice(session, number) for number in numbers)


def require(session: Session, actor: Actor, department_id: int) -> None:
    """Raise DepartmentGone unless the department exists, is within scope and isn't the root."""
    in_scope = departments.exists(session, department_id) and departments.within_scope(
        session, actor.scope, [department_id]
    )
    if not in_scope or department_picker.parent(session, department_id) is None:
        raise DepartmentGone


def above(session: Session, actor: Actor, node: int) -> int | None:
    """Return the department above one that the actor can choose, None if that is the top of what they see."""
    parent = department_picker.parent(session, node)
    if parent is None or department_picker.parent(session, parent) is None:
        return None
    top = not departments.within_scope(session, actor.scope, [parent])
    return None if top or node in actor.scope.managed else parent


def _choice(session: Session, department_id: int) -> Choice:
    path = departments.path(session, department_id)
    return Choice(department_id=department_id, name=path[-1], path=path)


def _matching(paths: Mapping[int, Sequence[str]], words: str) -> list[int]:
    wanted = search_words(words.replace("/", " "))
    return [number for number, path in paths.items() if wanted and all(word in search_key(*path) for word in wanted)]


def _rank(path: Sequence[str], words: str) -> tuple[int, int]:
    """Return how well a path fits the words: as a whole, by its own name, by its own name's beginning, or at all."""
    typed, whole, own = key(words), key(format_path(path)), key(path[-1])
    fits = (typed == whole, typed == own, own.startswith(typed))
    return (fits.index(True) if True in fits else len(fits), len(path))
