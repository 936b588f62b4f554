"""What a killed process held, when the next one starts on its machine."""

from sqlalchemy.orm import Session

from core.domain.inbox import Standing
from core.domain.mail import MailKind
from core.domain.updates import read_update
from core.engine import Engine
from core.services import inbox, leases, mail_outbox, takeovers
from core.services.inbox import Capacity
from core.services.leases import LeaderRole
from core.storage import inbox as stored
from tests.support.account import Office
from tests.support.outbox_messages import claim, counts, queue, start


async def hold(office: Office, holder: str) -> None:
    """Let a process lead, and have an update, a message and an e-mail in hand."""
    engine, now = office.engine, office.engine.now()
    body = {"update_id": 1, "message": {"chat": {"id": 1001}, "from": {"id": 1001}, "text": "/seats"}}

    def receive(session: Session) -> None:
        stored.add(session, [(read_update(body), Standing.KNOWN)], now)
        mail_outbox.queue(session, office.owner_id, "boss@example.com", MailKind.PASSWORD_CHANGED, "en", now)

    await engine.write(receive)
    await queue(office)
    assert await engine.write(leases.take, LeaderRole.RECEIVING, holder, now)
    assert await has_taken_over(engine, holder) == (1, 1, 1)


async def has_taken_over(engine: Engine, holder: str) -> tuple[int, int, int]:
    """Begin to send what can be claimed, and count it: updates, messages, e-mails."""
    capacity = Capacity(holder=holder, at_most=9, strangers_at_most=9)
    updates = await engine.write(inbox.claim, capacity, engine.now())
    messages = await claim(engine, holder)
    for message in messages:
        await start(engine, message, holder)
    mails = await engine.write(mail_outbox.claim, holder, engine.now())
    return len(updates), len(messages), len(mails)


async def test_all_that_an_ended_process_held_is_free_at_once(office: Office) -> None:
    await hold(office, "ended")
    assert await office.engine.write(takeovers.release_ended, "ended".__eq__) == 1
    assert await office.engine.write(leases.take, LeaderRole.RECEIVING, "new", office.engine.now())
    assert await has_taken_over(office.engine, "new") == (1, 1, 1)
    assert await counts(office.engine) == {"unknown": 1, "sending": 1}  # it may have arrived, which its repetition says


async def test_running_processes_keep_what_they_hold(office: Office) -> None:
    await hold(office, "running")
    assert await office.engine.write(takeovers.release_ended, "ended".__eq__) == 0
    assert not await office.engine.write(leases.take, LeaderRole.RECEIVING, "new", office.engine.now())
    assert await has_taken_over(office.engine, "new") == (0, 0, 0)
