"""Buttons of another version, or forged: each explains itself, and nothing is read or written for it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.commands import tapped
from bot.context import StaleButton
from bot.messages import Words
from bot.service import LOCALES
from core.domain.access import ROLE_PERMISSIONS, Role
from core.language import Languages
from core.services.people import Person
from tests.support.context import spoken_to

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
    "drop!:1:2",
    "undrop:A",
    "select",
    "select:one:words",
    "mark:0:1:abc",
    "mark:0:one:abc:words",
    "qr:one",
    "relink:",
    "relink!:one:token",
    "export:1",
    "export:1:pdf",
    "export:one:csv",
    "returns:one",
    "returns:1:one",
    "return!:one:reason",
)


@pytest.mark.parametrize("data", FORGED)
async def test_a_button_of_another_version_explains_itself(data: str) -> None:
    owner = Person(
        user_id=1, first_name="Olivia", role=Role.OWNER, permissions=ROLE_PERMISSIONS[Role.OWNER], language="en"
    )
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    words = Words(language=Languages(LOCALES).all["en"], zone=ZoneInfo("Europe/Riga"), now=now)
    with pytest.raises(StaleButton):
        await tapped(spoken_to(words, owner), data)
