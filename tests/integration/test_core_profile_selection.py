"""Several profiles changed at once: all or none, once, and back for a minute."""

import pytest

from core.errors import NothingToUndo, PreviewOutdated, ProfileReadOnly, QuestionClosed
from core.services import departments, profile_editing, profile_selection, profiles, questions
from core.services.profile_editing import EditedField
from core.services.profile_selection import BulkChange, Changed
from core.services.questions import About
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_manager


async def ask(office: Office, actor_id: int) -> int:
    return await office.engine.write(questions.ask, actor_id, About.LIST, {}, office.engine.now())


async def change(office: Office, *numbers: int, wanted: BulkChange = BulkChange.PAUSE, by: int = 0) -> Changed:
    engine, actor_id = office.engine, by or office.owner_id
    list_id = await ask(office, actor_id)
    return await engine.write(profile_selection.change, actor_id, list_id, numbers, wanted, engine.now())


async def paused(office: Office, *numbers: int) -> list[bool]:
    now = office.engine.now()
    return [(await office.engine.read(profiles.card, office.owner_id, number, now)).paused for number in numbers]


async def test_all_or_none_of_them_change(office: Office) -> None:
    engine = office.engine
    for name in ("First", "Second"):
        await office.profile(name=name)
    manager = await a_manager(engine, "Sales")
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    moved = profile_editing.Change(field=EditedField.DEPARTMENT, value="Support")
    await engine.write(profile_editing.edit, office.owner_id, 2, moved, engine.now())
    with pytest.raises(ProfileReadOnly):
        await change(office, 1, 2, by=manager)
    assert await paused(office, 1, 2) == [False, False]
    assert (await change(office, 1, by=manager)).names == ("First",)


async def test_one_list_changes_them_once(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await office.profile()
    list_id = await ask(office, owner)
    await engine.write(profile_selection.change, owner, list_id, [1], BulkChange.WEEK, engine.now())
    with pytest.raises(QuestionClosed):
        await engine.write(profile_selection.change, owner, list_id, [1], BulkChange.WEEK, engine.now())


async def test_it_is_taken_back_for_a_minute(office: Office, clock: Clock) -> None:
    engine, owner = office.engine, office.owner_id
    await office.profile()
    first = await change(office, 1)
    clock.advance(seconds=60)
    assert await engine.write(profile_selection.undo, owner, first.undo, engine.now()) == ("Autumn sales",)
    assert await paused(office, 1) == [False]
    second = await change(office, 1)
    clock.advance(seconds=61)
    with pytest.raises(NothingToUndo):
        await engine.write(profile_selection.undo, owner, second.undo, engine.now())
    assert await paused(office, 1) == [True]


async def test_what_was_changed_since_stays_and_so_do_the_others(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    for name in ("First", "Second"):
        await office.profile(name=name)
    done = await change(office, 1, 2)
    await engine.write(profile_editing.pause, owner, 2, engine.now(), paused=False)
    with pytest.raises(PreviewOutdated):
        await engine.write(profile_selection.undo, owner, done.undo, engine.now())
    assert await paused(office, 1, 2) == [True, False]
