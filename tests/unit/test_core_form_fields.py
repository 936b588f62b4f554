"""The sign-up form: what each field takes, and what it makes of it."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.field_kinds import DEFINITIONS, LOGIN, Kind, shown
from core.domain.form_fields import BUILT_IN, Newcomer, login_from, read_form
from core.errors import InvalidForm, Problem

ANNA = {"first_name": "Anna", "last_name": "Berzina", "email": "anna@example.com", "password": "a long secret"}


def read(region: str | None = "LV", **changes: str) -> Newcomer:
    return read_form({**ANNA, **changes}, region=region)


def problems(region: str | None = "LV", **changes: str) -> dict[str, Problem]:
    with pytest.raises(InvalidForm) as refused:
        read(region, **changes)
    return refused.value.problems


def test_four_fields_are_enough() -> None:
    assert read() == Newcomer(
        first_name="Anna", last_name="Berzina", email="anna@example.com", login="", phone="", job_title=""
    )


def test_an_empty_form_names_every_missing_field_at_once() -> None:
    with pytest.raises(InvalidForm) as refused:
        read_form({}, region=None)
    assert refused.value.problems == dict.fromkeys(ANNA, Problem.MISSING)


def test_fields_nobody_asked_for_are_left_aside() -> None:
    assert read(role="owner") == read()


def test_every_kind_has_a_definition() -> None:
    assert set(DEFINITIONS) == set(Kind)


@pytest.mark.parametrize(("language", "words"), [("en", "Latvia"), ("es", "Letonia")])
def test_a_country_is_kept_by_its_code_and_shown_by_its_name(language: str, words: str) -> None:
    assert shown(Kind.COUNTRY, "LV", language) == words


def test_the_password_does_not_travel_with_the_newcomer() -> None:
    assert ANNA["password"] not in repr(read())


@pytest.mark.parametrize(
    "field", [field for field in BUILT_IN if field.kind != "password"], ids=lambda field: field.name
)
def test_a_field_longer_than_it_takes_is_refused(field: object) -> None:
    name, longest = vars(field)["name"], vars(field)["longest"]
    assert problems(**{name: "x" * (longest + 1)}) == {name: Problem.TOO_LONG}


def test_a_name_may_be_as_long_as_its_field() -> None:
    assert read(first_name=100 * "ž").first_name == 100 * "ž"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Anna   Maria ", "Anna Maria"),
        ("Anna\tMaria\r\nOzola", "Anna Maria Ozola"),
        ("An\x00na", "An na"),
        ("\x1b[31mAnna", "[31mAnna"),
        ("Anna\u202egpj", "Annagpj"),
        ("\ud83dAnna", "Anna"),
        ("Anna\u2028\u00a0Maria", "Anna Maria"),
        ("李小龍", "李小龍"),
        ("O'Brien-Żółć 🙂", "O'Brien-Żółć 🙂"),
    ],
)
def test_white_space_becomes_single_spaces_and_what_no_screen_shows_goes(typed: str, kept: str) -> None:
    assert read(first_name=typed).first_name == kept


@pytest.mark.parametrize("typed", [" ", "\x00", "\u200b\u200b", "\n\t"])
def test_a_name_that_shows_nothing_is_missing(typed: str) -> None:
    assert problems(last_name=typed) == {"last_name": Problem.MISSING}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Anna.Berzina@Example.COM", "anna.berzina@example.com"),
        (" anna+gangway@example.com ", "anna+gangway@example.com"),
        ("anna@bērziņš.lv", "anna@bērziņš.lv"),
        ("anna@xn--brzi-bva32apg.lv", "anna@bērziņš.lv"),
        ("ANNA@BĒRZIŅŠ.LV", "anna@bērziņš.lv"),
        ("Žanna@example.com", "žanna@example.com"),
        ("anna@example.test", "anna@example.test"),
    ],
)
def test_an_e_mail_address_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert read(email=typed).email == kept


@pytest.mark.parametrize(
    "typed",
    [
        "anna",
        "anna@",
        "@example.com",
        "anna@example",
        "anna berzina@example.com",
        "anna@exam_ple.com",
        "anna@localhost",
        "anna@[127.0.0.1]",
        '"anna"@example.com',
        "Anna <anna@example.com>",
        "anna@example.com, b@example.com",
        "anna@" + 64 * "a" + ".com",
        130 * "İ" + "@example.com",
    ],
)
def test_what_is_no_e_mail_address_is_refused(typed: str) -> None:
    assert problems(email=typed) == {"email": Problem.NOT_AN_EMAIL}


@pytest.mark.parametrize(
    ("typed", "region", "kept"),
    [
        ("26 123 456", "LV", "+37126123456"),
        ("+371 26123456", "LV", "+37126123456"),
        ("+371 26123456", None, "+37126123456"),
        ("+371 26123456", "US", "+37126123456"),
        ("(202) 555-0123", "US", "+12025550123"),
        ("8 (912) 345-67-89", "RU", "+79123456789"),
        ("tel:+371-26-123-456", "LV", "+37126123456"),
        ("", "LV", ""),
    ],
)
def test_a_phone_number_is_kept_as_the_world_dials_it(typed: str, region: str | None, kept: str) -> None:
    assert read(region, phone=typed).phone == kept


@pytest.mark.parametrize(
    ("typed", "region"),
    [
        ("26123456", None),
        ("26123456", "XX"),
        ("123", "LV"),
        ("call me", "LV"),
        ("+", "LV"),
        ("+999 26123456", "LV"),
        ("+371 261234567890123", "LV"),
        ("555-0123", "US"),
    ],
)
def test_what_nobody_could_dial_from_abroad_is_refused(typed: str, region: str | None) -> None:
    assert problems(region, phone=typed) == {"phone": Problem.NOT_A_PHONE}


@pytest.mark.parametrize(
    ("typed", "kept"), [("anna", "anna"), ("Anna.B", "anna.b"), ("a_+-.9", "a_+-.9"), ("Жанна", "жанна"), ("", "")]
)
def test_a_login_is_kept_in_lower_case(typed: str, kept: str) -> None:
    assert read(login=typed).login == kept


@pytest.mark.parametrize(
    "typed", ["anna@example.com", "Other@Bücher.example", "ａ＠ｅｘａｍｐｌｅ．ｃｏｍ", f"{'a' * 63}@example.com"]
)
def test_an_address_in_the_field_for_the_login_counts_as_no_login(typed: str) -> None:
    assert read(login=typed).login == ""


@pytest.mark.parametrize(
    "typed",
    [
        "https://evil.example",
        "evil.example",
        "Anna EVIL.COM",
        "t.me/evil",
        "www.Evil.Com",
        "ｅｖｉｌ．ｃｏｍ",
        "evil。com",
        "пример.рф",
        "192.168.0.1",
        "@evil_bot",
        "Anna @evil",
        "anna@example.com",
        "/digest",
        "Anna /digest now",
    ],
)
def test_a_name_that_a_chat_would_turn_into_a_link_is_refused(typed: str) -> None:
    for field in ("first_name", "last_name"):
        assert problems(**{field: typed}) == {field: Problem.ADDRESS_IN_NAME}


@pytest.mark.parametrize(
    "typed",
    [
        "J.R.R. Tolkien",
        "St.John",
        "А.С.Пушкин",
        "O’Neil",
        "Siti A/P Ramasamy",
        "Anna-Maria",
        "Jr.",
        "mr. t",
        "Ng",
        "李",
    ],
)
def test_names_with_points_and_slashes_are_taken(typed: str) -> None:
    assert read(first_name=typed).first_name == typed


@pytest.mark.parametrize("typed", ["a", "anna@", "an na", "anna/b", "İx", "anna🙂"])
def test_what_is_no_login_is_refused(typed: str) -> None:
    assert problems(login=typed) == {"login": Problem.NOT_A_LOGIN}


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("", Problem.MISSING),
        ("7 chars", Problem.TOO_SHORT),
        ("x" * 129, Problem.TOO_LONG),
    ],
)
def test_a_password_has_from_8_to_128_characters(typed: str, problem: Problem) -> None:
    assert problems(password=typed) == {"password": problem}


@pytest.mark.parametrize("typed", ["8  chars", "        ", "x" * 128, "пароль🙂🙂", "a\x00secret"])
def test_every_character_of_a_password_counts(typed: str) -> None:
    assert read(password=typed) == read()


@pytest.mark.parametrize(
    ("email", "login"),
    [
        ("anna.berzina@example.com", "anna.berzina"),
        ("anna+x_y-z@example.com", "anna+x_y-z"),
        ("o'brien@example.com", "obrien"),
        ("a@example.com", "a0"),
        ("!@example.com", "00"),
        ("x" * 64 + "@example.com", "x" * 48),
    ],
)
def test_a_login_is_derived_from_the_local_part_of_the_e_mail_address(email: str, login: str) -> None:
    assert login_from(email) == login


ODD = st.text(max_size=40) | st.text("aA@.ñİßΣſ+_ \x00\ud800\u200d1", max_size=20)
FORMS: st.SearchStrategy[Mapping[str, str]] = st.dictionaries(st.sampled_from([f.name for f in BUILT_IN]), ODD)
REGIONS = st.sampled_from([None, "LV", "US", "RU", "XX", "001", ""])


@settings(deadline=None)
@given(values=FORMS, region=REGIONS)
def test_a_form_is_read_or_refused_whatever_is_in_it(values: Mapping[str, str], region: str | None) -> None:
    newcomer, problems = None, dict[str, Problem]()
    try:
        newcomer = read_form(values, region=region)
    except InvalidForm as refused:
        problems.update(refused.problems)
    assert problems.keys() <= {field.name for field in BUILT_IN}
    assert (newcomer is None) == bool(problems)


@settings(deadline=None)
@given(name=st.sampled_from(["first_name", "job_title", "login"]), value=ODD, region=REGIONS)
def test_what_was_read_is_read_the_same_again(name: str, value: str, region: str | None) -> None:
    with suppress(InvalidForm):
        check_stable(read(region, **{name: value}), region)


@settings(deadline=None)
@given(
    local=st.text(min_size=1, max_size=64), domain=st.sampled_from(["example.com", "BĒRZIŅŠ.lv", "ſs.test", "faß.de"])
)
def test_an_e_mail_address_that_was_read_is_read_the_same_again(local: str, domain: str) -> None:
    with suppress(InvalidForm):
        newcomer = read(email=f"{local}@{domain}")
        check_stable(newcomer, "LV")
        assert newcomer.email == newcomer.email.lower()
        assert LOGIN.fullmatch(login_from(newcomer.email))


@settings(deadline=None)
@given(digits=st.text("0123456789 +-()", min_size=5, max_size=20), region=REGIONS)
def test_a_phone_number_that_was_read_is_read_the_same_again(digits: str, region: str | None) -> None:
    with suppress(InvalidForm):
        check_stable(read(region, phone=digits), None)


def check_stable(newcomer: Newcomer, region: str | None) -> None:
    assert read_form({**asdict(newcomer), "password": ANNA["password"]}, region=region) == newcomer


def test_joiners_that_are_part_of_a_name_are_kept() -> None:
    assert read(first_name="می\u200cخواهم").first_name == "می\u200cخواهم"
