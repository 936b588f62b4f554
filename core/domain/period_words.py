"""The words of periods in three languages, beside those of times."""

from collections.abc import Mapping
from functools import cache

from core.domain.time_words import MONTHS

_PREPOSITIONAL = (
    *("январе", "феврале", "марте", "апреле", "мае", "июне"),
    *("июле", "августе", "сентябре", "октябре", "ноябре", "декабре"),
)  # of Russian months
_WORDS: Mapping[str, str] = {  # meaning -> words that mean this in periods alone
    "last": (
        "last previous прошлый прошлая прошлое прошлую прошлой прошлого прошлом прошлые прошлых"
        " предыдущий предыдущая предыдущее предыдущую предыдущей предыдущего предыдущем предыдущие предыдущих"
        " прошедший прошедшая прошедшую прошедшей прошедшего прошедшем прошедшие прошедших"
        " pasado pasada pasados pasadas anterior anteriores"
    ),
    "past": (
        "past последний последняя последнее последнюю последней последнего последнем последние последних"
        " ultimo ultima ultimos ultimas"
    ),
    "this": (
        "this current этот эта это эту этого этой этом текущий текущая текущую текущего текущей текущем"
        " este esta actual curso presente"
    ),
    "next": "coming следующем следующие следующих proximos proximas viene siguientes",
    "": "all whole entire over within тому весь всю все целый целую течение todo toda que",
    "today": "сегодняшний сегодняшнего",
    "yesterday": "вчерашний вчерашнего",
    "tomorrow": "завтрашний",
    "day before yesterday": "позавчера позавчерашний позавчерашнего anteayer antier",
    "day before": "antes",
    "back": "back назад hace atras",
    "ago": "ago",
    "week": "wtd",
    "month": "месяце m м mtd",  # no period is in minutes
    "year": "ytd",
    "quarter": "quarter qtr qtd квартал квартала квартале trimestre",
    "quarters": "quarters кварталов trimestres",
    "half": "half полугодие полугодия полугодии полгода semester semestre medio",
    "halfs": "halves полугодий semesters semestres",
    "1": "first первый первое первого primer",
    "2": "second второй второе второго segundo",
    "3": "third третий третьего tercer",
    "4": "fourth четвертый четвертого cuarto",
    **dict(zip(MONTHS, _PREPOSITIONAL, strict=True)),
}


@cache
def period_words() -> Mapping[str, str]:
    """Return what each word means that periods have, or understand otherwise than times."""
    return {word: meaning for meaning, words in _WORDS.items() for word in words.split()}
