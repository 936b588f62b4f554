"""Who may sign up where only the people of a roster can: one of the profile, or of its department or one above it."""

from dataclasses import dataclass
from enum import Enum, auto

from sqlalchemy.orm import Session

from core.domain.access import Actor, Scope
from core.domain.form_fields import Newcomer
from core.domain.naming import format_path
from core.domain.rosters import RosterOf
from core.domain.text import indexed_key
from core.errors import NotExpected
from core.storage import departments, roster_doors, rosters
from core.storage.links import Found


class LetIn(Enum):
    """Who alone can sign up by a profile: people of lists that haven't come; nobody if no such person is left."""

    LISTED = auto()
    NOBODY = auto()


@dataclass(frozen=True, kw_only=True)
class ClosedBy:
    """Whose rosters let in only their people: one's `own`, and those of departments `above` (`closed_above`)."""

    own: bool
    above: tuple[str | None, ...]


def let_in(session: Session, profile_id: int) -> LetIn | None:
    """Return who alone can sign up by a profile, None if everybody can. Rights are not checked here."""
    closing = roster_doors.closing(session, profile_id)
    if not closing:
        return None
    counted = rosters.counts(session, Scope(everywhere=True), closing)
    has_left = (of in counted and counted[of].expected > counted[of].came + counted[of].hidden for of in closing)
    return LetIn.LISTED if all(has_left) else LetIn.NOBODY


def closed_above(session: Session, actor: Actor, of: RosterOf) -> tuple[str | None, ...]:
    """Return the paths of the departments above whose rosters have to name who comes to a roster, too.

    None stands for one outside the actor's scope. Rights to the roster are not checked here.
    """
    closed = roster_doors.closed_above(session, of)
    visible = departments.within_scope(session, actor.scope, closed)
    paths = departments.paths(session, visible) if visible else {}
    return tuple(format_path(paths[number]) if number in visible else None for number in closed)


def closed_by(session: Session, actor: Actor, of: RosterOf, *, own: bool) -> ClosedBy | None:
    """Return whose rosters have to name who comes to a roster, None if none have to.

    `own`: it lets in only its people itself. Rights to it are not checked here.
    """
    above = closed_above(session, actor, of)
    return ClosedBy(own=own, above=above) if own or above else None


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
