"""A database belongs to the bot, or to the sandbox, that it was first used with."""

import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from core.config import SANDBOX
from core.domain.access import Role
from core.domain.cadence import parse_cadence
from core.domain.updates import read_update
from core.engine import Engine
from core.errors import DatabaseBelongsElsewhere, InvalidInvitation
from core.services import audit_log, belonging, digest_resuming, digests, inbox, invitations, outbox, ownership, people
from core.services.belonging import Adoption
from core.services.ownership import Claimant
from core.services.strangers import OwnerClaim
from core.storage.belonging import NOWHERE
from core.storage.database import open_database
from core.storage.migrate import is_current, upgrade
from core.storage.tables import Account, AuditLogEntry, Base, Digest, LiveCard, MiniAppVisit, TelegramConnection
from core.storage.telegram_connections import connect
from tests.support.account import Office
from tests.support.outbox_messages import claim, queue

BOT, OTHER_BOT = "123456789", "987654321"


async def begin(engine: Engine, user: str) -> None:
    await engine.write(belonging.begin_use, user)


async def belongs_to(engine: Engine) -> str | None:
    return await engine.read(lambda session: session.scalars(select(Account.belongs_to)).one())


@pytest.mark.parametrize(("first", "second"), [(BOT, OTHER_BOT), (BOT, SANDBOX), (SANDBOX, BOT)])
async def test_a_database_belongs_to_its_first_user_and_refuses_others(engine: Engine, first: str, second: str) -> None:
    await begin(engine, first)
    await begin(engine, first)
    with pytest.raises(DatabaseBelongsElsewhere) as refused:
        await begin(engine, second)
    assert (refused.value.belongs_to, await belongs_to(engine)) == (first, first)


@pytest.mark.usefixtures("office")
async def test_a_database_of_an_earlier_version_goes_to_a_bot_but_not_to_the_sandbox(engine: Engine) -> None:
    with pytest.raises(DatabaseBelongsElsewhere) as refused:
        await begin(engine, SANDBOX)
    assert (refused.value.belongs_to, await belongs_to(engine)) == (None, None)
    await begin(engine, BOT)
    assert await belongs_to(engine) == BOT


async def test_the_check_refuses_what_the_start_would_and_changes_nothing(engine: Engine, office: Office) -> None:
    for user in (BOT, SANDBOX):
        if user == SANDBOX:
            with pytest.raises(DatabaseBelongsElsewhere):
                await engine.read(belonging.check, user)
        else:
            await engine.read(belonging.check, user)
    assert await belongs_to(engine) is None
    await begin(engine, BOT)
    await engine.read(belonging.check, BOT)
    with pytest.raises(DatabaseBelongsElsewhere):
        await engine.read(belonging.check, OTHER_BOT)
    assert office.owner_id


async def test_of_two_that_start_together_one_gets_the_database(engine: Engine, database_url: str) -> None:
    other = Engine(database_url)
    results = await asyncio.gather(begin(engine, BOT), begin(other, OTHER_BOT), return_exceptions=True)
    await other.close()
    [refused] = [result for result in results if result]
    assert isinstance(refused, DatabaseBelongsElsewhere)
    assert refused.belongs_to == await belongs_to(engine)


def test_a_refused_database_keeps_its_old_schema(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/old.db", threads=1)
    upgrade(database, "0007")
    with database.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO user_account (role, department_id, state, first_name, last_name, phone, job_title,"
                " language, created_at, search_key)"
                " VALUES ('owner', 1, 'active', 'O', '', '', '', 'en', '2026-11-01', '')"
            )
        )
    with pytest.raises(DatabaseBelongsElsewhere):
        upgrade(database, then=partial(belonging.begin_use, user=SANDBOX))
    assert not is_current(database)
    upgrade(database, then=partial(belonging.begin_use, user=BOT))
    assert is_current(database)
    database.dispose()


async def test_adopting_says_beforehand_what_it_means(engine: Engine, office: Office) -> None:
    await begin(engine, BOT)
    assert await engine.read(belonging.preview, BOT) is None
    found = await engine.read(belonging.preview, OTHER_BOT)
    assert found == Adoption(belongs_to=BOT, owner="Olivia Owner", leaving_chat=0)
    assert office.owner_id


async def test_adopting_is_recorded_and_lets_the_other_in(engine: Engine) -> None:
    await begin(engine, BOT)
    await engine.write(belonging.adopt, OTHER_BOT, engine.now())
    await begin(engine, OTHER_BOT)
    with pytest.raises(DatabaseBelongsElsewhere):
        await begin(engine, BOT)

    def recorded(session: Session) -> list[tuple[object, ...]]:
        found = session.scalars(select(AuditLogEntry)).all()
        return [(entry.action, entry.actor_id, entry.before, entry.after) for entry in found]

    assert await engine.read(recorded) == [(audit_log.Action.DATABASE_ADOPTED, None, {"bot": BOT}, {"bot": OTHER_BOT})]


async def test_adopting_what_belongs_here_already_changes_nothing(engine: Engine, office: Office) -> None:
    for _ in range(2):
        await engine.write(belonging.adopt, SANDBOX, engine.now())
    assert await engine.read(people.by_telegram_id, 1001) is not None
    assert office.owner_id


