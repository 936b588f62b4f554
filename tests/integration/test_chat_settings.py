"""The sign-up form, the policies and the courses by line."""

from dataclasses import replace

import pytest

from bot.handlers.policies import POLICIES
from bot.handlers.settings import SHOWN
from core.engine import Engine
from core.services import policies
from core.services.policies import Switch
from tests.support.account import Office
from tests.support.bot_fixture import Town, open_town
from tests.support.lines import tap, typed
from tests.support.router_fixture import ADDRESSES, Counter
from tests.support.screens import Screens

pytestmark = [pytest.mark.usefixtures("office"), pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def screens(office: Office) -> Screens:
    return Screens(engine=office.engine)


async def test_the_settings_show_every_policy_and_a_button_for_each(screens: Screens) -> None:
    assert (await screens.type("/settings")).splitlines() == [
        "Organisation: no name yet",
        "Time zone: UTC. It is 23 Nov 12:00 there.",
        "Sign-up is on.",
        "",
        "Passwords: any of 8 characters or more, but for the most common ones.",
        "Newcomers give their last name.",
        "Newcomers need not confirm their email address.",
        "Newcomers get access immediately.",
        "Any email domain can sign up.",
        "Seats: unlimited.",
        "There is no privacy policy, so people aren't asked for consent.",
        "People with an account can't change department by a link.",
        "",
        "Tap what you want to change. ✓ is on.",
    ]
    assert screens.labels == [
        ["Organisation", "Time zone"],
        ["✓ Sign-up", "Pages"],
        ["Password rules", "✓ Last name"],
        ["Confirmation", "Approval"],
        ["Domains", "Seats"],
        ["Privacy", "Data kept"],
        ["Join by a link"],
        ["‹ Menu"],
    ]


async def test_a_tap_turns_a_setting_on_or_off_and_a_second_tap_of_the_same_button_changes_nothing(
    office: Office, screens: Screens
) -> None:
    await screens.type("/settings")
    for label, on in (("Approval", True), ("✓ Approval", False), ("Password rules", True), ("✓ Last name", False)):
        data = screens.data(label)
        for _ in range(2):
            await screens.send(data)
            assert any(f"✓ {label.removeprefix('✓ ')}" in row for row in screens.labels) is on
    assert screens.toast == "Newcomers can leave out their last name."
    found = await office.engine.read(policies.policies, office.owner_id)
    assert found.on == {policies.Switch.STRONG_PASSWORDS}
    await screens.tap("✓ Sign-up")
    assert "Sign-up is off, so no link works." in screens.text
    await screens.tap("Confirmation")
    assert screens.toast == "Newcomers confirm their email address first."


async def test_a_value_is_asked_for_below_what_it_is_now_and_leads_back(screens: Screens) -> None:
    await screens.type("/settings")
    asked = await screens.tap("Seats")
    assert asked.splitlines() == ["Seats: unlimited.", "/settings seats 500", "", "Seats", "", "New value: type it"]
    assert screens.labels == [["‹ Back"]]
    assert (await screens.type("12")).startswith("12 active users at most.")
    await screens.tap("‹ Settings")
    await screens.tap("Organisation")
    assert "Acme" in await screens.type("Acme")
    await screens.tap("‹ Settings")
    await screens.tap("Pages")
    assert len(screens.text.splitlines()) <= 20
    await screens.tap("Colour")
    assert "colour #1f5fbf." in await screens.type("#1f5fbf")
    await screens.tap("‹ Pages")
    assert (await screens.tap("‹ Settings")).startswith("Organisation: Acme\n")


@pytest.mark.parametrize("language", ["en", "ru", "es"])
async def test_the_settings_are_one_phone_screen_also_with_all_that_can_be_said(office: Office, language: str) -> None:
    screens = Screens(engine=office.engine, language=language)
    for value in ("approval on", "joining on", "seats 1", "domains example.com", "privacy A.\nB.\nC."):
        await screens.type(f"/settings {value}")
    assert len((await screens.type("/settings")).splitlines()) <= 18  # two more say who waits


def test_each_policy_has_its_line_in_the_settings() -> None:
    assert sorted(SHOWN) == sorted(POLICIES)


@pytest.mark.parametrize("data", ["setting:teleport", "setting:seats:on", "setting:approval:maybe", "setting:"])
async def test_a_forged_setting_is_a_button_that_no_longer_means_anything(screens: Screens, data: str) -> None:
    await screens.type("/settings")
    await screens.send(data)
    assert "older version" in screens.toast


async def test_each_policy_is_changed_by_its_line_and_back(office: Office, town: Town) -> None:
    before = await office.engine.read(policies.policies, office.owner_id)
    for line, answer in (
        ("/settings passwords strong", "Passwords that are easy to guess are refused."),
        (
            "/settings domains example.com, @Example.ORG",
            "Only these email domains can sign up: example.com, example.org",
        ),
        ("/settings approval on", "Newcomers wait for approval."),
        ("/settings lastname optional", "Newcomers can leave out their last name."),
        ("/settings seats 500", "500 active users at most."),
        ("/settings privacy We keep <b>your</b> name.", "We keep <b>your</b> name."),
    ):
        assert answer in (await town.owner.asks(line)).text
    for line in (
        "passwords any",
        "domains any",
        "approval off",
        "lastname required",
        "seats unlimited",
        "privacy off",
        "confirmation off",
    ):
        await town.owner.asks(f"/settings {line}")
    after = await office.engine.read(policies.policies, office.owner_id)
    assert (before.privacy_version, after.privacy_version) == (0, 1)
    assert "any of 8 characters" in (await town.owner.asks("/settings")).text


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/settings paswords strong", "/settings passwords strong"),
        ("/settings passwords", "“passwords” needs a value after it"),
        ("/settings passwords strng", "/settings passwords strong"),
        ("/settings approval maybe", "You can write: on, off"),
        ("/settings domains nonsense", "Enter an email domain like example.com, not “nonsense”"),
        ("/settings seats many", "The number of seats must be a whole number"),
        ("/addfield Crew | txt", "/addfield Crew | text"),
        ("/addfield Crew | text | requierd", "/addfield Crew | text | required"),
        ("/addfield Crew | choice", "A choice field must have two or more different choices"),
        ("/addfield Crew | email", "I don't understand “email” here."),
        ("/addfield Crew", "Missing: kind."),
        ("/addfield phone | text", "The form already has a field “phone”."),
        ("/addfield Email | text | hidden", "The form already has a field “Email”."),
        ("/changefield Shirt | label Job title", "The form already has a field “Job title”."),
        ("/changefield Shrt | hidden", "/changefield Shirt | hidden"),
        ("/changefield Shirt", "Missing: what to change."),
        ("/movefield Shirt | first", "Enter a number here, not “first”."),
        ("/removefield Shrt", "/removefield Shirt"),
        ("/removerule Sales | Safety frst", "/removerule Sales | Safety first"),
        ("/removerule Sales / EMEA | Safety first", "Sales / EMEA does not give “Safety first”."),
    ],
)
async def test_a_mistake_is_told_with_what_would_be_right(office: Office, line: str, sentence: str) -> None:
    assert sentence in await typed(office, "/addfield Shirt | choice | choices S, M", line)


