"""Mistyped lines are answered with what was meant, and keywords are never published as names or texts."""

import re

import pytest
from sqlalchemy import update

from core.domain.field_kinds import Kind
from core.services import account, form_fields, policies, roles
from core.services.form_fields import FieldDraft
from core.services.policies import Switch
from core.storage.tables import CustomRole
from tests.support.account import Office
from tests.support.router_fixture import Counter

OWNER = 1001

# What people read is the same on both databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def said(counter: Counter, line: str) -> str:
    """Return the answer without its markup, and without what keeps apps from making links of typed addresses."""
    return re.sub("</?code>|\u2060", "", await counter.line(OWNER, line))


async def test_a_settings_word_may_be_written_as_two(office: Office, counter: Counter) -> None:
    assert "Newcomers can leave out their last name." in await said(counter, "/settings last name optional")
    assert Switch.LAST_NAME_REQUIRED not in (await office.engine.read(policies.policies, office.owner_id)).on


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("/adddepartment Sales | Support", "/adddepartment Sales / Support"),
        ("/deletedepartment Sales|EMEA", "/deletedepartment Sales / EMEA"),
        ("/addfield Team | choice", "/addfield Team | choice | choices S, M, L"),
        ("/addfield Team | choice | required | choices A", "/addfield Team | choice | required | choices S, M, L"),
        ("/addfield Team | text | choices A, B", "/addfield Team | text"),
        ("/changefield Shirt | choices", "/changefield Shirt | choices S, M, L"),
        ("/pause 1 2", "Enter one number at a time:\n/pause 1\n/pause 2"),
        ("/profile #1, #2", "/profile 1\n/profile 2"),
        ("/check foo", "“foo” isn't a sign-up link."),
        ("/check https://example.com", "“https://example.com” isn't a sign-up link."),
        ("/check aaaaaaaaaaaaaaaaaaaaaaaa", "This isn't one of the links that you manage."),
        ("/log foo", "I don't understand “foo” here."),
        ("/roles foo", "I can't read that line. It should look like this:\nShow the roles"),
        ("/fields foo | bar", "the sign-up form\n\n/fields"),
        ("/courses 7", "\n/courses"),
        ("/invitations all", "\n/invitations"),
        ("/log unconfirmd", "Did you mean unconfirmed?"),
        ("/роли", "I don't know /роли. /help lists the commands."),
        ("/add-person", "I don't know /add-person."),
        ("/help lastname", "/settings lastname required"),
        ("/help last name", "/settings lastname required"),
        ("/help approval", "/settings approval on"),
        ("/addrole Boss | read the lgo", "/addrole Boss | read the log"),
    ],
)
async def test_a_mistyped_line_is_answered_with_what_was_meant(
    office: Office, counter: Counter, line: str, offered: str
) -> None:
    draft = FieldDraft(label="Shirt", kind=Kind.CHOICE, choices=("S", "M"))
    await office.engine.write(form_fields.add_field, office.owner_id, draft, office.engine.now())
    assert offered in await said(counter, line)


async def test_what_nobody_filled_in_or_has_is_not_counted(counter: Counter) -> None:
    await said(counter, "/addfield Crew | text")
    removing = await said(counter, "/removefield Crew")
    assert "Remove “Crew” from the form?" in removing
    assert "filled it in" not in removing
    assert "Nobody has it." in await said(counter, "/addrole Reader | read the log")


async def test_a_person_is_called_a_person_in_what_was_understood(counter: Counter) -> None:
    assert "Understood: person “anna@example.com”." in await said(counter, "/transfer anna@example.com")


@pytest.mark.parametrize("line", ["1 | limit | 20", "1 | limit 20", "1 limit | 20", "#1|limit|20"])
async def test_a_change_of_a_profile_may_be_written_with_bars(office: Office, counter: Counter, line: str) -> None:
    await office.profile()
    assert "0 of 20" in await said(counter, f"/editprofile {line}")


@pytest.mark.parametrize("typed", ["1,000", "1 000", "1.000", "1000", "1\u00a0000"])
async def test_digits_may_be_written_in_groups(office: Office, counter: Counter, typed: str) -> None:
    await office.profile()
    assert "0 of 1,000" in await said(counter, f"/editprofile 1 limit {typed}")
    assert "1,000 active users at most." in await said(counter, f"/settings seats {typed}")


