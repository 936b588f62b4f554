"""Several digests by taps: added, changed on their cards, sent, deleted and brought back."""

from collections.abc import AsyncIterator

import pytest

from core.domain.access import Role
from core.domain.cadence import parse_cadence
from core.engine import Engine
from core.services import departments, digest_cards, digest_editing, group_digests
from core.services.digest_cards import DigestCard
from core.services.group_digests import Group
from core.storage import people
from tests.support.account import Office, an_office
from tests.support.bot_fixture import MANAGER, OWNER, Town, open_town
from tests.support.clock import Clock
from tests.support.router_fixture import Counter
from tests.support.rows import a_user, department_id
from tests.support.screens import Screens


@pytest.fixture
async def town(engine: Engine) -> AsyncIterator[Town]:
    office = await an_office(engine)
    await office.profile()
    await office.profile(name="Interns")
    async with open_town(engine) as town:
        said = await town.owner.says("/digest daily 18:00")
        await town.owner.reads("The next one comes", after=said)
        yield town


async def others(town: Town) -> list[DigestCard]:
    listing = await town.engine.read(digest_cards.listing, 1)
    return [card for card in listing.cards if not card.main]


async def tap(town: Town, label: str, read: str) -> None:
    await town.owner.taps(label)
    await town.owner.reads(read)


async def add_of_sales(town: Town) -> None:
    await tap(town, "➕ Another", "What is the digest about?")
    await tap(town, "Sales ›", "What is the digest about?\nSales:")
    await tap(town, "✔ Sales itself", "Digest: Sales\nIt comes every week, Monday at 09:00.")


async def test_a_card_says_where_its_digest_goes_and_brings_it_back_from_a_group(
    engine: Engine, office: Office
) -> None:
    owner = Screens(engine=office.engine, telegram_id=OWNER)
    await owner.type("/digest daily 18:00")
    await owner.tap("Change it")
    here = await owner.tap("Where it goes")
    assert "It comes to this chat." in here
    assert "/digest daily 18:00" in here
    assert "Bring it to this chat" not in str(owner.labels)
    weekly = parse_cadence("weekly fri 09:00")
    await engine.write(group_digests.order, 1, Group(chat_id=-5, thread_id=None, title="Crew"), weekly, engine.now())
    await engine.write(group_digests.confirm, 1, 1, engine.now())
    await owner.type("/digest")
    await owner.tap("Change it")
    there = await owner.tap("Where it goes")
    assert "It goes to the group Crew." in there
    assert "/digest weekly fri 09:00" in there
    card = await owner.tap("Bring it to this chat")
    assert "It comes every week, Friday at 09:00." in card
    assert "group" not in card
    [main] = (await engine.read(digest_cards.listing, 1)).cards
    assert (main.subscription.chat_id, main.connected) == (OWNER, 0)


async def test_reminders_and_alerts_are_found_beside_the_digest_and_lead_back_there(town: Town) -> None:
    await town.owner.asks("/digest")
    await tap(town, "Reminders", "Reminders for everybody")
    await tap(town, "‹ Digest", "The next one comes")
    await tap(town, "Alerts", "What managers hear of at once")
    await tap(town, "‹ Digest", "The next one comes")


