"""One long journey through the chat, by every command that there is, polled and by webhook."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest

from bot.receiving.routes import COMMANDS
from core.engine import Engine
from tests.support.bot_fixture import PAGES, Town, open_town
from tests.support.chat import Person, SeenMessage

PUBLIC = "https://signup.example.org"


@dataclass(kw_only=True)
class Journey:
    """What happens in a town, and the commands that it took."""

    town: Town
    used: set[str] = field(default_factory=set)

    @property
    def owner(self) -> Person:
        return self.town.owner

    async def ask(self, person: Person, line: str, containing: str = "") -> SeenMessage:
        """Type a line and read its answer."""
        self.used.add(line.split(maxsplit=1)[0].removeprefix("/"))
        said = await person.says(line)
        return await person.reads(containing, after=said)

    async def tap(self, person: Person, label: str, containing: str = "") -> SeenMessage:
        """Tap a button and read what it leads to."""
        await person.taps(label)
        return await person.reads(containing)

    async def invited(self, line: str, name: str, role: str) -> Person:
        """Invite somebody who has Telegram, and opens the link."""
        made = await self.ask(self.owner, line, "The first person to open this link becomes")
        code = made.text.partition("/start ")[2].splitlines()[0]
        somebody = {"name": name, "language_code": "en"}
        async with self.town.http.post(f"{self.town.sandbox.url}/api/people", json=somebody) as response:
            person = self.town.person((await response.json())["id"])
        assert f"{name}, {role}\n" in (await self.ask(person, f"/start {code}", "Welcome")).text
        await self.owner.reads(f"{name} (#")  # the notice of it, which could be taken for an answer
        return person

    async def sign_up(self, card: SeenMessage, *emails: str) -> None:
        """Let learners follow the card's link and fill the form in."""
        token = card.button("Copy link")["copy_text"]["text"].rsplit("/", 1)[-1]
        for email in emails:
            answer = await (await self.town.visitor()).sign_up(token, email)
            assert answer.location == "/courses", answer.body


@pytest.fixture(
    params=[(PAGES, False), pytest.param((PUBLIC, True), marks=pytest.mark.deep)], ids=["polling", "webhook"]
)
async def journey(request: pytest.FixtureRequest, engine: Engine) -> AsyncIterator[Journey]:
    public_url, webhook = request.param
    async with open_town(engine, public_url=public_url, webhook=webhook) as town:
        yield Journey(town=town)


async def the_owner_sets_the_account_up(at: Journey) -> None:
    assert "Set-up: 0 of 5 done" in (await at.ask(at.owner, "/start", "Welcome, Olivia.")).text
    for line, answer in (
        ("/signup on", "Sign-up is on"),
        ("/timezone Europe/Riga", "Europe/Riga"),
        ("/settings name Acme", "Acme"),
        ("/alerts", "What managers hear of at once"),
        ("/adddepartment Sales / EMEA", "Added Sales / EMEA."),
        ("/adddepartment Helpdesk", "Added Helpdesk."),
        ("/renamedepartment Helpdesk | Support", "It is now Support."),
        ("/adddepartment Temporary", "Added Temporary."),
        ("/movedepartment Temporary | Support", "Move Temporary?"),
    ):
        await at.ask(at.owner, line, answer)
    await at.tap(at.owner, "Move", "It is now Support / Temporary")
    await at.ask(at.owner, "/deletedepartment Support / Temporary", "Delete Support / Temporary?")
    await at.tap(at.owner, "Delete", "is deleted.")
    assert "3 departments" in (await at.ask(at.owner, "/departments")).text


async def the_owner_makes_courses_and_the_form(at: Journey) -> None:
    for line, answer in (
        ("/addcourse Welcome | https://example.com/welcome | 14", "Added the course “Welcome”."),
        ("/addrule Sales | Welcome", "get “Welcome”"),
        ("/addrule Support | Welcome", "get “Welcome”"),
        ("/removerule Support | Welcome", "do not get “Welcome”"),
        ("/applyrule Sales | Welcome", "Welcome"),
        ("/courses", "Given to: Sales"),
        ("/editcourse Welcome | days | 30", "30 days to complete"),
        ("/archivecourse Welcome", "Archive “Welcome”?"),
        ("/addfield Shirt size | choice | choices S, M, L", "Shirt size"),
        ("/addfield Nickname | text | hidden", "2. Nickname"),
        ("/changefield Shirt size | optional | choices S, M, L, XL", "S / M / L / XL"),
        ("/translatefield Nickname | es | label | Apodo", "Spanish: Apodo"),
        ("/movefield Nickname | 1", "1. Nickname"),
        ("/removefield Nickname", "Remove “Nickname” from the form?"),
    ):
        await at.ask(at.owner, line, answer)
    await at.tap(at.owner, "Remove", "from the form")
    await at.ask(at.owner, "/fields", "1. Shirt size")


