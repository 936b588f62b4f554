"""Forms sent more than once, and by many at once: one form makes one account, and a limit is a limit."""

import asyncio
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import update

from core import passwords
from core.passwords import CORES
from core.services import profile_removal
from core.storage.tables import User
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.hash_count import HashCount
from tests.support.site import Answer, Form, Site, Visitor, a_learner, read_form, sign_ups, tally


def leads_to_courses(answer: Answer) -> bool:
    return (answer.status, answer.location, "session" in answer.cookies) == (303, "/courses", True)


async def test_ten_simultaneous_posts_of_one_form_make_one_account(office: Office, site: Site) -> None:
    visitor = site.visitor()
    form = await visitor.open_link((await office.profile()).token)
    answers = await asyncio.gather(*(visitor.fill(form) for _ in range(10)))
    assert all(map(leads_to_courses, answers))
    assert await tally(office.engine) == sign_ups(1)


async def test_a_form_sent_again_later_leads_to_courses_again(office: Office, site: Site, clock: Clock) -> None:
    visitor = site.visitor()
    form = await visitor.open_link((await office.profile()).token)
    await visitor.fill(form)
    clock.advance(days=1)
    assert leads_to_courses(await visitor.fill(form))
    assert await tally(office.engine) == sign_ups(1)


@pytest.mark.parametrize("closed_by", ["limit", "end", "removal"])
async def test_a_form_sent_again_after_its_link_has_closed_leads_to_courses(
    office: Office, site: Site, clock: Clock, closed_by: str
) -> None:
    visitor, card = site.visitor(), await office.profile(limit="1" if closed_by == "limit" else "2")
    form = await visitor.open_link(card.token)
    await visitor.fill(form)
    if closed_by == "end":
        clock.advance(days=60)
    elif closed_by == "removal":
        await office.engine.write(profile_removal.remove, office.owner_id, [card.profile_id], clock())
    assert (await visitor.get(f"/s/{card.token}")).status == 410
    assert leads_to_courses(await visitor.fill(form))
    assert await tally(office.engine) == sign_ups(1)


async def test_a_form_sent_again_after_log_out_leads_to_the_log_in(office: Office, site: Site) -> None:
    visitor = site.visitor()
    form = await visitor.open_link((await office.profile()).token)
    await visitor.fill(form)
    await visitor.log_out()
    again = await visitor.fill(form)
    assert (again.status, again.field("email")["value"]) == (403, "anna@example.com")
    assert (await visitor.fill(read_form(form.path, again))).heading == "You already have an account"
    assert await tally(office.engine) == sign_ups(1)


async def test_the_next_person_at_a_browser_gets_an_account_at_once_after_log_out(office: Office, site: Site) -> None:
    token, visitor = (await office.profile()).token, site.visitor()
    for email in ("anna@example.com", "boris@example.com"):
        assert leads_to_courses(await visitor.sign_up(token, email))
        await visitor.log_out()
    assert await tally(office.engine) == sign_ups(2)


async def test_a_form_sent_again_with_another_password_leads_to_log_in(office: Office, site: Site) -> None:
    visitor = site.visitor()
    form = await visitor.open_link((await office.profile()).token)
    await visitor.fill(form)
    answer = await visitor.fill(form, password="quite another secret")
    assert (answer.status, answer.heading, "session" in answer.cookies) == (409, "You already have an account", False)
    assert await tally(office.engine) == sign_ups(1)


async def test_a_form_sent_again_by_somebody_deactivated_since_says_so(office: Office, site: Site) -> None:
    visitor = site.visitor()
    form = await visitor.open_link((await office.profile()).token)
    await visitor.fill(form)
    await office.engine.write(lambda session: session.execute(update(User).values(state="inactive")))
    answer = await visitor.fill(form)
    assert (answer.status, "session" in answer.cookies) == (403, False)
    assert answer.texts("p", role="alert")[0].startswith("Your account isn't active. Ask")


async def vanish(visitor: Visitor, address: str, form: Form, *, body_sent: float) -> None:
    """Send the form, or this much of its body, and hang up without an answer."""
    body = urlencode({**a_learner(), "form_token": form.token}).encode()
    cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in visitor.http.cookie_jar)
    head = (
        f"POST {form.path} HTTP/1.1\r\nHost: {urlsplit(address).netloc}\r\nCookie: {cookies}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    _, writer = await asyncio.open_connection(urlsplit(address).hostname, urlsplit(address).port)
    writer.write(head.encode() + body[: int(len(body) * body_sent)])
    await writer.drain()
    writer.transport.abort()


@pytest.mark.parametrize("body_sent", [0.5, 1.0])
async def test_who_vanishes_while_sending_and_sends_again_has_one_account(
    office: Office, site: Site, body_sent: float
) -> None:
    visitor = site.visitor()
    form = await visitor.open_link((await office.profile()).token)
    await vanish(visitor, site.address, form, body_sent=body_sent)
    assert leads_to_courses(await visitor.fill(form))
    courses = await visitor.get("/courses")
    assert (courses.status, courses.texts("h2")) == (200, ["Safety first"])
    assert await tally(office.engine) == sign_ups(1)


async def persist(visitor: Visitor, form: Form, email: str) -> Answer:
    """Send the form again as long as too many passwords wait to be hashed: all visitors are at one address here."""
    while (answer := await visitor.fill(form, email)).status in (429, 503):
        pass
    return answer


@pytest.mark.deep
@pytest.mark.each_database
async def test_two_hundred_at_once_get_exactly_the_fifty_places(
    office: Office, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashes = HashCount()
    monkeypatch.setattr(passwords, "HASHER", hashes)
    token = (await office.profile(limit="50")).token
    visitors = [site.visitor() for _ in range(200)]
    forms = await asyncio.gather(*(visitor.open_link(token) for visitor in visitors))
    posts = zip(visitors, forms, range(200), strict=True)
    answers = await asyncio.gather(*(persist(v, form, f"learner{number}@example.com") for v, form, number in posts))
    assert sum(map(leads_to_courses, answers)) == 50
    others = [(answer.status, answer.heading) for answer in answers if answer.status != 303]
    assert others == [(410, "No places are left")] * 150
    assert await tally(office.engine) == sign_ups(50)
    assert hashes.made <= 50 + 4 * CORES  # those under way at the end, and made ones that weren't redeemed yet
