"""Who came, and is on no list: named to who may see them, page by page."""

from core.domain.rosters import RosterOf
from core.engine import Engine
from core.services import departments, people, rosters, unlisted_arrivals
from tests.support.account import Office
from tests.support.rosters import keep, listed, through, within
from tests.support.rows import a_manager, transfer


async def names(engine: Engine, actor_id: int, of: RosterOf) -> list[str | None]:
    return [each.email for each in (await engine.read(unlisted_arrivals.page, actor_id, of)).people]


async def a_list(engine: Engine, office: Office) -> tuple[RosterOf, list[int]]:
    """Expect Anna; she comes, and three others do; return their numbers."""
    card = await office.profile()
    of = through(card.profile_id)
    await keep(engine, office.owner_id, of, listed("anna@example.com"))
    await office.sign_up(card.token, "anna@example.com")
    emails = [f"{name}@example.com" for name in ("boris", "clara", "dmitri")]
    return of, [(await office.sign_up(card.token, email)).user_id for email in emails]


async def test_they_are_listed_those_who_came_last_first_and_page_by_page(engine: Engine, office: Office) -> None:
    of, _ = await a_list(engine, office)
    first = await engine.read(unlisted_arrivals.page, office.owner_id, of, size=2)
    assert [each.email for each in first.people] == ["dmitri@example.com", "clara@example.com"]
    assert first.roster.unexpected == 3
    rest = await engine.read(unlisted_arrivals.page, office.owner_id, of, before=first.older_than, size=2)
    assert [each.email for each in rest.people] == ["boris@example.com"]
    assert rest.older_than is None


async def test_nobody_is_named_who_is_elsewhere_now(engine: Engine, office: Office) -> None:
    of, [boris, *_] = await a_list(engine, office)
    manager = await a_manager(engine, "Sales")
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    await transfer(engine, boris, "Support")
    assert await names(engine, manager, of) == ["dmitri@example.com", "clara@example.com"]
    found = await engine.read(unlisted_arrivals.page, manager, of)
    assert found.roster.unexpected == 2


async def test_deleted_people_are_neither_named_nor_counted(engine: Engine, office: Office) -> None:
    of, [boris, *_] = await a_list(engine, office)
    await engine.write(people.delete, office.owner_id, boris, engine.now())
    found = await engine.read(unlisted_arrivals.page, office.owner_id, of)
    assert ([each.email for each in found.people], found.roster.unexpected) == (
        ["dmitri@example.com", "clara@example.com"],
        2,
    )


async def test_without_a_list_nobody_is_on_none(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await office.sign_up(card.token)
    assert await names(engine, office.owner_id, through(card.profile_id)) == []


async def test_who_is_on_a_list_below_a_department_is_on_no_list_of_it_neither_named_nor_counted(
    engine: Engine, office: Office
) -> None:
    await a_list(engine, office)
    sales = await within(engine, "Sales")
    await keep(engine, office.owner_id, sales, listed("boris@example.com"))
    assert await names(engine, office.owner_id, sales) == ["dmitri@example.com", "clara@example.com"]
    assert (await engine.read(rosters.show, office.owner_id, sales)).unexpected == 2
