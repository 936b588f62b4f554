"""Roles by line: who may do what, who gives it to whom, and what everybody else is told."""

from urllib.parse import parse_qs, urlsplit

import pytest

from bot.screens.role_card import A_PAGE
from core.domain.access import Permission, Role
from core.services import people, roles
from core.services.page_settings import PageSetting
from tests.support.account import Office
from tests.support.bot_fixture import MANAGER, OWNER, STRANGER, Town
from tests.support.chat import Person, SeenMessage
from tests.support.clock import Clock
from tests.support.lines import ask, typed
from tests.support.router_fixture import Counter
from tests.support.rows import a_manager, a_user
from tests.support.screens import Screens

pytestmark = [pytest.mark.usefixtures("office"), pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
RECRUITER = "/addrole Recruiter | manage sign-up profiles, receive digests"
LINES = (
    "/roles",
    RECRUITER,
    "/changerole Recruiter | manage people",
    "/removerole Recruiter",
    "/assign anna@example.com | administrator",
    "/transferownership anna@example.com",
    "/invite administrator",
    "/invitations",
    "/renamedepartment Sales / EMEA | Europe",
    "/movedepartment Sales / EMEA | /",
    "/deletedepartment Sales / EMEA",
    "/courses",
    "/removerule Sales | Safety first",
    "/log",
    "/fields",
    "/addfield Crew | text",
    "/removefield Crew",
    "/settings",
    "/settings seats 5",
    "/settings privacy off",
    "/signup on",
    "/timezone Europe/Riga",
)


@pytest.fixture
def screens(office: Office) -> Screens:
    return Screens(engine=office.engine)


async def invited(town: Town, line: str, person: Person) -> str:
    """Invite somebody and let them in; give what they are greeted with."""
    answer = await town.owner.asks(line)
    code = answer.text.partition("/start ")[2].splitlines()[0]
    greeting = (await person.asks(f"/start {code}")).text
    await town.owner.reads("opened your invitation")  # else it could be taken for an answer
    return greeting


async def given(town: Town, line: str) -> SeenMessage:
    """Give a role after the question, and return the person's card."""
    question = await town.owner.asks(line)
    assert "Make " in question.text
    await town.owner.taps("Give the role")
    return await town.owner.reads("Here since")


async def test_a_role_is_given_after_a_question_that_names_the_person_the_scope_and_the_rights(
    office: Office, town: Town
) -> None:
    await town.signs_up(office)
    question = await town.owner.asks("/assign anna@example.com | department administrator | Sales")
    assert question.text.splitlines() == [
        "Make Anna Berzina (#2) department administrator?",
        "anna@example.com · anna",
        "In Sales / EMEA, now learner.",
        "Not in this chat yet.",
        "",
        "In Sales and everything below.",
        "Can: add, transfer and delete learners, create sign-up profiles, receive digests",
    ]
    await town.owner.taps("Cancel")
    assert "learner" in (await town.owner.reads("Here since")).text
    question = await town.owner.asks("/assign anna@example.com | administrator")
    assert question.text.splitlines()[-2:] == ["In the whole account.", "Can: everything"]


async def test_a_question_about_a_role_that_is_out_of_date_gives_nothing(office: Office, town: Town) -> None:
    [number] = await town.signs_up(office)
    await town.owner.asks(f"/assign #{number} | administrator")
    await office.engine.write(people.transfer, office.owner_id, number, "Sales", office.engine.now())
    await office.engine.write(
        roles.assign, office.owner_id, number, "department administrator", ["Sales"], office.engine.now()
    )
    await town.owner.taps("Give the role")
    await town.owner.is_told("This has changed since you were asked")
    assert "department administrator for Sales" in (await town.owner.asks(f"/person {number}")).text


async def test_a_role_is_given_and_taken_away_from_a_persons_card_by_taps(office: Office, screens: Screens) -> None:
    anna = await a_user(office.engine, Role.LEARNER, name="Anna")
    await screens.type(f"/person {anna}")
    assert "Person: Anna Meier" in await screens.tap("Role")
    await screens.tap("department administrator")
    assert (await screens.tap("Sales")).startswith(f"Make Anna Meier (#{anna}) department administrator?")
    assert "department administrator for Sales" in await screens.tap("Give the role")
    await screens.tap("Role")
    assert "\nlearner\n" in await screens.tap("learner")


async def test_whoever_looks_for_a_role_comes_back_to_the_person(office: Office, screens: Screens) -> None:
    anna = await a_user(office.engine, Role.LEARNER, name="Anna")
    await screens.type(f"/person {anna}")
    await screens.tap("Role")
    assert f"Anna Meier (#{anna})" in await screens.tap("‹ Back")


async def test_a_roles_card_opens_each_of_its_holders(office: Office, screens: Screens) -> None:
    numbers = [await a_user(office.engine, Role.ADMINISTRATOR, name=f"Ada{number}") for number in range(A_PAGE + 1)]
    await screens.type("/roles")
    await screens.tap(f"account administrator · {len(numbers)} people")
    assert screens.labels[0] == [f"Ada0 Meier (#{numbers[0]})"]
    assert screens.labels[-1] == ["‹ Roles", "‹", "1/2", "›"]
    await screens.tap("›")
    assert f"Ada{A_PAGE} Meier (#{numbers[-1]})\n" in await screens.tap(f"Ada{A_PAGE} Meier (#{numbers[-1]})")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (None, "Your organisation invites you to its sign-up chat (account administrator). Open the link in Telegram"),
        ("ru", "Ваша организация приглашает вас в чат регистрации (администратор аккаунта). Откройте ссылку"),
    ],
)
async def test_an_invitation_is_shared_with_a_text_in_the_accounts_language(
    office: Office, town: Town, code: str | None, said: str
) -> None:
    if code:
        await office.set_page(PageSetting.LANGUAGE, code)
    made = await town.owner.asks("/invite administrator")
    query = parse_qs(urlsplit(made.button("Share")["url"]).query)
    assert query["url"] == [made.button("Copy link")["copy_text"]["text"]]
    assert query["text"][0].startswith(said)


