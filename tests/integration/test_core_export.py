"""Histories taken out page by page: every activation once, all that was filled in, and only who may be seen."""

from dataclasses import replace

import pytest

from core.domain.access import Permission, Role, UserState
from core.domain.field_kinds import Kind
from core.domain.form_fields import read_form
from core.domain.tallies import Hidden
from core.engine import Engine
from core.errors import NotAllowed, ProfileNotFound
from core.services import departments, export, form_fields, people, policies, redemption
from core.services.export import Page, Row
from core.services.form_fields import FieldDraft
from core.services.profiles import Card
from tests.support.account import Office, a_form
from tests.support.rows import a_manager, a_user, the_form, transfer

PLACE = FieldDraft(label="Place", kind=Kind.TEXT)


async def pages(engine: Engine, actor_id: int, card: Card, size: int) -> list[Page]:
    found = [await engine.read(export.page, actor_id, card.profile_id, size=size)]
    while (before := found[-1].older_than) is not None:
        found.append(await engine.read(export.page, actor_id, card.profile_id, before=before, size=size))
    return found


def rows_of(found: list[Page]) -> list[Row]:
    return [row for page in found for row in page.rows]


async def test_every_activation_is_on_one_page_the_newest_first(office: Office) -> None:
    card = await office.profile()
    for number in range(5):
        await office.sign_up(card.token, f"learner{number}@example.com")
    for size in (1, 2, 5, 6):
        found = await pages(office.engine, office.owner_id, card, size)
        assert [row.email for row in rows_of(found)] == [f"learner{number}@example.com" for number in (4, 3, 2, 1, 0)]
        assert {(page.joined, page.hidden.total) for page in found} == {(5, 0)}


async def test_a_profile_without_activations_has_one_empty_page(office: Office) -> None:
    [page] = await pages(office.engine, office.owner_id, await office.profile(), 2)
    assert (page.rows, page.joined, page.profile_name) == ((), 0, "Autumn sales")


async def test_the_accounts_own_fields_are_columns_and_a_removed_one_is_the_last(office: Office) -> None:
    engine, owner, card = office.engine, office.owner_id, await office.profile()
    await engine.write(form_fields.add_field, owner, PLACE, engine.now())
    await engine.write(form_fields.add_field, owner, replace(PLACE, label="Team"), engine.now())
    asked = await engine.read(the_form)
    values = {"first_name": "Anna", "last_name": "Berzina", "email": "anna@example.com", "password": "a long secret"}
    values |= {field.name: f"={field.label}" for field in asked.fields if field.field_id}
    newcomer = read_form(values, region="LV", form=asked)
    await engine.write(redemption.redeem, card.token, replace(a_form(), newcomer=newcomer), engine.now())
    await engine.write(form_fields.remove_field, owner, "Team", engine.now())
    [page] = await pages(engine, owner, card, 2)
    found = [(column.label, column.removed, page.rows[0].values[column.field_id]) for column in page.columns]
    assert found == [("Place", False, "=Place"), ("Team", True, "=Team")]


async def test_a_removed_field_that_nobody_filled_in_is_no_column(office: Office) -> None:
    engine, owner, card = office.engine, office.owner_id, await office.profile()
    await engine.write(form_fields.add_field, owner, PLACE, engine.now())
    await engine.write(form_fields.remove_field, owner, "Place", engine.now())
    assert (await engine.read(export.page, owner, card.profile_id)).columns == ()


async def test_a_row_says_to_which_policy_the_learner_agreed_and_when(office: Office) -> None:
    engine, owner, card = office.engine, office.owner_id, await office.profile()
    await office.sign_up(card.token, "unasked@example.com")
    await engine.write(policies.publish_privacy_policy, owner, "We keep little.", engine.now())
    form = a_form()
    agreed, at = replace(form, newcomer=replace(form.newcomer, consent_version=1)), engine.now()
    await engine.write(redemption.redeem, card.token, agreed, at)
    [page] = await pages(engine, owner, card, 2)
    assert [(row.consent_version, row.consent_at) for row in page.rows] == [(1, at), (None, None)]


async def test_a_manager_gets_the_learners_who_are_theirs_now(office: Office) -> None:
    engine, card = office.engine, await office.profile()
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    manager = await a_manager(engine, "Sales")
    gone = await office.sign_up(card.token, "gone@example.com")
    for number in range(3):
        await office.sign_up(card.token, f"learner{number}@example.com")
    await transfer(engine, gone.user_id, "Support")
    found = await pages(engine, manager, card, 2)
    assert [row.email for row in rows_of(found)] == [f"learner{number}@example.com" for number in (2, 1, 0)]
    assert {page.hidden for page in found} == {Hidden(transferred=1, elsewhere=0)}


async def test_a_deleted_learner_is_left_with_name_and_state(office: Office) -> None:
    engine, card = office.engine, await office.profile()
    learner = await office.sign_up(card.token)
    await engine.write(people.delete, office.owner_id, learner.user_id, engine.now())
    [page] = await pages(engine, office.owner_id, card, 2)
    assert [(row.first_name, row.email, row.state) for row in page.rows] == [("Anna", None, UserState.DELETED)]


async def test_who_may_not_read_the_history_exports_nothing(office: Office) -> None:
    engine, card = office.engine, await office.profile()
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    elsewhere = await a_manager(engine, "Support")
    reader = await a_user(engine, Role.CUSTOM, "Sales", permissions=[Permission.RECEIVE_DIGESTS])
    with pytest.raises(ProfileNotFound):
        await engine.read(export.page, elsewhere, card.profile_id)
    with pytest.raises(NotAllowed):
        await engine.read(export.page, reader, card.profile_id)
