"""Buttons of another version, or forged: each explains itself, and nothing is read or written for it."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from bot.context import Context
from bot.handlers import departments, form_fields, profile_editing, profiles
from bot.input.arguments import LONGEST_NUMBER, StaleButton
from bot.menu.command import CommandHandler
from bot.receiving.routes import handle_button
from bot.service import LOCALES
from bot.wording.phrases import Words
from core.domain.access import ROLE_PERMISSIONS, Role
from core.domain.fingerprint import fingerprint
from core.domain.links import LinkState
from core.domain.windows import Window
from core.language import Languages
from core.services.account import Organisation
from core.services.department_removal import Removal
from core.services.departments import Move
from core.services.form_fields import FieldRemoval
from core.services.people import Person
from core.services.profile_editing import EditedField, EditPreview, Settled
from core.services.profiles import Card
from tests.support.context import spoken_to

RIGA = ZoneInfo("Europe/Riga")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HIGHEST = int("9" * LONGEST_NUMBER)
SEEN = fingerprint("anything")
MOVE = Move(
    department_id=HIGHEST,
    parent_id=HIGHEST,
    before=("a",),
    after=("b", "a"),
    people=0,
    profiles=0,
    gaining=(),
    losing=(),
    closing=(),
    opening=(),
)
REMOVAL = Removal(
    department_id=HIGHEST,
    departments=(("a",),),
    profiles=(),
    waiting=(),
    unnamed=0,
    rules=(),
    invitations=0,
    expected=0,
    seen=SEEN,
)
FIELD = FieldRemoval(field_id=HIGHEST, label="a", answers=0, seen=SEEN)
CARD = Card(
    profile_id=HIGHEST,
    name="a",
    department=("a",),
    state=LinkState.OPEN,
    paused=False,
    window=Window(starts_at=NOW, ends_at=datetime.max.replace(tzinfo=UTC, year=9998)),
    organisation=Organisation(name="Northwind", zone=RIGA, sign_up_enabled=True),
    limit=1,
    used=0,
    reserved=0,
    kept=0,
    token="T" * 24,
    shares=(),
    editable=True,
    may_enable_sign_up=True,
)
PREVIEW = EditPreview(
    settled=Settled(field=EditedField.DEPARTMENT, value=HIGHEST, seen=SEEN),
    before=CARD,
    after=replace(CARD, department=("b",)),
    repeated=(),
    editors_lost=0,
    editors_gained=0,
    learners_stay=0,
)
FORGED = (
    "",
    "nothing",
    "delete:1",
    "profile:one",
    "save",
    "save:1:end",
    "save:one:end:5:abc",
    "save:1:colour:5:abc",
    "save:1:end:soon:abc",
    "save:1:end:5:abc:more",
    "drop:",
    "end!:",
    "end!:Aabcd",
    "undrop:A",
    "qr:one",
    "relink:",
    "relink!:one:token",
    "export:1",
    "export:1:pdf",
    "export:one:csv",
    "returns:one",
    "returns:1:one",
    "return!:one:reason",
    "duplicate:one",
    "list",
    "list:0",
    "list:one:page:0",
    "list:0:page:one",
    "list:0:only:many",
    "list:0:mark:one",
    "list-undo:one",
    "department-end!:1",
    "person-end!:1",
    "department-move!:1:2",
    "field-end!:1",
)


def a_context(engine: object = None) -> Context:
    owner = Person(
        user_id=1,
        first_name="Olivia",
        role=Role.OWNER,
        permissions=ROLE_PERMISSIONS[Role.OWNER],
        language="en",
        zone=RIGA,
    )
    return spoken_to(Words(language=Languages(LOCALES).all["en"], zone=RIGA, now=NOW), owner, engine)


@pytest.mark.parametrize("data", FORGED)
async def test_a_button_of_another_version_explains_itself(data: str) -> None:
    with pytest.raises(StaleButton):
        await handle_button(a_context(), data)


@pytest.mark.parametrize(
    ("ask", "line", "answer"),
    [
        (departments.ask_to_move, "a | b", MOVE),
        (departments.ask_to_delete, "a", REMOVAL),
        (form_fields.ask_to_remove, "a", FIELD),
        (profile_editing.change, f"{HIGHEST} department b", PREVIEW),
        (profiles.show, str(HIGHEST), CARD),
    ],
    ids=["move", "delete", "take off", "edit", "card"],
)
async def test_a_button_has_room_for_the_longest_numbers(ask: CommandHandler, line: str, answer: object) -> None:
    async def read(*_: object) -> object:
        return answer

    screen = await ask(a_context(SimpleNamespace(read=read)), line)
    carried = [str(button.callback_data) for row in screen.rows for button in row if button.callback_data]
    assert any(str(HIGHEST) in data for data in carried)
    assert max(len(data.encode()) for data in carried) <= 64