async def test_who_made_an_invitation_reads_who_opened_it(town: Town) -> None:
    await invited(town, "/invite administrator", town.person(MANAGER))
    notice = await town.owner.reads("opened your invitation")
    assert notice.text.startswith("Max Manager (#2) opened your invitation: account administrator.")
    await town.owner.taps("Show the person")
    await town.owner.reads("🟢 Max Manager (#2)")


async def test_a_learner_who_is_given_a_role_is_let_into_the_chat(office: Office, town: Town) -> None:
    await town.signs_up(office)
    card = await given(town, "/assign anna@example.com | department administrator | Sales")
    assert "Not in this chat yet." in card.text
    await town.owner.taps("Invite to this chat")
    link = await town.owner.reads("The first person to open this link will be Anna Berzina in this chat.")
    line = link.text.partition("/start ")[2].splitlines()[0]
    assert "invites Anna Berzina to this chat" in (await town.owner.asks("/invitations")).text
    greeting = await town.person(MANAGER).asks(f"/start {line}")
    await town.owner.reads("Anna Berzina (#2) opened your invitation")
    assert greeting.text.splitlines()[:3] == [
        "Welcome, Anna.",
        "",
        "Your organisation · Anna, department administrator for Sales",
    ]
    assert "Not in this chat yet." not in (await town.owner.asks("/person anna@example.com")).text


async def test_an_invitation_makes_its_opener_what_it_says(town: Town) -> None:
    greeting = await invited(town, "/invite department administrator | Sales / EMEA", town.person(MANAGER))
    assert greeting.splitlines()[:3] == [
        "Welcome, Max.",
        "",
        "Your organisation · Max, department administrator for Sales / EMEA",
    ]
    offered = (await town.person(MANAGER).asks("/help")).text
    assert "/people" in offered
    assert "/roles" not in offered


async def test_an_invitation_is_shown_once_with_what_it_is_for_and_until_when(town: Town) -> None:
    made = await town.owner.asks("/invite administrator")
    code = made.text.partition("/start ")[2].splitlines()[0]
    assert made.text.splitlines()[0] == "The first person to open this link becomes: account administrator."
    assert made.button("Copy link")["copy_text"]["text"].endswith(f"?start={code}")
    assert made.button("Copy the line")["copy_text"]["text"] == f"/start {code}"
    assert "until 30 Nov 12:00" in made.text
    listed = await town.owner.asks("/invitations")
    assert "#1 · account administrator · until 30 Nov 12:00" in listed.text
    assert code not in listed.text


