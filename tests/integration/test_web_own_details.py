"""The page of one's own data: every change, what is refused, the new address by mail and without, and the log-ins."""

import json
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select, update

from bot.mailing.mail_sender import MailSender
from bot.mailing.smtp_server import MailSettings
from bot.service import LOCALES
from core.domain.field_kinds import Kind
from core.engine import Engine
from core.errors import PasswordLinkGone
from core.language import Languages
from core.services import audit_log, chat_languages, form_fields, password_links, people_list, policies
from core.services.audit_log import Action
from core.services.form_fields import FieldDraft
from core.services.page_settings import PageSetting
from core.services.policies import Switch
from core.storage import reminder_candidates
from core.storage.tables import User
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.mail_server import SENDER, MailServer, open_mail_server, plain_text
from tests.support.site import PASSWORD, Answer, Site, Visitor, open_site

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAGES = "https://signup.example.org"
ANNA = "anna@example.com"
OTHER_PASSWORD = "five other quiet words here"


@pytest.fixture
async def anna(office: Office, site: Site) -> Visitor:
    """A learner who is logged in, and gave an employee number."""
    engine = office.engine
    await office.set_page(PageSetting.JOB_TITLE, "off")
    number = FieldDraft(label="Employee number", kind=Kind.UNIQUE_TEXT, required=True)
    await engine.write(form_fields.add_field, office.owner_id, number, engine.now())
    card, visitor = await office.profile(), site.visitor()
    assert (await visitor.sign_up(card.token, custom_1="A-7")).location == "/courses"
    assert (await site.visitor().sign_up(card.token, "boris@example.com", custom_1="B-8")).location == "/courses"
    return visitor


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    async with open_mail_server() as server:
        yield server


async def deliver(engine: Engine, server: MailServer) -> None:
    sender = MailSender(engine, Languages(LOCALES), MailSettings(url=server.url, sender=SENDER), PAGES)
    await sender.send_waiting()


async def send(visitor: Visitor, path: str, **values: str) -> Answer:
    """Open a page of one's own data, and send the form on it."""
    token = (await visitor.get(path)).elements("input", name="form_token")[-1].attributes["value"]
    return await visitor.post(path, {"form_token": token, **values})


def rows(page: Answer) -> dict[str, str]:
    """What the summary says: label -> value."""
    values = [each for each in page.texts("dd") if not each.startswith(("Change:", "Read it:"))]
    return dict(zip(page.texts("dt"), values, strict=True))


async def test_the_summary_has_everything_and_each_detail_is_changed_on_a_page_of_its_own(
    anna: Visitor, office: Office
) -> None:
    courses = await anna.get("/courses")
    assert "/me" in [each.attributes["href"] for each in courses.elements("a")]
    shown = rows(await anna.get("/me"))
    assert shown == {
        "Name": "Anna Bērziņa",
        "Email address": ANNA,
        "Login": "anna",
        "Password": "Not shown",
        "Phone number": "none",
        "Employee number": "A-7",
        "Department": "Sales / EMEA",
        "Language": "English",
    }
    for path, values in (
        ("/me/name", {"first_name": "Anna  Maria", "last_name": "Kalniņa"}),
        ("/me/phone", {"phone": "+371 20000000"}),
        ("/me/custom_1", {"custom_1": "a-7"}),
    ):
        assert (await send(anna, path, **values)).location == "/me?note=saved"
    page = await anna.get("/me?note=saved")
    assert ("Your change is saved." in page.body, rows(page)["Name"]) == (True, "Anna Maria Kalniņa")
    assert (rows(page)["Phone number"], rows(page)["Employee number"]) == ("+37120000000", "a-7")
    [found] = (await office.engine.read(people_list.listing, office.owner_id, "kalnina")).cards
    newest = (await office.engine.read(audit_log.page, office.owner_id)).entries[0]
    assert (newest.action, newest.subject_id, newest.after) == (
        Action.DETAILS_CHANGED,
        found.user_id,
        {"details": ["Employee number"]},
    )


