"""Lines with the keywords of a language do what they do with the English ones, and answers show the person's words."""

import re

import pytest

from bot.wording.keyword_lines import in_words_of
from tests.support.bot_fixture import Town
from tests.support.lines import ask, set_up
from tests.support.router_fixture import Counter

OWNER = 1001
LINES = (
    "/signup off",
    "/signup on",
    "/digest daily 18:00",
    "/digest weekly mon 09:00",
    "/digest monthly 1 09:00",
    "/digest groups",
    "/digest off",
    "/settings name Acme",
    "/settings passwords strong",
    "/settings passwords any",
    "/settings domains example.com",
    "/settings domains any",
    "/settings approval on",
    "/settings lastname optional",
    "/settings seats 500",
    "/settings seats unlimited",
    "/settings privacy We keep your name.",
    "/settings privacy off",
    "/addfield Shirt size | choice | required | choices S, M",
    "/changefield Shirt size | optional | hidden",
    "/changefield Shirt size | label T-shirt | shown",
    "/addrole Recruiter | manage people, receive digests",
    "/report week",
    "/report yesterday",
    "/log unconfirmed",
)

# What people read is the same on both databases.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.deep
@pytest.mark.parametrize("line", LINES)
async def test_a_line_means_the_same_in_every_language(counter: Counter, line: str) -> None:
    if line.startswith("/changefield"):
        await counter.line(OWNER, "/addfield Shirt size | choice | choices S, M")
    answer = await counter.line(OWNER, line)
    if line.startswith(("/addfield", "/addrole")):
        assert "Shirt size" in answer or "Recruiter" in answer
        return
    for code in ("ru", "es"):
        in_language = in_words_of(code, line)
        assert in_language != line
        if "label" not in line:
            assert await counter.line(OWNER, in_language) == answer, in_language


@pytest.mark.parametrize("code", ["ru", "es"])
async def test_a_field_and_a_role_are_added_in_every_language(counter: Counter, code: str) -> None:
    for line in LINES:
        if line.startswith(("/addfield", "/addrole", "/changefield")):
            answer = await counter.line(OWNER, in_words_of(code, line))
            assert re.search("Shirt size|T-shirt|manage|could|Can", answer), answer


@pytest.mark.deep
@pytest.mark.parametrize(
    ("line", "change"),
    [
        ("/editprofile 1 лимит 20", "0 of 20"),
        ("/editprofile 1 límite 1 000 plazas", "0 of 1,000"),
        ("/editprofile 1 limit +20 people", "0 of 70"),
        ("/editprofile 1 мест ещё 5", "0 of 55"),
        ("/editprofile 1 limit no limit", "0 used, no limit"),
        ("/editprofile 1 лимит без ограничений", "0 used, no limit"),
        ("/editprofile 1 límite ∞", "0 used, no limit"),
        ("/editprofile 1 название Зима", "Зима"),
        ("/editprofile 1 отдел Support", "Support"),
        ("/editprofile 1 конец до пятницы", "→ Fri 27 Nov 23:59 (Riga)"),
        ("/editprofile 1 fin hasta el viernes a las 18:00", "→ Fri 27 Nov 18:00 (Riga)"),
        ("/editprofile 1 until friday", "→ Fri 27 Nov 23:59 (Riga)"),
        ("/editprofile 1 начало завтра", "→ Tue 24 Nov 00:00 (Riga)"),
    ],
)
async def test_a_profile_is_changed_by_the_words_of_every_language(town: Town, line: str, change: str) -> None:
    await set_up(town)
    assert change in (await ask(town, line)).text


@pytest.mark.parametrize(
    ("line", "role"),
    [
        ("/invite администратор", "account administrator"),
        ("/invite administrador", "account administrator"),
        ("/invite Администратор подразделения | Support", "department administrator"),
        ("/invite administrador de departamento | EMEA", "department administrator"),
    ],
)
async def test_a_role_is_named_in_every_language(town: Town, line: str, role: str) -> None:
    await set_up(town)
    assert f"becomes: {role}" in (await ask(town, line)).text


async def test_a_role_of_ones_own_goes_before_a_word_of_another_language(town: Town) -> None:
    await set_up(town)
    await ask(town, "/addrole Estudiante | manage people")
    assert "becomes: Estudiante" in (await ask(town, "/invite estudiante | Support")).text


async def test_a_mistyped_keyword_is_answered_in_the_language_it_was_typed_in(town: Town) -> None:
    await set_up(town)
    assert "/signup включить" in (await ask(town, "/signup включитъ")).text
    assert "/settings фамилия" in (await ask(town, "/settings фамилея optional")).text
