"""The form of a new sign-up link: its defaults, its buttons, and what is typed on it."""

import pytest

from core.domain.access import Permission, Role
from core.services import account, department_removal, departments, profile_lists, profile_removal
from core.services.profiles import Card
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_user
from tests.support.screens import Screens

MANAGER = 2002
DRAFT = """New sign-up link

Name: Sales EMEA · 23 Nov
Department: Sales / EMEA
Opens: now
Closes: 7 Dec 23:59 (14 days left)
Places: 50

Tap what to change, or just type the name."""

# What people read is the same on both databases; the row of a form is tested on both in test_core_dialogues.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def screens(office: Office) -> Screens:
    return Screens(engine=office.engine)


async def made(office: Office) -> list[Card]:
    """Return all profiles, newest first."""
    listing = await office.engine.read(profile_lists.listing, office.owner_id, "", 0, office.engine.now())
    return list(listing.cards)


async def add_departments(office: Office, *paths: str) -> None:
    for path in paths:
        await office.engine.write(departments.add, office.owner_id, path, office.engine.now())


async def with_a_recent_department(office: Office) -> None:
    """Let the last profile be of Sales / EMEA, and be gone from the list."""
    card = await office.profile(name="Earlier")
    await office.engine.write(profile_removal.remove, office.owner_id, [card.profile_id], office.engine.now())


async def test_a_bare_command_opens_the_whole_draft_with_its_defaults(office: Office, screens: Screens) -> None:
    await with_a_recent_department(office)
    assert await screens.type("/newprofile") == DRAFT
    assert screens.labels == [
        ["Create the link"],
        ["Department: EMEA ›"],
        ["1 week", "✓ 2 weeks", "1 month", "📅"],
        ["10", "✓ 50", "100", "∞"],
        ["Opens: now", "Cancel"],
    ]
    assert await screens.type("/new") == DRAFT


async def test_with_its_defaults_a_link_takes_two_taps(office: Office, screens: Screens) -> None:
    await with_a_recent_department(office)
    await screens.send("form:profile")
    assert screens.text == DRAFT
    await screens.tap("Create the link")
    assert 1 + screens.taps == 2
    [card] = await made(office)
    assert (card.name, card.department, card.limit) == ("Sales EMEA · 23 Nov", ("Sales", "EMEA"), 50)
    assert screens.text.startswith("🟢 Sales EMEA · 23 Nov (#2)\nSales / EMEA\nOpen until 7 Dec 23:59")
    assert screens.text.endswith("It works now. Send it to your newcomers.")


async def test_with_a_recent_department_and_both_chips_changed_it_takes_six(office: Office, screens: Screens) -> None:
    await with_a_recent_department(office)
    await add_departments(office, "Support")
    await screens.send("form:profile")
    for label in ("Department: EMEA ›", "★ Sales / EMEA", "1 month", "100", "Create the link"):
        await screens.tap(label)
    assert 1 + screens.taps == 6
    [card] = await made(office)
    assert (card.department, card.limit) == (("Sales", "EMEA"), 100)
    assert screens.text.split("\n")[2].startswith("Open until 23 Dec 23:59")


async def test_with_everything_changed_three_levels_deep_it_takes_eight(office: Office, screens: Screens) -> None:
    await with_a_recent_department(office)
    await add_departments(office, "Sales / Iberia / Team A", "Sales / Iberia / Team B")
    await screens.send("form:profile")
    for label in ("Department: EMEA ›", "Sales ›", "Iberia ›", "Team A", "1 month", "100", "Create the link"):
        await screens.tap(label)
    assert 1 + screens.taps == 8
    [card] = await made(office)
    assert (card.name, card.department) == ("Sales Iberia Team A · 23 Nov", ("Sales", "Iberia", "Team A"))


