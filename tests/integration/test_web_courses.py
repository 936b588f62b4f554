"""My Courses."""

import pytest
from sqlalchemy import select

from core.domain.progress import Progress
from core.services import account, courses, departments
from core.services.page_settings import PageSetting
from core.storage.tables import User
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.site import Answer, Site, Visitor


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


async def test_my_courses_shows_due_day_and_progress(anna: Visitor) -> None:
    page = await anna.get("/courses")
    assert page.texts("h2") == ["Safety first"]
    assert page.texts("p", **{"class": "facts"}) == ["Not started Due Mon 7 Dec"]
    assert page.texts("a", href="/courses/1/open") == ["Safety first", "Start: Safety first"]


async def test_an_overdue_course_says_so(anna: Visitor, clock: Clock) -> None:
    clock.advance(days=15)
    await anna.log_in("anna.b")
    assert (await anna.get("/courses")).texts("span", **{"class": "overdue"}) == ["Overdue since Mon 7 Dec"]


async def test_the_first_time_one_is_told_how_to_come_back(anna: Visitor, site: Site) -> None:
    host = site.address.removeprefix("http://")
    assert (await anna.get("/courses")).texts("p", role="status") == [
        f"Your account is ready. Come back any time: {host}, log in with anna@example.com."
    ]
    other = site.visitor()
    await other.log_in("anna.b")
    assert not (await other.get("/courses")).texts("p", role="status")


async def test_the_organisation_and_the_department_stand_below_the_heading(office: Office, anna: Visitor) -> None:
    await office.engine.write(account.rename, office.owner_id, "Acme", office.engine.now())
    assert (await anna.get("/courses")).texts("p", **{"class": "hint"}) == ["Acme · EMEA"]


async def test_opening_a_course_starts_it_and_leads_there(anna: Visitor) -> None:
    for not_a_person in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Purpose": "prefetch"}):
        assert (await anna.get("/courses/1/open", **not_a_person)).status == 303
    assert (await anna.get("/courses")).texts("p", **{"class": "facts"})[0].startswith("Not started")
    answer = await anna.get("/courses/1/open")
    assert (answer.status, answer.location) == (303, "https://learn.example.com/safety")
    page = await anna.get("/courses")
    assert page.texts("p", **{"class": "facts"})[0].startswith("Started")
    assert page.texts("a", href="/courses/1/open")[1] == "Continue: Safety first"
    assert (await anna.get("/courses/2/open")).status == 404


async def test_who_has_no_courses_is_told_so(office: Office, site: Site) -> None:
    await office.engine.write(departments.add, office.owner_id, "Support", office.engine.now())
    visitor = site.visitor()
    await visitor.sign_up((await office.profile(department="Support")).token)
    page = await visitor.get("/courses")
    assert "You have no courses yet. New courses will appear here." in page.texts("p")


async def press(learner: Visitor) -> Answer:
    """Press the course's progress button."""
    page = await learner.get("/courses")
    button = page.elements("button", name="progress")[0]
    (form,) = (f for f in page.elements("form") if f.attributes["action"].endswith("/progress"))
    form_token = page.elements("input", name="form_token")[0].attributes["value"]
    return await learner.post(
        form.attributes["action"], {"form_token": form_token, "progress": button.attributes["value"]}
    )


async def test_a_course_is_marked_as_completed_and_that_is_undone(anna: Visitor) -> None:
    answer = await press(anna)
    assert (answer.status, answer.location) == (303, "/courses")
    page = await anna.get("/courses")
    assert page.texts("p", **{"class": "facts"}) == ["Completed on Mon 23 Nov"]
    assert page.texts("h2", **{"class": "done"}) == ["Completed"]
    await anna.get("/courses/1/open")  # opened again, it stays completed
    await press(anna)
    assert (await anna.get("/courses")).texts("p", **{"class": "facts"})[0].startswith("Started")


async def test_progress_never_moves_back_to_not_started(anna: Visitor) -> None:
    await press(anna)
    await anna.post("/courses/1/progress", {"form_token": await anna.portal_form_token(), "progress": "not started"})
    assert (await anna.get("/courses")).texts("p", **{"class": "facts"})[0].startswith("Completed")


async def test_progress_of_one_learner_leaves_another_ones_alone(
    office: Office, site: Site, token: str, anna: Visitor, clock: Clock
) -> None:
    boris = site.visitor()
    await boris.sign_up(token, "boris@example.com")
    await press(anna)
    boris_id = await office.engine.read(
        lambda session: session.scalars(select(User.id).where(User.email == "boris@example.com")).one()
    )
    mine = await office.engine.read(courses.mine, boris_id, clock())
    assert [course.progress for course in mine] == [Progress.NOT_STARTED]


async def test_a_course_that_one_is_not_enrolled_in_cannot_be_moved(office: Office, anna: Visitor) -> None:
    await office.engine.write(
        courses.add, office.owner_id, "Secrets", "https://learn.example.com/secrets", "", office.engine.now()
    )
    form_token = await anna.portal_form_token()
    answers = [
        await anna.post(f"/courses/{number}/progress", {"form_token": form_token, "progress": "completed"})
        for number in ("2", "0", "9" * 18)
    ]
    assert [answer.status for answer in answers] == [303] * 3
    assert (await anna.get("/courses")).texts("h2") == ["Safety first"]


async def test_progress_needs_the_pages_own_form_token_and_a_known_word(anna: Visitor) -> None:
    form_token = await anna.portal_form_token()
    assert (await anna.post("/courses/1/progress", {"progress": "started"})).status == 403
    assert (await anna.post("/courses/1/progress", {"form_token": form_token, "progress": "mastered"})).status == 400
    assert (await anna.get("/courses")).texts("p", **{"class": "facts"})[0].startswith("Not started")
