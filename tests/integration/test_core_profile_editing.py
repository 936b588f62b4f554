"""Profiles change at any time: previewed, edited, paused, duplicated, closed."""

from datetime import datetime, timedelta

import pytest

from core.domain.links import LinkState
from core.engine import Engine
from core.errors import (
    DepartmentNotFound,
    EndBeforeStart,
    EndInPast,
    InvalidName,
    LimitBelowUsed,
    LimitNotUnderstood,
    ProfileNotFound,
    ProfileReadOnly,
    TimeNotUnderstood,
)
from core.services import (
    audit_log,
    department_removal,
    departments,
    history,
    profile_copying,
    profile_editing,
    profile_lists,
    profiles,
)
from core.services.profile_editing import Change, EditedField, EditPreview
from core.services.profiles import Card
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_manager


async def edit(office: Office, card: Card, field: str, value: str, *, by: int | None = None) -> Card:
    change = Change(field=EditedField(field), value=value)
    engine = office.engine
    return (await engine.write(profile_editing.edit, by or office.owner_id, card.profile_id, change, engine.now())).card


async def preview(office: Office, card: Card, field: str, value: str) -> EditPreview:
    change = Change(field=EditedField(field), value=value)
    engine = office.engine
    return await engine.read(profile_editing.preview, office.owner_id, card.profile_id, change, engine.now())


def last_second(moment: datetime, *, days: int) -> datetime:
    """Return the last second of the day so many days later, in UTC, which is the account's zone."""
    return (moment + timedelta(days=days)).replace(hour=23, minute=59, second=59, microsecond=0)


async def test_each_field_changes_alone_and_the_link_stays(office: Office, clock: Clock) -> None:
    await office.engine.write(departments.add, office.owner_id, "Support", clock())
    card = await office.profile()
    assert (await edit(office, card, "name", " Winter  sales ")).name == "Winter sales"
    assert (await edit(office, card, "department", "support")).department == ("Support",)
    assert (await edit(office, card, "start", "2026-11-24 09:00")).window.starts_at == clock().replace(day=24, hour=9)
    assert (await edit(office, card, "end", "2026-12-01")).window.ends_at == last_second(clock(), days=8)
    after = await edit(office, card, "limit", "unlimited")
    assert (after.limit, after.token, after.name) == (None, card.token, "Winter sales")


@pytest.mark.parametrize(
    ("field", "value", "refusal"),
    [
        ("name", " ", InvalidName),
        ("department", "Nowhere", DepartmentNotFound),
        ("start", "someday", TimeNotUnderstood),
        ("start", "2027-11-24", EndBeforeStart),
        ("end", "2026-11-22", EndInPast),
        ("limit", "0", LimitNotUnderstood),
    ],
)
async def test_a_change_that_cannot_be_leaves_all_as_it_was(
    office: Office, field: str, value: str, refusal: type[Exception]
) -> None:
    card = await office.profile()
    with pytest.raises(refusal):
        await edit(office, card, field, value)
    with pytest.raises(refusal):
        await preview(office, card, field, value)
    assert await office.engine.read(profiles.card, office.owner_id, card.profile_id, office.engine.now()) == card


async def test_a_later_end_opens_an_ended_link_again(office: Office, clock: Clock) -> None:
    card = await office.profile(window="now - +1 day")
    clock.advance(days=3)
    after = await edit(office, card, "end", "+2 weeks")
    assert (after.state, after.window.ends_at) == (LinkState.OPEN, last_second(clock(), days=14))
    await office.sign_up(card.token)


async def test_a_relative_end_of_a_profile_that_has_not_started_counts_from_its_start(office: Office) -> None:
    card = await office.profile(window="2026-12-01 - 2026-12-02")
    after = await edit(office, card, "end", "+2 weeks")
    assert after.window.ends_at == last_second(card.window.starts_at, days=14)


async def test_an_end_of_now_closes_the_link(office: Office, clock: Clock) -> None:
    card = await office.profile()
    clock.advance(minutes=5, seconds=30)
    assert (await edit(office, card, "end", "now")).state is LinkState.ENDED


async def test_close_now_ends_a_running_link_and_pauses_one_that_has_not_started(office: Office, clock: Clock) -> None:
    engine, owner = office.engine, office.owner_id
    running, later = await office.profile(), await office.profile(window="2026-12-01 - +1 week")
    clock.advance(minutes=1)
    assert (await engine.write(profile_editing.close_now, owner, running.profile_id, clock())).state is LinkState.ENDED
    assert (await engine.write(profile_editing.close_now, owner, later.profile_id, clock())).state is LinkState.PAUSED


async def test_a_limit_below_what_is_used_is_refused_with_the_figure(office: Office) -> None:
    card = await office.profile(limit="3")
    for number in range(2):
        await office.sign_up(card.token, f"learner{number}@example.com")
    with pytest.raises(LimitBelowUsed) as refused:
        await edit(office, card, "limit", "1")
    assert vars(refused.value) == {"limit": 1, "used": 2}
    assert (await edit(office, card, "limit", "2")).state is LinkState.FULL


