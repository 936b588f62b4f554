"""History in chat: exported and returned, over real HTTP against the sandbox."""

import csv
from collections.abc import AsyncIterator
from dataclasses import replace
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest

from bot.screens import spreadsheets
from core.domain.access import Permission, Role
from core.domain.field_kinds import Kind
from core.engine import Engine
from core.services import audit_log, form_fields, policies, redemption
from core.services.form_fields import FieldDraft
from core.services.policies import Switch
from tests.support.account import Office, a_form
from tests.support.bot_fixture import MANAGER, Town, open_town
from tests.support.chat import Person, SeenMessage
from tests.support.lines import AUTUMN, SET_UP, ask, link_on, set_up, sign_up, tap, typed
from tests.support.rows import a_manager, a_user, many_sign_ups, transfer
from tests.support.screens import Screens

# What people read is the same on both databases; the journeys, and all of core, run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

HEADER = [
    "First name",
    "Last name",
    "Email address",
    "Login",
    "Phone",
    "Job title",
    "Department",
    "Signed up at (Riga)",
    "Link",
    "State",
    "Activation",
    "Privacy policy agreed to (version)",
    "Agreed at (Riga)",
]


@pytest.fixture
async def town(engine: Engine) -> AsyncIterator[Town]:
    async with open_town(engine) as town:
        yield town


async def exported(person: Person, kind: str) -> tuple[SeenMessage, bytes]:
    await person.taps(kind)
    file = await person.reads("sign-up")
    return file, await person.downloads(file)


def read(contents: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(contents.decode("utf-8-sig"), newline="")))


async def test_a_history_is_exported_with_all_that_was_filled_in(town: Town) -> None:
    card = await set_up(town)
    owner_id = 1
    field = FieldDraft(label="Shoe size", kind=Kind.NUMBER)
    await town.engine.write(form_fields.add_field, owner_id, field, town.engine.now())
    await sign_up(town, card)
    await ask(town, "/history 1", "1 sign-up")
    file, contents = await exported(town.owner, "CSV")
    assert file.raw["document"]["file_name"] == "gangway-1-2026-11-23.csv"
    assert file.text == "Autumn sales (#1)\n1 sign-up"
    login = read(contents)[1][3]
    assert read(contents) == [
        [*HEADER, "Shoe size"],
        [
            "Anna",
            "Berzina",
            "anna@example.com",
            login,
            "",
            "",
            "Sales / EMEA",
            "2026-11-23 14:00",
            "",
            "active",
            "",
            "",
            "",
            "",
        ],
    ]
    [entry, *_] = (await town.engine.read(audit_log.page, owner_id)).entries
    assert (entry.action, entry.subject) == (audit_log.Action.HISTORY_EXPORTED, "Autumn sales")


async def test_what_was_filled_in_is_exported_as_people_read_it(town: Town) -> None:
    engine, token = town.engine, link_on(await set_up(town)).rsplit("/", 1)[-1]
    field = await engine.write(form_fields.add_field, 1, FieldDraft(label="Country", kind=Kind.COUNTRY), engine.now())
    newcomer = replace(a_form().newcomer, custom={field.field_id: "LV"})
    await engine.write(redemption.redeem, token, replace(a_form(), newcomer=newcomer), engine.now())
    await ask(town, "/history 1", "1 sign-up")
    _, contents = await exported(town.owner, "CSV")
    assert [row[-1] for row in read(contents)] == ["Country", "Latvia"]


async def test_an_export_says_who_agreed_to_which_policy_and_keeps_removed_fields(town: Town) -> None:
    engine, token = town.engine, link_on(await set_up(town)).rsplit("/", 1)[-1]
    await engine.write(policies.publish_privacy_policy, 1, "We keep little.", engine.now())
    field = await engine.write(form_fields.add_field, 1, FieldDraft(label="Paid", kind=Kind.NUMBER), engine.now())
    newcomer = replace(a_form().newcomer, consent_version=1, phone="+37120000000", custom={field.field_id: "-5"})
    await engine.write(redemption.redeem, token, replace(a_form(), newcomer=newcomer), engine.now())
    await engine.write(form_fields.remove_field, 1, "Paid", engine.now())
    await ask(town, "/history 1", "1 sign-up")
    _, contents = await exported(town.owner, "CSV")
    header, row = read(contents)
    found = dict(zip(header, row, strict=True))
    assert (found["Phone"], found["Paid (removed)"]) == ("+37120000000", "-5")
    assert (found["Privacy policy agreed to (version)"], found["Agreed at (Riga)"]) == ("1", "2026-11-23 14:00")


