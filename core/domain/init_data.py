"""What Telegram tells a Mini App about who opened it: verified with the bot's token, and how old it may be."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

from core.domain.text import tidy
from core.errors import InitDataProblem, InitDataRefused

LONGEST = 8192  # characters; Telegram sends about 500
MOST_FIELDS = 30
LONGEST_NAME = 64  # characters, as in Telegram
LONGEST_LANGUAGE = 16
HIGHEST_PERSON = 2**52 - 1  # Bot API, User: at most 52 significant bits
OLDEST = timedelta(hours=1)
AHEAD = timedelta(minutes=5)  # by which Telegram's clock may be ahead of ours


@dataclass(frozen=True, kw_only=True)
class InitData:
    """A person in Telegram who opened the Mini App at `at` (UTC), in their client's language (an IETF tag, or empty).

    `digest` is Telegram's signature, which no other opening has. `may_write`: the bot may write to the person.
    `start` is the parameter of the link that opened it, empty if there was none.
    """

    telegram_id: int
    first_name: str
    last_name: str
    language: str
    may_write: bool
    start: str
    at: datetime
    digest: str


def read_init_data(text: str, bot_token: str) -> InitData:
    """Verify and read `Telegram.WebApp.initData` ("Validating data received via the Mini App", Bot API).

    Its age isn't looked at. Raises InitDataRefused.
    """
    fields = _fields(text)
    given = fields.pop("hash", "")
    if not hmac.compare_digest(given.encode(errors="replace"), _signature(fields, bot_token).encode()):
        raise InitDataRefused(InitDataProblem.FORGED)
    try:
        user = json.loads(fields["user"])
        number, at = int(user["id"]), datetime.fromtimestamp(int(fields["auth_date"]), UTC)
        if not 0 < number <= HIGHEST_PERSON:
            raise InitDataRefused(InitDataProblem.FORGED)
        return InitData(
            telegram_id=number,
            first_name=_short(user.get("first_name")),
            last_name=_short(user.get("last_name")),
            language=str(user.get("language_code") or "")[:LONGEST_LANGUAGE],
            may_write=user.get("allows_write_to_pm") is True,
            start=fields.get("start_param", ""),
            at=at,
            digest=given,
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, OSError, RecursionError):
        raise InitDataRefused(InitDataProblem.FORGED) from None  # signed, but about nobody: a chat's attachment menu


def check_age(data: InitData, now: datetime) -> None:
    """Check that the Mini App was opened within the last hour. Raises InitDataRefused."""
    if not -AHEAD <= now - data.at <= OLDEST:
        raise InitDataRefused(InitDataProblem.OLD)


def _fields(text: str) -> dict[str, str]:
    """Return the fields, each of which is given once. Raises InitDataRefused."""
    try:
        pairs = parse_qsl(text[: LONGEST + 1], keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        pairs = []
    fields = dict(pairs)
    if len(text) > LONGEST or len(fields) != len(pairs):
        raise InitDataRefused(InitDataProblem.FORGED)
    return fields


def _signature(fields: Mapping[str, str], bot_token: str) -> str:
    """Return the signature of all fields, by name, one a line (SHA-256, hex)."""
    key = hmac.new(b"WebAppData", bot_token.encode(), hashlib.sha256).digest()
    signed = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
    return hmac.new(key, signed.encode(errors="replace"), hashlib.sha256).hexdigest()


def _short(name: object) -> str:
    return tidy(str(name or "")[:LONGEST_NAME])
