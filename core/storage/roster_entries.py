"""Changes of rosters' entries, so that people who came still count as come when they, or the lists, change."""

from collections.abc import Mapping

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.domain.rosters import RosterOf
from core.storage import roster_matches
from core.storage.tables import Activation, ExpectedPerson, User
from core.storage.undone_sign_ups import undone


def of_user(session: Session, user: User) -> set[int]:
    """Return the numbers of the entries by which a user counts as come.

    Those with their address alone, if there are any: others can share a phone number.
    """
    through = session.scalars(select(Activation).where(Activation.user_id == user.id)).one_or_none()
    if through is None:
        return set()
    matched = roster_matches.matches(roster_matches.come_to(session, through)).subquery()
    query = select(ExpectedPerson.id, ExpectedPerson.email).join(matched, matched.c.person_id == ExpectedPerson.id)
    found = session.execute(query.where(matched.c.activation_id == through.id)).all()
    own = {number for number, email in found if email and email == user.email}
    return own or {number for number, _ in found}


def keep(session: Session, user: User, entries: set[int]) -> None:
    """Give those entries by which a user no longer counts as come their address, if they have one."""
    lost = entries - of_user(session, user) if entries and user.email else set()
    if lost:
        changing = update(ExpectedPerson).where(ExpectedPerson.id.in_(lost)).values(email=user.email)
        session.execute(changing.execution_options(synchronize_session=False))


def come_otherwise(session: Session, of: RosterOf) -> dict[int, str]:
    """Return the entries of a roster whose people came by something else than an address there: number -> address."""
    matched = roster_matches.matches([of]).subquery()
    query = (
        select(ExpectedPerson.id, ExpectedPerson.email, User.email)
        .join(matched, matched.c.person_id == ExpectedPerson.id)
        .join(Activation, Activation.id == matched.c.activation_id)
        .join(User, User.id == Activation.user_id)
    )
    found = session.execute(query.where(~undone()).order_by(Activation.id)).all()
    theirs = {address for _, listed, address in found if listed == address}
    return {number: address for number, _, address in found if address and address not in theirs}


def keep_come(session: Session, of: RosterOf, before: Mapping[int, str]) -> None:
    """Give those of a roster's entries by which people no longer count as come since a list was kept their address.

    What they came by is no longer theirs alone: the list gives it to somebody else, too.
    """
    if before:
        expected = select(ExpectedPerson.id).where(roster_matches.listed([of]))
        missing = session.scalars(expected.where(ExpectedPerson.id.not_in(roster_matches.came([of]))))
        lost = sorted(before.keys() & set(missing))
        if lost:
            session.execute(update(ExpectedPerson), [{"id": number, "email": before[number]} for number in lost])


def change_email(session: Session, before: str, after: str) -> None:
    """Give the entries of all rosters that have a user's old address the new one: they can't come again elsewhere."""
    changing = update(ExpectedPerson).where(ExpectedPerson.email == before).values(email=after)
    session.execute(changing.execution_options(synchronize_session=False))
