"""Words of a line with a fixed meaning, in English, Russian and Spanish, whatever language a person has.

Some stand for no limit or no policy, which must not become a name or a text by mistake.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import TypeVar

from core.domain.time_words import spelled
from core.errors import KeywordInstead

LONGEST = 100  # characters of a text that may be one: a policy is long
LANGUAGES = ("en", "ru", "es")
MOST_WORDS = 4  # of a keyword

Word = TypeVar("Word", bound=str)

SWITCH = ("on", "off")
DIGEST = ("now", "off", "groups")
FREQUENCIES = ("daily", "weekly", "monthly")
NO_LIMIT = ("any", "off", "none", "unlimited")
PROFILE_FIELDS = ("name", "department", "start", "end", "limit")
SETTINGS = ("name", "passwords", "domains", "confirmation", "approval", "lastname", "seats", "privacy")
PAGE_SETTINGS = ("pages", "language", "contact", "colour", "welcome", "login", "phone", "jobtitle", "challenge", "logo")
COLOURS = ("blue", "green", "red", "orange", "purple", "teal", "pink", "grey")
POLICY_VALUES = ("on", "off", "strong", "any", "required", "optional")
SETTING_VALUES = (*POLICY_VALUES, "unlimited", "none")
LOG = ("unconfirmed",)
AS_IN_TELEGRAM = ("auto",)
RETENTION = ("lists", "names")
REMIND = ("remind",)
ANSWERS = ("approve all", "decline all")
PERIODS = ("today", "yesterday", "week", "last week", "month", "last month", "year", "november")
SHOWN_TIMES = ("mon", "weeks", "days")  # that examples have; typed_times reads all
ROLES = ("owner", "administrator", "account administrator", "department administrator", "learner")
KINDS = ("text", "unique text", "number", "date", "time", "phone", "choice", "country")
FIELD_SETTINGS = ("required", "optional", "shown", "hidden", "choices", "label", "hint")
FIELD_TEXTS = ("label", "hint", "choices")
COURSE_FIELDS = ("title", "description", "link", "days")
PERMISSIONS = (
    "manage account",
    "manage departments",
    "manage courses",
    "manage people",
    "manage sign-up profiles",
    "receive digests",
    "read the log",
)
SETS = (
    SWITCH, DIGEST, FREQUENCIES, NO_LIMIT, PROFILE_FIELDS, SETTINGS, POLICY_VALUES, ROLES, KINDS, FIELD_SETTINGS,
    PERMISSIONS, LOG,
    PAGE_SETTINGS, COLOURS, COURSE_FIELDS, RETENTION, AS_IN_TELEGRAM, REMIND, ANSWERS,
)  # fmt: skip
PLACEHOLDERS = frozenset({"text", "name", "value", "текст", "значение", "texto", "valor"})

# Word -> its other spellings in English, those in Russian and in Spanish. The first of a language is shown in it.
_WORDS: Mapping[str, tuple[str, str, str]] = {
    "on": ("yes, enable", "вкл, включить, включи, включено, да", "activar, activado, encender, sí"),
    "off": (
        "no, disable",
        "выкл, выключить, выключи, выключено, отключить, нет",
        "desactivar, desactivado, apagar, no",
    ),
    "now": ("right now", "сейчас, сразу", "ahora, ya"),
    "groups": ("group", "группы, группа", "grupos, grupo"),
    "daily": ("every day", "ежедневно, каждый день", "diario, diariamente, cada día, todos los días"),
    "weekly": ("every week", "еженедельно, каждую неделю", "semanal, semanalmente, cada semana"),
    "monthly": ("every month", "ежемесячно, каждый месяц", "mensual, mensualmente, cada mes"),
    "any": ("all", "любые, любой, любая, все", "cualquiera, cualquier, todos"),
    "none": ("nothing", "ничего", "ninguno, ninguna, nada"),
    "unlimited": (
        "no limit, no limits, without limit, limitless, infinite, infinity, inf, ∞",
        "без лимита, без ограничений, без ограничения, безлимит, безлимитно, не ограничено, неограниченно, бесконечно",
        "sin límite, sin límites, ilimitado, ilimitada, ilimitadas, infinito",
    ),
    "title": ("name", "название, заголовок", "título, nombre"),
    "description": ("", "описание", "descripción"),
    "link": ("address, url", "ссылка, адрес", "enlace, dirección"),
    "name": ("title", "название, имя", "nombre, título"),
    "department": ("", "подразделение, отдел, департамент", "departamento, área"),
    "start": ("opens, from, begin", "начало, старт, открытие, с", "inicio, comienzo, apertura, desde"),
    "end": ("closes, until, finish", "конец, окончание, закрытие, до", "fin, final, cierre, hasta"),
    "limit": ("places", "лимит, места, мест, ограничение", "límite, plazas, cupo"),
    "passwords": ("password", "пароли, пароль", "contraseñas, contraseña"),
    "domains": ("domain", "домены, домен", "dominios, dominio"),
    "confirmation": ("confirm", "подтверждение", "confirmación"),
    "approval": ("approve", "одобрение", "aprobación"),
    "lastname": ("last name, surname, family name", "фамилия", "apellido, apellidos"),
    "seats": ("seat", "лицензии, лицензия", "licencias, licencia"),
    "privacy": ("policy", "конфиденциальность, политика", "privacidad, política"),
    "pages": ("page", "страницы, страница", "páginas, página"),
    "language": ("", "язык", "idioma, lengua"),
    "auto": (
        "as in telegram, telegram, automatic",
        "авто, как в telegram, как в телеграме, автоматически",
        "automático, como en telegram, automática",
    ),
    "contact": ("contacts", "контакт, контакты", "contacto"),
    "colour": ("color", "цвет", "color"),
    "welcome": ("greeting", "приветствие", "bienvenida, saludo"),
    "login": ("username", "логин", "usuario"),
    "jobtitle": ("job title, job", "должность", "puesto, cargo"),
    "logo": ("logotype", "логотип", "logotipo"),
    "challenge": ("browser check, check", "проверка, проверка браузера", "comprobación, comprobación del navegador"),
    "blue": ("", "синий", "azul"),
    "green": ("", "зелёный", "verde"),
    "red": ("", "красный", "rojo"),
    "orange": ("", "оранжевый", "naranja"),
    "purple": ("violet", "фиолетовый, пурпурный", "morado, violeta"),
    "teal": ("", "бирюзовый", "turquesa"),
    "pink": ("", "розовый", "rosa"),
    "grey": ("gray", "серый", "gris"),
    "strong": ("", "надёжные, сложные", "seguras, fuertes"),
    "required": ("mandatory", "обязательно, обязательное, обязательна", "obligatorio, obligatoria, requerido"),
    "optional": ("", "необязательно, необязательное, необязательна, по желанию", "opcional, optativo"),
    "owner": ("", "владелец", "propietario, propietaria, dueño"),
    "administrator": ("", "администратор", "administrador, administradora"),
    "account administrator": (
        "",
        "администратор аккаунта",
        "administrador de la cuenta, administradora de la cuenta",
    ),
    "department administrator": (
        "",
        "администратор подразделения, администратор отдела",
        "administrador de departamento, administradora de departamento, administrador del departamento",
    ),
    "learner": ("", "ученик, слушатель, учащийся", "alumno, alumna, estudiante"),
    "text": ("", "текст", "texto"),
    "unique text": ("", "уникальный текст", "texto único"),
    "number": ("", "число", "número"),
    "date": ("", "дата", "fecha"),
    "time": ("time of day", "время", "hora"),
    "phone": ("phone number", "телефон, номер телефона", "teléfono"),
    "choice": ("", "выбор, выбор из списка, список", "elección, elección de una lista, lista"),
    "country": ("", "страна", "país"),
    "shown": ("visible", "показывать, показано, видно", "visible, mostrado, mostrar"),
    "hidden": ("hide", "скрыто, скрыть, не показывать", "oculto, ocultar"),
    "choices": ("options", "варианты, вариант", "opciones, opción"),
    "label": ("", "название, подпись", "etiqueta, nombre"),
    "hint": ("tip", "подсказка, пояснение", "ayuda, pista"),
    "manage account": ("", "управлять аккаунтом", "gestionar la cuenta"),
    "manage departments": ("", "управлять подразделениями", "gestionar departamentos"),
    "manage courses": ("", "управлять курсами", "gestionar cursos"),
    "manage people": ("", "управлять людьми", "gestionar personas"),
    "manage sign-up profiles": (
        "manage profiles, manage links",
        "управлять профилями регистрации, управлять профилями",
        "gestionar perfiles de registro, gestionar perfiles",
    ),
    "receive digests": ("receive digest", "получать сводки", "recibir resúmenes"),
    "unconfirmed": ("", "неподтверждённые, без подтверждения", "sin confirmar"),
    "lists": ("rosters", "списки", "listas"),
    "names": ("", "имена", "nombres"),
    "remind": (
        "reminder",
        "напомнить, напомни, напоминание",
        "recordar, recuerda, recuerde, recordatorio, avisar, avise",
    ),
    "approve all": (
        "approve everyone, approve everybody, let all in, let everyone in",
        "одобрить всех, одобри всех, принять всех, впустить всех",
        "aprobar todos, aprobar a todos, admitir a todos",
    ),
    "decline all": (
        "decline everyone, decline everybody, reject all",
        "отказать всем, откажи всем, отклонить всех",
        "rechazar todos, rechazar a todos",
    ),
    "mon": ("", "пн", "lun"),
    "days": ("deadline, days to complete", "дней, дни, срок", "días, plazo"),
    "weeks": ("", "недели", "semanas"),
    "today": ("", "сегодня", "hoy"),
    "yesterday": ("", "вчера", "ayer"),
    "week": ("", "неделя", "semana"),
    "last week": ("", "прошлая неделя", "semana pasada"),
    "month": ("", "месяц", "mes"),
    "last month": ("", "прошлый месяц", "mes pasado"),
    "november": ("", "ноябрь", "noviembre"),
    "year": ("", "год", "año"),
    "read the log": ("read log, log", "читать журнал", "leer el registro"),
}


@cache
def forms(word: str) -> tuple[str, ...]:
    """Return how a word can be written in all languages, itself first."""
    others = ", ".join(_WORDS.get(word, ())).split(",")
    return tuple(dict.fromkeys(each.strip() for each in (word, *others) if each.strip()))


@cache
def _spellings(word: str) -> frozenset[str]:
    return frozenset(map(spelled, forms(word)))


def in_language(word: str, code: str) -> str:
    """Return how a language writes a word; the word itself for English, and if it is none of ours."""
    if code not in LANGUAGES or code == "en" or word not in _WORDS:
        return word
    return _WORDS[word][LANGUAGES.index(code)].partition(",")[0]


def find_keyword(text: str, among: Iterable[Word]) -> Word | None:
    """Return which of the words a text is, in any language; None if it is none of them."""
    if len(text) > LONGEST:
        return None
    wanted = spelled(text)
    return next((word for word in among if wanted in _spellings(word)), None)


def first_keyword(text: str, among: Iterable[Word]) -> tuple[Word | None, str]:
    """Return the word that a line begins with, of up to MOST_WORDS typed ones, None if there is none; and the rest."""
    known, typed = tuple(among), text.split()
    for length in range(min(MOST_WORDS, len(typed)), 0, -1):
        if word := find_keyword(" ".join(typed[:length]), known):
            return word, text.split(maxsplit=length)[length] if len(typed) > length else ""
    return None, text


def last_keyword(text: str, among: Iterable[Word]) -> tuple[Word | None, str]:
    """Return the word that a line ends with, of up to MOST_WORDS typed ones, None if there is none; and the rest."""
    known, typed = tuple(among), text.split()
    for place in range(max(0, len(typed) - MOST_WORDS), len(typed)):
        if word := find_keyword(" ".join(typed[place:]), known):
            return word, " ".join(typed[:place])
    return None, text


def is_none(text: str) -> bool:
    """Return whether the text is one of the words for no limit and no policy."""
    return find_keyword(text, NO_LIMIT) is not None


def refuse_keywords(text: str) -> str:
    """Return the text, unless it is a keyword or a placeholder. Raises KeywordInstead."""
    if is_none(text) or spelled(text[:LONGEST]) in PLACEHOLDERS:
        raise KeywordInstead(text.strip())
    return text
