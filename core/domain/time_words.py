"""The words of typed times in English, Russian and Spanish, by what they mean.

All are written as `spelled` leaves them. All languages are understood at any time: no word of one has another meaning
in another, except those that a place in the text decides.
"""

import re
from collections.abc import Mapping
from functools import cache

from core.domain.text import key
from core.language import months

AT = "@"  # before a clock
ACCENTS = str.maketrans("áéíóúüñё", "aeiouunе")  # the last letter is Cyrillic

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNITS = ("minute", "hour", "day", "week", "month", "year")

_PHRASES: Mapping[str, str] = {  # meaning -> phrases of several words, separated by commas
    "overmorrow": "the day after tomorrow, day after tomorrow, pasado manana",
    "am": "in the morning, de la manana, por la manana, de la madrugada",
    "pm": "in the afternoon, in the evening, de la tarde, por la tarde, de la noche, por la noche",
    "noon": "al mediodia, mediodia",
    "end": "last day, последний день, последнего дня, ultimo dia",
    "in": "dentro de",
    AT: "a las, a la, alas",
    "": "no later than, up to, не позднее, не позже, a mas tardar, at the",
}
_WORDS: Mapping[str, str] = {  # meaning -> words
    "now": "now immediately сейчас сразу немедленно ahora ya",
    "yesterday": "yesterday вчера ayer",
    "today": "today сегодня hoy",
    "tomorrow": "tomorrow завтра manana",
    "overmorrow": "послезавтра",
    "mon": "mon monday пн пон понедельник понедельника понедельнику lun lunes",
    "tue": "tue tues tuesday вт вторник вторника вторнику martes",
    "wed": "wed weds wednesday ср среда среду среды среде mie miercoles",
    "thu": "thu thur thurs thursday чт четв четверг четверга четвергу jue jueves",
    "fri": "fri friday пт пятн пятница пятницу пятницы пятнице vie viernes",
    "sat": "sat saturday сб суб суббота субботу субботы субботе sab sabado",
    "sun": "sun sunday вс воскр воскресенье воскресенья воскресенью dom domingo",
    "minute": "minute minutes min mins минута минуту минуты минут мин minuto minutos",
    "hour": "hour hours hr hrs h час часа часов часу ч hora horas",
    "day": "day days d день дня дней дню дн д сутки суток dia dias",
    "week": "week weeks wk wks w неделя неделю недели недель неделе нед н semana semanas sem",
    "month": "month months mo mos mth месяц месяца месяцев месяцу мес mes meses",
    "year": "year years yr yrs y год года лет году г ano anos",
    "m": "m м",  # minutes or months
    "for": "на",
    "end": "end ends конец конца концу fin final finales",
    "next": "next следующий следующего следующему следующая следующую следующей следующее proximo proxima siguiente",
    "in": "in через en",
    "am": "am утра",
    "pm": "pm вечера",
    "night": "ночи",
    "noon": "noon полдень полудня",
    "th": "st nd rd th го е ое числа",
    AT: "at в во",
    "1": "a an one один одну одна un una uno primero",
    "2": "two два две двух dos",
    "3": "three три трех tres",
    "4": "four четыре четырех cuatro",
    "5": "five пять пяти cinco",
    "6": "six шесть шести seis",
    "7": "seven семь siete",
    "10": "ten десять diez",
    "": (
        "until till til by to through on the of this for from since during"
        " до по к ко с со за этот эту этого этой"
        " hasta para el la los las de del al desde durante por este esta"
    ),
}
UNTIL = ("until", "till", "to", "by", "through", "до", "по", "к", "hasta")


def spelled(text: str) -> str:
    """Return a text whose case, accents, typography, commas and dots behind letters no longer matter."""
    bare = key(text).translate(ACCENTS).replace(",", " ").replace(";", " ")
    bare = re.sub(r"\b([ap])\. ?m\b\.?", r"\1m", bare)
    return " ".join(re.sub(r"(?<=[^\W\d_])\.(?=\s|\d|$)", " ", bare).split())


@cache
def meanings() -> Mapping[str, str]:
    """Return what each word means, the names of the months included."""
    found = {spelled(name): MONTHS[number - 1] for name, number in months().items()}
    found |= {word: meaning for meaning, words in _WORDS.items() for word in words.split() if word not in found}
    return found


@cache
def phrases() -> tuple[tuple[re.Pattern[str], str], ...]:
    """Return the phrases of several words and what they mean, the longest first."""
    each = [(phrase.strip(), meaning) for meaning, written in _PHRASES.items() for phrase in written.split(",")]
    longest_first = sorted(each, key=lambda one: -len(one[0]))
    return tuple((re.compile(_apart(phrase, meaning)), meaning) for phrase, meaning in longest_first)


def _apart(phrase: str, meaning: str) -> str:
    """Return the pattern of a phrase; `last day` is an end only of something, and alone a day."""
    behind = r"(?= +\w)" if meaning == "end" else r"(?!\w)"
    return rf"(?<!\w){re.escape(phrase)}{behind}"
