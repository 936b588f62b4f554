"""The tree by line: added to, renamed, moved, pruned."""

from pathlib import Path

import pytest

from core.domain.access import Permission, Role
from core.domain.department_lists import MOST_LISTED
from core.rosters.grid import LARGEST
from core.services import department_removal, departments
from tests.support.account import Office
from tests.support.bot_fixture import MANAGER, Town
from tests.support.lines import typed
from tests.support.rows import a_manager, a_user

pytestmark = [pytest.mark.usefixtures("office"), pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


async def test_a_department_is_renamed_and_moved(town: Town) -> None:
    await town.owner.asks("/adddepartment Support")
    assert (await town.owner.asks("/renamedepartment Sales / EMEA | Europe")).text == "It is now Sales / Europe."
    await town.owner.asks("/movedepartment Sales / Europe | Support")
    await town.owner.taps("Move")
    assert (await town.owner.reads("below it.")).text == "It is now Support / Europe, with everything below it."


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("/movedepartment Sales / EMEA | /", "Move Sales / EMEA? It will be:\nEMEA"),
        ("/movedepartment Sales / EMEA |", "Move Sales / EMEA? It will be:\nEMEA"),
        ("/movedepartment sales/emea | support", "Move Sales / EMEA? It will be:\nSupport / EMEA"),
        ("/movedepartment Sales / EMEA | Sales", "It is already there: Sales / EMEA"),
        ("/movedepartment EMEA | Sales", "Sales / EMEA already exists."),
    ],
)
async def test_where_a_department_goes_is_asked_first(town: Town, line: str, question: str) -> None:
    for path in ("Support", "EMEA") if line.startswith("/movedepartment EMEA") else ("Support",):
        await town.owner.asks(f"/adddepartment {path}")
    assert (await town.owner.asks(line)).text.startswith(question)


async def test_the_question_names_what_moves_and_who_manages_it_from_then_on(office: Office, town: Town) -> None:
    await town.signs_up(office)
    await town.owner.asks("/adddepartment Support")
    await a_manager(office.engine, "Sales")
    await a_user(office.engine, Role.DEPARTMENT_ADMINISTRATOR, "Support", name="Rita")
    question = await town.owner.asks("/movedepartment Sales / EMEA | Support")
    assert question.text.splitlines() == [
        "Move Sales / EMEA? It will be:",
        "Support / EMEA",
        "",
        "1 person moves with it.",
        "1 sign-up profile moves with it.",
        "From then on, Rita Meier will manage it too.",
        "Maris Meier will no longer manage it.",
    ]


async def test_deleting_asks_first_and_names_what_goes_with_it(office: Office, town: Town) -> None:
    await office.profile()
    question = await town.owner.asks("/deletedepartment Sales")
    assert question.text.splitlines() == [
        "Delete Sales?",
        "",
        "1 department below it will be deleted too:",
        "· Sales / EMEA",
        "",
        "1 sign-up profile will be deleted too, with its link:",
        "· Autumn sales",
        "",
        "Its enrolment rules will be deleted too. People keep their courses.",
        "· Safety first",
    ]
    await town.owner.taps("Delete")
    await town.owner.reads("Sales is deleted.")
    assert "No departments yet." in (await town.owner.asks("/departments")).text


async def test_a_question_that_was_overtaken_is_answered_on_top(office: Office, town: Town) -> None:
    await town.owner.asks("/deletedepartment Sales / EMEA")
    await town.signs_up(office)
    await town.owner.taps("Delete")
    assert "there are people in it" in (await town.owner.is_told()).text


async def test_a_deleted_department_is_not_deleted_again(office: Office, town: Town) -> None:
    await town.owner.asks("/deletedepartment Sales / EMEA")
    await office.engine.write(department_removal.remove, office.owner_id, "Sales / EMEA", office.engine.now())
    await town.owner.taps("Delete")
    assert "This department no longer exists." in (await town.owner.is_told()).text


@pytest.mark.parametrize("since", ["a department", "a profile"])
async def test_what_came_after_the_question_is_not_deleted_with_the_department(
    office: Office, town: Town, since: str
) -> None:
    await town.owner.asks("/deletedepartment Sales")
    if since == "a department":
        await office.engine.write(departments.add, office.owner_id, "Sales / Riga", office.engine.now())
    else:
        await office.profile()
    await town.owner.taps("Delete")
    told = await town.owner.is_told()
    assert told.text == "This has changed since you were asked, so nothing was done. Please try again."
    named = "Sales / Riga" if since == "a department" else "1 sign-up profile"
    assert named in (await town.owner.reads("Delete Sales?")).text
    assert "Sales / EMEA" in [
        " / ".join(one.path) for one in await office.engine.read(departments.tree, office.owner_id)
    ]