async def test_what_was_shown_is_what_is_made_however_late(office: Office, screens: Screens, clock: Clock) -> None:
    await with_a_recent_department(office)
    await screens.type("/new")
    clock.advance(days=2)
    await screens.tap("Create the link")
    [card] = await made(office)
    assert card.window.ends_at.isoformat() == "2026-12-07T23:59:59+00:00"
    assert card.window.starts_at == clock.at


async def test_a_second_tap_and_every_older_button_show_what_was_made(office: Office, screens: Screens) -> None:
    await with_a_recent_department(office)
    await screens.type("/new")
    creating, shorter = screens.data("Create the link"), screens.data("1 week")
    await screens.tap("10")
    newer = screens.data("Create the link")
    for old in (creating, shorter, newer, newer, creating):
        await screens.send(old)
    [card] = await made(office)
    assert (card.limit, card.window.ends_at.day) == (10, 7)
    assert screens.text.startswith("🟢 Sales EMEA · 23 Nov (#2)")
    assert screens.toast == "Here is where we are."


async def test_a_button_of_an_earlier_turn_changes_nothing_and_shows_the_form(office: Office, screens: Screens) -> None:
    await with_a_recent_department(office)
    await screens.type("/new")
    hundred = screens.data("100")
    assert "Places: 10\n" in await screens.tap("10")
    assert "Places: 10\n" in await screens.send(hundred)
    assert screens.toast == "Here is where we are."
    assert "Places: 100\n" in await screens.tap("100")
    assert screens.toast == ""


async def test_buttons_of_an_earlier_form_show_the_present_one(office: Office, screens: Screens) -> None:
    await with_a_recent_department(office)
    await screens.type("/new")
    creating = screens.data("Create the link")
    await screens.type("/new")
    await screens.tap("∞")
    assert "Places: no limit" in await screens.send(creating)
    assert await made(office) == []


@pytest.mark.parametrize(
    ("typed", "echo", "line"),
    [
        ("120", "Places: 120 ✓", "Places: 120"),
        ("1,000", "Places: 1,000 ✓", "Places: 1,000"),
        ("unlimited", "Places: no limit ✓", "Places: no limit"),
        ("2026-12-24", "Closes: Thu 24 Dec 23:59 (UTC) ✓", "Closes: 24 Dec 23:59 (31 days left)"),
        ("+3 days", "Closes: Thu 26 Nov 23:59 (UTC) ✓", "Closes: 26 Nov 23:59 (3 days left)"),
        ("until friday", "Closes: Fri 27 Nov 23:59 (UTC) ✓", "Closes: 27 Nov 23:59 (4 days left)"),
        ("+20", "Places: 70 ✓", "Places: 70"),
        ("120 people", "Places: 120 ✓", "Places: 120"),
        ("без лимита", "Places: no limit ✓", "Places: no limit"),
        ("Autumn sales 🍂", "Name: Autumn sales 🍂 ✓", "Name: Autumn sales 🍂"),
    ],
)
async def test_what_is_typed_is_places_or_an_end_or_the_name(
    office: Office, screens: Screens, typed: str, echo: str, line: str
) -> None:
    await with_a_recent_department(office)
    await screens.type("/new")
    form = screens.message_id
    said = await screens.type(typed)
    assert line in said.split("\n")
    assert said.startswith(f"{echo}\n\nNew sign-up link")
    assert screens.removed == [form]


