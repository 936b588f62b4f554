"""What the removal of a profile takes is named before, and comes back whole with its undo, whoever acts in between."""

from dataclasses import replace

import pytest

from core.domain.links import LinkState
from core.engine import Engine
from core.errors import DepartmentHasUsers, NothingToUndo, PreviewOutdated, SignUpNotPending
from core.services import (
    confirmations,
    department_removal,
    departments,
    pending_sign_ups,
    policies,
    profile_editing,
    profile_links,
    profile_removal,
    profiles,
    redemption,
)
from core.services.pending_sign_ups import Awaits
from core.services.policies import Switch
from core.services.profile_editing import Change, EditedField
from core.services.profile_removal import Removal
from core.services.redemption import SignedUp
from tests.support.account import Office, a_form
from tests.support.clock import Clock
from tests.support.confirmed import mailed
from tests.support.permission_matrix import contents


async def let_confirm(office: Office) -> None:
    engine = office.engine
    await engine.write(
        policies.switch, office.owner_id, Switch.EMAIL_CONFIRMATION, engine.now(), on=True, can_mail=True
    )


async def sign_up(office: Office, token: str, name: str) -> SignedUp:
    form = a_form(f"{name.lower()}@example.com")
    form = replace(form, newcomer=replace(form.newcomer, first_name=name))
    return await office.engine.write(redemption.redeem, token, form, office.engine.now())


async def everything(engine: Engine) -> dict[str, list[str]]:
    """Give all rows but those of the append-only log, in which a removal and its undo stay."""
    return {table: rows for table, rows in (await contents(engine)).items() if table != "record_entry"}


async def test_the_question_names_who_waits_and_counts_the_links(approving: Office) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile()
    await engine.write(profile_links.add, owner, card.profile_id, "Riga office", engine.now())
    for name in ("Bruno", "Clara"):
        await sign_up(approving, card.token, name)
    await let_confirm(approving)
    await sign_up(approving, card.token, "Dora")
    seen = await engine.read(profile_removal.preview, owner, [card.profile_id])
    assert seen.removals == (
        Removal(
            profile_id=card.profile_id,
            name="Autumn sales",
            links=2,
            waiting=("Bruno Berzina", "Clara Berzina"),
            unnamed=1,
        ),
    )


async def test_nothing_is_removed_if_another_person_waits_than_was_named(approving: Office) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile()
    waits = await sign_up(approving, card.token, "Bruno")
    seen = (await engine.read(profile_removal.preview, owner, [card.profile_id])).seen
    await sign_up(approving, card.token, "Clara")
    with pytest.raises(PreviewOutdated):
        await engine.write(profile_removal.remove, owner, [card.profile_id], engine.now(), seen=seen)
    seen = (await engine.read(profile_removal.preview, owner, [card.profile_id])).seen
    await engine.write(pending_sign_ups.approve, owner, waits.user_id, engine.now())
    with pytest.raises(PreviewOutdated):
        await engine.write(profile_removal.remove, owner, [card.profile_id], engine.now(), seen=seen)
    seen = (await engine.read(profile_removal.preview, owner, [card.profile_id])).seen
    assert await engine.write(profile_removal.remove, owner, [card.profile_id], engine.now(), seen=seen)


async def test_an_undo_brings_back_everything(approving: Office, clock: Clock) -> None:
    engine, owner = approving.engine, approving.owner_id
    numbers = [(await approving.profile(name=name)).profile_id for name in ("First", "Second")]
    for number, name in zip((*numbers, numbers[0]), ("Bruno", "Clara", "Dora"), strict=True):
        card = await engine.read(profiles.card, owner, number, clock())
        await sign_up(approving, card.token, name)
    before = await everything(engine)
    await engine.write(profile_removal.remove, owner, numbers, clock())
    await engine.write(pending_sign_ups.release_expired, clock.advance(seconds=60))
    await engine.write(profile_removal.undo, owner, numbers, clock())
    assert await everything(engine) == before


