"""The form of a new course: what it begins with, what typed words mean on it, and the course it adds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.keywords import is_none
from core.domain.numbers import count_of_days
from core.services import course_editing, courses, dialogues
from core.services.authorisation import authorise
from core.services.course_editing import CourseField
from core.services.courses import MOST_DAYS, CourseCard
from core.services.dialogues import Dialogue

SCHEMES = ("https://", "http://")
LINE = (CourseField.TITLE, CourseField.LINK, CourseField.DAYS, CourseField.DESCRIPTION)  # the parts between bars

Answers = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class CourseDraft:
    """What a form holds of a new course; None and an empty description: not given yet, or no deadline."""

    title: str | None
    link: str | None
    days: int | None
    description: str

    @property
    def missing(self) -> CourseField | None:
        """The first of the required fields that is not given yet."""
        required = {CourseField.TITLE: self.title, CourseField.LINK: self.link}
        return next((field for field, value in required.items() if value is None), None)


def begin(session: Session, actor_id: int) -> dict[str, Any]:
    """Return the answers with which a form begins: nothing, and no deadline."""
    authorise(session, actor_id, Permission.MANAGE_COURSES)
    return {
        CourseField.TITLE: None,
        CourseField.LINK: None,
        CourseField.DAYS: None,
        CourseField.DESCRIPTION: "",
    }


def draft_of(answers: Answers) -> CourseDraft:
    """Return what a form's answers hold."""
    return CourseDraft(
        title=answers.get(CourseField.TITLE),
        link=answers.get(CourseField.LINK),
        days=answers.get(CourseField.DAYS),
        description=answers.get(CourseField.DESCRIPTION, ""),
    )


def fill(session: Session, actor_id: int, field: CourseField, text: str) -> dict[str, Any]:
    """Return the answer that a typed text is for a field.

    Raises InvalidName, InvalidCourseLink, InvalidDays, PageTextTooLong, KeywordInstead.
    """
    authorise(session, actor_id, Permission.MANAGE_COURSES)
    return {field: course_editing.read_value(field, text)}


def read(session: Session, actor_id: int, text: str) -> dict[str, Any]:
    """Return what a text means that is typed on the form: an address, days or a word for no deadline, else the title.

    An address and a title can be typed together, in any order. Raises as `fill`.
    """
    authorise(session, actor_id, Permission.MANAGE_COURSES)
    words = text.split()
    addresses = [word for word in words if word.removeprefix("<").casefold().startswith(SCHEMES)]
    rest = " ".join(word for word in words if word not in addresses)
    found: dict[str, Any] = {}
    if addresses:
        found[CourseField.LINK] = courses.check_link(" ".join(addresses))  # several are none
    if rest:
        field = CourseField.DAYS if _means_days(rest) else CourseField.TITLE
        found[field] = course_editing.read_value(field, rest)
    return found


def read_line(session: Session, actor_id: int, parts: tuple[str, ...]) -> dict[str, Any]:
    """Read title, link, days and description, as typed between bars; empty and missing ones change nothing.

    Raises as `fill`.
    """
    authorise(session, actor_id, Permission.MANAGE_COURSES)
    return {field: course_editing.read_value(field, text) for field, text in zip(LINE, parts, strict=False) if text}


def create(session: Session, actor_id: int, chat_id: int, turn: int, now: datetime) -> CourseCard:
    """Add the course of a form at this turn, once.

    Raises OtherTurn and what `courses.add` raises.
    """
    authorise(session, actor_id, Permission.MANAGE_COURSES)

    def effect(inside: Session, dialogue: Dialogue) -> CourseCard:
        draft = draft_of(dialogue.answers)
        days = "" if draft.days is None else str(draft.days)
        title, link = draft.title or "", draft.link or ""  # neither may be empty
        return courses.add(inside, actor_id, title, link, days, now, description=draft.description)

    return dialogues.complete(session, actor_id, chat_id, turn, effect, lambda made: made.course_id, now)


def _means_days(text: str) -> bool:
    """Return whether a text is a number, of days or alone, or a word for none."""
    return is_none(text) or text.isdecimal() or count_of_days(text, MOST_DAYS) is not None
