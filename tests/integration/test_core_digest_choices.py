"""What a digest can be chosen to be about, page by page, and its switches, each by itself."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.domain.cadence import parse_cadence
from core.errors import DepartmentGone, DigestGone, TooManyDigests
from core.services import departments, digest_cards, digest_editing, digests, group_digests, roster_pages
from core.services.digest_cards import BranchChoices, DigestCard, ProfileChoices
from core.services.group_digests import Group, Wanted
from core.storage.tables import Question
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.digests import queued, summary
from tests.support.rosters import keep, listed, through, within
from tests.support.rows import a_manager, department_id


async def add(office: Office, *, by: int = 0, newest: int = 0) -> DigestCard:
    actor_id = by or office.owner_id
    return await office.engine.write(digest_editing.add, actor_id, None, 1001, office.engine.now(), newest=newest)


async def another(office: Office) -> DigestCard:
    """Add one although there are others."""
    return await add(office, newest=(await office.engine.read(digest_cards.listing, office.owner_id)).newest)


async def card(office: Office, digest_id: int) -> DigestCard:
    return await office.engine.read(digest_cards.card, office.owner_id, digest_id)


async def branches(office: Office, node: int | None = None, page: int = 0, *, by: int = 0) -> BranchChoices:
    return await office.engine.read(digest_cards.branches, by or office.owner_id, node, page)


async def choices(office: Office, digest_id: int, page: int) -> ProfileChoices:
    now = office.engine.now()
    return await office.engine.read(digest_cards.profile_choices, office.owner_id, digest_id, page, now)


async def test_ten_departments_stand_on_a_page(office: Office) -> None:
    for number in range(9):
        await office.engine.write(departments.add, office.owner_id, f"Unit {number}", office.engine.now())
    shown = await branches(office)
    assert (len(shown.children), shown.page, shown.pages, shown.here, shown.above) == (10, 0, 1, None, None)
    assert [(name, deeper) for _, name, deeper in shown.children[:2]] == [("Sales", True), ("Unit 0", False)]
    await office.engine.write(departments.add, office.owner_id, "Unit 9", office.engine.now())
    for page, names in ((1, ["Unit 9"]), (7, ["Unit 9"])):
        last = await branches(office, page=page)
        assert ([name for _, name, _ in last.children], last.page, last.pages) == (names, 1, 2)
    assert (await branches(office, page=-1)).page == 0


async def test_below_a_department_the_way_back_leads_to_the_one_above_it(office: Office) -> None:
    sales, emea = [await office.engine.read(department_id, path) for path in ("Sales", "Sales / EMEA")]
    shown = await branches(office, sales)
    assert (shown.here, shown.above, shown.children) == ((sales, "Sales"), None, ((emea, "EMEA", False),))
    below = await branches(office, emea)
    assert (below.here, below.above, below.children) == ((emea, "EMEA"), sales, ())
    manager = await a_manager(office.engine, "Sales / EMEA")
    assert (await branches(office, emea, by=manager)).above is None
    with pytest.raises(DepartmentGone):
        await branches(office, sales, by=manager)


async def test_six_profiles_stand_on_a_page_the_newest_first(office: Office) -> None:
    digest_id = (await add(office)).named.digest_id
    none = await choices(office, digest_id, 0)
    assert (none.choices, none.page, none.pages) == ((), 0, 1)
    numbers = [(await office.profile(name=f"P{number}")).profile_id for number in range(6)]
    await office.engine.write(digest_editing.choose_profile, office.owner_id, digest_id, numbers[1], chosen=True)
    shown = await choices(office, digest_id, 0)
    assert [(each.name, each.chosen) for each in shown.choices] == [
        (f"P{number}", number == 1) for number in range(5, -1, -1)
    ]
    assert (shown.page, shown.pages, shown.named.profiles) == (0, 1, ("P1",))
    await office.profile(name="P6")
    for page in (1, 9):
        last = await choices(office, digest_id, page)
        assert ([each.name for each in last.choices], last.page, last.pages) == (["P0"], 1, 2)
    assert (await choices(office, digest_id, -1)).page == 0


async def test_a_new_digest_comes_on_mondays_at_nine_without_any_extra(office: Office, clock: Clock) -> None:
    made = await add(office)
    assert made.subscription.cadence == parse_cadence("weekly mon 09:00")
    assert made.subscription.next_due == clock().replace(hour=9) + timedelta(days=7)
    assert (made.main, made.quiet, made.picture, made.spreadsheet) == (False, False, False, False)
    assert (made.may_export, made.connected, made.resumable) == (True, 0, False)
    named = made.named
    assert (named.department, named.lost, named.profiles, named.profiles_lost) == (None, False, (), False)


async def test_each_switch_turns_its_own_extra_on_and_off(office: Office) -> None:
    await add(office)
    digest_id, engine, owner = (await another(office)).named.digest_id, office.engine, office.owner_id

    def extras(shown: DigestCard) -> tuple[bool, bool, bool]:
        return shown.quiet, shown.picture, shown.spreadsheet

    for on in (True, False):
        assert extras(await engine.write(digest_editing.be_quiet, owner, digest_id, on=on)) == (on, False, False)
        shown = await engine.write(digest_editing.send_picture, owner, digest_id, on=on)
        assert extras(shown) == (on, on, False)
        shown = await engine.write(digest_editing.send_spreadsheet, owner, digest_id, on=on, seen=0)
        assert extras(shown) == (on, on, on)
        assert extras(await card(office, digest_id)) == (on, on, on)
        for switch in (digest_editing.be_quiet, digest_editing.send_picture):
            await engine.write(switch, owner, digest_id, on=False)
        await engine.write(digest_editing.send_spreadsheet, owner, digest_id, on=False, seen=0)


async def test_a_person_has_six_digests_besides_the_main_one(office: Office) -> None:
    await office.engine.write(
        digests.subscribe, office.owner_id, parse_cadence("daily 18:00"), 1001, office.engine.now()
    )
    for number in range(6):
        listing = await office.engine.read(digest_cards.listing, office.owner_id)
        assert (len(listing.cards), listing.may_add, listing.cards[0].main) == (number + 1, True, True)
        last = await another(office)
    listing = await office.engine.read(digest_cards.listing, office.owner_id)
    assert (len(listing.cards), listing.may_add, listing.newest) == (7, False, last.named.digest_id)
    with pytest.raises(TooManyDigests) as refused:
        await another(office)
    assert refused.value.most == 6
    await office.engine.write(digest_editing.remove, office.owner_id, last.named.digest_id, office.engine.now())
    await another(office)
    with pytest.raises(TooManyDigests) as refused:
        await office.engine.write(
            digest_editing.restore, office.owner_id, last.named.digest_id, 1001, office.engine.now()
        )
    assert refused.value.most == 6


async def test_a_deleted_digest_can_be_brought_back_until_a_day_is_over(office: Office, clock: Clock) -> None:
    await add(office)
    digest_id, restore = (await another(office)).named.digest_id, digest_editing.restore
    removed_at = clock()
    await office.engine.write(digest_editing.remove, office.owner_id, digest_id, removed_at)
    await office.engine.write(digest_editing.sweep, removed_at + timedelta(days=1, microseconds=-1))
    with pytest.raises(DigestGone):
        await office.engine.write(restore, office.owner_id, digest_id, 1001, removed_at + timedelta(days=1))
    later = removed_at + timedelta(days=1, microseconds=-1)
    back = await office.engine.write(restore, office.owner_id, digest_id, 2002, later)
    assert (back.named.digest_id, back.subscription.chat_id) == (digest_id, 2002)


async def test_a_question_of_a_group_names_the_schedule_elsewhere_that_a_yes_would_end(office: Office) -> None:
    engine, owner, daily = office.engine, office.owner_id, parse_cadence("daily 18:00")

    async def asked(chat_id: int) -> Wanted:
        group = Group(chat_id=chat_id, thread_id=None, title="Crew")
        await engine.write(group_digests.order, owner, group, daily, engine.now())
        question = await engine.read(lambda session: max(session.scalars(select(Question.id))))
        found = await engine.read(group_digests.wanted, owner, question, engine.now())
        await engine.write(group_digests.confirm, owner, question, engine.now())
        return found

    first = await asked(-5)
    assert (first.title, first.cadence, first.instead_of) == ("Crew", daily, None)
    second = await asked(-6)
    assert second.instead_of is not None
    assert (second.instead_of.chat_id, second.instead_of.cadence) == (-5, daily)


@pytest.mark.deep
async def test_a_digest_leads_to_the_lists_that_it_counts_and_to_no_others(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    autumn, winter = await office.profile(), await office.profile(name="Winter")
    emea = await within(engine, "Sales / EMEA")
    for of in (through(autumn.profile_id), through(winter.profile_id), emea):
        await keep(engine, owner, of, listed("anna@example.com"))
    await keep(engine, owner, await within(engine, "Sales"), listed("olga@example.com"))
    digest_id = (await add(office)).named.digest_id

    async def led_to() -> tuple[list[str], int]:
        await engine.write(digest_editing.send, owner, digest_id, engine.now())
        [message] = await queued(engine)
        found = await engine.read(roster_pages.page, owner, 0, run_id=message.subject_id, only_missing=True)
        roster = (await summary(engine, message)).overview.roster
        assert roster is not None
        assert found.missing == roster.missing
        return [each.name for each in found.rosters], found.missing

    assert await led_to() == (["Sales", "Sales / EMEA", "Winter", "Autumn sales"], 3)
    await engine.write(digest_editing.choose_department, owner, digest_id, emea.department_id)
    assert await led_to() == (["Sales / EMEA", "Winter", "Autumn sales"], 2)
    await engine.write(digest_editing.choose_profile, owner, digest_id, winter.profile_id, chosen=True)
    assert await led_to() == (["Winter"], 1)


async def test_a_deleted_digest_leads_to_no_lists(office: Office) -> None:
    digest_id = (await add(office)).named.digest_id
    await office.engine.write(digest_editing.send, office.owner_id, digest_id, office.engine.now())
    [message] = await queued(office.engine)
    await office.engine.write(digest_editing.remove, office.owner_id, digest_id, office.engine.now())
    with pytest.raises(DigestGone):
        await office.engine.read(roster_pages.page, office.owner_id, 0, run_id=message.subject_id)
