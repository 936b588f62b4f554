"""People whom reminders don't move: who hears of them, and what each manager reads."""

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.access import Permission, Role
from core.domain.hashes import hash_of
from core.domain.outbox import Kind
from core.domain.reminders import Occasion
from core.errors import NotAllowed
from core.rosters.people_lists import ListedPerson
from core.services import reminders_in_vain
from core.services.reminders_in_vain import InVain, RemindedExpected, RemindedLearner
from core.storage.tables import ExpectedPerson, OutboxMessage, Reminder, User
from tests.support.account import Office
from tests.support.rosters import keep, through, within
from tests.support.rows import a_manager, a_user, deactivate

DAY = date(2026, 11, 24)
ANNA, JANIS, OLGA = "anna@example.com", "janis@example.com", "olga@example.com"

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def told_of(office: Office, email: str, *, day: date = DAY, refused: bool = False, through_: int = 0) -> int:
    """Let it be told on a day that a learner, or a person expected through a profile, was reminded; give the number."""

    def run(session: Session) -> int:
        user = session.scalars(select(User).where(User.email == email)).one_or_none()
        listed = session.scalars(select(ExpectedPerson).where(ExpectedPerson.email == email)).one_or_none()
        number = user.id if user else listed.id if listed else 0
        session.add(
            Reminder(
                person_key=hash_of(email),
                day=day,
                occasion=Occasion.NOT_STARTED,
                user_id=number if user else None,
                expected_id=None if user else number,
                profile_id=through_ or None,
                at=office.engine.now(),
                told_on=day,
                refused=refused,
            )
        )
        return number

    return await office.engine.write(run)


async def listing(office: Office, actor_id: int, day: date = DAY) -> InVain:
    return await office.engine.read(reminders_in_vain.listing, actor_id, day.toordinal())


async def hearers(office: Office) -> list[tuple[int, int]]:
    """Tell, and give who hears of which day."""
    await office.engine.write(reminders_in_vain.tell, DAY, office.engine.now())
    query = select(OutboxMessage).where(OutboxMessage.kind == Kind.REMINDED_IN_VAIN).order_by(OutboxMessage.user_id)
    return await office.engine.read(
        lambda session: [(each.user_id, each.subject_id) for each in session.scalars(query)]
    )


async def test_a_learner_is_told_of_with_their_name_and_address(office: Office) -> None:
    card = await office.profile()
    await office.sign_up(card.token, ANNA)
    await office.sign_up(card.token, OLGA)
    anna, olga = await told_of(office, ANNA), await told_of(office, OLGA, refused=True)
    assert (await listing(office, office.owner_id)).learners == (
        RemindedLearner(user_id=anna, name="Anna Berzina", email=ANNA, refused=False),
        RemindedLearner(user_id=olga, name="Anna Berzina", email=OLGA, refused=True),
    )


async def test_an_expected_person_is_told_of_with_their_name_their_list_and_the_profile(office: Office) -> None:
    engine, card = office.engine, await office.profile(name="Autumn")
    sales = await within(engine, "Sales")
    await keep(
        engine, office.owner_id, through(card.profile_id), [ListedPerson(row=2, first_name="Janis", email=JANIS)]
    )
    await keep(engine, office.owner_id, sales, [ListedPerson(row=2, first_name="Olga", last_name="Ozola", email=OLGA)])
    janis = await told_of(office, JANIS, through_=card.profile_id)
    olga = await told_of(office, OLGA, through_=card.profile_id, refused=True)
    found = await listing(office, office.owner_id)
    assert found.learners == ()
    assert found.expected == (
        RemindedExpected(number=janis, name="Janis", email=JANIS, of=through(card.profile_id), profile_name="Autumn"),
        RemindedExpected(number=olga, name="Olga Ozola", email=OLGA, of=sales, profile_name="Autumn", refused=True),
    )


async def test_a_listing_is_of_its_day_alone_and_leaves_out_who_is_no_longer_active(office: Office) -> None:
    card = await office.profile()
    await office.sign_up(card.token, ANNA)
    gone = (await office.sign_up(card.token, OLGA)).user_id
    await told_of(office, ANNA, day=date(2026, 11, 25), refused=True)
    await told_of(office, OLGA)
    await deactivate(office.engine, gone)
    assert await listing(office, office.owner_id) == InVain(learners=(), expected=())


async def test_who_manages_people_alone_reads_of_learners_and_who_manages_profiles_of_expected_people(
    office: Office,
) -> None:
    engine, card = office.engine, await office.profile()
    await office.sign_up(card.token, ANNA)
    await keep(engine, office.owner_id, through(card.profile_id), [ListedPerson(row=2, email=JANIS)])
    anna, janis = await told_of(office, ANNA), await told_of(office, JANIS, through_=card.profile_id)
    people = await a_user(engine, Role.CUSTOM, "Sales", permissions=[Permission.MANAGE_PEOPLE])
    profiles = await a_user(engine, Role.CUSTOM, "Sales", permissions=[Permission.MANAGE_PROFILES])
    seen = [await listing(office, each) for each in (people, profiles)]
    assert [[each.user_id for each in found.learners] for found in seen] == [[anna], []]
    assert [[each.number for each in found.expected] for found in seen] == [[], [janis]]
    with pytest.raises(NotAllowed):
        await listing(office, await a_user(engine, Role.CUSTOM, permissions=[Permission.MANAGE_COURSES]))


async def test_managers_of_people_hear_of_learners_in_their_departments(office: Office) -> None:
    engine, card = office.engine, await office.profile()
    await office.sign_up(card.token, ANNA)
    await told_of(office, ANNA)
    manager = await a_user(engine, Role.CUSTOM, "Sales", telegram_id=77, permissions=[Permission.MANAGE_PEOPLE])
    await a_user(engine, Role.CUSTOM, "Sales", telegram_id=78, permissions=[Permission.MANAGE_PROFILES])
    assert await hearers(office) == [(manager, DAY.toordinal())]


async def test_the_creator_of_a_profile_hears_of_its_people_beside_the_managers_of_profiles(office: Office) -> None:
    engine, card = office.engine, await office.profile()
    await keep(engine, office.owner_id, through(card.profile_id), [ListedPerson(row=2, email=JANIS)])
    await told_of(office, JANIS, through_=card.profile_id)
    manager = await a_user(engine, Role.CUSTOM, "Sales", telegram_id=77, permissions=[Permission.MANAGE_PROFILES])
    await a_user(engine, Role.CUSTOM, "Sales", telegram_id=78, permissions=[Permission.MANAGE_PEOPLE])
    assert await hearers(office) == [(office.owner_id, DAY.toordinal()), (manager, DAY.toordinal())]


async def test_the_managers_of_a_department_hear_of_its_list_and_no_creator_does(office: Office) -> None:
    engine, card = office.engine, await office.profile()
    await keep(engine, office.owner_id, await within(engine, "Sales"), [ListedPerson(row=2, email=JANIS)])
    await told_of(office, JANIS, through_=card.profile_id)
    manager = await a_manager(engine, "Sales", telegram_id=77)
    assert await hearers(office) == [(manager, DAY.toordinal())]
