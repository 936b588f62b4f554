"""Rosters of departments: who is expected in a branch, and came by any profile that led into it."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.domain.rosters import RosterOf
from core.engine import Engine
from core.errors import DepartmentGone, LinkLeadsElsewhere, RootDepartment
from core.services import (
    department_removal,
    department_tree,
    departments,
    profile_links,
    progress,
    reminders,
    reports,
    retention,
    roster_lists,
    roster_pages,
    rosters,
)
from core.services.link_mails import Sending
from core.services.profile_links import FailedForm
from core.services.progress import Cohort
from core.services.roster_counts import RosterCounts
from core.storage import roster_entries
from core.storage.tables import ExpectedPerson, LeftBranch, User
from tests.support.account import Office
from tests.support.rosters import keep, listed, through, within
from tests.support.rows import a_manager, repoint, transfer

ANNA, JANIS, OLGA, BORIS = (f"{name}@example.com" for name in ("anna", "janis", "olga", "boris"))


async def missing(engine: Engine, actor_id: int, of: RosterOf) -> list[str | None]:
    return [each.email for each in (await engine.read(rosters.missing, actor_id, of)).people]


async def on_card(engine: Engine, viewer: int, of: RosterOf) -> RosterCounts | None:
    """Give what a department's card counts, which the progress of its people does, too."""
    number = of.department_id or 0
    node = await engine.read(department_tree.show, viewer, number, 0, 9)
    overview = await engine.read(progress.overview, viewer, Cohort(department_id=number), engine.now())
    assert overview.roster == node.roster
    return node.roster


async def test_who_came_by_any_profile_that_leads_into_the_branch_is_not_missing(
    engine: Engine, office: Office
) -> None:
    sales, owner = await within(engine, "Sales"), office.owner_id
    await engine.write(departments.add, owner, "Support", engine.now())
    emea, top = await office.profile(), await office.profile(name="All of sales", department="Sales")
    elsewhere = await office.profile(name="Support", department="Support")
    await office.sign_up(emea.token, ANNA)
    preview = await engine.read(roster_lists.preview, owner, sales, listed(ANNA, JANIS, OLGA, BORIS))
    assert (preview.people, preview.new, len(preview.signed_up)) == (4, 4, 1)
    await keep(engine, owner, sales, listed(ANNA, JANIS, OLGA, BORIS))
    await office.sign_up(top.token, JANIS)
    await office.sign_up(elsewhere.token, OLGA)
    await office.sign_up(emea.token, "vera@example.com")
    found = await engine.read(rosters.show, owner, sales)
    assert (found.name, found.expected, found.came, found.missing, found.unexpected) == ("Sales", 4, 2, 2, 1)
    people = (await engine.read(rosters.missing, owner, sales)).people
    assert [(each.email, each.has_account) for each in people] == [(OLGA, True), (BORIS, False)]


async def test_who_has_signed_up_and_waits_is_told_from_who_has_another_account(
    engine: Engine, approving: Office
) -> None:
    sales, owner = await within(engine, "Sales"), approving.owner_id
    await keep(engine, owner, sales, listed(ANNA, BORIS))
    await approving.sign_up((await approving.profile()).token, ANNA)
    people = (await engine.read(rosters.missing, owner, sales)).people
    assert [(each.email, each.waits) for each in people] == [(ANNA, True), (BORIS, False)]


async def test_where_a_profile_leads_later_and_where_learners_go_changes_nothing(
    engine: Engine, office: Office
) -> None:
    sales, owner = await within(engine, "Sales"), office.owner_id
    await engine.write(departments.add, owner, "Support", engine.now())
    support, card = await within(engine, "Support"), await office.profile()
    for of in (sales, support):
        await keep(engine, owner, of, listed(ANNA, JANIS))
    await office.sign_up(card.token, ANNA)
    await repoint(engine, card.profile_id, "Support")
    made = await office.sign_up(card.token, JANIS)
    await transfer(engine, made.user_id, "Sales / EMEA")
    assert (await missing(engine, owner, sales), await missing(engine, owner, support)) == ([JANIS], [ANNA])
    manager = await a_manager(engine, "Support")
    found = await engine.read(rosters.show, manager, support)
    assert (found.came, found.hidden, found.missing) == (0, 1, 1)


