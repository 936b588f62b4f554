"""One free sentence that asks for a sign-up profile, read in three languages."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.moments import parse_end
from core.domain.places import parse_limit
from core.domain.profile_requests import ProfileRequest, alike, asks_for_new, read_request

RIGA = ZoneInfo("Europe/Riga")
NOW = datetime(2026, 11, 23, 12, 0, 42, 7, tzinfo=UTC)  # Monday, 14:00 in Riga


def wanted(text: str) -> ProfileRequest | None:
    return read_request(text, RIGA, NOW)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("new link for sales until friday, 30 people", ("sales", "until friday", "30 people", None)),
        ("New link for Sales / EMEA until 24 Dec 18:00, 50", ("Sales / EMEA", "until 24 Dec 18:00", "50", None)),
        ("link for support", ("support", None, None, None)),
        ("until friday, 30 people", (None, "until friday", "30 people", None)),
        ("до 31/12, 30 человек", (None, "до 31/12", "30 человек", None)),
        ("50 plazas, hasta el viernes", (None, "hasta el viernes", "50 plazas", None)),
        (
            "make a sign-up link for the sales team for 2 weeks for 20 people",
            ("sales", "for 2 weeks", "20 people", None),
        ),
        ("new winter link for sales until end of month", ("sales", "until end of month", None, "winter")),
        (
            "please make a new link for Support named “Winter interns” until 31/12",
            ("Support", "until 31/12", None, "Winter interns"),
        ),
        ("link for sales tomorrow, no limit", ("sales", "tomorrow", "no limit", None)),
        ("create until friday a winter link for sales", ("sales", "until friday", None, "winter")),
        ("please make 30 people winter link for sales", ("sales", None, "30 people", "winter")),
        ("make winter, cold link for sales", ("sales", None, None, "winter cold")),
        ("New link until friday.", (None, "until friday", None, None)),
        ("новая ссылка для продаж до пятницы, 30 человек", ("продаж", "до пятницы", "30 человек", None)),
        ("Создай ссылку для отдела продаж до 24 декабря на 50 мест", ("продаж", "до 24 декабря", "50 мест", None)),
        ("нужна ссылка для Поддержки на 2 недели, без лимита", ("Поддержки", "на 2 недели", "без лимита", None)),
        ("ссылка для продаж на месяц", ("продаж", "на месяц", None, None)),
        ("новая ссылка «Стажёры» для поддержки до конца месяца", ("поддержки", "до конца месяца", None, "Стажёры")),
        ("nuevo enlace para ventas hasta el viernes, 30 personas", ("ventas", "hasta el viernes", "30 personas", None)),
        (
            "crea un enlace para el equipo de Ventas hasta el 24 de diciembre a las 18:00, 50 plazas",
            ("Ventas", "hasta el 24 de diciembre a las 18:00", "50 plazas", None),
        ),
        ("necesito un enlace para Soporte por 2 semanas, sin límite", ("Soporte", "por 2 semanas", "sin límite", None)),
        (
            "enlace de registro para ventas hasta fin de mes para 1.000 personas",
            ("ventas", "hasta fin de mes", "1.000 personas", None),
        ),
    ],
)
def test_a_sentence_says_the_department_the_end_the_limit_and_the_name(
    text: str, parts: tuple[str | None, ...]
) -> None:
    department, end, limit, name = parts
    assert wanted(text) == ProfileRequest(department=department, end=end, limit=limit, name=name)
    assert end is None or parse_end(end, RIGA, NOW).instant > NOW
    assert limit is None or parse_limit(limit) in (None, 20, 30, 50, 1000)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("link for sales from tomorrow to friday", "from tomorrow", "to friday"),
        ("ссылку для продаж с 1 декабря по 24 декабря", "с 1 декабря", "по 24 декабря"),
        ("un enlace para ventas desde mañana hasta el viernes", "desde mañana", "hasta el viernes"),
    ],
)
def test_a_sentence_says_the_start_too(text: str, start: str, end: str) -> None:
    found = wanted(text)
    assert found is not None
    assert (found.start, found.end) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        "what is the weather",
        "my link doesn't work",
        "почему ссылка не работает",
        "Anna",
        "7",
        "link " * 99,
        "Sales, Riga",
        "Friday 30",
        "Riga, until friday, 30 people",
    ],
)
def test_any_other_text_is_no_request(text: str) -> None:
    assert wanted(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "new link for sales until friday, 30 people",
        "new link for sales",
        "New link: sales, until friday",
        "please create a new sign-up link for sales",
        "create a link until friday",
        "новая ссылка для support до пятницы, 30 человек",
        "создай ссылку для продаж",
        "сделайте новую ссылку «Стажёры»",
        "nuevo enlace para emea hasta el viernes, 30 personas",
        "crea un enlace de registro para ventas",
    ],
)
def test_a_sentence_for_a_new_link_is_one_wherever_it_is_typed(text: str) -> None:
    assert asks_for_new(text, RIGA, NOW)


@pytest.mark.parametrize(
    "text",
    [
        "new link",
        "link for sales",
        "the link for sales until friday",
        "new link doesn't work",
        "I need the link for sales",
        "new link for sales?",
        "create an invitation for Anna",
        "until friday, 30 people",
        "новая ссылка не работает",
        "удали ссылку для продаж",
        "el nuevo enlace no funciona",
        "Anna",
    ],
)
def test_any_other_text_is_none_unless_a_form_is_open(text: str) -> None:
    assert not asks_for_new(text, RIGA, NOW)


def test_a_department_is_found_in_another_form_of_its_name() -> None:
    paths = ["Продажи", "Продажи / EMEA", "Поддержка", "Производство"]
    assert alike("отдела продаж", paths) == ("Продажи", "Продажи / EMEA")
    assert alike("поддержки", paths) == ("Поддержка",)
    assert alike("продаж emea", paths) == ("Продажи / EMEA",)
    assert alike("the sales team", ["Sales", "Salesforce"]) == ("Sales",)
    assert alike("the team", paths) == ()


@given(text=st.text(max_size=400) | st.text("link for until new 12/:,.", max_size=80).map("new link {}".format))
def test_any_text_is_read_or_is_no_request(text: str) -> None:
    found = wanted(text)
    assert found is None or all(part is None or part.strip() for part in vars(found).values())
