"""Changes saved as they were previewed, or not at all."""

from dataclasses import replace

import pytest

from core.domain.links import LinkState
from core.errors import EndBeforeStart, LimitBelowUsed, PreviewOutdated, ProfileNotFound
from core.services import department_removal, departments, profile_editing
from core.services.profile_editing import Change, EditedField, Settled
from core.services.profiles import Card
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_manager


async def seen(office: Office, card: Card, field: EditedField, value: str) -> Settled:
    change = Change(field=field, value=value)
    return (
        await office.engine.read(profile_editing.preview, office.owner_id, card.profile_id, change, office.engine.now())
    ).settled


async def save(office: Office, card: Card, settled: Settled, *, by: int | None = None) -> Card:
    return await office.engine.write(
        profile_editing.save, by or office.owner_id, card.profile_id, settled, office.engine.now()
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (EditedField.DEPARTMENT, "Sales"),
        (EditedField.START, "1500-01-01"),
        (EditedField.END, "+2 weeks"),
        (EditedField.LIMIT, "7"),
        (EditedField.LIMIT, "unlimited"),
    ],
)
async def test_what_was_previewed_is_what_is_saved(office: Office, field: EditedField, value: str) -> None:
    card, change = await office.profile(), Change(field=field, value=value)
    preview = await office.engine.read(
        profile_editing.preview, office.owner_id, card.profile_id, change, office.engine.now()
    )
    assert await save(office, card, preview.settled) == preview.after


async def test_a_preview_is_saved_once(office: Office) -> None:
    card = await office.profile()
    settled = await seen(office, card, EditedField.END, "+2 weeks")
    await save(office, card, settled)
    with pytest.raises(PreviewOutdated):
        await save(office, card, settled)


async def test_a_preview_is_outdated_where_the_link_would_be_in_another_state(office: Office, clock: Clock) -> None:
    card = await office.profile()
    settled = await seen(office, card, EditedField.END, "+1 day")
    clock.advance(days=2)
    with pytest.raises(PreviewOutdated):
        await save(office, card, settled)


async def test_an_end_of_now_is_saved_a_minute_later(office: Office, clock: Clock) -> None:
    card = await office.profile()
    clock.advance(minutes=5, seconds=30)
    settled = await seen(office, card, EditedField.END, "now")
    clock.advance(minutes=1)
    assert (await save(office, card, settled)).state is LinkState.ENDED


async def test_places_taken_meanwhile_are_not_cut_off(office: Office) -> None:
    card = await office.profile(limit="3")
    settled = await seen(office, card, EditedField.LIMIT, "1")
    for number in range(2):
        await office.sign_up(card.token, f"learner{number}@example.com")
    with pytest.raises(LimitBelowUsed):
        await save(office, card, settled)


async def test_a_department_removed_meanwhile_is_not_pointed_at(office: Office) -> None:
    engine, card = office.engine, await office.profile()
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    settled = await seen(office, card, EditedField.DEPARTMENT, "Support")
    await engine.write(department_removal.remove, office.owner_id, "Support", engine.now())
    with pytest.raises(PreviewOutdated):
        await save(office, card, settled)


async def test_a_department_out_of_reach_is_not_pointed_at(office: Office) -> None:
    engine, card = office.engine, await office.profile()
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    settled = await seen(office, card, EditedField.DEPARTMENT, "Support")
    manager, other = await a_manager(engine, "Sales"), await a_manager(engine, "Support")
    with pytest.raises(PreviewOutdated):
        await save(office, card, settled, by=manager)
    with pytest.raises(ProfileNotFound):
        await save(office, card, settled, by=other)


@pytest.mark.parametrize("value", [None, 0, 10**17])
@pytest.mark.parametrize("field", EditedField)
async def test_a_forged_change_saves_nothing(office: Office, field: EditedField, value: int | None) -> None:
    card = await office.profile()
    forged = replace(await seen(office, card, EditedField.END, "+2 weeks"), field=field, value=value)
    with pytest.raises((PreviewOutdated, EndBeforeStart)):
        await save(office, card, forged)
