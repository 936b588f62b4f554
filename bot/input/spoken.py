"""Commands as people say them in a word or two, without a slash, in English, Russian and Spanish."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from core.domain.periods import parse_period
from core.domain.time_words import spelled
from core.errors import PeriodNotUnderstood, Refusal

LONGEST = 40  # characters of a message that may be one
LONGEST_WITH_PERIOD = 100  # of one that may name a period, too
AROUND = " .!?¡¿…"
CANCEL = "cancel"
REPORT = "report"

# Command -> what else it is called.
LEAVING: Mapping[str, str] = {  # understood also where something else is being asked
    CANCEL: "stop, quit, exit, отмена, отменить, отмени, стоп, выход, cancelar, salir",
    "menu": "main menu, меню, главное меню, menú principal",
    "help": "справка, помощь, помоги, помогите, ayuda, ayúdame",
}
GREETINGS = (
    "hello, hi, hey, good morning, привет, здравствуй, здравствуйте, добрый день, доброе утро, добрый вечер, "
    "hola, buenos días, buenas tardes"
)
OTHERS: Mapping[str, str] = {
    "start": f"начать, empezar, {GREETINGS}",
    "newprofile": (
        "new link, create a link, make a link, новая ссылка, создать ссылку, создай ссылку, сделай ссылку, "
        "nuevo enlace, crear enlace, crear un enlace"
    ),
    "profiles": "links, my links, ссылки, мои ссылки, профили, enlaces, mis enlaces, perfiles",
    "people": "learners, люди, сотрудники, ученики, personas, alumnos",
    "history": (
        "who joined, who came, who has come, who signed up, история, кто пришёл, кто зарегистрировался, "
        "historial, quién se registró, quién llegó, quién ha venido, quiénes han venido, quién vino"
    ),
    "missing": (
        "who is missing, who's missing, who did not come, who didn't come, who has not come, who hasn't come, "
        "remind, remind them, кто не пришёл, кто ещё не пришёл, кого нет, напомнить, напомни, "
        "quién falta, quiénes faltan, quién no ha venido, quiénes no han venido, quién no vino, recordar, recordarles"
    ),
    "progress": (
        "who has not started, who hasn't started, who did not start, who didn't start, not started, who is behind, "
        "who's behind, кто не начал, кто ещё не начал, прогресс, quién no ha empezado, quiénes no han empezado, "
        "quién no empezó, progreso"
    ),
    REPORT: (
        "reports, statistics, how many joined, how many came, how many signed up, how many people joined, "
        "отчёт, отчёты, статистика, сколько пришло, сколько зарегистрировалось, сколько человек пришло, "
        "сколько человек зарегистрировалось, "
        "informe, informes, estadísticas, cuántos se registraron, cuántos llegaron, cuántos vinieron, "
        "cuántas personas se registraron"
    ),
    "departments": "подразделения, отделы, departamentos",
    "courses": "курсы, cursos",
    "enrol": "enroll, give a course, назначить курс, asignar un curso, asignar curso",
    "unenrol": "unenroll, take a course back, отозвать курс, retirar un curso, retirar curso",
    "transfer": "перевести, перевод, trasladar, traslado",
    "waiting": "who waits, who is waiting, who's waiting, кто ждёт, заявки, pendientes, quién espera",
    "digest": "digests, сводка, сводки, resumen, resúmenes",
    "language": "languages, change language, язык, сменить язык, idioma, cambiar idioma, cambiar de idioma",
    "settings": "настройки, ajustes, configuración",
}


def command_in_words(text: str, *, leaving: bool) -> str:
    """Return the name of the command that a message says in words; empty if none.

    `leaving`: only those that leave what is being asked, because all else may be the answer to it.
    """
    if len(text) > LONGEST:
        return ""
    said = _said(text)
    return _leaving().get(said, "") if leaving else _all().get(said, "")


def period_of_report(text: str, zone: ZoneInfo, now: datetime) -> str:
    """Return the period that stands behind words for a report, as in “report last month”; empty if none does.

    It may be one that a report refuses, such as one that is ahead.
    """
    said = text.strip(AROUND) if len(text) <= LONGEST_WITH_PERIOD else ""
    words = said.split()
    begins = (place for place in range(len(words) - 1, 0, -1) if _all().get(_said(" ".join(words[:place]))) == REPORT)
    period = " ".join(words[next(begins, len(words)) :])
    if not period:
        return ""
    try:
        parse_period(period, zone, now)
    except PeriodNotUnderstood:
        return ""
    except Refusal:
        pass  # the report says why
    return period


def is_greeting(text: str) -> bool:
    """Return whether a message only greets."""
    return len(text) <= LONGEST and _said(text) in _greetings()


def is_question(text: str) -> bool:
    """Return whether a message of several words asks something."""
    said = text.strip()
    return len(said.split()) > 1 and (said.endswith(("?", "؟")) or said.startswith("¿"))


@cache
def _greetings() -> frozenset[str]:
    return frozenset(_said(word) for word in GREETINGS.split(","))


@cache
def _leaving() -> Mapping[str, str]:
    return _by_spelling(LEAVING)


@cache
def _all() -> Mapping[str, str]:
    return {**_by_spelling(OTHERS), **_leaving()}


def _by_spelling(called: Mapping[str, str]) -> Mapping[str, str]:
    return {_said(word): name for name, words in called.items() for word in (name, *words.split(","))}


def _said(text: str) -> str:
    """Return what was said, however it is spelled: phones are typed on without apostrophes."""
    return spelled(text.strip(AROUND)).replace("'", "")
