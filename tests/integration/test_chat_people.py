"""People by line and by button: found, shown, added, transferred, deactivated, deleted."""

import pytest
from sqlalchemy.orm import Session

from core.domain.access import Permission, Role
from core.domain.field_kinds import Kind
from core.services import form_fields, password_links, password_requests, policies, roles
from core.services.form_fields import FieldDraft
from core.services.policies import Switch
from tests.support.account import Office
from tests.support.bot_fixture import MANAGER, Town
from tests.support.lines import typed
from tests.support.router_fixture import Counter
from tests.support.rows import a_manager, a_user, transfer

# What people read is the same on both databases; the journeys, and all of core, run on both.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

ADD = "/addperson Anna | Berzina | anna@example.com | Sales / EMEA"


@pytest.mark.parametrize(
    ("kind", "typed", "sentence"),
    [
        (Kind.CHOICE, "XXL", "· Own: must be one of these: S, M, L"),
        (Kind.NUMBER, "many", "· Own: enter a number like 12 or 12.5"),
        (Kind.DATE, "31.02.2026", "· Own: enter a date like 2026-12-31"),
        (Kind.TIME, "noon", "· Own: enter a time like 18:45"),
        (Kind.PHONE, "12", "· Own: enter a phone number with the country code, like +371 20000000"),
        (Kind.COUNTRY, "Atlantis", "· Own: enter a country by its code, like LV, or its English name"),
        (Kind.TEXT, "a" * 1001, "· Own: must be 1,000 characters or fewer"),
    ],
)
async def test_a_wrong_value_is_answered_with_what_the_field_accepts(
    office: Office, town: Town, kind: Kind, typed: str, sentence: str
) -> None:
    draft = FieldDraft(label="Own", kind=kind, choices=("S", "M", "L") if kind is Kind.CHOICE else ())
    await office.engine.write(form_fields.add_field, office.owner_id, draft, office.engine.now())
    assert sentence in (await town.owner.asks(f"{ADD} | Own: {typed}")).text


@pytest.mark.usefixtures("office")
async def test_an_address_elsewhere_is_answered_with_the_allowed_domains(town: Town) -> None:
    await town.owner.asks("/settings domains example.org, example.net")
    said = (await town.owner.asks(ADD)).text.replace("\N{WORD JOINER}", "")  # which keeps it from being a link
    assert "· Email: must be in one of these domains: example.org, example.net" in said


async def test_a_card_shows_all_about_somebody(office: Office, town: Town) -> None:
    [number] = await town.signs_up(office)
    card = await town.owner.asks(f"/person {number}")
    assert card.text.splitlines() == [
        f"🟢 Anna Berzina (#{number})",
        "learner",
        "Sales / EMEA",
        "Email: anna@example.com",
        "Login: anna",
        "Here since 23 Nov 12:00",
        "Signed up through “Autumn sales” (#1)",
        "",
        "1 course:",
        "· Safety first: not started",
    ]
    assert card.buttons == (
        ("Transfer", "Deactivate"),
        ("Give a course", "Take course back"),
        ("New password link",),
        ("Return the activation",),
        ("‹ People", "Refresh"),
        ("Correct", "Role"),
        ("Export data", "Delete"),
    )


@pytest.mark.parametrize("who", ["anna@example.com", "ANNA", "#2"])
async def test_somebody_is_found_by_address_login_and_number(office: Office, town: Town, who: str) -> None:
    await town.signs_up(office)
    assert "Anna Berzina (#2)" in (await town.owner.asks(f"/person {who}")).text


@pytest.mark.usefixtures("office")
async def test_nobody_found_says_how_to_go_on(town: Town) -> None:
    assert "Nobody has “zoe”" in (await town.owner.asks("/people zoe")).text
    assert (
        "Nobody among the people you manage matches “zoe@example.com”"
        in (await town.owner.asks("/person zoe@example.com")).text
    )


@pytest.mark.usefixtures("office")
async def test_adding_somebody_shows_a_link_once_by_which_they_set_a_password(town: Town) -> None:
    card = await town.owner.asks(ADD)
    assert "🟢 Anna Berzina" in card.text
    assert "· Safety first: not started" in card.text
    code = code_in(card.text)
    assert (await town.engine.read(password_links.find, code, town.engine.now())).identifier == "anna@example.com"
    assert code not in (await town.owner.asks("/person anna")).text


