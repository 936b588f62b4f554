"""Lost passwords on the pages: the request, the one-time link, and what the learner is told."""

import pytest

from core.services import password_links, people, policies
from core.services.policies import Switch
from tests.support.account import Office
from tests.support.site import PASSWORD, Answer, Form, Site, Visitor

NEW = "another five quiet words"
LOST = "Forgotten your password?"


@pytest.fixture
async def anna(office: Office, site: Site) -> Visitor:
    """A learner who has just signed up."""
    visitor = site.visitor()
    await visitor.sign_up((await office.profile()).token)
    return visitor


@pytest.fixture
async def page(office: Office, anna: Visitor) -> str:  # noqa: ARG001 - she is there
    """The path of a link that the owner made for Anna."""
    found = await office.engine.read(people.find, office.owner_id, "anna@example.com")
    made = await office.engine.write(password_links.make, office.owner_id, found, office.engine.now())
    return f"/password/{made.code}"


async def save(visitor: Visitor, page: str, password: str = NEW) -> Answer:
    form = await visitor.open_form(page)
    return await send(visitor, form, password)


async def send(visitor: Visitor, form: Form, password: str) -> Answer:
    return await visitor.post(form.path, {"form_token": form.token, "password": password})


async def ask(visitor: Visitor, identifier: str) -> Answer:
    form = await visitor.open_form("/password")
    return await visitor.post(form.path, {"form_token": form.token, "identifier": identifier})


async def test_a_link_sets_a_new_password_and_logs_in(site: Site, anna: Visitor, page: str) -> None:
    visitor = site.visitor()
    answer = await save(visitor, page)
    assert (answer.status, answer.location) == (303, "/courses")
    assert (await visitor.get("/courses")).heading == "My Courses"
    assert (await anna.get("/courses")).location == "/login?next=/courses"  # her other log-ins have ended
    assert (await site.visitor().log_in("anna@example.com", PASSWORD)).status == 422
    assert (await site.visitor().log_in("anna@example.com", NEW)).location == "/courses"


async def test_the_page_names_the_account_for_password_managers(site: Site, page: str) -> None:
    shown = await site.visitor().get(page)
    identifier, password = shown.field("identifier"), shown.field("password")
    assert (identifier["autocomplete"], identifier["value"]) == ("username", "anna@example.com")
    assert "readonly" in identifier
    assert password["autocomplete"] == "new-password"
    assert shown.texts("label", **{"for": "password"}) == ["New password"]


async def test_opening_it_uses_nothing(site: Site, page: str) -> None:
    for _ in range(3):
        assert (await site.visitor().get(page)).status == 200


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("", "Enter a password"),
        ("short", "Password must be 8 characters or more"),
        ("x" * 129, "Password must be 128 characters or fewer"),
    ],
)
async def test_a_password_that_the_form_refuses_is_refused_here(
    site: Site, page: str, password: str, sentence: str
) -> None:
    answer = await save(site.visitor(), page, password)
    assert answer.status == 422
    assert answer.texts("p", id="password-problem") == [sentence]
    assert answer.texts("title")[0].startswith("Error:")


async def test_strong_passwords_are_asked_for_here_too(office: Office, site: Site, page: str) -> None:
    await office.engine.write(policies.switch, office.owner_id, Switch.STRONG_PASSWORDS, office.engine.now(), on=True)
    assert (await save(site.visitor(), page, "annaanna")).status == 422
    assert (await save(site.visitor(), page)).status == 303


async def test_a_used_link_says_so_and_leads_on(site: Site, page: str) -> None:
    form = await site.visitor().open_form(page)
    await save(site.visitor(), page)
    for answer in (await site.visitor().get(page), await site.visitor().post(page, {"form_token": form.token})):
        assert (answer.status, answer.heading) == (410, "This link no longer works")
        assert answer.elements("a", href="/password")


async def test_a_link_from_another_browser_is_asked_for_again(site: Site, page: str) -> None:
    form = await site.visitor().open_form(page)
    answer = await send(site.visitor(), form, NEW)
    assert answer.status == 403
    assert (await save(site.visitor(), page)).status == 303


