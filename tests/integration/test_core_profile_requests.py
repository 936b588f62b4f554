"""A free sentence that is typed on the form of a sign-up profile fills it in."""

from datetime import datetime
from typing import Any

import pytest

from core.domain.profile_answers import DEPARTMENT, ENDS, LIMIT, NAME, STARTS, read_moment
from core.engine import Engine
from core.errors import DepartmentAmbiguous, EndInPast
from core.services import departments, profile_drafts
from tests.support.account import Office


async def said(engine: Engine, office: Office, text: str) -> dict[str, Any]:
    begun = await engine.read(profile_drafts.begin, office.owner_id, engine.now())
    found = await engine.read(profile_drafts.read, office.owner_id, text, begun.answers, engine.now())
    return dict(found.answers)


async def number_of(engine: Engine, office: Office, *path: str) -> int:
    tree = await engine.read(departments.tree, office.owner_id)
    return next(branch.department_id for branch in tree if branch.path == path)


def day(answers: dict[str, Any], part: str) -> datetime:
    return read_moment(answers[part]).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("new link for sales until friday, 30 people", 30),
        ("новая ссылка для sales до пятницы, без лимита", None),
        ("nuevo enlace para Sales hasta el viernes, 1.000 personas", 1000),
    ],
)
async def test_a_sentence_fills_the_form_in(engine: Engine, office: Office, text: str, limit: int | None) -> None:
    answers = await said(engine, office, text)
    assert (answers[DEPARTMENT], answers[LIMIT]) == (await number_of(engine, office, "Sales"), limit)
    assert f"{day(answers, ENDS):%a %H:%M:%S}" == "Fri 23:59:59"
    assert NAME not in answers


async def test_a_sentence_says_a_start_and_a_name_too(engine: Engine, office: Office) -> None:
    answers = await said(engine, office, "make a new link “Winter” for EMEA from tomorrow to friday")
    assert answers[NAME] == "Winter"
    assert answers[DEPARTMENT] == await number_of(engine, office, "Sales", "EMEA")
    assert day(answers, STARTS) < day(answers, ENDS)


async def test_a_department_is_found_in_another_form_of_its_name(engine: Engine, office: Office) -> None:
    for path in ("Продажи / Рига", "Поддержка"):
        await engine.write(departments.add, office.owner_id, path, engine.now())
    answers = await said(engine, office, "ссылка для отдела продаж на 2 недели")
    assert answers[DEPARTMENT] == await number_of(engine, office, "Продажи")


async def test_a_sentence_that_may_mean_several_departments_says_which_and_fills_in_the_rest(
    engine: Engine, office: Office
) -> None:
    await engine.write(departments.add, office.owner_id, "Support / EMEA", engine.now())
    text, now = "new link for EMEA until friday, 30 people", engine.now()
    begun = await engine.read(profile_drafts.begin, office.owner_id, now)
    found = await engine.read(profile_drafts.read, office.owner_id, text, begun.answers, now)
    assert isinstance(found.refused, DepartmentAmbiguous)
    assert set(found.refused.nearest) == {"Sales / EMEA", "Support / EMEA"}
    assert (found.unknown, found.answers[LIMIT], DEPARTMENT in found.answers) == ("EMEA", 30, False)


async def test_a_sentence_whose_end_has_passed_is_refused(engine: Engine, office: Office) -> None:
    with pytest.raises(EndInPast):
        await said(engine, office, "new link for Sales until yesterday")


async def test_other_words_are_a_name(engine: Engine, office: Office) -> None:
    assert await said(engine, office, "Winter sales") == {NAME: "Winter sales"}


async def test_a_department_that_is_not_there_is_told_and_the_rest_is_filled_in(engine: Engine, office: Office) -> None:
    begun = await engine.read(profile_drafts.begin, office.owner_id, engine.now())
    text = "new link for Xyzzy, 30 people"
    found = await engine.read(profile_drafts.read, office.owner_id, text, begun.answers, engine.now())
    assert (found.answers, found.unknown) == ({LIMIT: 30}, "Xyzzy")
