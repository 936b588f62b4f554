"""What a custom field says in each language."""

from hypothesis import given
from hypothesis import strategies as st

from core.domain.field_kinds import Kind
from core.domain.field_texts import FieldTexts, Translations, from_stored, to_stored
from core.domain.form_fields import BUILT_IN, Field, read_value

SIZES = ("S", "M", "L")
IN_SPANISH = FieldTexts(label="Talla", hint="De camiseta", choices={"S": "Chica", "M": "M", "L": "Grande"})
SHIRT = Field(
    name="custom_1",
    kind=Kind.CHOICE,
    label="Shirt size",
    field_id=1,
    choices=SIZES,
    hint="For your T-shirt",
    translations=Translations(by_language={"es": IN_SPANISH, "ru": FieldTexts(label="Размер")}),
)
texts = st.builds(
    FieldTexts,
    label=st.text(max_size=20),
    hint=st.text(max_size=20),
    choices=st.dictionaries(st.sampled_from(SIZES), st.text(min_size=1, max_size=9), max_size=3),
)
translations = st.dictionaries(st.sampled_from(("en", "ru", "es")), texts.filter(bool)).map(
    lambda each: Translations(by_language=each)
)


def test_a_reader_gets_the_texts_of_their_language_and_for_what_is_missing_the_fields_own() -> None:
    assert (SHIRT.label_in("es"), SHIRT.hint_in("es")) == ("Talla", "De camiseta")
    assert (SHIRT.label_in("ru"), SHIRT.hint_in("ru")) == ("Размер", "For your T-shirt")
    assert (SHIRT.label_in("en"), SHIRT.hint_in("en")) == ("Shirt size", "For your T-shirt")
    assert SHIRT.options("es") == {"S": "Chica", "M": "M", "L": "Grande"}
    assert SHIRT.options("ru") == {"S": "S", "M": "M", "L": "L"}
    assert SHIRT.shown("L", "es") == "Grande"


def test_a_choice_is_understood_in_any_language_and_kept_as_the_fields_own() -> None:
    assert [read_value(SHIRT, typed, region=None) for typed in ("grande", "L", "l", "CHICA")] == ["L", "L", "L", "S"]


def test_built_in_fields_have_no_texts_of_their_own() -> None:
    assert {(each.label_in("es"), each.hint_in("es"), each.labels) for each in BUILT_IN} == {(None, "", ())}


@given(translations)
def test_what_is_stored_is_read_back(kept: Translations) -> None:
    assert from_stored(to_stored(kept)) == kept


@given(translations, st.sampled_from(("en", "ru", "es")), texts)
def test_a_change_in_one_language_leaves_the_others_as_they_are(kept: Translations, code: str, new: FieldTexts) -> None:
    changed = kept.changed(code, new)
    assert changed.of(code) == new
    assert {**changed.by_language, code: None} == {**kept.by_language, code: None}


@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from(("en", "ru", "es", "fr")))
def test_a_field_in_one_language_alone_says_the_same_to_everybody(label: str, hint: str, language: str) -> None:
    field = Field(name="custom_1", label=label, hint=hint, field_id=1)
    assert (field.label_in(language), field.hint_in(language)) == (label, hint)


@given(translations, st.lists(st.sampled_from(SIZES), unique=True))
def test_texts_of_choices_that_are_gone_go_with_them(kept: Translations, left: list[str]) -> None:
    only = kept.only(left)
    assert all(set(each.choices) <= set(left) for each in only.by_language.values())
    assert only.labels == kept.labels
