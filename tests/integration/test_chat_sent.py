"""What is sent without a command: a link, a number, addresses, a contact, a reply to a card, and what isn't text."""

from collections.abc import Mapping

import pytest

from bot.sending.replies import NewMessage
from core.domain.access import Permission, Role
from core.services import profile_editing, profile_links, profile_removal
from tests.support.account import Office
from tests.support.bot_fixture import MANAGER, OWNER
from tests.support.rosters import keep, listed, through
from tests.support.router_fixture import ADDRESSES, BOT, Counter
from tests.support.rows import a_user
from tests.support.screens import Screens
from tests.support.security_events import security, written

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
HOME = "➕ New sign-up link"
LEARNER = 7008
FILE = {"file_id": "a", "file_unique_id": "a"}


async def heard(counter: Counter, text: str, **fields: object) -> str:
    return await counter.message(OWNER, text, fields)


def card_of(token: str) -> Mapping[str, object]:
    """A card that this bot sent, as a reply to it quotes it."""
    own = {"id": OWNER, "type": "private", "first_name": "Olivia"}
    text = f"🟢 Autumn sales (#1)\n{ADDRESSES.public_url}/s/{token}"
    return {"message_id": 7, "date": 1_700_000_000, "chat": own, "from": BOT, "text": text}


async def test_a_pasted_link_is_answered_with_its_card_and_until_when_it_works(
    office: Office, counter: Counter
) -> None:
    card = await office.profile()
    answer = await heard(counter, f"look: {ADDRESSES.public_url}/s/{card.token}.")
    assert answer.startswith("🟢 <b>Autumn sales</b> (#1)")
    assert "The link works now, and until 23 Dec" in answer


async def test_a_pasted_link_that_is_paused_is_answered_with_its_card_and_why(office: Office, counter: Counter) -> None:
    card = await office.profile()
    await office.engine.write(profile_editing.pause, office.owner_id, card.profile_id, office.engine.now(), paused=True)
    answer = await heard(counter, f"{ADDRESSES.public_url}/s/{card.token}")
    assert "⏸ <b>Autumn sales</b>" in answer
    assert "The link does not work: its profile is paused." in answer


async def test_a_pasted_link_that_was_replaced_says_so(office: Office, counter: Counter) -> None:
    card, now = await office.profile(), office.engine.now()
    await office.engine.write(profile_links.replace, office.owner_id, card.profile_id, now, label="", seen=card.token)
    answer = await heard(counter, f"{ADDRESSES.public_url}/s/{card.token}")
    assert "it was replaced by a new one" in answer


async def test_a_number_alone_is_a_cards(office: Office, counter: Counter) -> None:
    await office.profile()
    for text in ("#1", "1"):
        assert (await heard(counter, text)).startswith("🟢 <b>Autumn sales</b> (#1)")
    assert "You have no profile #7." in await heard(counter, "#7")


async def test_an_address_alone_is_a_person(office: Office, counter: Counter) -> None:
    await office.sign_up((await office.profile()).token)
    assert "<b>Anna Berzina</b>" in await heard(counter, "<ANNA@example.com>")


async def test_an_address_of_nobody_leads_to_adding_them(office: Office, counter: Counter) -> None:
    await office.profile()
    answer = await heard(counter, "boris@example.com")
    assert "is not among your people" in answer
    assert "➕ boris@example.com" in answer.replace("\u2060", "")


async def test_of_several_addresses_it_says_who_is_here(office: Office, counter: Counter) -> None:
    await office.sign_up((await office.profile()).token)
    answer = await heard(counter, "anna@example.com, boris@example.com\nclara@example.com")
    assert answer.startswith("3 addresses")
    assert answer.count("is not among your people") == 2
    assert "anna@example.com" in answer


async def test_an_address_within_a_sentence_is_no_order(counter: Counter) -> None:
    assert "I don't know what “write to anna@example.com please” means here." in (
        await heard(counter, "write to anna@example.com please")
    ).replace("\u2060", "")


