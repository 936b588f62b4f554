"""Links: replaced, labelled, checked; profiles removed and brought back."""

import asyncio
from datetime import timedelta

import pytest

from core.domain.links import LinkState
from core.engine import Engine
from core.errors import (
    InvalidName,
    LabelExists,
    LabelNotFound,
    LinkClosed,
    NothingToUndo,
    ProfileNotFound,
    ProfileReadOnly,
    TimeNotUnderstood,
    UnknownLink,
)
from core.services import (
    department_removal,
    departments,
    history,
    pending_sign_ups,
    profile_links,
    profile_removal,
    profiles,
    sign_up_page,
)
from core.services.profile_links import FailedForm
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_manager, repoint, used_and_activations


async def state(engine: Engine, token: str) -> LinkState:
    return (await engine.read(sign_up_page.preview, token, engine.now())).state


async def test_a_replaced_link_says_so_and_the_new_one_works(office: Office) -> None:
    engine, card = office.engine, await office.profile()
    after = await engine.write(profile_links.replace, office.owner_id, card.profile_id, engine.now())
    assert await state(engine, card.token) is LinkState.REPLACED
    with pytest.raises(LinkClosed):
        await office.sign_up(card.token)
    await office.sign_up(after.token)
    again = await engine.write(profile_links.replace, office.owner_id, card.profile_id, engine.now())
    assert [await state(engine, token) for token in (card.token, after.token, again.token)] == [
        LinkState.REPLACED,
        LinkState.REPLACED,
        LinkState.OPEN,
    ]


