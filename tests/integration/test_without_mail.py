"""Without a mail server: whatever is sent by e-mail otherwise has another way, one for each kind of message."""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from core.domain.access_requests import Cure
from core.domain.mail import MailKind
from core.errors import MailUnavailable
from core.services import password_links, pending_sign_ups, people, policies, request_answers, status_pages
from core.services.policies import Switch
from core.storage.tables import OutgoingMail
from tests.support.account import Office
from tests.support.reminders import ANNA, expect
from tests.support.router_fixture import ADDRESSES, Counter
from tests.support.site import PASSWORD, Answer, Site, Visitor

OWNER = 1001
OPERATING = Path(__file__).parents[2] / "docs" / "operating.md"


@dataclass(frozen=True, kw_only=True)
class Place:
    """An account without a mail server: its pages, and its owner's chat."""

    office: Office
    site: Site

    @property
    def chat(self) -> Counter:
        """Where the owner types."""
        return Counter(self.office.engine, addresses=replace(ADDRESSES, mails_a_day=None))

    async def sign_up(self) -> tuple[Visitor, str]:
        """Let Anna sign up; return where that leads."""
        visitor = self.site.visitor()
        return visitor, (await visitor.sign_up((await self.office.profile()).token)).location

    async def wait(self) -> tuple[Visitor, str, int]:
        """The same with who waits: also return their number."""
        visitor, led = await self.sign_up()
        page = await self.office.engine.read(status_pages.find, led.removeprefix("/w/"), self.office.engine.now())
        assert "Keep this page: come back to it to see the answer." in (await visitor.get(led)).texts("p")
        return visitor, led, page.user_id or 0

    async def approving(self) -> None:
        """Let newcomers wait for an approval."""
        engine = self.office.engine
        await engine.write(policies.switch, self.office.owner_id, Switch.APPROVAL, engine.now(), on=True)


async def send(visitor: Visitor, path: str, **values: str) -> Answer:
    """Open a page, and send the last form on it."""
    token = (await visitor.get(path)).elements("input", name="form_token")[-1].attributes["value"]
    return await visitor.post(path, {"form_token": token, **values})


async def staff_make_a_link_to_a_new_password(place: Place) -> None:
    engine, owner_id = place.office.engine, place.office.owner_id
    number = (await place.office.sign_up((await place.office.profile()).token)).user_id
    said = await send(place.site.visitor(), "/password", identifier=ANNA)
    assert "can make you a new link" in said.body or "link" in said.body
    link = await engine.write(password_links.make, owner_id, number, engine.now())
    visitor = place.site.visitor()
    assert (await send(visitor, f"/password/{link.code}", password=PASSWORD)).location == "/courses"


async def the_other_log_ins_end(place: Place) -> None:
    anna, _ = await place.sign_up()
    other = place.site.visitor()
    await other.log_in(ANNA)
    new = "five other quiet words"
    assert (await send(anna, "/me/password", current=PASSWORD, password=new)).location == "/me?note=password"
    assert (await other.get("/courses")).location == "/login?next=/courses"


async def the_status_page_lets_in(place: Place) -> None:
    await place.approving()
    visitor, led, number = await place.wait()
    engine = place.office.engine
    await engine.write(pending_sign_ups.approve, place.office.owner_id, number, engine.now())
    assert (await visitor.get(led)).heading == "You have been let in"


async def the_status_page_declines(place: Place) -> None:
    await place.approving()
    visitor, led, number = await place.wait()
    engine = place.office.engine
    await engine.write(pending_sign_ups.decline, place.office.owner_id, number, "no", engine.now())
    assert (await visitor.get(led)).heading == "You were not let in"


async def the_status_page_says_that_there_is_a_seat(place: Place) -> None:
    engine, owner_id = place.office.engine, place.office.owner_id
    await engine.write(policies.limit_seats, owner_id, "1", engine.now())
    visitor, led, number = await place.wait()
    await engine.write(policies.limit_seats, owner_id, "2", engine.now())
    await engine.write(people.activate, owner_id, number, engine.now())
    assert (await visitor.get(led)).heading == "You have been let in"


async def the_status_page_leads_to_the_form(place: Place) -> None:
    engine, card, visitor = place.office.engine, await place.office.profile(limit="1"), place.site.visitor()
    await place.office.sign_up(card.token)
    asker = {"first_name": "Boris", "last_name": "Bo", "email": "boris@example.com", "message": ""}
    form = await visitor.open_link(card.token)
    led = (await visitor.post(f"/s/{card.token}/ask", {**asker, "form_token": form.token})).location
    [asked] = (await engine.read(request_answers.listing, place.office.owner_id, engine.now())).asked
    await engine.write(request_answers.grant, place.office.owner_id, asked.request_id, Cure.PLACE, engine.now())
    page = await visitor.get(led)
    assert page.heading == "You can create your account"


