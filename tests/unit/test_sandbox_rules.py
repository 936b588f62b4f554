"""Telegram's HTML, URLs, entities and pictures, as the sandbox checks them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.rules.api_error import ApiError
from bot.sandbox.rules.entity_detection import with_detected_entities
from bot.sandbox.rules.formatted_text import FormattedText
from bot.sandbox.rules.html_parser import parse_html
from bot.sandbox.rules.images import image_size
from bot.sandbox.rules.texts import text_fields
from bot.sandbox.rules.urls import UrlError, checked_url, public_url


def entity(kind: str, offset: int, length: int, **more: str) -> dict[str, Any]:
    return {"type": kind, "offset": offset, "length": length, **more}


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("<b>a</b><strong>b</strong>", "ab", [entity("bold", 0, 1), entity("bold", 1, 1)]),
        ("<i>a</i> <em>b</em>", "a b", [entity("italic", 0, 1), entity("italic", 2, 1)]),
        ("<u>a</u><s>b</s>", "ab", [entity("underline", 0, 1), entity("strikethrough", 1, 1)]),
        ("<tg-spoiler>a</tg-spoiler>", "a", [entity("spoiler", 0, 1)]),
        ('<span class="tg-spoiler">a</span>', "a", [entity("spoiler", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [entity("expandable_blockquote", 0, 1)]),
        ("🟢 <b>x</b>", "🟢 x", [entity("bold", 3, 1)]),
        ("<b>a<i>b</i></b>", "ab", [entity("bold", 0, 2), entity("italic", 1, 1)]),
        ("&lt;b&gt; &amp; &quot;&#33;&#x21; &nbsp;", '<b> & "!! &nbsp;', []),
        (
            '<a href="https://example.org?a=1&amp;b">x</a>',
            "x",
            [entity("text_link", 0, 1, url="https://example.org?a=1&b/")],
        ),
        ("<a href='http://localhost'>x</a>", "x", []),
        ('<pre><code class="language-sql">x</code></pre>', "x", [entity("pre", 0, 1, language="sql")]),
        ("<pre>x</pre>", "x", [entity("pre", 0, 1)]),
        ("<B>x</B>", "x", [entity("bold", 0, 1)]),
    ],
)
def test_html_becomes_text_and_entities(source: str, text: str, entities: list[dict[str, Any]]) -> None:
    assert parse_html(source) == FormattedText(text, tuple(entities))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href=x", "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
    ],
)
def test_wrong_html_is_refused_with_its_place(source: str, words: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_html(source)
    assert refusal.value.description == f"Bad Request: can't parse entities: {words}"


def test_text_is_trimmed_and_its_entities_move_along() -> None:
    formatted = with_detected_entities(parse_html("\n <b>x</b> /help \n"))
    assert formatted == FormattedText("x /help", (entity("bold", 0, 1), entity("bot_command", 2, 5)))


def test_addresses_in_plain_text_are_found_but_not_inside_code() -> None:
    formatted = with_detected_entities(parse_html("See http://127.0.0.1:8080/s/x. <code>https://example.org</code>"))
    assert formatted.entities == (entity("url", 4, 25), entity("code", 31, 19))


@pytest.mark.parametrize(
    "address", ["example.org", "https://example.org/x", "tg://resolve?domain=x", "http://8.8.8.8/"]
)
def test_a_public_address_is_taken(address: str) -> None:
    assert address in public_url(address)


@pytest.mark.parametrize("address", ["localhost", "http://10.0.0.1/", "http://[::1]/", "http://a b.org", "http://x:y/"])
def test_an_address_of_ones_own_network_is_refused(address: str) -> None:
    with pytest.raises(UrlError, match=r"^Wrong HTTP URL$"):
        public_url(address)


def test_a_link_may_lead_to_an_address_of_ones_own_network() -> None:
    assert checked_url("http://127.0.0.1:8080/s/x") == "http://127.0.0.1:8080/s/x"


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (b"GIF89a" + b"\x0a\x00\x14\x00", (10, 20)),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x14\x00\x0a", (10, 20)),
        (b"RIFF____WEBPVP8X" + b"\0" * 8 + b"\x09\0\0\x13\0\0", (10, 20)),
        (b"RIFF____WEBPVP8L" + b"\0" * 4 + b"\x2f" + (9 | 19 << 14).to_bytes(4, "little"), (10, 20)),
        (b"RIFF____WEBPVP8 " + b"\0" * 10 + b"\x0a\x00\x14\x00", (10, 20)),
        (b"\xff\xd8\xff", None),
        (b"GIF89a\0\0\0\0", None),
        (b"plain text", None),
    ],
)
def test_a_picture_tells_its_size(data: bytes, size: tuple[int, int] | None) -> None:
    assert image_size(data) == size


def test_entities_beyond_a_hundred_are_dropped() -> None:
    formatted = FormattedText("/a " * 101, tuple(entity("bot_command", 3 * number, 2) for number in range(101)))
    assert len(text_fields("text", "entities", formatted)["entities"]) == 100
