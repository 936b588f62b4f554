"""An account of the first landing, with everything in it, comes into the present schema whole."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy import Engine as Database
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.domain.hashes import hash_of
from core.services import confirmations, pending_sign_ups
from core.storage import migrate
from core.storage.database import open_database

if TYPE_CHECKING:  # pytest wants to import its plugins itself
    from tests.support.postgres import CreateDatabase

pytestmark = pytest.mark.deep
THEN = "2026-11-01 09:00:00+00:00"
LATER = "2026-11-05 09:00:00+00:00"
FIRST_LANDING = f"""
UPDATE account SET name = 'Acme', zone = 'Europe/Riga', sign_up_enabled = true, secret_key = 's', owner_nonce = 'n';
INSERT INTO department (id, parent_id, name, name_key) VALUES (2, 1, 'Sales', 'sales'), (3, 2, 'EMEA', 'emea'),
  (4, 1, 'Support', 'support');
INSERT INTO department_tree (ancestor_id, descendant_id, depth) VALUES (2, 2, 0), (1, 2, 1), (3, 3, 0), (2, 3, 1),
  (1, 3, 2), (4, 4, 0), (1, 4, 1);
INSERT INTO user_account (id, role, department_id, active, first_name, last_name, email, login, password_hash, phone,
  job_title, telegram_id, language, created_at) VALUES
  (1, 'owner', 1, true, 'Olivia', 'Owner', NULL, NULL, NULL, '', '', 1001, 'en', '{THEN}'),
  (2, 'department administrator', 1, true, 'Maris', 'Meier', NULL, NULL, NULL, '', '', 1002, 'ru', '{THEN}'),
  (3, 'learner', 3, true, 'Anna', 'Berzina', 'anna@example.com', 'anna', 'h', '+371', 'Seller', NULL, 'en', '{THEN}'),
  (4, 'learner', 4, false, 'Boris', 'Bo', 'boris@example.com', 'boris', 'h', '', '', NULL, 'en', '{THEN}');
INSERT INTO managed_department (user_id, department_id) VALUES (2, 2);
INSERT INTO profile (id, name, name_key, department_id, starts_at, ends_at, activation_limit, used, token, paused,
  removed_at, created_by, created_at) VALUES
  (1, 'Autumn', 'autumn', 4, '{THEN}', '2027-01-01 00:00:00+00:00', 5, 2, 'token-1', false, NULL, 1, '{THEN}'),
  (2, 'Gone', 'gone', 3, '{THEN}', '2027-01-01 00:00:00+00:00', NULL, 0, 'token-2', true, '{THEN}', 2, '{THEN}');
INSERT INTO activation (id, profile_id, user_id, department_id, form_key, at) VALUES
  (1, 1, 3, 3, 'form-3', '{THEN}'), (2, 1, 4, 3, 'form-4', '{THEN}');
INSERT INTO course (id, title, title_key, link, days) VALUES (1, 'Safety', 'safety', 'https://example.com', 14);
INSERT INTO enrolment_rule (department_id, course_id) VALUES (2, 1);
INSERT INTO enrolment (user_id, course_id, progress, enrolled_at, due_at) VALUES (3, 1, 'started', '{THEN}', NULL);
INSERT INTO digest (id, user_id, chat_id, frequency, at, day, next_due, reported_through, reported_at) VALUES
  (1, 2, 1002, 'daily', '18:00', 0, '{THEN}', 1, '{THEN}');
INSERT INTO digest_run (id, digest_id, due_at, covers_after, covers_through, covers_since, covers_until) VALUES
  (1, 1, '{THEN}', 0, 1, NULL, '{THEN}');
INSERT INTO outgoing (id, kind, user_id, chat_id, subject_id, again, state, not_before, created_at) VALUES
  (1, 'digest', 2, 1002, 1, false, 'waiting', '{THEN}', '{THEN}');
INSERT INTO web_session (token_hash, user_id, expires_at) VALUES ('t', 3, '{THEN}')
"""  # noqa: S608 - no input in it
ADD_FIELD = (
    "INSERT INTO custom_field (id, label, label_key, kind, choices, required, at_sign_up, position)"
    " VALUES (1, 'Number', 'number', 'unique text', '[]', false, true, 1)"
)
WAITING = f"""
INSERT INTO user_account (id, role, department_id, state, first_name, last_name, email, login, password_hash, phone,
  job_title, language, created_at, search_key) VALUES
  (5, 'learner', 4, 'pending', 'Vera', 'V', 'vera@example.com', 'vera', 'h', '', '', 'en', '{THEN}', 'vera'),
  (6, 'learner', 4, 'pending', 'Gleb', 'G', 'gleb@example.com', 'gleb', 'h', '', '', 'en', '{THEN}', 'gleb');
