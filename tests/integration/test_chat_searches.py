"""The next page of a search is a page of exactly that search, however long its words are."""

import re
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.screens.searches import argument_of, words_of
from bot.wording.phrases import Words
from core.domain.text import search_text
from core.engine import utc_now
from core.services import invitations, people, searches
from core.services.ownership import Claimant
from core.storage.tables import Search
from tests.support.account import Office
from tests.support.context import spoken_to
from tests.support.router_fixture import LANGUAGES, Counter
from tests.support.selection import many

ENGLISH = Words(language=LANGUAGES.all["en"], zone=ZoneInfo("UTC"), now=utc_now())
LONG = "Осенний набор продавцов в Латвии и Эстонии"
WORDS = st.text(
    st.one_of(st.characters(categories=["L", "N", "P", "S"]), st.sampled_from(" :~#%_|/")), min_size=1, max_size=300
)
DATA = re.compile(r"'callback_data': (?P<data>'[^']*'|\"[^\"]*\")")


def buttons(heard: str, verb: str) -> list[str]:
    """The data of the buttons with this verb."""
    found = (match["data"][1:-1] for match in DATA.finditer(heard))
    return [data for data in found if data.partition(":")[0] == verb]


@pytest.fixture
async def desk(office: Office) -> Counter:
    """An account with eleven profiles with a long name, and one that the beginning of that name finds too."""
    await office.profile(name="Осенний набор продавцов")
    for number in range(11):
        await office.profile(name=f"{LONG} {number}")
    return Counter(office.engine)


async def test_the_second_page_of_a_long_search_lists_what_was_searched_for(desk: Counter) -> None:
    heard = await desk.line(1001, f"/profiles {LONG}")
    assert "11 profiles" in heard
    older = buttons(heard, "list")[-1]
    assert len(older.encode()) <= 40
    third = await desk.tap(1001, buttons(await desk.tap(1001, older), "list")[-1])
    assert "11 profiles" in third
    assert buttons(third, "profile") == ["profile:4", "profile:3", "profile:2"]


async def test_only_what_was_searched_for_is_offered_to_be_selected(desk: Counter) -> None:
    heard = await desk.line(1001, "/profiles 10")
    [selecting] = [data for data in buttons(heard, "list") if data.endswith("select")]
    assert [data.rpartition(":")[2] for data in buttons(await desk.tap(1001, selecting), "list")][:1] == ["12"]


async def test_another_persons_search_is_a_button_that_no_longer_means_anything(desk: Counter, office: Office) -> None:
    await office.engine.write(searches.keep, office.owner_id, LONG, office.engine.now())
    code = await office.engine.write(invitations.invite, office.owner_id, "administrator", (), office.engine.now())
    claimant = Claimant(telegram_id=1002, first_name="Ada", last_name="", language="en")
    await office.engine.write(invitations.accept, code.code, claimant, office.engine.now())
    assert "This button is from an older version" in await desk.tap(1002, "profiles:0:~1")


async def test_another_persons_list_leads_to_ones_own(desk: Counter, office: Office) -> None:
    listed = buttons(await desk.line(1001, f"/profiles {LONG}"), "list")[-1]
    claimant = Claimant(telegram_id=1002, first_name="Ada", last_name="", language="en")
    code = await office.engine.write(invitations.invite, office.owner_id, "administrator", (), office.engine.now())
    await office.engine.write(invitations.accept, code.code, claimant, office.engine.now())
    assert "12 profiles" in await desk.tap(1002, listed)


@pytest.mark.parametrize("forged", ["~", "~x", "~999", "~-1", "~" + "9" * 30])
async def test_a_search_that_is_not_kept_is_a_button_that_no_longer_means_anything(desk: Counter, forged: str) -> None:
    for verb in ("profiles:0", "people:0", "waiting:0", "departments:0"):
        assert "This button is from an older version" in await desk.tap(1001, f"{verb}:{forged}")


def count(session: Session) -> int:
    return session.scalars(select(func.count()).select_from(Search)).one()


async def test_a_person_has_a_bounded_number_of_searches_kept(office: Office) -> None:
    for number in range(searches.MOST + 3):
        last = await office.engine.write(searches.keep, office.owner_id, f"words {number}", office.engine.now())
    assert await office.engine.read(count) == searches.MOST
    assert await office.engine.read(searches.words, office.owner_id, last) == f"words {number}"
    again = await office.engine.write(searches.keep, office.owner_id, f"words {number}", office.engine.now())
    assert again == last


async def test_a_search_is_deleted_a_month_after_its_last_use(office: Office) -> None:
    await office.engine.write(searches.keep, office.owner_id, LONG, office.engine.now())
    await office.engine.write(searches.sweep, office.engine.now() + searches.KEPT)
    assert await office.engine.read(count) == 1
    await office.engine.write(searches.sweep, office.engine.now() + 2 * searches.KEPT)
    assert await office.engine.read(count) == 0


@settings(max_examples=many(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=WORDS)
async def test_any_words_come_back_from_a_button_as_they_were(office: Office, words: str) -> None:
    person = await office.engine.read(people.by_telegram_id, 1001)
    assert person is not None
    context = spoken_to(ENGLISH, person, office.engine)
    argument = await argument_of(context, words)
    assert len(f"departments:9999999:{argument}".encode()) <= 64
    assert await words_of(context, argument) == search_text(words)