async def test_who_came_before_a_department_was_moved_has_come_above_it_then_and_now(
    engine: Engine, office: Office
) -> None:
    owner = office.owner_id
    await engine.write(departments.add, owner, "Support", engine.now())
    sales, support, emea = [await within(engine, path) for path in ("Sales", "Support", "Sales / EMEA")]
    card = await office.profile()
    for of in (sales, support, emea):
        await keep(engine, owner, of, listed(ANNA, JANIS))
    await office.sign_up(card.token, ANNA)
    assert await missing(engine, owner, support) == [ANNA, JANIS]
    await engine.write(departments.move, owner, "Sales / EMEA", "Support", engine.now())
    await office.sign_up(card.token, JANIS)
    assert await missing(engine, owner, sales) == [JANIS]
    assert await missing(engine, owner, support) == await missing(engine, owner, emea) == []


async def test_who_came_and_whose_department_is_elsewhere_now_is_a_number_for_the_manager(
    engine: Engine, office: Office
) -> None:
    owner, sales = office.owner_id, await within(engine, "Sales")
    await engine.write(departments.add, owner, "Support", engine.now())
    manager = await a_manager(engine, "Sales")
    card, open_link = await office.profile(), await office.profile(name="All of sales", department="Sales")
    await keep(engine, owner, sales, listed(ANNA, JANIS, OLGA))
    await office.sign_up(card.token, ANNA)
    janis = (await office.sign_up(open_link.token, JANIS)).user_id
    await engine.write(departments.move, owner, "Sales / EMEA", "Support", engine.now())
    await transfer(engine, janis, "Support")
    found = await engine.read(rosters.missing, manager, sales)
    counts = RosterCounts(expected=3, came=0, hidden=2)
    assert [(each.email, each.has_account) for each in found.people] == [(OLGA, False)]
    assert (found.roster.came, found.roster.hidden, found.roster.missing) == (0, 2, 1)
    assert await on_card(engine, manager, sales) == counts
    asked = await engine.read(reminders.preview_missing, manager, sales, open_link.profile_id, engine.now(), 100)
    assert asked.people == 1


async def test_the_entries_by_which_somebody_came_are_known_wherever_the_department_is(
    engine: Engine, office: Office
) -> None:
    owner, card = office.owner_id, await office.profile()
    await engine.write(departments.add, owner, "Support", engine.now())
    for path in ("Sales", "Support", "Sales / EMEA"):
        await keep(engine, owner, await within(engine, path), listed(ANNA))
    anna = (await office.sign_up(card.token, ANNA)).user_id
    await engine.write(departments.move, owner, "Sales / EMEA", "Support", engine.now())
    entries = await engine.read(lambda session: roster_entries.of_user(session, session.get_one(User, anna)))
    assert len(entries) == 3


async def move_emea(office: Office, path: str, below: str) -> None:
    await office.engine.write(departments.move, office.owner_id, path, below, office.engine.now())


async def test_who_signed_up_while_a_department_was_elsewhere_has_not_come_where_it_was_before_and_after(
    engine: Engine, office: Office
) -> None:
    owner, card = office.owner_id, await office.profile()
    await engine.write(departments.add, owner, "Support", engine.now())
    sales, support = await within(engine, "Sales"), await within(engine, "Support")
    for of in (sales, support):
        await keep(engine, owner, of, listed(ANNA, JANIS, OLGA, BORIS))
    await office.sign_up(card.token, ANNA)
    await move_emea(office, "Sales / EMEA", "Support")
    await office.sign_up(card.token, JANIS)
    assert await missing(engine, owner, sales) == [JANIS, OLGA, BORIS]
    await move_emea(office, "Support / EMEA", "Sales")
    olga = (await office.sign_up(card.token, OLGA)).user_id
    assert await missing(engine, owner, sales) == [BORIS]  # it is below it, with all who signed up there
    assert await missing(engine, owner, support) == [ANNA, OLGA, BORIS]
    await move_emea(office, "Sales / EMEA", "")
    await office.sign_up(card.token, BORIS)
    assert await missing(engine, owner, sales) == [JANIS, BORIS]
    assert await missing(engine, owner, support) == [ANNA, OLGA, BORIS]
    entries = await engine.read(lambda session: roster_entries.of_user(session, session.get_one(User, olga)))
    assert len(entries) == 1