async def test_a_manager_of_departments_finds_their_reminders_but_no_alerts_beside_the_digest(town: Town) -> None:
    await a_user(town.engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales", telegram_id=MANAGER)
    manager = Screens(engine=town.engine, telegram_id=MANAGER)
    await manager.type("/digest")
    assert ["Reminders"] in manager.labels
    assert (await manager.tap("Reminders")).startswith("Reminders\nRules by which people are reminded")


async def test_a_digest_of_a_department_takes_a_few_taps_and_is_changed_on_its_card(town: Town) -> None:
    await add_of_sales(town)
    await tap(town, "When it comes", "Choose: every day")
    await tap(town, "Fr", "It comes every week, Friday at 09:00.")
    await tap(town, "18:00", "It comes every week, Friday at 18:00.")
    await tap(town, "‹ Digest", "Digest: Sales")
    await tap(town, "Profiles", "Tick the profiles")
    await tap(town, "○ Interns", "Digest: Sales: Interns")
    await tap(town, "‹ Digest", "Digest: Sales: Interns\nIt comes every week, Friday at 18:00.")
    await tap(town, "○ Silent if nobody joined", "If nobody joined, it doesn't come.")
    [card] = await others(town)
    assert (card.named.department, card.named.profiles, card.quiet) == (("Sales",), ("Interns",), True)
    assert card.subscription.cadence == parse_cadence("weekly fri 18:00")
    await tap(town, "‹ Digest", "Your other digests:\n· Sales: Interns: every week, Friday at 18:00")
    await tap(town, "Interns", "Digest: Sales: Interns")
    await town.owner.taps("Send one now")
    await town.owner.is_told("Your digest is on its way.")
    await town.owner.reads("Nobody joined so far")
    assert any("Digest: Sales: Interns" in each.text for each in await town.owner.messages())  # the card stays


async def test_a_deleted_digest_is_undone_by_a_tap(town: Town) -> None:
    await add_of_sales(town)
    [card] = await others(town)
    await tap(town, "Delete", "The digest is deleted: Sales.")
    assert await others(town) == []
    await tap(town, "Undo", "Digest: Sales")
    assert await others(town) == [card]


async def test_without_a_digest_of_all_the_others_are_not_denied(town: Town) -> None:
    await add_of_sales(town)
    await town.owner.asks("/digest off")
    shown = await town.owner.asks("/digest")
    assert "You have no scheduled digest of all your departments." in shown.text
    assert "Your other digests:\n· Sales: every week" in shown.text


async def test_the_first_digest_has_a_card_too_and_keeps_the_time_that_was_typed(town: Town) -> None:
    said = await town.owner.says("/digest weekly mon 09:13")
    await town.owner.reads("Monday at 09:13", after=said)
    await tap(town, "Change it", "The typed lines /digest … change this one.")
    await tap(town, "When it comes", "Choose: every day")
    await tap(town, "Last", "It comes every month on its last day at 09:13.")
    [main] = (await town.engine.read(digest_cards.listing, 1)).cards
    assert main.subscription.cadence == parse_cadence("monthly 31 09:13")


async def test_a_silent_digest_sends_nothing_until_somebody_joins(town: Town, clock: Clock) -> None:
    await tap(town, "Change it", "Digest: all that you see")
    await tap(town, "○ Silent if nobody joined", "If nobody joined, it doesn't come.")
    clock.advance(days=1)
    await town.outbox_has("failed")
    assert not [message for message in await town.owner.messages() if "Nobody joined so far" in message.text]


async def test_a_digest_whose_profiles_are_all_lost_says_so_and_is_made_about_all(engine: Engine) -> None:
    office = await an_office(engine)
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    helpers = await office.profile(name="Helpers", department="Support")
    manager = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales", "Support", telegram_id=1002)
    number = (await engine.write(digest_editing.add, manager, None, 1002, engine.now(), newest=0)).named.digest_id
    await engine.write(digest_editing.choose_profile, manager, number, helpers.profile_id, chosen=True)
    await engine.write(people.set_managed, manager, [await engine.read(department_id, "Sales")])
    counter = Counter(engine)
    shown = await counter.tap(1002, f"digest-card:{number}")
    assert "Digest: profiles that are no longer yours" in shown
    assert "About all profiles" in shown
    shown = await counter.tap(1002, f"digest-all-profiles:{number}")
    assert "Digest: all that you see" in shown
    assert "About all profiles" not in shown


async def test_a_digest_of_a_department_that_is_lost_says_that_it_does_not_come(engine: Engine) -> None:
    office = await an_office(engine)
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    manager = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales", "Support", telegram_id=1002)
    support = await engine.read(department_id, "Support")
    number = (await engine.write(digest_editing.add, manager, support, 1002, engine.now(), newest=0)).named.digest_id
    assert "The next one comes" in await Counter(engine).tap(1002, f"digest-card:{number}")
    await engine.write(people.set_managed, manager, [await engine.read(department_id, "Sales")])
    shown = await Counter(engine).tap(1002, f"digest-card:{number}")
    assert "It doesn't come while the department isn't yours." in shown
    assert "The next one comes" not in shown
