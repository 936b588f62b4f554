"""Activations given back, and the record of who did what."""

import pytest

from core.domain.access import Permission, Role
from core.domain.links import LinkState
from core.domain.outbox import Kind
from core.engine import Engine
from core.errors import ActivationNotFound, ActivationReturned, NotAllowed, ProfileReadOnly
from core.services import account, audit_log, departments, history, monitoring, people, profiles, sign_up_page
from tests.support.account import Office
from tests.support.digests import waiting
from tests.support.rows import a_manager, a_user, repoint, transfer


async def test_a_returned_activation_frees_a_place_and_the_learner_stays(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    card = await office.profile(limit="1")
    learner = await office.sign_up(card.token)
    [entry] = (await engine.read(history.page, owner, card.profile_id)).entries
    await engine.write(history.return_activation, owner, entry.activation_id, " signed  up twice ", engine.now())
    assert (await engine.read(sign_up_page.preview, card.token, engine.now())).state is LinkState.OPEN
    assert (await engine.read(people.card, owner, learner.user_id)).email == "anna@example.com"
    [entry] = (await engine.read(history.page, owner, card.profile_id)).entries
    assert entry.returned
    assert (await engine.read(profiles.card, owner, card.profile_id, engine.now())).used == 0
    assert await engine.read(monitoring.disagreements) == []
    recorded = (await engine.read(audit_log.page, owner)).entries[0]
    assert (recorded.action, recorded.after["reason"]) == (audit_log.Action.ACTIVATION_RETURNED, "signed up twice")


async def test_the_first_learner_is_told_once_also_after_all_were_returned(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    card = await office.profile()
    for email in ("anna@example.com", "boris@example.com"):
        await office.sign_up(card.token, email)
        entry = (await engine.read(history.page, owner, card.profile_id)).entries[0]
        await engine.write(history.return_activation, owner, entry.activation_id, "", engine.now())
    assert [message.kind for message in await waiting(engine)] == [Kind.FIRST_LEARNER]


async def test_an_activation_is_returned_once(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    card = await office.profile()
    await office.sign_up(card.token)
    [entry] = (await engine.read(history.page, owner, card.profile_id)).entries
    await engine.write(history.return_activation, owner, entry.activation_id, "", engine.now())
    with pytest.raises(ActivationReturned):
        await engine.write(history.return_activation, owner, entry.activation_id, "", engine.now())


async def test_who_cannot_edit_the_profile_or_see_the_learner_returns_nothing(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await engine.write(departments.add, owner, "Support", engine.now())
    card = await office.profile()
    learner = await office.sign_up(card.token)
    [entry] = (await engine.read(history.page, owner, card.profile_id)).entries
    sales, support = await a_manager(engine, "Sales"), await a_manager(engine, "Support")
    await repoint(engine, card.profile_id, "Support")
    for manager, number, refusal in (
        (sales, entry.activation_id, ProfileReadOnly),
        (support, entry.activation_id, ActivationNotFound),
        (owner, 7777, ActivationNotFound),
    ):
        with pytest.raises(refusal):
            await engine.write(history.return_activation, manager, number, "", engine.now())
    await engine.write(people.transfer, owner, learner.user_id, "Support", engine.now())
    await engine.write(history.return_activation, support, entry.activation_id, "", engine.now())


async def test_the_record_is_read_newest_first_page_by_page(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    for number in range(12):
        await engine.write(account.rename, owner, f"Name {number}", engine.now())
    first = await engine.read(audit_log.page, owner)
    assert [entry.after["name"] for entry in first.entries] == [f"Name {number}" for number in range(11, 1, -1)]
    second = await engine.read(audit_log.page, owner, before=first.older_than)
    assert [entry.after["name"] for entry in second.entries[:2] if "name" in entry.after] == ["Name 1", "Name 0"]


async def test_a_scoped_reader_of_the_record_sees_what_was_done_in_the_branch(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await engine.write(departments.add, owner, "Support", engine.now())
    await office.profile(name="Sales profile")
    await office.profile(name="Support profile", department="Support")
    reader = await a_user(engine, Role.CUSTOM, "Support", permissions=[Permission.READ_LOG])
    found = (await engine.read(audit_log.page, reader)).entries
    assert [(entry.action, entry.subject) for entry in found] == [
        (audit_log.Action.PROFILE_CREATED, "Support profile"),
        (audit_log.Action.DEPARTMENT_ADDED, "Support"),
    ]
    with pytest.raises(NotAllowed):
        await engine.read(audit_log.page, await a_manager(engine, "Sales"))


async def test_an_export_is_recorded(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await engine.write(history.begin_export, office.owner_id, card.profile_id, engine.now())
    assert (await engine.read(audit_log.page, office.owner_id)).entries[0].action is audit_log.Action.HISTORY_EXPORTED


async def test_who_reads_only_of_the_learner_is_told_that_the_activation_is_not_there(office: Office) -> None:
    engine = office.engine
    await office.sign_up((await office.profile(name="Another")).token, "other@example.com")
    card = await office.profile()
    learner = await office.sign_up(card.token)
    [entry] = (await engine.read(history.page, office.owner_id, card.profile_id)).entries
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    await transfer(engine, learner.user_id, "Support")
    support = await a_manager(engine, "Support")
    with pytest.raises(ActivationNotFound) as refused:
        await engine.write(history.return_activation, support, entry.activation_id, "", engine.now())
    assert set(vars(refused.value).values()) == {entry.activation_id}


async def test_a_common_link_knows_nothing_of_its_visitor(office: Office) -> None:
    assert (await office.engine.read(sign_up_page.view, (await office.profile()).token)).prefilled == {}