async def test_another_bots_updates_are_forgotten_because_its_numbers_mean_others(engine: Engine) -> None:
    await begin(engine, BOT)
    update = read_update({"update_id": 900, "message": {"chat": {"id": 5}, "from": {"id": 5}, "text": "/start"}})
    await engine.write(inbox.record, [update], OwnerClaim(secret_key="", telegram_id=None), engine.now())
    await engine.write(belonging.adopt, OTHER_BOT, engine.now())
    assert await engine.read(inbox.counts) == {}


async def test_people_of_the_sandbox_are_disconnected_when_a_bot_gets_their_database(
    engine: Engine, office: Office
) -> None:
    await engine.write(belonging.adopt, SANDBOX, engine.now())
    await engine.write(digests.subscribe, office.owner_id, parse_cadence("daily 18:00"), 1001, engine.now())
    learner = (await office.sign_up((await office.profile()).token, "anna@example.com")).user_id
    await engine.write(connect, learner, 77, engine.now(), may_write=True)
    await queue(office)
    assert await engine.read(belonging.preview, BOT) == Adoption(
        belongs_to=SANDBOX, owner="Olivia Owner", leaving_chat=1
    )
    await engine.write(belonging.adopt, BOT, engine.now())
    assert await engine.read(people.by_telegram_id, 1001) is None
    assert await claim(engine) == []
    assert not await engine.read(digests.any_due, engine.now() + timedelta(days=2))
    chats = await engine.read(
        lambda session: [*session.scalars(select(Digest.chat_id)), *session.scalars(select(TelegramConnection))]
    )
    assert chats == [NOWHERE]


async def test_no_stopped_digest_of_the_sandbox_is_left_to_resume_when_a_bot_gets_its_database(
    engine: Engine, office: Office
) -> None:
    await engine.write(belonging.adopt, SANDBOX, engine.now())
    await engine.write(digests.subscribe, office.owner_id, parse_cadence("daily 18:00"), 1001, engine.now())
    await engine.write(outbox.chat_lost, 1001, engine.now())
    assert len(await engine.read(digest_resuming.stopped, office.owner_id)) == 1
    await engine.write(belonging.adopt, BOT, engine.now())
    assert await engine.read(digest_resuming.stopped, office.owner_id) == ()


PAST = {"outgoing.chat_id"}  # what was sent, or has ended


def test_each_column_with_a_number_of_telegram_is_looked_after() -> None:
    """Whoever adds one decides what becomes of it in `disconnect_all`, and adds a row of it to the test below."""
    found = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in {"telegram_id", "chat_id", "inline_message_id"}
    }
    assert found == PAST | {
        *("user_account.telegram_id", "digest.chat_id", "telegram_connection.telegram_id"),
        *("mini_app_visit.telegram_id", "live_card.chat_id", "live_card.inline_message_id", "dialogue.chat_id"),
    }


async def test_no_card_is_edited_and_no_visitor_known_once_a_bot_has_the_sandboxs_database(
    engine: Engine, office: Office
) -> None:
    card, now = await office.profile(), engine.now()
    await engine.write(belonging.adopt, SANDBOX, now)

    def add(session: Session) -> None:
        about = {"profile_id": card.profile_id, "by_id": office.owner_id, "language": "en", "shown": "", "next_at": now}
        session.add(LiveCard(**about, chat_id=-5, chat_title="Sales", created_at=now))
        session.add(LiveCard(**about, inline_message_id="AA", chat_title="", created_at=now))
        visitor = {"telegram_id": 77, "first_name": "Vera", "last_name": "", "may_write": True, "expires_at": now}
        session.add(MiniAppVisit(code_hash="a", digest="b", **visitor))

    await engine.write(add)
    await engine.write(belonging.adopt, BOT, now)
    left = await engine.read(
        lambda session: [
            *session.scalars(select(LiveCard).where(LiveCard.ended_at.is_(None))),
            *session.scalars(select(MiniAppVisit)),
        ]
    )
    assert left == []


async def test_what_the_sandbox_handed_out_opens_nothing_when_a_bot_gets_its_database(
    engine: Engine, office: Office
) -> None:
    await engine.write(belonging.adopt, SANDBOX, engine.now())
    made = await engine.write(invitations.invite, office.owner_id, "administrator", [], engine.now())
    code = await engine.write(ownership.replacement_code, "secret", engine.now())
    await engine.write(belonging.adopt, BOT, engine.now())
    stranger = Claimant(telegram_id=5005, first_name="Rita", last_name="", language="en")
    with pytest.raises(InvalidInvitation):
        await engine.write(invitations.accept, made.code, stranger, engine.now())
    with pytest.raises(InvalidInvitation):
        await engine.write(ownership.claim_by_code, "secret", code, stranger, engine.now())
    assert (await engine.read(people.card, office.owner_id, office.owner_id)).role is Role.OWNER


async def test_people_of_a_bot_stay_connected_when_another_gets_their_database(engine: Engine, office: Office) -> None:
    await begin(engine, BOT)
    await queue(office)
    await engine.write(belonging.adopt, OTHER_BOT, engine.now())
    assert await engine.read(people.by_telegram_id, 1001) is not None
    assert len(await claim(engine)) == 1
