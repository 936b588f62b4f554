"""Every sentence of the pages exists in every language, and everything that can happen has words."""

import re
from typing import Any

import pytest

from core.domain.field_kinds import DEFINITIONS, Kind
from core.domain.form_fields import BUILT_IN, Field, Form, read_form
from core.domain.links import LinkState
from core.domain.progress import Progress
from core.errors import InvalidForm, Problem
from core.language import Languages
from core.services.status_pages import Standing
from tests.support.catalogues import ROOT, problems, said_in, translated_in
from web.closed_texts import CLOSED
from web.status_texts import STANDINGS
from web.texts import (
    EARLIER_PASSWORD,
    ERRORS,
    HARD_TO_GUESS,
    HINTS,
    LABELS,
    MISSING,
    NOTICES,
    OPENING,
    OVERLOADS,
    OWN_PROBLEMS,
    PROBLEMS,
    PROGRESS,
    RIGHT_PASSWORD,
    WORK_EMAIL,
    problem_of,
)

MARKED: dict[str, Any] = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
# marked where the table is written
FROM_A_TABLE = re.compile(r"texts\.|closed\.|standing\.|label$|title$|advice$|note$|hint$")
LANGUAGES = Languages(ROOT / "web" / "locales")


def test_the_pages_speak_english_russian_and_spanish() -> None:
    assert set(LANGUAGES.all) == {"en", "ru", "es"}


@pytest.mark.parametrize("code", ["ru", "es"])
def test_every_sentence_is_translated_with_the_same_places_and_none_is_stale(code: str) -> None:
    assert len(said_in("web", MARKED)) > 60
    assert problems("web", code, MARKED) == []


@pytest.mark.parametrize("code", ["ru", "es"])
def test_a_translation_is_finished_and_stands_without_spaces_around_it(code: str) -> None:
    catalogue = translated_in("web", code)
    assert not any(message.fuzzy for message in catalogue)
    for message in catalogue:
        for string in [message.string] if isinstance(message.string, str) else message.string or ():
            assert not message.id or string.strip() == string


def test_what_is_translated_from_a_variable_stands_in_a_table() -> None:
    templates = (ROOT / "web" / "templates").glob("*.html")
    said = [said for file in templates for said in re.findall(r"(?<!\w)_\(([^\"][^,)]*)", file.read_text("utf-8"))]
    assert said
    assert all(FROM_A_TABLE.match(what) for what in said)
    closed = {sentence for words in CLOSED.values() for sentence in (words.title, words.reason, words.advice)}
    stands = {words for each in STANDINGS.values() for words in (each.title, each.happened, each.following)}
    steps, errors = set(OPENING.values()), {words for pair in ERRORS.values() for words in pair}
    tables = (
        closed
        | stands
        | steps
        | errors
        | {w for table in (LABELS, HINTS, MISSING, NOTICES, PROBLEMS, OWN_PROBLEMS, PROGRESS) for w in table.values()}
    )
    assert tables | {EARLIER_PASSWORD, RIGHT_PASSWORD, WORK_EMAIL, HARD_TO_GUESS} <= said_in("web", {"N_": None})


def test_everything_that_can_happen_has_words() -> None:
    names = {field.name for field in BUILT_IN}
    assert set(CLOSED) == set(LinkState) - {LinkState.OPEN}
    assert {Problem.MISSING, *PROBLEMS, *OWN_PROBLEMS} == set(Problem)
    assert (set(MISSING), set(LABELS), set(PROGRESS)) == (names, names, set(Progress))
    assert set(HINTS) <= names
    assert {notice for _, notice in OVERLOADS.values()} <= set(NOTICES)
    assert set(OPENING) == set(Progress)
    assert set(STANDINGS) == set(Standing)


OWN = [
    Field(name="own", label="Own", field_id=1, kind=kind, required=True, choices=("Red",))
    for kind in Kind
    if DEFINITIONS[kind].custom
]


@pytest.mark.parametrize("field", [*BUILT_IN, *OWN], ids=lambda field: f"{field.name}-{field.kind}")
@pytest.mark.parametrize("value", ["", "?", "x" * 5000])
def test_whatever_is_wrong_with_a_field_has_a_sentence_that_can_be_filled_in(field: Field, value: str) -> None:
    try:
        read_form({field.name: value}, Form(fields=(*BUILT_IN, field)), region=None)
    except InvalidForm as invalid:
        problem = invalid.problems.get(field.name)
        assert problem is None or problem_of(field, problem) % {"label": "Own", "longest": 100}


def test_every_reason_for_a_closed_link_is_told_apart() -> None:
    assert len({words.title for words in CLOSED.values()}) == len(CLOSED)
    assert {words.status for words in CLOSED.values()} == {403, 410}