async def test_who_waited_is_approved_after_the_undo_as_if_nothing_had_been(approving: Office, clock: Clock) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile()
    waits = await sign_up(approving, card.token, "Bruno")
    await engine.write(profile_removal.remove, owner, [card.profile_id], clock())
    await engine.write(profile_removal.undo, owner, [card.profile_id], clock.advance(seconds=30))
    await engine.write(pending_sign_ups.approve, owner, waits.user_id, clock())
    after = await engine.read(profiles.card, owner, card.profile_id, clock())
    assert (after.used, after.reserved, after.state) == (1, 0, LinkState.OPEN)


async def test_a_code_that_was_sent_before_a_removal_confirms_after_its_undo(office: Office, clock: Clock) -> None:
    engine, owner = office.engine, office.owner_id
    await let_confirm(office)
    card = await office.profile()
    made = await sign_up(office, card.token, "Bruno")
    assert made.awaits is Awaits.CONFIRMATION
    code = (await mailed(engine, made.user_id, "bruno@example.com")).code
    await engine.write(profile_removal.remove, owner, [card.profile_id], clock())
    with pytest.raises(SignUpNotPending):
        await engine.write(confirmations.confirm, code, clock())
    await engine.write(profile_removal.undo, owner, [card.profile_id], clock())
    assert (await engine.write(confirmations.confirm, code, clock())).awaits is None


async def test_an_undo_restores_nothing_rather_than_a_part(approving: Office, clock: Clock) -> None:
    """Another process' clock is ahead: it has already released who waited."""
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile()
    await sign_up(approving, card.token, "Bruno")
    await engine.write(profile_removal.remove, owner, [card.profile_id], clock())
    ahead = Clock().advance(seconds=61)
    assert await engine.write(pending_sign_ups.release_expired, ahead) == 1
    with pytest.raises(NothingToUndo):
        await engine.write(profile_removal.undo, owner, [card.profile_id], clock.advance(seconds=59))


async def test_who_expires_meanwhile_does_not_come_back_to_stay(approving: Office, clock: Clock) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile()
    await sign_up(approving, card.token, "Bruno")
    await engine.write(profile_removal.remove, owner, [card.profile_id], clock.advance(days=6, hours=23.99))
    assert await engine.write(profile_removal.undo, owner, [card.profile_id], clock.advance(seconds=50))
    assert await engine.write(pending_sign_ups.release_expired, clock()) == 1


async def test_a_department_can_be_removed_right_after_its_profile_and_takes_who_waited(
    approving: Office, clock: Clock
) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile(department="Sales / EMEA")
    waits = await sign_up(approving, card.token, "Bruno")
    with pytest.raises(DepartmentHasUsers) as refused:
        await engine.read(department_removal.preview, owner, "Sales / EMEA", clock())
    assert (refused.value.here, refused.value.waiting) == (1, 1)
    await engine.write(profile_removal.remove, owner, [card.profile_id], clock())
    await engine.write(department_removal.remove, owner, "Sales / EMEA", clock())
    with pytest.raises(NothingToUndo):
        await engine.write(profile_removal.undo, owner, [card.profile_id], clock())
    assert str(waits.user_id) not in str((await contents(engine))["pending_sign_up"])


async def test_a_department_names_who_waits_through_its_profiles_from_elsewhere(
    approving: Office, clock: Clock
) -> None:
    """They signed up while the profile pointed to another department, in which they wait."""
    engine, owner = approving.engine, approving.owner_id
    await engine.write(departments.add, owner, "Support", clock())
    card = await approving.profile(department="Support")
    await sign_up(approving, card.token, "Bruno")
    change = Change(field=EditedField.DEPARTMENT, value="Sales / EMEA")
    await engine.write(profile_editing.edit, owner, card.profile_id, change, clock())
    seen = await engine.read(department_removal.preview, owner, "Sales", clock())
    assert (seen.profiles, seen.waiting, seen.rules) == (("Autumn sales",), ("Bruno Berzina",), ("Safety first",))
    assert (
        await engine.write(department_removal.remove, owner, "Sales", clock(), seen=seen.seen)
    ).waiting == seen.waiting
