"""However long and odd a text is, reading it costs little CPU of this thread, whatever else the machine does."""

import time
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.addresses import find_address, holds_address, unlinked
from core.domain.field_kinds import Kind
from core.domain.form_fields import BUILT_IN, Field, Form, read_form
from core.domain.naming import find_word, nearest, parse_path
from core.domain.passwords import spellings
from core.domain.text import key, plain, search_key, search_words, tidy
from core.errors import Refusal
from web.forms import LARGEST_FORM

BUDGET = 0.05  # seconds
PATTERNS = st.text(
    st.one_of(st.characters(), st.sampled_from("\u0301\u0316\u0344\u200b\u200d\ufdfaİßa.@-/ +0")),
    min_size=1,
    max_size=6,
)
HEAVY = ("a\u0301\u0316", "\u0344", "\ufdfa", "\u0301" * 30 + "\u200b", "a.", "a@", "xn--", "- ", "+1", "9", "\u3000")


def grown(pattern: str, size: int = LARGEST_FORM) -> str:
    """Repeat a pattern up to a number of bytes."""
    return pattern * (size // len(pattern.encode(errors="replace")))


def seconds(work: Callable[[], object]) -> float:
    """The CPU time of work; of three times the least, because the first one fills caches."""

    def once() -> float:
        began = time.thread_time()
        with suppress(Refusal):
            work()
        return time.thread_time() - began

    return min(once() for _ in range(3))


CUSTOM = tuple(
    Field(name=f"custom_{number}", kind=kind, longest=1000, label=kind, field_id=number, choices=("a", "b"))
    for number, kind in enumerate(Kind)
    if kind not in {Kind.NAME, Kind.EMAIL, Kind.LOGIN, Kind.PASSWORD}
)
EVERY_FIELD = Form(fields=(*BUILT_IN, *CUSTOM), email_domains=("example.com",))


@pytest.mark.parametrize("field", EVERY_FIELD.fields, ids=lambda field: field.name)
def test_any_field_of_the_form_is_read_in_a_moment(field: Field) -> None:
    for pattern in HEAVY:
        values = {field.name: grown(pattern)}
        assert seconds(lambda values=values: read_form(values, EVERY_FIELD, region="LV")) < BUDGET, ascii(pattern)  # type: ignore[misc]


@given(pattern=PATTERNS)
def test_a_form_full_of_anything_is_read_in_a_moment(pattern: str) -> None:
    share = grown(pattern, LARGEST_FORM // len(EVERY_FIELD.fields))
    values = {field.name: share for field in EVERY_FIELD.fields}
    assert seconds(lambda: read_form(values, EVERY_FIELD, region="LV")) < BUDGET


TEXTS: dict[str, Callable[[str], object]] = {
    "tidy": tidy,
    "plain": plain,
    "key": key,
    "search key": search_key,
    "search": search_words,
    "password": spellings,
    "address": find_address,
    "links": holds_address,
    "shown": unlinked,
    "path": parse_path,
    "word": lambda text: find_word(text, Kind),
    "nearest": lambda text: nearest(text, [f"Department {number}" for number in range(100)]),
}


@pytest.mark.parametrize("work", TEXTS.values(), ids=TEXTS)
@given(pattern=PATTERNS)
def test_a_text_as_long_as_a_message_is_normalised_in_a_moment(work: Callable[[str], object], pattern: str) -> None:
    assert seconds(lambda: work((pattern * 4096)[:4096])) < BUDGET


@pytest.mark.parametrize("name", ["tidy", "search", "password", "address"])
def test_a_text_as_long_as_a_form_is_normalised_in_a_moment(name: str) -> None:
    for pattern in HEAVY:
        text = grown(pattern)
        assert seconds(lambda text=text: TEXTS[name](text)) < BUDGET, ascii(pattern)  # type: ignore[misc]