async def test_a_new_password_link_is_made_on_the_card_and_shown_once(office: Office, town: Town) -> None:
    await town.signs_up(office)
    await town.owner.asks("/person anna")
    await town.owner.taps("New password link")
    shown = await town.owner.reads("sets a password here")
    code = code_in(shown.text)
    assert shown.button("Copy link")["copy_text"]["text"].endswith(f"/password/{code}")
    assert "Anna Berzina is told at the next log-in that you made it." in shown.text
    assert (await town.engine.read(password_links.find, code, town.engine.now())).identifier == "anna@example.com"
    await town.owner.taps("‹ Back")
    assert code not in (await town.owner.reads("🟢 Anna Berzina")).text
    log = (await town.owner.asks("/log")).text
    assert "Link to a new password made for Anna Berzina" in log
    assert code not in log


async def test_who_asks_on_the_page_is_told_to_the_owner_with_a_button(office: Office, town: Town) -> None:
    await town.signs_up(office)
    visitor = await town.visitor()
    form = await visitor.open_form("/password")
    await visitor.post(form.path, {"identifier": "anna@example.com", "form_token": form.token})
    notice = await town.owner.reads("Anna Berzina can't log in and asks for a new password.")
    assert notice.buttons == (("New password link",), ("Show the person",))
    await town.owner.taps("New password link")
    assert code_in((await town.owner.reads("sets a password here")).text)


async def test_a_notice_about_several_stays_while_one_after_the_other_is_helped(office: Office, town: Town) -> None:
    emails = ("anna@example.com", "boris@example.com")
    numbers = await town.signs_up(office, *emails)

    def ask(session: Session) -> None:
        for email in emails:
            password_requests.ask(session, email, office.engine.now())

    await office.engine.write(ask)
    notice = await town.owner.reads("These people can't log in and ask for a new password:")
    for number in numbers:
        await town.owner.taps(f"#{number} Anna Berzina")
        card = await town.owner.reads(f"🟢 Anna Berzina (#{number})")
        assert ("New password link" in card.labels, card.id > notice.id) == (True, True)


def code_in(text: str) -> str:
    return text.partition("/password/")[2].split()[0]


async def test_a_line_may_name_the_other_fields_of_the_form(office: Office, town: Town) -> None:
    draft = FieldDraft(label="Country", kind=Kind.COUNTRY, required=True, at_sign_up=False)
    await office.engine.write(form_fields.add_field, office.owner_id, draft, office.engine.now())
    missing = await town.owner.asks(ADD)
    assert "· Country: enter a value" in missing.text
    card = await town.owner.asks(f"{ADD} | phone: +371 20000000 | Country: Latvia")
    assert "Phone: +37120000000" in card.text
    assert "Country: Latvia" in card.text


async def test_a_line_may_leave_out_a_last_name_that_is_optional(office: Office, town: Town) -> None:
    line = "/addperson Anna | | anna@example.com | Sales"
    assert "Missing: last name." in (await town.owner.asks(line)).text
    await office.engine.write(
        policies.switch, office.owner_id, Switch.LAST_NAME_REQUIRED, office.engine.now(), on=False
    )
    assert "Missing: department." in (await town.owner.asks("/addperson Anna | | anna@example.com")).text
    assert "🟢 Anna (#" in (await town.owner.asks(line)).text


async def test_nobody_consents_for_somebody_else(office: Office, town: Town) -> None:
    await office.engine.write(policies.publish_privacy_policy, office.owner_id, "We keep it.", office.engine.now())
    assert "🟢 Anna Berzina" in (await town.owner.asks(ADD)).text


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/addperson Anna | Berzina | anna@ | Sales", "· Email: enter an email address like name@example.com"),
        ("/addperson Anna | Berzina | anna@example.com", "| anna@example.com | Sales / EMEA"),
        ("/addperson Anna | | anna@example.com", "Missing: last name, department."),
        ("/addperson A | B | a@example.com | Sales / EMEAA", "/addperson A | B | a@example.com | Sales / EMEA"),
        ("/addperson A | B | a@example.com | Sales | Phon: 1", "/addperson A | B | a@example.com | Sales | Phone: 1"),
        (
            "/addperson A | B | a@example.com | Sales | 20000000",
            "Write “20000000” as its label, a colon and",
        ),
        ("/transfer anna@example.com | Sale", "/transfer anna@example.com | Sales"),
        ("/transfer nobody@example.com | Sales", "Nobody among the people you manage matches “nobody@example.com”"),
        ("/person #99", "Nobody among the people you manage matches “#99”"),
    ],
)
@pytest.mark.usefixtures("office")
async def test_a_mistake_is_told_with_what_would_be_right(office: Office, line: str, sentence: str) -> None:
    assert sentence in await typed(office, ADD, line)


