"""Sign-up profiles: made, shown, listed, paused, removed, each within somebody's reach."""

import pytest

from core.domain import places
from core.domain.links import LinkState
from core.domain.windows import Window
from core.engine import Engine
from core.errors import (
    DepartmentNotFound,
    EndBeforeStart,
    EndInPast,
    InvalidName,
    LimitNotUnderstood,
    ProfileNotFound,
    WindowNotUnderstood,
)
from core.services import account, departments, profile_editing, profile_lists, profile_removal, profiles, time_zone
from core.services.profile_lists import Listing
from core.services.time_zone import Keep
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_draft, a_manager


@pytest.fixture
async def support(engine: Engine, office: Office) -> None:
    await engine.write(departments.add, office.owner_id, "Support / Riga", engine.now())


async def listing(engine: Engine, actor_id: int, words: str = "", page: int = 0) -> Listing:
    return await engine.read(profile_lists.listing, actor_id, words, page, engine.now())


def names(found: Listing) -> list[str]:
    return [card.name for card in found.cards]


async def test_a_new_profile_is_shown_as_it_was_typed(engine: Engine, office: Office, clock: Clock) -> None:
    await engine.write(time_zone.change, office.owner_id, "Europe/Riga", Keep.MOMENTS, clock())
    card = await office.profile(name="  Autumn   sales ", department="sales/emea", limit=" 50 ")
    assert (card.name, card.department, card.state) == ("Autumn sales", ("Sales", "EMEA"), LinkState.OPEN)
    assert card.window == Window(starts_at=clock(), ends_at=clock().replace(month=12, hour=21, minute=59, second=59))
    assert (card.zone.key, card.limit, card.used) == ("Europe/Riga", 50, 0)
    assert await engine.read(profiles.card, office.owner_id, card.profile_id, clock()) == card


async def test_every_profile_has_a_link_of_its_own(office: Office) -> None:
    tokens = {(await office.profile()).token for _ in range(3)}
    assert len(tokens) == 3
    assert min(map(len, tokens)) >= 22  # 128 bits and more: nobody guesses one


async def test_unlimited_is_no_limit(office: Office) -> None:
    assert (await office.profile(limit="Unlimited")).limit is None


async def test_times_that_occur_twice_are_told(engine: Engine, office: Office, clock: Clock) -> None:
    await engine.write(time_zone.change, office.owner_id, "Europe/Riga", Keep.MOMENTS, clock())
    draft = a_draft(window="2027-10-31 03:30 - 2027-12-01")
    created = await engine.write(profiles.create, office.owner_id, draft, clock())
    assert [f"{wall}" for wall in created.repeated] == ["2027-10-31 03:30:00"]


@pytest.mark.parametrize("limit", ["", "0", "-1", "1.5", "many", "1000001", "²", "٣", "9" * 5000])
def test_a_limit_is_a_whole_number_from_1_to_a_million(limit: str) -> None:
    with pytest.raises(LimitNotUnderstood) as refused:
        places.parse_limit(limit)
    assert refused.value.highest == 1_000_000


async def test_a_profile_that_makes_no_sense_is_refused(engine: Engine, office: Office) -> None:
    for changes, refusal in (
        ({"name": " "}, InvalidName),
        ({"department": "Nowhere"}, DepartmentNotFound),
        ({"window": "tomorrow"}, WindowNotUnderstood),
        ({"window": "2026-12-24 - 2026-11-24"}, EndBeforeStart),
        ({"window": "2026-01-01 - 2026-02-01"}, EndInPast),
        ({"window": "2026-01-01 - now"}, EndInPast),
        ({"limit": "0"}, LimitNotUnderstood),
    ):
        with pytest.raises(refusal):
            await office.profile(**changes)
    assert (await listing(engine, office.owner_id)).total == 0


async def test_who_may_turn_sign_up_on_is_told_so_on_the_card(engine: Engine, office: Office) -> None:
    await engine.write(account.switch_sign_up, office.owner_id, engine.now(), on=False)
    card = await office.profile()
    assert (card.state, card.may_enable_sign_up) == (LinkState.SIGN_UP_OFF, True)
    managers = await engine.read(profiles.card, await a_manager(engine, "Sales"), card.profile_id, engine.now())
    assert (managers.state, managers.may_enable_sign_up) == (LinkState.SIGN_UP_OFF, False)


@pytest.mark.usefixtures("support")
async def test_a_manager_makes_profiles_in_managed_departments_and_below(engine: Engine) -> None:
    manager = await a_manager(engine, "Sales")
    for department in ("Sales", "Sales / EMEA"):
        created = await engine.write(profiles.create, manager, a_draft(department=department), engine.now())
        assert " / ".join(created.card.department) == department


