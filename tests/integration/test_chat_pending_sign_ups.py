"""Those who wait for an approval: asked about, listed, let in and turned down."""

import pytest
from sqlalchemy.orm import Session

from core.errors import SignUpNotPending
from core.services import departments, pending_sign_ups, policies, profiles
from core.services.policies import Switch
from core.services.profiles import Card
from core.storage.tables import User
from tests.support.account import Office
from tests.support.bot_fixture import MANAGER, Town
from tests.support.chat import SeenMessage
from tests.support.clock import Clock
from tests.support.lines import ask
from tests.support.router_fixture import Counter
from tests.support.rows import a_draft, a_manager, a_request

# What people read is the same on both databases; the journeys, and all of core, run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def card(office: Office, town: Town) -> Card:
    """A profile of the owner's, who is in the chat; its newcomers wait for an approval."""
    await town.owner.asks("/start")
    await office.engine.write(policies.switch, office.owner_id, Switch.APPROVAL, office.engine.now(), on=True)
    return await office.profile()


async def listed(town: Town, line: str = "/waiting") -> SeenMessage:
    return await ask(town, line, "waiting for approval")


async def test_who_waits_is_listed_with_buttons_that_answer(office: Office, town: Town, card: Card) -> None:
    numbers = [(await office.sign_up(card.token, email)).user_id for email in ("anna@example.com", "b@example.com")]
    shown = await listed(town)
    assert shown.text.splitlines() == [
        "2 people are waiting for approval",
        "",
        f"Anna Berzina (#{numbers[0]})",
        "anna@example.com · Autumn sales (#1)",
        "Since 23 Nov 12:00; the place is kept until 30 Nov 12:00",
        "",
        f"Anna Berzina (#{numbers[1]})",
        "b@example.com · Autumn sales (#1)",
        "Since 23 Nov 12:00; the place is kept until 30 Nov 12:00",
    ]
    assert shown.buttons == (
        *((f"Approve #{number}", f"Decline #{number}") for number in numbers),
        ("Approve all", "Decline all"),
        ("Refresh",),
        ("‹ Menu",),
    )


async def test_who_is_let_in_from_the_list_is_followed_by_the_next_who_waits(
    office: Office, town: Town, card: Card, clock: Clock
) -> None:
    first, second, third = [
        (await office.sign_up(card.token, f"{name}@example.com")).user_id for name in ("anna", "boris", "clara")
    ]
    await listed(town)
    await town.owner.taps(f"Approve #{second}")
    following = await town.owner.reads("Anna Berzina was approved.")
    assert following.text.splitlines()[:4] == [
        "Anna Berzina was approved.",
        "2 people are waiting for approval",
        "",
        f"Anna Berzina (#{third})",
    ]
    assert following.buttons == (("Approve", "Decline"), ("‹ Waiting",))
    clock.advance(seconds=1)
    await town.owner.taps("Approve")
    assert f"(#{first})" in (await town.owner.reads("1 person is waiting for approval")).text


async def test_a_double_tap_lets_in_nobody_who_was_not_looked_at(
    office: Office, town: Town, card: Card, clock: Clock
) -> None:
    first, second = [(await office.sign_up(card.token, f"{name}@example.com")).user_id for name in ("anna", "boris")]
    await listed(town)
    await town.owner.taps(f"Approve #{first}")
    await town.owner.reads("Anna Berzina was approved.")
    await town.owner.taps("Approve")
    await town.owner.is_told("Look first: this is the next one.")
    shown = await town.owner.reads(f"(#{second})")
    assert shown.buttons[0] == ("Approve", "Decline")
    clock.advance(seconds=1)
    await town.owner.taps("Approve")
    await town.owner.reads("Nobody is waiting for your approval.")


