"""Confirmation of an address: by a mailed link or digits, sent again or elsewhere, and for one with an account."""

import re
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import select

from bot.mailing.mail_sender import MailSender
from bot.mailing.smtp_server import MailSettings
from bot.service import LOCALES
from core.domain.access import UserState
from core.engine import Engine
from core.language import Languages
from core.services import pending_sign_ups, policies, profiles
from core.services.policies import Switch
from core.storage.tables import OutgoingMail, User
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.mail_server import SENDER, MailServer, open_mail_server, plain_text
from tests.support.site import PASSWORD, Answer, Site, Visitor, open_site, sign_ups, tally
from tests.support.statements import counted

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
PAGES = "https://signup.example.org"
ANNA = "anna@example.com"
WAITING = "Confirm your email address"


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    async with open_mail_server() as server:
        yield server


@pytest.fixture
async def confirming(office: Office) -> Office:
    """An account whose newcomers confirm their e-mail address."""
    engine = office.engine
    await engine.write(
        policies.switch, office.owner_id, Switch.EMAIL_CONFIRMATION, engine.now(), on=True, can_mail=True
    )
    return office


@pytest.fixture
async def site(engine: Engine, mail_server: MailServer) -> AsyncIterator[Site]:
    """The pages of an installation with a mail server."""
    async with open_site(engine, smtp_url=mail_server.url, mail_from=SENDER) as site:
        yield site


async def deliver(engine: Engine, server: MailServer) -> str:
    """Send what waits; return the plain text of the newest message."""
    sender = MailSender(engine, Languages(LOCALES), MailSettings(url=server.url, sender=SENDER), PAGES)
    await sender.send_waiting()
    return plain_text(server.accepted[-1])


def link_in(text: str) -> str:
    return text.partition(PAGES)[2].split()[0]


def digits_in(text: str) -> str:
    [digits] = re.findall(r"\b[0-9]{6}\b", text)
    return str(digits)


async def send_form(visitor: Visitor, path: str, part: str = "", **values: str) -> Answer:
    """Send one of the page's forms."""
    token = (await visitor.get(path)).elements("input", name="form_token")[0].attributes["value"]
    return await visitor.post(f"{path}{part}", {"form_token": token, **values})


async def places(office: Office, profile_id: int) -> tuple[int, int]:
    card = await office.engine.read(profiles.card, office.owner_id, profile_id, office.engine.now())
    return card.used, card.reserved


async def test_who_opens_the_mailed_link_elsewhere_makes_the_account_by_the_password_of_the_form(
    confirming: Office, site: Site, mail_server: MailServer
) -> None:
    engine, stranger, anna = confirming.engine, site.visitor(), site.visitor()
    path = (await stranger.sign_up((await confirming.profile()).token, first_name="Mallory")).location
    link = link_in(await deliver(engine, mail_server))
    await anna.get(path)  # the stranger sent her the address of their status page, too
    page = await anna.get(link)
    assert ("Mallory" in page.body, "Type the password that you chose on the form" in page.body) == (False, True)
    for typed, said in (("", "Type the password"), *[("a guess", "the password that was chosen")] * 10):
        refused = await send_form(anna, link, password=typed)
        assert (refused.status, refused.field("password")["aria-invalid"]) == (422, "true")
        assert said in refused.body
    late = await send_form(anna, link, password=PASSWORD)
    assert (late.status, late.headers["Retry-After"], (await tally(engine)).rows) == (429, "3600", 0)
    assert not (await stranger.get(link)).elements("input", name="password")
    assert (await send_form(stranger, link)).location == "/courses"


async def test_who_types_the_digits_on_a_strangers_page_is_asked_for_the_password_of_the_form(
    confirming: Office, site: Site, mail_server: MailServer
) -> None:
    engine, stranger, anna = confirming.engine, site.visitor(), site.visitor()
    path = (await stranger.sign_up((await confirming.profile()).token)).location
    digits = digits_in(await deliver(engine, mail_server))
    assert "Type the password that you chose on the form" in (await anna.get(path)).body
    assert not (await stranger.get(path)).elements("input", name="password")
    for typed in ("", "a guess"):
        refused = await send_form(anna, path, "/code", digits=digits, password=typed)
        assert (refused.status, refused.field("password")["aria-invalid"]) == (422, "true")
        assert refused.field("digits")["value"] == digits
    assert (await tally(engine)).rows == 0
    assert (await send_form(anna, path, "/address", email="anna@example.net")).status == 303  # which proves nothing
    assert (await anna.get(path)).elements("input", name="password")


