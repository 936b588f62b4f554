"""Requests for access in the chat: the notice, the list, and the buttons that answer."""

import pytest

from core.services import access_requests, policies, request_notices
from core.services.policies import Switch
from core.services.profiles import Card
from tests.support.account import Office
from tests.support.bot_fixture import Town
from tests.support.clock import Clock
from tests.support.lines import ask

# What people read is the same on both databases; the journeys, and all of core, run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def card(office: Office, town: Town) -> Card:
    """A full profile of the owner's, who is in the chat."""
    await town.owner.asks("/start")
    card = await office.profile(limit="1")
    await office.sign_up(card.token)
    return card


async def asks(office: Office, card: Card, name: str = "Boris", message: str = "") -> None:
    posted = {"first_name": name, "last_name": "Bo", "email": f"{name.lower()}@example.com", "message": message}
    await office.engine.write(access_requests.ask, card.token, posted, office.engine.now())


async def test_the_notice_says_who_asks_and_why_the_link_is_closed(office: Office, town: Town, card: Card) -> None:
    await asks(office, card, message="I am new here")
    await office.engine.write(request_notices.announce, office.engine.now())
    notice = await town.owner.reads("asks to join")
    assert notice.text.splitlines() == [
        "Boris Bo (boris@example.com) asks to join “Autumn sales”.",
        "I am new here",
        "It is full: 1 of 1.",
        "The request is open until 7 Dec 12:00.",
    ]
    assert notice.buttons == (("+1 place", "+10 places"), ("Decline", "The profile"))
    await town.owner.taps("+1 place")
    await town.owner.reads("Boris Bo can sign up now: a place is kept for 7 days.")


async def test_who_has_an_account_already_is_marked_and_shown(office: Office, town: Town, card: Card) -> None:
    await asks(office, card)
    await office.sign_up((await office.profile(name="Interns")).token, "boris@example.com")
    await office.engine.write(request_notices.announce, office.engine.now())
    notice = await town.owner.reads("asks to join")
    assert "⚠️ This address has an account already: its owner can log in." in notice.text.splitlines()
    await town.owner.taps("Show the person")
    await town.owner.reads("boris@example.com")


async def test_several_are_one_message_that_leads_to_each(office: Office, town: Town, card: Card) -> None:
    await asks(office, card)
    await asks(office, card, "Carla")
    await office.engine.write(request_notices.announce, office.engine.now())
    notice = await town.owner.reads("2 people ask for access")
    assert [row[0] for row in notice.buttons] == ["#1 Boris Bo", "#2 Carla Bo", "Approve all"]
    await town.owner.taps("#2 Carla Bo")
    await town.owner.reads("The request is open until")
    await town.owner.taps("Decline")
    await town.owner.reads("Decline Carla Bo?")
    await town.owner.taps("Decline")
    following = await town.owner.reads("Carla Bo was declined.")
    assert "Boris Bo (boris@example.com) asks to join" in following.text
    await town.owner.taps("‹ Requests")
    assert "Boris Bo" in (await town.owner.reads("The request is open until")).text


async def test_a_double_tap_lets_in_nobody_whose_request_was_not_looked_at(
    office: Office, town: Town, card: Card, clock: Clock
) -> None:
    await asks(office, card)
    await asks(office, card, "Carla")
    await ask(town, "/waiting", "2 people ask for access")
    await town.owner.taps("#1 Boris Bo")
    await town.owner.reads("The request is open until")
    await town.owner.taps("+1 place")
    following = await town.owner.reads("Boris Bo can sign up now")
    assert "Carla Bo" in following.text
    await town.owner.taps("+1 place")
    await town.owner.is_told("Look first: this is the next one.")
    clock.advance(seconds=1)
    await town.owner.taps("+1 place")
    await town.owner.reads("Carla Bo can sign up now")


