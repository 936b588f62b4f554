"""Who couldn't sign up once only the people of a roster can: got its link, or is expected by rosters below it.

A link that has ended lets in nobody anyway, so those who could come by no other one aren't among them.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from core.domain.expected_people import NewPerson
from core.domain.rosters import RosterOf
from core.storage import link_mails
from core.storage.link_mails import Invited
from core.storage.roster_keys import has_own_phone, is_own_value
from core.storage.roster_matches import came, listed
from core.storage.roster_profiles import branch, leading_to
from core.storage.tables import DepartmentTree, ExpectedPerson, ExpectedValue, Profile

CHUNK = 500  # rosters of a statement, which binds their numbers several times


def invited(session: Session, of: RosterOf, now: datetime, *, besides_listed: bool) -> list[Invited]:
    """List to which addresses a link that leads to a roster is sent, which haven't come, by address.

    `besides_listed`: without the addresses that are on the roster.
    """
    on_list = select(ExpectedPerson.email).where(listed([of]), ExpectedPerson.email.is_not(None))
    leading = leading_to(of).where(*_lasting(now))
    return link_mails.got_it(session, leading, besides=on_list if besides_listed else None)


def unlisted_below(session: Session, of: RosterOf, now: datetime, *, besides_listed: bool) -> list[NewPerson]:
    """List who is expected by rosters of profiles and departments below a department, and hasn't come; each once.

    `besides_listed`: without those whom the department's own roster names.
    """
    found = _below(session, of.department_id, now) if of.department_id is not None else []
    unnamed = _unnamed(of) if besides_listed else ()
    chunks = (found[start : start + CHUNK] for start in range(0, len(found), CHUNK))
    people = sorted((each for chunk in chunks for each in _missing(session, chunk, unnamed)), key=itemgetter(0))
    return list({each.identity: each for _, each in people}.values())


def _missing(
    session: Session, rosters: Sequence[RosterOf], unnamed: Sequence[ColumnElement[bool]]
) -> list[tuple[int, NewPerson]]:
    """List the people of rosters who haven't come and whom another one doesn't name, each with the entry's number."""
    meant = and_(listed(rosters), ExpectedPerson.id.not_in(came(rosters)), *unnamed)
    values, value = defaultdict[int, dict[int, str]](dict), ExpectedValue
    held = select(value.person_id, value.field_id, value.unique_key)
    for number, field_id, key in session.execute(
        held.join(ExpectedPerson, ExpectedPerson.id == value.person_id).where(meant)
    ):
        values[number][field_id] = key
    people = session.scalars(select(ExpectedPerson).where(meant))
    return [(each.id, _as_new(each, values.get(each.id, {}))) for each in people]


def _below(session: Session, department_id: int, now: datetime) -> list[RosterOf]:
    """List the rosters below a department to which a link leads that hasn't ended."""
    holder = aliased(DepartmentTree)
    leading = exists().where(
        holder.ancestor_id == ExpectedPerson.department_id,
        holder.descendant_id == Profile.department_id,
        *_lasting(now),
    )
    of_departments = select(ExpectedPerson.department_id).where(
        ExpectedPerson.department_id.in_(branch(department_id)),
        ExpectedPerson.department_id != department_id,
        leading.correlate(ExpectedPerson),
    )
    of_profiles = select(Profile.id).where(
        Profile.department_id.in_(branch(department_id)),
        exists().where(ExpectedPerson.profile_id == Profile.id),
        *_lasting(now),
    )
    return [
        *(RosterOf(profile_id=number) for number in session.scalars(of_profiles)),
        *(RosterOf(department_id=number) for number in session.scalars(of_departments.distinct())),
    ]


def _unnamed(of: RosterOf) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a roster doesn't name the person of another one's entry, as `roster_doors` asks."""
    own, value, other = aliased(ExpectedPerson), aliased(ExpectedValue), ExpectedValue
    theirs = own.department_id == of.department_id
    by_value = (
        select(other.person_id)
        .join(value, and_(value.field_id == other.field_id, value.unique_key == other.unique_key))
        .join(own, own.id == value.person_id)
        .where(theirs, is_own_value(value))
    )
    person, emails = ExpectedPerson, select(own.email).where(theirs)
    phones = select(own.phone).where(theirs, has_own_phone(own))
    return (
        or_(person.email.is_(None), person.email.not_in(emails.where(own.email.is_not(None)))),
        or_(person.phone.is_(None), person.phone.not_in(phones.where(own.phone.is_not(None)))),
        person.id.not_in(by_value),
    )


def _lasting(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Profile.removed_at.is_(None), Profile.ends_at >= now


def _as_new(person: ExpectedPerson, values: dict[int, str]) -> NewPerson:
    return NewPerson(
        identity=person.identity,
        first_name=person.first_name,
        last_name=person.last_name,
        email=person.email,
        phone=person.phone,
        values=values,
    )
