"""People: found, added, transferred, deactivated, deleted, within reach and never above oneself."""

import pytest

from core.domain.access import Permission, Role, UserState
from core.engine import Engine
from core.errors import (
    AccountInactive,
    DepartmentNotFound,
    EmailTaken,
    NotAllowed,
    NotYourself,
    OwnerStays,
    SeatsTaken,
    UserNotFound,
)
from core.services import (
    courses,
    department_removal,
    departments,
    digests,
    history,
    monitoring,
    people,
    people_list,
    policies,
    sessions,
)
from tests.support.account import FAST_HASH, Office, a_form
from tests.support.rows import a_manager, a_user, used_and_activations


async def add(
    engine: Engine, actor_id: int, email: str = "boris@example.com", department: str = "Sales"
) -> people.Card:
    return await engine.write(people.add, actor_id, a_form(email).newcomer, FAST_HASH, department, engine.now())


async def test_somebody_added_by_hand_is_a_learner_with_the_departments_courses(office: Office) -> None:
    card = await add(office.engine, office.owner_id)
    assert (card.role, card.state, card.department, card.login) == (
        Role.LEARNER,
        UserState.ACTIVE,
        ("Sales",),
        "boris",
    )
    mine = await office.engine.read(courses.mine, card.user_id, office.engine.now())
    assert [course.title for course in mine] == ["Safety first"]


async def test_nobody_is_added_twice(office: Office) -> None:
    await add(office.engine, office.owner_id)
    with pytest.raises(EmailTaken):
        await add(office.engine, office.owner_id)