async def test_all_who_ask_are_let_in_after_a_question_that_says_what_opens_their_links(
    office: Office, town: Town, card: Card, clock: Clock
) -> None:
    await asks(office, card)
    await asks(office, card, "Carla")
    await ask(town, "/waiting", "2 people ask for access")
    await town.owner.taps("Approve all")
    asked = await town.owner.reads("Approve 2 requests?")
    assert asked.text.splitlines()[1:3] == [
        "· Boris Bo · “Autumn sales”: +1 place",
        "· Carla Bo · “Autumn sales”: +1 place",
    ]
    await town.owner.taps("Approve 2")
    await town.owner.is_told("Read the question first.")
    clock.advance(seconds=1)
    await town.owner.taps("Approve 2")
    said = await town.owner.reads("2 people were approved: Boris Bo, Carla Bo.")
    assert "A place is kept for each of them for 7 days" in said.text
    await town.owner.taps("‹ Requests")
    await town.owner.reads("Nobody asks for access at the moment.")


async def test_a_place_that_is_kept_is_told_on_the_card_and_in_the_digest_as_nobody_who_waits(
    office: Office, town: Town, card: Card
) -> None:
    await asks(office, card)
    await ask(town, "/waiting", "asks to join")
    await town.owner.taps("+1 place")
    await town.owner.reads("Boris Bo can sign up now")
    shown = await ask(town, f"/profile {card.profile_id}", "1 place kept")
    assert not [label for row in shown.buttons for label in row if "Waiting" in label]
    await ask(town, "/digest now", "full, 1 place kept")


async def test_the_question_says_each_place_more_that_a_paused_profile_gets(
    office: Office, town: Town, card: Card
) -> None:
    for name in ("Boris", "Carla"):
        await asks(office, card, name)
    await town.owner.asks(f"/pause {card.profile_id}")
    await ask(town, "/waiting", "2 people ask for access")
    await town.owner.taps("Approve all")
    question = await town.owner.reads("Approve 2 requests?")
    assert "· Boris Bo · “Autumn sales”: Resume, +1 place" in question.text.splitlines()
    assert "2 places more are given." in question.text.splitlines()
    await town.owner.taps("‹ Requests")
    await town.owner.reads("2 people ask for access")
    await town.owner.taps("#1 Boris Bo")
    one = await town.owner.reads("The request is open until")
    assert one.buttons[0] == ("Resume, +1 place",)


async def test_the_joint_question_names_whose_addresses_have_an_account_already(
    office: Office, town: Town, card: Card
) -> None:
    for name in ("Boris", "Carla"):
        await asks(office, card, name)
    await office.sign_up((await office.profile(name="Interns")).token, "boris@example.com")
    await ask(town, "/waiting", "2 people ask for access")
    await town.owner.taps("Approve all")
    question = await town.owner.reads("Approve 2 requests?")
    assert "⚠️ This address has an account or a sign-up already: Boris Bo." in question.text.splitlines()


async def test_all_who_ask_are_declined_after_a_question(office: Office, town: Town, card: Card, clock: Clock) -> None:
    await asks(office, card)
    await asks(office, card, "Carla")
    await ask(town, "/waiting", "2 people ask for access")
    await town.owner.taps("Decline all")
    await town.owner.reads("Decline 2 requests?")
    clock.advance(seconds=1)
    await town.owner.taps("Decline 2")
    await town.owner.reads("2 people were declined: Boris Bo, Carla Bo.")


async def test_who_waits_and_who_asks_are_found_by_one_command(office: Office, town: Town, card: Card) -> None:
    await asks(office, card)
    shown = await ask(town, "/waiting", "asks to join")
    assert shown.labels[-1] == "‹ Menu"
    await office.engine.write(policies.switch, office.owner_id, Switch.APPROVAL, office.engine.now(), on=True)
    other = await office.profile(name="Interns")
    await office.sign_up(other.token, "olga@example.com")
    shown = await ask(town, "/waiting", "1 person is waiting for approval")
    assert ("1 request for access",) in shown.buttons
    await town.owner.taps("1 request for access")
    await town.owner.reads("asks to join")


async def test_an_answered_one_cannot_be_answered_again(office: Office, town: Town, card: Card) -> None:
    await asks(office, card)
    await office.engine.write(request_notices.announce, office.engine.now())
    await town.owner.reads("asks to join")
    await town.owner.taps("+1 place")
    await town.owner.reads("can sign up now")
    shown = await ask(town, "/waiting", "Nobody is waiting")
    assert shown.buttons == (("‹ Menu",),)
