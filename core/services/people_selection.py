"""Several people transferred, deactivated or deleted at once, after a question that names them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from core.domain import profile_answers
from core.domain.access import Actor, Permission
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.services import department_lookup, enrolment_changes, people, person_details, questions, transfers
from core.services.authorisation import authorise
from core.services.department_lookup import Address
from core.services.questions import About
from core.storage import departments
from core.storage.tables import User

MOST_AT_ONCE = 10


class PeopleChange(StrEnum):
    """What can be done to several people at once; the values are stored."""

    TRANSFER = "transfer"
    DEACTIVATE = "deactivate"
    DELETE = "delete"


@dataclass(frozen=True, kw_only=True)
class SelectedPerson:
    """One of the people whom a change is about, by number and name."""

    user_id: int
    name: str


@dataclass(frozen=True, kw_only=True)
class SelectionPreview:
    """A change of several people that was asked about; `department` is where they would be transferred to."""

    question_id: int
    change: PeopleChange
    people: tuple[SelectedPerson, ...]
    department: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SelectionDone:
    """A change of several people that was made: their names, and where they are now, if they were transferred.

    `undo_id` is the number of the question whose answer takes a transfer back; None if there is nothing to take back.
    """

    change: PeopleChange
    names: tuple[str, ...]
    department: tuple[str, ...]
    undo_id: int | None = None


def propose(
    session: Session,
    actor_id: int,
    user_ids: Iterable[int],
    wanted: PeopleChange,
    now: datetime,
    *,
    department: Address | None = None,
) -> SelectionPreview:
    """Prepare a question about a change of several people; a transfer needs the `department`.

    Raises whatever the change raises for the first who can't be changed: UserNotFound, NotAllowed, OwnerStays,
    NotYourself, DepartmentNotFound.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    to = None if department is None else department_lookup.find_and_lock(session, actor, department)
    found = _locked(session, actor, user_ids, wanted)
    numbers = [user.id for user in found]
    body = {"people": numbers, "change": wanted, "to": to, "seen": _seen(session, actor, found, wanted, now)}
    return SelectionPreview(
        question_id=questions.ask(session, actor_id, About.PEOPLE, body, now),
        change=wanted,
        people=tuple(SelectedPerson(user_id=user.id, name=user.full_name) for user in found),
        department=() if to is None else departments.path(session, to),
    )


def confirm(session: Session, actor_id: int, question_id: int, now: datetime) -> SelectionDone:
    """Change the people who were asked about, all or none, once.

    Raises QuestionClosed, PreviewOutdated if anything that the question rests on has changed, and what `propose`
    raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    body = questions.answer(session, actor_id, question_id, About.PEOPLE, now)
    wanted, to = PeopleChange(body["change"]), body["to"]
    if to is not None:
        department_lookup.find_and_lock(session, actor, to)
    found = _locked(session, actor, body["people"], wanted)
    names = tuple(user.full_name for user in found)
    refuse_if_outdated(body["seen"], _seen(session, actor, found, wanted, now))
    if wanted is PeopleChange.TRANSFER:
        return _transfer(session, actor, found, to, now)
    for user in found:
        _end(session, actor_id, user.id, wanted, now)
    return SelectionDone(change=wanted, names=names, department=())


def undo(session: Session, actor_id: int, question_id: int, now: datetime) -> tuple[str, ...]:
    """Bring all of the people back, or none, less than a minute after their transfer; return their names.

    Raises QuestionClosed, NothingToUndo and what `transfers.bring_back` raises.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    body = enrolment_changes.answer_undo(session, actor, question_id, About.PEOPLE_UNDO, now)
    for department_id in sorted({moved["from"] for moved in body["moved"]}):  # all of them before the first user
        department_lookup.find_and_lock(session, actor, department_id)
    moved_at = profile_answers.read_moment(body["at"])
    back = [transfers.bring_back(session, actor, moved, moved_at, now) for moved in body["moved"]]
    return tuple(session.get_one(User, each.user_id).full_name for each in back)


def _transfer(session: Session, actor: Actor, found: list[User], to: int, now: datetime) -> SelectionDone:
    """Transfer locked users, and keep what brings those back who weren't there already."""
    done = [transfers.transfer_locked(session, actor, user, to, now) for user in found]
    moved = [needed for _, needed in done if needed]
    return SelectionDone(
        change=PeopleChange.TRANSFER,
        names=tuple(user.full_name for user in found),
        department=departments.path(session, to),
        undo_id=enrolment_changes.ask_undo(session, actor, About.PEOPLE_UNDO, {"moved": moved}, now) if moved else None,
    )


def _locked(session: Session, actor: Actor, user_ids: Iterable[int], wanted: PeopleChange) -> list[User]:
    """Lock the people in the order of their numbers, so that concurrent changes lock in the same order."""
    ending = wanted is not PeopleChange.TRANSFER
    return [people.find_for_update(session, actor, number, to_end=ending) for number in sorted(set(user_ids))]


def _seen(session: Session, actor: Actor, found: list[User], wanted: PeopleChange, now: datetime) -> str:
    """Return the fingerprint of what the question rests on: for a deletion, all that ends with each person."""
    if wanted is PeopleChange.DELETE:
        return fingerprint([person_details.show(session, actor.user_id, user.id, now).seen for user in found])
    return fingerprint([(user.id, user.full_name, user.department_id, user.state) for user in found])


def _end(session: Session, actor_id: int, user_id: int, wanted: PeopleChange, now: datetime) -> None:
    if wanted is PeopleChange.DEACTIVATE:
        people.deactivate(session, actor_id, user_id, now)
    else:
        people.delete(session, actor_id, user_id, now)
