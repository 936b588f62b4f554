"""Invitations and sign-up links that are pasted into the chat instead of tapped."""

from zoneinfo import ZoneInfo

import pytest

from bot.wording.phrases import Words, no_access
from core.domain.access import Role
from core.engine import Engine
from core.services import invitations, people
from tests.support.account import Office
from tests.support.router_fixture import GROUP, LANGUAGES, Counter
from tests.support.rows import a_user

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

OWNER, STRANGER, LEARNER = 1001, 7007, 8008
SITE = "https://signup.example.org"


@pytest.fixture
def counter(engine: Engine) -> Counter:
    return Counter(engine)


async def an_invitation(office: Office) -> str:
    engine = office.engine
    return (await engine.write(invitations.invite, office.owner_id, "administrator", (), engine.now())).code


def fixed_sentence(engine: Engine) -> str:
    words = Words(language=LANGUAGES.choose(["en"]), zone=ZoneInfo("UTC"), now=engine.now())
    return no_access(words).unescape()


@pytest.mark.parametrize(
    "pasted",
    [
        "https://t.me/gangway_bot?start={code}",
        "You are invited: https://t.me/gangway_bot?start={code}.\nValid until 30 Nov 14:00.",
        "/start https://t.me/gangway_bot?start={code}",
        "/start  <{code}>.",
        "{code}",
    ],
)
async def test_a_pasted_invitation_is_accepted_once(office: Office, counter: Counter, pasted: str) -> None:
    message = pasted.format(code=await an_invitation(office))
    assert "Welcome, Person 7007." in await counter.line(STRANGER, message)
    person = await office.engine.read(people.by_telegram_id, STRANGER)
    assert person is not None
    assert person.role is Role.ADMINISTRATOR
    assert "Welcome" not in await counter.line(STRANGER + 1, message)


async def test_an_invitation_pasted_into_a_group_is_not_answered(office: Office, counter: Counter) -> None:
    link = f"https://t.me/gangway_bot?start={await an_invitation(office)}"
    assert await counter.line(STRANGER, link, chat=GROUP) == ""
    assert await office.engine.read(people.by_telegram_id, STRANGER) is None


async def test_an_invitation_to_another_bot_is_none(office: Office, counter: Counter) -> None:
    link = f"https://t.me/other_bot?start={await an_invitation(office)}"
    assert await counter.line(STRANGER, link) == fixed_sentence(office.engine)


async def test_a_stranger_reads_the_same_sentence_whatever_link_they_paste(office: Office, counter: Counter) -> None:
    """It says to open a sign-up link in a browser; so learners find their way, and nobody learns which links exist."""
    card = await office.profile()
    links = (f"{SITE}/s/{card.token}", f"{SITE}/s/nothing", f"https://elsewhere.example/s/{card.token}", "hello")
    for stranger, link in enumerate(links, start=STRANGER):  # each of them is answered once an hour
        assert await counter.line(stranger, link) == fixed_sentence(office.engine)


async def test_whoever_manages_profiles_is_told_whether_a_pasted_link_works(office: Office, counter: Counter) -> None:
    card = await office.profile()
    heard = await counter.line(OWNER, f"Does this work? {SITE}/s/{card.token}?fbclid=1")
    assert "The link works now, and until " in heard
    assert "This isn't one of the links that you manage." in await counter.line(OWNER, f"{SITE}/s/{'x' * 22}")


async def test_a_learner_in_the_chat_is_sent_to_the_page(office: Office, counter: Counter) -> None:
    card = await office.profile()
    await a_user(office.engine, Role.LEARNER, telegram_id=LEARNER)
    answer = await counter.line(LEARNER, f"{SITE}/s/{card.token}")
    assert answer.splitlines()[0] == "Open a sign-up link in a browser: its form is there."


@pytest.mark.parametrize("pasted", ["<{link}>", "{link}.", "({link}?fbclid=1) 2026-12-01 09:00", "HTTP://{bare}"])
async def test_a_link_is_checked_however_it_is_pasted(office: Office, counter: Counter, pasted: str) -> None:
    link = f"{SITE}/s/{(await office.profile()).token}"
    line = pasted.format(
        link=link, bare=link.removeprefix("https://").replace("signup.example.org", "SIGNUP.EXAMPLE.ORG")
    )
    assert "The link works." in await counter.line(OWNER, f"/check {line}")