async def test_the_digits_suffice_where_the_form_was_sent_also_after_the_address_was_changed(
    confirming: Office, site: Site, mail_server: MailServer
) -> None:
    visitor = site.visitor()
    path = (await visitor.sign_up((await confirming.profile()).token, "anna@gmial.example")).location
    await send_form(visitor, path, "/address", email=ANNA)
    assert not (await visitor.get(path)).elements("input", name="password")
    digits = digits_in(await deliver(confirming.engine, mail_server))
    assert (await send_form(visitor, path, "/code", digits=digits)).location == "/courses"


async def test_the_mailed_link_shows_a_button_that_makes_the_account_and_logs_in(
    confirming: Office, site: Site, mail_server: MailServer
) -> None:
    engine, visitor, elsewhere = confirming.engine, site.visitor(), site.visitor()
    card = await confirming.profile(limit="1")
    page_path = (await visitor.sign_up(card.token)).location
    page = await visitor.get(page_path)
    assert (page.heading, page.texts("p", **{"class": "reason"})) == (WAITING, [f"We sent an email to {ANNA}."])
    assert "Your place is kept until Tue 24 Nov, 12:00, UTC." in page.body.replace("\N{NO-BREAK SPACE}", " ")
    assert await places(confirming, card.profile_id) == (0, 1)
    text = await deliver(engine, mail_server)
    assert mail_server.accepted[-1]["To"] == ANNA  # without the name: a stranger may have entered it
    link = link_in(text)
    for _ in range(2):  # a scanner, and then the person
        assert (await elsewhere.get(link)).heading == WAITING
    assert (await places(confirming, card.profile_id), (await tally(engine)).rows) == ((0, 1), 0)
    assert (await elsewhere.post(link, {"form_token": "forged"})).status == 403
    assert (await send_form(elsewhere, link, password=PASSWORD)).location == "/courses"
    assert "Safety first" in (await elsewhere.get("/courses")).body
    assert (await places(confirming, card.profile_id), await tally(engine)) == ((1, 0), sign_ups(1))
    assert (await elsewhere.get(link)).status == 410
    assert (await visitor.get(page_path)).heading == "You have been let in"
    assert (await visitor.log_in(ANNA)).location == "/courses"


@pytest.mark.deep
async def test_the_digits_make_the_account_where_the_form_was_sent_and_few_can_be_tried(
    confirming: Office, site: Site, mail_server: MailServer
) -> None:
    visitor = site.visitor()
    path = (await visitor.sign_up((await confirming.profile()).token)).location
    digits = digits_in(await deliver(confirming.engine, mail_server))
    assert (await send_form(visitor, path, "/code", digits=" ")).status == 422
    wrong = f"{(int(digits) + 1) % 10**6:06}"
    for _ in range(9):
        refused = await send_form(visitor, path, "/code", digits=wrong)
        assert (refused.status, refused.elements("input", id="digits")[0].attributes["aria-invalid"]) == (422, "true")
    assert (await send_form(visitor, path, "/code", digits=f"{digits[:3]} {digits[3:]}")).location == "/courses"
    other = site.visitor()
    path = (await other.sign_up((await confirming.profile(name="Other")).token, "boris@example.com")).location
    digits = digits_in(await deliver(confirming.engine, mail_server))
    wrong = f"{(int(digits) + 1) % 10**6:06}"
    assert [(await send_form(other, path, "/code", digits=wrong)).status for _ in range(11)] == [422] * 10 + [429]
    assert (await send_form(other, path, "/code", digits=digits)).status == 429


@pytest.mark.deep
async def test_it_is_sent_again_after_a_minute_and_the_earlier_message_is_void(
    confirming: Office, site: Site, mail_server: MailServer, clock: Clock
) -> None:
    engine, visitor = confirming.engine, site.visitor()
    path = (await visitor.sign_up((await confirming.profile()).token)).location
    first = link_in(await deliver(engine, mail_server))
    early = await send_form(visitor, path, "/again")
    assert (early.status, early.headers["Retry-After"]) == (429, "60")
    for _ in range(5):
        clock.advance(minutes=1)
        assert (await send_form(visitor, path, "/again")).location == f"{path}?note=sent"
    newest = link_in(await deliver(engine, mail_server))
    clock.advance(minutes=1)
    assert (await send_form(visitor, path, "/again")).status == 429
    assert ((await visitor.get(first)).status, (await visitor.get(newest)).status) == (410, 200)
    assert "The email is sent." in (await visitor.get(f"{path}?note=sent")).body
    assert (await visitor.get(f"{path}/address?lang=es")).location == f"{path}?change&lang=es"