async def test_an_excel_workbook_holds_the_same(town: Town) -> None:
    card = await set_up(town)
    await sign_up(town, card)
    await ask(town, "/history 1", "1 sign-up")
    file, contents = await exported(town.owner, "XLSX")
    assert file.raw["document"]["file_name"] == "gangway-1-2026-11-23.xlsx"
    with ZipFile(BytesIO(contents)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "anna@example.com" in sheet
    assert "<f>" not in sheet


async def test_an_export_counts_who_is_hidden_and_never_names_them(town: Town) -> None:
    card = await set_up(town)
    await a_manager(town.engine, "Sales", telegram_id=MANAGER)
    await sign_up(town, card, "anna@example.com")
    await sign_up(town, card, "boris@example.com")
    await transfer(town.engine, 3, "Support")
    manager = town.person(MANAGER)
    history = await ask(town, "/history 1", person=manager)
    assert history.text.splitlines()[1:4] == [
        "1 sign-up",
        "1 learner is hidden from you:",
        "1 was transferred later",
    ]
    file, contents = await exported(manager, "CSV")
    assert "1 learner is hidden from you:" in file.text
    assert "anna@example.com" not in contents.decode()
    assert [row[2] for row in read(contents)[1:-1]] == ["boris@example.com"]
    assert read(contents)[-1][:2] == ["1 learner is hidden from you: 1 was transferred later", ""]


async def test_an_activation_is_returned_by_a_button_after_a_question(town: Town) -> None:
    card = await set_up(town)
    await sign_up(town, card)
    assert "#1 " not in (await ask(town, "/history 1", "1 sign-up")).text
    chosen = await tap(town, "Return an activation", "Which activation")
    assert "Anna Berzina (#1)" in chosen.text
    question = await tap(town, "↩ #1 Anna Berzina", "Return the activation of Anna Berzina")
    assert "/return 1 | wrong department" in question.text
    await tap(town, "Return", "The activation of Anna Berzina was returned")
    assert "0 of 50" in (await tap(town, "‹ Profile", "🟢")).text
    history = await ask(town, "/history 1", "activation returned")
    assert "Return an activation" not in history.labels


async def test_no_question_says_that_a_place_stays_used_which_was_given_back(town: Town) -> None:
    await sign_up(town, await set_up(town))
    await ask(town, "/return 1 | wrong department")
    await tap(town, "Return", "was returned")
    await ask(town, "/person 2", "anna@example.com")
    deletion = await tap(town, "Delete", "Delete Anna Berzina (#2)?")
    erasure = await ask(town, "/erase 2", "Erase Anna Berzina (#2), with the name?")
    assert "place stays used" not in deletion.text + erasure.text


async def test_the_reason_of_a_return_is_kept(town: Town) -> None:
    card = await set_up(town)
    await sign_up(town, card)
    question = await ask(town, "/return 1 | не тот отдел: Рига", "Reason: не тот отдел: Рига")
    assert question.labels == ("Return", "Cancel")
    await tap(town, "Return", "was returned")
    [entry, *_] = (await town.engine.read(audit_log.page, 1)).entries
    assert (entry.action, entry.after["reason"]) == (audit_log.Action.ACTIVATION_RETURNED, "не тот отдел: Рига")
    await ask(town, "/return 1 | again", "This activation was already returned.")


async def test_a_reason_without_room_under_a_button_is_answered_with_one_that_fits(town: Town) -> None:
    card = await set_up(town)
    await sign_up(town, card)
    refused = await ask(town, f"/return 1 | {'ё' * 40}", "The reason is too long.")
    offered = refused.text.splitlines()[-1]
    assert offered == f"/return 1 | {'ё' * 27}"
    await ask(town, offered, "Return the activation of Anna Berzina")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/return one | typo", "Enter a number here, not “one”."),
        ("/return 99", "You have no activation #99."),
        ("/history 99", "You have no profile #99."),
    ],
)
async def test_a_mistake_is_told_with_what_would_be_right(office: Office, line: str, sentence: str) -> None:
    assert sentence in await typed(office, *SET_UP, AUTUMN, line)


