"""Limits of the pages: wrong passwords slow down who guesses, not the user; forms are kept, and say when again."""

import asyncio

import pytest
from sqlalchemy import select

from core.domain import limits
from core.domain.limits import Attempt, Pause, Rate
from core.engine import Engine
from core.services import policies
from core.services.page_settings import PageSetting
from core.services.policies import Switch
from core.storage.tables import LimitUse
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.site import PASSWORD, Answer, Site, Visitor, open_site, sign_ups, tally
from tests.support.statements import counted

SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PROXY = {"trusted_proxies": "127.0.0.1"}
ANNA = "anna@example.com"


async def guess(visitor: Visitor, times: int, identifier: str = ANNA) -> list[int]:
    return [(await visitor.log_in(identifier, "not the password")).status for _ in range(times)]


def from_network(site: Site, address: str) -> Visitor:
    return site.visitor(**{"X-Forwarded-For": address})


@SQLITE
async def test_after_ten_wrong_passwords_a_growing_pause_says_when_and_keeps_the_form(
    site: Site, office: Office, clock: Clock
) -> None:
    await site.visitor().sign_up((await office.profile()).token)
    visitor = site.visitor()
    assert await guess(visitor, 10) == [422] * 10
    page = await visitor.log_in(ANNA, "not the password")
    assert (page.status, page.headers["Retry-After"]) == (429, "2")
    assert page.texts("p", role="alert") == ["Too many attempts. Try again in 2 seconds."]
    assert page.field("identifier")["value"] == ANNA
    assert "not the password" not in page.body
    clock.advance(seconds=2)
    assert await guess(visitor, 2) == [422, 429]
    assert (await visitor.log_in(ANNA, "not the password")).headers["Retry-After"] == "4"


@pytest.mark.deep
@SQLITE
async def test_a_wait_of_minutes_is_also_told_as_a_moment(site: Site, office: Office, clock: Clock) -> None:
    await site.visitor().sign_up((await office.profile()).token)
    visitor = site.visitor()
    for _ in range(20):
        clock.advance(seconds=int((await visitor.log_in(ANNA, "not the password")).headers.get("Retry-After", "0")))
    told = (await visitor.log_in(ANNA, "not the password")).texts("p", role="alert")[0].replace("\xa0", " ")
    assert "Try again in" in told
    assert ", from 23 Nov 12:" in told


@pytest.mark.deep
@SQLITE
@pytest.mark.parametrize("identifier", [ANNA, "nobody@example.com"])
async def test_unknown_identifiers_are_limited_like_known_ones(site: Site, office: Office, identifier: str) -> None:
    await site.visitor().sign_up((await office.profile()).token)
    assert await guess(site.visitor(), 11, identifier) == [422] * 10 + [429]


@SQLITE
async def test_spelling_the_identifier_in_another_way_gives_no_further_guesses(site: Site, office: Office) -> None:
    await office.set_page(PageSetting.LOGIN, "optional")
    await site.visitor().sign_up((await office.profile()).token, login="anna")
    spellings = [
        ANNA,
        "ANNA@example.com",
        " anna@example.com ",
        "\uff41nna@example.com",
        *[ANNA] * 6,
        "anna@EXAMPLE.com",
    ]
    assert [(await guess(site.visitor(), 1, each))[0] for each in spellings] == [422] * 10 + [429]


@pytest.mark.deep
@SQLITE
@pytest.mark.parametrize("identifier", [ANNA, "nobody@example.com"])
@pytest.mark.parametrize("spelling", ["\uff41", "login"])
async def test_other_spellings_do_not_tell_whether_an_identifier_is_known(
    site: Site, office: Office, identifier: str, spelling: str
) -> None:
    await office.set_page(PageSetting.LOGIN, "optional")
    await site.visitor().sign_up((await office.profile()).token, login="anna")
    assert await guess(site.visitor(), 10, identifier) == [422] * 10
    other = "anna" if spelling == "login" else identifier.replace("a", spelling)
    expected = 422 if spelling == "login" else 429
    assert await guess(site.visitor(), 1, other) == [expected]


@SQLITE
async def test_a_right_password_ends_the_pauses(site: Site, office: Office) -> None:
    await site.visitor().sign_up((await office.profile()).token)
    visitor = site.visitor()
    assert await guess(visitor, 9) == [422] * 9
    assert (await visitor.log_in(ANNA)).status == 303
    assert await guess(site.visitor(), 11) == [422] * 10 + [429]