async def test_the_next_who_waits_is_of_the_same_list(office: Office, town: Town, card: Card, clock: Clock) -> None:
    first, second = [(await office.sign_up(card.token, f"{name}@example.com")).user_id for name in ("anna", "boris")]
    await office.sign_up((await office.profile(name="Other")).token, "other@example.com")
    await listed(town, f"/waiting {card.profile_id}")
    await town.owner.taps(f"Decline #{first}")
    await town.owner.reads("Decline Anna Berzina?")
    await town.owner.taps("Decline")
    shown = await town.owner.reads("1 person is waiting for approval")
    assert f"(#{second})" in shown.text
    clock.advance(seconds=1)
    await town.owner.taps("Approve")
    nobody = await town.owner.reads("Nobody is waiting for your approval.")
    assert nobody.text.startswith("Anna Berzina was approved.")
    assert nobody.labels == ("‹ Profile",)


async def test_who_asks_for_access_comes_next_when_nobody_else_waits(office: Office, town: Town, card: Card) -> None:
    number = (await office.sign_up(card.token)).user_id
    await a_request(office.engine, card.token, "Zola")
    await listed(town)
    await town.owner.taps(f"Approve #{number}")
    shown = await town.owner.reads("Anna Berzina was approved.")
    assert "asks to join" in shown.text


@pytest.mark.parametrize("tapped", ["Approve", "Decline"])
async def test_who_was_answered_by_another_person_meanwhile_is_no_more_in_the_list(
    office: Office, town: Town, card: Card, tapped: str
) -> None:
    first, second = [(await office.sign_up(card.token, f"{name}@example.com")).user_id for name in ("anna", "boris")]
    await listed(town)
    await office.engine.write(pending_sign_ups.approve, office.owner_id, first, office.engine.now())
    await town.owner.taps(f"{tapped} #{first}")
    await town.owner.is_told("This sign-up is no longer waiting")
    anew = await town.owner.reads("1 person is waiting for approval")
    assert anew.buttons[0] == (f"Approve #{second}", f"Decline #{second}")


async def test_who_changed_the_address_since_it_was_shown_is_let_in_after_another_look(
    office: Office, town: Town, card: Card, clock: Clock
) -> None:
    number = (await office.sign_up(card.token, "anna@example.com")).user_id
    await listed(town)

    def change(session: Session) -> None:
        session.get_one(User, number).email = "other@example.com"

    await office.engine.write(change)
    await town.owner.taps(f"Approve #{number}")
    shown = await town.owner.reads("The address has changed since you read it, so Anna Berzina wasn't let in yet.")
    assert "other@example.com" in shown.text
    clock.advance(seconds=1)
    await town.owner.taps("Approve")
    await town.owner.reads("Anna Berzina was approved.")


@pytest.mark.usefixtures("card")
async def test_places_that_are_kept_for_who_waits_are_not_called_used(office: Office, town: Town) -> None:
    await office.sign_up((await office.profile(name="Tiny", limit="1")).token)
    alert = await town.owner.reads("“Tiny” is full: 0 of 1, 1 waiting.")
    assert alert.buttons == (("⏳ Waiting · 1",), ("+10 places",), ("Show the profile",))
    await town.owner.taps("⏳ Waiting · 1")
    await town.owner.reads("1 person is waiting for approval")
    await listed(town)
    await town.owner.taps("Approve #2")
    await town.owner.reads("The first learner signed up through “Tiny”: Anna Berzina.")
    assert "1 of 1" in (await town.owner.asks("/profile 2")).text


async def test_who_is_turned_down_from_the_list_is_asked_about_first(office: Office, town: Town, card: Card) -> None:
    number = (await office.sign_up(card.token)).user_id
    await town.owner.reads("wants to join")
    await listed(town)
    await town.owner.taps(f"Decline #{number}")
    asked = await town.owner.reads("Decline Anna Berzina?")
    assert asked.buttons == (("Decline", "‹ Waiting"),)
    await town.owner.taps("‹ Waiting")
    await town.owner.reads("1 person is waiting")
    await town.owner.taps(f"Decline #{number}")
    await town.owner.reads("Decline Anna Berzina?")
    await town.owner.taps("Decline")
    said = await town.owner.reads("Anna Berzina was declined.")
    assert said.text.splitlines()[1:] == ["Nobody is waiting for your approval."]
    assert said.labels == ("‹ Menu",)