async def test_a_whole_line_fills_the_form_and_makes_nothing_yet(office: Office, screens: Screens) -> None:
    await add_departments(office, "Support")
    await screens.type("/new")
    said = await screens.type("Autumn | Support | 2026-12-01 09:00 - 2026-12-24 18:00 | 7")
    assert (
        "Name: Autumn\nDepartment: Support\nOpens: 1 Dec 09:00\nCloses: 24 Dec 18:00 (31 days left)\nPlaces: 7" in said
    )
    assert await made(office) == []
    await screens.tap("Create the link")
    [card] = await made(office)
    assert (card.name, card.department, card.limit) == ("Autumn", ("Support",), 7)


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("2026-11-01", "The end must be in the future"),
        ("2026-02-31", "There is no such day"),
        ("0", "The limit must be a whole number"),
        ("x" * 201, "The name must be 200 characters or fewer."),
        ("Autumn | Nowhere", "I don't know the department “Nowhere”."),
        ("Autumn | Sales / EMEA | soon", "I can't read “soon” as a start and an end."),
        ("Autumn | Sales / EMEA | now - +1 week | 0", "The limit must be a whole number"),
    ],
)
async def test_an_error_has_the_form_under_it(office: Office, screens: Screens, typed: str, problem: str) -> None:
    await with_a_recent_department(office)
    await screens.type("/new")
    said = await screens.type(typed)
    assert said.startswith(problem)
    assert said.endswith(DRAFT)
    assert screens.labels[0] == ["Create the link"]
    await screens.tap("Create the link")
    assert len(await made(office)) == 1


async def test_a_time_with_two_meanings_has_a_button_for_each(office: Office, screens: Screens) -> None:
    await with_a_recent_department(office)
    await screens.type("/new")
    said = await screens.type("5/6")
    assert said.startswith("“5/6” can mean two times.")
    assert screens.labels[:3] == [["Sat 5 Jun 2027 23:59"], ["Thu 6 May 2027 23:59"], ["Create the link"]]
    said = await screens.tap("Sat 5 Jun 2027 23:59")
    assert "Closes: 5 Jun 2027 23:59" in said
    assert screens.labels[0] == ["Create the link"]


async def test_places_beside_a_time_of_two_meanings_are_kept(office: Office, screens: Screens) -> None:
    await with_a_recent_department(office)
    await screens.type("/new")
    await screens.type("until 5/6, 30 people")
    said = await screens.tap(screens.labels[0][0])
    assert "Places: 30" in said
    assert "Closes: 5 Jun 2027 23:59" in said


async def test_a_line_with_a_time_of_two_meanings_is_read_whole_with_the_one_tapped(
    office: Office, screens: Screens
) -> None:
    await with_a_recent_department(office)
    await screens.type("/new")
    await screens.type("Autumn | Sales / EMEA | until 5/6 | 7")
    said = await screens.tap(screens.labels[0][0])
    assert "Name: Autumn" in said
    assert "Places: 7" in said
    assert screens.labels[0] == ["Create the link"]


async def test_what_became_impossible_is_said_above_the_form(office: Office, screens: Screens, clock: Clock) -> None:
    await with_a_recent_department(office)
    await screens.type("/new")
    await screens.tap("1 week")
    clock.advance(days=6.9)
    await screens.type("Still mine")
    clock.advance(days=6)
    said = await screens.tap("Create the link")
    assert said.startswith("The end must be in the future")
    assert "New sign-up link" in said
    await screens.tap("✓ 1 week" if "✓ 1 week" in str(screens.labels) else "1 week")
    await screens.tap("Create the link")
    assert [card.name for card in await made(office)] == ["Still mine"]


async def test_a_form_is_kept_for_a_week(office: Office, screens: Screens, clock: Clock) -> None:
    await with_a_recent_department(office)
    await screens.type("/new")
    clock.advance(days=7)
    assert await screens.tap("Create the link") == "This form is no longer kept."
    assert await made(office) == []


async def test_cancel_leaves_the_draft_which_can_be_continued(office: Office, screens: Screens) -> None:
    await with_a_recent_department(office)
    await screens.type("/new")
    await screens.type("Autumn")
    assert await screens.tap("Cancel") == "Nothing was saved.\n“Autumn” is kept for a week."
    assert screens.labels == [["Continue", "‹ Menu"]]
    await screens.type("77")
    assert "Places" not in screens.text
    await screens.send("draft")
    assert "Name: Autumn\n" in screens.text
    assert "Places: 77" in await screens.type("77")


