"""/send in the chat: a list is previewed with the message, sent, refreshed, sent again and withdrawn."""

from collections.abc import AsyncIterator

import pytest

from bot.mailing.mail_sender import MailSender
from bot.mailing.smtp_server import MailSettings
from bot.service import LOCALES
from core.engine import Engine
from core.language import Languages
from core.services import departments
from core.services.page_settings import PageSetting
from core.services.profiles import Card
from core.storage import link_mails
from core.storage.link_mails import NewRecipient
from tests.support.account import Office
from tests.support.bot_fixture import PAGES, Town, open_town
from tests.support.clock import Clock
from tests.support.lines import ask, expect_by_chat, send_the_link
from tests.support.mail_server import SENDER, MailServer, open_mail_server, plain_text
from tests.support.rosters import keep, let_only_expected, listed, through, within
from tests.support.rows import a_manager, repoint, transfer
from tests.support.screens import Screens
from tests.support.site import Site

pytestmark = pytest.mark.deep


@pytest.fixture
async def town(engine: Engine, office: Office) -> AsyncIterator[Town]:  # noqa: ARG001 - its account is what the owner opens
    async with open_town(engine, mails_a_day=3) as running:
        await running.owner.asks("/start")
        yield running


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    async with open_mail_server() as server:
        yield server


async def deliver(engine: Engine, server: MailServer) -> None:
    settings = MailSettings(url=server.url, sender=SENDER)
    await MailSender(engine, Languages(LOCALES), settings, PAGES).send_waiting()


async def test_the_profile_whose_link_is_sent_is_named_as_for_its_list(town: Town, office: Office) -> None:
    await office.profile()
    owner, asked = town.owner, "Autumn sales: to whom shall I send the link?"
    assert asked in (await owner.asks("/send Autum")).text
    assert asked in (await owner.asks("/send Sales / EMEA")).text
    assert "Did you mean Autumn sales?" in (await owner.asks("/send Autunm sales")).text
    await office.profile(name="EMEA")
    both = await owner.asks("/send EMEA")
    assert {"EMEA (#2)", "The department"} <= set(both.labels)
    await owner.taps("The department")
    await owner.reads("Which profile do you mean?")
    await owner.taps("Autumn sales")
    await owner.reads(asked)


@pytest.mark.quick
async def test_a_list_is_previewed_with_the_message_sent_and_followed(
    town: Town, office: Office, mail_server: MailServer
) -> None:
    card, owner = await office.profile(), town.owner
    asked = await owner.asks(f"/send {card.profile_id}")
    assert "Autumn sales: to whom shall I send the link?" in asked.text
    said = await owner.says("Anna Ozola <anna@example.com>\njanis@example.com\nANNA@example.com\nnobody@@x")
    preview = await owner.reads("For Autumn sales. Nothing is sent yet.", after=said)
    assert "2 addresses · 1 twice" in preview.text
    assert "1 row with a wrong address: row 4" in preview.text
    assert "Olivia Owner invites you to sign up for EMEA." in preview.text
    assert f"{PAGES}/s/{card.token}" in preview.text
    assert len(preview.text.splitlines()) <= 20
    await owner.taps("Send to these 2")
    await owner.reads("queued: 2")
    mail_server.refused["janis@example.com"] = "550 5.1.1 no such user"
    await deliver(town.engine, mail_server)
    await owner.taps("Refresh")
    await owner.reads("sent, not signed up yet: 1")
    await owner.taps("Addresses")
    listed = await owner.reads("Anna Ozola, anna@example.com · sent")
    assert "janis@example.com · refused: 550 5.1.1 no such user" in listed.text
    await owner.taps("Only undelivered ones")
    assert "anna@" not in (await owner.reads("1. janis@example.com")).text
    await owner.taps("Who has signed up")
    await owner.reads("Nobody of them has signed up.")
    await owner.taps("‹ Back")
    await owner.reads("refused: 1")
    said = await owner.says("Anna Ozola <anna@example.com>\njanis@example.com")
    same = await owner.reads("Nothing is sent yet.", after=said)
    assert (
        "1 has got the link already (Anna Ozola)\n1 didn't get the link: “Send again” tries it again (janis@"
        in same.text
    )
    await owner.taps("Send again")
    await owner.reads("again to 1 person who hasn't signed up?\n• janis@example.com")
    await owner.taps("‹ Back")
    await owner.reads("refused: 1")
    await owner.taps("Send again: janis@example.com")
    await owner.reads("again to 1 person who hasn't signed up?")
    await owner.taps("Send again")
    await owner.reads("queued: 1")
    await owner.taps("Withdraw · 2")
    await owner.reads("from 2 people who haven't signed up?")
    await owner.taps("Withdraw")
    await owner.reads("withdrawn: 2")