async def test_moves_between_which_nobody_signed_up_leave_nothing_behind(engine: Engine, office: Office) -> None:
    owner, card = office.owner_id, await office.profile()
    await engine.write(departments.add, owner, "Support", engine.now())
    sales, support = await within(engine, "Sales"), await within(engine, "Support")
    await keep(engine, owner, sales, listed(ANNA, JANIS))
    await office.sign_up(card.token, ANNA)
    for path, below in (("Sales / EMEA", "Support"), ("Support / EMEA", "Sales"), ("Sales / EMEA", "Support")):
        await move_emea(office, path, below)
        assert await missing(engine, owner, sales) == [JANIS]
    rows = select(LeftBranch.ancestor_id, LeftBranch.through.is_(None)).order_by(LeftBranch.ancestor_id)
    kept = await engine.read(lambda session: [tuple(row) for row in session.execute(rows)])
    assert sorted(kept) == sorted([(sales.department_id, False), (support.department_id, True)])


async def test_a_department_that_is_moved_within_another_one_stays_below_it(engine: Engine, office: Office) -> None:
    owner, card = office.owner_id, await office.profile()
    await engine.write(departments.add, owner, "Sales / North", engine.now())
    sales = await within(engine, "Sales")
    await keep(engine, owner, sales, listed(ANNA, JANIS))
    await office.sign_up(card.token, ANNA)
    await move_emea(office, "Sales / EMEA", "Sales / North")
    await office.sign_up(card.token, JANIS)
    await move_emea(office, "Sales / North / EMEA", "")
    assert await missing(engine, owner, sales) == []


async def test_a_manager_sees_the_lists_of_their_departments_alone(engine: Engine, office: Office) -> None:
    sales, emea = await within(engine, "Sales"), await within(engine, "Sales / EMEA")
    await keep(engine, office.owner_id, sales, listed(ANNA, JANIS))
    await keep(engine, office.owner_id, emea, listed(ANNA))
    manager = await a_manager(engine, "Sales / EMEA")
    assert (await engine.read(rosters.show, manager, emea)).expected == 1
    assert await engine.read(rosters.find, manager, "EMEA") == emea
    assert [each.of for each in (await engine.read(roster_pages.page, manager, 0)).rosters] == [emea]
    for use_case in (rosters.show, rosters.missing):
        with pytest.raises(DepartmentGone):
            await engine.read(use_case, manager, sales)
    with pytest.raises(DepartmentGone):
        await engine.write(rosters.remove, manager, sales, engine.now())
    assert (await engine.read(rosters.show, office.owner_id, sales)).expected == 2


async def test_the_top_of_the_tree_has_no_list(engine: Engine, office: Office) -> None:
    with pytest.raises(RootDepartment):
        await engine.read(rosters.show, office.owner_id, await within(engine, ""))


async def test_a_list_is_one_of_a_profile_or_of_a_department(engine: Engine, office: Office) -> None:
    card, sales = await office.profile(), await within(engine, "Sales")
    person = {"identity": "x", "first_name": "", "last_name": "", "added_at": engine.now()}

    def add(session: Session, profile_id: int | None, department_id: int | None) -> None:
        owner = {"profile_id": profile_id, "department_id": department_id}
        session.execute(insert(ExpectedPerson), [{**person, **owner}])

    for both in ((card.profile_id, sales.department_id), (None, None)):
        with pytest.raises(IntegrityError):
            await engine.write(add, *both)
        with pytest.raises(ValueError, match="RosterOf"):
            RosterOf(profile_id=both[0], department_id=both[1])


async def test_whom_a_list_further_down_expects_too_is_counted_once(engine: Engine, office: Office) -> None:
    sales, emea, owner = await within(engine, "Sales"), await within(engine, "Sales / EMEA"), office.owner_id
    card = await office.profile()
    await keep(engine, owner, sales, listed(ANNA, JANIS, OLGA))
    await keep(engine, owner, emea, listed(JANIS, BORIS))
    await keep(engine, owner, through(card.profile_id), listed(ANNA, BORIS))
    assert await on_card(engine, owner, sales) == RosterCounts(expected=4, came=0, hidden=0)
    assert await on_card(engine, owner, emea) == RosterCounts(expected=3, came=0, hidden=0)
    await office.sign_up(card.token, ANNA)
    made = await office.sign_up(card.token, JANIS)
    await transfer(engine, made.user_id, "")
    manager = await a_manager(engine, "Sales")
    for viewer, came, hidden in ((owner, 2, 0), (manager, 1, 1)):
        assert await on_card(engine, viewer, sales) == RosterCounts(expected=4, came=came, hidden=hidden)
        assert await on_card(engine, viewer, emea) == RosterCounts(expected=3, came=came, hidden=hidden)
    [counted] = (await engine.read(reports.sign_ups, manager, "today", engine.now())).departments
    assert (counted.path, counted.roster) == (("Sales", "EMEA"), RosterCounts(expected=2, came=0, hidden=1))