@pytest.mark.parametrize("lacks", [("MAIL_FROM",), ("SMTP_URL", "MAIL_FROM")])
async def test_a_setting_without_which_no_mail_can_be_sent_is_named(office: Office, lacks: tuple[str, ...]) -> None:
    desk = Counter(office.engine, addresses=replace(ADDRESSES, mails_a_day=None, mail_lacks=lacks))
    heard = await desk.line(1001, "/settings confirmation on")
    assert "send any yet. Not set: " + ", ".join(lacks) in heard


@pytest.mark.deep
async def test_confirmation_is_turned_on_where_there_is_a_mail_server(engine: Engine, office: Office) -> None:
    async with open_town(engine, mails_a_day=0) as town:
        await town.owner.asks("/start")
        assert "Confirmation" in (await town.owner.asks("/settings")).labels
        turned = (await town.owner.asks("/settings confirmation on")).text
    assert turned.splitlines() == ["Newcomers confirm their email address first.", "/settings confirmation off"]
    assert Switch.EMAIL_CONFIRMATION in (await engine.read(policies.policies, office.owner_id)).on


async def test_without_one_any_more_newcomers_wait_for_approval_instead(town: Town, office: Office) -> None:
    engine = office.engine
    await engine.write(
        policies.switch, office.owner_id, Switch.EMAIL_CONFIRMATION, engine.now(), on=True, can_mail=True
    )
    shown = await town.owner.asks("/settings")
    assert "Until it can, newcomers wait for approval: /waiting" in shown.text
    assert "✓ Confirmation" in shown.labels


