"""The strangest and longest names in every place, and thousands of profiles: all fits, all is reachable.

The sandbox refuses what Telegram would: texts, captions, buttons and what they carry of more than their limits, and
tags or entities that are cut; a town at its end has had no call refused.
"""

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from core.services import history, policies
from core.services.departments import add as add_department
from core.services.policies import Switch
from core.storage import departments
from core.storage.tables import Link, Profile, ProfileDepartment
from tests.support.account import Office
from tests.support.bot_fixture import MANAGER, Town
from tests.support.crawler import MOST_LINES, MOST_ROWS
from tests.support.lines import ask
from tests.support.rosters import keep, listed, through
from tests.support.rows import a_manager, repoint, transfer

# What people read is the same on both databases; the journeys, and all of core, run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

PROFILES = 5_000
NAMES = {
    "markup": "<b>&lt;&amp;" + "&" * 188,
    "emoji": "👩‍👩‍👧" * 40,  # five code points each, eight bytes and more in UTF-16
    "right to left": "שלום " * 39 + "\u202eend",
    "wide": "🎉" * 200,
}


@pytest.mark.parametrize(
    "name",
    [NAMES["markup"], *(pytest.param(NAMES[name], marks=pytest.mark.deep) for name in list(NAMES)[1:])],
    ids=NAMES,
)
async def test_a_name_is_shown_in_every_place_that_it_can_be_in(office: Office, town: Town, name: str) -> None:
    owner = town.owner
    for line in (
        f"/settings name {name}",
        f"/adddepartment {name} / {name}",
        f"/addcourse {name} | https://example.com/{'x' * 150}",
        f"/addrule {name} / {name} | {name}",
        f"/addfield {name} | choice | choices A{name[:60]}, B{name[:60]}",
        f"/addrole {name} | manage sign-up profiles, manage people, receive digests",
    ):
        assert "The name must not contain" not in (await owner.asks(line)).text
    card = await owner.asks(f"/newprofile {name} | {name} / {name} | now - +1 week | 5")
    token = card.button("Copy link")["copy_text"]["text"].rsplit("/", 1)[-1]
    await owner.asks(f"/addlink 1 | {name}")
    answer = await office.sign_up(token)
    await owner.asks("/settings approval on")
    for email in ("boris@example.com", "clara@example.com"):
        await office.sign_up(token, email)
    await owner.asks(f"/settings privacy {name * 15}")
    await owner.asks(f"/addperson {name[:100]} | {name[:100]} | odd@example.com | {name} / {name}")
    await owner.asks(f"/invite {name} | {name}; {name} / {name}")
    for line in (
        *("/settings", "/departments", "/courses", "/fields", "/roles", "/invitations", "/log", "/people", "/profiles"),
        *("/profile 1", "/history 1", "/report", f"/person {answer.user_id}", "/person odd@example.com", "/return 1"),
        *(f"/check {token}", "/duplicate 1 | Other", "/deleteprofile 1 2", "/editprofile 1", f"/departments {name}"),
        *(f"/deletedepartment {name}", f"/profiles {name}", f"/people {name}", "/digest now"),
        *(f"/transfer odd@example.com | {name}", f"/assign odd@example.com | {name} | {name} / {name}"),
        *("/waiting", "/waiting 1", f"/waiting {name}"),
        *("/transfer odd@example.com | A" + name, f"/removerole {name}x", f"/removefield {name}x", f"/help {name}"),
    ):
        assert (await owner.asks(line)).text
    await owner.asks("/profile 1")
    for label in ("QR", "Who joined", "CSV", "XLSX"):
        await owner.taps(label)
        await owner.reads()
    assert len(await owner.queries("")) == 2  # the profile and its copy


async def test_a_history_with_all_that_it_can_have_is_one_phone_screen(office: Office, town: Town) -> None:
    engine, owner, manager = (
        office.engine,
        office.owner_id,
        await a_manager(office.engine, "Sales", telegram_id=MANAGER),
    )
    person = town.person(MANAGER)
    for each in (town.owner, person):
        await each.asks("/start")
    await engine.write(add_department, owner, "Support", engine.now())
    card = await office.profile(department="Support")
    await office.sign_up(card.token, "elsewhere@example.com")
    await repoint(engine, card.profile_id, "Sales / EMEA")
    await transfer(engine, (await office.sign_up(card.token, "gone@example.com")).user_id, "Support")
    for number in range(9):
        await office.sign_up(card.token, f"learner{number}@example.com")
    [newest, *_] = (await engine.read(history.page, manager, card.profile_id)).entries
    await engine.write(history.return_activation, owner, newest.activation_id, "by mistake", engine.now())
    await keep(engine, owner, through(card.profile_id), listed("learner1@example.com", "nobody@example.com"))
    await engine.write(policies.switch, owner, Switch.APPROVAL, engine.now(), on=True)
    await office.sign_up(card.token, "waiting@example.com")
    shown = await ask(town, f"/history {card.profile_id}", "9 sign-ups", person=person)
    assert len(shown.text.splitlines()) <= MOST_LINES
    assert len(shown.buttons) <= MOST_ROWS
    assert {"⏳ Waiting · 1", "Missing · 1", "Return an activation", "‹ Profile"} < set(shown.labels)
    await person.taps("Older ›")
    older = await person.reads("learner3")
    assert {"« Newest", "Older ›"} < set(older.labels)
    assert len(older.text.splitlines()) <= MOST_LINES
    assert len(older.buttons) <= MOST_ROWS


@pytest.mark.deep
async def test_five_thousand_profiles_turn_pages_and_are_found(office: Office, town: Town) -> None:
    await office.engine.write(_many_profiles, office)
    owner = town.owner
    assert (await owner.asks("/profiles")).text.startswith("5,000 profiles")
    for name in ("Profile 4996", "Profile 4992"):
        await owner.taps("›")
        turned = await owner.reads("5,000 profiles")
        assert any(name in label for label in turned.labels)
    assert (await owner.asks("/profiles 0007")).text.startswith("1 profile\n")
    found = set((await owner.asks("/profiles 000")).labels)
    for _ in range(3):
        await owner.taps("›")
        found |= set((await owner.reads("14 profiles")).labels)
    assert len([label for label in found if "Profile " in label]) == 14
    assert len(await owner.queries("profile")) == 20
    assert "and 4,997 more" in (await owner.asks("/timezone Asia/Tokyo")).text
    assert (await owner.asks("/report year")).text.startswith("0 sign-ups")
    await owner.asks("/digest now")
    await owner.reads("Nobody joined")


def _many_profiles(session: Session, office: Office) -> None:
    now, root = office.engine.now(), departments.root_id(session)
    numbers = range(1, PROFILES + 1)
    rows = [
        {
            "id": number,
            "name": f"Profile {number:04}",
            "name_key": f"profile {number:04}",
            "department_id": root,
            "starts_at": now,
            "ends_at": now.replace(year=2027),
            "activation_limit": 5,
            "created_by": office.owner_id,
            "created_at": now,
        }
        for number in numbers
    ]
    session.execute(insert(Profile), rows)
    session.execute(insert(ProfileDepartment), [{"profile_id": number, "department_id": root} for number in numbers])
    session.execute(insert(Link), [{"profile_id": number, "token": f"token{number:011}"} for number in numbers])
