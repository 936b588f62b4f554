"""Asking for access at a closed link: the form, its limits, the page that tells the answer, and the way in."""

import pytest

from core.domain.access_requests import Cure
from core.engine import Engine
from core.services import policies, profile_editing, profile_removal, request_answers
from core.services.policies import Switch
from core.services.profiles import Card
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.site import Answer, Form, Site, Visitor, tally

ENTERED = {"first_name": "Boris", "last_name": "Bo", "email": "boris@example.com", "message": "My colleague sent me"}


@pytest.fixture
async def card(office: Office) -> Card:
    """A profile whose only place is taken."""
    card = await office.profile(limit="1")
    await office.sign_up(card.token)
    return card


async def ask(visitor: Visitor, token: str, **changes: str) -> Answer:
    form = await visitor.open_link(token)
    return await send(visitor, form, token, **changes)


async def send(visitor: Visitor, form: Form, token: str, **changes: str) -> Answer:
    return await visitor.post(f"/s/{token}/ask", {**ENTERED, "form_token": form.token, **changes})


async def answer(office: Office, cure: Cure | None) -> None:
    engine, owner = office.engine, office.owner_id
    [asked] = (await engine.read(request_answers.listing, owner, engine.now())).asked
    if cure is None:
        await engine.write(request_answers.decline, owner, asked.request_id, engine.now())
    else:
        await engine.write(request_answers.grant, owner, asked.request_id, cure, engine.now())


async def test_who_asks_gets_a_page_and_then_signs_up_by_it(office: Office, site: Site, card: Card) -> None:
    visitor = site.visitor()
    asked = await ask(visitor, card.token)
    page = await visitor.follow(asked)
    assert page.heading == "Your request is sent"
    assert "The people who manage this link read that you ask for access." in page.texts("p")  # it has no name
    assert "Your request is open until Mon 7 Dec, 12:00, UTC." in page.texts("p")
    assert (await visitor.get(f"/s/{card.token}")).location == asked.location
    await answer(office, Cure.PLACE)
    page = await visitor.follow(asked)
    assert page.heading == "You can create your account"
    [way_in] = [each.attributes["href"] for each in page.elements("a", **{"class": "button primary"})]
    form = await visitor.get(way_in)
    assert form.heading == "Create your account"
    assert {name: form.field(name)["value"] for name in ("first_name", "last_name", "email")} == {
        name: value for name, value in ENTERED.items() if name != "message"
    }
    made = await visitor.fill(await visitor.open_form(way_in), "boris@example.com")
    assert made.location == "/courses"
    assert (await tally(office.engine)).used == 2


async def test_nobody_else_gets_the_place(office: Office, site: Site, card: Card) -> None:
    await ask(site.visitor(), card.token)
    await answer(office, Cure.PLACE)
    other = await site.visitor().get(f"/s/{card.token}")
    assert (other.status, other.heading) == (410, "No places are left")


async def test_a_declined_one_reads_so(office: Office, site: Site, card: Card) -> None:
    visitor = site.visitor()
    asked = await ask(visitor, card.token)
    await answer(office, None)
    page = await visitor.follow(asked)
    assert (page.heading, "boris" in page.body) == ("You were not let in", False)


async def test_mistakes_are_said_in_one_round_and_what_was_entered_stays(site: Site, card: Card) -> None:
    wrong = {"first_name": "", "email": "boris", "message": "x" * 201}
    page = await ask(site.visitor(), card.token, **wrong)
    assert (page.status, page.heading) == (422, "No places are left")
    assert page.texts("a", href="#first_name") == ["Enter your first name"]
    assert page.texts("a", href="#email") == ["Enter an email address like name@example.com"]
    assert page.texts("a", href="#message") == ["Message must be 200 characters or fewer"]
    assert page.field("last_name")["value"] == "Bo"