async def staff_is_invited(at: Journey) -> tuple[Person, Person, Person]:
    await at.ask(at.owner, "/addrole Recruiter | manage people", "Nobody has it.")
    await at.ask(at.owner, "/changerole Recruiter | manage sign-up profiles, manage people, receive digests")
    await at.ask(at.owner, "/addrole Nobody | receive digests", "Nobody has it.")
    await at.ask(at.owner, "/removerole Nobody", "0 open invitations to it will be withdrawn.")
    await at.tap(at.owner, "Remove", "Removed the role")
    administrator = await at.invited("/invite administrator", "Adam", "account administrator")
    manager = await at.invited(
        "/invite department administrator | Sales", "Maria", "department administrator for Sales"
    )
    recruiter = await at.invited("/invite Recruiter | Support", "Rita", "Recruiter for Support")
    await at.ask(at.owner, "/invite administrator")
    await at.ask(at.owner, "/invitations", "1 open invitation")
    await at.tap(at.owner, "Withdraw #4", "Invitation #4 is withdrawn")
    await at.tap(at.owner, "‹ Invitations", "No open invitations.")
    await at.ask(at.owner, "/roles", "4 roles")
    return administrator, manager, recruiter


async def a_manager_makes_a_profile_and_changes_it(at: Journey, manager: Person) -> SeenMessage:
    await at.ask(manager, "/help", "Sign-up profiles")
    await at.tap(manager, "People", "/transfer")
    await at.ask(manager, "/menu", "department administrator for Sales")
    await at.ask(manager, "/cancel", "no open form")
    await at.ask(manager, "/language", "in the language of your Telegram: English")
    assert "I don't know the department" in (await at.ask(manager, "/newprofile A | Support | now - +1 day | 5")).text
    card = await at.ask(manager, "/newprofile Autumn | Sales / EMEA | now - +2 weeks | 5", "🟢 Autumn")
    await at.ask(manager, f"/editprofile {number_on(card)} limit 3", "0 of 3")
    await at.ask(manager, f"/editprofile {number_on(card)} end +3 weeks", "Nothing is saved yet.")
    await at.tap(manager, "Save", "🟢 Autumn")
    await at.ask(manager, f"/pause {number_on(card)}", "⏸ Autumn")
    return await at.ask(manager, f"/resume {number_on(card)}", "🟢 Autumn")


async def learners_come_and_are_seen(at: Journey, manager: Person, card: SeenMessage) -> None:
    number = number_on(card)
    await at.sign_up(card, "anna@example.com", "boris@example.com")
    await manager.reads("The first learner signed up through “Autumn”")
    await at.ask(manager, f"/expect {number}", "who do you expect?")
    listed = await manager.says("Olga Smirnova <olga@example.com>")
    await manager.reads("Nothing is kept yet.", after=listed)
    await at.tap(manager, "Keep 1 person", "0 of 1 came")
    assert "olga@example.com" in (await at.ask(manager, f"/missing {number}")).text
    await at.ask(manager, f"/send {number}", "No email can be sent")
    await at.ask(manager, f"/reminders {number}", "Would write to")
    assert "2 sign-ups" in (await at.ask(manager, f"/history {number}")).text
    await manager.taps("CSV")
    exported = await manager.downloads(await manager.reads("2 sign-ups"))
    assert b"boris@example.com" in exported
    await at.ask(manager, "/return 1 | wrong link", "Return the activation of")
    await at.tap(manager, "Return", "Autumn")
    await at.ask(manager, f"/profile {number}", "1 of 3")
    await at.ask(manager, "/progress", "Your departments")
    await at.ask(manager, "/report week", "2 sign-ups")
    await at.ask(manager, "/digest now", "Your digest is on its way.")
    await manager.reads("2 joined so far, 1 of 1 still missing")
    await at.ask(manager, "/digest weekly mon 09:00", "Your digest comes every week")


async def a_newcomer_waits_and_is_let_in(at: Journey, manager: Person, card: SeenMessage) -> None:
    await at.ask(at.owner, "/settings approval on", "Newcomers wait")
    token = card.button("Copy link")["copy_text"]["text"].rsplit("/", 1)[-1]
    dora = await at.town.visitor()
    answer = await dora.follow(await dora.sign_up(token, "dora@example.com"))
    assert "Your account is waiting for approval" in answer.body
    assert (
        "1 person is still waiting" in (await at.ask(at.owner, "/settings approval off", "get access immediately")).text
    )
    listed = await at.ask(manager, "/waiting", "1 person is waiting for approval")
    assert "dora@example.com" in listed.text
    said = await at.tap(manager, listed.labels[0], "was approved.")
    assert "Nobody is waiting for your approval." in said.text