async def test_an_invitation_works_once_and_strangers_learn_nothing(town: Town) -> None:
    answer = await town.owner.asks("/invite administrator")
    code = answer.text.partition("/start ")[2].splitlines()[0]
    await town.person(MANAGER).asks(f"/start {code}")
    assert "invited people only" in (await town.stranger.asks(f"/start {code}")).text


async def test_a_withdrawn_invitation_lets_nobody_in(town: Town) -> None:
    answer = await town.owner.asks("/invite administrator")
    code = answer.text.partition("/start ")[2].splitlines()[0]
    await town.owner.asks("/invitations")
    await town.owner.taps("Withdraw #1")
    await town.owner.reads("Invitation #1 is withdrawn: its link no longer works.")
    await town.owner.taps("‹ Invitations")
    await town.owner.reads("No open invitations.")
    assert "invited people only" in (await town.stranger.asks(f"/start {code}")).text


async def test_a_custom_role_is_made_invited_to_changed_and_shown(town: Town) -> None:
    made = await town.owner.asks(RECRUITER)
    assert made.text.splitlines()[:3] == [
        "Recruiter",
        "Can: create sign-up profiles, receive digests",
        "Nobody has it.",
    ]
    greeting = await invited(town, "/invite recruiter | Sales; Sales / EMEA", town.person(MANAGER))
    assert "Max, Recruiter for Sales; Sales / EMEA" in greeting
    question = await town.owner.asks("/changerole Recruiter | manage people")
    assert question.text == (
        "Give these people more rights by the role “Recruiter”?\nMax Manager\n"
        "They could also: add, transfer and delete learners"
    )
    await town.owner.taps("Give the rights")
    assert (await town.owner.reads("learners\nMax Manager")).text == (
        "Recruiter\nCan: add, transfer and delete learners\nMax Manager"
    )
    await town.person(MANAGER).reads("Olivia Owner changed what you can do here.")
    await town.owner.asks("/roles")
    await town.owner.taps("owner · 1 person")
    assert (await town.owner.reads("everything")).text == "owner\nCan: everything\nOlivia Owner"
    assert "You don't have permission to do that." in (await town.person(MANAGER).asks("/profiles")).text
    assert "1 person has this role." in (await town.owner.asks("/removerole Recruiter")).text


async def test_a_role_that_nobody_has_is_removed(town: Town) -> None:
    await town.owner.asks(RECRUITER)
    await town.owner.asks("/invite recruiter | Sales")
    question = await town.owner.asks("/removerole recruiter")
    assert question.text.splitlines() == [
        "Remove the role “Recruiter”? Nobody has it.",
        "1 open invitation to it will be withdrawn.",
    ]
    await town.owner.taps("Remove")
    await town.owner.reads("Removed the role “Recruiter” and the invitations to it.")
    assert not [label for label in (await town.owner.asks("/roles")).labels if "Recruiter" in label]


async def test_a_role_is_given_and_taken_by_line(town: Town) -> None:
    number = await a_user(town.engine, Role.LEARNER, telegram_id=MANAGER)
    card = await given(town, f"/assign #{number} | department administrator | Sales")
    assert "department administrator for Sales" in card.text
    # What they missed is told with the answer.
    assert "Sales ›" in (await ask(town, "/departments", "2 departments", person=town.person(MANAGER))).labels
    await town.owner.asks(f"/assign #{number} | learner")
    await town.person(MANAGER).reads("You are now: learner")
    await ask(town, "/departments", "You don't have permission to do that.", person=town.person(MANAGER))


