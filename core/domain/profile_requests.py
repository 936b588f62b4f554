"""Reads what one free sentence says of a sign-up profile: `new link for sales until friday, 30 people`."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from core.domain.keywords import find_keyword
from core.domain.moments import parse_end, parse_moment
from core.domain.numbers import count_of_people
from core.domain.text import plain
from core.domain.time_words import meanings, spelled
from core.errors import NoSuchDay, TimeAmbiguous, TimeNotUnderstood, TimeSkipped

LONGEST = 300  # characters of a sentence
MOST_WORDS = 40
LONGEST_TIME = 8  # words
MOST_PEOPLE = 1_000_000
STEM = 4  # letters that two forms of a word share at least
ENDING = 3  # letters at most in which they differ


def _words(text: str) -> frozenset[str]:
    return frozenset(spelled(word) for word in text.split())


VERBS = _words(
    "new create make add open need want give me please i would like a an the another "
    "новая новую новый создай создать создайте сделай сделать сделайте добавь добавить добавьте открой нужна нужен "
    "нужно хочу дай дайте мне пожалуйста ещё одну один "
    "nuevo nueva crea crear cree haz hacer haga añade añadir agrega agregar necesito quiero dame deme por favor un "
    "una otro otra el la"
)
NOUNS = _words(
    "link links sign-up signup registration profile invite invitation "
    "ссылка ссылку ссылки профиль регистрация регистрацию регистрации приглашение "
    "enlace enlaces perfil registro inscripción invitación"
)
MAKING = _words(
    "new create make add новая новую новый создай создать создайте сделай сделать сделайте добавь добавить добавьте "
    "nuevo nueva crea crear cree haz hacer haga añade añadir agrega agregar"
)
LINKS = _words(
    "link links sign-up signup profile ссылка ссылку ссылки профиль enlace enlaces perfil"
)  # no invitation, which is made elsewhere
BEFORE_DEPARTMENT = _words("for to in of at для в во на к отделу para en de del a al")
REGISTRATION = _words("registro регистрации inscripción registration")  # what a link is of
DEPARTMENT = _words(
    "department team division dept people the отдел отдела отделе отделу подразделение подразделения подразделению "
    "департамента команды команда departamento equipo área el la los las"
)
BEFORE_START = _words("from starting since с со начиная desde")
BEFORE_LIMIT = _words(
    "limit max maximum up to with for and лимит максимум не более до на и límite máximo hasta con para y"
)
QUOTED = re.compile(
    r'(?:(?:named|called|под названием|с названием|название|llamad[oa]|con nombre) )?"([^"]+)"', re.IGNORECASE
)
NAMED = re.compile(
    r"\b(?:named|called|name|под названием|с названием|название|по имени|llamad[oa]|con nombre|nombre)\b:? *([^,]+)",
    re.IGNORECASE,
)
NUMBER = re.compile(r"[0-9][0-9.,' ]*")


@dataclass(frozen=True, kw_only=True)
class ProfileRequest:
    """What a sentence says of a profile, each part as typed, None if it isn't said."""

    department: str | None = None
    start: str | None = None
    end: str | None = None
    limit: str | None = None
    name: str | None = None


def read_request(text: str, zone: ZoneInfo, now: datetime) -> ProfileRequest | None:
    """Read a sentence that asks for a new link or profile, or says only when and how many: `until friday, 30 people`.

    Return None for any other text.
    """
    written = plain(text[: LONGEST + 1])
    if len(written) > LONGEST:
        return None
    found = {}
    if named := QUOTED.search(written) or NAMED.search(written):
        found["name"] = named[1].strip()
        written = f"{written[: named.start()]} , {written[named.end() :]}"
    words = _split(written)
    if len(words) > MOST_WORDS:
        return None
    is_asking, is_list = _asks(words), "," in words
    if not is_asking and not is_list:
        return None
    words = _without_times(words, found, zone, now)
    words = _without_limit(words, found)
    if is_asking:
        _read_rest(words, found)
        return ProfileRequest(**found)
    return ProfileRequest(**found) if len(found) > 1 and set(words) == {","} else None


def asks_for_new(text: str, zone: ZoneInfo, now: datetime) -> bool:
    """Return whether a text is a sentence for a new link wherever it is typed: `new link for sales until friday`.

    It begins with the order to make one; what follows is for whom it is, when, how many, or how it is called.
    """
    asked = read_request(text, zone, now)
    if asked is None or text.rstrip().endswith("?"):
        return False
    words = [spelled(word) for word in _split(plain(text))]
    place = next((place for place, word in enumerate(words) if word in NOUNS), len(words))
    before, behind = words[:place], words[place:]
    after = [word for word in behind if word not in NOUNS | REGISTRATION]
    is_order = VERBS.issuperset(before) and not MAKING.isdisjoint(before) and not LINKS.isdisjoint(behind)
    says_more = any((asked.start, asked.end, asked.limit, asked.name))
    return is_order and (says_more or bool(after and after[0] in BEFORE_DEPARTMENT))


