"""Questions to people that one tap answers, with one effect however often and wherever it is tapped."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from core.errors import QuestionClosed
from core.storage import inbox, questions
from core.storage.tables import Question

OPEN_FOR = timedelta(days=1)

T = TypeVar("T")


class About(StrEnum):
    """What a question is about; the values are stored."""

    GROUP_DIGEST = "group digest"
    ROLE = "role"
    ROLE_CHANGE = "role change"
    LINE = "line"
    PART = "part"
    TIME = "time"
    ROSTER = "roster"
    LINK_MAIL = "link mail"
    COURSE_CHANGE = "course change"
    COURSE_UNDO = "course undo"
    RULE_UNDO = "rule undo"
    ENROLMENT = "enrolment"
    ENROLMENT_UNDO = "enrolment undo"
    UNENROLMENT = "unenrolment"
    UNENROLMENT_UNDO = "unenrolment undo"
    CORRECTION = "correction"
    TRANSFER = "transfer"
    TRANSFER_UNDO = "transfer undo"
    LIST = "list"
    PASTED = "pasted people"
    UNDO = "undo"
    SEARCH = "search"
    ROLE_DRAFT = "role draft"
    TO_REMIND = "people to remind"
    TYPED = "typed after remind"
    DEPARTMENTS = "departments"
    PEOPLE = "people"
    LOGO_UNDO = "logo undo"
    PEOPLE_UNDO = "people undo"
    RUSH = "rush"
    RUSH_UNDO = "rush undo"
    RUSH_DECLINE = "rush decline"
    RUSH_DECLINE_UNDO = "rush decline undo"
    JOINT_ANSWER = "joint answer"
    JOINT_ANSWER_UNDO = "joint answer undo"
    JOINT_REQUEST_ANSWER = "joint request answer"


def ask(session: Session, user_id: int, about: About, body: Mapping[str, Any], now: datetime) -> int:
    """Store a question to a user, and return its number."""
    question = Question(user_id=user_id, about=about, body=dict(body), asked_at=now)
    session.add(question)
    session.flush()
    return question.id


def read(session: Session, user_id: int, question_id: int, about: About, now: datetime) -> Mapping[str, Any]:
    """Return what a user's open question was about. Raises QuestionClosed."""
    body = questions.find_open(session, user_id, question_id, about, now - OPEN_FOR)
    if body is None:
        raise QuestionClosed
    return body


def newest(session: Session, user_id: int, about: About, since: datetime) -> tuple[int, Mapping[str, Any]] | None:
    """Return the number and the body of a user's newest open question about something; None if there is none."""
    return questions.newest_open(session, user_id, about, since)


def open_since(session: Session, user_id: int, about: About, since: datetime) -> list[tuple[int, dict[str, Any]]]:
    """List the numbers and bodies of a user's open questions about something asked after a moment, newest first."""
    return questions.open_since(session, user_id, about, since)


def answer(session: Session, user_id: int, question_id: int, about: About, now: datetime) -> Mapping[str, Any]:
    """Close a user's open question, and return what it was about. Raises QuestionClosed.

    Of concurrent answers exactly one gets the body; the others wait for its transaction and are refused.
    """
    read(session, user_id, question_id, about, now)
    body = questions.close(session, question_id, now)
    if body is None:
        raise QuestionClosed
    return body


def then(
    session: Session, user_id: int, question_id: int, about: About, effect: Callable[[Session], T], now: datetime
) -> T:
    """Close a user's open question and run a use case, in one transaction. Raises QuestionClosed."""
    answer(session, user_id, question_id, about, now)
    return effect(session)


def awaited(
    session: Session, user_id: int, chat_id: int, update_id: int, about: About, now: datetime
) -> Mapping[str, Any] | None:
    """Return what the bot asked last in a chat, if an update is the first one there since; else None.

    Its body names the chat (`chat_id`) and the update for which it was asked (`update_id`).
    """
    body = questions.last_open(session, user_id, about, now - OPEN_FOR)
    return body if body and is_asked_just_before(session, body, chat_id, update_id) else None


def is_asked_just_before(session: Session, body: Mapping[str, Any], chat_id: int, update_id: int) -> bool:
    """Return whether an update is the first one in a chat since a question with this body was asked there."""
    if body.get("chat_id") != chat_id:
        return False
    return not inbox.any_between(session, chat_id, body["update_id"], update_id)


def chat_moved(session: Session, old_id: int, new_id: int) -> None:
    """Let the open questions about a group be about the supergroup that it became."""
    questions.move_chat(session, About.GROUP_DIGEST, old_id, new_id)


def sweep(session: Session, now: datetime) -> None:
    """Delete the questions that can no longer be answered."""
    questions.sweep(session, now - OPEN_FOR)