async def test_handing_the_ownership_on_asks_first_and_swaps_the_roles(town: Town) -> None:
    await a_user(town.engine, Role.ADMINISTRATOR, telegram_id=MANAGER)
    await town.owner.asks("/transferownership #2")
    await town.owner.taps("Make owner")
    await town.owner.reads("Maris Meier is the owner now.")
    assert "Maris, owner" in (await town.person(MANAGER).asks("/start")).text
    assert "Olivia, account administrator" in (await town.owner.asks("/start")).text


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/addrole Recruiter | manage peple", "/addrole Recruiter | manage people"),
        ("/addrole recruiter | manage people", "/changerole recruiter | manage people"),
        (
            "/addrole Boss | manage account",
            "can change the settings and the form.\nThis line creates an invitation to it:",
        ),
        ("/addrole Boss | manage account, manage people", "/invite Boss | /"),
        ("/addrole Recruiter | manage roles", "I don't understand “manage roles” here."),
        ("/addrole Recruiter", "Missing: permissions."),
        ("/addrole Owner | manage people", "The role “Owner” is built in and can't be changed."),
        ("/invite admin", "Did you mean account administrator, department administrator?"),
        ("/assign #1 | admin", "/assign #1 | account administrator"),
        ("/removerole Nope", "/roles lists the roles."),
        ("/invite owner", "There is only one owner. /transferownership makes another person the owner."),
        ("/assign #1 | owner", "There is only one owner."),
        ("/changerole Recruter | manage people", "/changerole Recruiter | manage people"),
        ("/invite departmnt administrator | Sales", "/invite department administrator | Sales"),
        ("/invite department administrator", "/invite department administrator | Sales / EMEA; Support"),
        ("/invite administrator | Sales", "“account administrator” is not limited to departments: don't name any."),
        ("/invite department administrator | Sales; Sales/EMEAA", "| Sales; Sales / EMEA"),
        ("/invite learner", "No invitation is needed: learners sign up through a profile's link"),
        ("/assign #1 | learner", "This can't be done to the owner."),
        ("/transferownership #1", "can't become the owner"),
    ],
)
async def test_a_mistake_is_told_with_what_would_be_right(office: Office, line: str, sentence: str) -> None:
    assert sentence in await typed(office, RECRUITER, line)


async def test_a_department_administrator_is_refused_all_that_is_the_accounts(office: Office, town: Town) -> None:
    await a_manager(office.engine, "Sales", telegram_id=MANAGER)
    answers = {line: (await town.person(MANAGER).asks(line)).text for line in LINES}
    assert {line for line, answer in answers.items() if "You don't have permission to do that." not in answer} == set()


async def test_a_stranger_learns_nothing_from_any_line(town: Town, clock: Clock) -> None:
    answers = set()
    for line in LINES:
        answers.add((await town.person(STRANGER).asks(line)).text)
        clock.advance(hours=1)
    assert answers == {"This chat is for invited people only. If you have a sign-up link, open it in a browser."}


async def test_an_account_administrator_may_do_all_but_hand_the_ownership_on(town: Town) -> None:
    await a_user(town.engine, Role.ADMINISTRATOR, telegram_id=MANAGER)
    administrator = town.person(MANAGER)
    for line in (RECRUITER, "/invite administrator", "/log", "/settings", "/fields", "/courses", "/people"):
        assert "You don't have permission to do that." not in (await administrator.asks(line)).text
    assert "You don't have permission to do that." in (await administrator.asks("/transferownership #2")).text


async def test_nobody_grants_what_they_lack(town: Town) -> None:
    await a_user(town.engine, Role.CUSTOM, "Sales", telegram_id=MANAGER, permissions=[Permission.MANAGE_ROLES])
    assert "You don't have permission to do that." in (await town.person(MANAGER).asks("/invite administrator")).text


async def test_help_shows_what_one_may_do_by_subject(town: Town) -> None:
    overview = await town.owner.asks("/help")
    assert "Roles /roles /addrole" in overview.text
    await town.owner.taps("Roles")
    assert "/addrole Recruiter" in (await town.owner.reads("Tap a line")).text
    await town.owner.taps("More ›")
    await town.owner.reads("/invite department administrator | Sales / EMEA")
    await town.owner.taps("‹ All commands")
    await town.owner.reads("This is what you can do here.")
    assert "/transfer anna@example.com | Sales / EMEA" in (await town.owner.asks("/help transfer")).text


async def test_help_offers_a_department_administrator_their_own_lines_only(office: Office, town: Town) -> None:
    await a_manager(office.engine, "Sales", telegram_id=MANAGER)
    text = (await town.person(MANAGER).asks("/help")).text
    assert "/people" in text
    assert not {"/roles", "/settings", "/log", "/adddepartment"} & set(text.split())
    assert "/invite administrator" not in (await town.person(MANAGER).asks("/help roles")).text


