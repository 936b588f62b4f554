"""Lists of expected people, as tests keep them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.rosters import RosterOf
from core.engine import Engine
from core.rosters.people_lists import ListedPerson
from core.services import awaited_lists, roster_lists, roster_lockouts
from core.services.questions import About
from core.services.roster_lockouts import Lockout
from core.services.rosters import Roster
from tests.support.rows import department_id


def through(profile_id: int) -> RosterOf:
    """Name the roster of a profile."""
    return RosterOf(profile_id=profile_id)


async def within(engine: Engine, path: str) -> RosterOf:
    """Name the roster of the department with a path."""
    return RosterOf(department_id=await engine.read(department_id, path))


def listed(*emails: str) -> list[ListedPerson]:
    """List people by their addresses."""
    return [ListedPerson(row=row, email=email) for row, email in enumerate(emails, 2)]


async def keep(
    engine: Engine,
    actor_id: int,
    of: RosterOf,
    people: Sequence[ListedPerson],
    *,
    replaced: bool = False,
    only: bool = False,
) -> Roster:
    """Send a list, read the preview, and keep it; `only`: lock out whoever isn't on it."""
    now = engine.now()
    sent = await engine.write(awaited_lists.receive, actor_id, About.ROSTER, of, {"text": "…"}, now)
    preview = await engine.read(roster_lists.preview, actor_id, of, people)
    locked_out = await engine.read(roster_lockouts.of_list, actor_id, of, people, now, replace=replaced)
    seen = preview.seen_instead if replaced else preview.seen
    return await engine.write(
        roster_lists.keep,
        actor_id,
        sent.question_id,
        people,
        now,
        seen=roster_lists.marked(seen, locked_out.seen) if only else seen,
        replace=replaced,
        closing=Lockout.ACCEPT if only else None,
    )


def let_only_expected(session: Session, actor_id: int, of: RosterOf, now: datetime) -> Roster:
    """Let nobody else sign up than the people of a roster, and lock out who got a link by e-mail."""
    seen = roster_lockouts.of_switch(session, actor_id, of, now).seen
    return roster_lockouts.switch_on(session, actor_id, of, now, seen=seen, lockout=Lockout.ACCEPT)