async def test_a_line_leaves_the_draft(office: Office, screens: Screens) -> None:
    await with_a_recent_department(office)
    await screens.type("/new")
    form = screens.screen
    await screens.type("/profiles")
    await screens.type("Autumn")
    assert "Name:" not in screens.text
    screens.screen = form
    assert "Places: 10" in await screens.tap("10")
    assert "Name: Autumn" in await screens.type("Autumn")
    assert await screens.type("/cancel") == "Nothing was saved.\n“Autumn” is kept for a week."
    await screens.type("/nonsense")
    assert "“Autumn” is kept" in await screens.type("/cancel")


async def test_there_is_nothing_to_cancel_once_it_was_made(office: Office, screens: Screens) -> None:
    await with_a_recent_department(office)
    await screens.type("/new")
    await screens.tap("Create the link")
    assert (await screens.type("/cancel")).startswith("There is no open form to cancel.")
    await screens.type("Winter")
    assert "Name: Winter" not in screens.text


async def test_the_calendar_shows_a_month_without_the_days_that_have_passed(office: Office, screens: Screens) -> None:
    await with_a_recent_department(office)
    await screens.type("/new")
    assert (await screens.tap("📅")).startswith("When does the link close?\nAt the end of that day.")
    assert screens.labels == [
        ["Today", "Fri · 27 Nov"],
        ["1 week · 30 Nov", "2 weeks · 7 Dec"],
        ["1 month · 23 Dec", "3 months · 23 Feb 2027"],
        ["📅 Pick a day"],
        ["‹ Back"],
    ]
    await screens.tap("📅 Pick a day")
    assert screens.labels[:2] == [["·", "Nov 2026", "›"], ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]]
    assert screens.labels[-3:] == [["23", "24", "25", "26", "27", "28", "29"], ["30", *"······"], ["‹ Back"]]
    await screens.tap("Nov 2026")
    await screens.tap("›")
    assert len(screens.labels) <= 9
    assert screens.labels[2] == ["·", "1", "2", "3", "4", "5", "6"]
    await screens.tap("‹ Back")
    await screens.tap("📅 Pick a day")
    await screens.tap("›")
    assert "Closes: 24 Dec 23:59 (31 days left)" in await screens.tap("24")


async def test_a_link_opens_later_and_its_time_moves_along(office: Office, screens: Screens) -> None:
    await with_a_recent_department(office)
    await screens.type("/new")
    assert (await screens.tap("Opens: now")).startswith("When does the link open?")
    assert screens.labels[:3] == [["Now"], ["Tomorrow 09:00"], ["Monday 09:00"]]
    assert "Opens: 30 Nov 09:00\nCloses: 14 Dec 23:59 (21 days left)" in await screens.tap("Monday 09:00")
    assert screens.labels[2] == ["1 week", "✓ 2 weeks", "1 month", "📅"]
    await screens.tap("Opens: 30 Nov")
    assert "Opens: 1 Dec 00:00" in await screens.type("2026-12-01")
    await screens.tap("Opens: 1 Dec")
    await screens.type("whenever")
    assert screens.text.startswith("I can't read the time “whenever”.")
    assert "When does the link open?" in screens.text
    assert "Opens: now\nCloses: 7 Dec 23:59" in await screens.tap("Now")


async def test_an_end_before_the_start_is_refused(office: Office, screens: Screens) -> None:
    await with_a_recent_department(office)
    await screens.type("/new")
    await screens.tap("Opens: now")
    await screens.tap("Monday 09:00")
    await screens.tap("📅")
    assert screens.labels[0] == ["1 week · 7 Dec", "2 weeks · 14 Dec"]
    said = await screens.type("2026-11-25")
    assert said.startswith("The end must be after the start")
    assert "When does the link close?" in said


