"""Links as they arrive when they were copied: with the punctuation of a sentence, or what a messenger adds."""

import re
import unicodedata
from urllib.parse import unquote

LONGEST = 200  # characters behind /s/ that are looked at
LONGEST_TOKEN = 64
RUN = re.compile(r"[A-Za-z0-9_-]+")
FORMATTING = "_-"  # around words in messengers and Markdown; older tokens may begin or end with them
QUOTED = "3D"  # an equals sign in quoted-printable e-mails (RFC 2045, 6.7)


def possible_tokens(copied: str) -> tuple[str, ...]:
    """Return which tokens may be meant by what was copied behind `/s/`, the most likely first; at most six."""
    return tuple(dict.fromkeys(token for text in _spellings(copied[:LONGEST]) for token in _in(text)))


def is_sound(token: str) -> bool:
    """Return whether a token begins and ends with a letter or digit, so that no formatting is taken for a part."""
    return token[:1].isalnum() and token[-1:].isalnum()


def _spellings(copied: str) -> tuple[str, str]:
    """Return the text without spaces and invisible characters, and with one more level of %-escapes decoded."""
    return _visible(copied), _visible(unquote(copied))


def _visible(text: str) -> str:
    return "".join(each for each in text if unicodedata.category(each)[0] not in "CZ")


def _in(text: str) -> list[str]:
    run = RUN.search(text)
    if run is None or len(run[0]) > LONGEST_TOKEN:
        return []
    bare = run[0].strip(FORMATTING)
    return [each for each in (run[0], bare, bare.removeprefix(QUOTED)) if each]
