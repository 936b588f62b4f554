"""Names, and paths of departments, as people type them."""

from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.naming import clean_name, find_word, format_path, nearest, parse_path
from core.domain.text import tidy
from core.errors import InvalidName, PathIncomplete, PathTooDeep, WordNotUnderstood


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Autumn sales", "Autumn sales"),
        ("  Autumn \t sales\n", "Autumn sales"),
        ("Autumn\x00sales", "Autumn sales"),
        ("Осень / 秋 🍂", "Осень / 秋 🍂"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("👩🏽\u200d🚀", "👩🏽\u200d🚀"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("Sa\u200dles", "Sales"),
        ("\u200fSa\u00adles\u200b", "Sales"),
        ("Sales \u200c", "Sales"),
        ("\u200cمی", "می"),
        ("می\u200c", "می"),
        ("Cafe\u0301", "Café"),
        ("x" * 200, "x" * 200),
        (" " * 300 + "x", "x"),
    ],
)
def test_a_name_is_kept_with_its_white_space_tidied(typed: str, kept: str) -> None:
    assert clean_name(typed) == kept


@pytest.mark.parametrize("typed", ["", "  ", "\x00", "x" * 201, "Autumn | sales"])
def test_a_name_that_is_empty_too_long_or_holds_a_bar_is_refused(typed: str) -> None:
    with pytest.raises(InvalidName) as refused:
        clean_name(typed)
    assert (refused.value.longest, refused.value.forbidden) == (200, "|")


@pytest.mark.parametrize("typed", ["Sales / EMEA", "Sales/EMEA", " Sales /  EMEA "])
def test_a_path_has_slashes_with_spaces_around_them_or_not(typed: str) -> None:
    assert parse_path(typed) == ("Sales", "EMEA")


@pytest.mark.parametrize("typed", ["", "/", "Sales /", "/ Sales", "Sales // EMEA", "Sales / \u200b"])
def test_a_path_in_which_a_name_is_missing_is_refused_as_such(typed: str) -> None:
    with pytest.raises(PathIncomplete) as refused:
        parse_path(typed)
    assert refused.value.path == tidy(typed)


def test_a_path_with_a_bar_is_refused() -> None:
    with pytest.raises(InvalidName):
        parse_path("Sales | EMEA")


def test_a_path_has_at_most_twenty_names() -> None:
    assert len(parse_path("/".join("a" * 20))) == 20
    with pytest.raises(PathTooDeep):
        parse_path("/".join("a" * 21))


@settings(deadline=None)
@given(text=st.text(max_size=60))
def test_a_path_that_was_read_is_written_so_that_it_is_read_the_same(text: str) -> None:
    try:
        path = parse_path(text)
    except (InvalidName, PathIncomplete):
        return
    assert parse_path(format_path(path)) == path


@pytest.mark.parametrize("wanted", ["slaes", "SALES", "Sale", " sales "])
def test_what_was_probably_meant_is_found_in_any_case(wanted: str) -> None:
    assert nearest(wanted, ["Marketing", "Sales", "Support"]) == ("Sales",)


def test_a_name_may_be_told_by_the_beginning_of_one_of_its_words() -> None:
    known = ["account administrator", "department administrator", "learner", "Sales (administration)"]
    for wanted in ("Admin", "adm"):
        assert nearest(wanted, known) == ("account administrator", "department administrator")
    assert nearest("ad", known) == ()


def test_at_most_three_names_are_offered() -> None:
    assert len(nearest("Team", [f"Team {number}" for number in range(9)])) == 3


def test_nothing_alike_offers_nothing() -> None:
    assert nearest("Xyzzy", ["Marketing", "Sales"]) == ()


class Answer(StrEnum):
    SIGN_UP = "Sign up"
    LOG_IN = "Log in"


@pytest.mark.parametrize("typed", ["Sign up", "sign UP", "  sign \t up "])
def test_a_word_is_found_in_any_case_and_spacing(typed: str) -> None:
    assert find_word(typed, Answer) is Answer.SIGN_UP


def test_a_word_that_is_none_of_the_possible_ones_is_refused_with_those_that_are() -> None:
    with pytest.raises(WordNotUnderstood) as refused:
        find_word("Sing  up", Answer)
    told = refused.value
    assert (told.text, told.nearest, told.possible) == ("Sing up", ("sign up",), ("sign up", "log in"))


@pytest.mark.parametrize(
    ("wanted", "known", "near"),
    [
        ("gald", "gold", ("gold",)),  # the same first letter
        ("mold", "gold", ()),  # another one, and not much alike
        ("oarketing", "marketing", ("marketing",)),  # another one, but much alike
    ],
)
def test_a_name_with_another_first_letter_has_to_be_much_alike(wanted: str, known: str, near: tuple[str, ...]) -> None:
    assert nearest(wanted, [known]) == near