def _split(text: str) -> list[str]:
    """Return the words of a text; what ends a part of a sentence is a comma."""
    return re.sub(r",(?![0-9])|[;.!?:](?=\s|$)", " , ", text).split()


def alike(words: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that have a word in another form for each of these words: `продаж` and `Продажи`."""
    wanted = [word for word in spelled(words).replace("/", " ").split() if word not in DEPARTMENT]
    return tuple(name for name in names if wanted and all(_is_in(word, name) for word in wanted))


def _is_in(word: str, name: str) -> bool:
    return any(_same(word, other) for other in spelled(name).replace("/", " ").split())


def _same(one: str, other: str) -> bool:
    shared = next((place for place, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    length = min(len(one), len(other)) if shared is None else shared
    return one == other or (length >= STEM and max(len(one), len(other)) - length <= ENDING)


def _asks(words: Sequence[str]) -> bool:
    """Return whether it asks for a link: a noun for one, with nothing but verbs and at most a name before it."""
    spelt = [spelled(word) for word in words]
    place = next((place for place, word in enumerate(spelt) if word in NOUNS), None)
    return place is not None and (place == 0 or spelt[0] in VERBS)


def _without_times(words: list[str], found: dict[str, str], zone: ZoneInfo, now: datetime) -> list[str]:
    """Take the longest parts that are times out of the words: a start if a word says so, else the end."""
    rest, place = list[str](), 0
    while place < len(words):
        length = _time_at(words, place, zone, now)
        typed = " ".join(words[place : place + length])
        part = "start" if length and spelled(words[place]) in BEFORE_START else "end"
        if length and part not in found:
            found[part] = typed
            rest.append(",")
        else:
            length = 1
            rest.append(words[place])
        place += length
    return rest


def _time_at(words: Sequence[str], place: int, zone: ZoneInfo, now: datetime) -> int:
    """Return how many words from a place on are a time, 0 if none is."""
    for length in range(min(LONGEST_TIME, len(words) - place), 0, -1):
        span = words[place : place + length]
        last = meanings().get(spelled(span[-1]))
        if "," not in (span[0], span[-1]) and last not in ("", "for") and _is_time(" ".join(span), zone, now):
            return length
    return 0


def _is_time(text: str, zone: ZoneInfo, now: datetime) -> bool:
    read = parse_moment if spelled(text.split(maxsplit=1)[0]) in BEFORE_START else parse_end
    try:
        read(text, zone, now)
    except (TimeAmbiguous, TimeSkipped):
        return True
    except (TimeNotUnderstood, NoSuchDay):
        return False
    return True


def _without_limit(words: list[str], found: dict[str, str]) -> list[str]:
    """Take the limit out of the words: a number, also with what it counts, or a word for no limit."""
    for length in (3, 2, 1):
        for place in range(len(words) - length + 1):
            typed = " ".join(words[place : place + length])
            if "," not in typed.split() and _is_limit(typed):
                found["limit"] = typed
                before = words[:place]
                while before and spelled(before[-1]) in BEFORE_LIMIT:
                    before.pop()
                return [*before, ",", *words[place + length :]]
    return words


def _is_limit(typed: str) -> bool:
    return find_keyword(typed, ("unlimited",)) is not None or count_of_people(typed, MOST_PEOPLE) is not None


def _read_rest(words: Sequence[str], found: dict[str, str]) -> None:
    """Read the department, behind a preposition, and the name, which is what else is said."""
    spelt = [spelled(word) for word in words]
    place = next((place for place, word in enumerate(spelt) if word in NOUNS), -1)
    before = [word for word in words[: max(place, 0)] if spelled(word) not in VERBS and word != ","]
    after = [word for word in words[place + 1 :] if spelled(word) not in REGISTRATION]
    start = next((at for at, word in enumerate(after) if spelled(word) in BEFORE_DEPARTMENT), None)
    behind = after[start + 1 :] if start is not None else after
    part = " ".join(behind).strip(" ,").partition(",")[0].strip()
    kept = part.split()
    while kept and spelled(kept[0]) in DEPARTMENT | BEFORE_DEPARTMENT:
        kept.pop(0)
    while kept and spelled(kept[-1]) in DEPARTMENT:
        kept.pop()
    if kept:
        found["department"] = " ".join(kept)
    if before and "name" not in found:
        found["name"] = " ".join(before)