async def links_are_shared(at: Journey, manager: Person, card: SeenMessage) -> None:
    number = number_on(card)
    shared = await at.ask(manager, f"/addlink {number} | Riga office", "Added a link with the label")
    link = shared.button("Copy link")["copy_text"]["text"]
    await at.ask(manager, f"/check {link}", "The link works.")
    await at.ask(manager, f"/renamelink {number} | Riga office | Riga", "Its label is “Riga” now.")
    await at.ask(manager, f"/profile {number}", "🟢 Autumn")
    assert "photo" in (await at.tap(manager, "QR", "Autumn")).raw
    [offered] = await manager.queries("autumn")
    await manager.chooses(offered)
    await at.ask(manager, f"/card {number}", "In a group, its card shows")
    await at.ask(manager, f"/duplicate {number} | Winter", "🟢 Winter")
    await at.ask(manager, "/profiles", "2 profiles")
    await at.ask(manager, f"/deleteprofile {number + 1}", "Delete “Winter”")
    await at.tap(manager, "Delete", "“Winter” is deleted")
    await at.tap(manager, "Undo", "🟢 Winter")


async def a_recruiter_looks_after_people(at: Journey, administrator: Person, recruiter: Person) -> None:
    added = await at.ask(recruiter, "/addperson Clara | Kalnina | clara@example.com | Support", "/password/")
    assert "Clara Kalnina" in added.text
    await at.ask(recruiter, "/people", "1 person")
    assert "Nobody among the people you manage" in (await at.ask(recruiter, "/person anna@example.com")).text
    await at.ask(administrator, "/transfer clara@example.com | Sales / EMEA", "Courses added: Welcome")
    await at.ask(administrator, "/correct clara@example.com | Phone | +371 20000000", "Phone: none → +37120000000")
    assert "Nobody among the people you manage" in (await at.ask(recruiter, "/person clara@example.com")).text
    await at.ask(administrator, "/person clara@example.com", "🟢 Clara")
    await at.tap(administrator, "Deactivate", "⚪ Clara")
    await at.tap(administrator, "Activate", "🟢 Clara")
    await at.ask(administrator, "/assign clara@example.com | Recruiter | Support", "Make Clara Kalnina")
    await at.tap(administrator, "Give the role", "Recruiter for Support")
    await at.ask(administrator, "/assign clara@example.com | learner", "learner")
    await at.ask(administrator, "/unenrol clara@example.com | Welcome", "was taken back from Clara Kalnina.")
    await at.ask(administrator, "/enrol clara@example.com | Welcome", "was given to Clara Kalnina.")
    await at.ask(administrator, "/export clara@example.com", "What is kept on Clara Kalnina")
    await at.tap(administrator, "JSON file", "All that is kept on Clara Kalnina")
    await at.ask(administrator, "/erase clara@example.com", "Histories and the log will show")
    await at.tap(administrator, "Erase", "Erased. Histories and the log show #")
    await at.ask(administrator, "/retention names 365", "365 days after the deletion")


async def the_ownership_changes_hands(at: Journey, administrator: Person) -> None:
    listed = await at.ask(at.owner, "/people Adam", "1 person")
    card = await at.tap(at.owner, listed.labels[0], "Here since")
    number = card.text.partition("(")[2].partition(")")[0]
    await at.ask(at.owner, f"/transferownership {number}", "You will stay an account administrator.")
    await at.tap(at.owner, "Make owner", "is the owner now.")
    await at.ask(administrator, "/log", "Who did what")
    assert "You don't have permission to do that." in (await at.ask(at.owner, "/transferownership #1")).text


@pytest.mark.deep
async def test_a_journey_by_every_command(journey: Journey) -> None:
    await the_owner_sets_the_account_up(journey)
    await the_owner_makes_courses_and_the_form(journey)
    administrator, manager, recruiter = await staff_is_invited(journey)
    card = await a_manager_makes_a_profile_and_changes_it(journey, manager)
    await learners_come_and_are_seen(journey, manager, card)
    await a_newcomer_waits_and_is_let_in(journey, manager, card)
    await links_are_shared(journey, manager, card)
    await a_recruiter_looks_after_people(journey, administrator, recruiter)
    await the_ownership_changes_hands(journey, administrator)
    assert journey.used == {command.name for command in COMMANDS}


def number_on(card: SeenMessage) -> int:
    return int(card.text.partition("(#")[2].partition(")")[0])