async def test_a_name_that_is_gone_isnt_taken_for_a_shorter_one(office: Office, counter: Counter) -> None:
    draft = FieldDraft(label="Age", kind=Kind.NUMBER)
    await office.engine.write(form_fields.add_field, office.owner_id, draft, office.engine.now())
    assert "/removefield Age" not in await said(counter, "/removefield Badge")
    assert "/removefield Age" in await said(counter, "/removefield Aeg")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (
            "/addperson Boris | boris@example.com | Sales / EMEA",
            """Understood: first name “Boris”, email “boris@example.com”, department “Sales / EMEA”.
Leave the place of the part “last name” empty:

/addperson Boris | | boris@example.com | Sales / EMEA""",
        ),
        ("/addperson Boris | boris@example.com", "/addperson Boris | | boris@example.com | Sales / EMEA"),
        (
            "/addperson Anna",
            "Missing: email, department.\n\n/addperson Anna | | anna@example.com | Sales / EMEA",
        ),
    ],
)
async def test_a_last_name_that_may_be_left_out_keeps_its_place(
    office: Office, counter: Counter, line: str, answer: str
) -> None:
    await office.engine.write(
        policies.switch, office.owner_id, Switch.LAST_NAME_REQUIRED, office.engine.now(), on=False
    )
    assert answer in await said(counter, line)


async def test_a_last_name_that_is_needed_is_filled_in_at_its_place(counter: Counter) -> None:
    answer = await said(counter, "/addperson Boris | boris@example.com | Sales / EMEA")
    assert "Missing: last name.\n\n/addperson Boris | Berzina | boris@example.com | Sales / EMEA" in answer


async def test_missing_fields_are_added_to_the_line_with_values_that_are_accepted(
    office: Office, counter: Counter
) -> None:
    drafts = [
        FieldDraft(label=kind.value, kind=kind, required=True, choices=("S", "M") if kind is Kind.CHOICE else ())
        for kind in (Kind.DATE, Kind.CHOICE, Kind.COUNTRY, Kind.PHONE, Kind.NUMBER, Kind.TIME, Kind.UNIQUE_TEXT)
    ]
    for draft in drafts:
        await office.engine.write(form_fields.add_field, office.owner_id, draft, office.engine.now())
    answer = await said(counter, "/addperson Anna | Berzina | anna@example.com | Sales / EMEA")
    [line] = [each for each in answer.splitlines() if each.startswith("/addperson")]
    assert line.startswith("/addperson Anna | Berzina | anna@example.com | Sales / EMEA | date: 2026-12-31 | choice: S")
    assert "Anna Berzina" in await said(counter, line)


@pytest.mark.parametrize("word", ["off", "NONE", "any", "unlimited", "Text", "name"])
async def test_a_keyword_or_a_placeholder_is_not_published_as_a_name(
    office: Office, counter: Counter, word: str
) -> None:
    assert "so nothing was published" in await said(counter, f"/settings name {word}")
    assert (await office.engine.read(account.organisation)).name is None


async def test_a_placeholder_is_not_published_as_the_policy(office: Office, counter: Counter) -> None:
    assert "so nothing was published" in await said(counter, "/settings privacy TEXT")
    assert await office.engine.read(policies.privacy_policy) is None


@pytest.mark.parametrize("word", ["off", "any", "none", "unlimited", "Off"])
async def test_each_word_for_none_ends_each_policy(office: Office, counter: Counter, word: str) -> None:
    before = await office.engine.read(policies.policies, office.owner_id)
    for line in ("passwords strong", "domains a.example", "approval on", "seats 5", "privacy We keep your name."):
        await said(counter, f"/settings {line}")
    for name in ("passwords", "domains", "approval", "seats", "privacy"):
        await said(counter, f"/settings {name} {word}")
    after = await office.engine.read(policies.policies, office.owner_id)
    assert (after.on, after.email_domains, after.seats, after.privacy_policy) == (before.on, (), None, None)


async def test_what_a_role_can_is_understood_as_it_is_named(counter: Counter) -> None:
    made = await said(counter, "/addrole Reader | read the log, add, transfer and delete learners")
    assert "Can: add, transfer and delete learners, read the log" in made
    assert "read the log" in await said(counter, "/addrole Other | read the record")


async def test_the_former_word_of_a_permission_stays_valid_where_it_is_stored(office: Office, counter: Counter) -> None:
    await said(counter, "/addrole Reader | read the log")
    await office.engine.write(
        lambda session: session.execute(update(CustomRole).values(permissions=["read the record"]))
    )
    [role] = await office.engine.read(roles.listing, office.owner_id)
    assert [str(each) for each in role.permissions] == ["read the log"]
    await said(counter, "/changerole Reader | receive digests")
    assert "permissions: read the log → receive digests" in await said(counter, "/log")
