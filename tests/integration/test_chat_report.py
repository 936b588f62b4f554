"""Reports in chat, over real HTTP against the sandbox, and cards shared inline."""

from collections.abc import AsyncIterator
from zoneinfo import ZoneInfo

import pytest

from bot import inline
from bot.context import Context
from bot.messages import Words
from bot.service import LOCALES
from core.domain.access import Permission, Role
from core.engine import Engine
from core.language import Languages
from core.services import departments, editing, people
from core.services.editing import Change, EditedField
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.lines import ask, set_up, sign_up, tap
from tests.support.rows import a_manager, a_user, transfer
from tests.support.town import MANAGER, Town, open_town

AUTUMN = "/newprofile Autumn | Sales / EMEA | 2026-11-01 - 2026-12-24 | 50"
WINTER = "/newprofile Winter | Support | 2026-11-01 - 2026-12-24 | 50"


@pytest.fixture
async def town(engine: Engine) -> AsyncIterator[Town]:
    async with open_town(engine) as town:
        yield town


async def test_a_report_counts_by_profile_and_department_and_compares(town: Town, clock: Clock) -> None:
    winter = await set_up(town, AUTUMN, WINTER)
    autumn = await ask(town, "/profile 1")
    await sign_up(town, winter, "before@example.com")
    clock.advance(days=7)
    for number in range(2):
        await sign_up(town, autumn, f"learner{number}@example.com")
    await sign_up(town, winter, "after@example.com")
    report = await ask(town, "/report week", "By profile")
    assert report.text.splitlines() == [
        "3 sign-ups",
        "30 Nov 00:00 – 30 Nov 14:00 (Riga)",
        "Before, 23 Nov 00:00 – 23 Nov 14:00: 0 (+3)",
        "",
        "By profile",
        "2 · Autumn (#1)",
        "1 · Winter (#2)",
        "",
        "By department, as it is now",
        "2 · Sales / EMEA",
        "1 · Support",
    ]
    clock.advance(minutes=1)
    assert "Before, 23 Nov 00:00 – 23 Nov 14:01: 1 (+2)" in (await ask(town, "/report week", "By profile")).text


async def test_the_usual_report_covers_thirty_days_and_buttons_lead_to_others(town: Town) -> None:
    card = await set_up(town)
    await sign_up(town, card)
    report = await ask(town, "/report", "By profile")
    assert report.text.splitlines()[1] == "25 Oct 00:00 – 23 Nov 14:00 (Riga)"
    assert report.labels == ("Today", "This week", "This month", "This year")
    assert "1 Jan 00:00 – 23 Nov 14:00 (Riga)" in (await tap(town, "This year", "1 Jan")).text


async def test_a_manager_is_told_how_many_are_hidden_as_one_number(town: Town) -> None:
    card = await set_up(town)
    await a_manager(town.engine, "Sales", telegram_id=MANAGER)
    for name in ("anna", "boris", "clara"):
        await sign_up(town, card, f"{name}@example.com")
    await transfer(town.engine, 3, "Support")
    report = await ask(town, "/report today", person=town.person(MANAGER))
    lines = report.text.splitlines()
    assert (lines[0], lines[3]) == ("2 sign-ups", "1 learner is hidden from you")
    assert "Support" not in report.text


async def test_an_empty_report_says_so(town: Town) -> None:
    await set_up(town)
    report = await ask(town, "/report 2026-10-01 - 2026-10-31")
    assert report.text.splitlines() == [
        "0 sign-ups",
        "1 Oct 00:00 – 1 Nov 00:00 (Riga)",
        "Before, 31 Aug 00:00 – 1 Oct 00:00: 0 (±0)",
    ]


async def test_a_report_of_many_long_names_fits_into_a_message(town: Town) -> None:
    await set_up(town)
    for number in range(12):
        line = f"/newprofile {number} {'<&>' * 60} | Support | now - +1 day | 5"
        card = await ask(town, line, f"🟢 {number} <&>")
        await sign_up(town, card, f"learner{number}@example.com")
    report = await ask(town, "/report today", "By department")
    assert "… and 2 more" in report.text
    assert report.text.endswith("12 · Support")


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("/report tomorrow", "I can't read “tomorrow” as a time to report on. These work:"),
        ("/report 2027-01-01", "/report 30 days"),
        ("/report 2026-10-31 - 2026-10-01", "is not after the start"),
    ],
)
async def test_a_mistake_is_told_with_what_would_be_right(town: Town, line: str, sentence: str) -> None:
    await set_up(town)
    assert sentence in (await ask(town, line)).text


async def context(engine: Engine, telegram_id: int, *, public_url: str = "https://signup.example.org") -> Context:
    person = await engine.read(people.by_telegram_id, telegram_id)
    assert person is not None
    words = Words(language=Languages(LOCALES).all["en"], zone=ZoneInfo("Europe/Riga"), now=engine.now())
    return Context(engine=engine, person=person, chat_id=telegram_id, words=words, public_url=public_url)


async def test_a_card_is_shared_with_a_button_to_sign_up(office: Office) -> None:
    card = await office.profile(name="Autumn <sales>")
    await office.profile(name="Winter")
    [article] = await inline.results(await context(office.engine, 1001), "sales autumn")
    content = article.to_dict()["input_message_content"]
    assert article.title == "Autumn <sales>"
    assert content["message_text"].splitlines()[:2] == ["<b>Autumn &lt;sales&gt;</b>", "Sales / EMEA"]
    assert card.token not in content["message_text"]
    button = article.to_dict()["reply_markup"]["inline_keyboard"][0][0]
    assert button == {"text": "Sign up", "url": f"https://signup.example.org/s/{card.token}"}


async def test_where_the_pages_are_not_public_the_link_is_in_the_text(office: Office) -> None:
    card = await office.profile()
    local = await context(office.engine, 1001, public_url="http://127.0.0.1:8080")
    [article] = await inline.results(local, "")
    assert article.reply_markup is None
    assert f"http://127.0.0.1:8080/s/{card.token}" in article.to_dict()["input_message_content"]["message_text"]


async def test_a_link_that_is_over_is_not_shared(office: Office, clock: Clock) -> None:
    card = await office.profile(window="now - +1 day")
    clock.advance(days=2)
    [article] = await inline.results(await context(office.engine, 1001), "")
    assert article.reply_markup is None
    assert card.token not in str(article.to_dict())
    assert str(article.description).startswith("🏁 Ended")


async def test_at_most_twenty_are_given_the_newest_first(office: Office) -> None:
    for number in range(21):
        await office.profile(name=f"Profile {number}")
    found = await inline.results(await context(office.engine, 1001), "profile")
    assert [article.title for article in found] == [f"Profile {number}" for number in range(20, 0, -1)]


async def test_only_what_one_may_edit_is_shared_and_nothing_without_the_permission(office: Office) -> None:
    engine, card = office.engine, await office.profile()
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    await a_manager(engine, "Sales", telegram_id=MANAGER)
    await a_user(engine, Role.CUSTOM, "Sales", telegram_id=1004, permissions=[Permission.RECEIVE_DIGESTS])
    assert len(await inline.results(await context(engine, MANAGER), "")) == 1
    assert await inline.results(await context(engine, 1004), "") == []
    change = Change(field=EditedField.DEPARTMENT, value="Support")
    await engine.write(editing.edit, office.owner_id, card.profile_id, change, engine.now())
    assert await inline.results(await context(engine, MANAGER), "") == []
