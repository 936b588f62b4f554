"""The sign-up form behind a link: what it shows, when it is closed, what it takes."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from core.domain.form_fields import BUILT_IN
from core.services import account, policies, profile_editing, profile_links, profile_removal
from core.services.page_settings import PageSetting
from core.storage.tables import User
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.site import Site, sign_ups, tally


async def test_the_form_has_the_built_in_fields_with_their_autocomplete_tokens(office: Office, site: Site) -> None:
    await office.set_page(PageSetting.LOGIN, "optional")
    page = await site.visitor().get(f"/s/{(await office.profile()).token}")
    shown = {name: page.field(name) for name in (field.name for field in BUILT_IN)}
    assert (page.status, page.heading) == (200, "Create your account")
    assert {name: attributes["autocomplete"] for name, attributes in shown.items()} == {
        "first_name": "given-name",
        "last_name": "family-name",
        "email": "email",
        "login": "username",
        "password": "new-password",
        "phone": "tel",
        "job_title": "organization-title",
    }
    assert {name for name, attributes in shown.items() if "required" in attributes} == {
        "first_name",
        "last_name",
        "email",
        "password",
    }
    assert {name: shown[name]["type"] for name in ("email", "password", "phone")} == {
        "email": "email",
        "password": "password",
        "phone": "tel",
    }


async def test_every_field_has_a_label(office: Office, site: Site) -> None:
    await office.set_page(PageSetting.LOGIN, "optional")
    page = await site.visitor().get(f"/s/{(await office.profile()).token}")
    labelled = {label.attributes["for"] for label in page.elements("label")}
    assert labelled == {page.field(field.name)["id"] for field in BUILT_IN}


async def test_pages_carry_the_organisations_name(office: Office, site: Site) -> None:
    await office.engine.write(account.rename, office.owner_id, "Acme & Sons", office.engine.now())
    page = await site.visitor().get(f"/s/{(await office.profile()).token}")
    assert page.texts("title") == ["Create your account · Acme & Sons"]
    assert page.texts("span", **{"class": "organisation"}) == ["Acme & Sons"]


async def close(office: Office, clock: Clock, how: str) -> str:
    """Make a link that is closed for this reason, and give its token."""
    if how == "not yet open":
        return (await office.profile(window="2026-12-24 09:00 - 2026-12-24 18:00")).token
    card = await office.profile(limit="1", window="now - 2026-12-24 18:00")
    if how == "full":
        await office.sign_up(card.token, "first@example.com")
    elif how == "ended":
        clock.advance(days=32)
    elif how == "paused":
        await office.engine.write(profile_editing.pause, office.owner_id, card.profile_id, clock(), paused=True)
    elif how == "removed":
        await office.engine.write(profile_removal.remove, office.owner_id, [card.profile_id], clock())
    else:
        await office.engine.write(account.switch_sign_up, office.owner_id, office.engine.now(), on=False)
    return card.token


CLOSED = [
    ("sign-up off", 403, "Sign-up is closed", "It isn't possible to sign up with a link at the moment."),
    ("paused", 403, "This link is paused", "It doesn't work at the moment, and may work again later."),
    ("not yet open", 403, "This link isn't open yet", "It opens on 24 Dec 09:00 (UTC)."),
    ("ended", 410, "This link has ended", "It worked until 24 Dec 2026 18:00 (UTC)."),
    ("full", 410, "No places are left", "All places of this link are taken."),
    ("removed", 410, "This link was removed", "It no longer works."),
]


@pytest.mark.parametrize(("how", "status", "title", "reason"), CLOSED)
async def test_a_closed_link_says_why(
    office: Office, site: Site, clock: Clock, how: str, status: int, title: str, reason: str
) -> None:
    token = await close(office, clock, how)
    page = await site.visitor().get(f"/s/{token}")
    assert (page.status, page.heading, page.texts("p", **{"class": "reason"})) == (status, title, [reason])
    assert page.texts("a", href="/login") == ["Log in"]
    assert not page.elements("input", name="password")
    assert page.texts("h2") == ([] if how in ("removed", "replaced") else ["Ask for access"])


async def test_a_link_that_closes_while_its_form_is_open_says_why_and_makes_nothing(
    office: Office, site: Site, clock: Clock
) -> None:
    token, visitor = (await office.profile(window="now - 2026-12-24 18:00")).token, site.visitor()
    form = await visitor.open_link(token)
    clock.advance(days=32)
    answers = [
        await visitor.fill(form),
        await visitor.fill(form, email="wrong"),
        await visitor.fill(form, form_token=""),
    ]
    assert [(answer.status, answer.heading) for answer in answers] == [(410, "This link has ended")] * 3
    assert await tally(office.engine) == sign_ups(0)


async def test_an_unknown_link_is_not_found_and_names_no_organisation(office: Office, site: Site) -> None:
    await office.engine.write(account.rename, office.owner_id, "Acme", office.engine.now())
    visitor = site.visitor()
    for answer in (await visitor.get("/s/nobody-knows-this"), await visitor.post("/s/nobody-knows-this", {"a": "b"})):
        assert (answer.status, answer.heading) == (404, "Page not found")
        assert "Acme" not in answer.body


async def test_get_and_head_change_nothing(office: Office, site: Site) -> None:
    path = f"/s/{(await office.profile(limit='1')).token}"
    answers = [await site.visitor().send(method, path) for method in ("GET", "HEAD") * 3]
    assert [answer.status for answer in answers] == [200] * 6
    assert await tally(office.engine) == sign_ups(0)


async def test_a_form_with_mistakes_comes_back_with_its_values_and_names_every_problem(
    office: Office, site: Site
) -> None:
    await office.set_page(PageSetting.LOGIN, "optional")
    typed = {"first_name": " ", "login": "no spaces", "phone": "12", "password": "short", "job_title": 'Chef "de" <b>'}
    page = await site.visitor().sign_up((await office.profile()).token, "anna", **typed)
    problems = {name: page.texts("p", id=f"{name}-problem") for name in (field.name for field in BUILT_IN)}
    assert page.status == 422
    assert {name for name, problem in problems.items() if problem} == {
        "first_name",
        "email",
        "login",
        "password",
        "phone",
    }
    assert problems["password"] == ["Password must be 8 characters or more"]
    assert page.texts("div", role="alert")[0].startswith("There is a problem")
    assert page.texts("title") == ["Error: Create your account"]
    linked = {name: page.texts("a", href=f"#{name}") for name in problems}
    assert linked == problems  # the summary says of each field what stands at it
    assert (page.field("email")["value"], page.field("job_title")["value"]) == ("anna", 'Chef "de" <b>')
    assert "value" not in page.field("password")
    assert "short" not in page.texts("main")[0].split()
    assert await tally(office.engine) == sign_ups(0)


async def test_a_password_that_the_page_did_not_keep_is_asked_for_again(office: Office, site: Site) -> None:
    visitor, profile = site.visitor(), await office.profile()
    again = "Type your password again: this page doesn't keep it"
    assert again in (await visitor.sign_up(profile.token, "anna")).texts("main")[0]
    assert again not in (await visitor.sign_up(profile.token, "anna", password="short")).texts("main")[0]


async def test_each_problem_is_linked_with_its_field(office: Office, site: Site) -> None:
    page = await site.visitor().sign_up((await office.profile()).token, "anna", password="")
    for name in ("email", "password"):
        assert page.field(name)["aria-invalid"] == "true"
        assert f"{name}-problem" in page.field(name)["aria-describedby"].split()
        assert page.elements("a", href=f"#{page.field(name)['id']}")
    assert "aria-invalid" not in page.field("first_name")
    described = [d for i in page.elements("input") for d in i.attributes.get("aria-describedby", "").split()]
    assert all(page.elements("p", id=identifier) for identifier in described)


async def test_a_form_that_was_mended_signs_up(office: Office, site: Site) -> None:
    token, visitor = (await office.profile()).token, site.visitor()
    form = await visitor.open_link(token)
    await visitor.fill(form, password="short")
    answer = await visitor.fill(form)
    assert (answer.status, answer.location) == (303, "/courses")
    assert await tally(office.engine) == sign_ups(1)


async def test_a_taken_e_mail_address_leads_to_log_in_and_uses_nothing(office: Office, site: Site) -> None:
    token = (await office.profile()).token
    await site.visitor().sign_up(token)
    second = site.visitor()
    page = await second.sign_up(token, "ANNA@example.com", password="another secret")
    assert (page.status, page.heading) == (409, "You already have an account")
    assert page.elements("form", action="/login")
    assert page.field("identifier")["value"] == "anna@example.com"
    assert await tally(office.engine) == sign_ups(1)


async def test_a_form_that_was_read_counts_as_tried_and_one_that_was_opened_or_forged_does_not(
    office: Office, site: Site
) -> None:
    card, visitor = await office.profile(limit="1"), site.visitor()
    form, late = await visitor.open_link(card.token), await site.visitor().open_link(card.token)
    await visitor.fill(replace(form, token="forged"))
    for _ in range(3):
        assert (await visitor.fill(form, password="short")).status == 422  # one person who tried
    await visitor.fill(form)
    assert (await visitor.fill(form)).status == 303  # a double click
    assert (await site.visitor().fill(replace(late, token="forged"))).status == 410
    engine = office.engine
    [link] = (await engine.read(profile_links.listing, office.owner_id, card.profile_id, engine.now())).links
    assert (link.tried, link.completed) == (2, 1)


async def test_a_taken_login_is_a_problem_of_its_field(office: Office, site: Site) -> None:
    await office.set_page(PageSetting.LOGIN, "optional")
    token = (await office.profile()).token
    await site.visitor().sign_up(token, login="anna")
    page = await site.visitor().sign_up(token, "other@example.com", login="Anna")
    assert (page.status, page.field("login")["value"]) == (422, "Anna")
    assert page.texts("p", id="login-problem") == ["This login is taken. Enter another one"]
    assert await tally(office.engine) == sign_ups(1)


async def test_who_is_logged_in_is_told_so_on_the_form(office: Office, site: Site) -> None:
    token, visitor = (await office.profile()).token, site.visitor()
    await visitor.sign_up(token)
    page = await visitor.get(f"/s/{token}")
    assert page.texts("div", **{"class": "note"}) == [
        "You are logged in as Anna. Go to My Courses Not Anna? Create an account for another person"
    ]
    assert page.texts("p", **{"class": "aside"}) == []
    other = await site.visitor().get(f"/s/{token}")
    assert other.texts("p", **{"class": "aside"}) == ["Already have an account? Log in"]


async def test_an_address_of_another_domain_is_answered_with_those_that_are_allowed(office: Office, site: Site) -> None:
    allowed = ["corvid.example", "rook.example"]
    await office.engine.write(policies.allow_domains, office.owner_id, allowed, office.engine.now())
    page = await site.visitor().sign_up((await office.profile()).token)
    sentence = "Enter an email address that ends in @corvid.example, @rook.example"
    assert page.texts("p", id="email-problem") == [sentence]


async def test_who_signs_up_in_russian_gets_messages_in_russian(office: Office, site: Site) -> None:
    await office.set_page(PageSetting.LANGUAGE, "es")
    await site.visitor(**{"Accept-Language": "ru"}).sign_up((await office.profile()).token)
    spoken = select(User.language).where(User.email == "anna@example.com")
    assert await office.engine.read(lambda session: session.scalars(spoken).one()) == "ru"


async def test_a_browser_that_asks_for_russian_gets_the_russian_form(office: Office, site: Site) -> None:
    page = await site.visitor(**{"Accept-Language": "ru-RU,ru;q=0.9,en;q=0.8"}).get(
        f"/s/{(await office.profile()).token}"
    )
    assert page.elements("html")[0].attributes["lang"] == "ru"
    assert page.texts("label", **{"for": "first_name"}) == ["Имя"]
