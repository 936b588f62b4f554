"""A rush of people who wait for approval: declined together, and brought back while that can be undone.

Until then they keep their places and all that they entered, and hear nothing, as those whose profile was deleted. Each
question has one answer, so that a second tap does nothing twice.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.alerts import RUSH_ONCE_IN, Watched, waiting_rush_at
from core.errors import PreviewOutdated, RushOver
from core.services import growing_notices, profiles, questions, rushes
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.pending_sign_ups import APPROVAL_TIME, DECLINE_UNDO_TIME
from core.services.questions import About
from core.services.rushes import MOST_AT_ONCE, NAMED, BroughtBack, Ended, Proposal, Rush
from core.storage import declined_sign_ups
from core.storage import rush_declines as stored


def show(session: Session, actor_id: int, profile_id: int, now: datetime, *, told: int | None = None) -> Rush | None:
    """Return the rush that was told of in a second of the epoch (None: the last one), and how many of it still wait.

    None if it is too long ago. Raises ProfileNotFound, ProfileReadOnly.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profiles.editable(session, actor, profile_id)
    found = _find(session, profile_id, now, told)
    return None if found is None else found[0]


def propose(session: Session, actor_id: int, profile_id: int, told: int, now: datetime) -> Proposal:
    """Ask whether to decline the people of a rush who wait. Rights as for `pending_sign_ups.decline`.

    Raises RushOver if it is too long ago or nobody is left of it, ProfileNotFound, ProfileReadOnly.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profiles.editable(session, actor, profile_id)
    found = _find(session, profile_id, now, told)
    if found is None or not found[1]:
        raise RushOver
    rush, people = found
    body = {"profile": profile_id, "people": people[:MOST_AT_ONCE], "told": rush.told_second}
    return Proposal(
        question_id=questions.ask(session, actor_id, About.RUSH_DECLINE, body, now),
        profile_name=profile.name,
        rush=rush,
        names=tuple(declined_sign_ups.names(session, people[:NAMED])),
    )


def confirm(session: Session, actor_id: int, question_id: int, now: datetime) -> Ended:
    """Decline the people who were asked about, all or none, once.

    They can be brought back for DECLINE_UNDO_TIME; then they are told, and what they entered is erased. Raises
    QuestionClosed, ProfileNotFound, ProfileReadOnly, and PreviewOutdated if some of them were answered since.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    body = questions.answer(session, actor_id, question_id, About.RUSH_DECLINE, now)
    profile = profiles.find_for_update(session, actor, body["profile"])
    found = declined_sign_ups.lock(session, profile.id, body["people"], now)
    if len(found) != len(body["people"]):
        raise PreviewOutdated
    for kept in found:
        kept.declined_at, kept.declined_by = now, actor_id
    growing_notices.end(session, actor_id)
    rushes.record(session, actor_id, Action.RUSH_DECLINED, profile, len(found), now)
    return Ended(
        profile_id=profile.id,
        profile_name=profile.name,
        people=len(found),
        back_id=questions.ask(session, actor_id, About.RUSH_DECLINE_UNDO, body, now),
        until=now + DECLINE_UNDO_TIME,
    )


def bring_back(session: Session, actor_id: int, question_id: int, now: datetime) -> BroughtBack:
    """Let those wait again who were declined, once.

    Raises QuestionClosed, ProfileNotFound, ProfileReadOnly, and RushOver if nobody can be brought back any more.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    body = questions.answer(session, actor_id, question_id, About.RUSH_DECLINE_UNDO, now)
    profile = profiles.find_for_update(session, actor, body["profile"])
    found = declined_sign_ups.lock_declined(session, profile.id, body["people"])
    if not found:
        raise RushOver
    for kept in found:
        kept.declined_at = kept.declined_by = None
    rushes.record(session, actor_id, Action.RUSH_WAITS_AGAIN, profile, len(found), now)
    return rushes.brought_back(profile, body, len(found))


def _find(session: Session, profile_id: int, now: datetime, told: int | None) -> tuple[Rush, list[int]] | None:
    """Return a rush, and the numbers of those of it who still wait; when they began to is known from until when.

    None if it was told of too long ago. If nobody of it waits any more, it lasted only as long as is still known.
    """
    told_at = rushes.when_told(session, Watched.WAITING_RUSH, profile_id, now, told=told)
    if told_at is None:
        return None
    around = told_at - RUSH_ONCE_IN + APPROVAL_TIME, told_at + RUSH_ONCE_IN + APPROVAL_TIME
    began = {user_id: until - APPROVAL_TIME for user_id, until in stored.waiting(session, profile_id, around)}
    between = waiting_rush_at(list(began.values()), told_at)
    first, last = between or (told_at, told_at)
    people = [user_id for user_id, at in began.items() if first <= at <= last] if between else []
    rush = Rush(profile_id=profile_id, told_at=told_at, first=first, last=last, people=len(people))
    return rush, people
