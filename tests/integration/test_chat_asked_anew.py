"""Questions that carry only a number: when their facts have changed, they are asked anew in their place."""

import re
from dataclasses import dataclass

import pytest

from bot.receiving.kept_questions import KEPT
from core.services import people
from tests.support.account import Office
from tests.support.permission_matrix import contents
from tests.support.rosters import keep, listed, through
from tests.support.router_fixture import Counter

OWNER = 1001
CHANGED = "changed since you were asked"

# What people read is the same on both databases; the use cases behind it run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A line that asks, what is done meanwhile, with the button that confirms it, if any, and what is said then."""

    line: str
    meanwhile: tuple[tuple[str, str | None], ...]
    asked: str
    done: str


RENAMED = ("/correct anna@example.com | first name | Renamed", None)
ONE_LESS = ("/unenrol anna@example.com | Extra", None)  # one course less that comes from the department
CASES = {
    "course-save!": Case(
        line="/editcourse Extra | title | Ahoy",
        meanwhile=(("/editcourse Extra | title | Hello", "course-save!"),),
        asked="Change “Hello”: title?",
        done="Ahoy",
    ),
    "enrol!": Case(
        line="/enrol anna@example.com, boris@example.com | Other",
        meanwhile=(("/enrol anna@example.com | Other", None),),
        asked="Give “Other” to 1 person?",
        done="was given to",
    ),
    "people-change!": Case(
        line="/transfer anna@example.com, boris@example.com | Support",
        meanwhile=(RENAMED,),
        asked="Renamed",
        done="Renamed",
    ),
    "person-email!": Case(
        line="/correct anna@example.com | email | second@example.com",
        meanwhile=(("/correct anna@example.com | email | third@example.com", "person-email!"),),
        asked="third@",
        done="second@",
    ),
    "role-change!": Case(
        line="/changerole Listener | receive digests, read the log",
        meanwhile=(("/assign boris@example.com | Listener | Sales", "role-give!"),),
        asked="They could also: read the log",
        done="Listener",
    ),
    "role-give!": Case(
        line="/assign anna@example.com | administrator",
        meanwhile=(RENAMED,),
        asked="Make Renamed",
        done="The role is given",
    ),
    "transfer-keep!": Case(
        line="/transfer anna@example.com | Support",
        meanwhile=(ONE_LESS,),
        asked="Should they stay?",
        done="Courses kept",
    ),
    "transfer-take!": Case(
        line="/transfer anna@example.com | Support",
        meanwhile=(ONE_LESS,),
        asked="Should they stay?",
        done="Courses taken back",
    ),
    "unenrol!": Case(
        line="/unenrol anna@example.com, boris@example.com | Extra",
        meanwhile=(ONE_LESS,),
        asked="Take “Extra” back from 1 person?",
        done="was taken back",
    ),
}


async def a_desk(office: Office) -> Counter:
    """Let two learners come to a department that gives two courses, and let one person have a role."""
    desk = Counter(office.engine)
    for line in (
        "/addcourse Extra | https://learn.example.com/extra",
        "/addrule Sales | Extra",
        "/addcourse Other | https://learn.example.com/other",
        "/adddepartment Support",
        "/addrole Listener | receive digests",
    ):
        await desk.line(OWNER, line)
    token = (await office.profile()).token
    for name in ("anna", "boris", "cleo"):
        await office.sign_up(token, f"{name}@example.com")
    await desk.tap(OWNER, carried(await desk.line(OWNER, "/assign cleo@example.com | Listener | Sales"), "role-give!"))
    return desk


def carried(heard: str, verb: str) -> str:
    found = re.search(rf"'callback_data': '({re.escape(verb)}:[^']*)'", heard)
    assert found, heard
    return found[1]


async def send_link(desk: Counter, profile_id: int, *emails: str) -> None:
    await desk.tap(OWNER, f"send:{profile_id}")
    await desk.tap(OWNER, carried(await desk.line(OWNER, " ".join(emails)), "sendgo"))


@pytest.mark.parametrize("verb", sorted(KEPT))
async def test_a_question_whose_facts_have_changed_is_asked_anew_and_nothing_is_done_before(
    office: Office, verb: str
) -> None:
    desk, case = await a_desk(office), CASES[verb]
    first = carried(await desk.line(OWNER, case.line), verb)
    for line, confirming in case.meanwhile:
        answered = await desk.line(OWNER, line)
        if confirming:
            await desk.tap(OWNER, carried(answered, confirming))
    before = await contents(office.engine)
    heard = await desk.tap(OWNER, first)
    assert CHANGED in heard
    assert case.asked in heard
    assert await contents(office.engine) == before
    second = carried(heard, verb)
    assert second != first
    assert case.done in await desk.tap(OWNER, second)


async def test_who_has_moved_on_since_a_transfer_was_asked_about_is_shown(office: Office) -> None:
    engine, desk = office.engine, Counter(office.engine)
    number = (await office.sign_up((await office.profile()).token)).user_id
    await desk.line(OWNER, "/adddepartment Support")
    await desk.line(OWNER, "/adddepartment Sales / APAC")
    asked = await desk.line(OWNER, f"/transfer #{number} | Support")
    first = carried(asked, "transfer-keep!")
    await engine.write(people.transfer, office.owner_id, number, "Sales / APAC", engine.now())
    heard = await desk.tap(OWNER, first)
    assert CHANGED in heard
    assert "Sales / APAC" in heard


async def test_the_deletion_of_a_list_that_has_grown_is_asked_about_anew(office: Office) -> None:
    desk, of = Counter(office.engine), through((await office.profile()).profile_id)
    await keep(office.engine, office.owner_id, of, listed("anna@example.com"))
    first = carried(await desk.tap(OWNER, f"unexpect:{of.profile_id}"), "unexpected")
    await keep(office.engine, office.owner_id, of, listed("janis@example.com"))
    heard = await desk.tap(OWNER, first)
    assert CHANGED in heard
    assert "Delete the list of 2 people" in heard
    assert "The list is deleted" in await desk.tap(OWNER, carried(heard, "unexpected"))


async def test_who_was_added_since_a_replacement_was_previewed_is_not_replaced_unasked(office: Office) -> None:
    desk, of = Counter(office.engine), through((await office.profile()).profile_id)
    await keep(office.engine, office.owner_id, of, listed("anna@example.com"))
    await desk.tap(OWNER, f"expect:{of.profile_id}")
    preview = await desk.line(OWNER, "olga@example.com")
    assert "Replace the list of 1 by it" in preview
    await keep(office.engine, office.owner_id, of, listed("janis@example.com", "zoe@example.com"))
    heard = await desk.tap(OWNER, carried(preview, "rinstead"))
    assert CHANGED in heard
    assert "Replace the list of 3 by it" in heard
    assert "0 of 1 came" in await desk.tap(OWNER, carried(heard, "rinstead"))


async def test_the_withdrawal_of_a_link_that_was_sent_to_more_is_asked_about_anew(office: Office) -> None:
    desk, number = Counter(office.engine), (await office.profile()).profile_id
    await send_link(desk, number, "anna@example.com", "janis@example.com")
    first = carried(await desk.tap(OWNER, f"sendstop:{number}"), "sendstopped")
    await send_link(desk, number, "olga@example.com")
    heard = await desk.tap(OWNER, first)
    assert CHANGED in heard
    assert "from 3 people" in heard
    assert "withdrawn: 3" in await desk.tap(OWNER, carried(heard, "sendstopped"))