async def test_a_move_that_means_something_else_by_now_moves_nothing(office: Office, town: Town) -> None:
    await town.owner.asks("/adddepartment Support")
    await town.owner.asks("/movedepartment Sales / EMEA | Support")
    await a_user(office.engine, Role.DEPARTMENT_ADMINISTRATOR, "Support", name="Rita")
    await town.owner.taps("Move")
    assert "nothing was done" in (await town.owner.is_told()).text
    assert "Rita Meier will manage it too." in (await town.owner.reads("Move Sales / EMEA? It will be:")).text
    assert "Sales / EMEA" in [
        " / ".join(one.path) for one in await office.engine.read(departments.tree, office.owner_id)
    ]


async def test_a_crowd_of_managers_is_named_in_part(office: Office, town: Town) -> None:
    await town.owner.asks("/adddepartment Support")
    for number in range(12):
        await a_user(office.engine, Role.DEPARTMENT_ADMINISTRATOR, "Support", name=f"Rita{number}")
    for number in range(3):
        await a_user(office.engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales", name="<&>" * 25 + str(number))
    question = (await town.owner.asks("/movedepartment Sales / EMEA | Support")).text.splitlines()
    assert question[-2].endswith("Rita8 Meier, Rita9 Meier, … and 2 more will manage it too.")
    assert question[-1].endswith("0 Meier, … and 2 more will no longer manage it.")


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        (
            "/adddepartment Outside",
            "/departments shows the ones that you can choose.\nYou can add departments below Sales.",
        ),
        ("/adddepartment EMEA", "Did you mean Sales / EMEA?\nYou can add departments below Sales.\n"),
    ],
)
async def test_who_may_not_add_a_department_is_told_where_they_may(
    office: Office, town: Town, line: str, answer: str
) -> None:
    may = [Permission.MANAGE_DEPARTMENTS]
    await a_user(office.engine, Role.CUSTOM, "Sales", telegram_id=MANAGER, permissions=may)
    assert answer in (await town.person(MANAGER).asks(line)).text


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/deletedepartment /", "The top of the tree can't be changed."),
        ("/deletedepartment Sales", "1 in it, 0 below it."),
        ("/deletedepartment Support", "Support / L2 can't be deleted: it is managed by Maris Meier."),
        ("/deletedepartment Sales / EMEAA", "/deletedepartment Sales / EMEA"),
        ("/renamedepartment Sales/EMEAA | Europe", "/renamedepartment Sales / EMEA | Europe"),
        ("/renamedepartment Sales / EMEA", "/renamedepartment Sales / EMEA | Europe"),
        ("/renamedepartment Sales / EMEA | a / b", "The name must not contain"),
        ("/movedepartment Sales | Sales / EMEA", "Sales can't move below itself."),
        ("/movedepartment Sales / EMEA", "/movedepartment Sales / EMEA | Support"),
        ("/movedepartment Sales | Suport", "/movedepartment Sales | Support"),
        ("/departments nowhere", "No department has “nowhere” in its path."),
    ],
)
async def test_a_mistake_is_told_with_what_would_be_right(office: Office, line: str, sentence: str) -> None:
    person = "/addperson Anna | Berzina | anna@example.com | Sales"
    await typed(office, person, "/adddepartment Support / L2")
    await a_manager(office.engine, "Support / L2")
    assert sentence in await typed(office, line)


async def test_departments_are_sent_as_a_file_shown_as_a_tree_and_added_below_one(town: Town) -> None:
    owner, samples = town.owner, Path(__file__).parent.parent / "samples"
    await owner.asks("/start")
    said = await owner.sends("tree.csv", b"Department\nSupport\n")
    await owner.reads("If it is a list of departments", after=said)
    await owner.taps("➕ Add departments")
    most = f"CSV or XLSX file ({MOST_LISTED} departments, {LARGEST // 1024**2} MiB at most)"
    assert most in (await owner.reads("paste your list")).text
    said = await owner.sends("tree.pdf", b"%PDF-1.7")
    await owner.reads("I can't read this kind of file.", after=said)
    name = "8-departments-merged-levels.xlsx"
    said = await owner.sends(name, (samples / name).read_bytes())
    preview = await owner.reads("Nothing is added yet.", after=said)
    assert preview.text.replace("\u2060", "").splitlines() == [
        f"{name}, sheet 2",
        "Read as: Division · Department · Team",
        "I left out row 1, above the header.",
        "I can't read row 8.",
        "Sales",
        "    ➕ APAC",
        "    EMEA",
        "        ➕ Riga",
        "        ➕ Tallinn",
        "➕ Support",
        "",
        "2 are there already.",
        "Nothing is added yet.",
    ]
    await owner.taps("Add 4 departments")
    await owner.reads("Added 4 departments:")
    await owner.asks("/departments support")
    await owner.taps("Support")
    await owner.reads("0 people in it")
    await owner.taps("➕ Add")
    await owner.reads("Below Support:")
    said = await owner.sends("below.csv", b"First line\nSecond line\n")
    await owner.reads("➕ Second line", after=said)
    await owner.taps("Add 2 departments")
    await owner.reads("· Support / Second line")
