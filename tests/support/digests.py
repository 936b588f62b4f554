"""Digests as their recipients ask for them and read them."""

from core.domain.cadence import parse_cadence
from core.domain.outbox import Kind
from core.engine import Engine
from core.services import digests, outbox
from core.services.digest_summaries import Summary
from core.services.outbox import Message


async def waiting(engine: Engine) -> list[Message]:
    """Take every message that waits to be sent, in order; of a chat, one is claimed at a time."""
    taken: list[Message] = []
    while claimed := await engine.write(outbox.claim, "test", engine.now()):
        for message in claimed:
            await engine.write(outbox.drop, message.message_id, "test", engine.now())
        taken += claimed
    return sorted(taken, key=lambda message: message.message_id)


async def queued(engine: Engine) -> list[Message]:
    """Take the digests that wait to be sent."""
    return [message for message in await waiting(engine) if message.kind is Kind.DIGEST]


async def summary(engine: Engine, message: Message, *, in_detail: bool = False) -> Summary:
    """Read a digest."""
    return await engine.read(digests.summary, message.user_id, message.subject_id, in_detail=in_detail)


async def ask(engine: Engine, actor_id: int, *, in_detail: bool = False) -> Summary:
    """Ask for a digest now and read it."""
    await engine.write(digests.request, actor_id, 1001, engine.now())
    [message] = await queued(engine)
    return await summary(engine, message, in_detail=in_detail)


async def subscribe(engine: Engine, actor_id: int, text: str = "daily 18:00") -> digests.Subscription:
    """Set somebody's schedule; the daily one is six hours after the clock's noon."""
    return await engine.write(digests.subscribe, actor_id, parse_cadence(text), 1001, engine.now())


async def tick(engine: Engine) -> int:
    """Queue what is due."""
    return await engine.write(digests.queue_due, engine.now())
