"""Lines typed in a town or at a desk, and a sign-up profile made by them."""

from core.services import redemption
from tests.support.account import Office, a_form
from tests.support.bot_fixture import PAGES, Town
from tests.support.chat import Person, SeenMessage
from tests.support.screens import Screens

SET_UP = ("/start", "/signup on", "/timezone Europe/Riga", "/adddepartment Sales / EMEA", "/adddepartment Support")
AUTUMN = "/newprofile Autumn sales | Sales / EMEA | 2026-11-23 09:00 - 2026-12-24 18:00 | 50"


async def ask(town: Town, line: str, containing: str = "", *, person: Person | None = None) -> SeenMessage:
    """Type a line, as the owner or somebody else, and read the answer (a notice may come between)."""
    asking = person or town.owner
    said = await asking.says(line)
    return await asking.reads(containing, after=said)


async def set_up(town: Town, *profiles: str) -> SeenMessage:
    """Set the account up and make profiles by their lines, Autumn sales if none is given; answers the last card."""
    for line in SET_UP:
        await ask(town, line)
    cards = [await ask(town, line) for line in profiles or (AUTUMN,)]
    return cards[-1]


async def typed(office: Office, *lines: str) -> str:
    """Type lines without a Telegram, as the owner; return the text of the last answer, without its markup."""
    screens = Screens(engine=office.engine)
    return [await screens.type(line) for line in lines][-1]


async def tap(town: Town, label: str, containing: str = "") -> SeenMessage:
    """Tap a button as the owner and read what it leads to."""
    owner = town.owner
    await owner.taps(label)
    return await owner.reads(containing)


def link_on(card: SeenMessage) -> str:
    """Give the main link that a card shows."""
    return next(line for line in card.text.splitlines() if line.startswith(PAGES))


async def sign_up(town: Town, card: SeenMessage, email: str = "anna@example.com") -> None:
    """Sign somebody up through a card's link."""
    token = link_on(card).rsplit("/", 1)[-1]
    await town.engine.write(redemption.redeem, token, a_form(email), town.engine.now())


async def send_the_link(person: Person, profile_id: int, addresses: str, *, by: str) -> None:
    """Have a profile's link sent to addresses, by the button of the preview that has this label."""
    await person.asks(f"/send {profile_id}")
    said = await person.says(addresses)
    await person.reads("Nothing is sent yet.", after=said)
    await person.taps(by)
    await person.reads("queued: ")


async def expect_by_chat(person: Person, profile_id: int, people: str, *, by: str) -> None:
    """Keep people as a profile's list, by the button of the preview that has this label."""
    await person.asks(f"/expect {profile_id}")
    said = await person.says(people)
    await person.reads("Nothing is kept yet.", after=said)
    await person.taps(by)
    await person.reads(" came")
