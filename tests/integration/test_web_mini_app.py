"""The Mini App: it believes what Telegram signs, once, and shows the form and My Courses inside Telegram."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.outbox import Kind
from core.engine import Engine
from core.services import outbox, people, policies
from core.services.pending_sign_ups import approve
from core.services.policies import Switch
from core.storage.tables import TelegramConnection, User
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.mini_app import DARK, open_app, told
from tests.support.site import PASSWORD, Answer, Site, Visitor, open_site, sign_ups, tally

HTTPS = "https://signup.example.org"


@pytest.fixture
async def secure(engine: Engine) -> AsyncIterator[Site]:
    """The pages as behind a proxy with TLS, with a bot's token."""
    async with open_site(engine, public_url=HTTPS, bot_token="123456:" + "a" * 35) as site:
        yield site


async def connections(engine: Engine) -> list[tuple[int, bool]]:
    def read(session: Session) -> list[tuple[int, bool]]:
        rows = session.execute(select(TelegramConnection.telegram_id, TelegramConnection.may_write))
        return [(row.telegram_id, row.may_write) for row in rows]

    return await engine.read(read)


async def fill(visitor: Visitor, token: str, email: str = "nina@example.com") -> Answer:
    """Open the form inside the Mini App, and send it as it is but for address and password."""
    page = await visitor.get(f"/m/s/{token}")
    values = {name: page.field(name)["value"] for name in ("form_token", "first_name", "last_name")}
    return await visitor.post(f"/m/s/{token}", {**values, "email": email, "password": PASSWORD})


async def test_the_page_that_telegram_opens_only_posts_what_it_is_told(office: Office, site: Site) -> None:
    token = (await office.profile()).token
    page = await site.visitor().get(f"/m?tgWebAppStartParam={token}")
    assert page.status == 200
    [form] = page.elements("form")
    assert (form.attributes["action"], form.attributes["data-outside"].endswith(f"/s/{token}")) == ("/m", True)
    assert page.field("link")["value"] == token
    [script] = page.elements("script")
    code = await site.visitor().get(script.attributes["src"])
    assert code.status == 200
    assert len(code.body) < 1300
    assert page.texts("a", href=form.attributes["data-outside"]) == ["Open in browser"]  # without scripts


async def test_the_form_knows_the_persons_name_and_language(office: Office, site: Site) -> None:
    token, nina = (await office.profile()).token, site.visitor()
    opened = await open_app(nina, office.engine, link=token)
    assert (opened.status, opened.location) == (303, f"/m/s/{token}")
    page = await nina.get(opened.location)
    assert page.heading == "Создайте учётную запись"
    assert [page.field(name)["value"] for name in ("first_name", "last_name", "email")] == ["Nina", "Новак", ""]


async def test_the_links_own_parameter_is_signed_and_goes_first(office: Office, site: Site) -> None:
    opened = await open_app(
        site.visitor(), office.engine, link="other", init_data=told(office.engine.now(), start="mine")
    )
    assert opened.location == "/m/s/mine"


async def test_signing_up_leads_to_my_courses_inside_and_back_from_telegram(office: Office, site: Site) -> None:
    token, nina = (await office.profile()).token, site.visitor()
    await open_app(nina, office.engine, link=token)
    done = await fill(nina, token)
    assert (done.status, done.location) == (303, "/m/courses")
    assert (await nina.get("/m/courses")).status == 200
    assert await tally(office.engine) == sign_ups(1)
    assert await connections(office.engine) == [(1003, True)]

    claimed = await office.engine.write(outbox.claim, "holder", office.engine.now())
    assert (Kind.ACCOUNT_READY, 1003, "ru") in [(each.kind, each.chat_id, each.language) for each in claimed]

    again = site.visitor()  # another day, another browser: Telegram says who it is
    assert (await open_app(again, office.engine)).location == "/m/courses"
    assert (await again.get("/m/courses")).status == 200
    assert (await again.get("/courses")).status == 303  # the other pages don't know of it


async def test_a_language_chosen_on_the_form_goes_before_that_of_telegram(office: Office, site: Site) -> None:
    token, nina = (await office.profile()).token, site.visitor()
    await open_app(nina, office.engine, link=token)
    await nina.get(f"/m/s/{token}?lang=es")
    await fill(nina, token)
    claimed = await office.engine.write(outbox.claim, "holder", office.engine.now())
    assert (Kind.ACCOUNT_READY, "es") in [(each.kind, each.language) for each in claimed]