async def test_an_address_that_has_an_account_is_not_added_again(office: Office, town: Town) -> None:
    await town.signs_up(office)
    assert "anna@example.com already has an account." in (await town.owner.asks(ADD)).text


async def test_a_transfer_answers_with_the_card_and_the_courses_that_came(office: Office, town: Town) -> None:
    await town.signs_up(office)
    for line in (
        "/adddepartment Support",
        "/addcourse Be kind | https://example.com/kind",
        "/addrule Support | Be kind",
        "/addrule Support | Safety first",
    ):
        await town.owner.asks(line)
    card = await town.owner.asks("/transfer anna@example.com | Support")
    assert card.text.splitlines()[2] == "Support"
    assert card.text.splitlines()[-1] == "Courses added: Be kind"
    again = await town.owner.asks("/transfer anna | Support")
    assert again.text.splitlines()[-1] == "Anna Berzina is there already."


async def test_the_transfer_button_asks_for_the_department_and_leads_back(office: Office, town: Town) -> None:
    await town.signs_up(office)
    await town.owner.asks("/person anna")
    await town.owner.taps("Transfer")
    asked = await town.owner.reads("Department: tap one, or type it")
    assert "Person: Anna Berzina" in asked.text
    await town.owner.taps("‹ Back")
    await town.owner.reads("Here since")
    await town.owner.taps("Transfer")
    await town.owner.reads("Department: tap one, or type it")
    await town.owner.taps("Sales")
    assert "\nSales\n" in (await town.owner.reads("No courses were added.")).text


async def test_deactivating_and_activating_by_button_change_the_card(office: Office, town: Town) -> None:
    await town.signs_up(office)
    await town.owner.asks("/person anna")
    await town.owner.taps("Deactivate")
    inactive = await town.owner.reads("⚪ Anna Berzina")
    assert "Deactivate" not in inactive.labels
    await town.owner.taps("Activate")
    active = await town.owner.reads("🟢 Anna Berzina")
    assert "Deactivate" in active.labels


async def test_deleting_asks_first_and_says_that_no_activation_comes_back(office: Office, town: Town) -> None:
    await town.signs_up(office)
    await town.owner.asks("/person anna")
    await town.owner.taps("Delete")
    question = await town.owner.reads("Delete Anna Berzina (#2)?")
    assert "The activation is not returned" in question.text
    await town.owner.taps("Delete")
    await town.owner.reads("Anna Berzina is deleted")
    assert "Nobody among the people you manage" in (await town.owner.asks("/person anna")).text
    assert "1 of 50" in (await town.owner.asks("/profile 1")).text


async def test_the_question_before_a_deletion_names_what_ends_with_a_member_of_staff(
    office: Office, town: Town
) -> None:
    number = await a_user(office.engine, Role.ADMINISTRATOR, telegram_id=MANAGER, name="Max")
    await town.person(MANAGER).asks("/digest daily 18:00")
    await town.person(MANAGER).asks("/invite administrator")
    await town.owner.asks(f"/person {number}")
    await town.owner.taps("Delete")
    question = await town.owner.reads("Delete Max")
    assert question.text.splitlines()[1:] == [
        "Their account, answers and courses will be deleted for good. Histories keep the name.",
        "Role: account administrator. They can no longer use this chat.",
        "Their digest ends.",
        "1 open invitation that they made will no longer be valid.",
    ]


async def test_a_person_with_whom_more_would_end_than_was_shown_is_not_deleted(office: Office, town: Town) -> None:
    await town.signs_up(office)
    await town.owner.asks("/person anna")
    await town.owner.taps("Delete")
    await town.owner.reads("Delete Anna Berzina (#2)?")
    engine = office.engine
    await engine.write(roles.assign, office.owner_id, 2, "administrator", (), engine.now())
    await town.owner.taps("Delete")
    await town.owner.is_told("This has changed since you were asked")
    await town.owner.reads("Role: account administrator")
    await town.owner.taps("Delete")
    await town.owner.reads("Anna Berzina is deleted")


