"""Who may sign up where only the people of a roster can: one of the profile, or of its department or one above it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.domain.access import Actor
from core.domain.form_fields import Newcomer
from core.domain.naming import format_path
from core.domain.rosters import RosterOf
from core.domain.text import indexed_key
from core.errors import NotExpected
from core.storage import departments, roster_doors
from core.storage.links import Found


@dataclass(frozen=True, kw_only=True)
class ClosedBy:
    """Whose rosters let in only their people: one's `own`, and those of departments `above`, by their paths.

    None stands for one outside the viewer's scope. `lets_in_nobody`: all of them name nobody who hasn't come.
    """

    own: bool
    above: tuple[str | None, ...]
    lets_in_nobody: bool

    @property
    def rosters(self) -> int:
        """How many rosters have to name who comes."""
        return self.own + len(self.above)


def closed_by(session: Session, actor: Actor, of: RosterOf, *, own: bool) -> ClosedBy | None:
    """Return whose rosters have to name who comes to a roster, None if none have to.

    `own`: it lets in only its people itself. Rights to it are not checked here.
    """
    above = roster_doors.closed_above(session, of)
    closing = _closing(of, above, own=own)
    if not closing:
        return None
    lets_in_nobody = not roster_doors.let_in_somebody(session, closing)
    return ClosedBy(own=own, above=_paths(session, actor, above), lets_in_nobody=lets_in_nobody)


def is_any_below_closed(session: Session, of: RosterOf) -> bool:
    """Return whether rosters of profiles or departments below a department let in only their people."""
    return of.department_id is not None and roster_doors.is_any_below_closed(session, of.department_id)


def is_last(session: Session, of: RosterOf, number: int) -> bool:
    """Return whether nobody could come to a roster, which lets in only its people, without one who is on it."""
    closing = _closing(of, roster_doors.closed_above(session, of), own=True)
    if roster_doors.let_in_somebody(session, closing, besides=number):
        return False
    return roster_doors.let_in_somebody(session, closing)


def _closing(of: RosterOf, above: Sequence[int], *, own: bool) -> list[RosterOf]:
    return [*([of] if own else []), *(RosterOf(department_id=number) for number in above)]


def _paths(session: Session, actor: Actor, numbers: Sequence[int]) -> tuple[str | None, ...]:
    """Return the paths of departments; None stands for one outside the actor's scope."""
    visible = departments.within_scope(session, actor.scope, numbers)
    paths = departments.paths(session, visible) if visible else {}
    return tuple(format_path(paths[number]) if number in visible else None for number in numbers)


def refuse_unexpected(session: Session, found: Found, newcomer: Newcomer) -> None:
    """Refuse a newcomer whom a roster that lets in nobody else doesn't name. Raises NotExpected."""
    if found.doors.own or found.doors.above:
        refuse_turned_away(session, found.profile.id, newcomer)


def refuse_unexpected_above(session: Session, found: Found, newcomer: Newcomer) -> None:
    """Refuse a newcomer again who has been added to the department. Raises NotExpected.

    Since then nobody else can change who is let in there: a change waits for the sign-ups in progress.
    """
    if found.doors.above:
        refuse_turned_away(session, found.profile.id, newcomer)


def refuse_turned_away(session: Session, profile_id: int, newcomer: Newcomer) -> None:
    """Refuse a newcomer whom a roster that lets in nobody else doesn't name, wherever it is. Raises NotExpected."""
    values = {number: indexed_key(value) for number, value in newcomer.custom.items()}
    if roster_doors.is_turned_away(session, profile_id, newcomer.email, newcomer.phone, values):
        raise NotExpected(newcomer.email)