async def test_a_long_list_turns_pages_and_keeps_its_words(office: Office, town: Town, card: Card) -> None:
    numbers = [(await office.sign_up(card.token, f"l{number}@example.com")).user_id for number in range(6)]
    await office.sign_up((await office.profile(name="Other")).token, "other@example.com")
    assert (await listed(town, "/waiting autumn")).text.startswith("6 people are waiting")
    await town.owner.taps("More ›")
    last = await town.owner.reads("l5@example.com")
    assert last.buttons == (
        *((f"Approve #{number}", f"Decline #{number}") for number in numbers[4:]),
        ("Approve all", "Decline all"),
        ("« First", "Refresh"),
        ("‹ Menu",),
    )
    assert "6 people are waiting" in last.text
    await town.owner.taps("« First")
    await town.owner.reads("l0@example.com")


async def test_words_that_nobody_has_who_waits_are_answered_so(office: Office, town: Town, card: Card) -> None:
    await office.sign_up(card.token)
    assert "No one who is waiting has “zebra” in their name" in (await ask(town, "/waiting zebra", "zebra")).text


async def test_a_profiles_card_leads_to_who_waits_through_it_and_back(office: Office, town: Town, card: Card) -> None:
    await office.sign_up(card.token)
    await office.sign_up((await office.profile(name="Other")).token, "other@example.com")
    await ask(town, "/profile 1", "1 waiting")
    await town.owner.taps("⏳ Waiting · 1")
    shown = await town.owner.reads("1 person is waiting for approval")
    assert "other@example.com" not in shown.text
    await town.owner.taps("‹ Profile")
    await town.owner.reads("1 waiting")


async def test_a_profile_through_which_nobody_waits_any_more_says_so(town: Town, card: Card) -> None:
    empty = await ask(town, f"/waiting #{card.profile_id}", "Nobody is waiting for your approval.")
    assert empty.labels == ("‹ Profile",)


async def test_a_profile_that_is_not_ours_has_nobody_who_waits(office: Office, town: Town, card: Card) -> None:
    await office.engine.write(departments.add, office.owner_id, "Support", office.engine.now())
    await a_manager(office.engine, "Support", telegram_id=MANAGER)
    await office.sign_up(card.token)
    manager = town.person(MANAGER)
    assert "You have no profile #1." in (await ask(town, "/waiting 1", person=manager)).text
    assert "Nobody is waiting for your approval." in (await ask(town, "/waiting", person=manager)).text


async def test_the_owner_is_asked_where_the_profiles_maker_is_not_in_the_chat(office: Office, town: Town) -> None:
    engine, now = office.engine, office.engine.now()
    maker = await a_manager(engine, "Sales")
    await engine.write(policies.switch, office.owner_id, Switch.APPROVAL, now, on=True)
    await town.owner.asks("/start")
    await office.sign_up((await engine.write(profiles.create, maker, a_draft(), now)).card.token)
    asked = await town.owner.reads("Anna Berzina (anna@example.com) wants to join")
    assert asked.labels == ("Approve", "Decline")


async def test_the_settings_say_how_many_wait_and_where_they_are(office: Office, town: Town, card: Card) -> None:
    for email in ("anna@example.com", "boris@example.com"):
        await office.sign_up(card.token, email)
    assert "2 people are still waiting: /waiting" in (await ask(town, "/settings", "Newcomers wait for approval")).text
    off = await ask(town, "/settings approval off", "Newcomers get access immediately.")
    assert off.text.splitlines() == [
        "Newcomers get access immediately.",
        "2 people are still waiting: /waiting",
        "/settings approval on",
    ]
    assert (
        "2 people are still waiting: /waiting"
        in (await ask(town, "/settings", "Newcomers get access immediately.")).text
    )