@pytest.mark.usefixtures("office")
async def test_a_learner_in_telegram_gets_no_right_in_the_chat(office: Office, site: Site) -> None:
    token, nina = (await office.profile()).token, site.visitor()
    await open_app(nina, office.engine, link=token)
    await fill(nina, token)
    assert await office.engine.read(people.by_telegram_id, 1003) is None


async def test_the_first_account_of_a_telegram_stays_its_own(office: Office, site: Site) -> None:
    token, nina = (await office.profile()).token, site.visitor()
    await open_app(nina, office.engine, link=token)
    await fill(nina, token)
    await open_app(nina, office.engine, link=token)
    page = await nina.get(f"/m/s/{token}?for=another&lang=en")
    assert page.field("first_name")["value"] == ""
    values = {"form_token": page.field("form_token")["value"], "first_name": "Otto", "last_name": "Other"}
    await nina.post(f"/m/s/{token}", {**values, "email": "otto@example.com", "password": PASSWORD})
    assert await connections(office.engine) == [(1003, True)]
    assert await tally(office.engine) == sign_ups(2)


async def test_one_who_waits_for_approval_hears_of_it_in_telegram(office: Office, site: Site) -> None:
    await office.engine.write(policies.switch, office.owner_id, Switch.APPROVAL, office.engine.now(), on=True)
    token, nina = (await office.profile()).token, site.visitor()
    await open_app(nina, office.engine, link=token)
    waiting = await fill(nina, token)
    assert waiting.location.startswith("/m/w/")
    assert (await nina.get(waiting.location)).status == 200
    form = await nina.get(f"{waiting.location}?change")
    changed = {"form_token": form.field("form_token")["value"], "email": "other@example.com"}
    assert (await nina.post(f"{waiting.location}/change", changed)).location == f"{waiting.location}?note=changed"
    user_id = await office.engine.read(
        lambda session: session.scalars(select(User.id).where(User.email == "other@example.com")).one()
    )
    kinds = {message.kind for message in await office.engine.write(outbox.claim, "holder", office.engine.now())}
    assert Kind.ACCOUNT_READY not in kinds
    assert (await open_app(site.visitor(), office.engine)).status == 200  # no account yet
    await office.engine.write(approve, office.owner_id, user_id, office.engine.now())
    claimed = await office.engine.write(outbox.claim, "holder", office.engine.now())
    assert (Kind.ACCOUNT_READY, 1003) in [(message.kind, message.chat_id) for message in claimed]


async def test_a_learner_whose_bot_is_blocked_is_no_longer_connected(office: Office, site: Site) -> None:
    token, nina = (await office.profile()).token, site.visitor()
    await open_app(nina, office.engine, link=token)
    await fill(nina, token)
    await office.engine.write(outbox.chat_lost, 1003, office.engine.now())
    assert await connections(office.engine) == []


@pytest.mark.usefixtures("office")
async def test_without_an_account_and_a_link_the_page_says_what_to_do(engine: Engine, site: Site) -> None:
    opened = await open_app(site.visitor(), engine, language_code="en")
    assert (opened.status, opened.heading) == (200, "You have no account here yet")


@pytest.mark.usefixtures("office")
async def test_forged_data_is_refused(engine: Engine, site: Site) -> None:
    for data in ("", "user=1", told(engine.now(), token="1:another bot's"), told(engine.now()).replace("1003", "1001")):
        refused = await open_app(site.visitor(), engine, init_data=data or "-")
        assert (refused.status, refused.heading, refused.cookies) == (403, "We can't tell who you are", {})


async def test_data_older_than_an_hour_is_refused(office: Office, site: Site, clock: Clock) -> None:
    data = told(clock())
    clock.advance(hours=1, seconds=1)
    refused = await open_app(site.visitor(), office.engine, init_data=data)
    assert (refused.status, refused.heading) == (403, "This window was open for too long")


@pytest.mark.usefixtures("office")
async def test_data_is_used_once_even_by_many_at_the_same_time(engine: Engine, site: Site) -> None:
    data = told(engine.now())
    answers = await asyncio.gather(*(open_app(site.visitor(), engine, init_data=data) for _ in range(8)))
    assert sorted(answer.status for answer in answers) == [200] + 7 * [403]
    assert {answer.heading for answer in answers if answer.status == 403} == {"This window was opened before"}


