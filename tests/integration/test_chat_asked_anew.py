"""Questions that carry only a number: when their facts have changed, they are asked anew in their place."""

import re

import pytest
from sqlalchemy.orm import Session

from core.domain.access import Role
from core.services import people
from core.storage.tables import User
from tests.support.account import Office
from tests.support.rosters import keep, listed, through
from tests.support.router_fixture import Counter
from tests.support.rows import a_user

OWNER = 1001
CHANGED = "changed since you were asked"

# What people read is the same on both databases; the use cases behind it run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def carried(heard: str, verb: str) -> str:
    found = re.search(rf"'callback_data': '({re.escape(verb)}:[^']*)'", heard)
    assert found, heard
    return found[1]


async def rename(office: Office, user_id: int) -> None:
    def run(session: Session) -> None:
        session.get_one(User, user_id).first_name = "Renamed"

    await office.engine.write(run)


async def send_link(desk: Counter, profile_id: int, *emails: str) -> None:
    await desk.tap(OWNER, f"send:{profile_id}")
    await desk.tap(OWNER, carried(await desk.line(OWNER, " ".join(emails)), "sendgo"))


async def test_a_role_is_asked_about_anew(office: Office) -> None:
    desk, number = Counter(office.engine), await a_user(office.engine, Role.LEARNER, name="Nora")
    first = carried(await desk.line(OWNER, f"/assign #{number} | administrator"), "role-give!")
    await rename(office, number)
    heard = await desk.tap(OWNER, first)
    assert CHANGED in heard
    assert "Make Renamed" in heard
    assert "The role is given" in await desk.tap(OWNER, carried(heard, "role-give!"))


async def test_several_people_are_asked_about_anew(office: Office) -> None:
    desk = Counter(office.engine)
    numbers = [await a_user(office.engine, Role.LEARNER, name=name) for name in ("Nora", "Olga")]
    line = f"/transfer {', '.join(f'#{number}' for number in numbers)} | Sales / EMEA"
    first = carried(await desk.line(OWNER, line), "people-change!")
    await rename(office, numbers[0])
    heard = await desk.tap(OWNER, first)
    assert CHANGED in heard
    assert "Renamed" in heard
    second = carried(heard, "people-change!")
    assert second != first
    assert "Renamed" in await desk.tap(OWNER, second)


async def test_a_new_address_is_asked_about_anew(office: Office) -> None:
    desk = Counter(office.engine)
    number = (await office.sign_up((await office.profile()).token)).user_id
    first = carried(await desk.line(OWNER, f"/correct #{number} | email | second@example.com"), "person-email!")

    def change(session: Session) -> None:
        session.get_one(User, number).email = "third@example.com"

    await office.engine.write(change)
    heard = await desk.tap(OWNER, first)
    assert CHANGED in heard
    assert "third@" in heard
    assert "second@" in await desk.tap(OWNER, carried(heard, "person-email!"))


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