async def test_departments_are_chosen_in_the_tree(office: Office, screens: Screens) -> None:
    await add_departments(office, "Sales / Iberia / Team A", "Support", "IT")
    await screens.type("/new")
    assert "Department: not chosen yet" in screens.text
    assert screens.labels[0] == ["Choose the department ›"]
    await screens.tap("Choose the department ›")
    assert screens.labels == [["IT", "Sales ›"], ["Support"], ["‹ Back"]]
    assert (await screens.tap("Sales ›")).endswith("\n\nSales")
    assert screens.labels == [["✔ Sales itself"], ["EMEA", "Iberia ›"], ["‹ Back"]]
    assert (await screens.tap("Iberia ›")).endswith("\n\nSales / Iberia")
    await screens.tap("‹ Back")
    assert screens.labels[0] == ["✔ Sales itself"]
    await screens.tap("‹ Back")
    await screens.tap("‹ Back")
    assert "New sign-up link" in screens.text
    await screens.tap("Choose the department ›")
    await screens.tap("Sales ›")
    assert "Department: Sales\n" in await screens.tap("✔ Sales itself")


async def test_many_departments_have_pages_within_eight_rows(office: Office, screens: Screens) -> None:
    await with_a_recent_department(office)
    await add_departments(office, *(f"Team {number:02}" for number in range(30)))
    await screens.type("/new")
    await screens.tap("Department: EMEA ›")
    assert len(screens.labels) == 8
    assert screens.labels[0] == ["★ Sales / EMEA"]
    assert screens.labels[-1] == ["‹ Back", "‹", "1/3 ›"]
    await screens.tap("‹")
    assert screens.labels[-1] == ["‹ Back", "‹", "3/3 ›"]
    assert "Department: Team 29" in await screens.tap("Team 29")


async def test_a_typed_department_is_found_and_the_only_one_is_taken(office: Office, screens: Screens) -> None:
    await add_departments(office, "Sales / Iberia", *(f"Support / Team {number}" for number in range(9)))
    await screens.type("/new")
    await screens.tap("Choose the department ›")
    assert (await screens.type("iber")).startswith("Department: Sales / Iberia ✓\n\nNew sign-up link")
    await screens.tap("Department: Iberia ›")
    assert (await screens.type("team")).endswith("3 more: type more.")
    assert screens.labels[0] == ["Support / Team 0"]
    assert len(screens.labels) == 7
    await screens.tap("‹ Back")
    assert screens.labels[-1] == ["‹ Back"]
    await screens.type("Nowhere")
    assert "I don't know the department “Nowhere”." in screens.text
    assert screens.labels == [["➕ Add it"], ["‹ Back"]]
    assert "Department: Nowhere" in await screens.tap("➕ Add it")
    await screens.tap("Create the link")
    assert [card.department for card in await made(office)] == [("Nowhere",)]


async def test_the_first_department_is_typed_and_added(office: Office, screens: Screens) -> None:
    for path in ("Sales / EMEA", "Sales"):
        await office.engine.write(department_removal.remove, office.owner_id, path, office.engine.now())
    assert await screens.type("/new") == "Which department do they join? Type its name, I'll add it."
    said = await screens.type("|")
    assert said.startswith("The name must not contain")
    assert "Department: Ops / Berlin" in await screens.type("Ops / Berlin")
    await screens.tap("Create the link")
    assert [card.name for card in await made(office)] == ["Ops Berlin · 23 Nov"]


async def test_sign_up_is_turned_on_with_the_first_link(office: Office, screens: Screens) -> None:
    await office.engine.write(account.switch_sign_up, office.owner_id, office.engine.now(), on=False)
    await with_a_recent_department(office)
    assert "Sign-up is off in this account" in await screens.type("/new")
    await screens.tap("Create and turn sign-up on")
    assert screens.text.startswith("🟢 Sales EMEA")
    assert (await office.engine.read(account.organisation)).sign_up_enabled


