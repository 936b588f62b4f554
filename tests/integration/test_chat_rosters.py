"""/expect and /missing in the chat: a list is pasted or sent as a file, previewed, and kept if the person says so."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.input.roster_targets import roster_target
from core.engine import Engine
from core.services import awaited_lists, link_mail_lists, profile_editing, profiles, rosters
from core.services.link_mails import Sending
from core.services.questions import About
from core.services.roster_doors import ClosedBy
from tests.support.account import Office
from tests.support.bot_fixture import Town, open_town
from tests.support.lines import expect_by_chat
from tests.support.rosters import keep, let_only_expected, listed, through, within
from tests.support.router_fixture import Counter
from tests.support.rows import a_manager
from tests.support.screens import Screens
from tests.support.site import Site

SAMPLES = Path(__file__).parent.parent / "samples"
WORKBOOK = "7-personnel-office-titles-two-sheets.xlsx"


@pytest.fixture
async def town(engine: Engine, office: Office) -> AsyncIterator[Town]:  # noqa: ARG001 - its account is what the owner opens
    async with open_town(engine) as running:
        await running.owner.asks("/start")
        yield running


async def test_a_pasted_list_is_previewed_kept_and_matched(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    asked = await owner.asks(f"/expect {card.profile_id}")
    assert "Autumn sales: who do you expect?" in asked.text
    said = await owner.says("Anna Ozola <anna@example.com>\nJānis Kalns janis@example.com\nANNA@example.com\nnobody@@x")
    preview = await owner.reads("For Autumn sales. Nothing is kept yet.", after=said)
    assert "In the list: 2 addresses · 1 twice" in preview.text
    assert (
        "2 people would be added to the list:\n1. Anna Ozola, anna@example.com\n2. Jānis Kalns, janis@example.com"
        in preview.text.replace("\u2060", "")
    )
    assert "1 row with a wrong address: row 4" in preview.text
    await office.sign_up(card.token, "anna@example.com")
    await owner.reads("The first learner signed up")
    await owner.taps("Keep these 2")
    await owner.reads("1 of 2 came · 1 is missing")
    missing = await owner.asks(f"/missing {card.profile_id}")
    assert "1. Jānis Kalns, janis@example.com · never tried" in missing.text
    await owner.taps("Text to forward")
    text = await owner.reads("Please sign up for EMEA\nOpen until ")
    assert card.token in text.text
    assert "Autumn sales" not in text.text  # which is for those who manage the profile
    assert "janis@example.com" not in text.text  # whoever gets it is not to read who else does
    assert text.button("Copy the addresses")["copy_text"]["text"] == "janis@example.com"
    assert text.button("Copy the text")["copy_text"]["text"] == text.text


async def test_no_text_to_forward_is_written_for_a_link_that_does_not_work_until_it_is_opened(
    town: Town, office: Office
) -> None:
    card, owner = await office.profile(), town.owner
    await keep(town.engine, office.owner_id, through(card.profile_id), listed("janis@example.com"))
    await town.engine.write(profile_editing.pause, office.owner_id, card.profile_id, town.engine.now(), paused=True)
    await owner.asks(f"/missing {card.profile_id}")
    await owner.taps("Text to forward")
    closed = await owner.reads("The link is paused, so it isn't sent.")
    assert closed.labels == ("Resume", "Copy the addresses", "‹ Who's missing")
    await owner.taps("Resume")
    assert card.token in (await owner.reads("Please sign up for EMEA\nOpen until ")).text


@pytest.mark.deep
async def test_a_text_that_no_button_can_copy_is_a_message_of_its_own(town: Town, office: Office) -> None:
    for name in ("Autumn", "Winter", "Spring"):
        await office.profile(name=name)
    owner = town.owner
    await owner.asks("/expect Sales / EMEA")
    said = await owner.says("janis@example.com")
    await owner.reads("Nothing is kept yet.", after=said)
    await owner.taps("Keep 1 person")
    await owner.reads("0 of 1 came")
    missing = await owner.asks("/missing Sales / EMEA")
    await owner.taps("Text to forward")
    text = await owner.reads("Please sign up for EMEA")
    assert text.id > missing.id
    assert "Copy the text" not in text.labels


async def test_the_missing_are_a_tap_away_from_the_report_and_the_history(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    await owner.asks(f"/expect {card.profile_id}")
    await owner.says("anna@example.com janis@example.com olga@example.com")
    await owner.reads("Nothing is kept yet.")
    await owner.taps("Keep these 3")
    await owner.reads("0 of 3 came")
    await office.sign_up(card.token, "anna@example.com")
    await owner.reads("The first learner signed up")
    report = await owner.asks("/report")
    assert "1 · Autumn sales (#1) · 1 of 3 expected came, 2 missing" in report.text
    await owner.taps("Who's missing")
    await owner.reads("1 of 3 expected came, 2 missing")
    await owner.taps("Autumn sales · 2")
    await owner.reads("1. janis@example.com")
    assert "1 of 3 expected came, 2 missing" in (await owner.asks(f"/history {card.profile_id}")).text
    await owner.taps("Who's missing · 2")
    await owner.reads("1. janis@example.com")
    assert "1 of 3 expected came, 2 missing" in (await owner.asks("/missing")).text


@pytest.mark.deep
async def test_a_digest_lets_one_choose_on_which_of_several_lists_to_remind_the_missing(
    town: Town, office: Office
) -> None:
    for name in ("Autumn", "Winter", "Spring"):
        card = await office.profile(name=name)
        await keep(office.engine, office.owner_id, through(card.profile_id), listed(f"{name.lower()}@example.com"))
    await office.sign_up(card.token, "spring@example.com")
    await town.owner.asks("/digest now")
    await town.owner.reads("Missing: 2 of 3 expected")
    await town.owner.taps("Remind missing")
    choice = await town.owner.reads("Remind those who haven't come")
    assert choice.labels[:2] == ("Winter · 1", "Autumn · 1"), "in Spring, nobody is missing"
    await town.owner.taps("Winter · 1")
    await town.owner.reads("1 person", after=choice)
    await town.owner.taps("‹ Who's missing")
    await town.owner.reads("1. winter@example.com")


@pytest.mark.deep
async def test_a_digest_leads_to_each_list_on_which_somebody_is_missing(town: Town, office: Office) -> None:
    for number in range(8):
        card = await office.profile(name=f"P{number}")
        await keep(office.engine, office.owner_id, through(card.profile_id), listed(f"anna{number}@example.com"))
    await office.sign_up(card.token, "anna7@example.com")
    await town.owner.asks("/digest now")
    await town.owner.reads("Missing: 7 of 8 expected")
    for label, title in (("Who's missing · 7", "Who's missing"), ("Remind missing", "Remind those who haven't come")):
        await town.owner.taps(label)
        first = await town.owner.reads(title)
        assert first.labels == (*(f"P{number} · 1" for number in (6, 5, 4, 3, 2, 1)), "More ›", "‹ Menu")
        await town.owner.taps("More ›")
        rest = await town.owner.reads("P0")
        assert rest.labels == ("P0 · 1", "‹ Back", "‹ Menu")
    await town.owner.taps("P0 · 1")
    await town.owner.reads("1 person")


@pytest.mark.deep
async def test_of_people_on_several_lists_it_is_said_how_many_are_missing_in_all(town: Town, office: Office) -> None:
    card, owner = await office.profile(), office.owner_id
    await keep(office.engine, owner, through(card.profile_id), listed("anna@example.com"))
    assert "In all" not in (await town.owner.asks("/missing")).text
    emea = await within(office.engine, "Sales / EMEA")
    await keep(office.engine, owner, emea, listed("anna@example.com", "olga@example.com"))
    shown = await town.owner.asks("/missing")
    assert shown.labels[:2] == ("Sales / EMEA · 2", "Autumn sales · 1")
    assert "In all 2 are missing: who is on a list further down, too, is counted only there." in shown.text


async def test_a_newer_list_says_whom_it_adds_updates_and_takes_off_before_it_is_kept(
    town: Town, office: Office
) -> None:
    card, owner = await office.profile(), town.owner
    before = ("anna@example.com", "janis@example.com", "olga@example.com", "d@example.com", "e@example.com")
    await keep(town.engine, office.owner_id, through(card.profile_id), listed(*before))
    await owner.asks(f"/expect {card.profile_id}")
    said = await owner.says("Anna Liepa anna@example.com +371 20000001")
    preview = await owner.reads("Nothing is kept yet.", after=said)
    assert "Nobody would be added to the list.\n1 person who is on the list gets new data: Anna Liepa" in preview.text
    assert "is on the list already" not in preview.text
    off = "Replacing the list takes 4 people off it: janis@example.com, olga@example.com, d@example.com, … and 1 more"
    assert off in preview.text.replace("\u2060", "")
    assert preview.labels[:2] == ("Update 1 person", "Replace the list of 5 by it")
    said = await owner.says("Anna Liepa anna@example.com +371 20000001\nboris@example.com")
    assert (await owner.reads("Nothing is kept yet.", after=said)).labels[0] == "Add 1, update 1"
    await owner.taps("Add 1, update 1")
    await owner.reads("0 of 6 came")
    assert "1. Anna Liepa, anna@example.com · never tried" in (await owner.asks(f"/missing {card.profile_id}")).text


async def test_a_file_is_fetched_and_its_columns_are_named(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    await owner.asks(f"/expect {card.profile_id}")
    said = await owner.sends(WORKBOOK, (SAMPLES / WORKBOOK).read_bytes())
    preview = await owner.reads("Nothing is kept yet.", after=said)
    assert preview.text.replace("\u2060", "").startswith(f"{WORKBOOK}, sheet 2")
    assert "Read as: Name = B · Email = C · Phone = E" in preview.text
    assert "4 people would be added to the list:" in preview.text
    assert "1 in a hidden row" in preview.text
    assert len(preview.text.splitlines()) <= 20
    await owner.taps("Only these: off")
    await owner.reads("Nothing is kept yet.")
    await owner.taps("Keep these 4")
    await owner.reads("Only these people can sign up.")


async def test_a_text_that_is_called_a_workbook_is_read_and_said_to_be_a_text(town: Town, office: Office) -> None:
    card = await office.profile()
    await town.owner.asks(f"/expect {card.profile_id}")
    said = await town.owner.sends("staff.xlsx", b"Name;Email\nAnna;anna@example.com\n")
    preview = await town.owner.reads("Nothing is kept yet.", after=said)
    assert "By its name it is a workbook, but it holds plain text, which I read like a CSV file." in preview.text
    assert "1 person would be added to the list:\n1. Anna, anna@example.com" in preview.text


async def test_a_link_that_waits_because_there_is_no_mail_server_any_more_says_so(town: Town, office: Office) -> None:
    card, owner, engine, now = await office.profile(), town.owner, town.engine, town.engine.now()
    people, of = listed("anna@example.com"), through(card.profile_id)
    await keep(engine, office.owner_id, of, people)
    sent = await engine.write(awaited_lists.receive, office.owner_id, About.LINK_MAIL, of, {"text": "…"}, now)
    about, sending = (office.owner_id, card.profile_id, people, now), Sending(most=9, language="en")
    seen = (await engine.read(link_mail_lists.preview, *about, most=9, language="en")).seen
    await engine.write(link_mail_lists.send, office.owner_id, sent.question_id, people, now, sending, seen=seen)
    state = "queued since 23 Nov 12:00: no mail server is set up; it is sent once there is one"
    assert f"1. anna@example.com · link {state}" in (await owner.asks(f"/missing {card.profile_id}")).text
    assert f"queued: 1\nThe oldest: {state}" in (await owner.asks(f"/send {card.profile_id}")).text
    await owner.taps("Addresses")
    await owner.reads(f"1. anna@example.com · {state}")


async def test_a_preview_names_who_shares_a_phone_number_and_has_nothing_else(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    await owner.asks(f"/expect {card.profile_id}")
    said = await owner.says("Carl Shared +37127000001\nDana Shared +37127000001")
    preview = await owner.reads("For Autumn sales. Nothing is kept yet.", after=said)
    assert "2 of them can't be recognised when they sign up" in preview.text
    assert "the same phone or number: Carl Shared, Dana Shared. Give them email addresses." in preview.text
    assert "twice" not in preview.text
    assert "to be matched by phone" not in preview.text


async def test_a_list_that_is_cancelled_leaves_nothing(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    await owner.asks(f"/expect {card.profile_id}")
    said = await owner.says("anna@example.com")
    await owner.reads("Nothing is kept yet.", after=said)
    await owner.taps("Cancel")
    assert "who do you expect?" in (await owner.reads("who do you expect?")).text


async def test_a_file_that_is_no_list_is_refused_with_what_to_do(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    await owner.asks(f"/expect {card.profile_id}")
    said = await owner.sends("staff.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    assert "Save it as XLSX, without a password, or as CSV." in (await owner.reads(after=said)).text


async def test_a_file_that_was_not_asked_for_is_answered_with_profiles(town: Town, office: Office) -> None:
    await office.profile()
    said = await town.owner.sends("staff.csv", b"E-mail\nanna@example.com\n")
    assert "through which profile?" in (await town.owner.reads(after=said)).text


async def test_a_text_that_names_nobody_is_answered_as_ever(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    await owner.asks(f"/expect {card.profile_id}")
    said = await owner.says("what now?")
    assert "Nothing is kept yet." not in (await owner.reads(after=said)).text


async def test_others_are_told_on_the_page_that_only_expected_people_can_sign_up(
    town: Town, office: Office, site: Site
) -> None:
    card, owner = await office.profile(), town.owner
    await expect_by_chat(owner, card.profile_id, "anna@example.com", by="Keep 1 person")
    await owner.taps("Only these: off")
    await owner.reads("Only these people can sign up.")
    refused = await site.visitor().sign_up(card.token, "boris@example.com")
    assert refused.status == 403
    assert "Only the people on a list can sign up here" in refused.body
    assert (await site.visitor().sign_up(card.token, "anna@example.com")).location == "/courses"


async def test_whose_form_was_refused_is_missing_with_the_field_that_stopped_them(
    town: Town, office: Office, site: Site
) -> None:
    card, owner = await office.profile(), town.owner
    await expect_by_chat(owner, card.profile_id, "anna@example.com", by="Keep 1 person")
    visitor = site.visitor()
    assert (await visitor.sign_up(card.token, "anna@example.com", password="short")).status == 422
    missing = await owner.asks(f"/missing {card.profile_id}")
    assert "anna@example.com · tried, stopped at: Password" in missing.text


async def test_whom_the_list_of_a_profile_turned_away_has_tried_to_come_to_the_department(
    town: Town, office: Office, site: Site
) -> None:
    card, engine = await office.profile(), town.engine
    await keep(engine, office.owner_id, await within(engine, "Sales / EMEA"), listed("boris@example.com"))
    await keep(engine, office.owner_id, through(card.profile_id), listed("anna@example.com"), only=True)
    assert (await site.visitor().sign_up(card.token, "boris@example.com")).status == 403
    missing = await town.owner.asks("/missing Sales / EMEA")
    assert "boris@example.com · tried 23 Nov 12:00, but another list let in only its people then" in missing.text


async def test_the_people_of_a_department_are_expected_and_written_to(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    await office.profile(name="Interns")
    asked = await owner.asks("/expect EMEA")
    assert asked.text.startswith("Sales / EMEA: who do you expect?")
    said = await owner.says("Anna Ozola <anna@example.com>\nJānis Kalns janis@example.com")
    await owner.reads("Nothing is kept yet.", after=said)
    await owner.taps("Keep these 2")
    await owner.reads("0 of 2 came · 2 are missing")
    await owner.taps("Only these: off")
    await owner.reads("Only these people can sign up through the profiles that lead there.")
    await office.sign_up(card.token, "anna@example.com")
    await owner.reads("The first learner signed up")
    missing = await owner.asks("/missing Sales / EMEA")
    assert "1. Jānis Kalns, janis@example.com · never tried" in missing.text
    await owner.taps("Text to forward")
    text = (await owner.reads("Please sign up for EMEA")).text
    assert card.token in text
    await owner.taps("‹ Who's missing")
    await owner.reads("1. Jānis Kalns")
    await owner.taps("Remind Jānis Kalns")
    await owner.reads("Which profile do you mean?")
    await owner.taps("‹ Who's missing")
    await owner.reads("1. Jānis Kalns")
    await owner.taps("‹ Department")
    shown = await owner.reads("1 of 2 expected came, 1 missing")
    assert {"Who's missing · 1", "Expected people"} <= set(shown.labels)


async def test_a_department_is_chosen_by_taps_for_its_list(town: Town, office: Office) -> None:
    await office.profile()
    await town.owner.asks("/expect")
    await town.owner.taps("One department")
    await town.owner.reads("Department: tap one")
    await town.owner.taps("Sales")
    await town.owner.reads("Sales: who do you expect?")


@pytest.mark.deep
async def test_the_list_of_a_department_is_deleted_after_a_question(town: Town, office: Office) -> None:
    assert office.owner_id
    owner = town.owner
    await owner.asks("/expect Sales")
    said = await owner.says("anna@example.com")
    await owner.reads("Nothing is kept yet.", after=said)
    await owner.taps("Keep 1 person")
    await owner.reads("0 of 1 came")
    await owner.taps("Delete the list")
    await owner.reads("Delete the list of 1 person expected in Sales?")
    await owner.taps("Delete the list")
    await owner.reads("Sales: who do you expect?")


async def test_a_roster_is_named_by_its_profile_or_department_and_what_is_neither_is_said_to_be(
    town: Town, office: Office
) -> None:
    await office.profile()
    owner = town.owner
    assert "Autumn sales: who do you expect?" in (await owner.asks("/missing Autumn")).text
    await office.profile(name="Sales")
    both = await owner.asks("/missing Sales")
    assert "Which one do you mean?" in both.text
    assert {"Sales (#2)", "The department"} <= set(both.labels)
    await owner.taps("The department")
    await owner.reads("Sales: who do you expect?")
    several = await owner.asks("/expect sal")
    assert {"Autumn sales (#1)", "Sales (#2)"} <= set(several.labels)
    answer = await owner.asks("/expect Winter")
    assert "I know no profile or department called “Winter”.\n/profiles and /departments" in answer.text
    near = await owner.asks("/expect Salez")
    assert "Did you mean Sales?" in near.text
    assert "/expect Sales" in near.text
    assert "Did you mean Autumn sales?" in (await owner.asks("/missing Autunm sales")).text
    assert "called “Winter”" in (await owner.asks("/missing Winter remind Anna")).text
    assert "department “Sales / Winter”" in (await owner.asks("/expect Sales / Winter")).text


async def test_a_list_that_cannot_be_read_is_asked_for_again(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    await owner.asks(f"/expect {card.profile_id}")
    said = await owner.sends("list.pdf", b"%PDF-1.7\n%\xe2\xe3")
    refused = await owner.reads("I can't read this kind of file.", after=said)
    assert "Paste names and addresses, or send a CSV or XLSX file" in refused.text
    said = await owner.says("whoever comes")
    again = await owner.reads("There is nobody in this list.", after=said)
    assert "Paste names and addresses, or send a CSV or XLSX file" in again.text
    said = await owner.says("Doe, Jane; jane@example.com")
    assert "1. Jane Doe, jane@example.com" in (await owner.reads("Nothing is kept yet.", after=said)).text


@pytest.mark.deep
@pytest.mark.parametrize("elsewhere", ["/profile 1", "/menu", "/cancel", "/newprofile", "tap ‹ Profile", "Autumn"])
async def test_a_text_below_another_screen_is_no_list_that_was_asked_for_before(office: Office, elsewhere: str) -> None:
    await office.profile()
    screens = Screens(engine=office.engine)
    await screens.type("/expect 1")
    await (screens.tap(elsewhere[4:]) if elsewhere.startswith("tap ") else screens.type(elsewhere))
    if elsewhere == "/newprofile":
        await screens.type("/cancel")
    assert "Nothing is kept yet." not in await screens.type("Anna Berzina, anna@example.com")
    assert "Paste names" not in await screens.type("Winter")


@pytest.mark.deep
@pytest.mark.parametrize("asked", ["/expect 1", "/send 1"])
async def test_a_list_is_taken_below_the_question_however_the_question_came_to_be_shown(
    office: Office, asked: str
) -> None:
    await office.profile()
    screens = Screens(engine=office.engine)
    preview = "Nothing is kept yet." if asked == "/expect 1" else "Nothing is sent yet."
    await screens.type("/newprofile")
    await screens.send(asked.strip("/").replace(" ", ":"))
    assert preview in await screens.type("Anna Berzina, anna@example.com")
    assert preview in await screens.type("Boris Ozols, boris@example.com")
    await screens.tap("Cancel")
    assert "Paste names" in await screens.type("nobody")
    assert preview in await screens.type("Anna Berzina, anna@example.com")


@pytest.mark.deep
async def test_a_list_is_taken_after_its_switch_was_tapped(office: Office) -> None:
    await office.profile()
    screens = Screens(engine=office.engine)
    await screens.type("/expect 1")
    await screens.type("Anna Berzina, anna@example.com")
    await screens.tap("Keep 1 person")
    await screens.tap("Only these: off")
    assert "Nothing is kept yet." in await screens.type("Boris Ozols, boris@example.com")


async def test_a_button_with_a_choice_that_there_is_not_keeps_nothing(office: Office) -> None:
    desk = Counter(office.engine)
    for choice in (4, 9):
        assert "from an older version" in await desk.tap(1001, f"rkeep:1:0:{choice}:0:0:x")


@pytest.mark.deep
async def test_who_came_without_being_on_the_list_is_named_with_a_way_to_their_cards(
    town: Town, office: Office
) -> None:
    card, owner = await office.profile(), town.owner
    await keep(town.engine, office.owner_id, through(card.profile_id), listed("anna@example.com"))
    await office.sign_up(card.token, "boris@example.com")
    await owner.reads("The first learner signed up")
    await owner.asks(f"/missing {card.profile_id}")
    await owner.taps("On no list · 1")
    shown = await owner.reads("On no list here, but came: 1\n")
    assert "Anna Berzina, boris@example.com · 23 Nov 12:00" in shown.text
    assert shown.buttons == (("Anna Berzina",), ("‹ Who's missing",))
    await owner.taps("Anna Berzina")
    await owner.reads("boris@example.com")


async def test_the_check_of_a_link_says_that_only_the_expected_get_in_and_if_nobody_does(office: Office) -> None:
    engine, owner, screens = office.engine, office.owner_id, Screens(engine=office.engine)
    card, above = await office.profile(), await within(engine, "Sales")
    checked = f"/check {card.token}"
    own, of_sales = (
        "Only people on the list of those expected can sign up.",
        "The list of Sales lets in only its people.",
    )
    warned = "But nobody can sign up: only those expected may, and none of them is missing."
    assert (await screens.type(checked)).splitlines()[1].startswith("Checked for")
    await keep(engine, owner, above, listed("anna@example.com"))
    await engine.write(let_only_expected, owner, above, engine.now())
    assert (await screens.type(checked)).splitlines()[:2] == ["🟢 The link works.", of_sales]
    await office.sign_up(card.token, "anna@example.com")
    assert (await screens.type(checked)).splitlines()[:3] == ["⚠️ The link works.", of_sales, warned]
    await engine.write(rosters.let_everybody, owner, above, engine.now())
    await keep(engine, owner, through(card.profile_id), listed("olga@example.com"))
    await engine.write(let_only_expected, owner, through(card.profile_id), engine.now())
    assert (await screens.type(checked)).splitlines()[:2] == ["🟢 The link works.", own]
    [person] = (await engine.read(rosters.missing, owner, through(card.profile_id))).people
    await engine.write(rosters.take_off, owner, through(card.profile_id), person.number, engine.now(), even_last=True)
    assert (await screens.type(checked)).splitlines()[:3] == ["⚠️ The link works.", own, warned]


async def test_the_check_of_a_link_says_if_two_lists_together_let_in_nobody(office: Office) -> None:
    engine, owner, screens = office.engine, office.owner_id, Screens(engine=office.engine)
    card, above = await office.profile(), await within(engine, "Sales")
    await keep(engine, owner, through(card.profile_id), listed("pete@example.com", "anna@example.com"), only=True)
    await keep(engine, owner, above, listed("zoe@example.com", "anna@example.com"), only=True)
    checked = f"/check {card.token}"
    own, of_sales = (
        "Only people on the list of those expected can sign up.",
        "The list of Sales lets in only its people.",
    )
    assert (await screens.type(checked)).splitlines()[:3] == ["🟢 The link works.", own, of_sales]
    await office.sign_up(card.token, "anna@example.com")
    warned = "But nobody can sign up: nobody who is missing is on all of these lists."
    assert (await screens.type(checked)).splitlines()[:4] == ["⚠️ The link works.", own, of_sales, warned]


async def test_the_card_of_an_open_profile_and_its_list_warn_if_nobody_is_left_who_can_sign_up(office: Office) -> None:
    engine, owner, screens = office.engine, office.owner_id, Screens(engine=office.engine)
    card, above = await office.profile(), await within(engine, "Sales")
    warned = "But nobody can sign up: only those expected may, and none of them is missing."
    await keep(engine, owner, above, listed("anna@example.com"), only=True)
    asked = f"/profile {card.profile_id}", "/expect Sales"
    assert [warned in await screens.type(each) for each in asked] == [False, False]
    await office.sign_up(card.token, "anna@example.com")
    assert [warned in await screens.type(each) for each in asked] == [True, True]
    assert (await screens.type(asked[0])).startswith("⚠️ Autumn sales (#")
    await screens.type(f"/pause {card.profile_id}")
    assert warned not in await screens.type(asked[0])


@pytest.mark.deep
async def test_a_list_below_one_that_lets_in_only_its_people_does_not_say_that_others_can_sign_up(
    office: Office,
) -> None:
    engine, owner, screens = office.engine, office.owner_id, Screens(engine=office.engine)
    card, above = await office.profile(), await within(engine, "Sales")
    for of in (through(card.profile_id), await within(engine, "Sales / EMEA"), above):
        await keep(engine, owner, of, listed("anna@example.com"))
    asked = f"/expect {card.profile_id}", "/expect Sales / EMEA"
    for text in asked:
        assert (await screens.type(text)).splitlines()[1] == "Others can sign up, too."
    await engine.write(let_only_expected, owner, above, engine.now())
    for text in asked:
        assert (await screens.type(text)).splitlines()[1] == "The list of Sales lets in only its people."
    assert "The list of" not in await screens.type("/expect Sales")
    await engine.write(let_only_expected, owner, through(card.profile_id), engine.now())
    said = ["Only these people can sign up.", "The list of Sales lets in only its people."]
    assert (await screens.type(asked[0])).splitlines()[1:3] == said


async def test_the_card_says_whose_list_lets_in_only_its_people(office: Office) -> None:
    engine, owner, screens = office.engine, office.owner_id, Screens(engine=office.engine)
    card, above = await office.profile(), await within(engine, "Sales")
    own, of_sales = (
        "Only people on the list of those expected can sign up.",
        "The list of Sales lets in only its people.",
    )
    for of in (through(card.profile_id), above):
        await keep(engine, owner, of, listed("anna@example.com"))
    asked = f"/profile {card.profile_id}"
    assert not {own, of_sales} & set((await screens.type(asked)).splitlines())
    await engine.write(let_only_expected, owner, above, engine.now())
    shown = (await screens.type(asked)).splitlines()
    assert shown[shown.index("0 of 1 expected came, 1 missing") + 1] == of_sales
    assert own not in shown
    await engine.write(let_only_expected, owner, through(card.profile_id), engine.now())
    shown = (await screens.type(asked)).splitlines()
    assert shown[shown.index("0 of 1 expected came, 1 missing") + 1 :][:2] == [own, of_sales]
    manager = await a_manager(engine, "Sales / EMEA")
    found = await engine.read(profiles.card, manager, card.profile_id, engine.now())
    assert found.closed_by == ClosedBy(own=True, above=(None,), lets_in_nobody=False), (
        "Sales is not theirs, so it isn't named"
    )


async def test_a_text_to_forward_stands_below_what_says_that_only_the_expected_can_sign_up(
    town: Town, office: Office
) -> None:
    card, owner = await office.profile(), town.owner
    await keep(town.engine, office.owner_id, through(card.profile_id), listed("janis@example.com"), only=True)
    await owner.asks(f"/missing {card.profile_id}")
    await owner.taps("Text to forward")
    text = await owner.reads("Please sign up for EMEA\nOpen until ")
    warning = "Only people on the list of those expected can sign up.\n\n"
    assert text.text.startswith(warning)
    assert text.button("Copy the text")["copy_text"]["text"] == text.text.removeprefix(warning)


async def test_a_text_that_is_a_message_of_its_own_comes_below_the_screen_that_warns(office: Office) -> None:
    engine, owner, screens = office.engine, office.owner_id, Screens(engine=office.engine)
    for name in ("Autumn", "Winter", "Spring"):
        await office.profile(name=name)
    of = await within(engine, "Sales / EMEA")
    await keep(engine, owner, of, listed("janis@example.com"), only=True)
    warning = await screens.send(f"missingtext:{roster_target(of)}")
    assert warning == "Only people on the list of those expected can sign up."
    assert screens.labels == [["Text to forward"], ["‹ Who's missing"]]
    text = await screens.tap("Text to forward")
    assert text.startswith("Please sign up for EMEA")
    assert warning not in text
    await screens.type("/signup off")
    assert "so the link doesn't work" in await screens.send(f"missingtext:{roster_target(of)}")
    assert await screens.tap(screens.labels[0][0]) == warning, "what cured the link passes by, not this"
    assert screens.toast == "The link works now."


async def test_who_is_expected_below_a_department_is_named_before_it_lets_in_only_its_people(office: Office) -> None:
    engine, owner, screens = office.engine, office.owner_id, Screens(engine=office.engine)
    card, sales = await office.profile(), await within(engine, "Sales")
    await keep(engine, owner, sales, listed("anna@example.com"))
    await keep(engine, owner, through(card.profile_id), listed("anna@example.com", "janis@example.com"))
    await screens.type("/expect Sales")
    asked = await screens.tap("Only these: off")
    said = "1 person expected below this department isn't on its list: the link there will refuse them."
    assert asked.replace("\u2060", "").splitlines() == [said, "janis@example.com"]
    assert screens.labels == [["Add them to the list"], ["‹ Back"], ["Turn on anyway"]]
    assert "0 of 2 came" in await screens.tap("Add them to the list")


async def test_the_last_one_is_taken_off_a_list_that_lets_in_only_its_people_after_a_question(office: Office) -> None:
    engine, owner, screens = office.engine, office.owner_id, Screens(engine=office.engine)
    card = await office.profile()
    of, number = through(card.profile_id), card.profile_id
    await keep(engine, owner, of, listed("anna@example.com", "janis@example.com", "olga@example.com"), only=True)
    await office.sign_up(card.token, "anna@example.com")
    janis, olga = (await engine.read(rosters.missing, owner, of)).people
    assert "1 of 2 came · 1 is missing" in await screens.send(f"expect-off:{number}:{janis.number}")
    asked = await screens.send(f"expect-off:{number}:{olga.number}")
    assert asked.replace("\u2060", "") == (
        "Nobody could sign up any more: olga@example.com is the last on the list of Autumn sales who still can, "
        "and it lets in only its people."
    )
    assert screens.labels == [["‹ Who's missing"], ["Take off anyway"]]
    assert "1 of 1 came" in await screens.tap("Take off anyway")
    assert screens.toast == "Taken off the list."


@pytest.mark.deep
async def test_who_alone_is_on_the_list_above_too_is_taken_off_after_a_question(office: Office) -> None:
    engine, owner, screens = office.engine, office.owner_id, Screens(engine=office.engine)
    card, above = await office.profile(), await within(engine, "Sales")
    await keep(engine, owner, through(card.profile_id), listed("janis@example.com", "olga@example.com"), only=True)
    await keep(engine, owner, above, listed("olga@example.com", "ieva@example.com"), only=True)
    janis, olga = (await engine.read(rosters.missing, owner, through(card.profile_id))).people
    asked = await screens.send(f"expect-off:{card.profile_id}:{olga.number}")
    assert asked.replace("\u2060", "").startswith("Nobody could sign up any more: olga@example.com is the last ")
    assert "is missing" in await screens.send(f"expect-off:{card.profile_id}:{janis.number}")


async def test_the_last_one_is_taken_off_a_list_that_lets_in_others_without_a_question(office: Office) -> None:
    engine, owner, screens = office.engine, office.owner_id, Screens(engine=office.engine)
    card = await office.profile()
    await keep(engine, owner, through(card.profile_id), listed("olga@example.com"))
    [olga] = (await engine.read(rosters.missing, owner, through(card.profile_id))).people
    assert "who do you expect?" in await screens.send(f"expect-off:{card.profile_id}:{olga.number}")


async def test_the_preview_says_that_nobody_could_sign_up_by_a_list_that_replaces_another(office: Office) -> None:
    engine, owner, screens = office.engine, office.owner_id, Screens(engine=office.engine)
    card = await office.profile()
    await keep(engine, owner, through(card.profile_id), listed("anna@example.com", "janis@example.com"), only=True)
    await office.sign_up(card.token, "anna@example.com")
    warned = "Then nobody can sign up any more: all other people of the list have."
    await screens.type(f"/expect {card.profile_id}")
    assert warned in await screens.type("anna@example.com")
    assert warned not in await screens.tap("Only these: on")
    assert warned not in await screens.type("anna@example.com olga@example.com")


@pytest.mark.deep
async def test_the_question_before_a_list_is_deleted_says_who_can_sign_up_then(office: Office) -> None:
    engine, owner, screens = office.engine, office.owner_id, Screens(engine=office.engine)
    card, above = await office.profile(), await within(engine, "Sales")
    question = "Delete the list of 1 person expected through Autumn sales? People who have signed up stay."
    for of in (through(card.profile_id), above):
        await keep(engine, owner, of, listed("anna@example.com"))
    asked = f"unexpect:{card.profile_id}"
    assert await screens.send(asked) == question
    await engine.write(let_only_expected, owner, through(card.profile_id), engine.now())
    assert (await screens.send(asked)).splitlines() == [question, "Then others can sign up there, too."]
    await engine.write(let_only_expected, owner, above, engine.now())
    assert (await screens.send(asked)).splitlines() == [question, "The list of Sales lets in only its people."]


async def test_a_departments_list_says_of_lists_below_that_they_still_let_in_only_their_people(office: Office) -> None:
    engine, owner, screens = office.engine, office.owner_id, Screens(engine=office.engine)
    card, sales = await office.profile(), await within(engine, "Sales")
    await keep(engine, owner, sales, listed("anna@example.com"), only=True)
    await keep(engine, owner, through(card.profile_id), listed("anna@example.com"), only=True)
    asked = f"unexpect:{roster_target(sales)}"
    exception = ", too, except where other lists let in only their people."
    assert (await screens.send(asked)).splitlines()[1:] == [f"Then others can sign up there{exception}"]
    await screens.type("/expect Sales")
    assert f"Others can sign up{exception}" in await screens.tap("Only these: on")
    await engine.write(rosters.let_everybody, owner, through(card.profile_id), engine.now())
    await keep(engine, owner, await within(engine, "Sales / EMEA"), listed("anna@example.com"), only=True)
    assert f"Others can sign up{exception}" in await screens.type("/expect Sales")


async def test_first_and_last_names_are_swapped_before_a_list_is_kept(office: Office) -> None:
    screens, card = Screens(engine=office.engine), await office.profile()
    await screens.type(f"/expect {card.profile_id}")
    preview = await screens.type("Dupont,Marie,marie@example.com")
    assert "1. Dupont Marie, marie" in preview
    assert "Read as: First name = A · Last name = B · Email = C" in preview
    preview = await screens.tap("Swap first and last names")
    assert "1. Marie Dupont, marie" in preview
    assert "Read as: Last name = A · First name = B · Email = C" in preview
    await screens.tap("Only these: off")
    await screens.tap("Keep 1 person")
    [person] = (await office.engine.read(rosters.missing, office.owner_id, through(card.profile_id))).people
    assert person.name == "Marie Dupont"
    assert "Swap first and last names" not in str((await screens.type("olga@example.com"), screens.labels))


async def test_names_alone_are_answered_with_what_people_are_known_by(office: Office) -> None:
    screens, card = Screens(engine=office.engine), await office.profile()
    await screens.type(f"/expect {card.profile_id}")
    said = "I find only names in this list. I know people by an email address or a phone number when they sign up"
    assert (await screens.type("Anna Ozola\nJānis Kalns")).startswith(said)
    assert "Paste names and addresses" in screens.text


async def test_the_preview_counts_everybody_once_and_names_those_who_have_signed_up(office: Office) -> None:
    engine, owner, screens = office.engine, office.owner_id, Screens(engine=office.engine)
    card = await office.profile()
    await keep(engine, owner, through(card.profile_id), listed("anna@example.com", "janis@example.com"))
    for email in ("anna@example.com", "olga@example.com"):
        await office.sign_up(card.token, email)
    await screens.type(f"/expect {card.profile_id}")
    people = ("anna", "janis", "olga", "boris", "ieva")
    preview = await screens.type(" ".join(f"{each}@example.com" for each in people))
    assert preview.replace("\u2060", "").splitlines()[1:7] == [
        "2 people would be added to the list:",
        "1. boris@example.com",
        "2. ieva@example.com",
        "1 person who has signed up already would be added: olga@example.com",
        "1 is on the list already (janis@example.com)",
        "1 has signed up already (anna@example.com)",
    ]
    assert screens.labels[0] == ["Keep these 3"]
    preview = await screens.type("olga@example.com")
    assert "Nobody would be added" not in preview
    assert "would be added to the list:" not in preview


async def test_the_card_of_a_department_says_whose_list_lets_in_only_its_people(office: Office) -> None:
    engine, owner, screens = office.engine, office.owner_id, Screens(engine=office.engine)
    sales, emea = await within(engine, "Sales"), await within(engine, "Sales / EMEA")
    said = {"Only people on the list of those expected can sign up.", "The list of Sales lets in only its people."}
    asked = f"department:{sales.department_id}:0", f"department:{emea.department_id}:0"
    assert [said & set((await screens.send(each)).splitlines()) for each in asked] == [set(), set()]
    await keep(engine, owner, sales, listed("anna@example.com"), only=True)
    own, above = [said & set((await screens.send(each)).splitlines()) for each in asked]
    assert (own, above) == (
        {"Only people on the list of those expected can sign up."},
        {"The list of Sales lets in only its people."},
    )
