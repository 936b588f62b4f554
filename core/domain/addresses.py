"""E-mail addresses in one normal form, domains that look like others, and texts that chats turn into links."""

import re
import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from core.domain.text import is_oversized, narrow, plain, tidy

LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets

# Other scripts' letters that look like Latin ones, lower case: Cyrillic, Greek, Armenian, and rare Latin letters.
LIKE_LATIN = frozenset("асԁеһіјӏорԛѕԝхуьѵѡгпкмнтαονικρυτωηχγβεօոսհցıɡɢʟɩʀɴ")
WRITTEN_TOGETHER = (
    frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "LATIN"}),
    frozenset({"CJK", "BOPOMOFO", "LATIN"}),
    frozenset({"CJK", "HANGUL", "LATIN"}),
)

DOMAIN = r"(?<![\w@.-])(?:[\w-]+[.\u3002])+(?P<last>[^\W\d_]{2,}|xn--[\w-]+|\d{1,3})(?![\w-])"
ADDRESS = re.compile(rf"://|(?i:\bwww\.)|@\w|(?<![\w/<>])/\w|{DOMAIN}")
IP_ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}")
LINKING = re.compile(r"(?<=[\w-])[.\u3002\uff0e](?=[\w-])|[@\uff20](?=\w)|(?<![\w/<>])/(?=\w)|:(?=//)")
LABELS = re.compile(r"[.\u3002]")
SHORTEST_END = 2  # letters of a top-level domain
WORD_JOINER = "\u2060"


@dataclass(frozen=True, kw_only=True)
class Domain:
    """The domain of an e-mail address: in its language, in ASCII (IDNA), and whether it may be taken for another."""

    name: str
    ascii: str
    looks_like_another: bool


def find_address(text: str) -> str | None:
    """Return an e-mail address in the form in which it is stored; None if the text is none.

    Lower case, half-width and composed; the domain with the letters of its language, also if typed as `xn--`.
    """
    found = _validated("", text)
    return None if found is None else found.normalized


def find_domain(text: str) -> str | None:
    """Return a domain of e-mail addresses in lower-case ASCII (IDNA); None if the text is none."""
    found = _validated("x@", text.strip().removeprefix("@"))
    return None if found is None else found.ascii_domain


def domain_of(address: str) -> Domain:
    """Return the domain of a stored address."""
    name = address.rsplit("@", 1)[-1]
    *labels, top = name.split(".")
    return Domain(
        name=name,
        ascii=find_domain(name) or name,
        looks_like_another=any(_mixes_scripts(label) or (top.isascii() and _is_like_latin(label)) for label in labels),
    )


def told_apart(address: str) -> str:
    """Return a stored address so that no other one looks like it: a domain that may be taken for another in ASCII."""
    domain = domain_of(address)
    return f"{address.rsplit('@', 1)[0]}@{domain.ascii}" if domain.looks_like_another else address


def holds_address(text: str) -> bool:
    """Return whether Telegram would turn a part of the text into a link: an address, a domain, @name or /command.

    As Telegram does, names such as `St.John` are told from domains by their capital letter.
    """
    return any(_is_link(found) for found in ADDRESS.finditer(plain(text)))


def unlinked(text: str) -> str:
    """Return the text so that Telegram turns no part of it into a link: with invisible word joiners, if it would."""
    return LINKING.sub(lambda found: found[0] + WORD_JOINER, text) if holds_address(text) else text


def _validated(before: str, text: str) -> ValidatedEmail | None:
    if is_oversized(text, LONGEST_ADDRESS):
        return None
    typed = before + tidy(narrow(text)).lower()
    try:  # test_environment accepts `.test` (RFC 6761), which people use to try an installation out
        return validate_email(typed, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None


def _is_link(found: re.Match[str]) -> bool:
    last = found["last"]
    if last is None:
        return True
    if last.isdecimal():
        return IP_ADDRESS.fullmatch(found[0]) is not None
    return not _is_capitalised(last) or any(_may_end_domain(label) for label in LABELS.split(found[0])[1:-1])


def _may_end_domain(label: str) -> bool:
    return len(label) >= SHORTEST_END and label.isalpha() and not _is_capitalised(label)


def _is_capitalised(label: str) -> bool:
    return label[0].isupper() and label[1:].islower()


def _mixes_scripts(label: str) -> bool:
    scripts = {unicodedata.name(letter, "").split(" ")[0] for letter in label if letter.isalpha()}
    return len(scripts) > 1 and not any(scripts <= together for together in WRITTEN_TOGETHER)


def _is_like_latin(label: str) -> bool:
    return not label.isascii() and all(each in LIKE_LATIN or each.isascii() for each in label)
