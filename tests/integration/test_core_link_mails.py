"""Links sent by e-mail: to whom, each once, within the day's limit, what becomes of them, again, and withdrawn."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.mailing.mail_sender import MailSender
from bot.mailing.smtp_server import MailSettings
from bot.service import LOCALES
from core.domain.access import UserState
from core.domain.contacts import Contact
from core.domain.left_out import Group, LeftOut
from core.domain.link_mails import MOST_TO_ONE, Listed, Reached
from core.domain.links import LinkState
from core.domain.mail import CLOSED, NOT_LISTED, PAUSED, SIGN_UP_OFF, USELESS
from core.domain.personal_data import Section
from core.domain.rosters import ADDRESS_NOT_ON_LIST, NOT_ON_LIST, RosterOf
from core.engine import Engine
from core.errors import (
    LinkClosed,
    LinkLeadsElsewhere,
    NobodyToSend,
    NoMailServer,
    PreviewOutdated,
    ProfileNotFound,
    TooManyMails,
)
from core.language import Languages
from core.rosters.people_lists import ListedPerson
from core.services import (
    account,
    audit_log,
    awaited_lists,
    departments,
    link_mail_lists,
    link_mails,
    link_resending,
    mail_outbox,
    own_details,
    pending_sign_ups,
    people,
    personal_data,
    policies,
    profile_editing,
    profile_links,
    profiles,
    reminders,
    roster_lists,
    roster_lockouts,
    rosters,
    sign_up_page,
)
from core.services.audit_log import Action
from core.services.link_mail_lists import Preview
from core.services.link_mails import LinkMails, Sending
from core.services.page_settings import PageSetting
from core.services.policies import Switch
from core.services.profile_links import FailedForm
from core.services.questions import About
from core.services.roster_additions import TurnedAway
from core.services.roster_lockouts import Lockout
from core.storage.tables import Link, LinkRecipient, OutgoingMail, Profile, User
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.concurrent_engines import at_once
from tests.support.mail_server import SENDER, MailServer, open_mail_server, plain_text
from tests.support.rosters import keep, let_only_expected, through, within
from tests.support.rows import a_manager, repoint, transfer

ANNA, JANIS, OLGA, OTHER = "anna@example.com", "janis@example.com", "olga@example.com", "other@example.com"
PAGES = "https://signup.example.org"


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    async with open_mail_server() as server:
        yield server


def listed(*emails: str) -> list[ListedPerson]:
    return [ListedPerson(row=row, email=email, first_name="Some") for row, email in enumerate(emails, 2)]


def group(*emails: str) -> Group:
    return Group(people=tuple(Contact(name="Some", email=each) for each in emails))


async def previewed(
    engine: Engine, actor_id: int, profile_id: int, people: Sequence[ListedPerson], *, most: int = 100
) -> Preview:
    return await engine.read(
        link_mail_lists.preview, actor_id, profile_id, people, engine.now(), most=most, language="en"
    )


async def send(
    engine: Engine,
    actor_id: int,
    profile_id: int,
    *emails: str,
    most: int | None = 100,
    seen: str | None = None,
    personal: bool = False,
) -> LinkMails:
    """Give a list, read the preview, and send."""
    kept = await engine.write(
        awaited_lists.receive, actor_id, About.LINK_MAIL, through(profile_id), {"text": "…"}, engine.now()
    )
    seen = seen or (await previewed(engine, actor_id, profile_id, listed(*emails))).seen
    return await engine.write(
        link_mail_lists.send,
        actor_id,
        kept.question_id,
        listed(*emails),
        engine.now(),
        Sending(most=most, language="en", personal=personal),
        seen=seen,
    )


async def ask(engine: Engine, actor_id: int, about: About, profile_id: int) -> None:
    """Wait for a list."""
    place = {"chat_id": 1, "update_id": 1}
    await engine.write(awaited_lists.ask, actor_id, about, through(profile_id), place, engine.now())


async def deliver(engine: Engine, server: MailServer) -> None:
    """Let one process send what waits."""
    settings = MailSettings(url=server.url, sender=SENDER)
    await MailSender(engine, Languages(LOCALES), settings, PAGES).send_waiting()


async def reached(engine: Engine, office: Office, profile_id: int) -> dict[Reached, int]:
    return dict((await engine.read(link_mails.show, office.owner_id, profile_id, engine.now())).reached)


async def resend(engine: Engine, office: Office, profile_id: int) -> LinkMails:
    found = await engine.read(link_mails.show, office.owner_id, profile_id, engine.now())
    return await engine.write(
        link_resending.resend,
        office.owner_id,
        profile_id,
        engine.now(),
        Sending(most=100, language="en"),
        seen=found.seen,
    )


async def withdraw(engine: Engine, office: Office, profile_id: int) -> LinkMails:
    return await engine.write(link_mails.withdraw, office.owner_id, profile_id, engine.now())


def sent_to(server: MailServer) -> list[str]:
    return [message["To"].addresses[0].addr_spec for message in server.accepted]


async def test_each_address_gets_the_link_once(engine: Engine, office: Office, mail_server: MailServer) -> None:
    card = await office.profile()
    await engine.write(account.rename, office.owner_id, "Baltic Logistics", engine.now())
    assert (await send(engine, office.owner_id, card.profile_id, ANNA, JANIS)).reached == {Reached.QUEUED: 2}
    await deliver(engine, mail_server)
    assert sorted(sent_to(mail_server)) == [ANNA, JANIS]
    message, text = mail_server.accepted[0], plain_text(mail_server.accepted[0])
    assert message["Subject"] == "Please sign up for EMEA · Baltic Logistics"
    assert "Autumn sales" not in text  # which is for those who manage the profile
    assert "Olivia Owner invites you to sign up for EMEA at Baltic Logistics." in text
    assert f"{PAGES}/s/{card.token}" in text
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert message["List-Unsubscribe"] is None
    assert await reached(engine, office, card.profile_id) == {Reached.SENT: 2}


async def test_the_same_list_again_sends_nothing_twice(engine: Engine, office: Office, mail_server: MailServer) -> None:
    card = await office.profile()
    await send(engine, office.owner_id, card.profile_id, ANNA)
    await deliver(engine, mail_server)
    again = await previewed(engine, office.owner_id, card.profile_id, listed(ANNA, JANIS))
    assert (again.new, again.left_out[LeftOut.HAS_LINK].number) == (1, 1)
    await send(engine, office.owner_id, card.profile_id, ANNA, JANIS)
    with pytest.raises(NobodyToSend):
        await send(engine, office.owner_id, card.profile_id, ANNA, JANIS)
    await deliver(engine, mail_server)
    assert sent_to(mail_server) == [ANNA, JANIS]


async def test_who_has_signed_up_gets_nothing_before_and_after_it_is_queued(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card = await office.profile()
    await office.sign_up(card.token, ANNA)
    shown = await previewed(engine, office.owner_id, card.profile_id, listed(ANNA, JANIS))
    assert (shown.new, shown.left_out[LeftOut.SIGNED_UP].number) == (1, 1)
    await send(engine, office.owner_id, card.profile_id, ANNA, JANIS)
    await office.sign_up(card.token, JANIS)
    await deliver(engine, mail_server)
    assert mail_server.accepted == []
    assert await reached(engine, office, card.profile_id) == {Reached.SIGNED_UP: 1}


async def test_who_has_an_account_within_the_scope_gets_no_link_and_is_named_with_the_reason(
    engine: Engine, office: Office
) -> None:
    card, other = await office.profile(), await office.profile(name="Interns")
    await office.sign_up(other.token, OLGA)
    shown = await previewed(engine, office.owner_id, card.profile_id, listed(ANNA, OLGA))
    assert (shown.new, shown.left_out) == (1, {LeftOut.HAS_ACCOUNT: group(OLGA)})
    assert (await send(engine, office.owner_id, card.profile_id, ANNA, OLGA)).reached == {Reached.QUEUED: 1}


async def test_who_got_an_account_by_another_link_is_counted_as_that_and_not_sent_it_again(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card, other = await office.profile(), await office.profile(name="Interns")
    await send(engine, office.owner_id, card.profile_id, ANNA, OLGA)
    await deliver(engine, mail_server)
    await office.sign_up(other.token, OLGA)
    clock.advance(days=2)
    found = await engine.read(link_mails.show, office.owner_id, card.profile_id, engine.now())
    assert found.reached == {Reached.SENT: 1, Reached.HAS_ACCOUNT: 1}
    assert (found.resendable, found.withdrawable) == (1, 2)
    shown = await engine.read(link_mails.recipients, office.owner_id, card.profile_id)
    assert [each.reached for each in shown.people] == [Reached.SENT, Reached.HAS_ACCOUNT]


async def test_nothing_tells_a_manager_of_an_account_outside_their_scope(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card, manager = await office.profile(), await a_manager(engine, "Sales")
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    other = await office.profile(name="Interns", department="Support")
    await office.sign_up(other.token, OLGA)
    shown = await previewed(engine, manager, card.profile_id, listed(ANNA, OLGA))
    assert (shown.new, shown.left_out) == (2, {})
    await send(engine, manager, card.profile_id, ANNA, OLGA)
    await deliver(engine, mail_server)
    assert sorted(sent_to(mail_server)) == [ANNA, OLGA]
    clock.advance(days=2)
    found = await engine.read(link_mails.show, manager, card.profile_id, engine.now())
    assert (found.reached, found.resendable) == ({Reached.SENT: 2}, 2)
    seen_by_owner = await engine.read(link_mails.show, office.owner_id, card.profile_id, engine.now())
    assert (seen_by_owner.reached[Reached.HAS_ACCOUNT], seen_by_owner.resendable) == (1, 1)


async def test_it_is_written_in_the_language_of_the_account(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card = await office.profile()
    await office.set_page(PageSetting.LANGUAGE, "ru")
    await send(engine, office.owner_id, card.profile_id, ANNA)
    await deliver(engine, mail_server)
    assert "Откройте эту ссылку и заполните форму:" in plain_text(mail_server.accepted[0])


async def test_what_became_of_each_address_is_told_with_its_reason(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card = await office.profile()
    mail_server.refused[JANIS] = f"550 5.1.1 <{JANIS}> no such user"
    await send(engine, office.owner_id, card.profile_id, ANNA, JANIS)
    await deliver(engine, mail_server)
    assert await reached(engine, office, card.profile_id) == {Reached.SENT: 1, Reached.REFUSED: 1}
    [refused] = (
        await engine.read(link_mails.recipients, office.owner_id, card.profile_id, which=Listed.REFUSED)
    ).people
    assert (refused.email, refused.reason) == (JANIS, "550 5.1.1 <[e-mail]> no such user")


async def test_who_signed_up_is_listed_by_address_as_far_as_one_may_see_them(engine: Engine, office: Office) -> None:
    card, manager = await office.profile(), await a_manager(engine, "Sales")
    await send(engine, office.owner_id, card.profile_id, ANNA, JANIS, OLGA)
    await send(engine, office.owner_id, card.profile_id, OTHER, personal=True)
    _, janis = [(await office.sign_up(card.token, email)).user_id for email in (ANNA, JANIS)]
    own = await engine.read(personal_link_of, OTHER)
    await office.sign_up(own, "private@example.com")
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    await transfer(engine, janis, "Support")
    for viewer, seen, hidden in ((office.owner_id, [ANNA, JANIS, OTHER], 0), (manager, [ANNA, OTHER], 1)):
        found = await engine.read(link_mails.recipients, viewer, card.profile_id, which=Listed.SIGNED_UP)
        assert [(each.email, each.reached) for each in found.people] == [(email, Reached.SIGNED_UP) for email in seen]
        assert found.hidden == hidden
    [left] = (await engine.read(link_mails.recipients, manager, card.profile_id)).people
    assert left.email == OLGA


async def test_who_signed_up_and_is_hidden_is_counted_in_the_preview_but_not_named(
    engine: Engine, office: Office
) -> None:
    card, manager = await office.profile(), await a_manager(engine, "Sales")
    _, janis = [(await office.sign_up(card.token, email)).user_id for email in (ANNA, JANIS)]
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    await transfer(engine, janis, "Support")
    for viewer, named, hidden in ((office.owner_id, [ANNA, JANIS], 0), (manager, [ANNA], 1)):
        shown = await previewed(engine, viewer, card.profile_id, listed(ANNA, JANIS, OLGA))
        assert (shown.new, shown.left_out[LeftOut.SIGNED_UP].number) == (1, 2)
        group = shown.left_out[LeftOut.SIGNED_UP]
        assert ([each.email for each in group.people], group.hidden) == (named, hidden)


async def test_who_signed_up_by_a_personal_link_with_another_address_has_signed_up_in_the_preview(
    engine: Engine, office: Office
) -> None:
    card, manager = await office.profile(), await a_manager(engine, "Sales")
    await send(engine, office.owner_id, card.profile_id, ANNA, JANIS, personal=True)
    await office.sign_up(await engine.read(personal_link_of, ANNA), OLGA)
    came = await office.sign_up(await engine.read(personal_link_of, JANIS), OTHER)
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    await transfer(engine, came.user_id, "Support")
    for viewer, named, hidden in ((office.owner_id, (ANNA, JANIS), 0), (manager, (ANNA,), 1)):
        shown = await previewed(engine, viewer, card.profile_id, listed(ANNA, JANIS))
        assert shown.left_out == {LeftOut.SIGNED_UP: replace(group(*named), hidden=hidden)}


async def test_who_waits_by_a_personal_link_with_another_address_has_signed_up_in_the_preview(
    engine: Engine, office: Office
) -> None:
    card = await office.profile()
    await engine.write(policies.switch, office.owner_id, Switch.APPROVAL, engine.now(), on=True)
    await send(engine, office.owner_id, card.profile_id, ANNA, personal=True)
    await office.sign_up(await engine.read(personal_link_of, ANNA), OLGA)
    shown = await previewed(engine, office.owner_id, card.profile_id, listed(ANNA))
    assert shown.left_out == {LeftOut.SIGNED_UP: group(ANNA)}


def fill(session: Session, *, full: bool) -> None:
    session.execute(update(Profile).values(activation_limit=1, used=int(full)))


def personal_link_of(session: Session, email: str) -> str:
    of_recipient = select(Link.token).join(LinkRecipient, LinkRecipient.link_id == Link.id)
    return session.scalars(of_recipient.where(LinkRecipient.email == email)).one()


async def test_what_may_have_arrived_is_told_until_its_repetition_is_accepted(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card = await office.profile()
    mail_server.hangs_up = True
    await send(engine, office.owner_id, card.profile_id, ANNA)
    await deliver(engine, mail_server)
    assert await reached(engine, office, card.profile_id) == {Reached.QUEUED: 1}  # its repetition
    for _ in range(2):
        clock.advance(minutes=10)
        await deliver(engine, mail_server)
    assert await reached(engine, office, card.profile_id) == {Reached.UNKNOWN: 1}
    note = "You may have received this message before."
    assert [note in plain_text(message) for message in mail_server.accepted] == [False, True, True]


async def test_what_may_have_arrived_stays_so_and_counts_as_got_if_its_repetition_is_not_sent(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card, owner = await office.profile(), office.owner_id
    mail_server.hangs_up = True
    await send(engine, owner, card.profile_id, ANNA)
    await deliver(engine, mail_server)
    await engine.write(fill, full=True)
    clock.advance(minutes=10)
    await deliver(engine, mail_server)
    await engine.write(fill, full=False)
    assert await reached(engine, office, card.profile_id) == {Reached.UNKNOWN: 1}
    await keep(engine, owner, through(card.profile_id), listed(JANIS))
    question = await engine.read(roster_lockouts.of_switch, owner, through(card.profile_id), engine.now())
    assert [each.email for each in question.invited.first] == [ANNA]
    found = await engine.read(link_mails.show, owner, card.profile_id, engine.now())
    assert found.resendable == 0  # as for all who may have got it less than a day ago
    clock.advance(days=1, seconds=1)
    found = await engine.read(link_mails.show, owner, card.profile_id, engine.now())
    assert found.resendable == 1


@pytest.mark.deep
async def test_who_was_sent_the_link_has_got_it_though_it_was_not_sent_again(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card, owner = await office.profile(), office.owner_id
    await send(engine, owner, card.profile_id, ANNA)
    await deliver(engine, mail_server)
    clock.advance(days=1, seconds=1)
    await resend(engine, office, card.profile_id)
    await engine.write(fill, full=True)
    await deliver(engine, mail_server)
    await engine.write(fill, full=False)
    assert await reached(engine, office, card.profile_id) == {Reached.UNSENT: 1}
    await keep(engine, owner, through(card.profile_id), listed(JANIS))
    question = await engine.read(roster_lockouts.of_switch, owner, through(card.profile_id), engine.now())
    assert [each.email for each in question.invited.first] == [ANNA]


async def test_a_killed_process_leaves_no_message_twice_without_a_note(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card = await office.profile()
    await send(engine, office.owner_id, card.profile_id, ANNA, JANIS, OLGA)
    first, *_ = await engine.write(mail_outbox.claim, "killed", engine.now())
    await engine.write(mail_outbox.begin, first, "killed", engine.now())
    for _ in range(2):
        clock.advance(minutes=6)
        await deliver(engine, mail_server)
    assert sorted(sent_to(mail_server)) == [ANNA, JANIS, OLGA]
    note = "You may have received this message before."
    assert [note in plain_text(message) for message in mail_server.accepted].count(True) == 1
    assert await reached(engine, office, card.profile_id) == {Reached.SENT: 3}


async def test_a_mail_server_that_is_away_holds_links_up_and_loses_none(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card = await office.profile()
    await mail_server.stop()
    await send(engine, office.owner_id, card.profile_id, ANNA, JANIS)
    await deliver(engine, mail_server)
    assert await reached(engine, office, card.profile_id) == {Reached.QUEUED: 2}
    await mail_server.start()
    await deliver(engine, mail_server)
    assert sorted(sent_to(mail_server)) == [ANNA, JANIS]


async def switch(engine: Engine, office: Office, profile_id: int, held_up_by: str, *, off: bool) -> None:
    """Pause or resume a profile, or turn sign-up off or on."""
    if held_up_by == PAUSED:
        await engine.write(profile_editing.pause, office.owner_id, profile_id, engine.now(), paused=off)
    else:
        await engine.write(account.switch_sign_up, office.owner_id, engine.now(), on=not off)


HELD_UP = pytest.mark.parametrize("reason", [PAUSED, SIGN_UP_OFF])


@pytest.mark.deep
@HELD_UP
async def test_messages_of_a_link_that_is_switched_off_wait_and_go_on_when_it_is_on_again(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock, reason: str
) -> None:
    card, other = await office.profile(), await office.profile(name="Interns")
    await send(engine, office.owner_id, card.profile_id, ANNA)
    await send(engine, office.owner_id, other.profile_id, JANIS)
    queued_at = engine.now()
    for each in (card, other):
        await switch(engine, office, each.profile_id, reason, off=True)
    for _ in range(8):  # so that it is tried less and less often
        clock.advance(hours=1, minutes=1)
        await deliver(engine, mail_server)
    [waits] = (await engine.read(link_mails.recipients, office.owner_id, card.profile_id)).people
    assert (waits.reached, waits.waiting and waits.waiting.reason) == (Reached.QUEUED, reason)
    assert waits.waiting
    assert waits.waiting.since == queued_at
    with pytest.raises(LinkClosed):
        await send(engine, office.owner_id, card.profile_id, OLGA)
    await switch(engine, office, card.profile_id, reason, off=False)
    await deliver(engine, mail_server)
    assert sent_to(mail_server) == ([ANNA] if reason == PAUSED else [ANNA, JANIS])


@HELD_UP
async def test_messages_of_a_link_that_is_switched_off_for_three_days_are_not_sent(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock, reason: str
) -> None:
    card = await office.profile()
    await send(engine, office.owner_id, card.profile_id, ANNA)
    await switch(engine, office, card.profile_id, reason, off=True)
    await deliver(engine, mail_server)
    clock.advance(days=3)
    await switch(engine, office, card.profile_id, reason, off=False)
    await deliver(engine, mail_server)
    [late] = (await engine.read(link_mails.recipients, office.owner_id, card.profile_id)).people
    assert (late.reached, late.reason, mail_server.accepted) == (Reached.UNSENT, USELESS, [])


@pytest.mark.parametrize("state", ["ended", "removed"])
async def test_a_link_that_does_not_work_is_not_sent(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock, state: str
) -> None:
    card = await office.profile()
    await send(engine, office.owner_id, card.profile_id, ANNA)
    closing: dict[str, dict[str, object]] = {
        "ended": {"ends_at": clock.advance(seconds=1)},
        "removed": {"removed_at": clock()},
    }
    clock.advance(seconds=1)
    await engine.write(lambda session: session.execute(update(Profile).values(**closing[state])))
    await deliver(engine, mail_server)
    assert mail_server.accepted == []
    if state == "ended":
        with pytest.raises(LinkClosed):
            await send(engine, office.owner_id, card.profile_id, JANIS)
        [unsent] = (await engine.read(link_mails.recipients, office.owner_id, card.profile_id)).people
        assert unsent.reason == CLOSED


@pytest.mark.deep
async def test_the_link_goes_again_to_who_has_not_signed_up_not_twice_within_a_day_and_five_times_at_most(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card = await office.profile()
    await send(engine, office.owner_id, card.profile_id, ANNA, JANIS)
    await deliver(engine, mail_server)
    await office.sign_up(card.token, ANNA)
    with pytest.raises(NobodyToSend):
        await resend(engine, office, card.profile_id)
    for _ in range(MOST_TO_ONE - 1):
        clock.advance(hours=25)
        await resend(engine, office, card.profile_id)
        await deliver(engine, mail_server)
    clock.advance(hours=25)
    with pytest.raises(NobodyToSend):
        await resend(engine, office, card.profile_id)
    assert sent_to(mail_server).count(JANIS) == MOST_TO_ONE
    assert sent_to(mail_server).count(ANNA) == 1


@pytest.mark.deep
async def test_from_the_screen_of_a_list_the_link_goes_again_to_people_of_that_list_alone(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card, owner = await office.profile(), office.owner_id
    await send(engine, owner, card.profile_id, ANNA, JANIS, OLGA)
    await deliver(engine, mail_server)
    await keep(engine, owner, through(card.profile_id), listed(ANNA))
    department = await within(engine, "Sales")
    await keep(engine, owner, department, listed(JANIS, OTHER))
    clock.advance(days=1, seconds=1)
    for of, emails, missing in ((None, [ANNA, JANIS, OLGA], 1), (through(card.profile_id), [ANNA], 1)):
        found = await engine.read(link_mails.show, owner, card.profile_id, engine.now(), of=of)
        assert ([each.email for each in found.named], found.missing) == (emails, missing)
    found = await engine.read(link_mails.show, owner, card.profile_id, engine.now(), of=department)
    assert (found.only_resendable, found.missing, found.list_name) == ("Some", 2, "Sales")
    about = owner, card.profile_id, engine.now(), Sending(most=100, language="en")
    with pytest.raises(PreviewOutdated):  # it was asked about these alone
        await engine.write(link_resending.resend, *about, seen=found.seen)
    again = await engine.write(link_resending.resend, *about, seen=found.seen, of=department)
    assert (again.reached, again.resendable, again.of) == ({Reached.SENT: 2, Reached.QUEUED: 1}, 0, department)
    await deliver(engine, mail_server)
    assert sorted(sent_to(mail_server)) == [ANNA, JANIS, JANIS, OLGA]


async def test_from_the_screen_of_a_list_only_its_people_are_put_on_the_list_that_would_refuse_them(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card, owner = await office.profile(), office.owner_id
    await send(engine, owner, card.profile_id, ANNA, JANIS)
    await deliver(engine, mail_server)
    department = await within(engine, "Sales")
    await keep(engine, owner, department, listed(JANIS))
    await keep(engine, owner, through(card.profile_id), listed(OLGA))
    await engine.write(let_only_expected, owner, through(card.profile_id), engine.now())
    clock.advance(days=1, seconds=1)
    about = owner, card.profile_id, engine.now()
    found = await engine.read(link_mails.show, *about, of=department)
    assert (found.resendable, found.left_out) == (0, {LeftOut.NOT_LISTED: group(JANIS)})
    found = await engine.write(link_resending.add_to_lists, *about, seen=found.unlisted.seen, of=department)
    assert (found.resendable, found.left_out) == (1, {})
    assert (await engine.read(link_mails.show, *about)).left_out == {LeftOut.NOT_LISTED: group(ANNA)}


async def test_a_profile_that_does_not_lead_to_a_list_has_no_link_for_it(engine: Engine, office: Office) -> None:
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    card, elsewhere = await office.profile(), await within(engine, "Support")
    with pytest.raises(LinkLeadsElsewhere) as refused:
        await engine.read(link_mails.show, office.owner_id, card.profile_id, engine.now(), of=elsewhere)
    assert (refused.value.name, refused.value.roster) == ("Autumn sales", "Support")


async def test_what_is_sent_to_a_list_is_refused_before_anything_is_queued_if_the_profile_was_moved_away(
    engine: Engine, office: Office
) -> None:
    card, owner = await office.profile(), office.owner_id
    department = await within(engine, "Sales")
    about = About.LINK_MAIL, through(card.profile_id)
    kept = await engine.write(awaited_lists.receive, owner, *about, {"text": "…"}, engine.now())
    seen = (await previewed(engine, owner, card.profile_id, listed(ANNA))).seen
    await engine.write(departments.add, owner, "Support", engine.now())
    await repoint(engine, card.profile_id, "Support")
    asked = owner, kept.question_id, listed(ANNA), engine.now(), Sending(most=0, language="en")
    with pytest.raises(LinkLeadsElsewhere):  # though no more messages can be queued either
        await engine.write(link_mail_lists.send, *asked, seen=seen, of=department)
    with pytest.raises(LinkLeadsElsewhere):
        await engine.read(link_mail_lists.missing, owner, department, card.profile_id)


async def test_what_is_withdrawn_is_no_longer_sent_and_can_be_sent_anew(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card = await office.profile()
    await send(engine, office.owner_id, card.profile_id, ANNA)
    assert (await withdraw(engine, office, card.profile_id)).reached == {Reached.WITHDRAWN: 1}
    await deliver(engine, mail_server)
    assert mail_server.accepted == []
    await send(engine, office.owner_id, card.profile_id, ANNA)
    await deliver(engine, mail_server)
    assert sent_to(mail_server) == [ANNA]


@pytest.mark.deep
async def test_who_got_a_link_that_was_withdrawn_can_be_sent_one_at_once_but_not_more_than_five(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card = await office.profile()
    for _ in range(MOST_TO_ONE):
        await send(engine, office.owner_id, card.profile_id, ANNA)
        await deliver(engine, mail_server)
        await withdraw(engine, office, card.profile_id)
    assert sent_to(mail_server) == [ANNA] * MOST_TO_ONE
    found = await previewed(engine, office.owner_id, card.profile_id, listed(ANNA))
    assert found.left_out == {LeftOut.WRITTEN_ENOUGH: group(ANNA)}
    with pytest.raises(NobodyToSend):
        await send(engine, office.owner_id, card.profile_id, ANNA)


async def test_who_would_be_refused_by_a_list_is_named_and_not_sent_the_link(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card, owner = await office.profile(), office.owner_id
    await keep(engine, owner, through(card.profile_id), listed(ANNA, JANIS), only=True)
    await keep(engine, owner, await within(engine, "Sales"), listed(ANNA, OLGA), only=True)
    people = listed(ANNA, JANIS, OLGA)
    found = await previewed(engine, owner, card.profile_id, people)
    assert (found.new, found.left_out) == (1, {LeftOut.NOT_LISTED: group(JANIS, OLGA)})
    await send(engine, owner, card.profile_id, ANNA, JANIS, OLGA, personal=True)
    await deliver(engine, mail_server)
    assert sent_to(mail_server) == [ANNA]


async def test_who_would_be_refused_is_put_on_all_lists_that_refuse_them(engine: Engine, office: Office) -> None:
    card, owner = await office.profile(), office.owner_id
    await keep(engine, owner, through(card.profile_id), listed(ANNA, JANIS), only=True)
    await keep(engine, owner, await within(engine, "Sales"), listed(ANNA, OLGA), only=True)
    people = listed(ANNA, JANIS, OLGA)
    unlisted = (await previewed(engine, owner, card.profile_id, people)).unlisted
    assert unlisted.by == ("Autumn sales", "Sales")
    about = owner, card.profile_id, people, engine.now()
    with pytest.raises(PreviewOutdated):
        await engine.write(link_mail_lists.add_to_lists, *about, seen="others")
    await engine.write(link_mail_lists.add_to_lists, *about, seen=unlisted.seen)
    found = await previewed(engine, owner, card.profile_id, people)
    assert (found.new, found.left_out, found.unlisted.seen) == (3, {}, "")
    await office.sign_up(card.token, JANIS)
    await office.sign_up(card.token, OLGA)


async def test_who_has_the_link_and_would_be_refused_by_now_is_named_and_put_on_the_list_before_it_is_sent_again(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card, owner = await office.profile(), office.owner_id
    await send(engine, owner, card.profile_id, ANNA, JANIS)
    await deliver(engine, mail_server)
    await keep(engine, owner, through(card.profile_id), listed(ANNA))
    await engine.write(let_only_expected, owner, through(card.profile_id), engine.now())
    clock.advance(days=1, seconds=1)
    found = await engine.read(link_mails.show, owner, card.profile_id, engine.now())
    assert (found.resendable, found.left_out) == (1, {LeftOut.NOT_LISTED: group(JANIS)})
    about = owner, card.profile_id, engine.now()
    with pytest.raises(PreviewOutdated):
        await engine.write(link_resending.add_to_lists, *about, seen="others")
    found = await engine.write(link_resending.add_to_lists, *about, seen=found.unlisted.seen)
    assert (found.resendable, found.left_out, found.unlisted.seen) == (2, {}, "")
    await office.sign_up(card.token, JANIS)


async def test_a_manager_below_the_list_that_refuses_people_cannot_put_them_on_it(
    engine: Engine, office: Office
) -> None:
    card = await office.profile()
    manager = await a_manager(engine, "Sales / EMEA")
    await keep(engine, office.owner_id, await within(engine, "Sales"), listed(ANNA), only=True)
    found = await previewed(engine, manager, card.profile_id, listed(JANIS))
    assert (found.left_out, found.unlisted) == ({LeftOut.NOT_LISTED: group(JANIS)}, TurnedAway(by=(None,)))


async def test_a_manager_below_a_list_reads_of_it_only_whom_of_theirs_it_refuses(
    engine: Engine, office: Office
) -> None:
    card, manager = await office.profile(), await a_manager(engine, "Sales / EMEA")
    above = [replace(each, last_name="Above") for each in listed(ANNA, OLGA)]
    of, now = through(card.profile_id), engine.now()
    await keep(engine, office.owner_id, await within(engine, "Sales"), above, only=True)
    await keep(engine, manager, of, listed(ANNA, JANIS))
    typed = await previewed(engine, manager, card.profile_id, listed(ANNA, JANIS))
    assert typed.left_out == {LeftOut.NOT_LISTED: group(JANIS)}
    reminding = await engine.read(reminders.preview_missing, manager, of, card.profile_id, now, 9)
    shown = [
        typed,
        reminding,
        await engine.read(roster_lists.preview, manager, of, listed(ANNA, JANIS)),
        await engine.read(roster_lockouts.of_switch, manager, of, now),
        await engine.read(rosters.missing, manager, of),
        await engine.read(profiles.card, manager, card.profile_id, now),
        await engine.read(profile_links.check, manager, card.token, "", now),
    ]
    assert [each for each in shown if "Above" in repr(each) or OLGA in repr(each)] == []


async def test_a_list_that_names_people_without_addresses_holds_no_link_back(engine: Engine, office: Office) -> None:
    card, owner = await office.profile(), office.owner_id
    [person] = listed("")
    people = [*listed(ANNA), replace(person, phone="+37120000021")]
    await keep(engine, owner, through(card.profile_id), people, only=True)
    assert (await previewed(engine, owner, card.profile_id, listed(JANIS))).new == 1


async def test_a_link_is_neither_sent_nor_sent_again_to_whom_a_list_refuses_since(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card, owner = await office.profile(), office.owner_id
    await send(engine, owner, card.profile_id, ANNA, JANIS)
    await deliver(engine, mail_server)
    await send(engine, owner, card.profile_id, OLGA)
    of = through(card.profile_id)
    await keep(engine, owner, of, listed(ANNA))
    await engine.write(let_only_expected, owner, of, engine.now())
    await deliver(engine, mail_server)
    clock.advance(days=1, seconds=1)
    assert (await resend(engine, office, card.profile_id)).reached[Reached.QUEUED] == 1
    await deliver(engine, mail_server)
    assert sorted(sent_to(mail_server)) == [ANNA, ANNA, JANIS]


@pytest.mark.deep
async def test_a_link_that_was_not_sent_because_of_a_list_says_so_and_is_sent_at_once_when_it_lets_them_in(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card, owner = await office.profile(), office.owner_id
    await send(engine, owner, card.profile_id, ANNA)
    of = through(card.profile_id)
    await keep(engine, owner, of, listed(OLGA))
    await engine.write(let_only_expected, owner, of, engine.now())
    await deliver(engine, mail_server)
    [unsent] = (await engine.read(link_mails.recipients, owner, card.profile_id, which=Listed.REFUSED)).people
    assert (unsent.reached, unsent.reason) == (Reached.UNSENT, NOT_LISTED)
    found = await engine.read(link_mails.show, owner, card.profile_id, engine.now())
    assert found.left_out == {LeftOut.NOT_LISTED: group(ANNA)}
    await engine.write(link_resending.add_to_lists, owner, card.profile_id, engine.now(), seen=found.unlisted.seen)
    again = await previewed(engine, owner, card.profile_id, listed(ANNA))
    assert again.left_out == {LeftOut.REFUSED: group(ANNA)}
    await resend(engine, office, card.profile_id)
    await deliver(engine, mail_server)
    assert sent_to(mail_server) == [ANNA]


@pytest.mark.deep
async def test_messages_that_were_never_sent_are_not_among_the_five_to_an_address(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card = await office.profile()
    await send(engine, office.owner_id, card.profile_id, ANNA)
    for _ in range(MOST_TO_ONE):
        await engine.write(fill, full=True)
        await deliver(engine, mail_server)
        assert await reached(engine, office, card.profile_id) == {Reached.UNSENT: 1}
        await engine.write(fill, full=False)
        await resend(engine, office, card.profile_id)
    await deliver(engine, mail_server)
    assert sent_to(mail_server) == [ANNA]


async def test_a_repetition_of_what_is_withdrawn_is_not_sent(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card = await office.profile()
    mail_server.hangs_up = True
    await send(engine, office.owner_id, card.profile_id, ANNA)
    await deliver(engine, mail_server)
    await withdraw(engine, office, card.profile_id)
    clock.advance(hours=1)
    await deliver(engine, mail_server)
    assert len(mail_server.accepted) == 1


async def test_no_more_are_queued_in_a_day_than_the_limit_and_what_is_withdrawn_unsent_is_given_back(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    await send(engine, office.owner_id, card.profile_id, ANNA, most=2)
    with pytest.raises(TooManyMails) as refused:
        await send(engine, office.owner_id, card.profile_id, JANIS, OLGA, most=2)
    assert (refused.value.wanted, refused.value.left, refused.value.most) == (2, 1, 2)
    assert await reached(engine, office, card.profile_id) == {Reached.QUEUED: 1}
    await withdraw(engine, office, card.profile_id)
    await send(engine, office.owner_id, card.profile_id, JANIS, OLGA, most=2)
    clock.advance(days=1)
    await send(engine, office.owner_id, card.profile_id, ANNA, most=2)


async def test_at_once_no_more_are_queued_than_the_limit(engine: Engine, office: Office) -> None:
    numbers = [(await office.profile(name=f"Course {letter}")).profile_id for letter in "ABC"]
    results = await at_once(send(engine, office.owner_id, number, ANNA, most=2) for number in numbers)
    assert sum(isinstance(each, TooManyMails) for each in results) == 1


async def test_nothing_is_queued_without_a_mail_server_or_after_another_preview(engine: Engine, office: Office) -> None:
    card = await office.profile()
    with pytest.raises(NoMailServer):
        await send(engine, office.owner_id, card.profile_id, ANNA, most=None)
    with pytest.raises(PreviewOutdated):
        await send(engine, office.owner_id, card.profile_id, ANNA, seen="another")
    assert await reached(engine, office, card.profile_id) == {}


async def test_the_missing_of_the_roster_are_a_list(engine: Engine, office: Office) -> None:
    card, now = await office.profile(), engine.now()
    kept = await engine.write(
        awaited_lists.receive, office.owner_id, About.ROSTER, through(card.profile_id), {"text": "…"}, now
    )
    expected = [*listed(ANNA, JANIS), ListedPerson(row=9, phone="+37120000000")]
    seen = (await engine.read(roster_lists.preview, office.owner_id, through(card.profile_id), expected)).seen
    question = kept.question_id
    await engine.write(
        roster_lists.keep, office.owner_id, question, expected, now, seen=seen, replace=False, closing=None
    )
    await office.sign_up(card.token, ANNA)
    found = await engine.read(link_mail_lists.missing, office.owner_id, through(card.profile_id), card.profile_id)
    assert [each.email for each in found] == [JANIS]


async def test_the_newer_of_two_questions_for_a_list_gets_it(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await ask(engine, office.owner_id, About.ROSTER, card.profile_id)
    await ask(engine, office.owner_id, About.LINK_MAIL, card.profile_id)
    assert await engine.read(awaited_lists.awaited, office.owner_id, About.ROSTER, engine.now()) is None
    assert await engine.read(awaited_lists.awaited, office.owner_id, About.LINK_MAIL, engine.now()) is not None
    await ask(engine, office.owner_id, About.ROSTER, card.profile_id)
    assert await engine.read(awaited_lists.awaited, office.owner_id, About.ROSTER, engine.now()) is not None
    assert await engine.read(awaited_lists.awaited, office.owner_id, About.LINK_MAIL, engine.now()) is None


async def test_a_manager_of_another_department_sends_nothing(engine: Engine, office: Office) -> None:
    card = await office.profile(department="Sales")
    other = await a_manager(engine)
    with pytest.raises(ProfileNotFound):
        await ask(engine, other, About.LINK_MAIL, card.profile_id)


async def held(engine: Engine) -> tuple[int, int]:
    """Count the recipients, and their messages."""

    def run(session: Session) -> tuple[int, int]:
        recipients, mails = (select(func.count()).select_from(table) for table in (LinkRecipient, OutgoingMail))
        return session.scalars(recipients).one(), session.scalars(mails).one()

    return await engine.read(run)


async def test_addresses_are_kept_as_long_as_rosters_are(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card = await office.profile()
    await send(engine, office.owner_id, card.profile_id, ANNA)
    await deliver(engine, mail_server)
    over = card.window.ends_at + timedelta(days=90)
    await engine.write(mail_outbox.sweep, over)
    await engine.write(link_mails.sweep, over)
    assert await held(engine) == (1, 1)
    await engine.write(link_mails.sweep, over + timedelta(seconds=1))
    assert await held(engine) == (0, 0)


async def test_who_is_deleted_is_erased_from_the_recipients(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card = await office.profile()
    await send(engine, office.owner_id, card.profile_id, ANNA, JANIS)
    await deliver(engine, mail_server)
    anna = (await office.sign_up(card.token, ANNA)).user_id
    await engine.write(people.deactivate, office.owner_id, anna, engine.now())
    await engine.write(people.delete, office.owner_id, anna, engine.now())
    assert await held(engine) == (1, 1)


def token_in(server: MailServer, number: int = -1) -> str:
    """Give the token of the link in a message."""
    return plain_text(server.accepted[number]).partition("/s/")[2].split()[0]


async def test_a_personal_link_is_filled_in_with_its_person_and_works_once(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card = await office.profile()
    await send(engine, office.owner_id, card.profile_id, ANNA, JANIS, personal=True)
    await deliver(engine, mail_server)
    assert "The link is yours alone: it works once." in plain_text(mail_server.accepted[0])
    first, second = token_in(mail_server, 0), token_in(mail_server, 1)
    assert len({first, second, card.token}) == 3
    shown = await engine.read(sign_up_page.preview, first, engine.now())
    assert shown.prefilled == {"first_name": "Some", "email": ANNA}
    await keep(engine, office.owner_id, through(card.profile_id), listed(ANNA, JANIS))
    await office.sign_up(first, OLGA)  # what is filled in can be changed
    roster = await engine.read(rosters.missing, office.owner_id, through(card.profile_id))
    assert [each.email for each in roster.people] == [JANIS]  # Anna came by the link that was hers alone
    assert (roster.roster.came, roster.roster.unexpected) == (1, 0)
    used = await engine.read(sign_up_page.preview, first, engine.now())
    assert (used.state, used.prefilled) == (LinkState.USED, {})
    with pytest.raises(LinkClosed):
        await office.sign_up(first, ANNA)
    await office.sign_up(second, JANIS)
    assert await reached(engine, office, card.profile_id) == {Reached.SIGNED_UP: 2}


@pytest.mark.deep
async def test_who_came_by_a_personal_link_counts_as_come_in_each_place_that_asks(
    engine: Engine, office: Office, mail_server: MailServer, clock: Clock
) -> None:
    card = await office.profile()
    branch = await within(engine, " / ".join(card.department))
    await send(engine, office.owner_id, card.profile_id, ANNA, JANIS, personal=True)
    await deliver(engine, mail_server)
    await send(engine, office.owner_id, card.profile_id, OTHER)  # by the main link, so that nothing hangs on it
    await keep(engine, office.owner_id, branch, listed(ANNA, JANIS, OTHER))
    came = (await office.sign_up(token_in(mail_server, 0), OLGA)).user_id
    again = await engine.read(roster_lists.preview, office.owner_id, branch, listed(ANNA, JANIS, OTHER))
    assert again.left_out[LeftOut.SIGNED_UP].number == 1
    clock.advance(days=400)
    await engine.write(link_mails.sweep, engine.now())
    roster = await engine.read(rosters.missing, office.owner_id, branch)
    assert [each.email for each in roster.people] == [JANIS, OTHER]  # the department's list goes on
    assert (await held(engine))[0] == 1
    data = await engine.read(personal_data.preview, office.owner_id, came)
    assert [row["email"] for row in data.sections[Section.EXPECTED]] == [ANNA]
    assert [row["email"] for row in data.sections[Section.LINKS]] == [ANNA]
    await engine.write(people.deactivate, office.owner_id, came, engine.now())
    await engine.write(people.delete, office.owner_id, came, engine.now())
    assert await held(engine) == (0, 0)


async def test_a_personal_link_makes_one_account_at_once(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card = await office.profile()
    await send(engine, office.owner_id, card.profile_id, ANNA, personal=True)
    await deliver(engine, mail_server)
    results = await at_once(office.sign_up(token_in(mail_server), f"{letter}@example.com") for letter in "abcd")
    assert sum(isinstance(each, LinkClosed) for each in results) == 3


async def test_a_personal_link_works_again_if_its_sign_up_is_declined(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card = await office.profile()
    await engine.write(policies.switch, office.owner_id, Switch.APPROVAL, engine.now(), on=True)
    await send(engine, office.owner_id, card.profile_id, ANNA, personal=True)
    await deliver(engine, mail_server)
    waiting = (await office.sign_up(token_in(mail_server), ANNA)).user_id
    assert await reached(engine, office, card.profile_id) == {Reached.SIGNED_UP: 1}  # nobody writes to who waits
    with pytest.raises(LinkClosed):
        await office.sign_up(token_in(mail_server), JANIS)
    await engine.write(pending_sign_ups.decline, office.owner_id, waiting, "", engine.now())
    assert await reached(engine, office, card.profile_id) == {Reached.SENT: 1}
    await office.sign_up(token_in(mail_server), ANNA)


async def test_personal_links_end_when_they_are_withdrawn_and_the_profiles_own_goes_on(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card = await office.profile()
    await send(engine, office.owner_id, card.profile_id, ANNA, personal=True)
    await deliver(engine, mail_server)
    await withdraw(engine, office, card.profile_id)
    with pytest.raises(LinkClosed) as refused:
        await office.sign_up(token_in(mail_server), ANNA)
    assert refused.value.state is LinkState.WITHDRAWN
    await send(engine, office.owner_id, card.profile_id, ANNA, personal=True)
    await deliver(engine, mail_server)
    assert token_in(mail_server, 0) != token_in(mail_server, 1)
    await office.sign_up(token_in(mail_server), ANNA)
    await office.sign_up(card.token, JANIS)


async def tries(engine: Engine, office: Office, profile_id: int) -> list[tuple[str | None, str | None]]:
    """Give the address of each missing person, and what stopped a form of theirs."""
    found = await engine.read(rosters.missing, office.owner_id, through(profile_id))
    return [(each.email, each.tried_field) for each in found.people]


@pytest.mark.parametrize(
    ("field", "typed", "kept"),
    [
        (NOT_ON_LIST, OLGA, ADDRESS_NOT_ON_LIST),
        (NOT_ON_LIST, ANNA, NOT_ON_LIST),
        ("password", OLGA, "password"),
        ("email", None, "email"),
    ],
)
async def test_who_is_refused_by_their_personal_link_has_tried_whatever_address_was_typed(
    engine: Engine, office: Office, field: str, typed: str | None, kept: str
) -> None:
    card = await office.profile()
    await keep(engine, office.owner_id, through(card.profile_id), listed(ANNA, JANIS))
    await send(engine, office.owner_id, card.profile_id, ANNA, personal=True)
    form = FailedForm(ticket="a", email=typed, field=field)
    await engine.write(profile_links.note_failure, await engine.read(personal_link_of, ANNA), form, engine.now())
    assert await tries(engine, office, card.profile_id) == [(ANNA, kept), (JANIS, None)]


async def test_of_a_personal_link_used_with_the_address_of_another_on_the_list_the_other_has_tried(
    engine: Engine, office: Office
) -> None:
    card = await office.profile()
    branch = await within(engine, "Sales")
    await keep(engine, office.owner_id, through(card.profile_id), listed(ANNA, JANIS))
    await keep(engine, office.owner_id, branch, listed(ANNA), only=True)
    await send(engine, office.owner_id, card.profile_id, ANNA, personal=True)
    form = FailedForm(ticket="a", email=JANIS, field=NOT_ON_LIST)
    await engine.write(profile_links.note_failure, await engine.read(personal_link_of, ANNA), form, engine.now())
    assert await tries(engine, office, card.profile_id) == [(ANNA, None), (JANIS, NOT_ON_LIST)]
    [anna] = (await engine.read(rosters.missing, office.owner_id, branch)).people
    assert anna.tried_field == ADDRESS_NOT_ON_LIST


async def test_personal_links_are_not_among_the_links_of_a_profile(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await send(engine, office.owner_id, card.profile_id, ANNA, JANIS, personal=True)
    shown = await engine.read(profiles.card, office.owner_id, card.profile_id, engine.now())
    assert (shown.token, shown.shares) == (card.token, ())
    await engine.write(profile_links.replace, office.owner_id, card.profile_id, engine.now())


async def test_who_came_and_changed_their_address_still_counts_as_come(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await send(engine, office.owner_id, card.profile_id, ANNA)
    made = await office.sign_up(card.token, ANNA)

    def change(session: Session) -> None:
        own_details.set_email(session, session.get_one(User, made.user_id), "anna.new@example.com", engine.now())

    await engine.write(change)
    shown = await engine.read(link_mails.show, office.owner_id, card.profile_id, engine.now())
    assert shown.reached == {Reached.SIGNED_UP: 1}


async def test_who_has_not_confirmed_the_address_yet_is_not_sent_the_link_again(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await send(engine, office.owner_id, card.profile_id, ANNA)
    await engine.write(
        policies.switch, office.owner_id, Switch.EMAIL_CONFIRMATION, engine.now(), on=True, can_mail=True
    )
    made = await office.sign_up(card.token, ANNA)
    assert made.state is UserState.PENDING
    shown = await engine.read(link_mails.show, office.owner_id, card.profile_id, engine.now())
    assert shown.reached == {Reached.SIGNED_UP: 1}


async def test_who_got_the_link_and_is_not_on_the_list_would_be_locked_out(
    engine: Engine, office: Office, mail_server: MailServer
) -> None:
    card, other = await office.profile(), await office.profile(name="Interns")
    mail_server.refused[OLGA] = "550 5.1.1 no such user"
    await send(engine, office.owner_id, card.profile_id, ANNA, JANIS, OLGA, "ieva@example.com", "juris@example.com")
    await deliver(engine, mail_server)
    await send(engine, office.owner_id, other.profile_id, JANIS, "liga@example.com")
    await office.sign_up(card.token, ANNA)
    await keep(engine, office.owner_id, through(card.profile_id), listed("juris@example.com"))

    async def counted(of: RosterOf) -> int:
        return (await engine.read(roster_lockouts.of_switch, office.owner_id, of, engine.now())).people

    assert await counted(through(card.profile_id)) == 2  # Janis and Ieva: Anna came, Olga's message was refused
    assert await counted(through(other.profile_id)) == 2
    department = await engine.read(rosters.find, office.owner_id, "Sales / EMEA")
    assert await counted(department) == 4  # Janis counts once; nobody is on the department's own list
    await withdraw(engine, office, card.profile_id)
    assert await counted(through(card.profile_id)) == 0


async def test_who_has_an_account_is_not_locked_out_by_a_list_whether_invited_or_expected_below(
    engine: Engine, office: Office
) -> None:
    card, other, owner = await office.profile(), await office.profile(name="Interns"), office.owner_id
    await send(engine, owner, card.profile_id, ANNA, JANIS)
    await keep(engine, owner, through(card.profile_id), listed(JANIS, OLGA))
    await office.sign_up(other.token, ANNA)
    await office.sign_up(other.token, OLGA)
    found = await engine.read(roster_lockouts.of_switch, owner, await within(engine, "Sales"), engine.now())
    assert [each.email for each in (*found.invited.first, *found.expected.first)] == [JANIS]


async def test_who_would_be_locked_out_is_put_on_the_list_or_named_anew(engine: Engine, office: Office) -> None:
    card, owner = await office.profile(), office.owner_id
    of = through(card.profile_id)
    await send(engine, owner, card.profile_id, ANNA, JANIS)
    await keep(engine, owner, of, listed(ANNA))
    found = await engine.read(roster_lockouts.of_switch, owner, of, engine.now())
    assert [each.email for each in found.invited.first] == [JANIS]
    await send(engine, owner, card.profile_id, OLGA)
    with pytest.raises(PreviewOutdated):
        await engine.write(roster_lockouts.switch_on, owner, of, engine.now(), seen=found.seen, lockout=Lockout.ACCEPT)
    people, now = listed("ieva@example.com"), engine.now()
    sent = await engine.write(awaited_lists.receive, owner, About.ROSTER, of, {"text": "…"}, now)
    unasked = {"seen": (await engine.read(roster_lists.preview, owner, of, people)).seen, "replace": False}
    with pytest.raises(PreviewOutdated):
        await engine.write(roster_lists.keep, owner, sent.question_id, people, now, **unasked, closing=Lockout.ACCEPT)  # type: ignore[arg-type]
    found = await engine.read(roster_lockouts.of_switch, owner, of, engine.now())
    switched = await engine.write(
        roster_lockouts.switch_on, owner, of, engine.now(), seen=found.seen, lockout=Lockout.ADD
    )
    assert (switched.expected, switched.only_expected) == (3, True)
    assert (await engine.read(roster_lockouts.of_switch, owner, of, engine.now())).people == 0


async def test_a_list_locks_out_whom_it_takes_off_but_nobody_twice(engine: Engine, office: Office) -> None:
    card, owner = await office.profile(), office.owner_id
    of = through(card.profile_id)
    await send(engine, owner, card.profile_id, ANNA, JANIS)
    await keep(engine, owner, of, listed(ANNA))
    switching = {
        "seen": (await engine.read(roster_lockouts.of_switch, owner, of, engine.now())).seen,
        "lockout": Lockout.ACCEPT,
    }
    await engine.write(roster_lockouts.switch_on, owner, of, engine.now(), **switching)  # type: ignore[arg-type]

    async def named(*emails: str, replace: bool) -> list[str]:
        found = await engine.read(roster_lockouts.of_list, owner, of, listed(*emails), engine.now(), replace=replace)
        return [each.email for each in found.invited.first]

    assert await named(OLGA, replace=False) == []  # Janis is locked out already
    assert await named(OLGA, replace=True) == [ANNA]
    assert await named(ANNA, replace=True) == []


async def test_a_list_that_is_kept_with_who_would_be_locked_out_is_one_entry_of_the_audit_log(
    engine: Engine, office: Office
) -> None:
    card, owner = await office.profile(), office.owner_id
    of, people = through(card.profile_id), listed(ANNA)
    await send(engine, owner, card.profile_id, JANIS)
    sent = await engine.write(awaited_lists.receive, owner, About.ROSTER, of, {"text": "…"}, engine.now())
    out = await engine.read(roster_lockouts.of_list, owner, of, people, engine.now(), replace=False)
    seen = roster_lists.marked((await engine.read(roster_lists.preview, owner, of, people)).seen, out.seen)
    asked = owner, sent.question_id, people, engine.now()
    await engine.write(roster_lists.keep, *asked, seen=seen, replace=False, closing=Lockout.ADD)
    entries = (await engine.read(audit_log.page, owner)).entries
    assert [each.after for each in entries if each.action is Action.ROSTER_KEPT] == [{"people": 2}]