async def the_chat_has_a_text_to_forward(place: Place) -> None:
    card = await place.office.profile()
    said = await place.chat.line(OWNER, f"/send {card.profile_id}")
    assert "forward this text" in said
    assert card.token in said


async def the_missing_are_listed_with_a_text_to_forward(place: Place) -> None:
    card = await place.office.profile()
    await expect(place.office, card.profile_id, ANNA)
    said = await place.chat.tap(OWNER, f"missingtext:{card.profile_id}")
    assert card.token in said
    assert ANNA in said


async def nobody_has_to_confirm(place: Place) -> None:
    engine = place.office.engine
    with pytest.raises(MailUnavailable):
        await engine.write(policies.switch, place.office.owner_id, Switch.EMAIL_CONFIRMATION, engine.now(), on=True)
    await engine.write(
        policies.switch, place.office.owner_id, Switch.EMAIL_CONFIRMATION, engine.now(), on=True, can_mail=True
    )  # and the mail server was taken away since
    visitor, led = await place.sign_up()
    assert (await visitor.get(led)).heading == "Your account is waiting for approval"


async def the_form_leads_to_the_log_in(place: Place) -> None:
    await place.sign_up()
    again = await place.site.visitor().sign_up((await place.office.profile(name="Other")).token)
    assert (again.status, again.heading) == (409, "You already have an account")


async def the_new_address_holds_at_once(place: Place) -> None:
    anna, _ = await place.sign_up()
    changed = await send(anna, "/me/email", email="anna@example.org", current=PASSWORD)
    assert changed.location == "/me?note=address"
    assert (await place.site.visitor().log_in("anna@example.org")).location == "/courses"


async def the_page_says_that_it_is_in_use(place: Place) -> None:
    await place.office.sign_up((await place.office.profile(name="Other")).token, "boris@example.com")
    anna, _ = await place.sign_up()
    refused = await send(anna, "/me/email", email="boris@example.com", current=PASSWORD)
    assert (refused.status, refused.field("email")["value"]) == (422, "boris@example.com")


async def it_needs_the_password_and_staff_tell_the_person(place: Place) -> None:
    anna, _ = await place.sign_up()
    assert (await send(anna, "/me/email", email="anna@example.org", current="a wrong one")).status == 422
    said = await place.chat.line(OWNER, "/correct anna@example.com | email | anna@example.org")
    assert re.search("No email can be sent, so tell Anna .* yourself", said)


WAYS: Mapping[MailKind, Callable[[Place], Awaitable[None]]] = {
    MailKind.PASSWORD_RESET: staff_make_a_link_to_a_new_password,
    MailKind.PASSWORD_CHANGED: the_other_log_ins_end,
    MailKind.LET_IN: the_status_page_lets_in,
    MailKind.DECLINED: the_status_page_declines,
    MailKind.SEAT_FREE: the_status_page_says_that_there_is_a_seat,
    MailKind.SIGN_UP_LINK: the_chat_has_a_text_to_forward,
    MailKind.ACCESS_GRANTED: the_status_page_leads_to_the_form,
    MailKind.REMINDER: the_missing_are_listed_with_a_text_to_forward,
    MailKind.CONFIRMATION: nobody_has_to_confirm,
    MailKind.HAS_ACCOUNT: the_form_leads_to_the_log_in,
    MailKind.NEW_ADDRESS: the_new_address_holds_at_once,
    MailKind.ADDRESS_IN_USE: the_page_says_that_it_is_in_use,
    MailKind.ADDRESS_CHANGED: it_needs_the_password_and_staff_tell_the_person,
    MailKind.ADDRESS_CORRECTED: it_needs_the_password_and_staff_tell_the_person,
}


def test_every_kind_of_message_has_another_way_and_the_document_names_it() -> None:
    _, _, section = OPERATING.read_text(encoding="utf-8").partition("### Without e-mail")
    rows = re.findall(r"^\| ([a-z -]+) \| (\S.*) \|$", section.partition("\n## ")[0], re.MULTILINE)
    named = [kind for kind, _ in rows if kind.strip("-") not in {"", "message"}]
    assert sorted(named) == sorted(kind.value for kind in MailKind)
    assert {*WAYS} == {*MailKind}


@pytest.mark.deep
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("kind", list(MailKind), ids=lambda kind: kind.value)
async def test_what_is_not_mailed_comes_another_way(office: Office, site: Site, kind: MailKind) -> None:
    await WAYS[kind](Place(office=office, site=site))
    queued = select(func.count()).select_from(OutgoingMail)
    assert await office.engine.read(lambda session: session.scalars(queued).one()) == 0
