"""The status page of a sign-up that waits: every state, the cookie by which the link leads there, and withdrawal."""

import hashlib

import pytest
from sqlalchemy import select

from core.services import pending_sign_ups, people, policies, status_pages
from core.services.page_settings import PageSetting
from core.storage.tables import PendingSignUp, StatusPage
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.site import Answer, Site, Visitor, tally


async def wait(office: Office, visitor: Visitor) -> tuple[str, str, int]:
    """Sign up; return the link's token, the path of the status page and the user's number."""
    token = (await office.profile()).token
    path = (await visitor.sign_up(token)).location
    user_id = (await page_of(office, path)).user_id
    assert user_id is not None
    return token, path, user_id


async def page_of(office: Office, path: str) -> status_pages.StatusPage:
    return await office.engine.read(status_pages.find, path.removeprefix("/w/"), office.engine.now())


def ways_on(page: Answer) -> list[str]:
    return [element.attributes["href"] for element in page.elements("a") if "lang" not in element.attributes]


async def test_who_waits_is_led_to_a_page_that_says_until_when(approving: Office, site: Site) -> None:
    visitor = site.visitor()
    _, path, _ = await wait(approving, visitor)
    page = await visitor.get(path)
    assert (page.status, page.heading) == (200, "Your account is waiting for approval")
    assert "Your place is kept until Mon 30 Nov, 12:00, UTC." in page.texts("p")
    assert "Keep this page: come back to it to see the answer." in page.texts("p")
    assert {path, "?withdraw"} <= set(ways_on(page))


async def test_only_a_hash_of_the_secret_is_stored_and_nobody_else_is_told_of_it(approving: Office, site: Site) -> None:
    visitor = site.visitor()
    _, path, _ = await wait(approving, visitor)
    [stored] = await approving.engine.read(lambda session: list(session.scalars(select(StatusPage.code_hash))))
    assert stored == hashlib.sha256(path.removeprefix("/w/").encode()).hexdigest()
    headers = (await visitor.get(path)).headers
    assert (headers["Referrer-Policy"], headers["Cache-Control"]) == ("strict-origin", "no-store")
    assert "noindex" in headers["X-Robots-Tag"]


async def test_the_link_leads_to_the_page_of_this_browser_until_another_person_signs_up(
    approving: Office, site: Site
) -> None:
    visitor = site.visitor()
    token, path, _ = await wait(approving, visitor)
    assert (await visitor.get(f"/s/{token}")).location == path
    assert (await visitor.get(f"/s/{(await approving.profile(name='Other')).token}")).status == 200
    assert (await visitor.get(f"/s/{token}?for=another")).heading == "Create your account"
    assert (await visitor.get(f"/s/{token}")).heading == "Create your account"
    assert (await site.visitor().get(f"/s/{token}")).heading == "Create your account"


async def test_opening_the_page_on_another_device_lets_the_link_lead_there_too(approving: Office, site: Site) -> None:
    token, path, _ = await wait(approving, site.visitor())
    elsewhere = site.visitor()
    await elsewhere.get(path)
    assert (await elsewhere.get(f"/s/{token}")).location == path


async def test_who_is_let_in_reads_so_and_the_link_is_a_form_again(approving: Office, site: Site) -> None:
    visitor = site.visitor()
    token, path, user_id = await wait(approving, visitor)
    await approving.engine.write(pending_sign_ups.approve, approving.owner_id, user_id, approving.engine.now())
    assert (await visitor.get(f"/s/{token}")).location == path
    page = await visitor.get(path)
    assert (page.heading, "/courses" in ways_on(page)) == ("You have been let in", True)
    assert (await visitor.get(f"/s/{token}")).heading == "Create your account"
    assert (await visitor.log_in("anna@example.com")).location == "/courses"


async def test_who_is_declined_reads_so_and_whom_to_ask(approving: Office, site: Site) -> None:
    await approving.set_page(PageSetting.CONTACT, "Ilze, room 4")
    _, path, user_id = await wait(approving, visitor := site.visitor())
    await approving.engine.write(pending_sign_ups.decline, approving.owner_id, user_id, "no", approving.engine.now())
    page = await visitor.get(path)
    assert page.heading == "You were not let in"
    assert "Questions? Ask Ilze, room 4." in page.texts("p")
    assert "anna@example.com" not in page.body


async def test_an_expired_one_can_be_asked_again(approving: Office, site: Site, clock: Clock) -> None:
    token, path, _ = await wait(approving, visitor := site.visitor())
    clock.advance(days=7)
    for _ in range(2):  # before and after the place is released
        page = await visitor.get(path)
        assert (page.heading, f"/s/{token}?for=another" in ways_on(page)) == ("Nobody answered in time", True)
        await approving.engine.write(pending_sign_ups.release_expired, approving.engine.now())


