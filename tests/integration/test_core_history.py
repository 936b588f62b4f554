"""Activation history, and the learners in it whom the viewer may not see."""

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.domain.tallies import Hidden
from core.engine import Engine
from core.errors import ProfileNotFound
from core.services import departments, history, people
from core.services.history import History
from core.services.profiles import Card
from core.storage import activations
from core.storage.tables import Department, DepartmentTree
from tests.support.account import Office
from tests.support.rows import a_manager, department_id, repoint, transfer

MANY = 520  # more than the terms that SQLite takes in a compound SELECT


@pytest.fixture
async def support(engine: Engine, office: Office) -> None:
    await engine.write(departments.add, office.owner_id, "Support", engine.now())


async def sign_up(office: Office, card: Card, *names: str) -> list[int]:
    return [(await office.sign_up(card.token, f"{name}@example.com")).user_id for name in names]


async def page(engine: Engine, actor_id: int, card: Card, before: int | None = None) -> History:
    return await engine.read(history.page, actor_id, card.profile_id, before=before)


def seen(shown: History) -> list[str]:
    return [str(entry.email).partition("@")[0] for entry in shown.entries]


async def test_a_profile_without_activations_has_an_empty_history(engine: Engine, office: Office) -> None:
    shown = await page(engine, office.owner_id, await office.profile())
    assert (shown.profile_name, shown.entries, shown.shown, shown.older_than) == ("Autumn sales", (), 0, None)
    assert shown.hidden == Hidden(transferred=0, elsewhere=0)


