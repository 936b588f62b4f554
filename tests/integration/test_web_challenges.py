"""The challenge: a proof of work while more forms come than people send, bound to its form, and good for once."""

import json
from html import unescape

import pytest
from altcha import Challenge, Payload, solve_challenge

from core.domain.challenges import ASKED_FOR, VALID
from core.domain.limits import ALL_PASSWORD_REQUESTS, CHALLENGE_TRIES, SIGN_UP_BY_LINK, Attempt
from core.engine import Engine
from core.services import limits, policies, profile_editing, profile_lists, profiles
from core.services.page_settings import PageSetting
from core.services.policies import Switch
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.site import Answer, Site, Visitor, a_learner, open_site, sign_ups, tally
from web import challenges as pages

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
ALONE = "script-src 'sha256-"


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make each key cheap to derive: how many there are to try stays as it is."""
    monkeypatch.setattr(pages, "COST", 1)


@pytest.fixture
async def token(office: Office) -> str:
    """The token of a link that always asks for a proof."""
    await office.set_page(PageSetting.CHALLENGE, "on")
    return (await office.profile()).token


def proof_in(page: Answer) -> str:
    """Solve the page's challenge as its script does."""
    posed = Challenge.from_dict(json.loads(unescape(page.field("proof")["data-challenge"])))
    solution = solve_challenge(posed)
    assert solution is not None
    return Payload(posed, solution).to_base64()


async def send(visitor: Visitor, path: str, page: Answer, **values: str) -> Answer:
    return await visitor.post(path, {"form_token": page.field("form_token")["value"], **values})


async def test_a_rush_through_a_link_makes_its_form_ask_for_a_proof_and_people_still_sign_up(
    office: Office, site: Site, clock: Clock
) -> None:
    engine, card, visitor = office.engine, await office.profile(), site.visitor()
    path, attempt = f"/s/{card.token}", Attempt(limit=SIGN_UP_BY_LINK, subject=card.token)
    for _ in range(SIGN_UP_BY_LINK.rush or 0):
        calm = await visitor.get(path)
        await engine.write(limits.count, [attempt], engine.now())
    assert (calm.elements("input", name="proof"), ALONE in calm.headers["Content-Security-Policy"]) == ([], True)
    assert (await engine.read(profiles.card, office.owner_id, card.profile_id, engine.now())).is_rushed
    page = await visitor.get(path)
    assert "script-src 'self' 'sha256-" in page.headers["Content-Security-Policy"]
    refused = await send(visitor, path, page, **a_learner())
    assert (refused.status, refused.field("email")["value"]) == (403, "anna@example.com")
    assert "check of your browser was missing" in refused.texts("p", role="alert")[0]
    assert await tally(engine) == sign_ups(0)
    clock.advance(minutes=8)
    await send(visitor, path, page, **a_learner())  # they still come, so it goes on
    clock.advance(minutes=8)
    page = await visitor.get(path)
    made = await send(visitor, path, page, **a_learner(), proof=proof_in(page))
    assert (made.location, await tally(engine)) == ("/courses", sign_ups(1))
    clock.advance(seconds=ASKED_FOR.total_seconds())
    assert not (await site.visitor().get(path)).elements("input", name="proof")


async def test_a_proof_counts_once_for_its_own_form_and_in_time(
    office: Office, site: Site, token: str, clock: Clock
) -> None:
    path, visitor, other = f"/s/{token}", site.visitor(), site.visitor()
    page, elsewhere = await visitor.get(path), f"/s/{(await office.profile(name='Other')).token}"
    proof = proof_in(page)
    forged = json.dumps({"challenge": {"parameters": {"data": {"for": page.field("form_token")["value"]}}}})
    for wrong in ("", "?" * 5000, "e30=", forged, proof[:-8]):
        assert (await send(visitor, path, page, **a_learner(), proof=wrong)).status == 403
    assert (await send(other, path, await other.get(path), **a_learner(), proof=proof)).status == 403
    assert (await send(visitor, elsewhere, await visitor.get(elsewhere), **a_learner(), proof=proof)).status == 403
    assert (await send(visitor, path, page, **a_learner("anna"), proof=proof)).status == 422  # which doesn't use it up
    answers = [await send(visitor, path, page, **a_learner(email), proof=proof) for email in ("a@ex.org", "b@ex.org")]
    assert ([answer.status for answer in answers], await tally(office.engine)) == ([303, 403], sign_ups(1))
    page = await other.get(path)
    clock.advance(seconds=VALID.total_seconds())
    assert (await send(other, path, page, **a_learner("c@ex.org"), proof=proof_in(page))).status == 403


async def test_a_form_that_is_refused_has_its_proof_again_for_so_many_tries(
    office: Office, site: Site, token: str
) -> None:
    path, visitor, told = f"/s/{token}", site.visitor(), []
    page = await visitor.get(path)
    proof, typed_wrong = proof_in(page), a_learner() | {"password": "short"}
    for _ in range(CHALLENGE_TRIES.burst):
        page = await send(visitor, path, page, **typed_wrong, proof=proof)
        told.append((page.status, page.field("proof")["value"] == proof))
    assert told == [(422, True)] * CHALLENGE_TRIES.burst
    page = await send(visitor, path, page, **a_learner(), proof=proof)
    assert (page.status, page.field("proof")["value"], await tally(office.engine)) == (403, "", sign_ups(0))
    assert (await send(visitor, path, page, **a_learner(), proof=proof_in(page))).location == "/courses"


