"""A learner who opens another link is led to My Courses, or may join its department where the account allows it."""

import pytest

from core.services import courses, departments, people, policies
from core.services.policies import Switch
from tests.support.account import Office
from tests.support.site import Site, Visitor, tally

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def token(office: Office) -> str:
    """A link for Riga, which gives Forklift, where learners may join by links."""
    write, now = office.engine.write, office.engine.now()
    await write(departments.add, office.owner_id, "Riga", now)
    await write(courses.add, office.owner_id, "Forklift", "https://learn.example.com/forklift", "", now)
    await write(courses.add_rule, office.owner_id, "Riga", "Forklift", now)
    await write(policies.switch, office.owner_id, Switch.JOINING, now, on=True)
    return (await office.profile(name="Forklift course", department="Riga")).token


@pytest.fixture
async def anna(office: Office, site: Site) -> Visitor:
    """A learner of Sales / EMEA who is logged in."""
    visitor = site.visitor()
    assert (await visitor.sign_up((await office.profile()).token)).location == "/courses"
    return visitor


async def where(office: Office) -> tuple[str, ...]:
    anna = await office.engine.read(people.find, office.owner_id, "anna@example.com")
    return (await office.engine.read(people.card, office.owner_id, anna)).department


async def test_a_learner_joins_another_department_by_its_link(office: Office, token: str, anna: Visitor) -> None:
    before = await tally(office.engine)
    page = await anna.get(f"/s/{token}")
    assert "Join Riga with your account" in page.texts("a", href=f"/s/{token}/join")
    asked = await anna.get(f"/s/{token}/join")
    assert asked.heading == "Join Riga?"
    assert asked.texts("li")[:1] == ["Forklift"]
    assert "You are Anna Bērziņa. You will leave EMEA." in asked.texts("p")
    assert await where(office) == ("Sales", "EMEA")
    form = {"form_token": asked.field("form_token")["value"]}
    joined = await anna.follow(await anna.post(f"/s/{token}/join", form))
    assert "You are in Riga now." in joined.texts("p", role="status")
    assert (await anna.post(f"/s/{token}/join", form)).location == "/courses", "the second tap of a double tap"
    assert await where(office) == ("Riga",)
    assert "Forklift" in (await anna.get("/courses")).texts("h2")
    assert await tally(office.engine) == before
    assert "Join Riga with your account" not in (await anna.get(f"/s/{token}")).body


async def test_one_who_is_not_logged_in_logs_in_first_and_is_led_on(office: Office, site: Site, token: str) -> None:
    await site.visitor().sign_up((await office.profile()).token)
    visitor = site.visitor()
    [log_in] = (await visitor.get(f"/s/{token}")).elements("a", href=f"/login?next=/s/{token}/join")
    assert (await visitor.get(f"/s/{token}/join")).location == log_in.attributes["href"]
    assert (await visitor.log_in("anna@example.com", to=f"/s/{token}/join")).location == f"/s/{token}/join"
    taken = await site.visitor().sign_up(token)
    assert (taken.status, taken.field("next")["value"]) == (409, f"/s/{token}/join")


async def test_without_the_form_of_the_page_nobody_is_moved(office: Office, token: str, anna: Visitor) -> None:
    refused = await anna.post(f"/s/{token}/join", {"form_token": "forged"})
    assert (refused.status, refused.heading) == (403, "Join Riga?")
    assert await where(office) == ("Sales", "EMEA")


async def test_where_it_is_off_the_link_leads_on_as_ever(office: Office, token: str, anna: Visitor) -> None:
    write, now = office.engine.write, office.engine.now()
    await write(policies.switch, office.owner_id, Switch.JOINING, now, on=False)
    page = await anna.get(f"/s/{token}")
    assert "Go to My Courses" in page.texts("a", href="/courses")
    assert "/join" not in page.body
    assert (await anna.get(f"/s/{token}/join")).location == f"/s/{token}"


async def test_a_page_says_why_who_is_not_on_the_list_cannot_join(office: Office, token: str, anna: Visitor) -> None:
    await office.engine.write(policies.allow_domains, office.owner_id, ("baltic.example",), office.engine.now())
    refused = await anna.get(f"/s/{token}/join")
    assert refused.status == 403
    assert "You can't join by this link" in refused.heading
