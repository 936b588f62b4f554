"""Example lines with the keywords of a person's language: `/digest еженедельно пн 09:00` for `weekly mon`."""

import re
from collections.abc import Mapping

from core.domain.keywords import (
    ANSWERS,
    AS_IN_TELEGRAM,
    COURSE_FIELDS,
    DIGEST,
    FIELD_SETTINGS,
    FIELD_TEXTS,
    FREQUENCIES,
    KINDS,
    PAGE_SETTINGS,
    PERIODS,
    PERMISSIONS,
    PROFILE_FIELDS,
    REMIND,
    ROLES,
    SETTING_VALUES,
    SETTINGS,
    SHOWN_TIMES,
    SWITCH,
    in_language,
)

PROFILE = ("now", "unlimited", *SHOWN_TIMES)
VOCABULARY: Mapping[str, tuple[str, ...]] = {  # command -> the keywords that its lines can have
    "signup": SWITCH,
    "digest": (*DIGEST, *FREQUENCIES, *SHOWN_TIMES),
    "editprofile": (*PROFILE_FIELDS, *PROFILE),
    "newprofile": PROFILE,
    "invite": ROLES,
    "assign": ROLES,
    "addrole": PERMISSIONS,
    "changerole": PERMISSIONS,
    "addfield": (*KINDS, *FIELD_SETTINGS),
    "changefield": FIELD_SETTINGS,
    "translatefield": FIELD_TEXTS,
    "editcourse": (*COURSE_FIELDS, "none"),
    "report": (*PERIODS, *SHOWN_TIMES),
    "log": ("unconfirmed",),
    "missing": REMIND,
    "waiting": ANSWERS,
    "language": AS_IN_TELEGRAM,
}


def in_words_of(code: str, line: str) -> str:
    """Return an example line with its keywords in a language. Names and texts in it stay as they are."""
    command, space, rest = line.partition(" ")
    name = command.removeprefix("/")
    if name == "settings":
        return f"{command}{space}{_setting(rest, code)}"
    known = sorted(VOCABULARY.get(name, ()), key=len, reverse=True)
    if not known:
        return line
    word = re.compile(rf"(?<![\w/])(?:{'|'.join(map(re.escape, known))})(?!\w)")
    return f"{command}{space}{word.sub(lambda found: in_language(found[0], code), rest)}"


def _setting(rest: str, code: str) -> str:
    """Translate the setting's word, and the value if all of it is a keyword: else it is a text."""
    word, space, value = rest.partition(" ")
    meant = in_language(value, code) if value in SETTING_VALUES else value
    return f"{in_language(word, code) if word in (*SETTINGS, *PAGE_SETTINGS) else word}{space}{meant}"