async def test_withdrawing_asks_first_then_frees_the_place_and_erases_what_was_entered(
    approving: Office, site: Site
) -> None:
    token, path, _ = await wait(approving, visitor := site.visitor())
    question = await visitor.get(f"{path}?withdraw")
    assert (await tally(approving.engine)).learners == 1
    values = {"form_token": question.field("form_token")["value"]}
    page = await visitor.follow(await visitor.post(path, values))
    assert (page.heading, "anna@example.com" in page.body) == ("You withdrew your form", False)
    assert (await visitor.post(path, values)).location == path  # a double click
    form = await visitor.open_form(f"/s/{token}?for=another")
    assert (await visitor.fill(form)).location.startswith("/w/")


async def test_an_answer_that_came_first_wins_over_withdrawing(approving: Office, site: Site) -> None:
    _, path, user_id = await wait(approving, visitor := site.visitor())
    form = await visitor.open_form(f"{path}?withdraw")
    await approving.engine.write(pending_sign_ups.approve, approving.owner_id, user_id, approving.engine.now())
    answer = await visitor.follow(await visitor.post(path, {"form_token": form.token}))
    assert answer.heading == "You have been let in"


async def test_who_was_declined_can_withdraw_while_that_can_be_undone(approving: Office, site: Site) -> None:
    engine = approving.engine
    _, path, user_id = await wait(approving, visitor := site.visitor())
    await engine.write(lambda session: setattr(session.get_one(PendingSignUp, user_id), "declined_at", engine.now()))
    form = await visitor.open_form(f"{path}?withdraw")
    page = await visitor.follow(await visitor.post(path, {"form_token": form.token}))
    assert page.heading == "You withdrew your form"


async def test_a_forged_withdrawal_changes_nothing(approving: Office, site: Site) -> None:
    _, path, _ = await wait(approving, visitor := site.visitor())
    answer = await visitor.post(path, {"form_token": "forged"})
    assert (answer.status, answer.heading) == (403, "Your account is waiting for approval")


async def test_who_found_no_seat_waits_for_one_and_then_is_let_in(office: Office, site: Site) -> None:
    engine = office.engine
    await engine.write(policies.limit_seats, office.owner_id, "1", engine.now())
    _, path, user_id = await wait(office, visitor := site.visitor())
    page = await visitor.get(path)
    assert (page.heading, path in ways_on(page)) == ("Your account isn't active yet", True)
    assert (await visitor.log_in("anna@example.com")).location.endswith("?note=right")
    await engine.write(policies.limit_seats, office.owner_id, "5", engine.now())
    await engine.write(people.activate, office.owner_id, user_id, engine.now())
    assert (await visitor.get(path)).heading == "You have been let in"


async def test_who_is_deactivated_later_is_not_told_that_they_wait_for_a_seat(office: Office, site: Site) -> None:
    engine, visitor = office.engine, site.visitor()
    await engine.write(policies.limit_seats, office.owner_id, "1", engine.now())
    _, path, user_id = await wait(office, visitor)
    await engine.write(policies.limit_seats, office.owner_id, "5", engine.now())
    await engine.write(people.activate, office.owner_id, user_id, engine.now())
    await engine.write(people.deactivate, office.owner_id, user_id, engine.now())
    assert (await visitor.get(path)).status == 410
    assert (await visitor.log_in("anna@example.com")).status == 403


async def test_a_page_ends_after_a_month_and_with_its_account(approving: Office, site: Site, clock: Clock) -> None:
    engine, visitor = approving.engine, site.visitor()
    _, path, user_id = await wait(approving, visitor)
    await engine.write(pending_sign_ups.approve, approving.owner_id, user_id, engine.now())
    await engine.write(people.delete, approving.owner_id, user_id, engine.now())
    assert ((await visitor.get(path)).status, (await visitor.post(path, {})).status) == (410, 410)
    other = (await visitor.sign_up((await approving.profile(name="Other")).token)).location
    clock.advance(days=30)
    assert (await visitor.get(other)).heading == "This page is no longer kept"
    await engine.write(status_pages.sweep, engine.now())
    assert await engine.read(lambda session: list(session.scalars(select(StatusPage)))) == []


async def test_a_form_that_is_sent_again_and_again_keeps_few_pages(approving: Office, site: Site) -> None:
    visitor = site.visitor()
    form = await visitor.open_link((await approving.profile()).token)
    paths = [(await visitor.fill(form)).location.partition("?")[0] for _ in range(7)]
    stored = await approving.engine.read(lambda session: list(session.scalars(select(StatusPage.code_hash))))
    assert len(stored) == status_pages.MOST_PAGES
    assert (await visitor.get(paths[-1])).status == 200


@pytest.mark.parametrize(("language", "heading"), [("ru", "Учётная запись ожидает одобрения"), ("es", "Su cuenta")])
async def test_it_is_in_the_language_of_the_browser(approving: Office, site: Site, language: str, heading: str) -> None:
    visitor = site.visitor(**{"Accept-Language": language})
    _, path, _ = await wait(approving, visitor)
    assert (await visitor.get(path)).heading.startswith(heading)