UPDATE profile SET reserved = 2 WHERE id = 1;
INSERT INTO pending_sign_up (user_id, profile_id, link_id, form_key, code_hash, needs_approval, expires_at, announced,
  created_at) VALUES
  (5, 1, 1, 'form-5', '{hash_of("the code")}', false, '{LATER}', true, '{THEN}'),
  (6, 1, 1, 'form-6', NULL, true, '{LATER}', true, '{THEN}')
"""  # noqa: S608 - no input in it
LONG = "x" * 1000
ADD_VALUE = f"INSERT INTO field_value (user_id, field_id, value, unique_key) VALUES (3, 1, '{LONG}', '{LONG}')"  # noqa: S608 - a constant
KEPT = {
    "department_tree": "ancestor_id, descendant_id, depth",
    "department": "id, parent_id, name, name_key",
    "managed_department": "user_id, department_id",
    "course": "id, title, title_key, link, days",
    "enrolment_rule": "department_id, course_id",
    "enrolment": "user_id, course_id, progress, enrolled_at, due_at",
    "digest": "id, user_id, chat_id, frequency, at, day, next_due, reported_through, reported_at",
    "digest_run": "id, digest_id, due_at, covers_after, covers_through, covers_since, covers_until",
    "outgoing": "id, kind, user_id, chat_id, subject_id, state, not_before, created_at",
    "web_session": "token_hash, user_id, expires_at",
    "user_account": "id, role, department_id, first_name, last_name, email, login, password_hash, phone, job_title,"
    " telegram_id, language, created_at",
    "profile": "id, name, name_key, department_id, starts_at, ends_at, activation_limit, used, paused, removed_at,"
    " created_by, created_at",
    "activation": "id, profile_id, user_id, department_id, form_key, at",
    "account": "name, zone, sign_up_enabled, secret_key, owner_nonce",
}


def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    with database.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query)).all()]


def kept(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that the first landing knew, in a fixed order."""
    return {table: sorted(rows(database, f"SELECT {columns} FROM {table}"), key=str) for table, columns in KEPT.items()}  # noqa: S608


def run(connection: Connection, statements: str) -> None:
    """Run statements, with moments (UTC) as each database stores them."""
    sqlite = connection.dialect.name == "sqlite"
    for statement in statements.split(";"):
        connection.exec_driver_sql(statement.replace("+00:00", ".000000") if sqlite else statement)


@pytest.fixture(params=["sqlite", "postgresql"])
def first_landing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database of the first landing, in use."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/gangway.db"
    else:
        create_postgres: CreateDatabase = request.getfixturevalue("create_postgres")
        url = create_postgres()
    database = open_database(url, threads=1)
    migrate.upgrade(database, "0001")
    with database.begin() as connection:
        run(connection, FIRST_LANDING)
    yield database
    database.dispose()


def test_nothing_that_was_there_is_lost(first_landing: Database) -> None:
    before = kept(first_landing)
    migrate.upgrade(first_landing)
    assert kept(first_landing) == before


def test_links_get_rows_of_their_own_and_still_work(first_landing: Database) -> None:
    migrate.upgrade(first_landing)
    assert rows(first_landing, "SELECT profile_id, token, label, replaced_at FROM link ORDER BY profile_id") == [
        (1, "token-1", "", None),
        (2, "token-2", "", None),
    ]


def test_a_profile_remembers_where_it_points_and_where_it_did(first_landing: Database) -> None:
    migrate.upgrade(first_landing)
    found = rows(first_landing, "SELECT profile_id, department_id FROM profile_department ORDER BY 1, 2")
    assert found == [(1, 3), (1, 4), (2, 3)]


def test_activations_know_their_link_and_where_their_learner_is(first_landing: Database) -> None:
    migrate.upgrade(first_landing)
    query = (
        "SELECT activation.id, token, learner_department_id, returned_at FROM activation"
        " JOIN link ON link.id = link_id ORDER BY activation.id"
    )
    assert rows(first_landing, query) == [(1, "token-1", 3, None), (2, "token-1", 4, None)]


