"""What holds for every form that is declared: nothing is made twice, and nothing is lost when a process ends.

How each is opened and filled in is in `tests.support.forms`.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.handlers.forms import FORMS
from bot.menu.form import BUTTON, Form
from core.engine import Engine
from core.services import dialogues
from core.storage.tables import Base
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.forms import way
from tests.support.screens import OWNER, Screens

# These note what was asked and sent, and change with each tap.
NOT_MADE = {"incoming", "outgoing", "dialogue", "repetition", "question", "heartbeat", "lease", "limit_use", "rush"}
SAID = "Here is where we are."

# The row of a form is tested on both databases in test_core_dialogues.
pytestmark = [
    pytest.mark.deep,
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.parametrize("form", FORMS.values(), ids=FORMS),
]


@dataclass(kw_only=True)
class Desks:
    """A person's chat whose updates two processes handle, in turn if it is told so."""

    office: Office
    other: Engine
    screens: Screens
    form: Form

    async def open(self) -> None:
        """Open the form anew."""
        await self.screens.send(way(self.form)[0])

    async def fill(self) -> None:
        """Type what makes the form ready to be carried out."""
        await self.screens.type(way(self.form)[1])

    def turn(self) -> None:
        """Let the other process handle what comes next."""
        here = self.screens.engine is self.office.engine
        self.screens.engine = self.other if here else self.office.engine

    @property
    def buttons(self) -> list[str]:
        """What the buttons of the form carry."""
        data = (str(button.callback_data) for row in self.screens.shown.rows for button in row)
        return [each for each in data if each.startswith(f"{BUTTON}:")]

    @property
    def finishing(self) -> list[str]:
        """What the buttons carry that carry the form out."""
        return [each for each in self.buttons if each.split(":")[2] in self.form.finish]

    async def state(self) -> tuple[Any, Any, Any]:
        """Return what is answered, what is asked, and what was made."""
        engine, owner_id = self.office.engine, self.office.owner_id
        found = await engine.read(dialogues.current, owner_id, OWNER, engine.now())
        assert found is not None
        return found.answers, found.asked, found.made

    async def rows(self) -> Mapping[str, int]:
        """Return how many rows each table has, but for notes of what was asked and sent."""
        return await self.office.engine.read(_rows)


def _rows(session: Session) -> Mapping[str, int]:
    tables = (table for table in Base.metadata.sorted_tables if table.name not in NOT_MADE)
    return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


@pytest.fixture
async def desks(office: Office, database_url: str, clock: Clock, form: Form) -> AsyncIterator[Desks]:
    await office.profile(window="now - +2 weeks")
    other = Engine(database_url, clock=clock)
    yield Desks(office=office, other=other, screens=Screens(engine=office.engine), form=form)
    await other.close()


async def test_each_button_does_once_what_it_does_and_an_old_one_nothing(desks: Desks) -> None:
    await desks.open()
    first, before = desks.buttons, await desks.rows()
    assert first
    for place in range(len(first)):
        await desks.open()
        button = desks.buttons[place]
        if button in desks.finishing:
            continue
        await desks.screens.send(button)
        once = await desks.state()
        for old in (button, first[place]):
            desks.turn()
            await desks.screens.send(old)
            assert (await desks.state(), desks.screens.toast) == (once, SAID), old
    assert await desks.rows() == before


async def test_what_a_second_process_gets_again_is_made_once(desks: Desks) -> None:
    await desks.open()
    await desks.fill()
    filled, before = await desks.state(), await desks.rows()
    desks.turn()
    await desks.fill()
    assert await desks.state() == filled
    [finish] = desks.finishing
    await desks.screens.send(finish)
    done, made = await desks.state(), await desks.rows()
    assert done[2] is not None
    assert made != before
    for _process in range(2):
        desks.turn()
        await desks.screens.send(finish)
        assert (await desks.state(), await desks.rows()) == (done, made)


async def test_after_a_kill_between_any_two_taps_a_new_process_goes_on_where_it_was(desks: Desks) -> None:
    await desks.open()
    old = desks.buttons[0]
    for step in range(2):
        state, labels = await desks.state(), desks.screens.labels
        desks.turn()
        await desks.screens.send(old if step else "draft")
        assert (await desks.state(), desks.screens.labels) == (state, labels)
        await desks.fill()
    state, before = await desks.state(), await desks.rows()
    desks.turn()
    [finish] = desks.finishing
    await desks.screens.send(finish)
    assert state[2] is None
    assert (await desks.state())[2] is not None
    assert await desks.rows() != before