async def test_loading_the_window_again_goes_on(office: Office, site: Site, clock: Clock) -> None:
    token, nina, data = (await office.profile()).token, site.visitor(), told(clock())
    await open_app(nina, office.engine, link=token, init_data=data)
    await fill(nina, token)
    clock.advance(hours=2)
    assert (await open_app(nina, office.engine, init_data=data)).location == "/m/courses"
    assert (await nina.get("/m/courses")).status == 200


async def test_another_person_at_the_same_browser_is_not_taken_for_the_first(office: Office, site: Site) -> None:
    token, browser = (await office.profile()).token, site.visitor()
    await open_app(browser, office.engine, link=token)
    await fill(browser, token)
    await open_app(browser, office.engine, link=token, id=1004, first_name="Otto")
    assert (await browser.get("/m/courses")).location.startswith("/m/login")


async def test_a_course_opens_outside_by_a_link_for_an_hour(office: Office, site: Site, clock: Clock) -> None:
    token, nina = (await office.profile()).token, site.visitor()
    await open_app(nina, office.engine, link=token)
    await fill(nina, token)
    link = (await nina.get("/m/courses?lang=en")).elements("a", target="_blank")[0].attributes["href"]
    elsewhere = site.visitor()
    assert (await elsewhere.get(link)).location == "https://learn.example.com/safety"
    assert "Started" in (await nina.get("/m/courses")).body
    assert "/courses/" in (await elsewhere.get(link[:-1] + ("0" if link[-1] != "0" else "1"))).location
    clock.advance(hours=1, seconds=1)
    assert (await elsewhere.get(link)).location != "https://learn.example.com/safety"


async def test_the_pages_have_the_colours_of_telegram(office: Office, site: Site) -> None:
    token, nina = (await office.profile()).token, site.visitor()
    await open_app(nina, office.engine, link=token, theme=DARK)
    page = await nina.get(f"/m/s/{token}")
    [style] = page.elements("link", rel="stylesheet")
    assert "-17212b-" in style.attributes["href"]
    assert "--paper: #17212b" in (await nina.get(style.attributes["href"])).body
    assert page.elements("meta", name="color-scheme")[0].attributes["content"] == "dark"
    assert (await nina.get(style.attributes["href"].replace("17212b", "808080"))).status == 404


async def test_only_telegram_can_frame_it_and_only_this_route_runs_scripts(office: Office, site: Site) -> None:
    token, visitor = (await office.profile()).token, site.visitor()
    for path in ("/m", f"/m/s/{token}", "/m/nothing", "/m/courses"):
        inside = await visitor.get(path)
        policy = inside.headers["Content-Security-Policy"]
        assert "frame-ancestors https://web.telegram.org http://127.0.0.1:8081 http://localhost:8081" in policy
        assert "script-src 'self' 'sha256-" in policy
        assert "X-Frame-Options" not in inside.headers
    outside = await visitor.get(f"/s/{token}")
    assert "frame-ancestors 'none'" in outside.headers["Content-Security-Policy"]
    assert "script-src 'self'" not in outside.headers["Content-Security-Policy"]
    assert outside.headers["X-Frame-Options"] == "DENY"


async def test_the_cookie_is_accepted_in_a_frame_and_nowhere_else(office: Office, secure: Site) -> None:
    token, nina = (await office.profile()).token, secure.visitor(Host="signup.example.org")
    data = told(office.engine.now(), token="123456:" + "a" * 35)
    opened = await open_app(nina, office.engine, link=token, init_data=data)
    assert opened.status == 303
    set_cookie = opened.headers["Set-Cookie"]
    assert set_cookie.startswith("__Host-m=")
    assert {"Partitioned", "Secure", "HttpOnly", "SameSite=None", "Path=/"} <= set(set_cookie.split("; "))
    page = await nina.get("/m")
    assert page.headers["Content-Security-Policy"].endswith("frame-ancestors https://web.telegram.org")


@pytest.mark.usefixtures("office")
async def test_the_sandboxs_word_counts_on_this_machine_only(engine: Engine) -> None:
    async with open_site(engine, public_url=HTTPS) as site:
        answer = await open_app(site.visitor(Host="signup.example.org"), engine)
        assert (answer.status, answer.heading) == (403, "We can't tell who you are")
