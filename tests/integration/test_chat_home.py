"""The first screen: who one is, how sign-up goes, what is most urgent, and the way to all else."""

from itertools import chain

import pytest

from bot.screens.screen import Screen
from bot.sending.replies import NewMessage, ScreenChange
from core.domain.access import Role
from core.services import account, departments, policies
from core.services.policies import Switch
from tests.support.account import Office
from tests.support.bot_fixture import MANAGER, OWNER
from tests.support.router_fixture import Counter
from tests.support.rows import a_request, a_user, demote

LEARNER = 7008
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def home(counter: Counter, person: int = OWNER, text: str = "/start") -> Screen:
    [reply, *_] = await counter.typed(person, text)
    assert isinstance(reply, NewMessage)
    return reply.screen


async def tapped(counter: Counter, person: int, data: str) -> Screen:
    [reply, *_] = await counter.tapped(person, data)
    assert isinstance(reply, ScreenChange)
    return reply.screen


def labels(screen: Screen) -> list[list[str]]:
    return [[button.text for button in row] for row in screen.rows]


async def test_it_says_who_one_is_how_sign_up_goes_and_who_joined(office: Office, counter: Counter) -> None:
    await office.engine.write(account.rename, office.owner_id, "Northwind", office.engine.now())
    await office.sign_up((await office.profile()).token)
    assert (await home(counter)).text.unescape().splitlines()[:3] == [
        "<b>Northwind</b> · Olivia, owner",
        "Sign-up is on · 1 link open",
        "1 joined this week (+1)",
    ]


async def test_it_leads_to_links_people_the_report_and_all_else(office: Office, counter: Counter) -> None:
    await office.profile()
    screen = await home(counter)
    assert labels(screen)[1:] == [["➕ New sign-up link"], ["🔗 Links · 1"], ["👥 People", "📊 Report"], ["More ›"]]
    more = await tapped(counter, OWNER, "more")
    assert labels(more) == [
        ["Departments", "Team"],
        ["Courses", "Progress"],
        ["Form", "Digest"],
        ["Settings", "Log"],
        ["Language", "Help"],
        ["‹ Menu"],
    ]
    for row in (*screen.rows, *more.rows):
        for button in row:
            assert (await tapped(counter, OWNER, str(button.callback_data))).rows


async def test_those_who_wait_are_a_tap_away(office: Office, counter: Counter) -> None:
    await office.engine.write(policies.switch, office.owner_id, Switch.APPROVAL, office.engine.now(), on=True)
    await office.sign_up((await office.profile()).token)
    screen = await home(counter)
    assert ["🔗 Links · 1", "⏳ Waiting · 1"] in labels(screen)
    assert "⚠️ 1 person waits for your answer, since 23 Nov" in screen.text


async def test_those_who_ask_for_access_are_a_tap_away(office: Office, counter: Counter) -> None:
    await a_request(office.engine, (await office.profile()).token, "Kira")
    screen = await home(counter)
    assert ["🔗 Links · 1", "⏳ Waiting · 1"] in labels(screen)
    assert "⚠️ 1 person asks for access" in screen.text


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"window": "now - +1 day"}, "⚠️ “Autumn sales” closes 24 Nov 23:59, 50 places free"),
        ({"window": "now - +1 day", "limit": "unlimited"}, "⚠️ “Autumn sales” closes 24 Nov 23:59"),
        ({"window": "now - +3 weeks"}, None),
    ],
)
async def test_at_most_one_line_warns(
    office: Office, counter: Counter, changes: dict[str, str], line: str | None
) -> None:
    await office.profile(**changes)
    warnings = [each for each in (await home(counter)).text.unescape().splitlines() if "⚠️" in each]
    assert warnings == ([line] if line else [])


async def test_sign_up_that_is_off_is_the_most_urgent_and_is_turned_on_in_one_tap(
    office: Office, counter: Counter
) -> None:
    await office.profile(window="now - +1 day")
    await office.engine.write(account.switch_sign_up, office.owner_id, office.engine.now(), on=False)
    screen = await home(counter)
    assert "⚠️ 1 link would be open if sign-up were on" in screen.text
    assert "closes" not in screen.text
    assert "Sign-up is on" in (await tapped(counter, OWNER, "open:signup:on")).text


async def test_a_manager_is_offered_what_they_may_and_sees_their_own_departments(
    office: Office, counter: Counter
) -> None:
    await office.engine.write(departments.add, office.owner_id, "Support", office.engine.now())
    await office.profile()
    await a_user(office.engine, Role.DEPARTMENT_ADMINISTRATOR, "Support", telegram_id=MANAGER)
    screen = await home(counter, MANAGER)
    assert "department administrator for Support" in screen.text
    assert "0 links open" in screen.text
    assert "Set-up" not in screen.text
    assert labels(await tapped(counter, MANAGER, "more")) == [
        ["Departments", "Progress"],
        ["Digest", "Language"],
        ["Help"],
        ["‹ Menu"],
    ]