@SQLITE
async def test_during_the_pause_even_the_right_password_is_not_tried(site: Site, office: Office) -> None:
    await site.visitor().sign_up((await office.profile()).token)
    await guess(site.visitor(), 10)
    assert (await site.visitor().log_in(ANNA)).status == 429


@pytest.mark.deep
@SQLITE
async def test_strangers_stop_neither_the_users_session_nor_a_log_in_on_a_device_of_theirs(
    engine: Engine, office: Office
) -> None:
    token = (await office.profile()).token
    async with open_site(engine, **PROXY) as site:
        anna = from_network(site, "203.0.113.7")
        await anna.sign_up(token)
        assert await guess(from_network(site, "203.0.113.7"), 11) == [422] * 10 + [429]  # in the same network
        assert (await anna.get("/courses")).status == 200
        await anna.log_out()
        assert (await anna.log_in(ANNA)).status == 303
        await anna.log_out()
        assert await guess(anna, 11) == [422] * 10 + [429]  # the device itself is limited, too


@pytest.mark.deep
@SQLITE
async def test_a_device_of_another_user_is_no_known_device(engine: Engine, office: Office) -> None:
    token = (await office.profile()).token
    async with open_site(engine) as site:
        boris = site.visitor()
        await site.visitor().sign_up(token)
        await boris.sign_up(token, "boris@example.com")
        await guess(site.visitor(), 10)
        await boris.log_out()
        assert (await boris.log_in(ANNA)).status == 429