async def test_a_preview_shows_what_a_change_does_to_the_link_and_saves_nothing(office: Office) -> None:
    card = await office.profile()
    seen = await preview(office, card, "start", "2026-11-30")
    assert (seen.before, seen.after.state, seen.needs_asking) == (card, LinkState.NOT_YET_OPEN, True)
    assert not (await preview(office, card, "name", "Winter")).needs_asking
    assert not (await preview(office, card, "limit", "60")).needs_asking
    assert await office.engine.read(profiles.card, office.owner_id, card.profile_id, office.engine.now()) == card


async def test_a_preview_tells_whose_profile_it_will_be(office: Office) -> None:
    engine = office.engine
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    for path in ("Sales", "Sales / EMEA", "Support"):
        await a_manager(engine, path)
    card = await office.profile()
    await office.sign_up(card.token)
    seen = await preview(office, card, "department", "Support")
    assert (seen.editors_lost, seen.editors_gained, seen.learners_stay, seen.needs_asking) == (2, 1, 1, True)
    assert seen.after.department == ("Support",)


async def test_a_preview_tells_how_many_learners_stay_behind_if_the_department_changes(office: Office) -> None:
    card = await office.profile()
    await office.sign_up(card.token)
    moved, renamed = await preview(office, card, "department", "Sales"), await preview(office, card, "name", "Winter")
    assert (moved.editors_lost, moved.editors_gained, moved.learners_stay, renamed.learners_stay) == (0, 0, 1, 0)


async def test_who_managed_an_earlier_department_reads_on_but_edits_no_more(office: Office) -> None:
    engine = office.engine
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    manager, card = await a_manager(engine, "Sales"), await office.profile()
    await edit(office, card, "department", "Support")
    after = await engine.read(profiles.card, manager, card.profile_id, engine.now())
    assert (after.editable, after.token, after.shares, after.name) == (False, "", (), "Autumn sales")
    assert (await engine.read(history.page, manager, card.profile_id)).shown == 0
    assert (await engine.read(profile_lists.listing, manager, "", 0, engine.now())).total == 1
    with pytest.raises(ProfileReadOnly) as refused:
        await edit(office, card, "name", "Mine again", by=manager)
    assert (refused.value.profile_id, refused.value.name, refused.value.path) == (1, "Autumn sales", "Support")
    with pytest.raises(ProfileReadOnly):
        await engine.write(profile_editing.pause, manager, card.profile_id, engine.now(), paused=True)


async def test_a_manager_points_a_profile_only_at_departments_of_the_branch(office: Office) -> None:
    engine = office.engine
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    manager, card = await a_manager(engine, "Sales"), await office.profile()
    with pytest.raises(DepartmentNotFound):
        await edit(office, card, "department", "Support", by=manager)
    assert (await edit(office, card, "department", "Sales", by=manager)).department == ("Sales",)


async def test_a_duplicate_has_a_name_and_a_link_of_its_own_and_is_unused(office: Office) -> None:
    engine = office.engine
    card = await office.profile()
    await office.sign_up(card.token)
    copy = await engine.write(profile_copying.duplicate, office.owner_id, card.profile_id, "Again", engine.now())
    assert (copy.name, copy.department, copy.window, copy.limit, copy.used) == (
        "Again",
        card.department,
        card.window,
        card.limit,
        0,
    )
    assert copy.token != card.token
    assert copy.profile_id != card.profile_id


async def test_a_duplicate_of_an_ended_profile_begins_anew(office: Office, clock: Clock) -> None:
    card = await office.profile(window="now - +2 weeks")
    clock.advance(days=30)
    copy = await office.engine.write(profile_copying.duplicate, office.owner_id, card.profile_id, "Again", clock())
    assert (copy.window.starts_at, copy.window.ends_at) == (clock(), last_second(clock(), days=14))


async def test_the_record_keeps_what_an_edit_changed_and_nothing_where_nothing_did(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    card = await office.profile()
    await edit(office, card, "limit", "20")
    await edit(office, card, "limit", "20")
    newest, before = (await engine.read(audit_log.page, owner)).entries[:2]
    assert (newest.action, newest.subject, newest.before, newest.after, newest.actor) == (
        audit_log.Action.PROFILE_EDITED,
        "Autumn sales",
        {"limit": 50},
        {"limit": 20},
        "Olivia Owner",
    )
    assert before.action is audit_log.Action.PROFILE_CREATED


async def test_a_profile_of_a_removed_department_is_not_duplicated(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await engine.write(department_removal.remove, office.owner_id, "Sales", engine.now())
    with pytest.raises(ProfileNotFound):
        await engine.write(profile_copying.duplicate, office.owner_id, card.profile_id, "Again", engine.now())
