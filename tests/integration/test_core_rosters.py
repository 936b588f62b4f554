"""Rosters: who is expected, who of them came, who is missing, and who may sign up at all."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.domain.field_kinds import Kind
from core.domain.retention import Kept
from core.engine import Engine
from core.errors import NotExpected, PreviewOutdated, ProfileNotFound, ProfileReadOnly, QuestionClosed
from core.rosters.people_lists import ListedPerson
from core.services import (
    awaited_lists,
    form_fields,
    history,
    people,
    profile_links,
    profiles,
    redemption,
    reports,
    retention,
    roster_lists,
    roster_pages,
    rosters,
)
from core.services.form_fields import FieldDraft
from core.services.profile_links import FailedForm
from core.services.questions import About
from core.services.roster_counts import RosterCounts
from core.services.roster_lists import Preview
from core.services.rosters import Roster
from core.storage.tables import ExpectedPerson
from tests.support.account import Office, a_form
from tests.support.rosters import keep, listed, through
from tests.support.rows import a_manager, repoint, transfer

ANNA, JANIS = "anna@example.com", "janis@example.com"


async def previewed(engine: Engine, actor_id: int, profile_id: int, people: Sequence[ListedPerson]) -> Preview:
    return await engine.read(roster_lists.preview, actor_id, through(profile_id), people)


async def missing(engine: Engine, actor_id: int, profile_id: int) -> list[str | None]:
    found = await engine.read(rosters.missing, actor_id, through(profile_id))
    return [each.email for each in found.people]


async def kept(engine: Engine) -> int:
    def run(session: Session) -> int:
        return session.scalars(select(func.count()).select_from(ExpectedPerson)).one()

    return await engine.read(run)


async def test_who_signed_up_before_the_roster_and_after_it_came(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await office.sign_up(card.token, ANNA)
    preview = await previewed(engine, office.owner_id, card.profile_id, listed(ANNA, JANIS, "olga@example.com"))
    assert (preview.people, preview.new, len(preview.signed_up)) == (3, 3, 1)
    assert await kept(engine) == 0
    found = await keep(engine, office.owner_id, through(card.profile_id), listed(ANNA, JANIS, "olga@example.com"))
    assert (found.expected, found.came, found.missing, found.unexpected) == (3, 1, 2, 0)
    await office.sign_up(card.token, JANIS)
    await office.sign_up(card.token, "boris@example.com")
    after = await engine.read(rosters.show, office.owner_id, through(card.profile_id))
    assert (after.came, after.missing, after.unexpected) == (2, 1, 1)
    assert await missing(engine, office.owner_id, card.profile_id) == ["olga@example.com"]


async def test_people_are_matched_by_phone_and_by_unique_field(engine: Engine, office: Office) -> None:
    draft = FieldDraft(label="Badge", kind=Kind.UNIQUE_TEXT)
    field = await engine.write(form_fields.add_field, office.owner_id, draft, engine.now())
    card = await office.profile()
    expected = [
        ListedPerson(row=2, phone="+37120000021"),
        ListedPerson(row=3, unique={field.field_id: "A-17"}),
        ListedPerson(row=4, email="private@example.com", phone="+37120000022"),
        ListedPerson(row=5, phone="+37120000023"),
    ]
    await keep(engine, office.owner_id, through(card.profile_id), expected)
    for email, phone, badge in (
        (ANNA, "+37120000021", ""),
        (JANIS, "", "a-17"),
        ("olga@example.com", "+37120000022", ""),
    ):
        form = a_form(email)
        custom = {field.field_id: badge} if badge else {}
        form = replace(form, newcomer=replace(form.newcomer, phone=phone, custom=custom))
        await engine.write(redemption.redeem, card.token, form, engine.now())
    found = await engine.read(rosters.missing, office.owner_id, through(card.profile_id))
    assert [each.phone for each in found.people] == ["+37120000023"]
    assert (found.roster.came, found.roster.unexpected) == (3, 0)


async def test_the_same_list_again_adds_nobody_and_another_one_can_take_its_place(
    engine: Engine, office: Office
) -> None:
    card = await office.profile()
    for _ in range(2):
        found = await keep(engine, office.owner_id, through(card.profile_id), listed(ANNA, JANIS))
        assert found.expected == 2
    added = await keep(engine, office.owner_id, through(card.profile_id), listed(JANIS, "olga@example.com"))
    assert added.expected == 3
    replaced = await keep(engine, office.owner_id, through(card.profile_id), listed("olga@example.com"), replaced=True)
    assert replaced.expected == 1


async def test_a_list_is_kept_once_and_only_as_it_was_previewed(engine: Engine, office: Office) -> None:
    card, now = await office.profile(), engine.now()
    sent = await engine.write(
        awaited_lists.receive, office.owner_id, About.ROSTER, through(card.profile_id), {"text": "…"}, now
    )
    seen = (await previewed(engine, office.owner_id, card.profile_id, listed(ANNA))).seen

    async def answer(people: Sequence[ListedPerson]) -> Roster:
        return await engine.write(
            roster_lists.keep,
            office.owner_id,
            sent.question_id,
            people,
            now,
            seen=seen,
            replace=False,
            closing=None,
        )

    with pytest.raises(PreviewOutdated):
        await answer(listed(ANNA, JANIS))
    assert await kept(engine) == 0
    await answer(listed(ANNA))
    with pytest.raises(QuestionClosed):
        await answer(listed(ANNA))


async def test_two_who_keep_the_same_list_at_once_keep_each_person_once(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await asyncio.gather(
        *(keep(engine, office.owner_id, through(card.profile_id), listed(ANNA, JANIS)) for _ in range(4))
    )
    assert await kept(engine) == 2


async def test_only_the_expected_sign_up_if_the_manager_says_so(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await keep(engine, office.owner_id, through(card.profile_id), listed(ANNA), only=True)
    await office.sign_up(card.token, ANNA)
    with pytest.raises(NotExpected):
        await office.sign_up(card.token, JANIS)
    assert (await engine.read(history.page, office.owner_id, card.profile_id)).shown == 1
    await engine.write(rosters.let_everybody, office.owner_id, through(card.profile_id), engine.now())
    await office.sign_up(card.token, JANIS)


async def test_a_deleted_roster_lets_everybody_in(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await keep(engine, office.owner_id, through(card.profile_id), listed(ANNA), only=True)
    gone = await engine.write(rosters.remove, office.owner_id, through(card.profile_id), engine.now())
    assert (gone.expected, gone.only_expected) == (0, False)
    await office.sign_up(card.token, JANIS)


async def test_who_came_and_was_transferred_is_neither_missing_nor_shown(engine: Engine, office: Office) -> None:
    manager = await a_manager(engine, "Sales")
    card = await office.profile()
    made = [(await office.sign_up(card.token, email)).user_id for email in (ANNA, JANIS)]
    await keep(engine, manager, through(card.profile_id), listed(ANNA, JANIS, "olga@example.com"))
    await transfer(engine, made[1], "")
    found = await engine.read(rosters.show, manager, through(card.profile_id))
    assert (found.expected, found.came, found.hidden, found.missing) == (3, 1, 1, 1)
    page = await engine.read(history.page, manager, card.profile_id)
    assert (page.shown, page.hidden.total) == (found.came, found.hidden)


async def test_the_roster_of_a_profile_that_points_elsewhere_now_is_not_shown(engine: Engine, office: Office) -> None:
    manager = await a_manager(engine, "Sales")
    card = await office.profile()
    await keep(engine, manager, through(card.profile_id), listed(ANNA))
    await repoint(engine, card.profile_id, "")
    for use_case in (rosters.show, rosters.missing):
        with pytest.raises(ProfileReadOnly):
            await engine.read(use_case, manager, through(card.profile_id))
    stranger = await a_manager(engine)
    with pytest.raises(ProfileNotFound):
        await engine.read(rosters.missing, stranger, through(card.profile_id))


async def test_card_history_report_and_missing_count_the_same(engine: Engine, office: Office) -> None:
    manager = await a_manager(engine, "Sales")
    card = await office.profile()
    for email in (ANNA, JANIS):
        made = await office.sign_up(card.token, email)
    await keep(engine, manager, through(card.profile_id), listed(ANNA, JANIS, "olga@example.com", "boris@example.com"))
    await transfer(engine, made.user_id, "")

    async def counted(viewer: int) -> list[RosterCounts | None]:
        now = engine.now()
        report = await engine.read(reports.sign_ups, viewer, "today", now)
        return [
            (await engine.read(profiles.card, viewer, card.profile_id, now)).roster,
            (await engine.read(history.page, viewer, card.profile_id)).roster,
            *(each.roster for each in report.profiles),
        ]

    for viewer, came, hidden in ((manager, 1, 1), (office.owner_id, 2, 0)):
        expected = RosterCounts(expected=4, came=came, hidden=hidden)
        assert await counted(viewer) == [expected] * 3
        shown = (await engine.read(rosters.missing, viewer, through(card.profile_id))).roster
        [brief] = (await engine.read(roster_pages.page, viewer, 0)).rosters
        for roster in (shown, brief):
            assert (roster.expected, roster.came, roster.hidden, roster.missing) == (4, came, hidden, 2)
    await repoint(engine, card.profile_id, "")
    assert await counted(manager) == [None] * 3
    assert (await engine.read(roster_pages.page, manager, 0)).rosters == ()


async def test_a_profile_without_a_roster_has_no_counts(engine: Engine, office: Office) -> None:
    card = await office.profile()
    assert card.roster is None
    assert (await engine.read(history.page, office.owner_id, card.profile_id)).roster is None
    assert (await engine.read(roster_pages.page, office.owner_id, 0)).rosters == ()


async def test_an_expected_person_whose_form_was_refused_has_tried(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await keep(engine, office.owner_id, through(card.profile_id), listed(ANNA, JANIS))
    for address in (ANNA, "boris@example.com"):
        form = FailedForm(ticket="a", email=address, field="password")
        await engine.write(profile_links.note_failure, card.token, form, engine.now())
    found = await engine.read(rosters.missing, office.owner_id, through(card.profile_id))
    assert [(each.tried_field, each.tried_at) for each in found.people] == [("password", engine.now()), (None, None)]


async def test_a_deleted_person_is_on_no_roster(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await keep(engine, office.owner_id, through(card.profile_id), listed(ANNA, JANIS))
    made = await office.sign_up(card.token, ANNA)
    await engine.write(people.delete, office.owner_id, made.user_id, engine.now())
    found = await engine.read(rosters.show, office.owner_id, through(card.profile_id))
    assert (found.expected, found.came, found.missing) == (1, 0, 1)


async def test_a_roster_is_kept_as_long_after_the_profiles_end_as_retention_says(
    engine: Engine, office: Office
) -> None:
    card = await office.profile()
    await keep(engine, office.owner_id, through(card.profile_id), listed(ANNA))
    await engine.write(retention.sweep_lists, card.window.ends_at + timedelta(days=90))
    assert await kept(engine) == 1
    await engine.write(retention.change, office.owner_id, Kept.LISTS, "30", engine.now())
    await engine.write(retention.sweep_lists, card.window.ends_at + timedelta(days=30))
    assert await kept(engine) == 1
    await engine.write(retention.sweep_lists, card.window.ends_at + timedelta(days=30, seconds=1))
    assert await kept(engine) == 0