async def test_a_mistyped_address_is_changed_at_once_and_the_next_change_has_to_wait_and_is_kept_meanwhile(
    confirming: Office, site: Site, clock: Clock
) -> None:
    visitor, right = site.visitor(), "anna@example.net"
    path = (await visitor.sign_up((await confirming.profile()).token)).location
    assert (await send_form(visitor, path, "/address", email=ANNA)).status == 429  # the same again
    assert (await send_form(visitor, path, "/address", email="ana@example.net")).location == f"{path}?note=sent"
    assert (await send_form(visitor, path, "/again")).status == 429
    early = await send_form(visitor, path, "/address", email=right)
    assert (early.status, early.heading, early.field("email")["value"]) == (429, "Change your email address", right)
    clock.advance(minutes=1)
    assert (await send_form(visitor, path, "/address", email=right)).status == 303
    assert f"We sent an email to {right}." in (await visitor.get(path)).body


@pytest.mark.deep
async def test_a_mistyped_address_is_changed_and_keeps_the_place_and_the_password(
    confirming: Office, site: Site, mail_server: MailServer, clock: Clock
) -> None:
    engine, visitor = confirming.engine, site.visitor()
    card = await confirming.profile(limit="1")
    path = (await visitor.sign_up(card.token, "anna@gmial.example")).location
    mail_server.refused["anna@gmial.example"] = "550 5.1.1 no such user"
    sender = MailSender(engine, Languages(LOCALES), MailSettings(url=mail_server.url, sender=SENDER), PAGES)
    await sender.send_waiting()
    assert "was not accepted" in (await visitor.get(path)).body
    assert (await visitor.get(f"{path}?change")).field("email")["value"] == "anna@gmial.example"
    clock.advance(minutes=1)
    wrong = await send_form(visitor, path, "/address", email="anna at example")
    assert (wrong.status, wrong.field("email")["value"]) == (422, "anna at example")
    await engine.write(policies.allow_domains, confirming.owner_id, ["example.com"], engine.now())
    assert (await send_form(visitor, path, "/address", email="anna@example.org")).status == 422
    assert (await send_form(visitor, path, "/address", email=ANNA)).location == f"{path}?note=sent"
    assert f"We sent an email to {ANNA}." in (await visitor.get(path)).body
    assert await places(confirming, card.profile_id) == (0, 1)
    assert (
        await send_form(visitor, link_in(await deliver(engine, mail_server)), password=PASSWORD)
    ).location == "/courses"
    assert (await site.visitor().log_in(ANNA, PASSWORD)).location == "/courses"
    assert (await site.visitor().log_in("anna", PASSWORD)).location == "/courses"  # the login is made from it


async def test_an_address_with_an_account_is_answered_alike_and_its_owner_reads_that_it_has_one(
    confirming: Office, site: Site, mail_server: MailServer, clock: Clock
) -> None:
    engine, card = confirming.engine, await confirming.profile()
    known, unknown = site.visitor(), site.visitor()
    path = (await known.sign_up(card.token)).location
    await send_form(known, link_in(await deliver(engine, mail_server)))
    stranger = site.visitor()
    forms = [await visitor.open_link(card.token) for visitor in (stranger, unknown)]
    with counted() as of_known:
        paths = [(await stranger.fill(forms[0])).location]
    with counted() as of_unknown:
        paths.append((await unknown.fill(forms[1], "boris@example.com")).location)
    assert of_known.cost == of_unknown.cost
    assert all(path.startswith("/w/") for path in paths)
    pages = [(await visitor.get(path)).body for visitor, path in zip((stranger, unknown), paths, strict=True)]
    for page, path, address in zip(pages, paths, (ANNA, "boris@example.com"), strict=True):
        alike = re.sub(r'name="form_token" value="\w+"', "", page.replace(path, "").replace(address, ""))
        assert alike == re.sub(r'name="form_token" value="\w+"', "", pages[0].replace(paths[0], "").replace(ANNA, ""))
    assert await places(confirming, card.profile_id) == (1, 2)
    await deliver(engine, mail_server)
    [told] = [plain_text(each) for each in mail_server.accepted if each["Subject"].startswith("You already have")]
    assert (f"{PAGES}/login" in told, f"{PAGES}/confirm/" in told, bool(re.search(r"\b[0-9]{6}\b", told))) == (
        True,
        False,
        False,
    )
    clock.advance(minutes=1)
    assert (await send_form(stranger, paths[0], "/again")).location == f"{paths[0]}?note=sent"
    assert (await send_form(stranger, paths[0], "/code", digits="123456")).status == 422
    assert (await send_form(stranger, paths[0], "/address", email="eve@example.com")).status == 303
    assert (
        await send_form(stranger, link_in(await deliver(engine, mail_server)), password=PASSWORD)
    ).location == "/courses"
    assert (await site.visitor().log_in(ANNA)).location == "/courses"  # her password is as it was


