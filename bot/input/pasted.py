"""What people paste: links within a message, between brackets, with tracking behind them; addresses among names."""

import re
from collections.abc import Iterable
from urllib.parse import unquote

from core.domain.addresses import find_address

# A code as Telegram's deep links have it (Bot API, "Deep linking"): up to 64 of these characters.
INVITATION = re.compile(
    r"(?:\b(?:t|telegram)\.(?:me|dog)/(?P<bot>\w+)/?\?|\btg:(?://)?resolve/?\?domain=(?P<domain>\w+)&)"
    r"(?:[\w.~-]+(?:=[\w.~%-]*)?&(?:amp;)?)*start=(?P<code>[\w-]{1,64})",
    re.ASCII | re.IGNORECASE,
)
CODE = re.compile(r"/start(?:@\w+)?[\s:=][^\w-]*(?P<code>[\w-]{1,64})[^\w-]*", re.ASCII | re.IGNORECASE)
BARE_CODE = re.compile(r"(?:start\s+)?[^\w-]*(?P<code>[\w-]{32})[^\w-]*", re.ASCII | re.IGNORECASE)  # of our length
LONGEST_LINE = 200  # characters of a message that can be a code alone
SIGN_UP = re.compile(r"/s/(?P<token>[\w-]{1,64})(?P<behind>\S*)", re.ASCII | re.IGNORECASE)
INVISIBLE = str.maketrans("", "", "\u200b\u2060\u2066\u2067\u2068\u2069\ufeff")
AROUND = ".,;:!?<>()[]{}«»“”„\"'`*"
BEFORE = re.compile(rf"[\s{re.escape(AROUND)}]*")
BETWEEN = re.compile(r"[\s,;<>()\"“”«»]+")  # addresses


def invitation_code(text: str, bot_name: str, *, links: Iterable[str] = ()) -> str | None:
    """Return the code of an invitation to this bot in a message: of its link, of `/start CODE`, or the code alone.

    `links` are those behind words of the message. None if there is no code.
    """
    text = text.translate(INVISIBLE).strip()
    for part in (text, *links):
        for found in INVITATION.finditer(part):
            if (found["bot"] or found["domain"]).casefold() == bot_name.casefold():
                return found["code"]
    line = text if len(text) <= LONGEST_LINE else ""
    alone = CODE.fullmatch(line) or BARE_CODE.fullmatch(line)
    return alone["code"] if alone else None


def sign_up_token(text: str, public_url: str) -> str | None:
    """Return the token of a sign-up link of this site in a message; None if there is none."""
    site = public_url.partition("://")[2].rstrip("/").casefold()
    for found in SIGN_UP.finditer(_decoded(text)):
        if _decoded(text)[: found.start()].casefold().endswith(site):
            return found["token"]
    return None


def addresses_alone(text: str) -> list[str]:
    """Return the e-mail addresses that a text consists of, each once; none if it has other words too."""
    parts = _parts(text)
    found = [address for part in parts if (address := _address(part)) is not None]
    return list(dict.fromkeys(found)) if len(found) == len(parts) else []


def addresses_in(text: str) -> list[str]:
    """Return the e-mail addresses in a text, each once, whatever else is in it."""
    return list(dict.fromkeys(address for part in _parts(text) if (address := _address(part)) is not None))


def _parts(text: str) -> list[str]:
    stripped = (part.strip(".:") for part in BETWEEN.split(text))
    return [part for part in stripped if part]


def _address(text: str) -> str | None:
    return find_address(text) if "@" in text else None


def link_and_rest(text: str) -> tuple[str, str]:
    """Split a line into a link's token, or what was typed instead of a link, and the text behind the link."""
    text = _decoded(text)
    if found := SIGN_UP.search(text):
        return found["token"], _behind(text[found.end() :])
    link, *rest = _behind(text).split(maxsplit=1) or [""]
    return link.rstrip(AROUND), _behind("".join(rest))


def _behind(text: str) -> str:
    """Return a text without the white space around it and the punctuation that it begins with."""
    return BEFORE.sub("", text, count=1).rstrip()


def _decoded(text: str) -> str:
    """Return a text without invisible characters, and with the slashes of links within links."""
    text = text.translate(INVISIBLE)
    return unquote(text) if "%2f" in text.casefold() else text
