"""The chat by line, over real HTTP against the sandbox."""

import pytest

from core.engine import Engine
from core.services import redemption
from tests.support.account import Office, a_form
from tests.support.bot_fixture import PAGES, Town, open_town
from tests.support.chat import SeenMessage
from tests.support.clock import Clock
from tests.support.lines import tap, typed

# What people read is the same on both databases; the journeys, and all of core, run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SET_UP = ("/start", "/signup on", "/timezone Europe/Riga", "/adddepartment Sales / EMEA")
NEW_PROFILE = "/newprofile Autumn sales | Sales / EMEA | 2026-11-23 09:00 - 2026-12-24 18:00 | 50"


async def ask(town: Town, line: str) -> SeenMessage:
    said = await town.owner.says(line)
    return await town.owner.reads(after=said)


async def set_up(town: Town) -> SeenMessage:
    for line in SET_UP:
        await ask(town, line)
    return await ask(town, NEW_PROFILE)


def link_on(card: SeenMessage) -> str:
    return next(line for line in card.text.splitlines() if line.startswith(PAGES))


async def sign_up(town: Town, card: SeenMessage, email: str = "anna@example.com") -> None:
    token = link_on(card).rsplit("/", 1)[-1]
    await town.engine.write(redemption.redeem, token, a_form(email), town.engine.now())


async def test_five_lines_lead_from_start_to_a_link(town: Town) -> None:
    card = await set_up(town)
    assert card.text.splitlines()[:4] == [
        "🟢 Autumn sales (#1)",
        "Sales / EMEA",
        "Open until 24 Dec 18:00 (Riga), 31 days left",
        "░░░░░░░░░░  0 of 50",
    ]
    assert card.button("Copy link")["copy_text"]["text"] == link_on(card)


async def test_a_stranger_gets_one_and_the_same_sentence(town: Town, clock: Clock) -> None:
    await set_up(town)
    answers = set()
    for line in ("/start", "hello", "/profiles", "/start guessed-code", NEW_PROFILE):
        said = await town.stranger.says(line)
        answers.add((await town.stranger.reads(after=said)).text)
        clock.advance(hours=1)
    assert answers == {"This chat is for invited people only. If you have a sign-up link, open it in a browser."}


async def test_whoever_opens_the_one_time_link_first_becomes_the_owner(engine: Engine, clock: Clock) -> None:
    async with open_town(engine, owner_id=None) as town:
        await town.stranger.says("/start")
        await town.stranger.reads("invited people only")
        code = town.announced[0].partition("?start=")[2].split()[0]
        said = await town.owner.says(f"/start {code}")
        await town.owner.reads("Welcome, Olivia.", after=said)
        clock.advance(hours=1)
        said = await town.stranger.says(f"/start {code}")
        await town.stranger.reads("invited people only", after=said)


async def test_the_checklist_ticks_what_is_done(town: Town) -> None:
    before = (await ask(town, "/start")).text
    await ask(town, "/adddepartment Sales")
    after = (await ask(town, "/start")).text
    assert "Set-up: 0 of 5 done" in before
    assert "◻️ Add a department" in before
    assert "Set-up: 1 of 5 done" in after
    assert "✅ Add a department" in after


async def test_a_profile_made_while_sign_up_is_off_offers_to_turn_it_on(town: Town) -> None:
    await ask(town, "/start")
    await ask(town, "/adddepartment Sales / EMEA")
    card = await ask(town, NEW_PROFILE)
    assert "sign-up is off" in card.text
    await town.owner.taps("Turn sign-up on")
    assert "Open until" in (await town.owner.reads("🟢")).text


async def test_pausing_by_a_button_changes_the_card_in_place(town: Town) -> None:
    card = await set_up(town)
    await town.owner.taps("Pause")
    paused = await town.owner.reads("Paused")
    await town.owner.taps("Resume")
    resumed = await town.owner.reads("Open until")
    assert card.id == paused.id == resumed.id


