"""The first screen's figures: as far as one's rights go, and as the report counts."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from core.domain.access import Role
from core.engine import Engine
from core.errors import NotAllowed
from core.services import account, departments, home, policies, profile_editing, reports
from core.services.home import Home, SetUpStep
from core.services.policies import Switch
from core.storage.tables import Activation
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_user, deactivate


async def shown(office: Office, user_id: int | None = None) -> Home:
    return await office.engine.read(home.show, user_id or office.owner_id, office.engine.now())


def set_back(session: Session, activation_id: int, at: datetime) -> None:
    session.execute(update(Activation).where(Activation.id == activation_id).values(at=at))


async def test_open_links_are_those_that_would_work_with_the_switch_on(office: Office, clock: Clock) -> None:
    await office.profile()
    paused = await office.profile(name="Paused")
    await office.engine.write(
        profile_editing.pause, office.owner_id, paused.profile_id, office.engine.now(), paused=True
    )
    await office.profile(name="Short", window="now - +1 hours")
    figures = (await shown(office)).figures
    assert figures is not None
    assert figures.open == 2
    clock.advance(hours=2)
    later = (await shown(office)).figures
    assert later is not None
    assert later.open == 1


async def test_those_who_joined_this_week_are_compared_with_last_week_up_to_the_same_moment(office: Office) -> None:
    card = await office.profile()
    for name in ("anna", "boris", "clara"):
        await office.sign_up(card.token, f"{name}@example.com")
    await office.engine.write(set_back, 1, office.engine.now() - timedelta(days=7, minutes=1))
    figures = (await shown(office)).figures
    assert figures is not None
    assert (figures.joined, figures.joined_before) == (2, 1)
    report = await office.engine.read(reports.sign_ups, office.owner_id, "week", office.engine.now())
    assert (report.joined, report.joined_before) == (2, 1)


async def test_a_manager_sees_the_figures_of_their_own_departments_alone(office: Office) -> None:
    await office.engine.write(departments.add, office.owner_id, "Support", office.engine.now())
    await office.sign_up((await office.profile(department="Sales / EMEA")).token)
    there = await a_user(office.engine, Role.DEPARTMENT_ADMINISTRATOR, "Sales")
    elsewhere = await a_user(office.engine, Role.DEPARTMENT_ADMINISTRATOR, "Support", name="Other")
    mine, others = (await shown(office, there)).figures, (await shown(office, elsewhere)).figures
    assert mine is not None
    assert others is not None
    assert (mine.open, mine.joined) == (1, 1)
    assert (others.open, others.joined) == (0, 0)


async def test_a_full_profile_is_more_urgent_than_one_that_ends_soon(office: Office) -> None:
    await office.profile(name="Ends", window="now - +1 days")
    assert ((await shown(office)).urgent or pytest.fail("nothing urgent")).name == "Ends"
    full = await office.profile(name="Full", limit="1", window="now - +3 weeks")
    await office.sign_up(full.token)
    urgent = (await shown(office)).urgent
    assert urgent is not None
    assert (urgent.name, urgent.left) == ("Full", 0)


async def test_a_profile_with_time_and_places_left_is_not_urgent(office: Office) -> None:
    await office.profile(window="now - +3 days")
    assert (await shown(office)).urgent is None


async def test_those_who_wait_are_counted_from_the_first(office: Office) -> None:
    card = await office.profile()
    await office.engine.write(policies.switch, office.owner_id, Switch.APPROVAL, office.engine.now(), on=True)
    await office.sign_up(card.token)
    figures = (await shown(office)).figures
    assert figures is not None
    assert (figures.waiting, figures.waiting_since) == (1, office.engine.now())


async def test_the_steps_of_the_set_up_are_done_one_by_one(office: Office) -> None:
    before = (await shown(office)).set_up
    assert before is not None
    assert before.done >= {SetUpStep.DEPARTMENT, SetUpStep.COURSE}
    assert not {SetUpStep.NAME, SetUpStep.LINK} & before.done
    await office.engine.write(account.rename, office.owner_id, "Acme", office.engine.now())
    await office.profile()
    after = (await shown(office)).set_up
    assert after is not None
    assert after.done >= {SetUpStep.NAME, SetUpStep.DEPARTMENT, SetUpStep.LINK}


async def test_a_person_without_rights_sees_no_figures_and_no_steps(office: Office) -> None:
    learner = await a_user(office.engine, Role.LEARNER)
    found = await shown(office, learner)
    assert (found.figures, found.urgent, found.set_up) == (None, None, None)


async def test_a_person_who_is_no_longer_active_sees_nothing(engine: Engine, office: Office) -> None:
    somebody = await a_user(engine, Role.ADMINISTRATOR)
    await deactivate(engine, somebody)
    with pytest.raises(NotAllowed):
        await shown(office, somebody)
