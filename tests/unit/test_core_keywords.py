"""Keywords of lines in three languages: each has one meaning where it is asked for, and examples show it."""

import re
from collections.abc import Iterator

import pytest

from bot.receiving.routes import COMMANDS
from bot.service import LOCALES
from bot.wording import labels
from bot.wording.keyword_lines import VOCABULARY, in_words_of
from core.domain.access import FOR_CUSTOM_ROLES, Role
from core.domain.field_kinds import CUSTOM_KINDS
from core.domain.keywords import (
    FIELD_SETTINGS,
    KINDS,
    LANGUAGES,
    PERMISSIONS,
    PROFILE_FIELDS,
    ROLES,
    SETS,
    find_keyword,
    first_keyword,
    forms,
    in_language,
    is_none,
)
from core.language import MOMENTS, Languages
from core.services.profile_changes import EditedField
from core.services.roles import BUILT_IN
from tests.unit.test_bot_usage import words_in

CATALOGUES = Languages(LOCALES).all
OF_SEVERAL_SETS = [(word, among) for among in SETS for word in among]
EXAMPLES = [(code, line) for code in LANGUAGES for command in COMMANDS for line in command.examples]


def written() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Every spelling with what it means, and the words that it is asked for among."""
    for word, among in OF_SEVERAL_SETS:
        for form in forms(word):
            yield form, word, among


@pytest.mark.parametrize(("form", "word", "among"), list(written()))
def test_a_keyword_is_understood_in_every_language_and_case(form: str, word: str, among: tuple[str, ...]) -> None:
    for typed in (form, form.upper(), form.capitalize(), f"  {form.replace(' ', '   ')} "):
        assert find_keyword(typed, among) == word


@pytest.mark.parametrize(("word", "among"), OF_SEVERAL_SETS)
def test_what_a_language_shows_is_another_word_and_means_the_same(word: str, among: tuple[str, ...]) -> None:
    shown = [in_language(word, code) for code in LANGUAGES]
    assert shown[0] == word
    assert re.fullmatch(r"[а-яё -]+", shown[1])
    assert [find_keyword(each, among) for each in shown] == [word] * len(LANGUAGES)


@pytest.mark.parametrize("text", ["", "onn", "limit 20", "on off", "x" * 5000, "ограничения нет места"])
def test_any_other_text_is_no_keyword(text: str) -> None:
    assert all(find_keyword(text, among) is None for among in SETS)
    assert not is_none(text)


def test_the_languages_are_those_of_moments_and_of_the_chat() -> None:
    assert set(LANGUAGES) == set(MOMENTS) == set(CATALOGUES)


def test_the_keywords_are_those_that_the_services_know() -> None:
    assert set(PROFILE_FIELDS) == set(EditedField)
    assert set(ROLES) == set(BUILT_IN)
    assert set(KINDS) == set(CUSTOM_KINDS)
    assert set(PERMISSIONS) == set(FOR_CUSTOM_ROLES)


@pytest.mark.parametrize("code", LANGUAGES)
def test_what_the_chat_calls_roles_kinds_and_fields_can_be_typed(code: str) -> None:
    say = CATALOGUES[code].gettext
    named = {kind: say(name) for kind, name in labels.ROLES.items() if kind is not Role.CUSTOM}
    assert {kind: BUILT_IN[find_keyword(name, ROLES) or ""] for kind, name in named.items()} == {
        kind: kind for kind in named
    }
    assert [find_keyword(say(labels.KINDS[kind]), KINDS) for kind in CUSTOM_KINDS] == list(CUSTOM_KINDS)
    shown = [say(name) for name in ("Department", "Start", "End", "Limit")]
    assert [find_keyword(name, PROFILE_FIELDS) for name in shown] == ["department", "start", "end", "limit"]


@pytest.mark.parametrize(("code", "line"), EXAMPLES)
def test_an_example_in_a_language_has_that_languages_words_alone(code: str, line: str) -> None:
    name = line.partition(" ")[0].removeprefix("/")
    shown = in_words_of(code, line)
    assert shown == line if code == "en" else True
    assert shown.partition(" ")[0] == f"/{name}"
    if code != "en":
        for word in VOCABULARY.get(name, ()):
            assert not re.search(rf"(?<![\w/]){word}(?!\w)", shown.partition(" ")[2]) or in_language(word, code) == word


@pytest.mark.parametrize(
    ("code", "line", "shown"),
    [
        ("ru", "/signup on", "/signup вкл"),
        ("es", "/signup on", "/signup activar"),
        ("ru", "/digest weekly mon 09:00", "/digest еженедельно пн 09:00"),
        ("es", "/digest monthly 1 09:00", "/digest mensual 1 09:00"),
        ("ru", "/editprofile 1 limit 20", "/editprofile 1 лимит 20"),
        ("ru", "/editprofile 1 end +2 weeks", "/editprofile 1 конец +2 недели"),
        ("ru", "/settings lastname required", "/settings фамилия обязательно"),
        ("ru", "/settings privacy We keep your name", "/settings конфиденциальность We keep your name"),
        ("es", "/invite department administrator | Sales", "/invite administrador de departamento | Sales"),
        ("ru", "/return 12 | wrong department", "/return 12 | wrong department"),
        ("ru", "/adddepartment name / end", "/adddepartment name / end"),
    ],
)
def test_keywords_of_an_example_are_translated_and_names_and_texts_are_not(code: str, line: str, shown: str) -> None:
    assert in_words_of(code, line) == shown
    assert str(words_in(code).line(line)) == f"<code>{shown}</code>"


@pytest.mark.parametrize(
    ("text", "word", "rest"),
    [
        ("required", "required", ""),
        ("choices S, M", "choices", "S, M"),
        ("варианты S, M", "choices", "S, M"),
        ("не показывать", "hidden", ""),
        ("label  Shirt size", "label", "Shirt size"),
        ("Shirt size", None, "Shirt size"),
        ("", None, ""),
    ],
)
def test_a_line_begins_with_a_keyword_of_one_or_several_words(text: str, word: str | None, rest: str) -> None:
    assert first_keyword(text, FIELD_SETTINGS) == (word, rest)
