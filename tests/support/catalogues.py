"""The sentences of an edge, as its code says them and as its catalogues translate them."""

import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

ROOT = Path(__file__).parents[2]
MESSAGE = re.compile(r"^msgid (.*?)^msgstr", re.MULTILINE | re.DOTALL)
PLACES = re.compile(r"\{(\w+)\}|%\((\w+)\)s")

Sentence = str | tuple[str, ...]


def said_in(edge: str, keywords: dict[str, Any]) -> frozenset[Sentence]:
    """Every sentence that the edge's Python and templates mark."""
    return _said_in(edge, tuple(keywords.items()))


@cache
def _said_in(edge: str, keywords: tuple[tuple[str, Any], ...]) -> frozenset[Sentence]:
    found = extract_from_dir(
        ROOT / edge,
        method_map=[("sandbox/**", "ignore"), ("**.py", "python"), ("**.html", "jinja2")],
        options_map={"**.html": {"newstyle_gettext": "true", "trimmed": "false"}},
        keywords=dict(keywords),
    )
    return frozenset(message for _, _, message, _, _ in found)


def translated_in(edge: str, code: str) -> Catalog:
    """An edge's catalogue of a language."""
    with (ROOT / edge / "locales" / f"{code}.po").open("rb") as file:
        return read_po(file, locale=code)


def problems(edge: str, code: str, keywords: dict[str, Any]) -> list[str]:
    """What a catalogue lacks, has too much, or translates with other places."""
    said, catalogue = said_in(edge, keywords), translated_in(edge, code)
    kept = {message.id for message in catalogue if message.id}
    found = [f"missing: {sentence}" for sentence in said - kept] + [f"stale: {stale}" for stale in kept - said]
    found += [f"translated twice: {twice}" for twice in _twice(edge, code)]
    for message in catalogue:
        if message.id:
            ids, strings = _several(message.id), _several(message.string or "")
            if len(ids) > 1 and len(strings) != catalogue.num_plurals:
                found.append(f"plural forms: {message.id}")
            found += [f"places: {string}" for string in strings if not string or _places(string) != _places(ids[-1])]
    return found


def _twice(edge: str, code: str) -> list[str]:
    """Sentences that stand in a catalogue twice, of which the reader takes one in silence."""
    entries = (ROOT / edge / "locales" / f"{code}.po").read_text(encoding="utf-8").split("\n\n")
    written = [match.group(1) for entry in entries if (match := MESSAGE.search(entry))]
    return [sentence for sentence, times in Counter(written).items() if times > 1]


def _several(text: Sentence | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)


def _places(text: str) -> set[str]:
    return {"".join(place) for place in PLACES.findall(text)}
