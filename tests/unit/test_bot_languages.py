"""Every sentence of the chat exists in every language, and every refusal has words."""

import inspect
from datetime import UTC, datetime
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

import pytest

from bot.cards import MARKS
from bot.commands import COMMANDS
from bot.menu import BY_NAME
from bot.messages import REFUSALS, Words, refusal
from bot.service import LOCALES
from core import errors
from core.domain.links import LinkState
from core.language import Languages
from tests.support.catalogues import problems, said_in

MARKED: dict[str, tuple[int, ...] | None] = {"say": None, "N_": None, "count": (1, 2)}
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LANGUAGES = Languages(LOCALES)
EXAMPLES: dict[Any, Any] = {
    str: "Example",
    int: 7,
    datetime: NOW,
    tuple[str, ...]: ("One", "Two"),
    dict[str, errors.Problem]: {},
}
REFUSED = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.Refusal)]


@pytest.mark.parametrize("code", ["ru", "es"])
def test_every_sentence_is_translated_with_the_same_places_and_none_is_stale(code: str) -> None:
    assert len(said_in("bot", MARKED)) > 100
    assert problems("bot", code, MARKED) == []


@pytest.mark.parametrize("code", sorted(LANGUAGES.all))
@pytest.mark.parametrize("kind", [kind for kind in REFUSED if kind is not errors.Refusal])
def test_every_refusal_has_words_in_every_language(kind: type[errors.Refusal], code: str) -> None:
    words = Words(language=LANGUAGES.all[code], zone=ZoneInfo("Europe/Riga"), now=NOW)
    hints = get_type_hints(kind)
    data = {name: EXAMPLES[hints[name]] for name in getattr(kind, "__dataclass_fields__", {})}
    assert kind in REFUSALS
    assert len(refusal(words, kind(**data))) > 10


def test_every_command_is_in_the_menu_and_every_entry_is_a_command() -> None:
    assert set(BY_NAME) == set(COMMANDS) - {"start", "menu", "cancel"}


@pytest.mark.parametrize("code", sorted(LANGUAGES.all))
def test_summaries_fit_into_telegrams_menu(code: str) -> None:
    assert all(len(LANGUAGES.all[code].gettext(entry.summary)) <= 256 for entry in BY_NAME.values())


def test_every_state_of_a_link_has_its_mark() -> None:
    assert set(MARKS) == set(LinkState)
    assert len(set(MARKS.values())) == len(MARKS)