async def test_a_history_tells_who_signed_up_and_when_newest_first(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await sign_up(office, card, "anna", "boris")
    shown = await page(engine, office.owner_id, card)
    assert seen(shown) == ["boris", "anna"]
    assert {(entry.last_name, entry.at, entry.department) for entry in shown.entries} == {
        ("Berzina", engine.now(), ("Sales", "EMEA"))
    }


async def test_a_history_has_pages_that_stay_put_while_people_sign_up(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await sign_up(office, card, *(f"learner{number}" for number in range(12)))
    first = await page(engine, office.owner_id, card)
    await sign_up(office, card, "late")
    second = await page(engine, office.owner_id, card, first.older_than)
    assert seen(first) == [f"learner{number}" for number in range(11, 1, -1)]
    assert (seen(second), second.older_than, second.shown) == (["learner1", "learner0"], None, 13)


async def test_a_full_last_page_leads_nowhere(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await sign_up(office, card, *(f"learner{number}" for number in range(10)))
    assert (await page(engine, office.owner_id, card)).older_than is None


@pytest.mark.usefixtures("support")
async def test_learners_transferred_beyond_a_managers_reach_are_counted_and_not_shown(
    engine: Engine, office: Office
) -> None:
    card, manager = await office.profile(), await a_manager(engine, "Sales")
    anna, _ = await sign_up(office, card, "anna", "boris")
    await transfer(engine, anna, "Support")
    shown = await page(engine, manager, card)
    assert (seen(shown), shown.shown, shown.hidden) == (["boris"], 1, Hidden(transferred=1, elsewhere=0))


@pytest.mark.usefixtures("support")
async def test_learners_transferred_within_a_managers_reach_are_shown_where_they_are_now(
    engine: Engine, office: Office
) -> None:
    card, manager = await office.profile(), await a_manager(engine, "Sales")
    [anna] = await sign_up(office, card, "anna")
    await transfer(engine, anna, "Sales")
    shown = await page(engine, manager, card)
    assert [entry.department for entry in shown.entries] == [("Sales",)]
    assert shown.hidden == Hidden(transferred=0, elsewhere=0)


@pytest.mark.usefixtures("support")
async def test_learners_of_the_time_when_the_profile_pointed_elsewhere_are_counted_and_not_shown(
    engine: Engine, office: Office
) -> None:
    card, manager = await office.profile(department="Support"), await a_manager(engine, "Sales")
    await sign_up(office, card, "anna")
    await repoint(engine, card.profile_id, "Sales")
    await sign_up(office, card, "boris")
    shown = await page(engine, manager, card)
    assert (seen(shown), shown.shown, shown.hidden) == (["boris"], 1, Hidden(transferred=0, elsewhere=1))


@pytest.mark.usefixtures("support")
async def test_a_learner_from_elsewhere_who_was_transferred_here_is_shown(engine: Engine, office: Office) -> None:
    card, manager = await office.profile(department="Support"), await a_manager(engine, "Sales")
    [anna] = await sign_up(office, card, "anna")
    await repoint(engine, card.profile_id, "Sales")
    await transfer(engine, anna, "Sales / EMEA")
    shown = await page(engine, manager, card)
    assert (seen(shown), shown.hidden) == (["anna"], Hidden(transferred=0, elsewhere=0))


@pytest.mark.usefixtures("support")
async def test_both_reasons_are_counted_apart(engine: Engine, office: Office) -> None:
    card, manager = await office.profile(department="Support"), await a_manager(engine, "Sales")
    await sign_up(office, card, "anna", "boris")
    await repoint(engine, card.profile_id, "Sales")
    vera, _ = await sign_up(office, card, "vera", "galina")
    await transfer(engine, vera, "Support")
    shown = await page(engine, manager, card)
    assert (seen(shown), shown.hidden) == (["galina"], Hidden(transferred=1, elsewhere=2))


@pytest.mark.usefixtures("support")
async def test_the_owner_sees_everybody(engine: Engine, office: Office) -> None:
    card = await office.profile(department="Support")
    anna, _ = await sign_up(office, card, "anna", "boris")
    await repoint(engine, card.profile_id, "Sales")
    await transfer(engine, anna, "Sales / EMEA")
    shown = await page(engine, office.owner_id, card)
    assert (seen(shown), shown.shown, shown.hidden) == (["boris", "anna"], 2, Hidden(transferred=0, elsewhere=0))


@pytest.mark.usefixtures("support")
async def test_hidden_learners_take_no_place_on_a_page(engine: Engine, office: Office) -> None:
    card, manager = await office.profile(), await a_manager(engine, "Sales")
    learners = await sign_up(office, card, *(f"learner{number}" for number in range(14)))
    for learner in learners[6:10]:
        await transfer(engine, learner, "Support")
    shown = await page(engine, manager, card)
    assert (len(shown.entries), shown.shown, shown.hidden.transferred, shown.older_than) == (10, 10, 4, None)


@pytest.mark.usefixtures("support")
async def test_a_foreign_profiles_history_is_refused_as_a_missing_ones(engine: Engine, office: Office) -> None:
    card, manager = await office.profile(department="Support"), await a_manager(engine, "Sales")
    for profile_id in (card.profile_id, card.profile_id + 1):
        with pytest.raises(ProfileNotFound) as refused:
            await engine.read(history.page, manager, profile_id)
        assert refused.value.profile_id == profile_id


async def test_a_history_tells_which_learners_were_deleted(engine: Engine, office: Office) -> None:
    card = await office.profile()
    [anna, boris] = await sign_up(office, card, "anna", "boris")
    await engine.write(people.delete, office.owner_id, anna, engine.now())
    shown = await page(engine, office.owner_id, card)
    assert [(entry.user_id, entry.deleted) for entry in shown.entries] == [(boris, False), (anna, True)]


async def test_all_of_a_history_is_read_by_who_manages_many_hundreds_of_departments(office: Office) -> None:
    card = await office.profile()
    signed_up = await office.sign_up(card.token)

    def read(session: Session) -> list[int]:
        sales = department_id(session, "Sales")
        numbers = range(10_001, 10_001 + MANY)
        session.execute(
            insert(Department),
            [{"id": each, "parent_id": sales, "name": f"{each}", "name_key": f"{each}"} for each in numbers],
        )
        tree = [
            {"ancestor_id": above, "descendant_id": each, "depth": int(above == sales)}
            for each in numbers
            for above in (sales, each)
        ]
        session.execute(insert(DepartmentTree), tree)
        within = Scope(everywhere=False, managed=frozenset({sales}))
        return [user.id for _, user, _ in activations.page(session, card.profile_id, within, before=None, size=MANY)]

    assert await office.engine.write(read) == [signed_up.user_id]
