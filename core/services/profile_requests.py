"""What a free sentence such as `new link for sales until friday, 30 people` says on the form of a sign-up profile."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Actor
from core.domain.moments import parse_end, parse_moment, this_minute
from core.domain.naming import clean_name, format_path
from core.domain.places import parse_limit
from core.domain.profile_answers import DEPARTMENT, ENDS, LIMIT, NAME, STARTS, written
from core.domain.profile_requests import ProfileRequest, alike, read_request
from core.errors import DepartmentAmbiguous, DepartmentNotFound, EndInPast
from core.services import department_lookup
from core.storage import account, departments


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The answers that a sentence gives to the form.

    `unknown` is what it calls a department that isn't found; `refused` says why if there are others that it may mean.
    """

    answers: dict[str, Any]
    unknown: str = ""
    refused: DepartmentNotFound | DepartmentAmbiguous | None = None


def answers_of(session: Session, actor: Actor, text: str, now: datetime) -> Answered | None:
    """Return the answers that a sentence gives to the form, None if it asks for no link.

    Raises LimitNotUnderstood, EndInPast and whatever `parse_end` raises.
    """
    zone = account.zone(session)
    asked = read_request(text, zone, now)
    if asked is None:
        return None
    answers = _named(asked, zone, now)
    if not asked.department:
        return Answered(answers=answers)
    try:
        return Answered(answers={**answers, DEPARTMENT: _department(session, actor, asked.department)})
    except (DepartmentNotFound, DepartmentAmbiguous) as refused:
        why = refused if refused.nearest else None
        return Answered(answers=answers, unknown=asked.department, refused=why)


def _named(asked: ProfileRequest, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """Return all but the department."""
    answers: dict[str, Any] = {NAME: clean_name(asked.name)} if asked.name else {}
    starts_at = parse_moment(asked.start, zone, now).instant if asked.start else None
    if starts_at and starts_at != this_minute(now):
        answers[STARTS] = written(starts_at)
    if asked.end:
        ends_at = parse_end(asked.end, zone, now, since=starts_at).instant
        if ends_at <= now:
            raise EndInPast(ends_at)
        answers[ENDS] = written(ends_at)
    return answers | ({LIMIT: parse_limit(asked.limit)} if asked.limit else {})


def _department(session: Session, actor: Actor, words: str) -> int:
    """Find a department by its path, or by other forms of the words in its name or path, if they fit one alone.

    Raises DepartmentNotFound, DepartmentAmbiguous.
    """
    try:
        return department_lookup.find(session, actor, words)
    except DepartmentNotFound:
        known = {number: path for number, path in departments.paths_in(session, actor.scope).items() if path}
        by_name = [number for number, path in known.items() if alike(words, path[-1:])]
        by_path = [number for number, path in known.items() if alike(words, [format_path(path)])]
        found = by_name or by_path
        if len(found) != 1:
            raise
        return found[0]