async def test_a_form_that_came_too_late_fills_the_request_in(office: Office, site: Site) -> None:
    card, visitor = await office.profile(limit="1"), site.visitor()
    form = await visitor.open_link(card.token)
    await office.sign_up(card.token)
    page = await visitor.fill(form, "boris@example.com", first_name="Boris")
    assert page.heading == "No places are left"
    assert (page.field("first_name")["value"], page.field("email")["value"]) == ("Boris", "boris@example.com")
    assert not page.elements("input", name="password")


async def test_the_answer_is_the_same_whether_the_address_has_an_account(site: Site, card: Card) -> None:
    taken, free = site.visitor(), site.visitor()
    answers = [await ask(taken, card.token, email="anna@example.com"), await ask(free, card.token)]
    pages = [await taken.follow(answers[0]), await free.follow(answers[1])]
    assert [(page.status, page.heading) for page in pages] == [(200, "Your request is sent")] * 2


async def test_five_an_hour_from_one_network_then_a_pause(site: Site, card: Card) -> None:
    for number in range(5):
        asked = await ask(site.visitor(), card.token, email=f"b{number}@example.com")
        assert asked.status == 303
    refused = await ask(site.visitor(), card.token, email="late@example.com")
    assert (refused.status, refused.headers["Retry-After"]) == (429, "720")
    assert "Try again in 12 minutes" in refused.texts("p", role="alert")[0]
    assert refused.field("email")["value"] == "late@example.com"


async def test_a_forged_form_stores_nothing(engine: Engine, office: Office, site: Site, card: Card) -> None:
    visitor = site.visitor()
    await visitor.open_link(card.token)
    forged = await visitor.post(f"/s/{card.token}/ask", {**ENTERED, "form_token": "forged"})
    assert (forged.status, forged.field("email")["value"]) == (403, "boris@example.com")
    assert (await engine.read(request_answers.listing, office.owner_id, engine.now())).total == 0


async def test_a_link_that_opened_meanwhile_leads_to_its_form(office: Office, site: Site) -> None:
    engine, card, visitor = office.engine, await office.profile(), site.visitor()
    await engine.write(profile_editing.pause, office.owner_id, card.profile_id, engine.now(), paused=True)
    form, other = await visitor.open_link(card.token), site.visitor()
    asked = await ask(other, card.token, email="carla@example.com")
    await engine.write(profile_editing.pause, office.owner_id, card.profile_id, engine.now(), paused=False)
    assert (await send(visitor, form, card.token)).location == f"/s/{card.token}"
    page = await other.follow(asked)
    assert "The link works again: you can create your account now." in page.texts("p")


async def test_a_removed_link_offers_no_request(office: Office, site: Site, card: Card) -> None:
    engine, visitor = office.engine, site.visitor()
    form = await visitor.open_link(card.token)
    await engine.write(profile_removal.remove, office.owner_id, [card.profile_id], engine.now())
    assert not (await visitor.get(f"/s/{card.token}")).elements("form")
    assert (await send(visitor, form, card.token)).location == f"/s/{card.token}"
    assert (await send(visitor, form, "no-such-token")).status == 404


async def test_who_is_let_in_may_still_wait_for_an_approval(office: Office, site: Site, card: Card) -> None:
    await office.engine.write(policies.switch, office.owner_id, Switch.APPROVAL, office.engine.now(), on=True)
    visitor = site.visitor()
    await ask(visitor, card.token)
    await answer(office, Cure.PLACE)
    made = await visitor.fill(await visitor.open_form(f"/s/{card.token}?place"), "boris@example.com")
    assert (await visitor.follow(made)).heading == "Your account is waiting for approval"


async def test_a_place_that_was_kept_in_vain_is_not_promised_any_longer(
    office: Office, site: Site, card: Card, clock: Clock
) -> None:
    visitor = site.visitor()
    asked = await ask(visitor, card.token)
    await answer(office, Cure.PLACE)
    clock.advance(days=7)
    assert (await visitor.follow(asked)).heading == "Nobody answered in time"
