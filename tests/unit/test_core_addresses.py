"""E-mail addresses in one normal form, domains that look like others, and texts that chats turn into links."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.sandbox.rules.entity_detection import with_detected_entities
from bot.sandbox.rules.formatted_text import FormattedText
from core.domain.addresses import domain_of, find_address, find_domain, holds_address, told_apart, unlinked
from core.domain.text import tidy

PARTS = st.sampled_from(["evil", ".", "com", "@", "/", "http", "s", "://", " ", "Anna", "x", "_", "-", "1", "#", "é"])
LINKS = {"url", "email", "mention", "bot_command"}


@pytest.mark.parametrize(
    "typed",
    [
        "anna@bücher.example",
        "Anna@BÜCHER.example",
        "anna@xn--bcher-kva.example",
        "ＡＮＮＡ＠bücher．example",
        " anna@bu\u0308cher.example ",
        "anna@bücher。example",
    ],
)
def test_an_address_has_one_form_however_it_is_typed(typed: str) -> None:
    assert find_address(typed) == "anna@bücher.example"


@given(text=st.one_of(st.emails(), st.text(max_size=60)))
def test_the_form_of_an_address_is_kept(text: str) -> None:
    if found := find_address(text):
        assert find_address(found) == found


@pytest.mark.parametrize("typed", ["", "anna", "anna@", "@example.com", "anna@xn--a.com", "a" * 2000 + "@example.com"])
def test_what_is_no_address_has_no_form(typed: str) -> None:
    assert find_address(typed) is None


def test_a_domain_is_found_in_ascii() -> None:
    assert find_domain(" @BÜCHER.example ") == "xn--bcher-kva.example"
    assert find_domain("no domain") is None


@pytest.mark.parametrize("domain", ["аррӏе.com", "gооgle.com", "paypaı.com", "αpple.com", "mail.аррӏе.com"])
def test_a_domain_that_looks_like_another_is_told(domain: str) -> None:
    told = domain_of(f"anna@{domain}")
    assert told.looks_like_another
    assert told.ascii.isascii()


@pytest.mark.parametrize(
    "domain", ["example.com", "bücher.de", "пример.com", "орех.рф", "日本ひらカ.jp", "münchen-24.de"]
)
def test_a_domain_in_one_script_looks_like_itself(domain: str) -> None:
    assert not domain_of(f"anna@{domain}").looks_like_another


@example(text="evil.com.Anna")
@example(text="-.com")
@given(text=st.lists(PARTS, max_size=12).map("".join))
def test_no_part_of_an_unlinked_text_is_turned_into_a_link(text: str) -> None:
    shown = unlinked(text)
    assert {entity["type"] for entity in with_detected_entities(FormattedText(shown, ())).entities} & LINKS == set()
    assert not holds_address(shown.replace("\u2060", " "))
    assert tidy(shown) == tidy(text)  # what is copied from a message is read as it was typed


@pytest.mark.parametrize("text", ["Sales / EMEA", "St.John", "A/P", "v2.5", "24.12.2026", "9:30", "Anna"])
def test_other_texts_are_shown_as_they_are(text: str) -> None:
    assert unlinked(text) == text


@pytest.mark.parametrize(
    ("stored", "written"),
    [
        ("anna@аррӏе.com", "anna@xn--80ak6aa92e.com"),
        ("anna@bücher.example", "anna@bücher.example"),
        ("анна@пример.рф", "анна@пример.рф"),
        ("anna@example.com", "anna@example.com"),
    ],
)
def test_a_file_tells_an_address_from_the_one_that_it_looks_like(stored: str, written: str) -> None:
    assert told_apart(stored) == written
