"""The tree of departments, one at a time: what is directly below it, and what belongs to it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.services import department_picker, roster_counts
from core.services.authorisation import authorise
from core.services.departments import FOR_THE_TREE
from core.services.roster_counts import NONE_EXPECTED, RosterCounts
from core.storage import department_picker as stored
from core.storage import departments, people, profiles, roster_profiles


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

    `people` are those in it, `people_below` those in the departments below it; the other figures count both. `roster`
    None: nobody is expected. `managers` manage it, or one above it; they are named to viewers who manage roles.
    """

    department_id: int
    path: tuple[str, ...]
    above: int | None
    above_name: str
    children: Children
    people: int
    people_below: int
    profiles: int
    roster: RosterCounts | None
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
    return Node(
        department_id=department_id,
        path=departments.path(session, department_id),
        above=above,
        above_name="" if above is None else departments.path(session, above)[-1],
        children=_children(session, actor, department_id, page, size),
        people=here,
        people_below=below,
        profiles=profiles.count_in_branch(session, department_id),
        roster=_roster(session, actor, department_id),
        managers=_managers(session, actor, department_id),
    )


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


def _roster(session: Session, actor: Actor, department_id: int) -> RosterCounts | None:
    """Sum the rosters of the profiles in a department and below it up, for viewers who may edit these profiles."""
    if not actor.may(Permission.MANAGE_PROFILES):
        return None
    expecting = roster_profiles.in_branch(session, department_id)
    counted = roster_counts.of_profiles(session, actor, expecting).values()
    total = RosterCounts(
        expected=sum(each.expected for each in counted),
        came=sum(each.came for each in counted),
        hidden=sum(each.hidden for each in counted),
    )
    return None if total == NONE_EXPECTED else total
