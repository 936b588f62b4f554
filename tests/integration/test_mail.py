"""E-mail through the outbox and a real mail server: each message once, retried, refused or told to be a repetition."""

from asyncio import Event, create_task
from collections.abc import AsyncIterator
from email.message import EmailMessage

import pytest
from sqlalchemy import select

from bot.mailing.mail_sender import MailSender
from bot.mailing.smtp_server import Delivery, MailServerAway, MailSettings, SmtpServer
from bot.service import LOCALES
from core.domain.access_requests import Cure
from core.domain.mail import UNREACHABLE, USEFUL_FOR, USELESS, MailKind
from core.domain.outbox import MessageState
from core.engine import Engine
from core.errors import PasswordLinkGone
from core.language import Languages
from core.services import (
    account,
    letters,
    mail_outbox,
    password_links,
    pending_sign_ups,
    people,
    person_details,
    policies,
    request_answers,
    status_pages,
)
from core.storage.tables import OutgoingMail, PasswordRequest, User
from tests.support.account import FAST_HASH, Office
from tests.support.clock import Clock
from tests.support.mail_server import SENDER, MailServer, open_mail_server, plain_text
from tests.support.site import Site, open_site

PAGES = "https://signup.example.org"
ADDRESS = "anna@example.com"


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    async with open_mail_server() as server:
        yield server


@pytest.fixture
async def learner(office: Office) -> int:
    return (await office.sign_up((await office.profile()).token)).user_id


def sender_of(engine: Engine, server: MailServer) -> MailSender:
    return MailSender(engine, Languages(LOCALES), MailSettings(url=server.url, sender=SENDER), PAGES)


async def send(engine: Engine, server: MailServer) -> None:
    """Let one process send what waits."""
    await sender_of(engine, server).send_waiting()


async def ask(engine: Engine, identifier: str = ADDRESS, language: str = "en") -> None:
    await engine.write(password_links.ask_by_mail, identifier, language, engine.now())


async def states(engine: Engine) -> list[tuple[str, str | None]]:
    query = select(OutgoingMail.state, OutgoingMail.reason).order_by(OutgoingMail.id)
    return await engine.read(lambda session: [(row[0], row[1]) for row in session.execute(query)])


def code_in(server: MailServer) -> str:
    return plain_text(server.accepted[-1]).partition("/password/")[2].split()[0]