async def test_people_are_found_by_every_word_of_name_e_mail_or_login(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await add(engine, owner)
    await add(engine, owner, "vera@example.org")
    found = await engine.read(people_list.listing, owner, "BERZ example.org")
    assert ([card.email for card in found.cards], found.total) == (["vera@example.org"], 1)
    assert (await engine.read(people_list.listing, owner, "anna nobody")).total == 0


async def test_people_are_found_in_any_case_of_any_alphabet_until_they_are_deleted(office: Office) -> None:
    user_id = await a_user(office.engine, Role.LEARNER, name="Жанна")
    found = await office.engine.read(people_list.listing, office.owner_id, "ЖАННА meier")
    assert [card.user_id for card in found.cards] == [user_id]
    await office.engine.write(people.delete, office.owner_id, user_id, office.engine.now())
    assert (await office.engine.read(people_list.listing, office.owner_id, "жанна")).total == 0


async def test_a_listing_of_people_goes_on_where_the_page_ended(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    for number in range(12):
        await add(engine, owner, f"learner{number}@example.com")
    first = await engine.read(people_list.listing, owner, "learner")
    assert first.newer_than is not None
    second = await engine.read(people_list.listing, owner, "learner", after=first.newer_than)
    emails = [card.email for card in (*first.cards, *second.cards)]
    assert emails == [f"learner{number}@example.com" for number in range(12)]
    assert (len(first.cards), second.newer_than) == (people_list.PAGE, None)


async def test_a_transfer_enrols_by_the_new_rules_and_keeps_what_is_there(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await engine.write(departments.add, owner, "Support", engine.now())
    await engine.write(courses.add, owner, "Helping", "https://learn.example.com/help", "", engine.now())
    await engine.write(courses.add_rule, owner, "Support", "Helping", engine.now())
    card = await add(engine, owner)
    moved = await engine.write(people.transfer, owner, card.user_id, "support", engine.now())
    assert moved.department == ("Support",)
    again = await engine.write(people.transfer, owner, card.user_id, "Support", engine.now())
    assert again == moved
    mine = await engine.read(courses.mine, card.user_id, engine.now())
    assert [course.title for course in mine] == ["Safety first", "Helping"]


async def test_a_manager_reaches_only_people_and_departments_of_the_branch(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await engine.write(departments.add, owner, "Support", engine.now())
    theirs, others = await add(engine, owner), await add(engine, owner, "vera@example.com", "Support")
    manager = await a_manager(engine, "Sales")
    assert [card.user_id for card in (await engine.read(people_list.listing, manager, "")).cards] == [theirs.user_id]
    moved = await engine.write(people.transfer, manager, theirs.user_id, "Sales / EMEA", engine.now())
    assert moved.department == ("Sales", "EMEA")
    with pytest.raises(DepartmentNotFound):
        await engine.write(people.transfer, manager, theirs.user_id, "Support", engine.now())
    for unknown in (others.user_id, 7777):
        with pytest.raises(UserNotFound):
            await engine.write(people.transfer, manager, unknown, "Sales", engine.now())
        with pytest.raises(UserNotFound):
            await engine.read(people.card, manager, unknown)
    with pytest.raises(UserNotFound):
        await engine.read(people.find, manager, "vera@example.com")
    assert await engine.read(people.find, manager, "BORIS@example.com") == theirs.user_id


async def test_the_inactive_are_logged_out_at_once_and_stay_out_until_activated(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    card = await add(engine, owner)
    cookie = await engine.write(sessions.start, card.user_id, engine.now())
    off = await engine.write(people.deactivate, owner, card.user_id, engine.now())
    assert off.state is UserState.INACTIVE
    assert await engine.read(sessions.find, cookie, engine.now()) is None
    with pytest.raises(AccountInactive):
        await engine.write(sessions.start, card.user_id, engine.now())
    assert (await engine.write(people.activate, owner, card.user_id, engine.now())).state is UserState.ACTIVE
    await engine.write(sessions.start, card.user_id, engine.now())
    assert await engine.read(sessions.find, cookie, engine.now()) is None


async def test_a_deleted_learner_is_left_in_histories_only_and_gives_nothing_back(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    card = await office.profile(limit="1")
    learner = await office.sign_up(card.token)
    assert await engine.write(people.delete, owner, learner.user_id, engine.now()) == "Anna Berzina"
    assert (await engine.read(people_list.listing, owner, "Anna")).total == 0
    assert await engine.read(sessions.credentials, "anna@example.com") is None
    assert await engine.read(courses.mine, learner.user_id, engine.now()) == []
    assert await used_and_activations(engine, card.profile_id) == (1, 1)
    [entry] = (await engine.read(history.page, owner, card.profile_id)).entries
    assert (entry.first_name, entry.email, entry.deleted) == ("Anna", None, True)
    assert await engine.read(monitoring.disagreements) == []


async def test_the_e_mail_of_a_deleted_learner_may_sign_up_anew(office: Office) -> None:
    engine, card = office.engine, await office.profile()
    first = await office.sign_up(card.token, form_key="first")
    await engine.write(people.delete, office.owner_id, first.user_id, engine.now())
    assert (await office.sign_up(card.token, form_key="second")).user_id != first.user_id


async def test_a_deleted_manager_gets_no_digests_any_more(office: Office) -> None:
    engine = office.engine
    manager = await a_manager(engine, "Sales", telegram_id=1002)
    await engine.write(digests.request, manager, 1002, engine.now())
    await engine.write(people.delete, office.owner_id, manager, engine.now())
    assert await engine.read(people.by_telegram_id, 1002) is None
    await engine.write(department_removal.remove, office.owner_id, "Sales", engine.now())


async def test_nobody_deactivates_or_deletes_the_owner_or_themselves(office: Office) -> None:
    engine = office.engine
    administrator = await a_user(engine, Role.ADMINISTRATOR)
    for use_case in (people.deactivate, people.delete):
        with pytest.raises(OwnerStays):
            await engine.write(use_case, office.owner_id, office.owner_id, engine.now())
        with pytest.raises(OwnerStays):
            await engine.write(use_case, administrator, office.owner_id, engine.now())
        with pytest.raises(NotYourself):
            await engine.write(use_case, administrator, administrator, engine.now())


async def test_only_who_manages_roles_touches_staff(office: Office) -> None:
    engine = office.engine
    keeper = await a_user(engine, Role.CUSTOM, "", permissions=[Permission.MANAGE_PEOPLE])
    manager = await a_manager(engine, "Sales")
    for use_case in (people.deactivate, people.delete, people.activate):
        with pytest.raises(NotAllowed):
            await engine.write(use_case, keeper, manager, engine.now())
    administrator = await a_user(engine, Role.ADMINISTRATOR)
    assert (await engine.write(people.deactivate, administrator, manager, engine.now())).state is UserState.INACTIVE


async def test_past_the_last_seat_people_are_inactive_and_nobody_is_activated(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await engine.write(policies.limit_seats, owner, "2", engine.now())
    first, second = await add(engine, owner), await add(engine, owner, "vera@example.com")
    assert (first.state, second.state) == (UserState.ACTIVE, UserState.INACTIVE)
    with pytest.raises(SeatsTaken) as refused:
        await engine.write(people.activate, owner, second.user_id, engine.now())
    assert refused.value.seats == 2
    await engine.write(people.deactivate, owner, first.user_id, engine.now())
    assert (await engine.write(people.activate, owner, second.user_id, engine.now())).state is UserState.ACTIVE