@pytest.mark.deep
async def test_a_mistake_is_told_at_its_field_and_changes_nothing(anna: Visitor) -> None:
    for path, values, sentence in (
        ("/me/name", {"first_name": "", "last_name": "x"}, "Enter your first name"),
        ("/me/name", {"first_name": "www.example.com", "last_name": "x"}, "must not contain a web address"),
        ("/me/phone", {"phone": "seven"}, "Enter a phone number"),
        ("/me/custom_1", {"custom_1": "b-8"}, "another person has entered the same"),
        ("/me/custom_1", {"custom_1": " "}, "Enter an answer for “Employee number”"),
    ):
        refused = await send(anna, path, **values)
        assert (refused.status, sentence in refused.body) == (422, True)
        assert refused.texts("title")[0].startswith("Error:")
    assert rows(await anna.get("/me"))["Name"] == "Anna Bērziņa"
    assert [(await anna.get(f"/me/{name}")).status for name in ("custom_9", "job_title", "login")] == [404, 404, 404]
    assert (await anna.post("/me/phone", {"form_token": "forged", "phone": ""})).status == 403


async def test_a_new_password_needs_the_current_one_and_ends_the_other_log_ins(
    anna: Visitor, office: Office, site: Site
) -> None:
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"
    engine, elsewhere = office.engine, site.visitor(**{"User-Agent": agent})
    await elsewhere.log_in(ANNA)
    listed = (await anna.get("/me")).texts("li")
    assert sorted(each.partition(". Since 23 Nov 12:00, last used ")[0] for each in listed) == [
        "Safari, iPhone",
        "Unknown browser · this browser",
    ]
    await engine.write(policies.switch, office.owner_id, Switch.STRONG_PASSWORDS, engine.now(), on=True)
    for current, new, faults in (
        ("", "short", ["Enter your current password", "Password must be 8 characters or more"]),
        ("not hers at all", OTHER_PASSWORD, ["The current password is wrong"]),
        (PASSWORD, "anna.berzina", ["Enter a password that is harder to guess, like several unrelated words"]),
    ):
        refused = await send(anna, "/me/password", current=current, password=new)
        assert (refused.status, refused.texts("li")) == (422, faults)
    assert (await send(anna, "/me/password", current=PASSWORD, password=OTHER_PASSWORD)).location == "/me?note=password"
    assert ((await anna.get("/me")).status, (await elsewhere.get("/me")).location) == (200, "/login?next=/me")
    assert (await elsewhere.log_in(ANNA)).status == 422
    assert (await elsewhere.log_in(ANNA, OTHER_PASSWORD)).location == "/courses"


@pytest.mark.deep
async def test_without_a_mail_server_a_new_address_holds_at_once(anna: Visitor, site: Site) -> None:
    taken = await send(anna, "/me/email", email="boris@example.com", current=PASSWORD)
    assert (taken.status, taken.texts("li")) == (422, ["Another account has this email address"])
    wrong = await send(anna, "/me/email", email="anna at example", current="")
    assert len(wrong.texts("li")) == 2
    assert (await send(anna, "/me/email", email="Anna@Example.org", current=PASSWORD)).location == "/me?note=address"
    assert (await site.visitor().log_in("anna@example.org")).location == "/courses"
    assert (await site.visitor().log_in(ANNA)).status == 422


@pytest.mark.deep
async def test_with_one_it_holds_once_the_link_sent_there_is_opened_and_the_old_one_is_told(
    office: Office, mail_server: MailServer, clock: Clock
) -> None:
    engine = office.engine
    await office.set_page(PageSetting.CONTACT, "Ilze, room 4")
    async with open_site(engine, smtp_url=mail_server.url, mail_from=SENDER) as site:
        visitor = site.visitor()
        made = (await office.sign_up((await office.profile()).token, "boris@example.com")).user_id
        await visitor.sign_up((await office.profile(name="Other")).token)
        assert (await send(visitor, "/me/email", email="boris@example.com", current=PASSWORD)).status == 303
        assert (await send(visitor, "/me/email", email="anna@example.org", current=PASSWORD)).status == 303
        early = await send(visitor, "/me/email", email="anna@example.net", current=PASSWORD)
        assert (early.status, early.field("email")["value"]) == (429, "anna@example.net")
        clock.advance(minutes=1)
        await deliver(engine, mail_server)
        [message] = mail_server.accepted  # the first was given up by the second
        assert (message["To"], message["Subject"]) == ("anna@example.org", "Confirm your new email address")
        path = plain_text(message).partition(PAGES)[2].split()[0]
        assert "We sent a link to anna@example.org." in (await visitor.get("/me")).body
        link = await engine.write(password_links.make, office.owner_id, made + 1, engine.now())
        assert (await site.visitor().get(path)).heading == "Confirm your new email address"
        assert (await site.visitor().log_in(ANNA)).location == "/courses"
        assert (await send(site.visitor(), path)).location == "/me?note=address"
        assert ((await site.visitor().get(path)).status, rows(await visitor.get("/me"))["Email address"]) == (
            410,
            "anna@example.org",
        )
        with pytest.raises(PasswordLinkGone):
            await engine.read(password_links.find, link.code, engine.now())
        await deliver(engine, mail_server)
        told = mail_server.accepted[-1]
        assert (told["To"], told["Subject"]) == (ANNA, "Your email address was changed")
        assert "tell Ilze, room 4 at once" in plain_text(told)