def test_the_ledger_opens_with_what_was_taken(first_landing: Database) -> None:
    migrate.upgrade(first_landing)
    found = rows(first_landing, "SELECT profile_id, kind, user_id, by_id, reason FROM ledger_entry ORDER BY id")
    assert found == [(1, "taken", 3, None, ""), (1, "taken", 4, None, "")]


def test_the_active_and_the_inactive_stay_so(first_landing: Database) -> None:
    migrate.upgrade(first_landing)
    found = rows(first_landing, "SELECT id, state FROM user_account ORDER BY id")
    assert found == [(1, "active"), (2, "active"), (3, "active"), (4, "inactive")]


def test_names_are_found_by_keys_without_typography_and_accents(first_landing: Database) -> None:
    migrate.upgrade(first_landing, "0011")
    with first_landing.begin() as connection:
        statements = (
            "UPDATE department SET name = 'Sales – EMEA', name_key = 'sales – emea' WHERE id = 2",
            "UPDATE department SET name = 'Sales — EMEA', name_key = 'sales — emea' WHERE id = 4",
            "UPDATE profile SET name = 'Осень', name_key = 'осень' WHERE id = 1",
            "UPDATE profile SET name = 'Ёлка', name_key = 'ёлка' WHERE id = 2",
            "UPDATE user_account SET first_name = 'Семён', login = 'ａｎｎａ２', search_key = 'семён' WHERE id = 3",
            ADD_FIELD,
            ADD_VALUE,
        )
        for statement in statements:
            connection.exec_driver_sql(statement)
    migrate.upgrade(first_landing)
    keys = rows(first_landing, "SELECT name_key FROM department WHERE id IN (2, 4) ORDER BY id")
    assert keys == [("sales - emea",), ("sales — emea",)]  # the second would be equal, and keeps its key
    assert rows(first_landing, "SELECT name_key FROM profile ORDER BY id") == [("осень",), ("елка",)]
    query = "SELECT login, search_key FROM user_account WHERE id = 3"
    assert rows(first_landing, query) == [("anna2", "семен berzina anna@example.com anna2")]
    assert len(rows(first_landing, "SELECT unique_key FROM field_value")[0][0]) == 64


def test_the_forms_of_deleted_people_end_and_those_of_others_stay(first_landing: Database) -> None:
    migrate.upgrade(first_landing, "0017")
    with first_landing.begin() as connection:
        connection.exec_driver_sql("UPDATE user_account SET state = 'deleted' WHERE id = 4")
    migrate.upgrade(first_landing)
    found = rows(first_landing, "SELECT user_id, form_key FROM activation ORDER BY id")
    assert found == [(3, "form-3"), (4, "ended with user 4")]


def test_people_are_found_by_a_folded_key(first_landing: Database) -> None:
    migrate.upgrade(first_landing)
    assert rows(first_landing, "SELECT search_key FROM user_account WHERE id = 2") == [("maris meier",)]


def test_no_policy_is_on_and_no_place_reserved(first_landing: Database) -> None:
    migrate.upgrade(first_landing)
    query = "SELECT seats, strong_passwords, email_confirmation, approval, consent_asked, privacy_version FROM account"
    [(seats, *switches, version)] = rows(first_landing, query)
    assert (seats, [bool(switch) for switch in switches], version) == (None, 4 * [False], 0)
    [(required,)] = rows(first_landing, "SELECT last_name_required FROM account")
    assert bool(required)
    assert rows(first_landing, "SELECT DISTINCT reserved FROM profile") == [(0,)]


def test_the_seats_that_are_taken_are_counted_if_there_is_a_limit(first_landing: Database) -> None:
    migrate.upgrade(first_landing, "0035")
    with first_landing.begin() as connection:
        connection.exec_driver_sql("UPDATE account SET seats = 2")
    migrate.upgrade(first_landing)
    assert rows(first_landing, "SELECT seats, seats_taken FROM account") == [(2, 3)]  # nobody was deactivated by it
    with pytest.raises(DBAPIError, match="seats_counted"), first_landing.begin() as connection:
        connection.exec_driver_sql("UPDATE account SET seats = NULL")


