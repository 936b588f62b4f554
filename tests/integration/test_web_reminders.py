"""The page by which reminders are stopped: opening it changes nothing, a button and a mail program's post do."""

from collections.abc import AsyncIterator

import pytest

from core.engine import Engine
from core.services import reminders
from core.services.link_mails import Sending
from tests.integration.test_core_link_mails import deliver
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.mail_server import MailServer, open_mail_server
from tests.support.reminders import ANNA, code_in, expect
from tests.support.rosters import through
from tests.support.site import Site

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    async with open_mail_server() as server:
        yield server


async def a_code(engine: Engine, office: Office, mail_server: MailServer) -> str:
    profile_id, now = (await office.profile()).profile_id, engine.now()
    await expect(office, profile_id, ANNA)
    seen = (
        await engine.read(reminders.preview_missing, office.owner_id, through(profile_id), profile_id, now, 100)
    ).seen
    sending = Sending(most=100, language="en")
    await engine.write(
        reminders.remind_missing, office.owner_id, through(profile_id), profile_id, now, sending, seen=seen
    )
    await deliver(engine, mail_server)
    return code_in(mail_server.accepted[0])


async def test_reminders_are_stopped_by_a_button_and_brought_back(
    engine: Engine, office: Office, site: Site, mail_server: MailServer
) -> None:
    path = f"/r/{await a_code(engine, office, mail_server)}"
    visitor = site.visitor()
    for _ in range(2):  # opening it changes nothing
        assert (await visitor.get(path)).heading == "Stop reminders?"
    assert (await visitor.post(path, {})).location == path
    assert (await visitor.get(f"{path}?lang=ru")).heading == "Напоминаний больше не будет"
    for query in ("resume=1", "resumed", "resume&resumed"):  # by its button alone
        assert (await visitor.get(f"{path}?{query}&lang=en")).heading == "You get no more reminders"
    resumed = await visitor.post(path, {"resume": "1"})
    assert (await visitor.follow(resumed)).heading == "You get reminders again"
    assert "Stop reminders" in (await visitor.follow(resumed)).texts("button")
    assert (await visitor.get(f"{path}?lang=es")).heading == "¿Detener los recordatorios?"
    # as a mail program posts, without cookies and without an origin (RFC 8058)
    assert (await site.visitor().post(path, {"List-Unsubscribe": "One-Click"})).status == 303
    assert (await visitor.get(f"{path}?lang=en")).heading == "You get no more reminders"
    assert (await visitor.post(path, {}, Origin="https://evil.example")).status == 403


async def test_bringing_them_back_does_as_it_says(
    engine: Engine, office: Office, site: Site, mail_server: MailServer, clock: Clock
) -> None:
    code = await a_code(engine, office, mail_server)
    visitor, profile_id = site.visitor(), (await office.profile(name="Interns")).profile_id
    await expect(office, profile_id, ANNA)
    clock.advance(days=1)
    stopped = []
    for form in ({}, {"resume": "1"}):
        await visitor.post(f"/r/{code}", form)
        of, now = through(profile_id), engine.now()
        found = await engine.read(reminders.preview_missing, office.owner_id, of, profile_id, now, 100)
        stopped.append((found.stopped, found.new))
    assert stopped == [(1, 0), (0, 1)]


async def test_a_link_that_is_not_known_says_so_and_nothing_else(site: Site, office: Office) -> None:
    assert office.owner_id
    path = f"/r/{'x' * 43}"
    assert (await site.visitor().get(path)).status == 410
    for form in ({}, {"resume": "1"}):
        assert (await site.visitor().post(path, form)).location == path