async def test_a_preview_shows_the_message_only_if_somebody_would_get_it(town: Town, office: Office) -> None:
    card, owner, message = await office.profile(), town.owner, "invites you to sign up"
    await office.sign_up(card.token, "anna@example.com")
    await owner.asks(f"/send {card.profile_id}")
    said = await owner.says("anna@example.com")
    preview = await owner.reads("Nobody would get the link.", after=said)
    assert message not in preview.text
    said = await owner.says("anna@example.com janis@example.com")
    assert message in (await owner.reads("1 address would get the link:", after=said)).text


async def test_who_has_the_link_is_not_locked_out_without_a_question(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    await expect_by_chat(owner, card.profile_id, "anna@example.com", by="Keep 1 person")
    await owner.taps("Only these: off")
    await owner.reads("Only these people can sign up.")
    await owner.taps("Only these: on")
    await owner.reads("Others can sign up, too.")
    await send_the_link(owner, card.profile_id, "anna@example.com janis@example.com", by="Send to these 2")
    await owner.asks(f"/expect {card.profile_id}")
    await owner.taps("Only these: off")
    await owner.reads("1 person who got the link by email hasn't signed up and isn't on the list")
    await owner.taps("‹ Back")
    await owner.reads("Others can sign up, too.")
    await owner.taps("Only these: off")
    asked = await owner.reads("isn't on the list")
    assert asked.text.splitlines()[1:] == ["janis@example.com"]
    assert asked.buttons == (("Add them to the list",), ("‹ Back",), ("Turn on anyway",))
    await owner.taps("Turn on anyway")
    await owner.reads("Only these people can sign up.")
    await owner.taps("Only these: on")
    await owner.reads("Others can sign up, too.")
    await owner.taps("Only these: off")
    await owner.reads("isn't on the list")
    await owner.taps("Add them to the list")
    assert "0 of 2 came" in (await owner.reads("Only these people can sign up.")).text


async def test_who_is_not_on_the_list_that_lets_in_nobody_else_is_added_to_it_before_the_link_is_sent(
    town: Town, office: Office
) -> None:
    card, owner = await office.profile(), town.owner
    await keep(town.engine, office.owner_id, through(card.profile_id), listed("anna@example.com"), only=True)
    await owner.asks(f"/send {card.profile_id}")
    said = await owner.says("new9@example.com")
    preview = await owner.reads("1 is not on the list: the link would refuse them (new9@example.com)", after=said)
    assert preview.labels == ("Add them to the list", "Cancel")
    await owner.taps("Add them to the list")
    await owner.reads("1 address would get the link:\n1. new9@example.com")
    await owner.taps("Send to 1 address")
    await owner.reads("queued: 1")


async def test_whom_a_list_refuses_by_now_is_added_to_it_where_the_link_is_to_be_sent_again(
    town: Town, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card, owner = await office.profile(), town.owner
    await send_the_link(owner, card.profile_id, "anna@example.com", by="Send to 1 address")
    await deliver(town.engine, mail_server)
    await keep(town.engine, office.owner_id, through(card.profile_id), listed("janis@example.com"))
    await town.engine.write(let_only_expected, office.owner_id, through(card.profile_id), town.engine.now())
    clock.advance(days=1, seconds=1)
    await owner.asks(f"/send {card.profile_id}")
    await owner.taps("Send again · 1")
    asked = await owner.reads("1 is not on the list: the link would refuse them (anna@example.com)")
    assert "“Add them to the list” puts them on the list of Autumn sales." in asked.text
    assert asked.labels == ("Add them to the list", "‹ Back")
    await owner.taps("Add them to the list")
    await owner.reads("again to 1 person who hasn't signed up?", after=asked)
    await owner.taps("Send again")
    await owner.reads("queued: 1")


async def test_a_message_that_was_not_sent_because_of_a_list_says_so_and_what_to_do(
    town: Town, office: Office, mail_server: MailServer
) -> None:
    card, owner = await office.profile(), town.owner
    await send_the_link(owner, card.profile_id, "anna@example.com", by="Send to 1 address")
    await keep(town.engine, office.owner_id, through(card.profile_id), listed("janis@example.com"))
    await keep(town.engine, office.owner_id, await within(town.engine, "Sales"), listed("anna@example.com"))
    await town.engine.write(let_only_expected, office.owner_id, through(card.profile_id), town.engine.now())
    await deliver(town.engine, mail_server)
    await owner.taps("Refresh")
    shown = await owner.reads("not sent: 1")
    assert "refused" not in shown.text
    await owner.taps("Addresses")
    told = "not sent: not on the list that lets in only its people"
    shown = await owner.reads(f"1. anna@example.com · {told}")
    assert shown.text.splitlines()[-1] == "“Send again” offers to put them on the list."
    assert f"1. anna@example.com · link {told}" in (await owner.asks("/missing Sales")).text
    await owner.asks(f"/send {card.profile_id}")
    await owner.taps("Send again · 1")
    asked = await owner.reads("1 is not on the list: the link would refuse them (anna@example.com)")
    await owner.taps("Add them to the list")
    await owner.reads("again to 1 person who hasn't signed up?", after=asked)
    await owner.taps("Send again")
    await owner.reads("queued: 1")


async def test_a_list_that_locks_out_who_has_the_link_is_kept_after_the_same_question(
    town: Town, office: Office
) -> None:
    card, owner = await office.profile(), town.owner
    await send_the_link(owner, card.profile_id, "anna@example.com janis@example.com", by="Send to these 2")
    await owner.asks(f"/expect {card.profile_id}")
    said = await owner.says("anna@example.com olga@example.com")
    await owner.reads("Nothing is kept yet.", after=said)
    await owner.taps("Only these: off")
    await owner.reads("Nothing is kept yet.")
    await owner.taps("Keep these 2")
    assert "janis@example.com" in (await owner.reads("isn't on the list: the link will refuse them.")).text
    await owner.taps("‹ Back")
    await owner.reads("Nothing is kept yet.")
    await owner.taps("Keep these 2")
    await owner.reads("isn't on the list")
    await owner.taps("Add them to the list")
    assert "0 of 3 came" in (await owner.reads("Only these people can sign up.")).text
    said = await owner.says("ieva@example.com")
    preview = await owner.reads("Nothing is kept yet.", after=said)
    assert ("Only these: on",) in preview.buttons
    await owner.taps("Replace the list of 3 by it")
    await owner.reads("2 people who got the link by email haven't signed up")
    await owner.taps("Turn on anyway")
    assert "0 of 1 came" in (await owner.reads("Only these people can sign up.")).text


async def test_a_message_that_the_server_put_off_says_until_when_and_why(
    town: Town, office: Office, mail_server: MailServer
) -> None:
    card, owner = await office.profile(), town.owner
    await send_the_link(owner, card.profile_id, "janis@example.com", by="Send to 1 address")
    mail_server.refused["janis@example.com"] = "451 4.7.1 try later"
    await deliver(town.engine, mail_server)
    await owner.taps("Refresh")
    await owner.taps("Addresses")
    listed = await owner.reads("1. janis@example.com")
    assert "queued since 23 Nov 12:00: 451 4.7.1 try later; tried again at 23 Nov 12:00" in listed.text


async def test_a_message_that_waits_for_a_mail_server_that_is_away_says_since_when_why_and_when_it_is_tried_again(
    town: Town, office: Office, mail_server: MailServer
) -> None:
    card, owner = await office.profile(), town.owner
    await expect_by_chat(owner, card.profile_id, "anna@example.com janis@example.com", by="Keep these 2")
    await send_the_link(owner, card.profile_id, "anna@example.com janis@example.com", by="Send to these 2")
    await mail_server.stop()
    await deliver(town.engine, mail_server)
    state = "queued since 23 Nov 12:00: the mail server can't be reached; tried again within 5 minutes"
    await owner.taps("Refresh")
    await owner.reads(f"queued: 2\nThe oldest: {state}")
    await owner.taps("Addresses")
    await owner.reads(f"1. anna@example.com · {state}\n2. janis@example.com · {state}")
    missing = await owner.asks(f"/missing {card.profile_id}")
    assert f"1. anna@example.com · link {state}" in missing.text
    await owner.taps("CSV")
    file = await owner.reads("0 of 2 came", after=missing)
    assert f"link {state}" in (await owner.downloads(file)).decode("utf-8-sig")


async def test_a_message_of_a_paused_profile_says_that_it_waits_until_it_is_resumed(
    town: Town, office: Office, mail_server: MailServer
) -> None:
    card, owner = await office.profile(), town.owner
    await send_the_link(owner, card.profile_id, "anna@example.com", by="Send to 1 address")
    await owner.asks(f"/pause {card.profile_id}")
    await deliver(town.engine, mail_server)
    await owner.asks(f"/send {card.profile_id}")
    await owner.taps("Addresses")
    await owner.reads("1. anna@example.com · queued since 23 Nov 12:00: waits while the profile is paused, three days")
    await owner.asks(f"/resume {card.profile_id}")
    await deliver(town.engine, mail_server)
    assert "sent, not signed up yet: 1" in (await owner.asks(f"/send {card.profile_id}")).text


async def test_all_who_get_no_link_are_listed_with_the_reason(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    emails = [f"{name}@example.com" for name in ("anna", "boris", "clara", "dora")]
    for email in emails:
        await office.sign_up(card.token, email)
    await owner.asks(f"/send {card.profile_id}")
    said = await owner.says("\n".join(f"Some {email[0].upper()} <{email}>" for email in [*emails, "ieva@example.com"]))
    preview = await owner.reads("Nothing is sent yet.", after=said)
    assert "4 have signed up already (Some A, Some B, Some C, … and 1 more)" in preview.text
    await owner.taps("Left out · 4")
    listed = await owner.reads("· Some D, dora@example.com")
    assert listed.text.splitlines()[0] == "4 have signed up already"
    await owner.taps("‹ Back")
    await owner.reads("Nothing is sent yet.")


async def test_a_closed_link_is_opened_where_it_is_to_be_sent(town: Town, office: Office) -> None:
    card, owner = await office.profile(limit="1"), town.owner
    await office.sign_up(card.token)
    await owner.reads("The first learner signed up")
    await owner.asks(f"/pause {card.profile_id}")
    shown = await ask(town, f"/send {card.profile_id}", "The link is paused, so it isn't sent.")
    assert shown.buttons[0] == ("Resume",)
    said = await owner.says("janis@example.com")
    preview = await owner.reads("Nothing is sent yet.", after=said)
    assert preview.buttons[0] == ("Resume",)
    assert "The link is paused, so it isn't sent." in preview.text
    assert "It works until" not in preview.text
    await owner.taps("Resume")
    full = await owner.reads("Nothing is sent yet.")
    assert full.buttons[0] == ("+10 places",)
    await owner.taps("+10 places")
    await owner.is_told("The link works now.")
    assert (await owner.reads("Nothing is sent yet.")).buttons[0] == ("Send to 1 address",)


async def test_a_link_with_fewer_places_than_people_who_would_get_it_is_sent_after_a_warning(
    town: Town, office: Office
) -> None:
    card, owner = await office.profile(limit="2"), town.owner
    for emails, warning in (
        ("janis@example.com olga@example.com", ""),
        ("janis@example.com olga@example.com ieva@example.com", "2 places are left for 3 addresses."),
    ):
        await owner.asks(f"/send {card.profile_id}")
        said = await owner.says(emails)
        preview = await owner.reads("Nothing is sent yet.", after=said)
        assert ("left for" in preview.text) == bool(warning)
        assert warning in preview.text
    assert preview.buttons[0] == ("Send to these 3",)


@pytest.mark.quick
async def test_a_link_with_fewer_places_than_people_who_would_get_it_again_is_sent_again_after_a_warning(
    office: Office,
) -> None:
    card, screens, engine = await office.profile(limit="2"), Screens(engine=office.engine), office.engine
    got_it = [
        NewRecipient(email=f"{name}@example.com", first_name="", last_name="") for name in ("janis", "olga", "ieva")
    ]
    await engine.write(link_mails.add, card.profile_id, got_it, office.owner_id, engine.now())
    await screens.type(f"/send {card.profile_id}")
    assert "2 places are left for 3 addresses." in await screens.tap("Send again · 3")


async def test_more_than_can_be_sent_today_has_no_button_to_send(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    await owner.asks(f"/send {card.profile_id}")
    said = await owner.sends(
        "staff.csv", b"Name;Email\nA;a@example.com\nB;b@example.com\nC;c@example.com\nD;d@example.com\n"
    )
    preview = await owner.reads("Only 3 more messages can be sent today, of 3 in a day.", after=said)
    assert preview.buttons == (("Cancel",),)
    await owner.taps("Cancel")
    await owner.reads("to whom shall I send the link?")


async def test_the_missing_get_the_link_in_two_taps_in_the_accounts_language(town: Town, office: Office) -> None:
    card, owner = await office.profile(), town.owner
    await office.set_page(PageSetting.LANGUAGE, "es")
    await expect_by_chat(owner, card.profile_id, "anna@example.com janis@example.com", by="Keep these 2")
    await owner.asks(f"/missing {card.profile_id}")
    await owner.taps("Send by email")
    preview = await owner.reads("Nothing is sent yet.")
    assert "Abra este enlace y rellene el formulario:" in preview.text
    await owner.taps("Send to these 2")
    await owner.reads("queued: 2")


async def test_from_a_lists_screen_the_link_is_sent_again_to_its_people_alone_and_the_first_three_are_named(
    town: Town, office: Office
) -> None:
    card, owner = await office.profile(), town.owner
    people = [f"{name}@example.com" for name in ("anna", "boris", "clara", "dora")]
    await keep(town.engine, office.owner_id, await within(town.engine, "Sales"), listed(*people))
    got_it = [NewRecipient(email=each, first_name="", last_name="") for each in (*people, "other@example.com")]
    await town.engine.write(link_mails.add, card.profile_id, got_it, office.owner_id, town.engine.now())
    all_of_them = await owner.asks(f"/send {card.profile_id}")
    assert ("Send again · 5",) in all_of_them.buttons
    await owner.asks("/missing Sales")
    await owner.taps("Send by email")
    await owner.reads("Nobody would get the link.")
    await owner.taps("Cancel")
    await owner.reads("not sent: 5")
    await owner.taps("Send again to the list · 4")
    asked = await owner.reads("again to 4 people on the list of Sales who haven't signed up?")
    named = ["• anna@example.com", "• boris@example.com", "• clara@example.com", "… and 1 more"]
    assert asked.text.splitlines()[1:5] == named
    for label, text in (
        ("Addresses", "5. other@example.com"),
        ("Withdraw · 5", "from 5 people who haven't signed up?"),
    ):
        await owner.taps("‹ Back")
        assert ("Send again to the list · 4",) in (await owner.reads("not sent: 5")).buttons
        await owner.taps(label)
        await owner.reads(text)
    await owner.taps("Withdraw")
    assert ("To who's missing · 4",) in (await owner.reads("withdrawn: 5")).buttons


async def test_a_profile_that_was_moved_away_from_a_list_sends_it_nothing_and_its_screens_are_the_profiles(
    town: Town, office: Office
) -> None:
    card, owner = await office.profile(), town.owner
    await keep(town.engine, office.owner_id, await within(town.engine, "Sales"), listed("anna@example.com"))
    got_it = [NewRecipient(email="olga@example.com", first_name="", last_name="")]
    await town.engine.write(link_mails.add, card.profile_id, got_it, office.owner_id, town.engine.now())
    await owner.asks("/missing Sales")
    await owner.taps("Send by email")
    await owner.reads("Nothing is sent yet.")
    await town.engine.write(departments.add, office.owner_id, "Support", town.engine.now())
    await repoint(town.engine, card.profile_id, "Support")
    await owner.taps("Send to 1 address")
    refused = "The link of Autumn sales doesn't lead to Sales, so the people of that list can't come by it."
    assert (await owner.is_told(refused)).show_alert
    await owner.taps("Cancel")
    assert ("Send again: olga@example.com",) in (await owner.reads("not sent: 1")).buttons


async def test_who_signed_up_and_is_elsewhere_now_is_counted_as_hidden_where_those_who_did_are_listed(
    town: Town, office: Office
) -> None:
    card, manager = await office.profile(), town.person(1002)
    await a_manager(town.engine, "Sales", telegram_id=1002)
    got_it = [NewRecipient(email="anna@example.com", first_name="", last_name="")]
    await town.engine.write(link_mails.add, card.profile_id, got_it, office.owner_id, town.engine.now())
    anna = (await office.sign_up(card.token, "anna@example.com")).user_id
    await town.engine.write(departments.add, office.owner_id, "Support", town.engine.now())
    await transfer(town.engine, anna, "Support")
    await manager.asks(f"/send {card.profile_id}")
    await manager.taps("Addresses")
    await manager.reads("Nobody who hasn't signed up.")
    await manager.taps("Who has signed up")
    shown = await manager.reads("1 learner is hidden from you")
    assert "Nobody" not in shown.text


async def anna_is_sent_a_personal_link(town: Town, card: Card, mail_server: MailServer) -> str:
    """Send her one by the chat; return its token."""
    await town.owner.asks(f"/send {card.profile_id}")
    said = await town.owner.says("Anna Ozola <anna@example.com>")
    await town.owner.reads("Nothing is sent yet.", after=said)
    await town.owner.taps("Personal links: off")
    preview = await town.owner.reads("The link is yours alone: it works once.")
    assert card.token not in preview.text
    await town.owner.taps("Send to 1 address")
    await town.owner.reads("queued: 1")
    await deliver(town.engine, mail_server)
    return plain_text(mail_server.accepted[0]).partition("/s/")[2].split()[0]


async def test_a_personal_link_opens_a_form_that_is_filled_in_and_works_once(
    town: Town, office: Office, mail_server: MailServer, site: Site
) -> None:
    card = await office.profile()
    token = await anna_is_sent_a_personal_link(town, card, mail_server)
    assert 'value="anna@example.com"' in (await site.visitor().get(f"/s/{token}")).body
    assert (await site.visitor().sign_up(token, "anna@example.com")).location == "/courses"
    closed = await site.visitor().get(f"/s/{token}")
    assert (closed.status, closed.heading) == (410, "This link was used")
    assert "anna@example.com" not in closed.body


async def test_who_changed_the_address_in_their_personal_link_to_one_that_is_not_on_the_list_has_tried(
    town: Town, office: Office, mail_server: MailServer, site: Site
) -> None:
    card = await office.profile()
    await keep(town.engine, office.owner_id, through(card.profile_id), listed("anna@example.com"), only=True)
    token = await anna_is_sent_a_personal_link(town, card, mail_server)
    assert (await site.visitor().sign_up(token, "private@example.com")).status == 403
    missing = await town.owner.asks(f"/missing {card.profile_id}")
    assert "anna@example.com · tried 23 Nov 12:00, with an address that wasn't on the list" in missing.text
    assert "private@example.com" not in missing.text


async def test_without_a_mail_server_it_says_what_is_missing_and_what_to_forward(
    engine: Engine, office: Office
) -> None:
    async with open_town(engine) as town:
        await town.owner.asks("/start")
        card = await office.profile()
        said = await town.owner.asks(f"/send {card.profile_id}")
        assert "a mail server (SMTP_URL) and a sender (MAIL_FROM)" in said.text
        assert f"{PAGES}/s/{card.token}" in said.text
        await town.owner.asks(f"/missing {card.profile_id}")
