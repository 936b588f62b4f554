"""Messages of the outbox, brought as far as a test wants them."""

from core.domain.outbox import Kind
from core.engine import Engine
from core.services import outbox
from core.services.outbox import Message
from tests.support.account import Office


async def queue(
    office: Office,
    *,
    subject: int = 1,
    user_id: int | None = None,
    chat_id: int = 1001,
    kind: Kind = Kind.FIRST_LEARNER,
) -> None:
    engine, recipient = office.engine, user_id or office.owner_id
    await engine.write(outbox.queue, recipient, chat_id, kind, subject, engine.now())


async def claim(engine: Engine, holder: str = "one") -> list[Message]:
    return await engine.write(outbox.claim, holder, engine.now())


async def start(engine: Engine, message: Message, holder: str = "one") -> bool:
    return await engine.write(outbox.start, message.message_id, holder, engine.now())


async def finish(engine: Engine, message: Message, holder: str = "one") -> None:
    await engine.write(outbox.finish, message.message_id, holder, engine.now())


async def sending(office: Office) -> Message:
    """Bring a message as far as its sending."""
    await queue(office)
    [message] = await claim(office.engine)
    assert await start(office.engine, message)
    return message


async def counts(engine: Engine) -> dict[str, int]:
    return await engine.read(outbox.counts)
