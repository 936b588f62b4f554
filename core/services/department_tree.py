"""The tree of departments, one at a time: what is directly below it, and what belongs to it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.rosters import RosterOf
from core.services import department_lookup, department_picker, roster_counts, roster_doors
from core.services.authorisation import authorise
from core.services.departments import FOR_THE_TREE
from core.services.roster_counts import RosterCounts
from core.services.roster_doors import ClosedBy
from core.storage import department_picker as stored
from core.storage import departments, people, profiles
from core.storage import roster_doors as stored_doors


@dataclass(frozen=True, kw_only=True)
class Child:
    """A department directly below another one; `below`: there are others below it."""

    department_id: int
    name: str
    below: bool


@dataclass(frozen=True, kw_only=True)
class Children:
    """A page of the departments directly below one, or at the top of what the viewer sees; `page` counts from 0."""

    children: tuple[Child, ...]
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class Node:
    """A department: the one above it (None: there is none that the viewer sees), and what belongs to it.

    `people` are those in it, `people_below` those in the departments below it; the other figures count both.
    `own_roster` is the department's list, `roster` sums it up with those of the departments below it and of all their
    profiles; None: nobody is expected. `closed_by`: whose lists let in only their people there; None: none do, or the
    viewer may not see them. `managers` manage it, or one above it; they are named to viewers who manage
    roles.
    """

    department_id: int
    path: tuple[str, ...]
    above: int | None
    above_name: str
    children: Children
    people: int
    people_below: int
    profiles: int
    own_roster: RosterCounts | None
    roster: RosterCounts | None
    closed_by: ClosedBy | None
    managers: tuple[str, ...]


def top(session: Session, actor_id: int, page: int, size: int) -> tuple[int, Children]:
    """Return how many departments are within scope, and a page of those at the top of it."""
    actor = authorise(session, actor_id, *FOR_THE_TREE)
    return departments.count_in(session, actor.scope), _children(session, actor, None, page, size)


def show(session: Session, actor_id: int, department_id: int, page: int, size: int) -> Node:
    """Return a department within scope, with a page of those directly below it. Raises DepartmentGone."""
    actor = authorise(session, actor_id, *FOR_THE_TREE)
    department_picker.require(session, actor, department_id)
    here, below = people.count_listed_in_branch(session, department_id)
    above = department_picker.above(session, actor, department_id)
    own, roster = _rosters(session, actor, department_id)
    return Node(
        department_id=department_id,
        path=departments.path(session, department_id),
        above=above,
        above_name="" if above is None else departments.path(session, above)[-1],
        children=_children(session, actor, department_id, page, size),
        people=here,
        people_below=below,
        profiles=profiles.count_in_branch(session, department_id),
        own_roster=own,
        roster=roster,
        closed_by=_closed_by(session, actor, department_id),
        managers=_managers(session, actor, department_id),
    )


def find(session: Session, actor_id: int, text: str) -> int:
    """Return the number of the department within scope that a text names.

    Raises DepartmentNotFound, DepartmentAmbiguous.
    """
    return department_lookup.find(session, authorise(session, actor_id, *FOR_THE_TREE), text)


def path(session: Session, actor_id: int, department_id: int) -> tuple[str, ...]:
    """Return the path of a department within scope. Raises DepartmentGone."""
    actor = authorise(session, actor_id, *FOR_THE_TREE)
    department_picker.require(session, actor, department_id)
    return departments.path(session, department_id)


def _children(session: Session, actor: Actor, node: int | None, page: int, size: int) -> Children:
    names = department_picker.names_below(session, actor, node)
    pages = max(1, -(-len(names) // size))
    page = max(0, min(page, pages - 1))
    shown = dict(list(names.items())[page * size : (page + 1) * size])
    deeper = stored.with_any_below(session, shown)
    return Children(
        children=tuple(Child(department_id=each, name=name, below=each in deeper) for each, name in shown.items()),
        page=page,
        pages=pages,
    )


def _managers(session: Session, actor: Actor, department_id: int) -> tuple[str, ...]:
    """Name the managers to viewers who see who has which role; they need not belong to the viewer's departments."""
    if not actor.may(Permission.MANAGE_ROLES):
        return ()
    return tuple(departments.managers_of(session, departments.above(session, department_id), actor.scope).values())


def _closed_by(session: Session, actor: Actor, department_id: int) -> ClosedBy | None:
    """Return whose lists let in only their people, for viewers who may see them."""
    if not actor.may(Permission.MANAGE_PROFILES):
        return None
    own = bool(stored_doors.closed(session, [department_id]))
    return roster_doors.closed_by(session, actor, RosterOf(department_id=department_id), own=own)


def _rosters(session: Session, actor: Actor, department_id: int) -> tuple[RosterCounts | None, RosterCounts | None]:
    """Return the counts of a department's own roster, and of all in its branch, for viewers who may see them."""
    if not actor.may(Permission.MANAGE_PROFILES):
        return None, None
    of = RosterOf(department_id=department_id)
    return (
        roster_counts.of_rosters(session, actor, [of]).get(of),
        roster_counts.in_branch(session, actor, department_id),
    )