async def test_deleting_asks_first_and_names_the_profile(town: Town) -> None:
    card = await set_up(town)
    await tap(town, "More ›")
    await town.owner.taps("Delete")
    assert "Delete “Autumn sales” (#1)?" in (await town.owner.reads("Delete")).text
    await town.owner.taps("Delete")
    await town.owner.reads("“Autumn sales” is deleted")
    assert "“Autumn sales” was deleted by Olivia" in (await ask(town, "/profile 1")).text
    assert link_on(card)


async def test_a_card_of_a_deleted_profile_turns_into_what_became_of_it(town: Town) -> None:
    card = await set_up(town)
    await ask(town, "/deleteprofile 1")
    await town.owner.taps("Delete")
    await town.owner.reads("is deleted")
    await town.owner.taps("Pause")
    gone = await town.owner.reads("was deleted by")
    assert gone.id == card.id
    assert gone.text.startswith("“Autumn sales” was deleted by Olivia")
    assert gone.labels == ("‹ Links",)


async def test_history_shows_who_signed_up(town: Town) -> None:
    card = await set_up(town)
    await sign_up(town, card)
    history = await ask(town, "/history 1")
    assert history.text.splitlines() == [
        "Autumn sales (#1)",
        "1 sign-up",
        "",
        "Anna Berzina",
        "anna@example.com",
        "23 Nov 14:00 · Sales / EMEA",
    ]


async def test_history_turns_pages(town: Town) -> None:
    card = await set_up(town)
    for number in range(11):
        await sign_up(town, card, f"learner{number:02}@example.com")
    said = await town.owner.says("/history 1")
    newest = await town.owner.reads("11 sign-ups", after=said)
    await tap(town, "Older ›", "learner04")
    oldest = await tap(town, "Older ›", "learner00")
    assert "learner10" in newest.text
    assert "learner06" not in newest.text
    assert oldest.labels[:3] == 3 * ("Anna Berzina · 23 Nov 14:00",)
    assert oldest.labels[3:] == ("« Newest", "Return an activation", "CSV", "XLSX", "‹ Profile")
    await town.owner.taps("Anna Berzina · 23 Nov 14:00")
    assert "learner" in (await town.owner.reads("Here since")).text


async def test_digest_now_tells_the_news_in_its_first_line(town: Town) -> None:
    card = await set_up(town)
    await sign_up(town, card)
    said = await town.owner.says("/digest now")
    digest = await town.owner.reads("1 joined so far", after=said)
    assert digest.text.splitlines() == ["1 joined so far", "", "🟢 Autumn sales  1/50", "", "Joined: Anna Berzina"]
    await town.owner.taps("More ›")
    details = await town.owner.reads("Autumn sales · Sales / EMEA")
    assert details.text.splitlines()[:5] == [
        "1 joined so far",
        "",
        "Autumn sales · Sales / EMEA",
        "1 new, 49 places left",
        "Anna Berzina",
    ]
    await town.owner.taps("‹ Digest")
    await town.owner.reads("🟢 Autumn sales  1/50")


async def test_a_digest_stays_when_one_of_its_buttons_opens_something(town: Town) -> None:
    await set_up(town)
    await ask(town, "/expect 1")
    await town.owner.says("Anna Ozola <anna@example.com>")
    await town.owner.reads("Nothing is kept yet.")
    await town.owner.taps("Keep 1 person")
    await town.owner.reads("0 of 1 came")
    said = await town.owner.says("/digest now")
    digest = await town.owner.reads("Nobody joined so far, 1 of 1 still missing", after=said)
    await town.owner.taps("Who's missing · 1")
    missing = await town.owner.reads("1. Anna Ozola")
    assert missing.id > digest.id
    assert digest.text in {message.text for message in await town.owner.messages()}


