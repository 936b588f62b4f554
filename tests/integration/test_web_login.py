"""Logging in and out."""

import pytest
from sqlalchemy import func, select, update

from core.engine import Engine
from core.services.page_settings import PageSetting
from core.services.sessions import LIFETIME
from core.storage.tables import User, WebSession
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.site import PASSWORD, Answer, Site, Visitor

WRONG = "The email address, login or password is wrong. Try again. Forgotten your password?"


@pytest.fixture
async def token(office: Office) -> str:
    return (await office.profile()).token


@pytest.fixture
async def anna(office: Office, site: Site, token: str) -> Visitor:
    """A learner who has just signed up, with the login anna.b."""
    await office.set_page(PageSetting.LOGIN, "optional")
    visitor = site.visitor()
    await visitor.sign_up(token, login="anna.b")
    return visitor


async def deactivate_learners(engine: Engine) -> None:
    await engine.write(
        lambda session: session.execute(update(User).where(User.role == "learner").values(state="inactive"))
    )


@pytest.mark.usefixtures("anna")
async def test_one_logs_in_with_the_e_mail_address_or_the_login(site: Site) -> None:
    for identifier in ("anna@example.com", " Anna@Example.com ", "anna.b", "ANNA.B"):
        visitor = site.visitor()
        answer = await visitor.log_in(identifier)
        assert (answer.status, answer.location) == (303, "/courses")
        assert (await visitor.get("/courses")).heading == "My Courses"


@pytest.mark.usefixtures("anna")
async def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(site: Site) -> None:
    def seen(answer: Answer) -> tuple[int, list[str], bool]:
        return answer.status, answer.texts("p", role="alert"), "session" in answer.cookies

    wrong, unknown = (
        await site.visitor().log_in("anna@example.com", "not her password"),
        await site.visitor().log_in("nobody@example.com", PASSWORD),
    )
    assert seen(wrong) == seen(unknown) == (422, [WRONG], False)
    assert wrong.field("identifier")["value"] == "anna@example.com"
    assert "value" not in wrong.field("password")


@pytest.mark.usefixtures("anna")
async def test_log_in_leads_on_to_the_page_that_was_wanted(site: Site) -> None:
    answer = await site.visitor().log_in("anna.b", to="/courses/archive")
    assert answer.location == "/courses/archive"


@pytest.mark.usefixtures("anna")
async def test_log_in_leads_to_no_other_site(site: Site) -> None:
    elsewhere = [
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        "http://[",
        "evil.example",
        " //evil.example",
        "///evil.example",
        "/%0d%0aSet-Cookie:session=x/../..//evil.example",
    ]
    assert [(await site.visitor().log_in("anna.b", to=to)).location for to in elsewhere] == ["/courses"] * len(
        elsewhere
    )
    shown = await site.visitor().send("GET", "/login", params={"next": "//evil.example"})
    assert shown.field("next")["value"] == "/courses"


async def test_a_stranger_is_led_from_my_courses_to_log_in_and_back(site: Site, anna: Visitor) -> None:
    await anna.log_out()
    answer = await anna.get("/courses")
    assert (answer.status, answer.location) == (303, "/login?next=/courses")
    assert (await anna.get("/")).location == "/courses"
    assert (await anna.post("/courses/1/progress", {"progress": "started"})).location == "/login?next=/courses"
    assert (await site.visitor().get(answer.location)).field("next")["value"] == "/courses"


async def test_log_out_ends_the_session_in_the_database(site: Site, office: Office, anna: Visitor) -> None:
    async def sessions() -> int:
        return await office.engine.read(
            lambda session: session.scalars(select(func.count()).select_from(WebSession)).one()
        )

    stolen = {cookie.key: cookie.value for cookie in anna.http.cookie_jar}
    before = await sessions()
    answer = await anna.log_out()
    assert (answer.status, answer.location, before, await sessions()) == (303, "/login", 1, 0)
    assert answer.cookies["session"]["max-age"] == "0"
    assert (await site.visitor().send("GET", "/courses", cookies=stolen)).status == 303


async def test_a_log_in_expires(anna: Visitor, clock: Clock) -> None:
    clock.advance(seconds=LIFETIME.total_seconds())
    assert (await anna.get("/courses")).status == 303


async def test_a_new_log_in_of_a_browser_ends_its_old_one(site: Site, token: str, anna: Visitor) -> None:
    old = {cookie.key: cookie.value for cookie in anna.http.cookie_jar}
    form = await anna.open_form(f"/s/{token}?for=another")
    await anna.fill(form, "boris@example.com", first_name="Boris")
    assert (await anna.get("/courses")).texts("span", **{"class": "who"}) == ["Boris"]
    assert (await site.visitor().send("GET", "/courses", cookies=old)).status == 303


async def test_an_inactive_user_cannot_log_in_and_is_told_why_once_the_password_was_right(
    office: Office, site: Site, anna: Visitor
) -> None:
    await deactivate_learners(office.engine)
    right, wrong = await site.visitor().log_in("anna.b"), await site.visitor().log_in("anna.b", "not her password")
    assert (right.status, "session" in right.cookies) == (403, False)
    assert right.texts("p", role="alert")[0].startswith("Your account isn't active. Ask")
    assert (wrong.status, wrong.texts("p", role="alert")) == (422, [WRONG])
    assert (await anna.get("/courses")).status == 303


@pytest.mark.parametrize(
    ("identifier", "password", "sentences"),
    [
        ("", "", ["Enter your email address or login", "Enter your password"]),
        (" ", "a long secret", ["Enter your email address or login"]),
        ("anna.b", "", ["Enter your password"]),
    ],
)
async def test_an_empty_field_of_the_log_in_is_named(
    site: Site, identifier: str, password: str, sentences: list[str]
) -> None:
    answer = await site.visitor().log_in(identifier, password)
    assert (answer.status, answer.texts("p", **{"class": "problem"})) == (422, sentences)
    assert answer.texts("p", role="alert") == []