@pytest.mark.deep
async def test_of_two_who_entered_one_address_the_second_to_confirm_reads_that_it_has_an_account(
    confirming: Office, site: Site, mail_server: MailServer
) -> None:
    engine, card = confirming.engine, await confirming.profile()
    links = []
    for visitor in (site.visitor(), site.visitor()):
        assert (await visitor.sign_up(card.token)).location.startswith("/w/")
        links.append(link_in(await deliver(engine, mail_server)))
    assert (await send_form(site.visitor(), links[0], password=PASSWORD)).location == "/courses"
    second = await send_form(site.visitor(), links[1], password=PASSWORD)
    assert (second.status, second.heading) == (409, "You already have an account")
    assert await places(confirming, card.profile_id) == (1, 1)


@pytest.mark.deep
async def test_what_is_never_confirmed_frees_the_place_and_says_how_to_sign_up_again(
    confirming: Office, site: Site, mail_server: MailServer, clock: Clock
) -> None:
    engine, visitor = confirming.engine, site.visitor()
    card = await confirming.profile(limit="1")
    path = (await visitor.sign_up(card.token)).location
    link = link_in(await deliver(engine, mail_server))
    assert (await site.visitor().log_in(ANNA)).status == 422  # as if there were no such sign-up
    clock.advance(days=1)
    for _ in range(2):  # before and after the place is released
        page = await visitor.get(path)
        assert page.heading == "Your email address wasn't confirmed"
        assert f"/s/{card.token}?for=another" in [each.attributes["href"] for each in page.elements("a")]
        assert (await visitor.get(link)).status == 410
        await engine.write(pending_sign_ups.release_expired, engine.now())
    assert await places(confirming, card.profile_id) == (0, 0)
    assert await engine.read(lambda session: list(session.scalars(select(OutgoingMail.address)))) == []
    assert (await visitor.fill(await visitor.open_form(f"/s/{card.token}?for=another"))).location.startswith("/w/")


@pytest.mark.deep
async def test_with_approval_on_the_address_is_confirmed_first(
    confirming: Office, site: Site, mail_server: MailServer
) -> None:
    engine, visitor = confirming.engine, site.visitor()
    await engine.write(policies.switch, confirming.owner_id, Switch.APPROVAL, engine.now(), on=True)
    await visitor.sign_up((await confirming.profile()).token)
    page = await visitor.follow(await send_form(visitor, link_in(await deliver(engine, mail_server))))
    assert page.heading == "Your account is waiting for approval"
    found = select(User.state, User.login).where(User.email == ANNA)
    assert await engine.read(lambda session: tuple(session.execute(found).one())) == (UserState.PENDING, "anna")


@pytest.mark.deep
async def test_without_a_mail_server_an_administrator_answers_instead(confirming: Office, engine: Engine) -> None:
    async with open_site(engine) as site:
        visitor = site.visitor()
        page = await visitor.follow(await visitor.sign_up((await confirming.profile()).token))
    assert page.heading == "Your account is waiting for approval"


@pytest.mark.deep
@pytest.mark.parametrize(
    ("language", "heading", "subject"),
    [
        ("ru", "Подтвердите адрес электронной почты", "Подтвердите адрес электронной почты"),
        ("es", "Confirme su correo electrónico", "Confirme su correo electrónico"),
    ],
)
async def test_page_and_message_are_in_the_language_of_the_browser(
    confirming: Office, site: Site, mail_server: MailServer, language: str, heading: str, subject: str
) -> None:
    visitor = site.visitor(**{"Accept-Language": language})
    page = await visitor.follow(await visitor.sign_up((await confirming.profile()).token))
    await deliver(confirming.engine, mail_server)
    assert (page.heading, str(mail_server.accepted[-1]["Subject"])) == (heading, subject)


@pytest.mark.deep
async def test_a_message_whose_sign_up_has_ended_or_has_another_address_is_not_sent(
    confirming: Office, site: Site, mail_server: MailServer, clock: Clock
) -> None:
    engine, visitor = confirming.engine, site.visitor()
    path = (await visitor.sign_up((await confirming.profile()).token)).location
    clock.advance(minutes=1)
    await send_form(visitor, path, "/address", email="anna@example.org")
    await deliver(engine, mail_server)
    assert [message["To"] for message in mail_server.accepted] == ["anna@example.org"]