async def test_a_department_in_which_people_wait_says_so_when_it_is_to_go(
    office: Office, town: Town, card: Card
) -> None:
    await office.sign_up(card.token)
    refused = await ask(town, "/deletedepartment Sales / EMEA", "can't be deleted")
    assert refused.text.splitlines()[1:] == [
        "1 in it, 0 below it. Transfer them first.",
        "1 of them is waiting for approval: /waiting",
    ]


async def test_many_who_wait_are_one_message_that_says_how_many(
    office: Office, town: Town, card: Card, clock: Clock
) -> None:
    for name in "abcdefgh":
        await office.sign_up(card.token, f"{name}@example.com")
    await town.owner.reads("a@example.com")
    clock.advance(minutes=10)
    notice = await town.owner.reads("h@example.com")
    others = ", ".join(["Anna Berzina"] * 5)
    assert notice.text.splitlines()[-2:] == ["8 people wait for your answer.", f"Also: {others}, … and 2 more"]
    assert notice.buttons == (("Approve", "Decline"), ("Approve 8", "One by one"))
    assert not [message for message in await town.owner.messages() if "b@example.com" in message.text]
    await town.owner.taps("Approve 8")
    await town.owner.reads("Approve 8 people?")
    await town.owner.taps("Approve 8")
    await town.owner.is_told("Read the question first.")
    clock.advance(seconds=1)
    await town.owner.taps("Approve 8")
    await town.owner.reads("8 people were approved: Anna Berzina, ")
    await town.owner.taps("‹ Waiting")
    await town.owner.reads("Nobody is waiting for your approval.")


async def test_all_who_wait_are_let_in_after_a_question_that_names_them(approving: Office) -> None:
    card = await approving.profile()
    for name in ("anna", "boris"):
        await approving.sign_up(card.token, f"{name}@example.com")
    desk = Counter(approving.engine)
    asked = await desk.tap(1001, "answer-all:approve:")
    assert asked.startswith("Approve 2 people?\n· Anna Berzina\n· Anna Berzina\n\nNobody else is touched.")
    await approving.sign_up(card.token, "clara@example.com")
    assert "2 people were approved: Anna Berzina, Anna Berzina." in await desk.tap(1001, "answer-all!:1")
    assert "1 person is waiting for approval" in await desk.line(1001, "/waiting")
    assert await desk.tap(1001, "answer-all!:1") == "Done already."


async def test_a_button_of_an_earlier_notice_asks_about_those_who_wait_now(approving: Office) -> None:
    card, desk = await approving.profile(), Counter(approving.engine)
    assert "Nobody is waiting for your approval." in await desk.tap(1001, "approve-all!:2")
    await approving.sign_up(card.token)
    assert "Approve 1 person?" in await desk.tap(1001, "approve-all!:2")


async def test_who_was_answered_since_the_question_is_said(approving: Office) -> None:
    card, desk = await approving.profile(), Counter(approving.engine)
    first = (await approving.sign_up(card.token, "anna@example.com")).user_id
    await approving.sign_up(card.token, "boris@example.com")
    await desk.tap(1001, "answer-all:decline:")
    await approving.engine.write(pending_sign_ups.approve, approving.owner_id, first, approving.engine.now())
    said = await desk.tap(1001, "answer-all!:1")
    assert said.startswith(
        "1 person was declined: Anna Berzina.\n1 person could no longer be answered.\nYou can undo it until"
    )
    assert "1 person waits again:\n· Anna Berzina" in await desk.tap(1001, "answer-all-back:2")


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("/waiting 1 approve all", "Approve 2 people?"),
        ("/waiting approve everyone", "Approve 3 people?"),
        ("/waiting other decline all", "Decline 1 person?"),
        ("/waiting #1 отказать всем", "Decline 2 people?"),
        ("/waiting admitir a todos", "Approve 3 people?"),
        ("/waiting zebra approve all", "No one who is waiting has “zebra” in their name"),
    ],
)
async def test_all_of_a_list_are_answered_in_words(approving: Office, line: str, asked: str) -> None:
    card = await approving.profile()
    for name in ("anna", "boris"):
        await approving.sign_up(card.token, f"{name}@example.com")
    await approving.sign_up((await approving.profile(name="Other")).token, "other@example.com")
    assert (await Counter(approving.engine).line(1001, line)).startswith(asked)


