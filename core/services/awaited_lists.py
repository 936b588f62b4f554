"""Lists of people that a manager was asked for, of those expected or of those to send a link to.

Nothing of a list is kept but where it can be read again, until the question about it is answered.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.rosters import RosterOf
from core.services import questions, roster_holders
from core.services.authorisation import authorise
from core.services.questions import About

AWAITED_FOR = timedelta(hours=1)  # a list that is sent later is about nothing
KINDS = frozenset({About.ROSTER, About.LINK_MAIL})


@dataclass(frozen=True, kw_only=True)
class Awaited:
    """The list that a person was asked for, of whose people; `body` is what they sent, if anything."""

    question_id: int
    of: RosterOf
    body: dict[str, Any]


def ask(session: Session, actor_id: int, about: About, of: RosterOf, place: Mapping[str, int], now: datetime) -> None:
    """Wait for a list; `place` is where it was asked for, as in `questions.awaited`. Raises as `rosters.show` does."""
    roster_holders.find(session, authorise(session, actor_id, Permission.MANAGE_PROFILES), of)
    questions.ask(session, actor_id, about, {**body_of(of), **place}, now)


def awaited(
    session: Session, actor_id: int, about: About, now: datetime, *, place: Mapping[str, int] | None = None
) -> Awaited | None:
    """Return the list of a kind that the acting user was asked for last; None if none, or of another kind since.

    `place`: only if it was asked for just before the update at hand, as in `questions.awaited`.
    """
    authorise(session, actor_id, Permission.MANAGE_PROFILES)
    since = now - AWAITED_FOR
    asked = {kind: found for kind in KINDS if (found := questions.newest(session, actor_id, kind, since)) is not None}
    found = asked.get(about)
    if found is None or found != max(asked.values(), key=lambda each: each[0]):
        return None
    is_answer = place is None or questions.is_asked_just_before(session, found[1], **place)
    return _awaited(*found) if is_answer else None


def awaited_for(session: Session, actor_id: int, about: About, of: RosterOf, now: datetime) -> Awaited | None:
    """Return the list of a kind of these people, if the acting user was asked for it and may send it still; else None.

    Others may have been asked for since.
    """
    authorise(session, actor_id, Permission.MANAGE_PROFILES)
    asked = questions.open_since(session, actor_id, about, now - AWAITED_FOR)
    return next((found for found in (_awaited(*each) for each in asked) if found.of == of), None)


def sent(session: Session, actor_id: int, about: About, question_id: int, now: datetime) -> Awaited:
    """Return what was sent as the list that a question asked for. Raises QuestionClosed."""
    authorise(session, actor_id, Permission.MANAGE_PROFILES)
    return _awaited(question_id, questions.read(session, actor_id, question_id, about, now))


def paste(session: Session, actor_id: int, body: Mapping[str, Any], now: datetime) -> int:
    """Keep where people who came unasked can be read again, until it is said what to do with them.

    Return the question's number.
    """
    authorise(session, actor_id, Permission.MANAGE_PROFILES)
    return questions.ask(session, actor_id, About.PASTED, dict(body), now)


def pasted(session: Session, actor_id: int, question_id: int, now: datetime) -> dict[str, Any]:
    """Return where such people can be read again. Raises QuestionClosed."""
    authorise(session, actor_id, Permission.MANAGE_PROFILES)
    return dict(questions.read(session, actor_id, question_id, About.PASTED, now))


def receive(
    session: Session, actor_id: int, about: About, of: RosterOf, body: Mapping[str, Any], now: datetime
) -> Awaited:
    """Keep where a list that was sent can be read again. Raises what `rosters.show` raises."""
    roster_holders.find(session, authorise(session, actor_id, Permission.MANAGE_PROFILES), of)
    kept = {**body, **body_of(of)}
    return _awaited(questions.ask(session, actor_id, about, kept, now), kept)


def dismiss(session: Session, actor_id: int, about: About, question_id: int, now: datetime) -> RosterOf:
    """Answer the question about a list, and do nothing with it; return of whose people it is. Raises QuestionClosed."""
    authorise(session, actor_id, Permission.MANAGE_PROFILES)
    return roster_in(questions.answer(session, actor_id, question_id, about, now))


def body_of(of: RosterOf) -> dict[str, int | None]:
    """Return what the body of a question has of whose people a list is."""
    return {"profile": of.profile_id, "department": of.department_id}


def roster_in(body: Mapping[str, Any]) -> RosterOf:
    """Return of whose people the list of a question is; earlier questions have profiles only."""
    return RosterOf(profile_id=body["profile"], department_id=body.get("department"))


def _awaited(question_id: int, body: Mapping[str, Any]) -> Awaited:
    return Awaited(question_id=question_id, of=roster_in(body), body=dict(body))