async def test_returning_an_activation_asks_first_and_frees_a_place(office: Office, town: Town) -> None:
    await town.signs_up(office)
    await town.owner.asks("/person anna")
    await town.owner.taps("Return the activation")
    await town.owner.reads("Return the activation of Anna Berzina to “Autumn sales”?")
    await town.owner.taps("Return")
    card = await town.owner.reads("activation returned")
    assert "Return the activation" not in card.labels
    assert "0 of 50" in (await town.owner.asks("/profile 1")).text


async def test_a_department_administrator_sees_and_changes_their_own_people_only(office: Office, town: Town) -> None:
    [number] = await town.signs_up(office)
    await a_manager(office.engine, "Sales / EMEA", telegram_id=MANAGER)
    await town.owner.asks("/adddepartment Support")
    manager = town.person(MANAGER)
    assert (await manager.asks("/people")).text.startswith("1 person")
    assert "I don't know the department “Support”." in (await manager.asks("/transfer anna | Support")).text
    await transfer(office.engine, number, "Support")
    assert "You don't manage anyone yet." in (await manager.asks("/people")).text
    assert "Nobody among the people you manage matches “anna”" in (await manager.asks("/person anna")).text
    assert "Nobody among the people you manage" in (await manager.asks(f"/person {number}")).text


async def test_a_card_offers_no_more_than_the_viewer_may_do(office: Office, town: Town) -> None:
    await a_user(office.engine, Role.CUSTOM, "Sales", telegram_id=MANAGER, permissions=[Permission.MANAGE_PEOPLE])
    [number] = await town.signs_up(office)
    card = await town.person(MANAGER).asks(f"/person {number}")
    assert card.labels == (
        "Transfer",
        "Deactivate",
        "New password link",
        "‹ People",
        "Refresh",
        "Correct",
        "Export data",
        "Delete",
    )
    assert "Autumn sales" not in card.text
    own = await town.owner.asks(f"/person {office.owner_id}")
    assert own.labels == ("Transfer", "Give a course", "‹ People", "Refresh", "Correct", "Export data")


@pytest.mark.parametrize("line", ["/people", "/person 1", ADD, "/transfer anna | Sales"])
async def test_whoever_may_not_manage_people_is_refused(office: Office, town: Town, line: str) -> None:
    await a_user(office.engine, Role.CUSTOM, "Sales", telegram_id=MANAGER, permissions=[Permission.RECEIVE_DIGESTS])
    assert "You don't have permission to do that." in (await town.person(MANAGER).asks(line)).text


@pytest.mark.usefixtures("office")
async def test_names_with_markup_are_shown_as_they_are(town: Town) -> None:
    card = await town.owner.asks("/addperson <b>&amp; 🎉 | שלום | odd@example.com | Sales")
    assert card.text.startswith("🟢 \u2068<b>&amp; 🎉 שלום\u2069 (#2)")


async def test_a_transfer_asks_what_becomes_of_the_old_departments_courses(office: Office, town: Town) -> None:
    await town.signs_up(office)
    await town.owner.asks("/adddepartment Support")
    await town.owner.asks("/person anna")
    await town.owner.taps("Transfer")
    await town.owner.reads("Department: tap one, or type it")
    await town.owner.taps("Support")
    question = await town.owner.reads("Transfer Anna Berzina?")
    assert question.text.splitlines()[1:7] == [
        "Sales / EMEA",
        "→",
        "Support",
        "",
        "These courses come from the old department. Should they stay?",
        "· Safety first: not started",
    ]
    await town.owner.taps("Take them back")
    assert "Safety first: not" not in (await town.owner.reads("Courses taken back: Safety first")).text
    await town.owner.taps("Undo")
    assert "· Safety first: not started" in (await town.owner.reads("Back in Sales / EMEA.")).text
    await town.owner.asks("/transfer anna | Support")
    await town.owner.taps("Keep them")
    await town.owner.reads("Courses kept: Safety first")
    assert "Anna Berzina is there already." in (await town.owner.asks("/transfer anna | Support")).text


async def test_who_manages_one_department_is_told_that_there_is_nowhere_to_transfer_to(office: Office) -> None:
    learner = await office.sign_up((await office.profile()).token)
    await a_user(office.engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales / EMEA", telegram_id=MANAGER)
    said = await Counter(office.engine).tap(MANAGER, f"person-move:{learner.user_id}")
    assert "Anna Berzina can't be transferred by you: you manage no other department." in said
