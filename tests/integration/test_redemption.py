import asyncio

import pytest

from core.engine import Engine
from core.errors import EmailTaken, LinkClosed
from core.services import courses, history
from core.services.redemption import SignedUp
from tests.support.account import Office


async def test_a_sign_up_makes_a_learner_with_a_history_row_and_the_rules_courses(
    engine: Engine, office: Office
) -> None:
    card = await office.profile()
    learner = await office.sign_up(card.token)
    page = await engine.read(history.page, office.owner_id, card.profile_id)
    mine = await engine.read(courses.mine, learner.user_id, engine.now())
    assert [(entry.first_name, entry.department) for entry in page.entries] == [("Anna", ("Sales", "EMEA"))]
    assert [course.title for course in mine] == ["Safety first"]


@pytest.mark.deep
async def test_the_limit_holds_under_simultaneous_sign_ups(engine: Engine, office: Office) -> None:
    card = await office.profile(limit="50")
    attempts = (office.sign_up(card.token, f"learner{number}@example.com") for number in range(200))
    results = await asyncio.gather(*attempts, return_exceptions=True)
    page = await engine.read(history.page, office.owner_id, card.profile_id)
    assert sum(isinstance(result, SignedUp) for result in results) == 50
    assert [str(r.state) for r in results if isinstance(r, LinkClosed)] == ["no activations left"] * 150
    assert page.shown == 50


async def test_the_same_form_many_times_at_once_makes_one_account(office: Office) -> None:
    card = await office.profile()
    results = await asyncio.gather(*(office.sign_up(card.token, form_key="the same") for _ in range(10)))
    assert len({result.user_id for result in results}) == 1
    assert [result.repeated for result in results].count(False) == 1


async def test_an_e_mail_address_in_use_takes_no_activation(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await office.sign_up(card.token, form_key="first")
    with pytest.raises(EmailTaken):
        await office.sign_up(card.token, form_key="second")
    page = await engine.read(history.page, office.owner_id, card.profile_id)
    assert page.shown == 1
