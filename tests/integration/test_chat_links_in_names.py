"""Whatever people are called, and whatever they call things, no part of it becomes a link in a message."""

import re

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.sandbox.rules.entity_detection import with_detected_entities
from bot.sandbox.rules.formatted_text import FormattedText
from core.domain.access import Permission
from core.domain.field_kinds import Kind
from core.domain.form_fields import read_form
from core.services import courses, departments, form_fields, policies, profile_links, redemption, roles
from core.services.form_fields import FieldDraft
from core.services.policies import Switch
from core.services.redemption import SignUp
from core.storage.tables import User
from tests.support.account import FAST_HASH, Office
from tests.support.router_fixture import Counter
from tests.support.rows import the_form

HOSTILE = "Evil evil.com @evil_bot t.me/evil"
COPIED = re.compile(r"<code>.*?</code>", re.DOTALL)  # not turned into links
LINES = (
    "/start",
    "/profiles",
    "/profile 1",
    "/history 1",
    "/waiting",
    "/people",
    "/person #2",
    "/person #3",
    "/roles",
    "/invitations",
    "/departments",
    "/courses",
    "/fields",
    "/settings",
    "/log",
    "/report",
    "/digest now",
    "/profiles evil.com nowhere",
    "/people @evil_bot nobody",
    "/transfer evil.com | evil.com",
    "/deletedepartment Evil evil.com @evil_bot",
    "/deleteprofile 1",
    "/check https://evil.com/s/x",
)
TAPS = ("links:1", "person:2", "person-end:2", "decline:3", "drop:1", "profile:1")


def call_everybody(session: Session, name: str) -> None:
    """Store names as they are in accounts that are older than the check."""
    session.execute(update(User).values(first_name=name, last_name="", job_title=name))


@pytest.fixture
async def desk(office: Office) -> Counter:
    """An account in which everything has a hostile name."""
    write, owner, now = office.engine.write, office.owner_id, office.engine.now()
    name = "Evil evil.com @evil_bot"
    await write(departments.add, owner, name, now)
    profile = await office.profile(name=HOSTILE, department=name)
    await write(profile_links.add, owner, profile.profile_id, HOSTILE, now)
    await write(courses.add, owner, HOSTILE, "https://learn.example.com", "", now)
    await write(courses.add_rule, owner, name, HOSTILE, now)
    await write(roles.add, owner, HOSTILE, [Permission.MANAGE_PEOPLE], now)
    await write(form_fields.add_field, owner, FieldDraft(label=HOSTILE, kind=Kind.CHOICE, choices=(HOSTILE, "b")), now)
    form = await office.engine.read(the_form)
    for email in ("evil@example.com", "waiting@example.com"):
        values = {"first_name": "A", "last_name": "B", "email": email, "login": "", "password": "a long secret"}
        newcomer = read_form({**values, "custom_1": HOSTILE, "job_title": HOSTILE}, form, region=None)
        await write(
            redemption.redeem, profile.token, SignUp(newcomer=newcomer, password_hash=FAST_HASH, form_key=email), now
        )
        await write(policies.switch, owner, Switch.APPROVAL, now, on=True)
    await write(call_everybody, HOSTILE)
    return Counter(office.engine)


def links(heard: str) -> set[str]:
    """What Telegram would turn into a link and isn't ours."""
    text = COPIED.sub(" ", heard.partition("{'")[0])  # without the buttons
    units = text.encode("utf-16-le")
    found = with_detected_entities(FormattedText(text, ())).entities
    linked = (units[2 * each["offset"] : 2 * (each["offset"] + each["length"])].decode("utf-16-le") for each in found)
    return {each for each in linked if "evil" in each.casefold() and each != "evil@example.com"}


async def test_no_line_is_answered_with_a_name_as_a_link(desk: Counter) -> None:
    heard = {line: await desk.line(1001, line) for line in LINES}
    assert {line: found for line, said in heard.items() if (found := links(said))} == {}
    assert sum("evil" in said.casefold() for said in heard.values()) > len(LINES) // 2


async def test_no_button_shows_a_name_as_a_link(desk: Counter) -> None:
    for data in TAPS:
        heard = await desk.tap(1001, data)
        assert "evil" in heard.casefold(), data
        assert links(heard) == set(), data
