"""Which characters the bytes of a list stand for."""

import codecs
import re
from collections.abc import Iterable, Mapping

from core.errors import ListProblem, ListUnreadable

CYRILLIC, WESTERN, BALTIC = "cp1251", "cp1252", "cp1257"
WITH_MARK: Mapping[bytes, str] = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
# Letters beyond ASCII by language: they tell which of Windows' encodings gives words.
ALPHABETS: Mapping[str, tuple[str, frozenset[str]]] = {
    "ru": (CYRILLIC, frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяё")),
    "uk": (CYRILLIC, frozenset("абвгдежзийклмнопрстуфхцчшщьюяєіїґ")),
    "es": (WESTERN, frozenset("áéíóúüñ")),
    "de": (WESTERN, frozenset("äöüß")),
    "fr": (WESTERN, frozenset("àâçéèêëîïôùûüÿœæ")),
    "pt": (WESTERN, frozenset("áâãàçéêíóôõú")),
    "lv": (BALTIC, frozenset("āčēģīķļņšūž")),
    "lt": (BALTIC, frozenset("ąčęėįšųūž")),
    "et": (BALTIC, frozenset("äöüõšž")),
}
WORD = re.compile(r"[^\W\d_]+")
EXPECTED, KNOWN, ODD = 4, 1, -6  # what a letter is worth: of a language in use, of any, in a word that none has
SAMPLE = 20_000  # bytes looked at
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f]")


def decoded(contents: bytes, languages: Iterable[str]) -> str:
    """Decode a text: UTF-8, UTF-16 by its mark, else the Windows encoding that gives letters of the `languages`.

    The languages (ISO 639) are those of the account, the most likely first. Raises ListUnreadable.
    """
    text = _decoded(contents, tuple(languages))
    if text is None or CONTROL.search(text):
        raise ListUnreadable(ListProblem.OTHER_FORMAT)
    return text


def _decoded(contents: bytes, languages: tuple[str, ...]) -> str | None:
    for mark, encoding in WITH_MARK.items():
        if contents.startswith(mark):
            return _try(contents.removeprefix(mark), encoding)
    unmarked = _try(contents, "utf-8")
    if unmarked is not None:
        return unmarked
    encodings = dict.fromkeys(
        [*(ALPHABETS[each][0] for each in languages if each in ALPHABETS), WESTERN, CYRILLIC, BALTIC]
    )
    beginnings = {encoding: _try(contents[:SAMPLE], encoding) for encoding in encodings}
    ranked = sorted(
        (encoding for encoding, text in beginnings.items() if text is not None),
        key=lambda encoding: -_worth(beginnings[encoding] or "", encoding, languages),
    )
    return next((text for encoding in ranked if (text := _try(contents, encoding)) is not None), None)


def _try(contents: bytes, encoding: str) -> str | None:
    try:
        return contents.decode(encoding)
    except UnicodeDecodeError:
        return None


def _worth(text: str, encoding: str, languages: tuple[str, ...]) -> int:
    """Return how likely a text is: by letters of the languages, and by words as no language has them.

    They mix Latin and Cyrillic letters, or have more letters with accents than without.
    """
    known = frozenset[str]().union(*(letters for of, letters in ALPHABETS.values() if of == encoding))
    expected = frozenset[str]().union(
        *(ALPHABETS[each][1] for each in languages if each in ALPHABETS and ALPHABETS[each][0] == encoding)
    )
    total = 0
    for word in WORD.findall(text.lower()):
        beyond = [letter for letter in word if not letter.isascii()]
        plain = len(word) - len(beyond)
        odd = 0 < plain < len(word) if encoding == CYRILLIC else len(beyond) > plain
        total += sum(
            ODD if odd else EXPECTED if each in expected else KNOWN if each in known else -KNOWN for each in beyond
        )
    return total