async def test_who_only_reads_a_profile_returns_nothing_and_sees_no_numbers(town: Town) -> None:
    card = await set_up(town)
    await a_manager(town.engine, "Sales", telegram_id=MANAGER)
    await sign_up(town, card)
    await ask(town, "/editprofile 1 department Support", "Nothing is saved yet")
    await tap(town, "Save", "Support")
    manager = town.person(MANAGER)
    history = await ask(town, "/history 1", person=manager)
    assert history.labels == ("Anna Berzina · 23 Nov 14:00", "CSV", "XLSX", "‹ Profile")
    assert "You can read “Autumn sales” (#1) but not change it" in (await ask(town, "/return 1", person=manager)).text


@pytest.mark.deep
async def test_a_long_history_is_exported_whole(town: Town) -> None:
    card = await set_up(town)
    await sign_up(town, card)
    await many_sign_ups(town.engine, 1, 2001)
    await ask(town, "/history 1", "2,002 sign-ups")
    _, contents = await exported(town.owner, "CSV")
    addresses = [row[2] for row in read(contents)[1:]]
    assert (len(addresses), len(set(addresses)), addresses[-1]) == (2002, 2002, "anna@example.com")


async def test_a_file_larger_than_telegram_takes_is_not_sent(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheets, "LARGEST", 100)
    card = await set_up(town)
    await sign_up(town, card)
    await ask(town, "/history 1", "1 sign-up")
    assert (await tap(town, "XLSX", "too large for Telegram")).labels == ("‹ Profile",)


async def test_lines_are_refused_to_whoever_may_not_manage_profiles(town: Town) -> None:
    await set_up(town)
    receiving = [Permission.RECEIVE_DIGESTS]
    await a_user(town.engine, Role.CUSTOM, "Sales", telegram_id=MANAGER, permissions=receiving)
    lines = (
        "/editprofile 1 limit 3",
        "/editprofile 1",
        "/deleteprofile 1",
        "/duplicate 1 | Winter",
        "/addlink 1 | Riga",
        "/check nobody",
        "/history 1",
        "/return 1",
        "/report",
    )
    answers = {(await ask(town, line, person=town.person(MANAGER))).text for line in lines}
    assert answers == {"You don't have permission to do that. The person who invited you can change your permissions."}


async def test_who_holds_a_place_without_an_account_is_counted_in_the_history_and_in_its_export(office: Office) -> None:
    engine, owner, now = office.engine, office.owner_id, office.engine.now()
    card, screens = await office.profile(), Screens(engine=office.engine)
    await office.sign_up(card.token, "anna@example.com")
    assert "not confirmed" not in await screens.type(f"/history {card.profile_id}")
    await engine.write(policies.switch, owner, Switch.APPROVAL, now, on=True)
    await office.sign_up(card.token, "boris@example.com")
    await engine.write(policies.switch, owner, Switch.EMAIL_CONFIRMATION, now, on=True, can_mail=True)
    for email in ("dina@example.com", "egon@example.com"):
        await office.sign_up(card.token, email)
    said = await screens.type(f"/history {card.profile_id}")
    waiting = ["1 person is waiting for approval", "✉️ 2 people have not confirmed their address yet"]
    assert said.splitlines()[1:3] == ["1 sign-up", " · ".join(waiting)]
    file = await screens.tap("CSV")
    assert file.splitlines()[1:4] == ["1 sign-up", *waiting]
    assert screens.shown.attachment is not None
    assert [row[:1] for row in read(screens.shown.attachment.contents)[2:]] == [[line] for line in waiting]
    await screens.type(f"/history {card.profile_id}")
    assert (await screens.tap("⏳ Waiting · 3")).startswith(waiting[0])
