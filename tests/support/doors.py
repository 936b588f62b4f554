"""The doors at which an e-mail address is entered, and which never tell whether it has an account."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from core.services import confirmations, policies, profile_editing, redemption, status_pages
from core.services.policies import Switch
from tests.support.account import Office, a_form
from tests.support.confirmed import mailed
from tests.support.mail_server import SENDER
from tests.support.site import PASSWORD, Answer, Form, Site, Visitor, open_site

SOMEBODY = "somebody@example.org"
NAMES = {"first_name": "Anna", "last_name": "Bērziņa"}
A_MAIL_SERVER = "smtp://127.0.0.1:1"  # nothing is sent: what waits in the outbox is the answer's part


@dataclass(frozen=True, kw_only=True)
class Door:
    """A page with a form for an address: its path, where its form is posted (a part of it), and what is entered.

    `goes_on`: what a person who waits does first, given the path of their status page.
    """

    name: str
    path: str
    part: str = ""
    entered: Mapping[str, str] = field(default_factory=dict)
    address_in: str = "email"
    is_of_a_waiting_person: bool = False
    confirms: bool = False  # it needs a mail server
    goes_on: Callable[[str], Awaitable[None]] | None = None

    async def open(self, visitor: Visitor) -> Form:
        """Open the form; for those that only a person who waits can see, sign up first."""
        path = self.path
        if self.is_of_a_waiting_person:
            path = (await visitor.sign_up(self.path.removeprefix("/s/"), SOMEBODY)).location
        if self.goes_on:
            await self.goes_on(path)
        page = await visitor.get(f"{path}?change")
        token = page.elements("input", name="form_token")[0].attributes["value"]
        return Form(path=f"{path}{self.part}", token=token)

    async def enter(self, visitor: Visitor, form: Form, address: str) -> Answer:
        """Send the form with an address."""
        return await visitor.post(form.path, {**self.entered, self.address_in: address, "form_token": form.token})


async def doors_of(office: Office) -> tuple[Door, ...]:
    """Return all doors of an account whose newcomers confirm their addresses."""
    engine, now = office.engine, office.engine.now()
    for policy in (Switch.EMAIL_CONFIRMATION, Switch.APPROVAL):
        await engine.write(policies.switch, office.owner_id, policy, now, on=True, can_mail=True)
    window = "now - +1 year"
    opened = await office.profile(window=window, limit="unlimited")
    paused = await office.profile(name="Paused", window=window)
    await engine.write(profile_editing.pause, office.owner_id, paused.profile_id, now, paused=True)
    form = f"/s/{opened.token}"

    async def confirm(path: str) -> None:
        page = await engine.read(status_pages.find, path.removeprefix("/w/"), engine.now())
        code = (await mailed(engine, page.user_id or 0, SOMEBODY)).code
        await engine.write(confirmations.confirm, code, engine.now())

    waiting = Door(name="other address", path=form, part="/address", is_of_a_waiting_person=True, confirms=True)
    confirmed = replace(waiting, name="other address, confirmed", part="/change", goes_on=confirm)
    return (
        Door(name="log-in", path="/login", entered={"password": "not theirs at all"}, address_in="identifier"),
        Door(name="lost password", path="/password", address_in="identifier"),
        Door(name="request for access", path=f"/s/{paused.token}", part="/ask", entered=NAMES),
        Door(name="sign-up with confirmation", path=form, entered={**NAMES, "password": PASSWORD}, confirms=True),
        waiting,
        confirmed,
    )


async def add_accounts(office: Office, addresses: list[str], password_hash: str) -> None:
    """Make an account for each address, with this hash of its password."""
    card = await office.profile(name="Before", limit="unlimited")
    for address in addresses:
        form = a_form(address)
        made = redemption.SignUp(newcomer=form.newcomer, password_hash=password_hash, form_key=form.form_key)
        await office.engine.write(redemption.redeem, card.token, made, office.engine.now())


@asynccontextmanager
async def open_doors(office: Office, *, with_mail: bool) -> AsyncIterator[Site]:
    """Serve the pages of an installation that sends e-mail, or none."""
    settings = {"smtp_url": A_MAIL_SERVER, "mail_from": SENDER} if with_mail else {}
    async with open_site(office.engine, **settings) as site:
        yield site