async def test_the_missing_of_a_department_are_reminded_with_a_link_that_leads_there(
    engine: Engine, office: Office
) -> None:
    sales, owner, now = await within(engine, "Sales"), office.owner_id, engine.now()
    await engine.write(departments.add, owner, "Support", now)
    card, other = await office.profile(), await office.profile(name="Support", department="Support")
    await keep(engine, owner, sales, listed(ANNA, JANIS))
    await office.sign_up(card.token, ANNA)
    assert [each.profile_id for each in await engine.read(rosters.links, owner, sales, now)] == [card.profile_id]
    preview = await engine.read(reminders.preview_missing, owner, sales, card.profile_id, now, 100)
    assert (preview.people, preview.new) == (1, 1)
    with pytest.raises(LinkLeadsElsewhere):
        await engine.read(reminders.preview_missing, owner, sales, other.profile_id, now, 100)
    sending = Sending(most=100, language="en")
    done = await engine.write(reminders.remind_missing, owner, sales, card.profile_id, now, sending, seen=preview.seen)
    assert done.people == 1
    [janis] = (await engine.read(rosters.missing, owner, sales)).people
    assert janis.reminded is not None


async def test_an_expected_person_whose_form_was_refused_has_tried(engine: Engine, office: Office) -> None:
    sales, card = await within(engine, "Sales"), await office.profile()
    await keep(engine, office.owner_id, sales, listed(ANNA, JANIS))
    form = FailedForm(ticket="a", email=ANNA, field="password")
    await engine.write(profile_links.note_failure, card.token, form, engine.now())
    people = (await engine.read(rosters.missing, office.owner_id, sales)).people
    assert [each.tried_field for each in people] == ["password", None]


async def test_a_list_is_kept_as_long_as_a_profile_leads_there_and_as_retention_says(
    engine: Engine, office: Office
) -> None:
    sales, card, owner = await within(engine, "Sales"), await office.profile(), office.owner_id
    await keep(engine, owner, sales, listed(ANNA))
    await engine.write(retention.sweep_lists, card.window.ends_at + timedelta(days=90))
    assert await missing(engine, owner, sales) == [ANNA]
    await engine.write(retention.sweep_lists, card.window.ends_at + timedelta(days=90, seconds=1))
    assert await missing(engine, owner, sales) == []


async def test_a_list_of_a_department_without_profiles_is_kept_since_it_was_sent(
    engine: Engine, office: Office
) -> None:
    sales, kept_at, owner = await within(engine, "Sales"), engine.now(), office.owner_id
    await keep(engine, owner, sales, listed(ANNA))
    await engine.write(retention.sweep_lists, kept_at + timedelta(days=90))
    assert await missing(engine, owner, sales) == [ANNA]
    await engine.write(retention.sweep_lists, kept_at + timedelta(days=90, seconds=1))
    assert await missing(engine, owner, sales) == []


async def test_a_deleted_department_takes_its_lists_with_it_which_the_question_says(
    engine: Engine, office: Office
) -> None:
    emea, owner = await within(engine, "Sales / EMEA"), office.owner_id
    card = await office.profile()
    await keep(engine, owner, emea, listed(ANNA, JANIS))
    await keep(engine, owner, through(card.profile_id), listed(OLGA))
    preview = await engine.read(department_removal.preview, owner, "Sales", engine.now())
    assert preview.expected == 3
    await engine.write(department_removal.remove, owner, "Sales", engine.now(), seen=preview.seen)
    assert await engine.read(lambda session: session.query(ExpectedPerson).count()) == 0
    with pytest.raises(DepartmentGone):
        await engine.read(rosters.show, owner, emea)
