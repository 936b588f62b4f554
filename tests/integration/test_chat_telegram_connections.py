"""Learners connect their Telegram by a link of the pages, hear of their sign-up there, and stop it; no right comes."""

import asyncio

import pytest
from sqlalchemy.orm import Session

from core.services import (
    account,
    courses,
    password_links,
    pending_sign_ups,
    rule_application,
    status_pages,
    telegram_connections,
)
from core.services.page_settings import PageSetting
from core.storage.tables import User
from tests.support.account import Office, a_form
from tests.support.bot_fixture import PAGES, Town
from tests.support.clock import Clock
from tests.support.patience import PATIENCE
from tests.support.site import Site, Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CONNECTED = "Your Telegram is connected."


def _language(session: Session, user_id: int) -> str:
    return session.get_one(User, user_id).reading_language


async def offered(visitor: Visitor, path: str, action: str, **values: str) -> str:
    """Press the button on a page, and return the line that the link to the bot sends."""
    token = (await visitor.get(path)).elements("input", name="form_token")[-1].attributes["value"]
    page = await visitor.post(action, {"form_token": token, **values})
    assert page.elements("a", href=path)  # the way back
    [link] = [each.attributes["href"] for each in page.elements("a") if "t.me" in each.attributes["href"]]
    return f"/start {link.partition('?start=')[2]}"


async def test_a_learner_connects_once_by_a_link_and_stops_it(town: Town, office: Office) -> None:
    await town.owner.asks("/start")  # the bot is up
    visitor, nina, other = await town.visitor(), town.stranger, await town.arrives("Other")
    await visitor.sign_up((await office.profile()).token)
    line = await offered(visitor, "/me", "/me/telegram")
    assert "Connected with your account." in (await nina.asks(line)).text
    assert CONNECTED in (await visitor.get("/me")).body
    assert "invited people only" in (await other.asks(line)).text  # it was used
    assert "already connected with your account" in (await nina.asks(line)).text
    second = await town.visitor()
    await second.sign_up((await office.profile(name="Other")).token, "boris@example.com")
    assert "Connect Telegram" not in (await visitor.get("/courses")).texts("button")
    taken = await nina.asks(await offered(second, "/courses", "/me/telegram", **{"from": "courses"}))
    assert "connected with another account already" in taken.text
    assert "no messages here any more" in (await nina.asks("/stop")).text
    assert CONNECTED not in (await visitor.get("/me")).body


async def test_a_learner_who_writes_is_told_once_in_a_while_what_the_chat_is_for(
    town: Town, office: Office, clock: Clock
) -> None:
    await town.owner.asks("/start")
    await office.engine.write(account.rename, office.owner_id, "Acme", office.engine.now())
    visitor, nina = await town.visitor(), town.stranger
    await visitor.sign_up((await office.profile()).token)
    await nina.asks(await offered(visitor, "/me", "/me/telegram"))
    for text in ("hola", "/menu"):
        told = (await nina.asks(text)).text
        assert "Your Telegram is connected with your account at Acme." in told
        assert "Messages about your account and your courses come here." in told
        assert ("/stop" in told, f"{PAGES}/courses" in told) == (True, True)
        await nina.says("/profiles")  # is not answered
        await town.owner.asks("/profiles")
        clock.advance(hours=1)
    assert len([each for each in await nina.messages() if each.by_bot]) == 3
    assert "no messages here any more" in (await nina.asks("/stop")).text
    assert "invited people only" in (await nina.asks("hola")).text


@pytest.mark.deep
async def test_who_waits_is_told_in_telegram_what_becomes_of_it(town: Town, approving: Office) -> None:
    engine, owner_id = approving.engine, approving.owner_id
    await approving.set_page(PageSetting.CONTACT, "Ilze, room 4")
    await town.owner.asks("/start")
    people = [(town.stranger, "anna@example.com"), (await town.arrives("Other"), "boris@example.com")]
    waiting = []
    for person, email in people:
        visitor = await town.visitor()
        path = (await visitor.sign_up((await approving.profile(name=email)).token, email)).location
        line = await offered(visitor, path, f"{path}/telegram")
        assert "as soon as there is an answer" in (await person.asks(line)).text
        assert "Tell me in Telegram" not in (await visitor.get(path)).body
        found = await engine.read(status_pages.find, path.removeprefix("/w/"), engine.now())
        waiting.append(found.user_id or 0)
    await engine.write(pending_sign_ups.approve, owner_id, waiting[0], engine.now())
    await people[0][0].reads("Your account is ready.")
    await engine.write(pending_sign_ups.decline, owner_id, waiting[1], "no", engine.now())
    assert "Questions? Ilze, room 4" in (await people[1][0].reads("You were not let in.")).text