def test_who_waits_for_a_confirmation_or_an_approval_keeps_the_address_and_is_let_in(first_landing: Database) -> None:
    migrate.upgrade(first_landing, "0036")
    with first_landing.begin() as connection:
        run(connection, WAITING)
    migrate.upgrade(first_landing)
    assert rows(first_landing, "SELECT user_id, email, digits_hash FROM pending_sign_up ORDER BY user_id") == [
        (5, "vera@example.com", None),
        (6, None, None),
    ]
    now = datetime(2026, 11, 2, 9, tzinfo=UTC)
    if first_landing.dialect.name == "postgresql":
        rows(
            first_landing, "SELECT setval(pg_get_serial_sequence('activation', 'id'), 100)"
        )  # the first have set numbers
    with Session(first_landing) as session, session.begin():
        confirmed = confirmations.confirm(session, "the code", now)
        assert (confirmed.user_id, confirmed.session_token is not None) == (5, True)
        assert pending_sign_ups.approve(session, 1, 6, now) is UserState.ACTIVE
    found = rows(first_landing, "SELECT email, login, state FROM user_account WHERE id > 4 ORDER BY id")
    assert found == [("vera@example.com", "vera", "active"), ("gleb@example.com", "gleb", "active")]
    assert rows(first_landing, "SELECT used, reserved FROM profile WHERE id = 1") == [(4, 0)]


def test_a_privacy_policy_in_force_becomes_the_version_that_people_agreed_to(first_landing: Database) -> None:
    migrate.upgrade(first_landing, "0007")
    with first_landing.begin() as connection:
        connection.exec_driver_sql("UPDATE account SET privacy_policy = 'We keep little.', privacy_version = 3")
    migrate.upgrade(first_landing)
    assert rows(first_landing, "SELECT version, text, published_at FROM privacy_policy") == [
        (3, "We keep little.", None)
    ]
    [(asked, version)] = rows(first_landing, "SELECT consent_asked, privacy_version FROM account")
    assert (bool(asked), version) == (True, 3)


@pytest.mark.parametrize("change", ["UPDATE privacy_policy SET text = ''", "DELETE FROM privacy_policy"])
def test_the_versions_of_the_privacy_policy_are_append_only(first_landing: Database, change: str) -> None:
    migrate.upgrade(first_landing)
    with first_landing.begin() as connection:
        connection.exec_driver_sql("INSERT INTO privacy_policy (version, text) VALUES (1, 'We keep little.')")
    with pytest.raises(DBAPIError, match="append-only"), first_landing.begin() as connection:
        connection.exec_driver_sql(change)


def test_a_transfer_carries_to_the_learners_activation(first_landing: Database) -> None:
    migrate.upgrade(first_landing)
    with first_landing.begin() as connection:
        connection.execute(text("UPDATE user_account SET department_id = 2 WHERE id = 3"))
    assert rows(first_landing, "SELECT learner_department_id FROM activation WHERE user_id = 3") == [(2,)]


@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_ledger_and_the_record_are_append_only(first_landing: Database, change: str) -> None:
    migrate.upgrade(first_landing)
    with first_landing.begin() as connection:
        columns = "(at, action, subject, before, after)"
        connection.exec_driver_sql(
            f"INSERT INTO record_entry {columns} VALUES ('2026-11-01 09:00:00', 'x', '', '{{}}', '{{}}')"  # noqa: S608
        )
    for table in ("ledger_entry", "record_entry"):
        with pytest.raises(DBAPIError, match="append-only"), first_landing.begin() as connection:
            connection.exec_driver_sql(change.format(table))


def test_the_unique_indexes_that_pass_by_removed_rows_are_partial(first_landing: Database) -> None:
    migrate.upgrade(first_landing)
    found = {
        str(index["name"])
        for table in ("department", "link", "custom_field", "user_account")
        for index in inspect(first_landing).get_indexes(table)
        if any(option.endswith("_where") for option in index.get("dialect_options", {}))
    }
    assert found == {
        "uq_department_parent_id_name_key",
        "uq_link_profile_id_label_key",
        "uq_custom_field_label_key",
        "uq_user_account_owner",
        "ix_user_account_active",
        "ix_user_account_deleted_at",
        "ix_user_account_department",
        "ix_user_account_living",
        "ix_user_account_phone",
    }


def test_a_migration_that_fails_half_way_leaves_all_as_it_was(first_landing: Database) -> None:
    before = kept(first_landing)
    with first_landing.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE ledger_entry (id INTEGER)")  # in the way, after half of the steps
    with pytest.raises(DBAPIError):
        migrate.upgrade(first_landing)
    assert kept(first_landing) == before
    assert rows(first_landing, "SELECT token FROM profile ORDER BY id") == [("token-1",), ("token-2",)]
    assert not migrate.is_current(first_landing)