async def test_labelled_links_use_up_one_limit_and_history_tells_them_apart(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    card = await office.profile(limit="2")
    shared = await engine.write(profile_links.add, owner, card.profile_id, "Riga office", engine.now())
    share = shared.link
    assert (share.label, shared.card.token) == ("Riga office", card.token)
    await office.sign_up(share.token, "anna@example.com")
    await office.sign_up(card.token, "boris@example.com")
    assert await state(engine, share.token) is LinkState.FULL
    found = await engine.read(history.page, owner, card.profile_id)
    assert [(entry.email, entry.label) for entry in found.entries] == [
        ("boris@example.com", ""),
        ("anna@example.com", "Riga office"),
    ]
    assert await used_and_activations(engine, card.profile_id) == (2, 2)


async def test_a_labelled_link_is_replaced_alone(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    card = await office.profile()
    old = (await engine.write(profile_links.add, owner, card.profile_id, "Riga", engine.now())).link
    after = await engine.write(profile_links.replace, owner, card.profile_id, engine.now(), label="riga")
    assert await state(engine, old.token) is LinkState.REPLACED
    assert await state(engine, card.token) is LinkState.OPEN
    assert [share.label for share in after.shares] == ["Riga"]


async def test_a_label_is_there_once_and_has_a_name(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    card = await office.profile()
    await engine.write(profile_links.add, owner, card.profile_id, "Riga", engine.now())
    with pytest.raises(LabelExists):
        await engine.write(profile_links.add, owner, card.profile_id, " RIGA ", engine.now())
    with pytest.raises(InvalidName):
        await engine.write(profile_links.add, owner, card.profile_id, " ", engine.now())
    with pytest.raises(LabelNotFound):
        await engine.write(profile_links.replace, owner, card.profile_id, engine.now(), label="Oslo")


async def counts(office: Office, profile_id: int) -> dict[str, tuple[int, int]]:
    found = await office.engine.read(profile_links.listing, office.owner_id, profile_id, office.engine.now())
    return {link.label: (link.tried, link.completed) for link in found.links}


async def test_a_link_gets_another_label_with_its_address_counts_and_history(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    card = await office.profile()
    number, now = card.profile_id, engine.now()
    added = await engine.write(profile_links.add, owner, number, "Riga", now)
    await office.sign_up(added.link.token)
    await engine.write(profile_links.replace, owner, number, now, label="Riga")
    await engine.write(profile_links.add, owner, number, "Oslo", now)
    renamed = await engine.write(profile_links.rename, owner, number, "RIGA", " Riga office ", now)
    assert renamed.link.label == "Riga office"
    assert (renamed.link.tried, renamed.link.completed) == (1, 1)
    assert [entry.label for entry in (await engine.read(history.page, owner, number)).entries] == ["Riga office"]
    for label, refused in (("Bergen", LabelNotFound), ("", LabelNotFound), ("Riga office", LabelExists)):
        with pytest.raises(refused):
            await engine.write(profile_links.rename, owner, number, label, "oslo", now)


async def test_each_link_counts_who_tried_and_who_completed(approving: Office) -> None:
    engine, card = approving.engine, await approving.profile()
    number, now = card.profile_id, engine.now()
    added = await engine.write(profile_links.add, approving.owner_id, number, "Riga", now)
    for token, ticket in ((card.token, "a"), (added.link.token, "b"), (added.link.token, "c"), (added.link.token, "c")):
        await engine.write(profile_links.note_failure, token, FailedForm(ticket=ticket), now)
    people = [await approving.sign_up(added.link.token, f"anna{each}@example.com") for each in range(3)]
    assert await counts(approving, number) == {"": (1, 0), "Riga": (5, 0)}
    await engine.write(pending_sign_ups.approve, approving.owner_id, people[0].user_id, now)
    await engine.write(pending_sign_ups.decline, approving.owner_id, people[1].user_id, "", now)
    assert await counts(approving, number) == {"": (1, 0), "Riga": (5, 1)}


@pytest.mark.deep
async def test_failures_at_once_are_all_counted(office: Office) -> None:
    engine, card = office.engine, await office.profile()
    forms = [FailedForm(ticket=str(each)) for each in range(20)]
    await asyncio.gather(*(engine.write(profile_links.note_failure, card.token, each, engine.now()) for each in forms))
    assert await counts(office, card.profile_id) == {"": (20, 0)}


@pytest.mark.parametrize("form", ["{}", "https://learn.example.com/s/{}", " http://127.0.0.1:8080/s/{}?utm=1 "])
async def test_a_link_is_checked_for_any_time_in_full_or_by_its_token(office: Office, clock: Clock, form: str) -> None:
    engine, owner = office.engine, office.owner_id
    card = await office.profile(window="now - +1 week")
    link = form.format(card.token)
    assert (await engine.read(profile_links.check, owner, link, "", clock())).state is LinkState.OPEN
    checked = await engine.read(profile_links.check, owner, link, "+2 weeks", clock())
    assert (checked.state, checked.instant, checked.card) == (LinkState.ENDED, clock() + timedelta(weeks=2), card)
    with pytest.raises(TimeNotUnderstood):
        await engine.read(profile_links.check, owner, link, "later", clock())


async def test_a_link_out_of_reach_is_as_unknown_as_one_that_never_was(office: Office) -> None:
    engine = office.engine
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    manager, card = await a_manager(engine, "Support"), await office.profile()
    for link in (card.token, "nobody", "https://learn.example.com/", ""):
        with pytest.raises(UnknownLink):
            await engine.read(profile_links.check, manager, link, "", engine.now())


async def test_several_profiles_are_named_and_removed_together_or_not_at_all(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    first, second = await office.profile(name="First"), await office.profile(name="Second")
    both = [second.profile_id, first.profile_id, second.profile_id]
    shown = await engine.read(profile_removal.preview, owner, both)
    assert [each.name for each in shown.removals] == ["First", "Second"]
    with pytest.raises(ProfileNotFound):
        await engine.read(profile_removal.preview, owner, [first.profile_id, 7777])
    with pytest.raises(ProfileNotFound) as refused:
        await engine.write(profile_removal.remove, owner, [first.profile_id, 7777], engine.now())
    assert refused.value.profile_id == 7777
    assert await state(engine, first.token) is LinkState.OPEN
    assert await engine.write(profile_removal.remove, owner, both, engine.now()) == ("First", "Second")
    assert [await state(engine, card.token) for card in (first, second)] == 2 * [LinkState.REMOVED]


async def test_a_removal_is_undone_within_a_minute_with_all_that_was_there(office: Office, clock: Clock) -> None:
    engine, owner = office.engine, office.owner_id
    card = await office.profile()
    await office.sign_up(card.token)
    before = await engine.read(profiles.card, owner, card.profile_id, engine.now())
    await engine.write(profile_removal.remove, owner, [card.profile_id], clock())
    assert await engine.write(profile_removal.undo, owner, [card.profile_id], clock.advance(seconds=60)) == (
        "Autumn sales",
    )
    after = await engine.read(profiles.card, owner, card.profile_id, before.window.starts_at)
    assert after == before
    assert (await engine.read(history.page, owner, card.profile_id)).shown == 1


async def test_a_removal_is_not_undone_later_nor_by_others(office: Office, clock: Clock) -> None:
    engine, owner = office.engine, office.owner_id
    manager, card = await a_manager(engine, "Sales"), await office.profile()
    await engine.write(profile_removal.remove, owner, [card.profile_id], clock())
    with pytest.raises(NothingToUndo):
        await engine.write(profile_removal.undo, manager, [card.profile_id], clock())
    with pytest.raises(NothingToUndo):
        await engine.write(profile_removal.undo, owner, [card.profile_id], clock.advance(seconds=61))
    with pytest.raises(NothingToUndo):
        await engine.write(profile_removal.undo, owner, [7777], clock())


async def test_a_removal_is_undone_once(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    card = await office.profile()
    await engine.write(profile_removal.remove, owner, [card.profile_id], engine.now())
    await engine.write(profile_removal.undo, owner, [card.profile_id], engine.now())
    with pytest.raises(NothingToUndo):
        await engine.write(profile_removal.undo, owner, [card.profile_id], engine.now())


async def test_a_removal_is_not_undone_from_outside_the_department(office: Office) -> None:
    engine = office.engine
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    manager, card = await a_manager(engine, "Sales"), await office.profile()
    await engine.write(profile_removal.remove, manager, [card.profile_id], engine.now())
    await repoint(engine, card.profile_id, "Support")
    with pytest.raises(NothingToUndo):
        await engine.write(profile_removal.undo, manager, [card.profile_id], engine.now())


async def test_a_profile_whose_department_went_with_it_stays_removed(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    card = await office.profile()
    await engine.write(department_removal.remove, owner, "Sales", engine.now())
    with pytest.raises(NothingToUndo):
        await engine.write(profile_removal.undo, owner, [card.profile_id], engine.now())


async def test_who_only_reads_a_profile_does_not_remove_it(office: Office) -> None:
    engine = office.engine
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    manager, card = await a_manager(engine, "Sales"), await office.profile()
    await repoint(engine, card.profile_id, "Support")
    with pytest.raises(ProfileReadOnly):
        await engine.write(profile_removal.remove, manager, [card.profile_id], engine.now())