async def test_a_scheduled_digest_arrives_once(town: Town, clock: Clock) -> None:
    card = await set_up(town)
    await ask(town, "/digest daily 14:01")
    await sign_up(town, card)
    clock.advance(minutes=1)
    first = await town.owner.reads("1 joined so far")
    said = await town.owner.says("/digest now")
    second = await town.owner.reads("Nobody joined since", after=said)
    digests = [message for message in await town.owner.messages() if "joined s" in message.text.partition("\n")[0]]
    assert [message.id for message in digests] == [first.id, second.id]


async def test_the_creator_hears_of_the_first_learner_and_of_a_full_link(town: Town) -> None:
    await set_up(town)
    card = await ask(town, "/newprofile Two seats | Sales | now - +1 day | 2")
    await sign_up(town, card, "one@example.com")
    await town.owner.reads("The first learner signed up through “Two seats”")
    await sign_up(town, card, "two@example.com")
    await town.owner.reads("“Two seats” is full: 2 of 2.")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/newprofile Autumn sales | Sales", "/newprofile Autumn sales | Sales | now - +2 weeks | 50"),
        ("/newprofile A | Sales / EMEAA | now - +2 weeks | 5", "Did you mean Sales / EMEA?"),
        ("/newprofile A | Sales | now - 2027-03-28 03:30 | 5", "The nearest times are 2027-03-28 02:59 and"),
        ("/newprofile A | Sales | now - 2020-01-01 | 5", "The end must be after the start"),
        ("/newprofile A | Sales | 2020-01-01 - 2020-01-02 | 5", "The end must be in the future"),
        ("/newprofile A | Sales | tomorrow | 5", "I can't read “tomorrow” as a start and an end."),
        ("/newprofile A | Sales | now - whenever | 5", "I can't read the time “whenever”."),
        ("/newprofile A | Sales | now - +2 weeks | 0", "must be a whole number from 1 to 1,000,000, or unlimited"),
        ("/profile 99", "You have no profile #99."),
        ("/profile one", "/profiles one finds profiles by name."),
        ("/adddepartment Sales / EMEA", "Sales / EMEA already exists."),
        ("/adddepartment Sales / ", "“Sales /” isn't a department: a name is missing."),
        ("/newprofile A | / | now - +2 weeks | 5", "“/” isn't a department: a name is missing."),
        ("/addcourse Welcome | example.com", "must be a web address"),
        ("/addcourse Welcome | https://example.com | soon", "The number of days must be a whole number"),
        ("/addrule Sales | Welcome", "I don't know the course “Welcome”."),
        ("/timezone Europe/Rigaa", "Did you mean Europe/Riga?"),
        ("/timezone GMT+3", "UTC+3: Africa/Nairobi, "),
        ("/timezone Etc/GMT-3", "UTC−3: America/Araguaina, "),
        ("/digest hourly", "I can't read “hourly” as a schedule."),
        ("/digest off", "You have no scheduled digest"),
        ("/signup maybe", "You can write: on, off"),
        ("/teleport", "I don't know /teleport."),
        ("/profle 1", "Did you mean /profile 1?"),
        ("/linkss autumn", "Did you mean /links autumn?"),
        ("/help transfr", "There is no help on “transfr”.\nDid you mean /help transfer?"),
        ("a fine day", "I don't know what “a fine day” means here."),
    ],
)
async def test_a_mistake_is_told_with_what_would_be_right(office: Office, line: str, sentence: str) -> None:
    assert sentence in await typed(office, *SET_UP, line)


async def test_names_with_markup_are_shown_as_they_are(town: Town) -> None:
    await set_up(town)
    card = await ask(town, "/newprofile <b>&amp; 🎉 שלום | Sales | now - +1 day | 5")
    assert card.text.startswith("🟢 \u2068<b>&amp; 🎉 שלום\u2069 (#2)")


async def test_each_person_is_answered_in_the_language_of_their_telegram(town: Town) -> None:
    await ask(town, "/start")
    assert "Sign-up is on" in (await ask(town, "/signup on")).text