@pytest.mark.usefixtures("learner")
async def test_a_reset_comes_by_mail_as_text_and_as_html(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    await engine.write(account.rename, office.owner_id, "Baltic <Logistics>", engine.now())
    await ask(engine)
    await send(engine, mail_server)
    [message] = mail_server.accepted
    assert (message["To"], message["From"]) == ("Anna Berzina <anna@example.com>", SENDER)
    assert message["Subject"] == "Set a new password · Baltic <Logistics>"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    text = plain_text(message)
    assert "your account at Baltic <Logistics>." in text
    assert "The link works once, until 23 Nov 13:00 (UTC)." in text
    html = message.get_body(("html",))
    assert html is not None
    assert "Baltic &lt;Logistics&gt;" in html.get_content()
    assert (await engine.read(password_links.find, code_in(mail_server), engine.now())).identifier == ADDRESS
    assert await states(engine) == [("sent", None)]


@pytest.mark.usefixtures("learner")
@pytest.mark.parametrize(("language", "words"), [("ru", "Ссылка сработает один раз"), ("es", "El enlace funciona una")])
async def test_it_is_in_the_language_of_the_page(
    engine: Engine, mail_server: MailServer, language: str, words: str
) -> None:
    await ask(engine, language=language)
    await send(engine, mail_server)
    assert words in plain_text(mail_server.accepted[0])


@pytest.mark.usefixtures("learner")
async def test_the_mailed_link_works_for_an_hour_and_once(
    engine: Engine, mail_server: MailServer, clock: Clock
) -> None:
    await ask(engine, "anna")  # by the login
    await send(engine, mail_server)
    code = code_in(mail_server)
    await engine.write(password_links.use, code, FAST_HASH, engine.now(), mail_in="en")
    await send(engine, mail_server)
    assert mail_server.accepted[-1]["Subject"] == "Your password was changed"
    await ask(engine)
    await send(engine, mail_server)
    clock.advance(hours=1)
    for used_or_late in (code, code_in(mail_server)):
        with pytest.raises(PasswordLinkGone):
            await engine.read(password_links.find, used_or_late, engine.now())


@pytest.mark.usefixtures("learner")
async def test_strangers_who_ask_end_no_link(engine: Engine, mail_server: MailServer) -> None:
    await ask(engine)
    await send(engine, mail_server)
    first = code_in(mail_server)
    await ask(engine)
    await send(engine, mail_server)
    assert await engine.write(password_links.use, first, FAST_HASH, engine.now())


async def test_nothing_is_sent_to_an_address_without_an_account(engine: Engine, mail_server: MailServer) -> None:
    await ask(engine, "nobody@example.com")
    await send(engine, mail_server)
    assert mail_server.accepted == []
    assert await states(engine) == []


async def test_who_has_no_address_is_told_to_staff_instead(
    engine: Engine, learner: int, mail_server: MailServer
) -> None:
    def forget_address(session):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - a use case of this test
        session.get_one(User, learner).email = None

    await engine.write(forget_address)
    await ask(engine, "anna")
    await send(engine, mail_server)
    assert await engine.read(lambda session: list(session.scalars(select(PasswordRequest.identifier)))) == ["anna"]


@pytest.mark.usefixtures("learner")
async def test_a_refused_address_ends_the_message_and_shows_on_the_card(
    engine: Engine, office: Office, learner: int, mail_server: MailServer
) -> None:
    mail_server.refused[ADDRESS] = f"550 5.1.1 <{ADDRESS}> no such user"
    await ask(engine)
    await send(engine, mail_server)
    assert await states(engine) == [("failed", "550 5.1.1 <[e-mail]> no such user")]
    shown = await engine.read(person_details.show, office.owner_id, learner, engine.now())
    assert shown.mail_refused is not None
    assert shown.mail_refused.reason == "550 5.1.1 <[e-mail]> no such user"
    mail_server.refused.clear()
    await ask(engine)
    await send(engine, mail_server)
    shown = await engine.read(person_details.show, office.owner_id, learner, engine.now())
    assert shown.mail_refused is None


async def test_one_refused_address_holds_up_no_other(engine: Engine, office: Office, mail_server: MailServer) -> None:
    token = (await office.profile()).token
    emails = [f"learner{number}@example.com" for number in range(4)]
    for email in emails:
        await office.sign_up(token, email)
        await ask(engine, email)
    mail_server.refused[emails[1]] = "550 no"
    mail_server.answers = ["250 OK", "554 no", "250 OK"]
    await send(engine, mail_server)
    assert [state for state, _ in await states(engine)] == ["sent", "failed", "failed", "sent"]


@pytest.mark.parametrize(
    ("of_recipient", "of_message", "delivery"),
    [
        ("550 No such user here", "", Delivery.ADDRESS_REFUSED),
        ("550 5.1.1 No such user here", "", Delivery.ADDRESS_REFUSED),
        ("550 5.2.1 The account is disabled", "", Delivery.ADDRESS_REFUSED),
        ("556 5.1.10 The domain accepts no mail", "", Delivery.ADDRESS_REFUSED),
        ("552 5.2.2 The mailbox is full", "", Delivery.REFUSED),
        ("550 5.4.5 Daily sending quota exceeded", "", Delivery.REFUSED),
        ("554 5.7.1 Relay access denied", "", Delivery.REFUSED),
        ("550 5.1.8 The sender's domain is unknown", "", Delivery.REFUSED),
        ("554 Client host is blocked", "", Delivery.REFUSED),
        ("530 5.7.0 Authentication required", "", Delivery.REFUSED),
        ("450 4.1.1 Try again later", "", Delivery.LATER),
        ("", "554 5.7.1 It looks like spam", Delivery.REFUSED),
        ("", "550 5.1.1 It looks like spam", Delivery.REFUSED),
        ("", "451 4.7.1 Try again later", Delivery.LATER),
    ],
)
async def test_an_address_is_refused_by_what_is_said_of_the_recipient_for_good(
    mail_server: MailServer, of_recipient: str, of_message: str, delivery: Delivery
) -> None:
    mail_server.refused = {ADDRESS: of_recipient} if of_recipient else {}
    mail_server.answers = [of_message] if of_message else []
    message = EmailMessage()
    message["To"] = ADDRESS
    async with SmtpServer(MailSettings(url=mail_server.url, sender=SENDER)) as server:
        assert (await server.deliver(message, ADDRESS)).delivery is delivery


@pytest.mark.usefixtures("learner")
async def test_what_is_not_accepted_for_the_moment_is_tried_again_less_and_less_often(
    engine: Engine, mail_server: MailServer, clock: Clock
) -> None:
    mail_server.answers = ["451 later", "452 later still"]
    await ask(engine)
    left = []
    for wait in (0, 29, 1, 59):
        clock.advance(seconds=wait)
        await send(engine, mail_server)
        left.append(len(mail_server.answers))
    assert left == [1, 1, 0, 0]
    assert await states(engine) == [("waiting", "452 later still")]
    clock.advance(seconds=1)
    await send(engine, mail_server)
    assert await states(engine) == [("sent", None)]


@pytest.mark.usefixtures("learner")
async def test_a_server_that_is_away_loses_nothing(engine: Engine, mail_server: MailServer, clock: Clock) -> None:
    await mail_server.stop()
    await ask(engine)
    await send(engine, mail_server)
    assert await states(engine) == [("waiting", UNREACHABLE)]
    await mail_server.start()
    clock.advance(seconds=30)
    await send(engine, mail_server)
    assert await states(engine) == [("sent", None)]


@pytest.mark.usefixtures("learner")
async def test_once_the_server_is_back_nothing_that_still_waits_says_that_it_is_away(
    engine: Engine, mail_server: MailServer
) -> None:
    await mail_server.stop()
    await ask(engine)
    await send(engine, mail_server)
    await engine.write(mail_outbox.claim, "another process", engine.now())
    assert await states(engine) == [("claimed", UNREACHABLE)]
    await mail_server.start()
    await ask(engine)
    await send(engine, mail_server)
    assert await states(engine) == [("claimed", None), ("sent", None)]


@pytest.mark.usefixtures("learner")
async def test_what_is_being_sent_says_no_longer_why_an_earlier_attempt_failed(
    engine: Engine, mail_server: MailServer, clock: Clock
) -> None:
    mail_server.answers = ["451 later"]
    await ask(engine)
    await send(engine, mail_server)
    clock.advance(minutes=1)
    [number] = await engine.write(mail_outbox.claim, "a process", engine.now())
    assert await states(engine) == [("claimed", "451 later")]
    await engine.write(letters.begin, number, "a process", engine.now())
    assert await states(engine) == [("sending", None)]


@pytest.mark.usefixtures("learner")
async def test_what_may_have_arrived_is_repeated_with_a_note_under_the_same_number(
    engine: Engine, mail_server: MailServer, clock: Clock
) -> None:
    mail_server.hangs_up = True
    await ask(engine)
    await send(engine, mail_server)
    assert [state for state, _ in await states(engine)] == ["unknown", "waiting"]
    mail_server.hangs_up = False
    clock.advance(minutes=1)
    await send(engine, mail_server)
    first, again = mail_server.accepted
    assert first["Message-ID"] == again["Message-ID"]
    note = "You may have received this message before."
    assert note not in plain_text(first)
    assert note in plain_text(again)


@pytest.mark.usefixtures("learner")
async def test_what_a_dead_process_was_sending_is_repeated_with_a_note(
    engine: Engine, mail_server: MailServer, clock: Clock
) -> None:
    await ask(engine)
    [mail_id] = await engine.write(mail_outbox.claim, "ended", engine.now())
    assert await engine.write(mail_outbox.begin, mail_id, "ended", engine.now())
    await send(engine, mail_server)
    assert mail_server.accepted == []
    clock.advance(minutes=2)
    await send(engine, mail_server)
    clock.advance(minutes=1)
    await send(engine, mail_server)
    assert [state for state, _ in await states(engine)] == ["unknown", "sent"]
    assert "You may have received this message before." in plain_text(mail_server.accepted[0])


@pytest.mark.usefixtures("learner")
async def test_several_processes_send_it_once(engine: Engine, mail_server: MailServer) -> None:
    await ask(engine)
    mail_server.held = Event()
    slow = create_task(send(engine, mail_server))
    while not await engine.read(
        lambda session: session.scalars(select(OutgoingMail.id).where(OutgoingMail.state == MessageState.SENDING)).all()
    ):
        pass
    await send(engine, mail_server)
    mail_server.held.set()
    await slow
    assert len(mail_server.accepted) == 1


@pytest.mark.usefixtures("learner")
async def test_what_is_useless_by_now_is_not_sent(engine: Engine, mail_server: MailServer, clock: Clock) -> None:
    await ask(engine)
    clock.advance(hours=1)
    await send(engine, mail_server)
    assert mail_server.accepted == []
    assert await states(engine) == [("failed", USELESS)]


async def test_a_name_adds_no_header(engine: Engine, office: Office, mail_server: MailServer) -> None:
    user = (await office.sign_up((await office.profile()).token)).user_id

    def rename(session):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - a use case of this test
        found = session.get_one(User, user)
        found.first_name, found.last_name = "Eve\r\nBcc: victims@example.com", '"<x@example.com>, '

    await engine.write(rename)
    await ask(engine)
    await send(engine, mail_server)
    [message] = mail_server.accepted
    assert message["Bcc"] is None
    assert [address.addr_spec for address in message["To"].addresses] == [ADDRESS]


async def test_header_fields_are_ascii_whatever_letters_a_name_has(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    await engine.write(account.rename, office.owner_id, "Ozols un dēli", engine.now())
    user = (await office.sign_up((await office.profile()).token)).user_id

    def rename(session):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - a use case of this test
        session.get_one(User, user).last_name = "Bērziņa"

    await engine.write(rename)
    await ask(engine)
    await send(engine, mail_server)
    assert mail_server.contents[0].partition(b"\r\n\r\n")[0].isascii()
    assert mail_server.accepted[0]["To"].addresses[0].display_name == "Anna Bērziņa"
    assert mail_server.accepted[0]["Subject"].endswith("Ozols un dēli")


async def test_an_address_of_another_language_is_named_in_ascii(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    await office.sign_up((await office.profile()).token, "anna@bücher.example")
    await ask(engine, "anna@bücher.example")
    await send(engine, mail_server)
    [message] = mail_server.accepted
    assert message["To"].addresses[0].addr_spec == "anna@xn--bcher-kva.example"


@pytest.fixture
async def mailing_site(engine: Engine, mail_server: MailServer) -> AsyncIterator[Site]:
    """The pages of an installation that sends e-mail."""
    async with open_site(engine, smtp_url=mail_server.url, mail_from=SENDER) as site:
        yield site


@pytest.mark.usefixtures("learner")
async def test_the_page_answers_the_same_and_does_the_same_work_whether_there_is_such_an_account_or_not(
    engine: Engine, mailing_site: Site, mail_server: MailServer
) -> None:
    answers = []
    for identifier in (ADDRESS, "nobody@example.com"):
        visitor = mailing_site.visitor()
        form = await visitor.open_form("/password")
        answers.append(await visitor.post(form.path, {"form_token": form.token, "identifier": identifier}))
    known, unknown = answers
    assert (known.status, known.heading) == (200, "Check your email")
    assert [text.replace(ADDRESS, "nobody@example.com") for text in known.texts("p")] == unknown.texts("p")
    await send(engine, mail_server)
    assert [message["To"].addresses[0].addr_spec for message in mail_server.accepted] == [ADDRESS]


async def test_a_check_says_why_the_mail_server_can_not_be_used(mail_server: MailServer) -> None:
    async with SmtpServer(MailSettings(url=mail_server.url, sender=SENDER)):
        pass
    secret = mail_server.url.replace("127.0.0.1", "anna:secret@127.0.0.1")
    with pytest.raises(MailServerAway) as refused:
        async with SmtpServer(MailSettings(url=secret, sender=SENDER)):
            pass
    assert "secret" not in str(refused.value)
    await mail_server.stop()
    with pytest.raises(MailServerAway):
        async with SmtpServer(MailSettings(url=mail_server.url, sender=SENDER)):
            pass


def test_messages_have_kinds_with_words_and_ends() -> None:
    assert set(MailKind) == set(USEFUL_FOR)


async def waits(office: Office, site: Site) -> int:
    """Sign up; return the number of the user, who was promised e-mail."""
    visitor = site.visitor()
    path = (await visitor.sign_up((await office.profile()).token)).location
    assert "We will email anna@example.com as soon as there is an answer." in (await visitor.get(path)).texts("p")
    found = await office.engine.read(status_pages.find, path.removeprefix("/w/"), office.engine.now())
    assert found.user_id is not None
    return found.user_id


async def test_who_is_let_in_is_told_by_mail(approving: Office, mailing_site: Site, mail_server: MailServer) -> None:
    engine, user_id = approving.engine, await waits(approving, mailing_site)
    await engine.write(pending_sign_ups.approve, approving.owner_id, user_id, engine.now())
    await send(engine, mail_server)
    [message] = mail_server.accepted
    assert (message["To"], message["Subject"]) == ("Anna Bērziņa <anna@example.com>", "Your account is ready")
    assert f"{PAGES}/login" in plain_text(message)


async def test_who_is_declined_is_told_by_mail_and_the_address_is_forgotten(
    approving: Office, mailing_site: Site, mail_server: MailServer
) -> None:
    engine, user_id = approving.engine, await waits(approving, mailing_site)
    await engine.write(pending_sign_ups.decline, approving.owner_id, user_id, "no", engine.now())
    await send(engine, mail_server)
    [message] = mail_server.accepted
    assert (message["To"], message["Subject"]) == ("anna@example.com", "Your sign-up was declined")
    [left] = await engine.read(lambda session: list(session.scalars(select(OutgoingMail.address))))
    assert left == ""


async def test_who_gets_a_seat_is_told_by_mail(office: Office, mailing_site: Site, mail_server: MailServer) -> None:
    engine = office.engine
    await engine.write(policies.limit_seats, office.owner_id, "1", engine.now())
    user_id = await waits(office, mailing_site)
    await engine.write(policies.limit_seats, office.owner_id, "5", engine.now())
    for change in (people.activate, people.deactivate, people.activate):  # later changes are no news of the sign-up
        await engine.write(change, office.owner_id, user_id, engine.now())
    await send(engine, mail_server)
    [message] = mail_server.accepted
    assert message["Subject"] == "Your account is active"


async def test_who_is_granted_access_is_told_by_mail_and_finds_the_form(
    office: Office, mailing_site: Site, mail_server: MailServer
) -> None:
    engine, card = office.engine, await office.profile(limit="1")
    await office.sign_up(card.token)
    visitor = mailing_site.visitor()
    closed = await visitor.open_link(card.token)
    boris = {"first_name": "Boris", "last_name": "Bo", "email": "boris@example.com", "form_token": closed.token}
    await visitor.post(f"/s/{card.token}/ask", boris)
    [request] = (await engine.read(request_answers.listing, office.owner_id, engine.now())).asked
    await engine.write(request_answers.grant, office.owner_id, request.request_id, Cure.PLACE, engine.now())
    await send(engine, mail_server)
    [message] = mail_server.accepted
    assert (message["To"], message["Subject"]) == ("boris@example.com", "You can create your account")
    path = plain_text(message).partition(PAGES)[2].split()[0]
    on_another_device = mailing_site.visitor()
    page = await on_another_device.get(path)
    [way_in] = page.elements("a", **{"class": "button primary"})
    assert (await on_another_device.get(way_in.attributes["href"])).heading == "Create your account"


async def test_a_message_to_an_address_without_an_account_is_repeated_to_it(
    approving: Office, mailing_site: Site, mail_server: MailServer, clock: Clock
) -> None:
    engine, user_id = approving.engine, await waits(approving, mailing_site)
    await engine.write(pending_sign_ups.decline, approving.owner_id, user_id, "no", engine.now())
    mail_server.hangs_up = True
    await send(engine, mail_server)
    mail_server.hangs_up = False
    clock.advance(minutes=1)
    await send(engine, mail_server)
    assert [message["To"] for message in mail_server.accepted] == ["anna@example.com"] * 2
    assert "You may have received this message before." in plain_text(mail_server.accepted[1])