async def test_whoever_may_not_see_people_reads_nothing_of_an_address(office: Office, counter: Counter) -> None:
    await office.sign_up((await office.profile()).token)
    await a_user(office.engine, Role.LEARNER, telegram_id=LEARNER)
    answer = await counter.line(LEARNER, "anna@example.com")
    assert "You don't have permission to do that." in answer
    assert "Berzina" not in answer


@pytest.mark.parametrize(
    ("text", "after"), [("limit 20", "0 of 20"), ("name Winter", "<b>Winter</b>"), ("LIMIT 70", "0 of 70")]
)
async def test_a_reply_to_a_card_changes_its_profile(office: Office, counter: Counter, text: str, after: str) -> None:
    card = await office.profile()
    await office.profile(name="Another")
    assert after in await heard(counter, text, reply_to_message=card_of(card.token))


@pytest.mark.parametrize(
    ("label", "typed", "after"),
    [
        ("+1 week", "+1 week", "30 Dec"),
        ("Pause", "pause", "⏸ <b>Autumn sales</b>"),
        ("More ›", "more", "Delete"),
        ("Who joined", "who  JOINED", "0 sign-ups"),
        ("More ›", "expected people", "Autumn sales: who do you expect?"),
        ("More ›", "Send by email", "Autumn sales: to whom shall I send the link?"),
        ("More ›", "reminders", "Reminders"),
    ],
)
async def test_a_reply_to_a_card_with_the_name_of_its_button_does_what_a_tap_does(
    office: Office, counter: Counter, label: str, typed: str, after: str
) -> None:
    token = (await office.profile()).token
    shown, *_ = await counter.typed(OWNER, "/profile 1")
    assert isinstance(shown, NewMessage)
    assert shown.screen.markup
    markup = shown.screen.markup.to_dict()
    assert label in {button["text"] for row in markup["inline_keyboard"] for button in row}
    assert after in await heard(counter, typed, reply_to_message={**card_of(token), "reply_markup": markup})


async def test_who_is_missing_as_a_reply_to_a_card_is_of_its_profile(office: Office, counter: Counter) -> None:
    other, card = await office.profile(name="Other"), await office.profile()
    for each, address in ((other, "boris@example.com"), (card, "anna@example.com")):
        await keep(office.engine, office.owner_id, through(each.profile_id), listed(address))
    shown, *_ = await counter.typed(OWNER, f"/profile {card.profile_id}")
    assert isinstance(shown, NewMessage)
    assert shown.screen.markup
    quoted = {**card_of(card.token), "reply_markup": shown.screen.markup.to_dict()}
    for reply in (quoted, card_of(card.token)):  # also without a button
        answer = await heard(counter, "who's missing", reply_to_message=reply)
        assert "anna@example.com" in answer
        assert "boris@example.com" not in answer


@pytest.mark.parametrize("text", ["q1@example.com, zz1@example.com", "Anna <q1@example.com>\nZane <zz1@example.com>"])
async def test_people_who_are_pasted_as_a_reply_to_a_card_are_asked_about_as_its_own(
    office: Office, counter: Counter, text: str
) -> None:
    await office.profile(name="Other")
    card = await office.profile()
    answer = await heard(counter, text, reply_to_message=card_of(card.token))
    assert answer.startswith("2 people\nWhat would you like to do with them?")
    [expecting] = [line for line in answer.splitlines() if "Expect them" in line]
    data = expecting.partition("'callback_data': '")[2].partition("'")[0]
    assert "For Autumn sales. Nothing is kept yet." in (await counter.tap(OWNER, data)).replace("\u2068", "").replace(
        "\u2069", ""
    )


async def test_a_reply_that_names_a_button_without_the_right_to_it_is_reported_as_a_tap_is(
    office: Office, counter: Counter
) -> None:
    token = (await office.profile()).token
    await a_user(office.engine, Role.CUSTOM, permissions=[Permission.RECEIVE_DIGESTS], telegram_id=MANAGER)
    markup = {"inline_keyboard": [[{"text": "Pause", "callback_data": "pause:1"}]]}
    with written() as lines:
        await counter.message(MANAGER, "pause", {"reply_to_message": {**card_of(token), "reply_markup": markup}})
        await counter.tap(MANAGER, "pause:1")
    by_reply, by_tap = security(lines, "permission refused")
    assert (by_reply, by_tap["route"]) == (by_tap, "pause")