@pytest.mark.deep
async def test_who_blocks_the_bot_is_offered_to_connect_again(town: Town, office: Office) -> None:
    await town.owner.asks("/start")
    visitor, nina = await town.visitor(), town.stranger
    await visitor.sign_up((await office.profile()).token)
    await nina.asks(await offered(visitor, "/courses", "/me/telegram", **{"from": "courses"}))
    await nina.blocks()
    async with asyncio.timeout(PATIENCE):
        while CONNECTED in (await visitor.get("/me")).body:
            await asyncio.sleep(0.02)
    assert "Connect Telegram" in (await visitor.get("/courses")).texts("button")


@pytest.mark.deep
async def test_courses_that_come_later_are_told_once_they_are_settled(town: Town, office: Office, clock: Clock) -> None:
    engine, owner_id, nina = office.engine, office.owner_id, town.stranger
    await town.owner.asks("/start")
    visitor = await town.visitor()
    await visitor.sign_up((await office.profile()).token)
    await nina.asks(await offered(visitor, "/me", "/me/telegram"))
    await engine.write(courses.add, owner_id, "First aid", "https://learn.example.com/aid", "", engine.now())
    await engine.write(courses.add_rule, owner_id, "Sales", "First aid", engine.now())
    rule = await engine.read(rule_application.preview, owner_id, "Sales", "First aid")
    given = (owner_id, rule.department_id, rule.course_id)
    await engine.write(rule_application.apply, *given, clock.advance(minutes=1))
    assert not await engine.read(telegram_connections.any_new_courses, clock())
    clock.advance(minutes=2)
    await engine.write(telegram_connections.announce_courses, clock())
    told = await nina.reads("You have new courses.")
    assert "First aid" in told.text
    assert not await engine.read(telegram_connections.any_new_courses, clock())


async def test_a_telegrams_language_counts_only_for_who_has_not_signed_up(approving: Office) -> None:
    engine, now = approving.engine, approving.engine.now()
    await engine.write(telegram_connections.remember_bot, "gangway_bot")
    token = (await approving.profile()).token
    waiting = await approving.sign_up(token, "anna@example.com")
    learner = await approving.sign_up(token, "boris@example.com")
    await engine.write(pending_sign_ups.approve, approving.owner_id, learner.user_id, now)
    newcomer = a_form("carla@example.com").newcomer
    added = await engine.write(password_links.add_person, approving.owner_id, newcomer, "Sales", now)
    languages = []
    for user_id in (waiting.user_id, learner.user_id, added.user_id):
        code = str(await engine.write(telegram_connections.link, user_id, now)).partition("?start=")[2]
        await engine.write(telegram_connections.accept, code, 20_000 + user_id, "es", now)
        languages.append(await engine.read(_language, user_id))
    assert languages == ["en", "en", "es"]


@pytest.mark.deep
async def test_a_link_ends_with_its_hour_and_with_the_next_one(office: Office, site: Site) -> None:
    engine, visitor = office.engine, site.visitor()
    user_id = (await office.sign_up((await office.profile()).token)).user_id
    assert await engine.write(telegram_connections.link, user_id, engine.now()) is None  # no bot has run
    await visitor.log_in("anna@example.com")
    assert "Messages in Telegram" not in (await visitor.get("/me")).body
    await engine.write(telegram_connections.remember_bot, "gangway_bot")
    links = [await engine.write(telegram_connections.link, user_id, engine.now()) for _ in range(2)]
    codes = [str(link).removeprefix("https://t.me/gangway_bot?start=") for link in links]
    opened = [await engine.read(telegram_connections.is_open, code, engine.now()) for code in codes]
    assert opened == [False, True]
    late = engine.now() + telegram_connections.LIFETIME
    assert not await engine.read(telegram_connections.is_open, codes[1], late)