@pytest.mark.deep
async def test_an_address_of_another_account_is_told_so_by_mail_alone_and_a_change_can_be_given_up(
    office: Office, mail_server: MailServer, clock: Clock
) -> None:
    engine = office.engine
    async with open_site(engine, smtp_url=mail_server.url, mail_from=SENDER) as site:
        visitor = site.visitor()
        await office.sign_up((await office.profile()).token, "boris@example.com")
        await visitor.sign_up((await office.profile(name="Other")).token)
        unchanged = await send(visitor, "/me/email", email="Anna@Example.com", current=PASSWORD)
        assert (unchanged.status, "This is your email address already" in unchanged.body) == (422, True)
        assert (await send(visitor, "/me/email", email="boris@example.com", current=PASSWORD)).status == 303
        await deliver(engine, mail_server)
        assert [each["Subject"] for each in mail_server.accepted] == ["This address is in use"]
        assert "/me/email/" not in plain_text(mail_server.accepted[0])
        clock.advance(minutes=1)
        await send(visitor, "/me/email", email="anna@example.org", current=PASSWORD)
        await deliver(engine, mail_server)
        path = plain_text(mail_server.accepted[-1]).partition(PAGES)[2].split()[0]
        token = (await visitor.get("/me")).elements("input", name="form_token")[-1].attributes["value"]
        assert (await visitor.post("/me/email/give-up", {"form_token": token})).location == "/me"
        assert (await visitor.get(path)).status == 410
        assert "anna@example.org" not in (await visitor.get("/me")).body
        clock.advance(minutes=1)
        await send(visitor, "/me/email", email="anna@example.org", current=PASSWORD)
        given = update(User).where(User.email == ANNA).values(email="anna@example.org")  # by another way meanwhile
        await engine.write(lambda session: session.execute(given))
        await deliver(engine, mail_server)
        assert mail_server.accepted[-1]["Subject"] == "Confirm your new email address"


@pytest.mark.deep
async def test_the_language_the_data_and_the_end_of_all_log_ins(anna: Visitor, office: Office, site: Site) -> None:
    engine, elsewhere = office.engine, site.visitor()
    await elsewhere.log_in(ANNA)
    page = await anna.get("/me")
    token = page.elements("input", name="form_token")[-1].attributes["value"]
    file = await anna.post("/me/data", {"form_token": token})
    assert file.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert json.loads(file.body)["data"]["account"][0]["email"] == ANNA
    newest = (await engine.read(audit_log.page, office.owner_id)).entries[0]
    assert (newest.action, newest.actor) == (Action.PERSON_EXPORTED, "Anna Bērziņa")
    chosen = await send(anna, "/me/language", language="es")
    assert (await anna.follow(chosen)).heading == "Sus datos"
    [anna_id] = await engine.read(lambda session: list(session.scalars(select(User.id).where(User.email == ANNA))))
    await engine.write(chat_languages.remember_language, anna_id, "ru")  # that of her Telegram app, at her next message
    [reminded] = await engine.read(reminder_candidates.behind, select(User.id).where(User.id == anna_id))
    assert reminded.recipient.language == "es"
    assert "Español" in (await anna.get("/me")).texts("dd")
    await engine.write(chat_languages.choose_language, anna_id, "ru")  # in the chat
    assert "Русский" in (await anna.get("/me")).texts("dd")
    assert (await anna.post("/me/log-out-everywhere", {"form_token": token})).location == "/login"
    for visitor in (anna, elsewhere):
        for path in ("/me", "/me/email", "/me/password", "/me/name", "/me/language"):
            assert (await visitor.get(path)).location == "/login?next=/me"
    assert (await elsewhere.post("/me/data", {"form_token": token})).location == "/login?next=/me"
