"""All who wait for an approval, or all of a list of them, let in or declined together after a question that names them.

Nobody else is touched: who came since stays on the list, and who was answered meanwhile keeps that answer. Those who
were declined keep their places and all that they entered while that can be undone, as in `rush_declines`.
"""

from collections.abc import Collection, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission, UserState
from core.errors import PreviewOutdated, ProfileNotFound, ProfileReadOnly, SignUpNotPending
from core.services import audit_log, growing_notices, pending_sign_ups, profiles, questions
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.pending_sign_ups import DECLINE_UNDO_TIME, MOST_AT_ONCE
from core.services.questions import About
from core.storage import declined_sign_ups
from core.storage import pending_sign_ups as stored
from core.storage import seats as seat_counter
from core.storage.tables import Profile


class Answer(StrEnum):
    """What is answered to all; the values are stored."""

    APPROVE = "approve"
    DECLINE = "decline"


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """The question whether to answer these people, the longest waiting first; `more` wait, too, but aren't asked about.

    At most MOST_AT_ONCE are answered together.
    """

    question_id: int
    answer: Answer
    names: tuple[str, ...]
    more: int


@dataclass(frozen=True, kw_only=True)
class Answered:
    """Who was answered, by name.

    Of those who were asked about, others were not: `gone` were answered by somebody else since, their time was up, or
    the acting user may no longer edit their profile, and `changed` have another address than when it was asked.
    `seatless` are among the approved: no seat was left, so their accounts are not active. `back_id` is the question
    whose answer brings the declined back `until` a moment (UTC); both are None if nobody was declined.
    """

    answer: Answer
    names: tuple[str, ...]
    gone: int = 0
    changed: tuple[str, ...] = ()
    seatless: tuple[str, ...] = ()
    back_id: int | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class WaitingAgain:
    """Who waits again, by name; `lost` don't, because their sign-ups have ended since."""

    names: tuple[str, ...]
    lost: int


def propose(
    session: Session, actor_id: int, answer: Answer, words: str, now: datetime, *, profile_id: int | None = None
) -> Proposal | None:
    """Ask whether to answer all who wait for an approval on a list, as `waiting_sign_ups.listing` limits it.

    None if nobody does. Needs the permission to manage sign-up profiles. Raises ProfileNotFound, ProfileReadOnly.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    if profile_id is not None:
        profiles.editable(session, actor, profile_id)
    found = stored.awaiting_approval(
        session, actor.scope, words, now, profile_id=profile_id, after=0, size=MOST_AT_ONCE
    )
    if not found:
        return None
    total = stored.count_awaiting_approval(session, actor.scope, words, now, profile_id=profile_id)
    people = [(user.id, pending_sign_ups.mark(user.email)) for _, user, _ in found]
    body = {"answer": answer, "people": people}
    return Proposal(
        question_id=questions.ask(session, actor_id, About.JOINT_ANSWER, body, now),
        answer=answer,
        names=tuple(user.full_name for _, user, _ in found),
        more=total - len(found),
    )


def confirm(session: Session, actor_id: int, question_id: int, now: datetime) -> Answered:
    """Answer those of the people in a question who still wait as they were shown, once. Raises QuestionClosed."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    body = questions.answer(session, actor_id, question_id, About.JOINT_ANSWER, now)
    seat_counter.lock(session)  # its lock comes before the profiles'
    numbers = [user_id for user_id, _ in body["people"]]
    editable = _lock_profiles(session, actor, stored.profiles_of(session, numbers))
    if body["answer"] == Answer.APPROVE:
        return _approve(session, actor_id, body["people"], now)
    return _decline(session, actor_id, editable, numbers, now)


def bring_back(session: Session, actor_id: int, question_id: int, now: datetime) -> WaitingAgain:
    """Let those wait again who were declined, once. Raises QuestionClosed."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    numbers = questions.answer(session, actor_id, question_id, About.JOINT_ANSWER_UNDO, now)["people"]
    back: list[int] = []
    for profile in _lock_profiles(session, actor, stored.profiles_of(session, numbers)):
        found = declined_sign_ups.lock_declined(session, profile.id, numbers)
        for kept in found:
            kept.declined_at = kept.declined_by = None
            back.append(kept.user_id)
        _record(session, actor_id, Action.WAIT_AGAIN_TOGETHER, profile, len(found), now)
    return WaitingAgain(names=_names(session, back), lost=len(numbers) - len(back))


def _approve(session: Session, actor_id: int, people: Sequence[tuple[int, str]], now: datetime) -> Answered:
    approved: list[int] = []
    seatless: list[int] = []
    changed: list[int] = []
    for user_id, seen in people:
        try:
            state = pending_sign_ups.approve(session, actor_id, user_id, now, seen=seen)
        except PreviewOutdated:
            changed.append(user_id)
        except (SignUpNotPending, ProfileReadOnly):
            continue
        else:
            approved.append(user_id)
            if state is UserState.INACTIVE:
                seatless.append(user_id)
    return Answered(
        answer=Answer.APPROVE,
        names=_names(session, approved),
        gone=len(people) - len(approved) - len(changed),
        changed=_names(session, changed),
        seatless=_names(session, seatless),
    )


def _decline(
    session: Session, actor_id: int, editable: Iterable[Profile], numbers: Sequence[int], now: datetime
) -> Answered:
    declined: list[int] = []
    for profile in editable:
        found = declined_sign_ups.lock(session, profile.id, numbers, now)
        for kept in found:
            kept.declined_at, kept.declined_by = now, actor_id
            declined.append(kept.user_id)
        _record(session, actor_id, Action.DECLINED_TOGETHER, profile, len(found), now)
    growing_notices.end(session, actor_id)
    return Answered(
        answer=Answer.DECLINE,
        names=_names(session, declined),
        gone=len(numbers) - len(declined),
        back_id=questions.ask(session, actor_id, About.JOINT_ANSWER_UNDO, {"people": declined}, now)
        if declined
        else None,
        until=now + DECLINE_UNDO_TIME if declined else None,
    )


def _lock_profiles(session: Session, actor: Actor, profile_ids: Iterable[int]) -> list[Profile]:
    """Lock those of the profiles that the actor may edit, in the order of their numbers."""
    editable = []
    for profile_id in sorted(profile_ids):
        with suppress(ProfileNotFound, ProfileReadOnly):
            editable.append(profiles.find_for_update(session, actor, profile_id))
    return editable


def _record(session: Session, by_id: int, action: Action, profile: Profile, people: int, now: datetime) -> None:
    if people:
        audit_log.record(session, by_id, action, profiles.subject(profile), now, after={"people": people})


def _names(session: Session, numbers: Collection[int]) -> tuple[str, ...]:
    return tuple(declined_sign_ups.names(session, numbers)) if numbers else ()
