"""Texts that people type, normalised: tidied to be shown, and reduced to keys to compare and to search by.

Work on a text is bounded before it is done: `is_oversized` looks at the length only, and no more than MOST_MARKS marks
in a row are composed (UAX #15, stream-safe text), because composing sorts each row of marks.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from itertools import groupby, islice

ROOM = 4  # typed characters for each one that may remain: decomposed letters, spaces, invisible characters
MOST_MARKS = 30  # in a row, as in UAX #15
MOST_WORDS = 10
LONGEST_SEARCH = 200
LONGEST_KEY = 600  # characters, 2,400 bytes at most: PostgreSQL indexes no more than 2,704

JOINERS = "\u200c\u200d"  # visible in Persian and Indic words and between emoji; invisible between Latin letters
JOINED = frozenset({"Lo", "Mn", "Mc", "So", "Sk"})  # Unicode categories of caseless letters, marks and emoji
PART_OF_LETTERS = frozenset({0, 7, 8, 9})  # combining classes of vowel signs, nuktas, kana voicing marks and viramas

DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63\uff0d"
APOSTROPHES = "\u2018\u2019\u201a\u201b\u02bb\u02bc\u2032\u0060\u00b4\uff07"
QUOTES = "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02"
PLAIN = str.maketrans(dict.fromkeys(DASHES, "-") | dict.fromkeys(APOSTROPHES, "'") | dict.fromkeys(QUOTES, '"'))
WIDE_OR_NARROW = re.compile("[\u3000\uff01-\uffef]")
NEITHER_LETTERS_NOR_ASCII = re.compile(r"[^\w\x00-\x7f]")  # all marks are among them
MANY_MARKS = re.compile(rf"{NEITHER_LETTERS_NOR_ASCII.pattern}{{{MOST_MARKS},}}")
# Letters that people without them on their keyboards write as these, though Unicode doesn't decompose them.
WITHOUT_STROKES = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"}
)


def is_oversized(text: str, longest: int) -> bool:
    """Return whether a text is too long to be worth reading, if at most `longest` characters may remain of it."""
    return len(text) > ROOM * longest


def tidy(text: str) -> str:
    """Return the text as one line in Unicode form C, with single spaces and without invisible characters.

    Joiners that affect how a word is displayed are kept. As far as white space and invisible characters are concerned,
    two texts that look the same become equal.
    """
    composed = _composed(text)
    if composed.isprintable():
        return " ".join(composed.split())
    visible = "".join(_visible_form(composed, place) for place in range(len(composed)))
    return _composed(" ".join(visible.split()))


def plain(text: str) -> str:
    """Tidy a text whose typography means nothing, such as a time: half-width, plain dashes, plain quotation marks."""
    return tidy(narrow(text)).translate(PLAIN)


def narrow(text: str) -> str:
    """Return the text with full-width and half-width forms as ordinary characters (the width mapping of RFC 8265)."""
    return WIDE_OR_NARROW.sub(_narrow_form, text)


def opaque(text: str) -> str:
    """Return a password as it is hashed: in form KC (NIST SP 800-63B-4, 3.1.1.2), any space as an ordinary one.

    So it is the same on keyboards that type full-width letters. Nothing is removed from it, so the caller bounds its
    length.
    """
    return unicodedata.normalize("NFKC", _with_ordinary_spaces(text))


def opaque_in_form_c(text: str) -> str:
    """Return a password as it was hashed before form KC: in form C (OpaqueString, RFC 8265, 4.2.2)."""
    return unicodedata.normalize("NFC", _with_ordinary_spaces(text))


def key(text: str) -> str:
    """Return what texts with the same meaning have in common, whatever their case, spacing, dashes and quotes."""
    decomposed = unicodedata.normalize("NFD", plain(text))  # case is folded canonically: Unicode, D145
    return unicodedata.normalize("NFC", decomposed.casefold())


def indexed_key(text: str) -> str:
    """Return `key`, or a digest of it if it is too long to be indexed."""
    whole = key(text)
    return whole if len(whole) <= LONGEST_KEY else hashlib.sha256(whole.encode()).hexdigest()


def search_key(*texts: str | None, longest: int = LONGEST_KEY) -> str:
    """Return the text in which words are searched: as `key`, without accents and in compatibility form."""
    return " ".join(_searchable(text) for text in texts if text)[:longest]


def search_text(text: str) -> str:
    """Return the words of a search as they are used and shown: tidied, MOST_WORDS at most."""
    words = tidy(text[: ROOM * LONGEST_SEARCH]).split()[:MOST_WORDS]
    return " ".join(words)[:LONGEST_SEARCH].rstrip()


def search_words(text: str) -> tuple[str, ...]:
    """Return the words that all have to be in a search key; none if the text is empty."""
    return tuple(dict.fromkeys(search_key(search_text(text)).split()))[:MOST_WORDS]


def begins_so(name: str, words: Iterable[str]) -> bool:
    """Return whether each of the words of a search is one of a name's, or the beginning of one, in any order."""
    own = search_key(name).split()
    return all(any(each.startswith(word) for each in own) for word in words)


def without_accents(text: str) -> str:
    """Return a text with the letters under its accents, in the same case and in compatibility form."""
    return unicodedata.normalize("NFC", _without_accents(unicodedata.normalize("NFKD", text)))


def _with_ordinary_spaces(text: str) -> str:
    return "".join(" " if unicodedata.category(each) == "Zs" else each for each in text)


def _composed(text: str) -> str:
    """Compose a text (form C), with MOST_MARKS marks in a row at most."""
    if MANY_MARKS.search(text):
        runs = groupby(text, _is_mark)
        text = "".join("".join(islice(run, MOST_MARKS if marks else None)) for marks, run in runs)
    return unicodedata.normalize("NFC", text)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")


def _visible_form(text: str, place: int) -> str:
    """Return what replaces a character: a space for control characters, nothing for other invisible ones."""
    character = text[place]
    if character.isprintable():
        return character
    if unicodedata.category(character) != "Cf":
        return " "
    around = text[place - 1 : place], text[place + 1 : place + 2]
    joins = character in JOINERS and all(each and unicodedata.category(each) in JOINED for each in around)
    return character if joins else ""


def _narrow_form(found: re.Match[str]) -> str:
    kind, _, code = unicodedata.decomposition(found[0]).partition(" ")
    return chr(int(code, 16)) if kind in ("<wide>", "<narrow>") else found[0]


def _searchable(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", plain(text))
    folded = _without_accents(decomposed).translate(PLAIN).casefold().translate(WITHOUT_STROKES)
    return unicodedata.normalize("NFC", _without_accents(folded))


def _without_accents(decomposed: str) -> str:
    return NEITHER_LETTERS_NOR_ASCII.sub(lambda found: "" if _is_accent(found[0]) else found[0], decomposed)


def _is_accent(character: str) -> bool:
    return unicodedata.combining(character) not in PART_OF_LETTERS