async def test_courses_are_listed_with_who_gets_them(town: Town) -> None:
    await town.owner.asks("/addcourse Be kind | https://example.com/kind")
    assert (await town.owner.asks("/courses")).text.splitlines() == [
        "2 courses",
        "",
        "Be kind",
        "Not given to anyone yet.",
        "",
        "Safety first · 14 days to complete",
        "Given to: Sales",
    ]
    await town.owner.taps("Safety first")
    assert (await town.owner.reads("Nobody has it.")).text.splitlines() == [
        "Safety first",
        "https://learn.example.com/safety",
        "14 days to complete",
        "",
        "Given to people who join:",
        "· Sales",
        "Nobody has it.",
    ]
    assert "People who have it keep it." in (await town.owner.asks("/removerule Sales | Safety first")).text
    assert "Given to: Sales" not in (await town.owner.asks("/courses")).text


async def test_many_courses_turn_pages(town: Town) -> None:
    for number in range(6):
        await town.owner.asks(f"/addcourse Course {number:02} | https://example.com/{number}")
    await town.owner.asks("/courses")
    await town.owner.taps("More ›")
    assert (await town.owner.reads("Safety first")).labels == (
        "Safety first",
        "‹ Back",
        "➕ Add",
        "‹ Menu",
    )


async def test_a_distance_from_utc_is_answered_with_cities_to_tap(town: Town) -> None:
    answer = await town.owner.asks("/timezone UTC+3")
    assert "“UTC+3” isn't one." in answer.text
    assert "Time zone: Europe/Moscow." in (await tap(town, "Europe/Moscow", "Time zone")).text


async def test_the_settings_of_the_pages_are_shown_and_changed(town: Town) -> None:
    shown = (await town.owner.asks("/settings pages")).text.splitlines()
    assert shown[:2] == [
        "Pages are in English if a browser asks for none of their languages.",
        "The pages name no contact.",
    ]
    for line, answer in (
        ("language Spanish", "Pages are in “Spanish” if a browser asks for none of their languages."),
        ("contact learning@example.com", "Pages say: Questions? learning@example.com"),
        ("colour green", "Buttons and links of the pages have the colour #1d6b3a."),
        ("welcome Good to have you!", "The form welcomes people with: Good to have you!"),
        ("login optional", "Newcomers can choose a login."),
        ("phone required", "Newcomers give their phone number."),
        ("job title off", "Newcomers aren't asked for a job title."),
        ("contact off", "The pages name no contact."),
        ("colour mauve", "Enter a colour like #1f5fbf, or one of blue, green"),
        ("login required", "You can write: off, optional"),
        (f"contact {'x' * 300}", "The text has 300 characters. Shorten it to 200 or fewer."),
    ):
        assert answer in (await town.owner.asks(f"/settings {line}")).text
