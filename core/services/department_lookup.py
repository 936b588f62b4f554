"""Lookup of departments by path or number, within the acting user's scope."""

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.naming import format_path, nearest, parse_path
from core.domain.text import key
from core.errors import DepartmentAmbiguous, DepartmentGone, DepartmentNotFound, DepartmentNotNamed
from core.storage import departments

Address = str | int  # a department's path, as typed, or its number, as sent by a button


def find(session: Session, actor: Actor, address: Address) -> int:
    """Return a department's number.

    Of a path, the end that is unique within scope is enough. Raises DepartmentNotFound, DepartmentAmbiguous for a path,
    DepartmentGone for a number.
    """
    if isinstance(address, int):
        return _by_number(session, actor, address)
    return _by_path(session, actor, address)


def _by_number(session: Session, actor: Actor, number: int) -> int:
    if not departments.exists(session, number) or not departments.within_scope(session, actor.scope, [number]):
        raise DepartmentGone
    return number


def _by_path(session: Session, actor: Actor, text: str) -> int:
    path = parse_path(text)
    number = departments.by_path(session, path)
    if number is not None and departments.within_scope(session, actor.scope, [number]):
        return number
    return _by_end(session, actor, path)


def _by_end(session: Session, actor: Actor, path: tuple[str, ...]) -> int:
    """Return the only department whose path ends so. Raises DepartmentNotFound, DepartmentAmbiguous."""
    known = departments.paths(session, departments.called(session, actor.scope, path[-1]))
    wanted = tuple(map(key, path))
    found = {number: each for number, each in known.items() if tuple(map(key, each[-len(path) :])) == wanted}
    if len(found) > 1:
        raise DepartmentAmbiguous(format_path(path), tuple(sorted(map(format_path, found.values()))))
    if not found:
        raise not_found(session, actor, format_path(path))
    return next(iter(found))


def find_and_lock(session: Session, actor: Actor, address: Address) -> int:
    """Find a department like `find`, and lock it against removal until the end of the transaction."""
    number = find(session, actor, address)
    if not departments.lock(session, number):
        if isinstance(address, int):
            raise DepartmentGone
        raise not_found(session, actor, format_path(parse_path(address)))
    return number


def choose_and_lock(session: Session, actor: Actor, text: str) -> int:
    """Find and lock a department like `find_and_lock`; the only one of an actor who manages one needs no name.

    Raises DepartmentNotNamed if none is named otherwise.
    """
    if text.strip():
        return find_and_lock(session, actor, text)
    managed = [] if actor.scope.everywhere else list(actor.scope.managed)
    if len(managed) != 1 or not departments.lock(session, managed[0]):
        raise DepartmentNotNamed
    return managed[0]


def deepest_existing(session: Session, path: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """Follow a path as far as it exists; return the last department found and the names that are missing."""
    parent = departments.root_id(session)
    for depth, name in enumerate(path):
        child = departments.child_id(session, parent, name)
        if child is None:
            return parent, path[depth:]
        parent = child
    return parent, ()


def not_found(session: Session, actor: Actor, wanted: str) -> DepartmentNotFound:
    """Return the refusal, with up to three suggestions: similar paths, then those that end in the wanted name."""
    known = [format_path(path) for path in departments.paths_in(session, actor.scope).values() if path]
    last = key(wanted.rsplit("/", 1)[-1])
    ending = [path for path in known if key(path.rsplit("/", 1)[-1]) == last]
    close = tuple(dict.fromkeys((*nearest(wanted, known), *ending)))[:3]
    return DepartmentNotFound(wanted, close, *_addable(session, actor, wanted))


def _addable(session: Session, actor: Actor, wanted: str) -> tuple[bool, tuple[str, ...]]:
    """Return whether the actor may add the department and, if not, the paths below which they may add others."""
    if not actor.may(Permission.MANAGE_DEPARTMENTS):
        return False, ()
    parent, missing = deepest_existing(session, parse_path(wanted))
    if missing and departments.within_scope(session, actor.scope, [parent]):
        return True, ()
    managed = departments.paths(session, actor.scope.managed)
    return False, tuple(sorted(format_path(path) for path in managed.values() if path))