@SQLITE
async def test_an_account_is_limited_over_all_networks_and_a_network_over_all_accounts(
    engine: Engine, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOG_IN_BY_ACCOUNT", "LOG_IN_BY_NETWORK"):
        limit: Rate = getattr(limits, name)
        monkeypatch.setattr(f"web.limits.{name}", Rate(name=limit.name, every=limit.every, burst=3))
    await office.profile()
    async with open_site(engine, **PROXY) as site:
        networks = [await guess(from_network(site, f"203.0.113.{number}"), 1) for number in range(5)]
        assert networks == [[422]] * 3 + [[429]] * 2
        accounts = [await guess(from_network(site, "198.51.100.1"), 1, f"user{number}") for number in range(5)]
        assert accounts == [[422]] * 3 + [[429]] * 2
        neighbours = [await guess(from_network(site, f"2001:db8::{number}"), 1, f"v{number}") for number in range(5)]
        assert neighbours == [[422]] * 3 + [[429]] * 2  # one IPv6 site
        assert await guess(from_network(site, "2001:db8:0:1::1"), 1, "v9") == [422]


async def test_of_many_guesses_at_once_through_two_processes_no_more_are_tried_than_may(
    database_url: str, office: Office, clock: Clock
) -> None:
    await office.profile()
    other = Engine(database_url, clock=clock)
    async with open_site(office.engine) as one, open_site(other) as two:
        visitors = [site.visitor() for _ in range(8) for site in (one, two)]
        answers = await asyncio.gather(*(visitor.log_in(ANNA, "not the password") for visitor in visitors))
    await other.close()
    assert sorted(answer.status for answer in answers) == [422] * 10 + [429] * 6


@SQLITE
async def test_sign_ups_by_network_and_link_are_limited_and_the_form_is_kept(
    engine: Engine, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, burst in (("SIGN_UP_BY_LINK", 4), ("SIGN_UP_BY_NETWORK", 2)):
        limit: Rate = getattr(limits, name)
        monkeypatch.setattr(f"web.limits.{name}", Rate(name=limit.name, every=limit.every, burst=burst))
    card, other = await office.profile(), await office.profile(name="Winter sales")
    async with open_site(engine, **PROXY) as site:

        async def sign_up(number: int, token: str, address: str) -> Answer:
            return await from_network(site, address).sign_up(token, f"learner{number}@example.com")

        answers = [await sign_up(number, card.token, "203.0.113.7") for number in range(3)]
        assert [answer.status for answer in answers] == [303, 303, 429]
        assert answers[2].headers["Retry-After"] == "6"
        assert answers[2].field("email")["value"] == "learner2@example.com"
        assert PASSWORD not in answers[2].body
        statuses = [(await sign_up(number, card.token, f"198.51.100.{number}")).status for number in range(3, 6)]
        assert statuses == [303, 303, 429]
        assert (await sign_up(7, other.token, "198.51.100.5")).status == 303
    assert await tally(engine) == sign_ups(5)


@SQLITE
async def test_taken_addresses_cannot_be_searched_without_limit(
    engine: Engine, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = limits.SIGN_UP_BY_NETWORK
    monkeypatch.setattr("web.limits.SIGN_UP_BY_NETWORK", Rate(name=limit.name, every=limit.every, burst=3))
    token = (await office.profile()).token
    async with open_site(engine) as site:
        await site.visitor().sign_up(token)
        assert [(await site.visitor().sign_up(token)).status for _ in range(3)] == [409, 409, 429]


@SQLITE
async def test_a_flood_of_refused_forms_soon_writes_nothing(
    engine: Engine, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, burst in (("FAILED_BY_LINK", 4), ("FAILED_BY_NETWORK", 2)):
        limit: Rate = getattr(limits, name)
        monkeypatch.setattr(f"web.limits.{name}", Rate(name=limit.name, every=limit.every, burst=burst))
    token = (await office.profile()).token
    async with open_site(engine, **PROXY) as site:

        async def writes_of(address: str) -> int:
            with counted() as count:
                assert (await from_network(site, address).sign_up(token, password="short")).status == 422
            return count.cost.writes

        assert [await writes_of("203.0.113.7") for _ in range(4)] == [1, 1, 0, 0]
        assert [await writes_of(f"198.51.100.{number}") for number in range(3)] == [1, 1, 0]


async def test_a_ticket_makes_one_account_and_another_person_gets_a_new_one(site: Site, office: Office) -> None:
    token, visitor = (await office.profile()).token, site.visitor()
    form = await visitor.open_link(token)
    assert (await visitor.fill(form)).status == 303
    again = await visitor.fill(form, "boris@example.com")
    assert (again.status, again.field("email")["value"]) == (409, "boris@example.com")
    assert "already created an account" in again.texts("p", role="alert")[0]
    assert await tally(office.engine) == sign_ups(1)
    assert (await visitor.sign_up(token, "boris@example.com")).status == 303
    assert await tally(office.engine) == sign_ups(2)


async def test_one_ticket_sent_at_once_for_many_addresses_makes_one_account(site: Site, office: Office) -> None:
    visitor = site.visitor()
    form = await visitor.open_link((await office.profile()).token)
    answers = await asyncio.gather(*(visitor.fill(form, f"learner{number}@example.com") for number in range(8)))
    assert sorted(answer.status for answer in answers) == [303] + [409] * 7
    assert await tally(office.engine) == sign_ups(1)


@SQLITE
async def test_a_refused_form_leaves_its_ticket_valid(site: Site, office: Office) -> None:
    token, visitor = (await office.profile()).token, site.visitor()
    await site.visitor().sign_up(token)
    form = await visitor.open_link(token)
    assert (await visitor.fill(form)).status == 409
    assert (await visitor.fill(form, "boris@example.com")).status == 303


@SQLITE
async def test_on_a_shared_device_the_next_person_has_a_form_of_their_own(site: Site, office: Office) -> None:
    token, visitor = (await office.profile()).token, site.visitor()
    await visitor.sign_up(token)
    page = await visitor.get(f"/s/{token}")
    assert page.elements("a", href="?for=another")
    form = await visitor.open_form(f"/s/{token}?for=another")
    assert (await visitor.fill(form, "boris@example.com")).status == 303
    assert await tally(office.engine) == sign_ups(2)


@SQLITE
async def test_what_limits_store_of_networks_and_accounts_can_not_be_guessed(engine: Engine, office: Office) -> None:
    await office.engine.write(policies.switch, office.owner_id, Switch.APPROVAL, engine.now(), on=True)
    network, token = "203.0.113.7/32", (await office.profile()).token
    async with open_site(engine, **PROXY) as site:
        await guess(from_network(site, "203.0.113.7"), 1)
        await from_network(site, "203.0.113.7").sign_up(token)
    kept = await engine.read(lambda session: set(session.scalars(select(LimitUse.key))))
    declared = [limit for limit in vars(limits).values() if isinstance(limit, Rate | Pause)]
    guesses = {Attempt(limit=limit, subject=subject).key for limit in declared for subject in (network, ANNA, token)}
    assert len(kept) == 8, "three of the log-in, four of the sign-up, one of the notice about it"
    assert len(kept & guesses) == 1, "that of the link, which the database holds anyway"