@pytest.mark.usefixtures("support")
async def test_a_department_beyond_reach_is_refused_as_one_that_is_not_there(engine: Engine) -> None:
    manager = await a_manager(engine, "Sales")
    for department in ("Support", "Support / Riga", "Nowhere"):
        with pytest.raises(DepartmentNotFound) as refused:
            await engine.write(profiles.create, manager, a_draft(department=department), engine.now())
        assert (refused.value.path, refused.value.nearest) == (department, ())


@pytest.mark.usefixtures("support")
async def test_a_manager_lists_the_profiles_of_managed_departments_and_below(engine: Engine, office: Office) -> None:
    for department in ("Sales", "Sales / EMEA", "Support / Riga"):
        await office.profile(name=department.replace("/", "-"), department=department)
    assert names(await listing(engine, await a_manager(engine, "Sales"))) == ["Sales - EMEA", "Sales"]
    assert names(await listing(engine, await a_manager(engine, "Sales / EMEA"))) == ["Sales - EMEA"]
    assert names(await listing(engine, await a_manager(engine, "Sales / EMEA", "Support"))) == [
        "Support - Riga",
        "Sales - EMEA",
    ]
    assert names(await listing(engine, await a_manager(engine))) == []
    assert (await listing(engine, office.owner_id)).total == 3


@pytest.mark.usefixtures("support")
async def test_a_foreign_profile_and_a_missing_one_are_refused_alike(engine: Engine, office: Office) -> None:
    foreign = (await office.profile(department="Support")).profile_id
    manager = await a_manager(engine, "Sales")
    for use_case in ("card", "pause", "resume", "remove"):
        for profile_id in (foreign, foreign + 1):
            with pytest.raises(ProfileNotFound) as refused:
                await ask(engine, use_case, manager, profile_id)
            assert vars(refused.value) == {"profile_id": profile_id}


async def ask(engine: Engine, use_case: str, actor_id: int, profile_id: int) -> object:
    match use_case:
        case "card":
            return await engine.read(profiles.card, actor_id, profile_id, engine.now())
        case "remove":
            return await engine.write(profile_removal.remove, actor_id, [profile_id], engine.now())
        case _:
            paused = use_case == "pause"
            return await engine.write(profile_editing.pause, actor_id, profile_id, engine.now(), paused=paused)


async def test_a_profile_is_paused_and_resumed_by_a_manager_of_its_department(engine: Engine, office: Office) -> None:
    card, manager = await office.profile(), await a_manager(engine, "Sales")
    for paused, state in ((True, LinkState.PAUSED), (True, LinkState.PAUSED), (False, LinkState.OPEN)):
        now = await engine.write(profile_editing.pause, manager, card.profile_id, engine.now(), paused=paused)
        assert now.state is state


async def test_a_removed_profile_is_gone_for_everybody(engine: Engine, office: Office) -> None:
    card = await office.profile()
    assert await ask(engine, "remove", office.owner_id, card.profile_id) == ("Autumn sales",)
    assert (await listing(engine, office.owner_id)).total == 0
    for use_case in ("card", "pause", "remove"):
        with pytest.raises(ProfileNotFound):
            await ask(engine, use_case, office.owner_id, card.profile_id)


async def test_a_listing_is_paged_newest_first(engine: Engine, office: Office) -> None:
    for number in range(12):
        await office.profile(name=f"Profile {number}")
    first, second = await listing(engine, office.owner_id), await listing(engine, office.owner_id, page=1)
    assert names(first) == [f"Profile {number}" for number in range(11, 1, -1)]
    assert names(second) == ["Profile 1", "Profile 0"]
    assert (first.total, first.pages, second.page) == (12, 2, 1)


async def test_a_page_that_is_not_there_is_the_nearest_one(engine: Engine, office: Office) -> None:
    await office.profile()
    for asked in (-5, 1, 10**30):
        found = await listing(engine, office.owner_id, page=asked)
        assert (found.page, len(found.cards)) == (0, 1)


async def test_a_listing_of_nothing_is_one_empty_page(engine: Engine, office: Office) -> None:
    found = await listing(engine, office.owner_id)
    assert (found.cards, found.total, found.page, found.pages) == ((), 0, 0, 1)


async def test_a_search_finds_names_with_every_word_in_any_case(engine: Engine, office: Office) -> None:
    await office.profile(name="Autumn sales 100%")
    await office.profile(name="ОСЕНЬ_2026")
    searches = ("autumn", "SALES aut", "осень", "%", "_", "winter", "  ")
    assert {words: names(await listing(engine, office.owner_id, words)) for words in searches} == {
        "autumn": ["Autumn sales 100%"],
        "SALES aut": ["Autumn sales 100%"],
        "осень": ["ОСЕНЬ_2026"],
        "%": ["Autumn sales 100%"],
        "_": ["ОСЕНЬ_2026"],
        "winter": [],
        "  ": ["ОСЕНЬ_2026", "Autumn sales 100%"],
    }