async def test_an_inactive_user_sets_a_password_and_reads_why_it_does_not_work_yet(
    office: Office, site: Site, page: str
) -> None:
    found = await office.engine.read(people.find, office.owner_id, "anna@example.com")
    await office.engine.write(people.deactivate, office.owner_id, found, office.engine.now())
    answer = await save(site.visitor(), page)
    assert (answer.status, answer.heading) == (403, "Your new password is saved")
    await office.engine.write(people.activate, office.owner_id, found, office.engine.now())
    assert (await site.visitor().log_in("anna@example.com", NEW)).status == 303


async def test_the_learner_reads_of_the_link_until_they_say_so(site: Site, page: str) -> None:
    visitor = site.visitor()
    await save(visitor, page)
    told = await visitor.get("/courses")
    assert "your administrator made a link" in told.body
    token = told.elements("input", name="form_token")[0].attributes["value"]
    assert "your administrator made a link" in (await visitor.get("/courses")).body
    answer = await visitor.post("/me/password-link-read", {"form_token": token})
    assert answer.location == "/courses"
    assert "your administrator made a link" not in (await visitor.get("/courses")).body


async def test_one_link_takes_a_bounded_number_of_forms(office: Office, site: Site, page: str) -> None:
    await office.engine.write(policies.switch, office.owner_id, Switch.STRONG_PASSWORDS, office.engine.now(), on=True)
    visitor = site.visitor()
    form = await visitor.open_form(page)
    assert [(await send(visitor, form, "annaanna")).status for _ in range(21)] == [422] * 20 + [429]


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("identifier", ["anna", "nobody@example.com", "nobody", "x OR 1=1"])
async def test_the_answer_to_a_request_is_the_same_whether_there_is_such_an_account_or_not(
    site: Site, identifier: str
) -> None:
    known, asked = await ask(site.visitor(), "anna@example.com"), await ask(site.visitor(), identifier)
    assert (asked.status, asked.heading) == (200, "Your request is sent")
    assert asked.texts("p") == [text.replace("anna@example.com", identifier) for text in known.texts("p")]
    assert known.headers.keys() == asked.headers.keys()


async def test_an_empty_request_says_what_is_missing(site: Site) -> None:
    answer = await ask(site.visitor(), "  ")
    assert answer.status == 422
    assert answer.texts("p", id="identifier-problem") == ["Enter your email address or login"]


async def test_requests_for_one_account_are_limited(site: Site) -> None:
    for _ in range(3):
        assert (await ask(site.visitor(), "anna@example.com")).status == 200
    answer = await ask(site.visitor(), "ANNA@example.com")
    assert (answer.status, answer.headers["Retry-After"]) == (429, "1200")
    assert (await ask(site.visitor(), "boris@example.com")).status == 200


async def test_requests_from_one_network_are_limited(site: Site) -> None:
    answers = [(await ask(site.visitor(), f"{number}@example.com")).status for number in range(21)]
    assert answers == [200] * 20 + [429]


@pytest.mark.usefixtures("anna")
async def test_the_way_to_it_is_on_every_page_that_asks_for_a_password(office: Office, site: Site) -> None:
    wrong = await site.visitor().log_in("anna@example.com", "not her password")
    taken = await site.visitor().sign_up((await office.profile(name="Other")).token)
    assert taken.status == 409
    for page in (await site.visitor().get("/login"), wrong, taken):
        assert [link.attributes["href"] for link in page.elements("a") if LOST in "".join(link.text)]


async def test_password_managers_find_it(site: Site) -> None:
    answer = await site.visitor().get("/.well-known/change-password")
    assert (answer.status, answer.location) == (303, "/password")


async def test_no_other_code_opens_anything(site: Site) -> None:
    for code in ("a" * 43, "_" * 43):
        assert (await site.visitor().get(f"/password/{code}")).status == 410
    assert (await site.visitor().get("/password/short")).status == 404
