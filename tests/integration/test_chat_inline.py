"""`@bot words` in any chat: cards of profiles, shared with a button to sign up."""

from collections.abc import AsyncIterator

import pytest

from core.domain.access import Permission, Role
from core.engine import Engine
from core.services import departments, profile_editing
from core.services.profile_editing import Change, EditedField
from tests.support.account import Office
from tests.support.bot_fixture import MANAGER, PAGES, STRANGER, Town, open_town
from tests.support.clock import Clock
from tests.support.rows import a_manager, a_user

# What people read is the same on both databases; the journeys, and all of core, run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PUBLIC = "https://signup.example.org"


@pytest.fixture
async def town(engine: Engine) -> AsyncIterator[Town]:
    async with open_town(engine, public_url=PUBLIC) as town:
        yield town


async def titles(town: Town, words: str, telegram_id: int = 1001) -> list[str]:
    return [result.title for result in await town.person(telegram_id).queries(words)]


async def test_a_card_is_shared_with_a_button_to_sign_up(town: Town, office: Office) -> None:
    card = await office.profile(name="Autumn <sales>")
    await office.profile(name="Winter")
    [found] = await town.owner.queries("sales autumn")
    posted = await town.owner.chooses(found)
    assert posted.text.splitlines()[:2] == ["Autumn <sales>", "Sales / EMEA"]
    assert card.token not in posted.text
    assert posted.button("Sign up")["url"] == f"{PUBLIC}/s/{card.token}"


async def test_where_the_pages_are_not_public_the_link_is_in_the_text(engine: Engine, office: Office) -> None:
    async with open_town(engine) as town:
        card = await office.profile()
        [found] = await town.owner.queries("")
        posted = await town.owner.chooses(found)
    assert posted.labels == ("Copy link",)  # without a button, Telegram doesn't say how to edit the card
    assert f"{PAGES}/s/{card.token}" in posted.text


async def test_a_link_that_is_over_is_not_shared(town: Town, office: Office, clock: Clock) -> None:
    card = await office.profile(window="now - +1 day")
    clock.advance(days=2)
    [found] = await town.owner.queries("")
    assert found.description.startswith("🏁 Ended")
    posted = await town.owner.chooses(found)
    assert posted.labels == ()
    assert card.token not in posted.text


async def test_at_most_twenty_are_given_the_newest_first(town: Town, office: Office) -> None:
    for number in range(21):
        await office.profile(name=f"Profile {number}")
    assert await titles(town, "profile") == [f"Profile {number}" for number in range(20, 0, -1)]


async def test_only_what_one_may_edit_is_shared_and_nothing_without_the_permission(town: Town, office: Office) -> None:
    engine, card = office.engine, await office.profile()
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    await a_manager(engine, "Sales", telegram_id=MANAGER)
    assert await titles(town, "", MANAGER) == ["Autumn sales"]
    change = Change(field=EditedField.DEPARTMENT, value="Support")
    await engine.write(profile_editing.edit, office.owner_id, card.profile_id, change, engine.now())
    assert await titles(town, "", MANAGER) == []


async def test_strangers_and_those_without_the_permission_find_nothing(town: Town, office: Office) -> None:
    await office.profile()
    await a_user(office.engine, Role.CUSTOM, "Sales", telegram_id=MANAGER, permissions=[Permission.RECEIVE_DIGESTS])
    for telegram_id in (MANAGER, STRANGER):
        assert await titles(town, "", telegram_id) == []
