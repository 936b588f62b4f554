"""A learner who has an account already joins the department of a link's profile, where the account allows it.

It is a transfer that they make themselves: it needs an open link, but takes no place of it, because a place is for a
new account (PRODUCT.md, "Redemption").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Role, UserState
from core.domain.form_fields import Newcomer, read_email
from core.domain.limits import Attempt
from core.errors import Conflict, InvalidForm, NotAllowed, NotExpected
from core.services import limits, own_details, roster_doors
from core.services.account import Organisation, organisation_of
from core.services.department_changes import DepartmentChange, change_department
from core.services.sign_up_links import check_open, find
from core.storage import courses, departments, form_fields, personal_links
from core.storage.links import Found
from core.storage.tables import Profile, User


@dataclass(frozen=True, kw_only=True)
class Offer:
    """What a learner reads before they join: the departments' own names, and the titles of the courses they would get.

    A name is None for the root. `is_there`: they are in the department already, and nothing is to be done.
    """

    organisation: Organisation
    name: str
    before: str | None
    after: str | None
    courses: tuple[str, ...]
    is_there: bool


def offer(session: Session, user_id: int, token: str, now: datetime) -> Offer:
    """Return what joining by a link means. No permission is needed: the acting user is the learner.

    Raises UnknownLink, LinkClosed, NotExpected (only people on its list, or with other addresses, can join by it) and
    NotAllowed: the account doesn't let learners join by links, or newcomers wait for an approval, or the user has
    rights, which could be lost or widened by a transfer.
    """
    found, user = find(session, token), session.get_one(User, user_id)
    _check(session, found, user, now)
    to, left = found.profile.department_id, departments.path(session, user.department_id)
    return Offer(
        organisation=organisation_of(found.account),
        name=user.full_name,
        before=left[-1] if left else None,
        after=found.department or None,
        courses=_new_courses(session, user, to),
        is_there=user.department_id == to,
    )


def join(session: Session, user_id: int, token: str, now: datetime, *, attempts: Sequence[Attempt] = ()) -> bool:
    """Transfer the acting learner to the department of a link's profile; return False if they are there already.

    They keep the courses that they have, and are enrolled by the rules of the department. A personal link is used up.
    Raises what `offer` raises, TooManyAttempts, and Conflict: the link, its profile or department changed meanwhile.
    """
    to = find(session, token).profile.department_id
    is_there = departments.lock(session, to)  # before the user, as in every transfer
    user = own_details.own(session, user_id)
    found = find(session, token)  # again: it may have changed until the lock was there
    _check(session, found, user, now)
    if not is_there or found.profile.department_id != to:
        raise Conflict
    if user.department_id == to:
        return False
    limits.count(session, attempts, now)
    profile = session.get_one(Profile, found.profile.id)
    change_department(session, DepartmentChange(user=user, to=to, by_id=user.id, through=profile.name), now)
    if found.link.personal and not personal_links.use(session, found.link.id, now):
        raise Conflict
    return True


def _check(session: Session, found: Found, user: User, now: datetime) -> None:
    check_open(found, now)
    is_learner = user.role == Role.LEARNER and user.state == UserState.ACTIVE
    if not found.account.joining or found.account.approval or not is_learner:
        raise NotAllowed
    try:
        read_email(user.email or "", tuple(found.account.email_domains))
    except InvalidForm:
        raise NotExpected(user.email or "") from None
    answers = form_fields.values_of(session, [user.id]).get(user.id, {})
    roster_doors.refuse_unexpected(session, found, _as_newcomer(user, answers))


def _as_newcomer(user: User, custom: Mapping[int, str]) -> Newcomer:
    return Newcomer(
        first_name=user.first_name,
        last_name=user.last_name,
        email=user.email or "",
        login=user.login or "",
        phone=user.phone,
        job_title=user.job_title,
        custom=custom,
    )


def _new_courses(session: Session, user: User, department_id: int) -> tuple[str, ...]:
    """Return the titles of the courses that a department would give the user, who doesn't have them."""
    given = {each.course_id for each in courses.given_in(session, department_id)}
    return tuple(courses.titles_of(session, given - courses.enrolled_in(session, user.id)).values())