async def test_the_owner_is_the_one_that_the_office_has(office: Office, town: Town) -> None:
    assert town.owner.id == OWNER
    await town.owner.asks("/people olivia")
    await town.owner.taps("🟢 Olivia Owner · owner")
    assert f"#{office.owner_id}" in (await town.owner.reads("Here since")).text


async def test_an_invitation_that_widens_nothing_says_so(town: Town) -> None:
    answer = await town.owner.asks("/invite administrator")
    code = answer.text.partition("/start ")[2].splitlines()[0]
    said = (await town.owner.asks(f"/start {code}")).text
    assert said.startswith("This invitation gives you nothing new, or would take something away.")


async def test_telegrams_menu_offers_what_an_opened_invitation_has_just_permitted(office: Office) -> None:
    counter = Counter(office.engine)
    await a_user(office.engine, Role.CUSTOM, "Sales", telegram_id=MANAGER, permissions=[Permission.RECEIVE_DIGESTS])
    before = await counter.line(MANAGER, "/start")
    invitation = await counter.line(OWNER, "/invite administrator")
    after = await counter.line(MANAGER, f"/start {invitation.partition('/start ')[2].partition('<')[0]}")
    offered = "'command': 'report'"
    assert (offered in before, offered in after) == (False, True)


async def test_roles_are_buttons_made_by_ticking_and_changed_after_a_question_if_people_get_more(
    office: Office, screens: Screens
) -> None:
    assert await screens.type("/roles") == "3 roles\n\nTap one to see what it allows and who has it."
    assert "type it, for example Recruiter" in await screens.tap("➕ Add a role")
    assert await screens.type("Recruiter") == "Recruiter\nTap what people with this role can do."
    assert screens.labels[-1] == ["Cancel"]
    await screens.tap("◻️ receive digests")
    await screens.tap("◻️ read the log")
    await screens.tap("✅ read the log")
    assert len(screens.labels) == 8
    creating = screens.data("Create the role")
    assert await screens.tap("Create the role") == "Recruiter\nCan: receive digests\nNobody has it."
    await screens.send(creating)
    assert screens.toast == "Done already."
    holder = await a_user(office.engine, Role.LEARNER, name="Rita")
    await office.engine.write(roles.assign, office.owner_id, holder, "Recruiter", ["Sales"], office.engine.now())
    await screens.tap("‹ Roles")
    assert (await screens.tap("Recruiter · 1 person")).endswith("Rita Meier")
    await screens.tap("Permissions")
    await screens.tap("◻️ read the log")
    assert (await screens.tap("Save")).startswith("Give these people more rights by the role “Recruiter”?\nRita Meier")
    assert "Can: receive digests, read the log" in await screens.tap("Give the rights")


async def test_a_role_is_invited_to_and_removed_from_its_card(office: Office, screens: Screens) -> None:
    await screens.type(RECRUITER)
    await screens.tap("Invite")
    assert screens.labels[-1] == ["‹ Back"]
    assert (await screens.tap("‹ Back")).startswith("Recruiter\n")
    await screens.tap("Remove")
    await screens.tap("Remove")
    assert (await screens.tap("‹ Roles")).startswith("3 roles")
    await screens.tap("account administrator · 0 people")
    assert "becomes: account administrator." in await screens.tap("Invite")
    for number in range(12):
        await office.engine.write(
            roles.add, office.owner_id, f"Role {number:02}", [Permission.RECEIVE_DIGESTS], office.engine.now()
        )
    await screens.type("/roles")
    await screens.tap("‹")
    assert screens.labels[-1] == ["‹ Menu", "‹", "3/3", "›"]
    assert [row[0] for row in screens.labels[:-2]] == [f"Role {number:02} · 0 people" for number in (9, 10, 11)]


@pytest.mark.parametrize(
    "data", ["role:learner", "role:", "role:owner:x", "role-invite:owner", "role-tick:1", "role-tick:1:manage roles"]
)
async def test_a_forged_role_is_a_button_that_no_longer_means_anything(screens: Screens, data: str) -> None:
    await screens.type("/roles")
    await screens.send(data)
    assert "older version" in screens.toast