async def test_a_reply_with_the_name_of_a_button_of_an_older_version_is_not_understood(
    office: Office, counter: Counter
) -> None:
    token = (await office.profile()).token
    markup = {"inline_keyboard": [[{"text": "Magic", "callback_data": "magic:1"}]]}
    answer = await heard(counter, "magic", reply_to_message={**card_of(token), "reply_markup": markup})
    assert "I don't know what “magic” means here." in answer


@pytest.mark.parametrize("opened", ["/newprofile", "/addperson", "/addcourse", "/adddepartment", "/expect 2"])
async def test_a_reply_to_a_card_changes_its_profile_whatever_is_open(
    office: Office, counter: Counter, opened: str
) -> None:
    card = await office.profile()
    await office.profile(name="Another")
    await counter.line(OWNER, opened)
    assert "0 of 33" in await heard(counter, "limit 33", reply_to_message=card_of(card.token))
    assert "what “Winter” means here" in await heard(counter, "Winter")


async def test_a_form_that_a_reply_to_a_card_left_is_kept(office: Office, counter: Counter) -> None:
    card = await office.profile()
    await counter.line(OWNER, "/newprofile")
    await heard(counter, "Winter")
    await heard(counter, "limit 33", reply_to_message=card_of(card.token))
    assert "Continue “Winter”" in await counter.line(OWNER, "/menu")


@pytest.mark.parametrize("opened", ["/newprofile", "/addperson", "/addcourse"])
async def test_a_cards_number_is_a_cards_on_a_form_too(office: Office, counter: Counter, opened: str) -> None:
    await office.profile()
    await counter.line(OWNER, opened)
    assert (await heard(counter, "#1")).startswith("🟢 <b>Autumn sales</b> (#1)")
    assert "what “Winter” means here" in await heard(counter, "Winter")


async def test_a_number_alone_on_the_form_is_places(office: Office, counter: Counter) -> None:
    await office.profile()
    await counter.line(OWNER, "/newprofile")
    assert "Places: 1 ✓" in (await heard(counter, "1")).replace("<b>", "")


async def test_where_a_part_is_asked_for_a_cards_number_is_the_answer(office: Office) -> None:
    screens = Screens(engine=office.engine)
    await office.profile()
    await screens.send("form:course")
    await screens.tap("Description ›")
    assert "Description: #1" in await screens.type("#1")


async def test_a_reply_to_a_card_of_others_changes_nothing(office: Office, counter: Counter) -> None:
    card = await office.profile()
    await a_user(office.engine, Role.LEARNER, telegram_id=MANAGER)
    answer = await counter.message(MANAGER, "limit 20", {"reply_to_message": card_of(card.token)})
    assert "You don't have permission to do that." in answer
    assert "0 of 50" in await heard(counter, "#1")


@pytest.mark.parametrize(
    "fields",
    [
        {"sticker": FILE | {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}},
        {"photo": [FILE | {"width": 1, "height": 1}]},
        {"voice": FILE | {"duration": 1}},
        {"location": {"latitude": 1.0, "longitude": 1.0}},
    ],
    ids=lambda fields: next(iter(fields)),
)
async def test_what_is_no_text_is_answered_with_the_first_screen(
    counter: Counter, fields: Mapping[str, object]
) -> None:
    answer = await heard(counter, "", **fields)
    assert answer.startswith("I read text only.")
    assert HOME in answer


async def test_a_deleted_profile_says_who_deleted_it_however_it_is_named(office: Office, counter: Counter) -> None:
    card = await office.profile()
    await office.engine.write(profile_removal.remove, office.owner_id, [card.profile_id], office.engine.now())
    line = await heard(counter, "/profile 1")
    assert line.startswith("“Autumn sales” was deleted by Olivia Owner, 23 Nov")
    assert await heard(counter, "#1") == line
    assert await heard(counter, "1") == line
    assert await heard(counter, "limit 20", reply_to_message=card_of(card.token)) == line
    await heard(counter, "/pause")
    assert line.splitlines()[0] in await heard(counter, "#1")
