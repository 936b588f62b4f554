"""Digests that are claimed together are read together, by the rights of that moment, which ends with the claim."""

import gc
from collections.abc import AsyncIterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from bot.screens.digest_reader import DigestReader
from bot.screens.notices import NoticeRenderer
from bot.sending.outbox_sender import OutboxSender
from bot.sending.rate_limiter import RateLimiter
from bot.sending.reachability import Reachability
from bot.service import LOCALES
from core.domain.outbox import LEASE
from core.engine import Engine, UseCase
from core.errors import Cause, DatabaseUnavailable, NotAllowed
from core.language import Languages
from core.services import account, digest_summaries, digests, outbox
from core.services.outbox import Message
from core.storage.tables import OutboxMessage
from tests.support.account import Office, an_office
from tests.support.clock import Clock
from tests.support.rows import a_manager, demote


class EngineWithoutSomeReads(Engine):
    """An engine whose database is unavailable for use cases that a test names."""

    def __init__(self, database_url: str, clock: Clock) -> None:
        super().__init__(database_url, clock=clock)
        self.unavailable: set[UseCase[..., Any]] = set()

    async def read(self, use_case: UseCase[..., Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the engine's
        """Run a use case, or fail."""
        if use_case in self.unavailable:
            raise DatabaseUnavailable(Cause.UNREACHABLE)
        return await super().read(use_case, *args, **kwargs)


@pytest.fixture
async def engine(office_url: str, clock: Clock) -> AsyncIterator[EngineWithoutSomeReads]:
    """An engine on each database."""
    engine = EngineWithoutSomeReads(office_url, clock)
    yield engine
    await engine.close()


@pytest.fixture
async def office(engine: Engine) -> Office:
    """An account that its owner has set up."""
    return await an_office(engine)


@pytest.fixture
async def manager(office: Office) -> int:
    """A manager who has asked for a digest, as the owner has."""
    manager = await a_manager(office.engine, "Sales", telegram_id=1002)
    for user_id, chat_id in ((manager, 1002), (office.owner_id, 1001)):
        await office.engine.write(digests.request, user_id, chat_id, office.engine.now())
    return manager


async def claimed(engine: Engine) -> list[Message]:
    """Claim the digests together, that of the manager first."""
    messages = await engine.write(outbox.claim, "one", engine.now())
    return sorted(messages, key=lambda message: -message.chat_id)


async def test_after_a_failed_rendering_the_next_claim_reads_the_digest_by_the_rights_of_its_own_moment(
    engine: EngineWithoutSomeReads, office: Office, manager: int, clock: Clock
) -> None:
    bot = cast("Any", SimpleNamespace())  # a test that sends anything fails
    renderer = NoticeRenderer(engine, Languages(LOCALES))
    sender = OutboxSender(bot, engine, renderer, RateLimiter(), Reachability(bot))
    engine.unavailable = {account.organisation}
    with capture_logs() as told:
        await sender.send_waiting()
    assert [line["event"] for line in told] == ["message postponed"] * 2
    engine.unavailable = set()
    await demote(engine, manager)
    await engine.write(_drop_of, office.owner_id)
    clock.at += LEASE + timedelta(seconds=1)
    with capture_logs() as told:
        await sender.send_waiting()
    assert (told, await engine.read(outbox.counts)) == ([], {"failed": 1})  # as it no longer applies


async def test_if_digests_can_not_be_read_together_each_is_read_by_itself(
    engine: EngineWithoutSomeReads, office: Office, manager: int
) -> None:
    engine.unavailable = {digest_summaries.summaries}
    messages, reader = await claimed(engine), DigestReader(engine)
    reader.expect(messages)
    of_manager, of_owner = messages
    assert (of_manager.user_id, of_owner.user_id) == (manager, office.owner_id)
    await demote(engine, manager)
    with pytest.raises(NotAllowed):
        await reader.read(of_manager)
    assert (await reader.read(of_owner)).news == ()


@pytest.mark.usefixtures("manager")
async def test_a_failed_reading_that_nobody_needs_is_not_logged(
    engine: EngineWithoutSomeReads, caplog: pytest.LogCaptureFixture
) -> None:
    engine.unavailable = {digest_summaries.summaries}
    messages, reader = await claimed(engine), DigestReader(engine)
    reader.expect(messages)
    await engine.read(outbox.counts)  # by then the reading has failed
    for message in messages:
        reader.discard(message)
    gc.collect()
    assert not caplog.records


def _drop_of(session: Session, user_id: int) -> None:
    session.execute(delete(OutboxMessage).where(OutboxMessage.user_id == user_id))