async def test_who_may_not_turn_sign_up_on_is_told_who_can(office: Office) -> None:
    await a_user(office.engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales / EMEA", telegram_id=MANAGER)
    await office.engine.write(account.switch_sign_up, office.owner_id, office.engine.now(), on=False)
    screens = Screens(engine=office.engine, telegram_id=MANAGER)
    assert "when an account administrator turns it on" in await screens.type("/new")
    said = await screens.tap("Create the link")
    assert said.startswith("⚪ Sales EMEA")
    assert "sign-up is off" in said
    await screens.type("/new")
    await screens.send(screens.data("Create the link").replace("make", "on"))
    assert not (await office.engine.read(account.organisation)).sign_up_enabled
    assert len(await made(office)) == 1


async def test_who_manages_one_department_is_not_asked_for_it(office: Office) -> None:
    await add_departments(office, "Support")
    await a_user(office.engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales / EMEA", telegram_id=MANAGER)
    screens = Screens(engine=office.engine, telegram_id=MANAGER)
    assert "Department: Sales / EMEA" in await screens.type("/new")


async def test_departments_of_others_are_neither_shown_nor_taken(office: Office) -> None:
    await add_departments(office, "Support", "Sales / EMEA / Berlin")
    await a_user(office.engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales / EMEA", telegram_id=MANAGER)
    tree = await office.engine.read(departments.tree, office.owner_id)
    outside = next(branch.department_id for branch in tree if branch.path == ("Support",))
    screens = Screens(engine=office.engine, telegram_id=MANAGER)
    await screens.type("/new")
    await screens.tap("Choose the department ›")
    assert screens.labels == [["EMEA ›"], ["‹ Back"]]
    await screens.tap("EMEA ›")
    assert screens.labels == [["✔ EMEA itself"], ["Berlin"], ["‹ Back"]]
    turn = screens.data("‹ Back").split(":")[1]
    for verb in ("take", "in"):
        await screens.send(f"d:{turn}:{verb}:{outside}")
        assert "Support" not in screens.text
        turn = screens.data("‹ Back").split(":")[1]
    await screens.type("support")
    assert "I don't know the department “support”." in screens.text


async def test_who_lost_the_permission_sees_and_makes_nothing(office: Office, screens: Screens) -> None:
    await a_user(office.engine, Role.CUSTOM, telegram_id=MANAGER, permissions=[Permission.RECEIVE_DIGESTS])
    await with_a_recent_department(office)
    await screens.type("/new")
    other = Screens(engine=office.engine, telegram_id=MANAGER)
    assert "You don't have permission to do that." in await other.type("/new")
    await other.send(screens.data("Create the link"))
    assert await made(office) == []


@pytest.mark.parametrize(
    "data", ["d", "d:", "d:x:make", "d:1", "d:1:", "d:1:end:20261399", "d:1:places:7", "d:1:month:1"]
)
async def test_a_forged_button_does_nothing(office: Office, screens: Screens, data: str) -> None:
    await with_a_recent_department(office)
    await screens.type("/new")
    turn = screens.data("Create the link").split(":")[1]
    await screens.send(data.replace("d:1", f"d:{turn}"))
    assert screens.text == DRAFT
    assert await made(office) == []


async def test_the_form_is_spoken_in_the_persons_language(office: Office) -> None:
    await with_a_recent_department(office)
    screens = Screens(engine=office.engine, language="ru")
    assert (await screens.type("/new")).startswith(
        "Новая ссылка для регистрации\n\nНазвание: Sales EMEA · 23 нояб.\nПодразделение: Sales / EMEA\n"
        "Откроется: сразу\nЗакроется: 7 дек. 23:59 (ещё 14 дней)\nМест: 50\n"
    )
    await screens.tap("Создать ссылку")
    assert [card.name for card in await made(office)] == ["Sales EMEA · 23 нояб."]


async def test_a_list_that_was_asked_for_after_the_form_was_opened_is_no_answer_to_the_form(
    office: Office, screens: Screens
) -> None:
    await with_a_recent_department(office)
    card = await office.profile(name="Spring")
    await screens.type("/new")
    await screens.send(f"expect:{card.profile_id}")
    assert "Name:" not in await screens.type("Anna Berzina anna@example.com\nBoris Ozols boris@example.com")
    assert screens.labels[0][0].startswith("Keep")


async def test_a_sentence_that_names_an_unknown_department_offers_to_add_it_by_a_button(screens: Screens) -> None:
    await screens.type("/new")
    assert "I don't know the department “Xyzzy”." in await screens.type("new link for Xyzzy, 30 people")
    added = await screens.tap("➕ Add it")
    assert "Department: Xyzzy" in added
    assert "Places: 30" in added


@pytest.mark.parametrize(
    ("text", "asked", "other", "shown"),
    [
        ("who joined?", "Did you mean “", "Do that", "profile"),
        ("why is it closed?", "That looks like a question.", "Help", "/help"),
    ],
)
async def test_a_text_that_is_no_name_is_asked_about_on_the_form(
    screens: Screens, text: str, asked: str, other: str, shown: str
) -> None:
    before = await screens.type("/new")
    heard = await screens.type(text)
    assert heard.startswith(asked)
    assert before in heard
    assert screens.labels[0] == ["Use as typed", other]
    assert f"Name: {text}" in await screens.tap("Use as typed")
    await screens.type(text)
    assert shown in await screens.tap(other)
    assert f"Name: {text}" in await screens.send("draft")


async def test_what_is_typed_for_a_part_that_is_asked_for_is_not_asked_about(screens: Screens) -> None:
    await screens.send("form:course")
    await screens.tap("Description ›")
    assert "Description: Where to go?" in await screens.type("Where to go?")


@pytest.mark.parametrize(
    "text",
    [
        "new link for emea until friday, 30 people",
        "новая ссылка для emea до пятницы, 30 человек",
        "nuevo enlace para emea hasta el viernes, 30 personas",
    ],
)
async def test_a_sentence_for_a_new_link_opens_the_form_filled_in(office: Office, text: str) -> None:
    screens = Screens(engine=office.engine)
    await screens.type("/start")
    heard = await screens.type(text)
    assert heard.startswith("Closes: Fri 27 Nov 23:59 (UTC) ✓\nPlaces: 30 ✓\n\nNew sign-up link\n")
    assert "Department: Sales / EMEA" in heard
    assert await made(office) == []
    await screens.tap("Create the link")
    assert [(card.department, card.limit) for card in await made(office)] == [(("Sales", "EMEA"), 30)]


async def test_a_sentence_for_a_new_link_keeps_what_is_understood_of_it(office: Office) -> None:
    screens = Screens(engine=office.engine)
    heard = await screens.type("new link for slaes until friday, 30 people")
    assert "I don't know the department “slaes”" in heard
    assert "Closes: 27 Nov 23:59 (4 days left)\nPlaces: 30" in await screens.tap("Sales")


async def test_a_sentence_for_a_new_link_with_a_time_of_two_meanings_opens_the_form_and_asks(office: Office) -> None:
    screens = Screens(engine=office.engine)
    assert "can mean two times" in await screens.type("new link for emea until 5/6, 30 people")
    heard = await screens.tap("Thu 6 May 2027 23:59")
    assert "Department: Sales / EMEA" in heard
    assert "Places: 30" in heard


async def test_who_may_make_no_links_reads_so_after_a_sentence_for_one(office: Office) -> None:
    await a_user(office.engine, Role.LEARNER, telegram_id=7008)
    screens = Screens(engine=office.engine, telegram_id=7008)
    assert (await screens.type("new link for emea, 30 people")).startswith("You don't have permission to do that.")


@pytest.mark.parametrize("form", ["form:course", "form:person", "edit:1"])
async def test_a_sentence_for_a_new_link_on_another_form_is_asked_about(office: Office, form: str) -> None:
    await office.profile(window="now - +2 weeks")
    screens = Screens(engine=office.engine)
    await screens.send(form)
    heard = await screens.type("new link for emea until friday, 30 people")
    assert heard.startswith("Did you mean “Create a sign-up profile”?")
    filled = await screens.tap("Do that")
    assert "New sign-up link" in filled
    assert "Department: Sales / EMEA" in filled
    assert "Places: 30" in filled
