"""An e-mail address that the mail server refused for good: rules write to it no more, as long as it is somebody's."""

from collections import Counter

from sqlalchemy import select, update

from core.domain.hashes import hash_of
from core.domain.reminder_rules import Place
from core.domain.reminders import KEPT, Occasion
from core.engine import Engine
from core.services import mail_outbox, own_details, reminders, reminders_in_vain
from core.services.progress import Cohort, Which
from core.storage.tables import Reminder
from tests.integration.test_core_link_mails import deliver, sent_to
from tests.integration.test_core_reminder_rounds import a_round, morning, notices, turn
from tests.integration.test_core_reminders import remind_behind
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.mail_server import open_mail_server
from tests.support.reminders import ANNA, JANIS, OLGA, expect


async def reminded_keys(engine: Engine) -> list[str]:
    """Give the keys of the people of all reminders, oldest first; unlike addresses, they outlive the messages."""
    query = select(Reminder.person_key).order_by(Reminder.id)
    return await engine.read(lambda session: list(session.scalars(query)))


async def test_an_address_that_was_refused_for_good_is_reminded_no_more_and_their_manager_hears_once(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA, JANIS)
    await turn(office, Place(profile_id=card.profile_id), Occasion.NOT_COME, days=0)
    async with open_mail_server() as server:
        server.refused[ANNA] = "550 5.1.1 No such user"
        for _ in range(4):
            morning(clock)
            await a_round(engine)
            server.answers = ["554 5.7.1 It looks like spam"]  # it isn't the address that is refused
            await deliver(engine, server)
    assert Counter(await reminded_keys(engine)) == {hash_of(ANNA): 1, hash_of(JANIS): 3}
    [(_, day), *_] = await notices(engine)
    found = await engine.read(reminders_in_vain.listing, office.owner_id, day)
    assert [(each.email, each.refused) for each in found.expected] == [(ANNA, True)]


async def refused_learner(office: Office, clock: Clock) -> int:
    """Let Anna be reminded in her first row, and the mail server refuse her address for good."""
    user_id = (await office.sign_up((await office.profile()).token, ANNA)).user_id
    await turn(office, Place(), Occasion.NOT_STARTED, days=0)
    async with open_mail_server() as server:
        server.refused[ANNA] = "550 5.1.1 No such user"
        morning(clock)
        await a_round(office.engine)
        await deliver(office.engine, server)
    assert await reminded_keys(office.engine) == [hash_of(ANNA)]
    return user_id


async def test_an_address_stays_refused_after_its_message_and_the_others_reminders_are_forgotten(
    engine: Engine, office: Office, clock: Clock
) -> None:
    await refused_learner(office, clock)
    for days in (mail_outbox.KEPT.days + 1, KEPT.days):
        morning(clock, days)
        await engine.write(mail_outbox.sweep, engine.now())
        await engine.write(reminders.sweep, engine.now())
        for _ in range(3):  # one of them at least is a working day
            morning(clock)
            await a_round(engine)
        assert await reminded_keys(engine) == [hash_of(ANNA)]
    assert len(await notices(engine)) == 1


async def test_an_address_that_was_refused_is_forgotten_a_year_after_its_person(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile()
    await expect(office, card.profile_id, ANNA)
    await turn(office, Place(), Occasion.NOT_COME, days=0)
    morning(clock)
    await a_round(engine)
    await engine.write(lambda session: session.execute(update(Reminder).values(refused=True)))
    await expect(office, card.profile_id, JANIS)
    morning(clock, KEPT.days + 1)
    await engine.write(reminders.sweep, engine.now())
    assert await reminded_keys(engine) == []


async def test_a_person_with_another_address_than_the_refused_one_is_reminded_again(
    engine: Engine, office: Office, clock: Clock
) -> None:
    user_id = await refused_learner(office, clock)
    await engine.write(own_details.change_email, user_id, OLGA, engine.now())
    morning(clock)
    await a_round(engine)
    assert await reminded_keys(engine) == [hash_of(ANNA), hash_of(OLGA)]


async def test_an_address_that_takes_a_reminder_again_is_reminded_again(
    engine: Engine, office: Office, clock: Clock
) -> None:
    await refused_learner(office, clock)
    async with open_mail_server() as server:
        morning(clock)
        await remind_behind(office, Cohort(), Which.NOT_STARTED)  # by hand
        await deliver(engine, server)
        assert sent_to(server) == [ANNA]
    morning(clock)
    await a_round(engine)
    assert await reminded_keys(engine) == [hash_of(ANNA)] * 3
