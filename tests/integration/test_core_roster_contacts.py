"""What the missing were sent: the link and what became of it, and how often they were reminded."""

from datetime import UTC, date, datetime, timedelta

from core.domain.hashes import hash_of
from core.domain.link_mails import Reached
from core.engine import Engine
from core.services import rosters
from core.services.rosters import Reminded
from core.storage import reminders as stored
from tests.integration.test_core_link_mails import deliver, send
from tests.integration.test_core_reminders import remind
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.mail_server import open_mail_server
from tests.support.reminders import ANNA, JANIS, OLGA, expect
from tests.support.rosters import through

REFUSED = "550 5.1.1 no such user"


async def test_the_missing_show_what_was_sent_to_them_and_how_often_they_were_reminded(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card, owner = await office.profile(), office.owner_id
    await expect(office, card.profile_id, ANNA, JANIS, OLGA)
    sent_at = clock.at
    async with open_mail_server() as server:
        server.refused[OLGA] = REFUSED
        await send(engine, owner, card.profile_id, JANIS, OLGA)
        await deliver(engine, server)
        for _ in range(2):
            await remind(engine, owner, card.profile_id)
            await deliver(engine, server)
            clock.advance(days=1)
        clock.advance(hours=12)  # at night: it waits for the morning
        await remind(engine, owner, card.profile_id)
    await expect(office, card.profile_id, OLGA, JANIS, ANNA)  # a list that replaces another one forgets nothing
    anna, janis, olga = (await engine.read(rosters.missing, owner, through(card.profile_id))).people
    last, following = date(2026, 11, 24), datetime(2026, 11, 26, 9, tzinfo=UTC)
    assert (anna.link, anna.reminded) == (None, Reminded(times=2, last_on=last, next_at=following, refused=None))
    assert janis.link is not None
    assert (janis.link.reached, janis.link.at) == (Reached.SENT, sent_at)
    assert olga.link is not None
    assert (olga.link.reached, olga.link.reason) == (Reached.REFUSED, REFUSED)
    assert olga.reminded == Reminded(times=0, last_on=None, next_at=following, refused=REFUSED)
    clock.advance(days=1)
    other = await office.profile(name="Interns")
    await expect(office, other.profile_id, ANNA)
    [anna] = (await engine.read(rosters.missing, owner, through(other.profile_id))).people
    assert (anna.link, anna.reminded) == (None, None)
    assert clock.at > sent_at + timedelta(days=3)


async def test_the_missing_show_who_wants_no_reminders(engine: Engine, office: Office) -> None:
    card = await office.profile()
    of = through(card.profile_id)
    await expect(office, card.profile_id, ANNA, JANIS)
    await engine.write(stored.stop, hash_of(ANNA), engine.now())
    found = await engine.read(rosters.missing, office.owner_id, of)
    assert {each.email: each.stopped for each in found.people} == {ANNA: True, JANIS: False}
