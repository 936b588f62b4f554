"""A profile that moved to another department: its earlier manager reads it, and is told why they can't change it."""

from dataclasses import dataclass

import pytest

from bot.input.callback_data import pack
from bot.receiving.routes import COMMANDS
from core.domain.access import Permission, Role
from core.engine import Engine
from core.services import courses, departments, policies, profile_editing, waiting_sign_ups
from core.services.policies import Switch
from core.services.profile_editing import Change, EditedField
from tests.support.account import Office
from tests.support.permission_matrix import contents
from tests.support.router_fixture import Counter
from tests.support.rows import a_manager, a_user, transfer

MANAGER = 2002
REFUSED = "You can read “Autumn sales” (#1) but not change it, because it belongs to Support now."
READING_LINES = {"/profile 1": "Support", "/history 1": "Anna Berzina"}
READING_BUTTONS = {"profile:1": "Support", "history:1": "Anna Berzina", "export:1:csv": "anna@example.com"}
CHANGING_LINES = (
    "/expect 1",
    "/missing 1",
    "/send 1",
    "/editprofile 1",
    "/editprofile 1 limit 5",
    "/editprofile 1 end 2020-01-01",
    "/editprofile 1 department Sales",
    "/pause 1",
    "/resume 1",
    "/deleteprofile 1",
    "/duplicate 1 | Winter sales",
    "/addlink 1 | Riga office",
    "/renamelink 1 | Riga office | Riga",
    "/card 1",
    "/waiting 1",
    "/return 1",
)
NOT_OF_ONE_PROFILE = {"/waiting 1", "/return 1"}


@dataclass(frozen=True)
class Moved:
    """The desk, and the number of the person who waits for approval."""

    counter: Counter
    waiting: int
    token: str


@pytest.fixture
async def moved(office: Office, engine: Engine) -> Moved:
    """Move a profile with a learner and a person who waits out of its manager's departments."""
    await a_manager(engine, "Sales", telegram_id=MANAGER)
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    card = await office.profile(department="Sales")
    await office.sign_up(card.token)
    await engine.write(policies.switch, office.owner_id, Switch.APPROVAL, engine.now(), on=True)
    waiting = await office.sign_up(card.token, "bruno@example.com")
    change = Change(field=EditedField.DEPARTMENT, value="Support")
    await engine.write(profile_editing.edit, office.owner_id, card.profile_id, change, engine.now())
    return Moved(counter=Counter(engine), waiting=waiting.user_id, token=card.token)


def changing_buttons(moved: Moved) -> list[str]:
    return [
        "edit:1",
        "save:1:limit:5:abcdefgh",
        "save:1:department:2:abcdefgh",
        "close:1",
        "pause:1",
        "resume:1",
        "links:1",
        f"link:1:{moved.token}",
        "link-add:1",
        f"link-name:1:{moved.token}",
        "live-cards:1",
        "qr:1",
        f"qr:1:{moved.token}",
        "relink:1",
        f"relink!:1:{moved.token}",
        "duplicate:1:1",
        f"drop:{pack([1])}",
        f"end!:{pack([1])}abcd",
        "waiting:0:1",
        "return:1",
        "return!:1:",
        f"approve:{moved.waiting}",
        f"decline:{moved.waiting}",
        f"decline!:{moved.waiting}",
    ]


def test_no_command_on_a_profile_is_left_out() -> None:
    of_a_profile = {command.name for command in COMMANDS if command.by_profile_number}
    tried = {line.split()[0].removeprefix("/") for line in (*READING_LINES, *CHANGING_LINES)}
    assert of_a_profile <= tried


async def test_every_line_and_button_that_changes_it_says_that_it_can_only_be_read(
    moved: Moved, engine: Engine
) -> None:
    before = await contents(engine)
    for line in CHANGING_LINES:
        assert REFUSED in await moved.counter.line(MANAGER, line), line
    for button in changing_buttons(moved):
        assert REFUSED in await moved.counter.tap(MANAGER, button), button
    assert await contents(engine) == before


async def test_it_is_still_read(moved: Moved) -> None:
    for line, shown in READING_LINES.items():
        assert shown in await moved.counter.line(MANAGER, line), line
    for button, shown in READING_BUTTONS.items():
        assert shown in await moved.counter.tap(MANAGER, button), button


async def test_its_card_says_who_can_change_it_by_name_within_ones_departments_only(
    moved: Moved, engine: Engine
) -> None:
    assert "It can be changed by account administrators." in await moved.counter.line(MANAGER, "/profile 1")
    sven = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Support", name="Sven")
    heard = await moved.counter.line(MANAGER, "/profile 1")
    assert "It can be changed by the managers of Support." in heard
    assert "Sven" not in heard
    await transfer(engine, sven, "Sales")
    assert "It can be changed by Sven Meier." in await moved.counter.line(MANAGER, "/profile 1")


async def test_a_department_a_course_and_a_person_say_who_can_change_what_a_manager_only_reads(
    moved: Moved, office: Office, engine: Engine
) -> None:
    branches = await engine.read(departments.tree, office.owner_id)
    sales = next(each for each in branches if each.path == ("Sales",))
    heard = await moved.counter.tap(MANAGER, f"department:{sales.department_id}:0")
    assert "Account administrators can rename, move or delete it." in heard
    peer = await a_user(engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales")
    await transfer(engine, peer, "Sales")
    assert "Only account administrators can change this person." in await moved.counter.tap(MANAGER, f"person:{peer}")
    await engine.write(courses.add_rule, office.owner_id, "Support", "Safety first", engine.now())
    teacher = 2003
    await a_user(engine, Role.CUSTOM, "Sales", permissions=[Permission.MANAGE_COURSES], telegram_id=teacher)
    heard = await moved.counter.tap(teacher, "course:1")
    assert "Other departments give it, too: account administrators can change it." in heard


async def test_its_card_and_history_offer_nothing_that_changes_it(moved: Moved) -> None:
    heard = await moved.counter.line(MANAGER, "/profile 1") + await moved.counter.line(MANAGER, "/history 1")
    offered = {word.split(":")[0] for word in heard.split("'callback_data': '")[1:]}
    assert offered <= {"profile", "profiles", "history", "export", "person"}


async def test_a_profile_that_was_never_theirs_is_still_answered_as_if_it_did_not_exist(
    moved: Moved, office: Office
) -> None:
    await office.profile(name="Secret", department="Support")
    for line in CHANGING_LINES:
        if line not in NOT_OF_ONE_PROFILE:
            heard = await moved.counter.line(MANAGER, line.replace(" 1", " 2", 1))
            assert "You have no profile #2." in heard, line
            assert "Secret" not in heard, line


async def test_an_approval_that_moved_away_is_answered_by_its_new_managers_only(moved: Moved, engine: Engine) -> None:
    support = await a_manager(engine, "Support")
    found = await engine.read(waiting_sign_ups.listing, support, "", engine.now())
    assert [each.user_id for each in found.waiting] == [moved.waiting]