async def test_a_guessed_password_and_a_taken_address_leave_the_proof_for_the_next_try(
    office: Office, site: Site, token: str
) -> None:
    await office.engine.write(policies.switch, office.owner_id, Switch.STRONG_PASSWORDS, office.engine.now(), on=True)
    await office.sign_up(token, "taken@example.com")
    path, visitor = f"/s/{token}", site.visitor()
    page = await visitor.get(path)
    guessed, taken = a_learner() | {"password": "password1234"}, a_learner("taken@example.com")
    tries, proof = (guessed, taken, a_learner(), a_learner("else@ex.org")), proof_in(page)
    answers = [await send(visitor, path, page, **values, proof=proof) for values in tries]
    assert [answer.status for answer in answers] == [422, 409, 303, 403]


async def test_a_proof_that_ends_soon_is_not_given_back(site: Site, token: str, clock: Clock) -> None:
    path, visitor = f"/s/{token}", site.visitor()
    page = await visitor.get(path)
    clock.advance(seconds=(VALID - pages.CORRECTING).total_seconds())
    refused = await send(visitor, path, page, **a_learner("anna"), proof=proof_in(page))
    assert (refused.status, refused.field("proof")["value"]) == (422, "")


async def test_a_request_for_a_password_that_comes_too_often_keeps_its_proof(site: Site, office: Office) -> None:
    await office.set_page(PageSetting.CHALLENGE, "on")
    visitor, engine = site.visitor(), office.engine
    page = await visitor.get("/password")
    proof = proof_in(page)
    attempt = Attempt(limit=ALL_PASSWORD_REQUESTS, subject="")
    for _ in range(ALL_PASSWORD_REQUESTS.burst):
        await engine.write(limits.count, [attempt], engine.now())
    refused = await send(visitor, "/password", page, identifier="anna", proof=proof)
    assert (refused.status, refused.field("proof")["value"]) == (429, proof)
    await engine.write(limits.give_back, [attempt])
    answers = [await send(visitor, "/password", page, identifier="anna", proof=proof) for _ in range(2)]
    assert [answer.status for answer in answers] == [200, 403]


async def test_requests_for_access_and_for_a_new_password_ask_for_a_proof_too(
    office: Office, engine: Engine, token: str
) -> None:
    card = (await engine.read(profile_lists.listing, office.owner_id, "", 0, engine.now())).cards[0]
    await engine.write(profile_editing.pause, office.owner_id, card.profile_id, engine.now(), paused=True)
    names = {"first_name": "Anna", "last_name": "B", "email": "anna@example.com"}
    async with open_site(engine) as site:
        for path, part, entered in ((f"/s/{token}", "/ask", names), ("/password", "", {"identifier": "anna"})):
            visitor = site.visitor()
            page = await visitor.get(path)
            refused = await send(visitor, f"{path}{part}", page, **entered)
            name, typed = next(iter(entered.items()))
            assert (refused.status, refused.field(name)["value"]) == (403, typed)
            answer = await send(visitor, f"{path}{part}", refused, **entered, proof=proof_in(refused))
            assert answer.status in (200, 303)


@pytest.mark.usefixtures("token")
async def test_without_scripts_the_page_says_what_to_do(office: Office, site: Site, token: str) -> None:
    await office.set_page(PageSetting.CONTACT, "Ilze, room 4")
    for language, said in (("en", "ask Ilze, room 4"), ("ru", "Ilze, room 4"), ("es", "pregunte a Ilze, room 4")):
        page = await site.visitor(**{"Accept-Language": language}).get(f"/s/{token}")
        assert said in page.texts("p", id="check")[0]
        script = page.elements("script", defer="")[0].attributes
        assert (await site.visitor().get(script["src"])).headers["Content-Type"].startswith("text/javascript")
        assert script["integrity"].startswith("sha256-")


async def test_the_challenge_of_a_page_says_whom_to_ask_and_speaks_of_no_flood(site: Site, token: str) -> None:
    asked = {f"/s/{token}": "Or ask the person who sent you the link.", "/password": "Or ask your administrator."}
    for path, whom in asked.items():
        page = await site.visitor().get(path)
        [said] = page.texts("p", id="check")
        assert said.endswith(whom)
        texts = [said, *(value or "" for value in page.field("proof").values())]
        assert "many forms" not in " ".join(texts).lower()


async def test_a_form_that_waits_needs_no_further_proof_when_it_is_sent_again(
    office: Office, site: Site, token: str
) -> None:
    await office.engine.write(policies.switch, office.owner_id, Switch.APPROVAL, office.engine.now(), on=True)
    path, visitor = f"/s/{token}", site.visitor()
    page = await visitor.get(path)
    waiting = await send(visitor, path, page, **a_learner(), proof=proof_in(page))
    again = await send(visitor, path, page, **a_learner())  # a reload, or an answer that was lost
    assert (waiting.status, again.status) == (303, 303)
    assert again.location.startswith("/w/")