async def test_a_person_who_waits_is_found_among_the_people_and_leads_to_the_answer(approving: Office) -> None:
    card = await approving.profile()
    await approving.sign_up(card.token)
    desk = Counter(approving.engine)
    heard = await desk.line(1001, "/people berzina")
    assert "🕒 Anna Berzina · waiting for approval" in heard
    assert "'callback_data': 'waiting:1:'" in heard
    assert "Approve #2" in await desk.tap(1001, "waiting:1:")


async def test_a_person_who_waits_cannot_be_transferred_and_the_manager_reads_why(approving: Office) -> None:
    card = await approving.profile()
    await approving.sign_up(card.token)
    heard = await Counter(approving.engine).line(1001, "/transfer ANNA@example.com | Sales")
    assert "Anna Berzina is waiting for approval." in heard


async def test_the_domain_of_a_person_who_waits_is_told_from_the_one_it_looks_like(approving: Office) -> None:
    card = await approving.profile()
    await approving.sign_up(card.token, "anna@аррӏе.com")
    heard = await Counter(approving.engine).line(1001, "/waiting")
    assert "anna@xn--80ak6aa92e.com (⚠️ its letters look like another domain:" in heard


async def test_words_find_those_who_wait_without_accents_and_in_any_case(approving: Office) -> None:
    card = await approving.profile(name="Ёлка")
    await approving.sign_up(card.token)
    desk = Counter(approving.engine)
    assert "Anna Berzina" in await desk.line(1001, "/waiting ЕЛКА bérzina")
    assert "Anna Berzina" not in await desk.line(1001, "/waiting елки")


async def test_who_has_not_confirmed_their_address_is_listed_and_their_place_can_be_freed(office: Office) -> None:
    engine, owner, now = office.engine, office.owner_id, office.engine.now()
    card, desk = await office.profile(limit="2"), Counter(engine)
    await engine.write(departments.add, owner, "Support", now)
    stranger = await a_manager(engine, "Support", telegram_id=MANAGER)
    await engine.write(policies.switch, owner, Switch.EMAIL_CONFIRMATION, now, on=True, can_mail=True)
    first, second = [(await office.sign_up(card.token, f"{name}@example.com")).user_id for name in ("anna", "boris")]
    heard = await desk.tap(1001, f"waiting:0:{card.profile_id}")
    assert "2 people have not confirmed their address yet" in heard
    assert "Not confirmed yet; the place is kept until 24 Nov 12:00" in heard
    assert (f"Free the place of #{first}" in heard, "Approve" in heard, "anna@example.com" in heard) == (
        True,
        False,
        True,
    )
    assert "boris@example.com" in await desk.line(1001, "/waiting boris@")
    assert "Nobody is waiting" in await desk.line(MANAGER, "/waiting")
    with pytest.raises(SignUpNotPending):
        await engine.write(pending_sign_ups.free_unconfirmed, stranger, first, now)
    assert "no longer waiting" in await desk.tap(1001, f"approve:{first}")
    assert "2 people have not confirmed their address yet: /waiting" in await desk.line(
        1001, "/settings confirmation off"
    )
    assert "2 people have not confirmed their address yet" in await desk.tap(1001, "setting:confirmation:on")
    assert "Free the place of Anna Berzina" in await desk.tap(1001, f"free-place:{first}")
    assert "The place of Anna Berzina is free again." in await desk.tap(1001, f"free-place!:{first}")
    found = await engine.read(profiles.card, owner, card.profile_id, now)
    assert (found.used, found.reserved) == (0, 1)
    assert f"Sign-up declined: #{first}" in await desk.line(1001, "/log")
    assert f"#{second}" in await desk.line(1001, "/waiting")
