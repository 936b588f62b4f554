"""What is shown again within a second may be what was read before, unless this process has written meanwhile."""

from datetime import timedelta
from http import HTTPStatus

import pytest

from core.domain.links import LinkState
from core.engine import Engine
from core.errors import UnknownLink
from core.services import profile_editing, sign_up_page
from core.services.sign_up_page import View
from tests.support.account import Office
from tests.support.site import open_site
from tests.support.statements import Cost, counted


async def look(engine: Engine, token: str) -> View:
    return await engine.read_recent(sign_up_page.view, token)


async def test_a_link_that_was_just_looked_at_is_not_read_again(office: Office) -> None:
    token = (await office.profile()).token
    first = await look(office.engine, token)
    with counted() as count:
        assert await look(office.engine, token) is first
    assert count.cost == Cost()


async def test_whatever_this_process_writes_is_seen_at_once(office: Office) -> None:
    card = await office.profile()
    await look(office.engine, card.token)
    await office.engine.write(profile_editing.pause, office.owner_id, card.profile_id, office.engine.now(), paused=True)
    assert (await look(office.engine, card.token)).at(office.engine.now()).state is LinkState.PAUSED


async def test_a_link_that_another_process_paused_is_refused_though_its_form_was_shown(
    office: Office, office_url: str
) -> None:
    card = await office.profile()
    other = Engine(office_url, clock=office.engine.now)
    async with open_site(other) as site:
        form = await site.visitor().open_link(card.token)
        await office.engine.write(profile_editing.pause, office.owner_id, card.profile_id, other.now(), paused=True)
        visitor = site.visitor()
        shown = await visitor.open_link(card.token)
        assert shown.path == form.path  # the form, for up to a second
        answer = await visitor.fill(shown)
    assert answer.status == HTTPStatus.FORBIDDEN
    assert "This link is paused" in answer.body
    await other.close()


async def test_time_is_not_remembered(office: Office) -> None:
    token = (await office.profile(window="now - +1 hour")).token
    view = await look(office.engine, token)
    assert view.at(office.engine.now()).state is LinkState.OPEN
    assert view.at(office.engine.now() + timedelta(hours=2)).state is LinkState.ENDED


async def test_a_link_that_is_unknown_is_looked_for_again(office: Office) -> None:
    for _ in range(2):
        with counted() as count, pytest.raises(UnknownLink):
            await look(office.engine, "unknown")
        assert count.cost.reads == 1
