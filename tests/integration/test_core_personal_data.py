"""All that is kept on a person, given to them: from every table, without secrets, within rights, and recorded."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import Column, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors

from bot.wording.personal_data import FACTS
from core.domain.access import Role
from core.domain.personal_data import Section
from core.errors import NotAllowed, UserNotFound
from core.services import audit_log, personal_data
from core.services.audit_log import ABOUT_USERS, Action
from core.storage import personal_data as stored
from core.storage.personal_data_of_staff import of_chat
from core.storage.personal_data_queries import Query, of_learner, of_record
from core.storage.tables import Base, PasswordLink, User, WebSession
from tests.integration.test_core_erasure import PERSONAL, at_work, sign_up
from tests.support.account import FAST_HASH, Office
from tests.support.rows import a_user

ABOUT_A_USER = ("of_user(", "own_details.record(")
SERVICES = Path(audit_log.__file__).parent


def queries() -> dict[Section, Query]:
    user = User(id=7, telegram_id=77)
    return {**of_learner(user), **of_chat(user), **of_record(user, ())}


def test_each_column_that_refers_to_a_user_is_read_or_is_left_out_for_a_reason() -> None:
    users = User.__table__.c.id
    columns = {key.parent for table in Base.metadata.sorted_tables for key in table.foreign_keys if key.column is users}
    read = {node for query in queries().values() for node in visitors.iterate(query) if isinstance(node, Column)}
    unread = {f"{column.table.name}.{column.name}" for column in columns - read}
    assert unread == set(stored.NOT_READ)


def test_every_section_is_read_and_each_fact_has_a_name() -> None:
    found = queries()
    assert set(found) == set(Section)
    assert {column.name for query in found.values() for column in query.selected_columns} == set(FACTS)


def test_actions_about_users_are_known_as_such() -> None:
    """An erasure takes names out of the entries of these actions only."""
    about = {
        node.attr
        for file in SERVICES.glob("*.py")
        for function in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(function, ast.FunctionDef) and any(each in ast.unparse(function) for each in ABOUT_A_USER)
        for node in ast.walk(function)
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "Action"
    }
    assert about == {action.name for action in ABOUT_USERS}


async def test_a_person_gets_all_that_is_kept_on_them_and_no_secret(office: Office) -> None:
    engine, user_id = office.engine, await sign_up(office)
    await at_work(office, user_id)
    data = await engine.write(personal_data.export, office.owner_id, user_id, engine.now())
    assert data.name == "Vera Bird"
    written = repr(data.sections)
    assert [word for word in PERSONAL if word not in written] == [FAST_HASH]
    empty = {section for section, rows in data.sections.items() if not rows}
    assert empty == {
        *(Section.EXPECTED, Section.LINKS, Section.STATUS_PAGES, Section.TELEGRAM),
        *(Section.REMINDERS, Section.NO_REMINDERS),
        *(
            Section.REQUESTS,
            Section.PASSWORD_LINKS,
            Section.PASSWORD_REQUESTS,
            Section.E_MAILS,
            Section.MANAGED,
            Section.FORMS,
        ),
    }
    hashes = [*await engine.read(hashes_of, user_id)]
    assert hashes
    assert not [each for each in hashes if each in written]
    [account] = data.sections[Section.ACCOUNT]
    assert account["department"] == ["Sales", "EMEA"]
    assert account["has a password"] == "yes"


def hashes_of(session: Session, user_id: int) -> list[str]:
    columns = (WebSession.token_hash, WebSession.user_id), (PasswordLink.code_hash, PasswordLink.user_id)
    return [found for hashed, of in columns for found in session.scalars(select(hashed).where(of == user_id))]


async def test_an_export_is_recorded_and_a_look_at_what_it_would_hold_is_not(office: Office) -> None:
    engine, user_id = office.engine, await sign_up(office)
    await engine.read(personal_data.preview, office.owner_id, user_id)
    before = (await engine.read(audit_log.page, office.owner_id)).entries[0]
    await engine.write(personal_data.export, office.owner_id, user_id, engine.now())
    newest, second = (await engine.read(audit_log.page, office.owner_id)).entries[:2]
    assert (newest.action, newest.subject, newest.subject_id) == (Action.PERSON_EXPORTED, "Vera Bird", user_id)
    assert second == before


async def test_staff_are_exported_by_who_outranks_them_only(office: Office) -> None:
    engine = office.engine
    administrator = await a_user(engine, Role.ADMINISTRATOR)
    manager = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales")
    learner = await sign_up(office)
    with pytest.raises(NotAllowed):
        await engine.write(personal_data.export, administrator, office.owner_id, engine.now())
    with pytest.raises(UserNotFound):
        await engine.write(personal_data.export, manager, administrator, engine.now())
    for actor, whom in ((administrator, manager), (administrator, administrator), (manager, learner)):
        assert (await engine.write(personal_data.export, actor, whom, engine.now())).user_id == whom
