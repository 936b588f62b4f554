"""Links that were sent to people of a list who then came by something else than their address."""

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.left_out import LeftOut
from core.domain.link_mails import Listed, Reached
from core.rosters.people_lists import ListedPerson
from core.services import awaited_lists, departments, link_mail_lists, link_mails, redemption
from core.services.link_mails import Sending
from core.services.questions import About
from core.storage.tables import LinkRecipient
from tests.support.account import Office, a_form
from tests.support.clock import Clock
from tests.support.rosters import keep, through, within
from tests.support.rows import a_manager, transfer

LISTED, OTHER, PRIVATE = "refuse2@example.com", "other@example.com", "private.two@example.com"
PHONE = "+37120000001"
PEOPLE = [
    ListedPerson(row=2, first_name="Refuse", last_name="Two", email=LISTED, phone=PHONE),
    ListedPerson(row=3, email=OTHER),
]
SENDING = Sending(most=100, language="en", personal=False)


async def sent(office: Office, profile_id: int) -> None:
    engine, owner = office.engine, office.owner_id
    shown = await previewed(office, profile_id)
    asked = await engine.write(
        awaited_lists.receive, owner, About.LINK_MAIL, through(profile_id), {"text": "…"}, engine.now()
    )
    await engine.write(link_mail_lists.send, owner, asked.question_id, PEOPLE, engine.now(), SENDING, seen=shown.seen)


async def previewed(office: Office, profile_id: int, viewer: int | None = None) -> link_mail_lists.Preview:
    actor, now = viewer or office.owner_id, office.engine.now()
    return await office.engine.read(link_mail_lists.preview, actor, profile_id, PEOPLE, now, most=100, language="en")


async def came_by_phone(office: Office, token: str) -> int:
    form = a_form(PRIVATE)
    form = replace(form, newcomer=replace(form.newcomer, first_name="Refuse", last_name="Two", phone=PHONE))
    return (await office.engine.write(redemption.redeem, token, form, office.engine.now())).user_id


async def listed(office: Office, profile_id: int, which: Listed, viewer: int | None = None) -> list[str]:
    actor = viewer or office.owner_id
    found = await office.engine.read(link_mails.recipients, actor, profile_id, which=which)
    return [each.email for each in found.people]


@pytest.mark.parametrize("department", ["", "Sales"])
async def test_who_came_by_a_list_has_signed_up_by_the_link_that_was_sent(office: Office, department: str) -> None:
    card = await office.profile()
    of = await within(office.engine, department) if department else through(card.profile_id)
    await keep(office.engine, office.owner_id, of, PEOPLE)
    await sent(office, card.profile_id)
    await came_by_phone(office, card.token)
    shown = await office.engine.read(link_mails.show, office.owner_id, card.profile_id, office.engine.now())
    assert shown.reached == {Reached.SIGNED_UP: 1, Reached.QUEUED: 1}
    assert shown.withdrawable == 1
    assert await listed(office, card.profile_id, Listed.SIGNED_UP) == [LISTED]
    assert await listed(office, card.profile_id, Listed.NOT_COME) == [OTHER]


async def test_who_came_by_a_list_is_not_sent_the_link(office: Office) -> None:
    card = await office.profile()
    await keep(office.engine, office.owner_id, through(card.profile_id), PEOPLE)
    await came_by_phone(office, card.token)
    shown = await previewed(office, card.profile_id)
    assert (shown.new, [each.email for each in shown.left_out[LeftOut.SIGNED_UP].people]) == (1, [LISTED])
    await sent(office, card.profile_id)
    recipients = await office.engine.read(lambda session: session.scalars(select(LinkRecipient.email)).all())
    assert recipients == [OTHER]


async def test_from_who_came_by_a_list_no_link_is_withdrawn(office: Office, clock: Clock) -> None:
    card, engine, owner = await office.profile(), office.engine, office.owner_id
    await keep(engine, owner, through(card.profile_id), PEOPLE)
    await sent(office, card.profile_id)
    await came_by_phone(office, card.token)
    clock.advance(hours=25)
    await engine.write(link_mails.withdraw, owner, card.profile_id, engine.now())

    def withdrawn(session: Session) -> list[str]:
        return list(session.scalars(select(LinkRecipient.email).where(LinkRecipient.withdrawn_at.is_not(None))))

    assert await engine.read(withdrawn) == [OTHER]


async def test_who_came_by_a_list_and_is_hidden_is_no_name_for_the_manager(office: Office) -> None:
    card, manager = await office.profile(), await a_manager(office.engine, "Sales")
    await keep(office.engine, office.owner_id, through(card.profile_id), PEOPLE)
    await sent(office, card.profile_id)
    user_id = await came_by_phone(office, card.token)
    await office.engine.write(departments.add, office.owner_id, "Support", office.engine.now())
    await transfer(office.engine, user_id, "Support")
    assert await listed(office, card.profile_id, Listed.SIGNED_UP, manager) == []
    group = (await previewed(office, card.profile_id, manager)).left_out[LeftOut.SIGNED_UP]
    assert (group.people, group.hidden) == ((), 1)


async def test_who_is_on_no_list_by_an_address_signed_up_by_no_phone_number(office: Office) -> None:
    card = await office.profile()
    await sent(office, card.profile_id)
    await came_by_phone(office, card.token)
    assert await listed(office, card.profile_id, Listed.SIGNED_UP) == []
