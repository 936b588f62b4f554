"""Every kind of button reached from Home, for each role: each tap is answered, and each screen has a way back.

The roles share the languages among them: what a screen holds is the same in all, and `test_bot_labels` has the labels.
`make crawl` does it for each role in each language, in a large account.
"""

import pytest

from bot.receiving.routes import COMMANDS
from core.domain.access import Permission, Role
from core.domain.field_kinds import Kind
from core.services import access_requests, departments, form_fields, policies, roles
from core.services.form_fields import FieldDraft
from core.services.policies import Switch
from tests.support.account import Office
from tests.support.crawler import Crawler
from tests.support.rows import a_manager, a_user, transfer

pytestmark = [pytest.mark.deep, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]

OWNER, ADMINISTRATOR, MANAGER, READER = 1001, 2001, 2002, 2003
MOST_TAPS = 2000
HOMES = ("start", "menu")  # what they show is where all ways lead back to


async def an_office(office: Office) -> None:
    """Fill an account, and let one person of each role into its chat."""
    engine, now = office.engine, office.engine.now()
    for number in range(12):
        name = f"{number:02} <b>& 🍂"
        await engine.write(departments.add, office.owner_id, f"Sales / {name} / {name}", now)
        await engine.write(roles.add, office.owner_id, name, [Permission.RECEIVE_DIGESTS], now)
        await transfer(engine, await a_user(engine, Role.LEARNER, name=name), "Sales / EMEA")
    for name in ("Autumn <b>&", "Осенний набор " * 9, "שלום", "🍂 Winter"):
        made = await office.profile(name=name)
    await office.sign_up(made.token)
    shirt = FieldDraft(label="Shirt <b>&", kind=Kind.TEXT)
    await engine.write(form_fields.add_field, office.owner_id, shirt, now)
    full = await office.profile(name="Full", limit="1")
    await office.sign_up(full.token, "boris@example.com")
    asking = {"first_name": "Dina", "last_name": "Bo", "email": "dina@example.com"}
    await engine.write(access_requests.ask, full.token, asking, now)
    await engine.write(policies.switch, office.owner_id, Switch.APPROVAL, now, on=True)
    await office.sign_up((await office.profile(name="Asks first")).token, "carla@example.com")
    await a_user(engine, Role.ADMINISTRATOR, telegram_id=ADMINISTRATOR, name="Ada")
    await a_manager(engine, "Sales", telegram_id=MANAGER)
    await a_user(
        engine, Role.CUSTOM, "Sales", telegram_id=READER, name="Rita", permissions=(Permission.RECEIVE_DIGESTS,)
    )


@pytest.mark.parametrize(
    ("telegram_id", "language"), [(OWNER, "en"), (ADMINISTRATOR, "es"), (MANAGER, "ru"), (READER, "es")]
)
async def test_no_button_leads_nowhere_and_no_screen_is_beyond_a_phone(
    office: Office, telegram_id: int, language: str
) -> None:
    await an_office(office)
    found = await Crawler(office.engine, telegram_id, language).crawl(MOST_TAPS)
    assert found.faults == [], "\n".join(found.faults)
    assert found.left == set()


async def test_no_line_is_answered_without_a_way_back_nor_is_one_that_is_repeated(office: Office) -> None:
    await an_office(office)
    crawler = Crawler(office.engine, OWNER, "en")
    for command in COMMANDS:
        if command.name not in HOMES:
            for line in (f"/{command.name}", *command.examples[:1] * 2):
                await crawler.type(line)
    assert crawler.found.faults == [], "\n".join(crawler.found.faults)
