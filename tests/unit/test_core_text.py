"""Texts as people type them: bounded, tidied to be shown, and reduced to keys to compare and to search by."""

import unicodedata
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.text import (
    LONGEST_KEY,
    LONGEST_SEARCH,
    MOST_MARKS,
    MOST_WORDS,
    key,
    opaque,
    plain,
    search_key,
    search_text,
    search_words,
    tidy,
)

TEXTS = st.text(st.one_of(st.characters(), st.sampled_from("\u200c\u200d\u00ad\u0301\u0344ی👩eΐİß–’ﷺ ")))


@given(text=TEXTS)
def test_what_is_tidy_stays_as_it_is(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


@given(text=st.text(st.sampled_from("a\u0301\u0316\u200b\u0344 \u0958"), max_size=200))
def test_no_more_marks_are_in_a_row_than_in_stream_safe_text(text: str) -> None:
    rows = [
        len(list(row)) for mark, row in groupby(tidy(text), lambda each: unicodedata.category(each)[0] == "M") if mark
    ]
    assert max(rows, default=0) <= MOST_MARKS


@given(text=TEXTS)
def test_a_key_is_the_key_of_itself(text: str) -> None:
    assert key(key(text)) == key(text)


@given(text=st.text(st.characters(categories=["L", "N"]), max_size=40))
def test_texts_in_capitals_and_in_small_letters_have_one_key(text: str) -> None:
    assert key(text.upper().lower()) == key(text.upper())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sales – EMEA", "sales - emea"),
        ("“Sales” d’Oltremare", '"sales" d\'oltremare'),
        ("Ｓａｌｅｓ", "Sales"),
        ("Straße", "STRASSE"),
        ("ΐ", "Ϊ\u0301"),
        ("Cafe\u0301", "CAFÉ"),
        ("ﾃﾞｰﾀ", "データ"),
        ("  Sales \t team ", "Sales team"),
    ],
)
def test_a_key_ignores_case_spacing_width_dashes_and_quotes(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(("one", "other"), [("Émile", "Emile"), ("ё", "е"), ("5²", "52"), ("A-1", "A1")])
def test_a_key_keeps_what_tells_names_apart(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Семён Ёлкин", "семен елкин"),
        ("İzmir", "izmir"),
        ("IŞIK", "ışık"),
        ("Straße", "STRASSE"),
        ("Łódź", "lodz"),
        ("Ørsted Æsir", "orsted aesir"),
        ("O’Brien", "o'brien"),
        ("Anna–Maria", "anna-maria"),
        ("ΆΝΝΑ", "αννα"),
        ("שָׁלוֹם", "שלום"),
        ("ﬁnance", "finance"),
        ("Anna", "ＡＮＮＡ"),
    ],
)
def test_words_are_found_without_accents_and_in_any_case_of_any_alphabet(name: str, words: str) -> None:
    assert all(word in search_key(name) for word in search_words(words))


@pytest.mark.parametrize(("name", "words"), [("ガ", "カ"), ("कि", "कु"), ("Anna", "Anne")])
def test_marks_that_are_part_of_letters_still_tell_words_apart(name: str, words: str) -> None:
    assert not all(word in search_key(name) for word in search_words(words))


@settings(deadline=None)
@given(text=st.one_of(TEXTS, st.text(max_size=2000)))
def test_a_search_uses_a_bounded_number_of_words_of_a_bounded_length(text: str) -> None:
    assert len(search_words(text)) <= MOST_WORDS
    assert len(search_text(text)) <= LONGEST_SEARCH
    assert search_text(search_text(text)) == search_text(text)
    assert search_words(search_text(text)) == search_words(text)


def test_ten_words_of_a_search_are_used() -> None:
    assert search_words(" ".join(f"w{number}" for number in range(990))) == tuple(f"w{number}" for number in range(10))


def test_a_search_key_fits_into_an_index_of_postgresql() -> None:
    assert len(search_key("ﷺ" * 100, "👩" * 500, None).encode()) <= 4 * LONGEST_KEY < 2704 - 100


@pytest.mark.parametrize("spelt", ["pa\u00a0ss", "pa\u3000ss", "pa\u2003ss"])
def test_any_space_of_a_password_is_the_same(spelt: str) -> None:
    assert opaque(spelt) == "pa ss"


def test_a_password_is_the_same_whether_its_letters_are_typed_in_one_or_two_parts() -> None:
    assert opaque("cafe\u0301") == opaque("café")


@pytest.mark.parametrize(("typed", "hashed"), [("Ｗｉｄｅ１", "Wide1"), ("ﬁve", "five"), ("ｶﾅ", "カナ")])
def test_a_password_is_the_same_with_letters_of_another_width_or_in_ligatures(typed: str, hashed: str) -> None:
    assert opaque(typed) == hashed


@pytest.mark.parametrize("typed", ["  two  spaces ", "Bērziņa", "UPPER", "tab\tand\x00nul"])
def test_nothing_else_of_a_password_is_changed(typed: str) -> None:
    assert opaque(typed) == typed


@pytest.mark.parametrize("typed", ["2026‐11–24", "２０２６−11—24", " 2026-11-24\u200b"])
def test_typography_means_nothing_in_a_time(typed: str) -> None:
    assert plain(typed) == "2026-11-24"