async def test_a_learner_is_shown_the_way_to_their_courses(office: Office, counter: Counter) -> None:
    await a_user(office.engine, Role.LEARNER, telegram_id=LEARNER)
    screen = await home(counter, LEARNER)
    assert "Your courses are here: https://signup.example.org/courses" in screen.text
    assert labels(screen) == [["More ›"]]


@pytest.mark.parametrize(("text", "said"), [("a fine morning", "I don't know what “a fine morning” means here.")])
async def test_a_text_that_means_nothing_is_answered_with_it(counter: Counter, text: str, said: str) -> None:
    screen = await home(counter, text=text)
    assert screen.text.startswith(said)
    assert ["➕ New sign-up link"] in labels(screen)


async def test_each_step_of_the_set_up_is_asked_in_place(counter: Counter) -> None:
    screen = await home(counter)
    assert "Set-up: 2 of 5 done" in screen.text
    assert labels(screen)[0] == ["Set your time zone"]
    zones = await tapped(counter, OWNER, str(screen.rows[0][0].callback_data))
    assert ["London"] in [[label] for row in labels(zones) for label in row]
    assert "Europe/Riga" in (await home(counter, text="riga")).text
    screen = await home(counter)
    assert labels(screen)[0] == ["Name your organisation"]
    await tapped(counter, OWNER, str(screen.rows[0][0].callback_data))
    assert "Learners now see “Northwind”" in (await home(counter, text="Northwind")).text
    assert "Set-up: 4 of 5 done" in (await home(counter)).text


async def test_departments_are_pasted_as_a_list(counter: Counter) -> None:
    await tapped(counter, OWNER, "open:adddepartment")
    screen = await home(counter, text="Support\nSales / EMEA\n\n Support / Riga \n")
    assert screen.text.splitlines()[:4] == ["Sales", "    EMEA", "➕ Support", "    ➕ Riga"]
    screen = await tapped(counter, OWNER, str(screen.rows[0][0].callback_data))
    assert "Added 2 departments:" in screen.text
    assert labels(await home(counter, text="/departments"))[0] == ["Sales ›", "Support ›"]


async def test_a_text_answers_only_what_was_asked_just_before(counter: Counter) -> None:
    await tapped(counter, OWNER, "open:adddepartment")
    await tapped(counter, OWNER, "home")
    assert "I don't know what “Support” means here." in (await home(counter, text="Support")).text
    assert "Support" not in chain(*labels(await home(counter, text="/departments")))


async def test_an_answer_that_is_refused_is_asked_for_again(counter: Counter) -> None:
    await tapped(counter, OWNER, "open:adddepartment")
    refused = await home(counter, text="Sales / EMEA")
    assert "exists" in refused.text or "already" in refused.text
    assert "Added Sales / Iberia." in (await home(counter, text="Sales / Iberia")).text


async def test_a_choice_is_searched_by_typed_words_and_one_hit_is_taken(office: Office, counter: Counter) -> None:
    for name in ("Autumn sales", "Autumn support", "Winter"):
        await office.profile(name=name)
    await home(counter, text="/pause")
    found = await home(counter, text="autumn")
    assert labels(found)[:2] == [["🟢 Autumn support"], ["🟢 Autumn sales"]]
    assert "⏸" in (await home(counter, text="sales")).text
    assert "⏸ Autumn sales" in labels(await home(counter, text="/profiles autumn sales"))[0][0]


async def test_a_link_typed_with_its_number_is_chosen(office: Office, counter: Counter) -> None:
    await office.profile()
    await office.profile(name="Winter")
    await home(counter, text="/history")
    assert "Autumn sales" in (await home(counter, text="#1")).text


async def test_a_form_that_was_left_is_offered_until_it_made_something(office: Office, counter: Counter) -> None:
    await office.profile()
    await counter.typed(OWNER, "/newprofile")
    await counter.typed(OWNER, "Autumn sales")
    screen = await home(counter, text="/menu")
    assert ["Continue “Autumn sales”"] in labels(screen)
    form = await tapped(counter, OWNER, "draft")
    assert "Name: <b>Autumn sales</b>" in form.text
    [create] = [each.callback_data for each in chain(*form.rows) if each.text == "Create the link"]
    assert isinstance(create, str)
    await tapped(counter, OWNER, create)
    assert not any("Continue" in label for label in chain(*labels(await home(counter))))


async def test_a_form_is_not_offered_to_who_lost_the_right_to_fill_it_in(office: Office, counter: Counter) -> None:
    manager = await a_user(office.engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales", telegram_id=MANAGER)
    await counter.typed(MANAGER, "/newprofile")
    await demote(office.engine, manager)
    assert not any("Continue" in label for label in chain(*labels(await home(counter, MANAGER))))
