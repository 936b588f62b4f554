"""What must be true of a database whatever happened to it, and however many did it at once."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from core.domain.access import Role, UserState
from core.domain.ledger import Event
from core.services import monitoring
from core.services.audit_log import Action
from core.storage.kept_places import kept_places
from core.storage.tables import (
    Activation,
    AuditLogEntry,
    Department,
    DepartmentTree,
    Enrolment,
    EnrolmentRule,
    LedgerEntry,
    Link,
    ManagedDepartment,
    PendingSignUp,
    Profile,
    User,
)

ABOARD = (UserState.ACTIVE, UserState.INACTIVE)


def faults(session: Session) -> list[str]:
    """Say what is wrong; an empty list is what every race and every crash must leave behind."""
    looks = (_counters, _seats, _activations, _ledger, _waiting, _learners, _enrolments, _tree, _removed)
    return [fault for look in looks for fault in look(session)]


def _counters(session: Session) -> Iterator[str]:
    """Counters, ledger and rows tell the same, and none of them is beyond the limit."""
    yield from map(str, monitoring.disagreements(session))
    activations = _counting(Activation, Activation.profile_id == Profile.id, Activation.returned_at.is_(None))
    waiting = _counting(PendingSignUp, PendingSignUp.profile_id == Profile.id)
    beyond = Profile.used + Profile.reserved > func.coalesce(Profile.activation_limit, 10**9)
    wrong = or_(Profile.used != activations, Profile.reserved != waiting + kept_places(), beyond)
    yield from _each(session, select(Profile.id).where(wrong), "profile {}: the counters are not what the rows say")


def _seats(session: Session) -> Iterator[str]:
    """The counter of seats, if it is kept, is the number of active users."""
    if (wrong := monitoring.miscounted_seats(session)) is not None:
        yield str(wrong)


def _counting(table: type[Activation | PendingSignUp], *where: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count()).select_from(table).where(*where).scalar_subquery()


def _activations(session: Session) -> Iterator[str]:
    """An activation has its learner, a link of its own profile, and its lines in the ledger."""
    taken = aliased(LedgerEntry)
    query = (
        select(Activation.id)
        .outerjoin(User, User.id == Activation.user_id)
        .outerjoin(Link, and_(Link.id == Activation.link_id, Link.profile_id == Activation.profile_id))
        .outerjoin(taken, _line(taken, Event.TAKEN))
        .where(
            or_(
                User.id.is_(None),
                User.state == UserState.PENDING,
                User.department_id != Activation.learner_department_id,
                Link.id.is_(None),
                taken.id.is_(None),
                _lines(Event.RETURNED) - _lines(Event.RETAKEN) != case((Activation.returned_at.is_(None), 0), else_=1),
            )
        )
    )
    yield from _each(session, query, "activation {}: half-done")


def _line(entry: type[LedgerEntry], event: Event) -> ColumnElement[bool]:
    same = and_(entry.profile_id == Activation.profile_id, entry.user_id == Activation.user_id)
    return and_(same, entry.kind == event)


def _lines(event: Event) -> ScalarSelect[int]:
    entry = aliased(LedgerEntry)
    return select(func.count()).select_from(entry).where(_line(entry, event)).correlate(Activation).scalar_subquery()


def _ledger(session: Session) -> Iterator[str]:
    """What was taken has an activation; what was reserved waits or was released."""
    released = aliased(LedgerEntry)
    taken = select(LedgerEntry.id).where(
        LedgerEntry.kind == Event.TAKEN, ~exists().where(Activation.user_id == LedgerEntry.user_id)
    )
    kept = select(LedgerEntry.id).where(
        LedgerEntry.kind == Event.RESERVED,
        exists().where(released.user_id == LedgerEntry.user_id, released.kind == Event.RELEASED)
        == exists().where(PendingSignUp.user_id == LedgerEntry.user_id),
    )
    yield from _each(session, taken, "ledger line {}: taken by nobody's activation")
    yield from _each(session, kept, "ledger line {}: reserved, and neither waiting nor released, or both")


def _waiting(session: Session) -> Iterator[str]:
    """Who waits has a sign-up that waits, and the other way round."""
    waits = exists().where(PendingSignUp.user_id == User.id)
    query = select(User.id).where(waits != (User.state == UserState.PENDING))
    yield from _each(session, query, "user {}: waits for nothing, or is aboard and waits")


def _learners(session: Session) -> Iterator[str]:
    """A learner with a password came by an activation, or was added by hand."""
    activated = exists().where(Activation.user_id == User.id)
    added = exists().where(AuditLogEntry.subject_id == User.id, AuditLogEntry.action == Action.USER_ADDED)
    query = select(User.id).where(
        User.role == Role.LEARNER, User.password_hash.is_not(None), User.state.in_(ABOARD), ~activated, ~added
    )
    yield from _each(session, query, "user {}: came from nowhere")


def _enrolments(session: Session) -> Iterator[str]:
    """Who signed up has what the rules of that department, and of those above it, give."""
    query = (
        select(Activation.id)
        .join(User, User.id == Activation.user_id)
        .join(DepartmentTree, DepartmentTree.descendant_id == Activation.department_id)
        .join(EnrolmentRule, EnrolmentRule.department_id == DepartmentTree.ancestor_id)
        .outerjoin(
            Enrolment, and_(Enrolment.user_id == Activation.user_id, Enrolment.course_id == EnrolmentRule.course_id)
        )
        .where(Enrolment.user_id.is_(None), User.state != UserState.DELETED)
    )
    yield from _each(session, query, "activation {}: a course is missing")


def _tree(session: Session) -> Iterator[str]:
    """The table of ancestors is what the parents say, and nobody is their own ancestor."""
    parents = dict(session.execute(select(Department.id, Department.parent_id)).all())
    rows = select(DepartmentTree.ancestor_id, DepartmentTree.descendant_id, DepartmentTree.depth)
    stored = sorted(tuple(row) for row in session.execute(rows).all())
    computed = sorted(row for number in parents for row in _ancestors(parents, number))
    if stored != computed:
        yield f"tree: stored but wrong {set(stored) - set(computed)}, missing {set(computed) - set(stored)}"


def _ancestors(parents: dict[int, int | None], number: int) -> Iterator[tuple[int, int, int]]:
    above: int | None = number
    for depth in range(len(parents)):
        if above is None:
            return
        yield above, number, depth
        above = parents[above]
    assert above is None, f"department {number} is below itself"


def _removed(session: Session) -> Iterator[str]:
    """Nobody lives in a removed department, or manages one; no link leads there, no rule or department holds to one."""
    gone = select(Department.id).where(Department.removed_at.is_not(None))
    lives = User.state != UserState.DELETED
    living = {
        "user": select(User.id).where(User.department_id.in_(gone), lives),
        "profile": select(Profile.id).where(Profile.department_id.in_(gone), Profile.removed_at.is_(None)),
        "manager": select(ManagedDepartment.user_id).where(ManagedDepartment.department_id.in_(gone)),
        "rule for course": select(EnrolmentRule.course_id).where(EnrolmentRule.department_id.in_(gone)),
        "department": select(Department.id).where(Department.parent_id.in_(gone), Department.removed_at.is_(None)),
    }
    for kind, query in living.items():
        yield from _each(session, query, f"{kind} {{}}: in a removed department")


def _each(session: Session, query: Select[int], words: str) -> Iterator[str]:
    yield from (words.format(number) for number in session.scalars(query))
