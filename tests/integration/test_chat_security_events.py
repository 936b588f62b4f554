"""What the chat writes into the security log: refusals, codes, and changes of rights once they are committed."""

from collections.abc import Iterator

import pytest

from core.domain.access import Permission, Role
from core.engine import Engine
from core.errors import Conflict, NotAllowed
from core.security_log import hashed_client
from core.services import audit_log, invitations, policies, roles
from core.services.audit_log import WHOLE_ACCOUNT, Action
from tests.support.account import Office
from tests.support.bot_fixture import MANAGER, STRANGER, Town
from tests.support.clock import Clock
from tests.support.rows import a_user
from tests.support.security_events import Line, security, written
from tests.support.site import SECRET


@pytest.fixture
def lines() -> Iterator[list[Line]]:
    with written() as lines:
        yield lines


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_strangers_wrong_codes_and_refusals_of_permission(town: Town, lines: list[Line], clock: Clock) -> None:
    await town.owner.asks("/start")
    for line in ("/profiles", "/start a-guessed-code-of-somebody"):
        said = await town.stranger.says(line)
        await town.stranger.reads("invited people only", after=said)
        clock.advance(hours=1)  # strangers are answered once an hour
    said = await town.owner.says("/start an-old-code")
    await town.owner.reads(after=said)
    reader = await a_user(town.engine, Role.CUSTOM, permissions=[Permission.RECEIVE_DIGESTS], telegram_id=MANAGER)
    said = await town.person(MANAGER).says("/addrole Boss | manage people")
    await town.person(MANAGER).reads(after=said)
    stranger = hashed_client(SECRET, f"telegram {STRANGER}")
    assert security(lines, "permission refused", "code refused") == [
        {"event": "permission refused", "client": stranger, "reason": "no access"},
        {"event": "code refused", "client": stranger, "route": "start"},
        {"event": "permission refused", "client": stranger, "reason": "no access"},
        {"event": "code refused", "user": 1, "route": "start"},
        {"event": "permission refused", "user": reader, "route": "addrole"},
    ]
    assert not [line for line in security(lines) if "guessed" in str(line) or str(STRANGER) in str(line)]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_forwarded_order(town: Town, lines: list[Line]) -> None:
    await town.owner.asks("/start")
    trick = await town.owner.says("/help")
    forwarded = await town.owner.forwards(trick)
    await town.owner.reads("I don't act on forwarded messages", after=forwarded)
    assert security(lines, "order refused") == [
        {"event": "order refused", "user": 1, "reason": "not typed by the sender"}
    ]


async def test_changes_of_rights_are_written_after_the_commit(office: Office, lines: list[Line]) -> None:
    engine, owner = office.engine, office.owner_id
    await engine.write(roles.add, owner, "Recruiter", [Permission.MANAGE_PEOPLE], engine.now())
    made = await engine.write(invitations.invite, owner, "administrator", [], engine.now())
    await engine.write(policies.limit_seats, owner, "5", engine.now())
    assert security(lines) == [
        {"event": "role added", "user": owner, "subject": 1},
        {"event": "code made", "user": owner, "subject": made.invitation.invitation_id},
        {"event": "policy changed", "user": owner},
    ]
    assert "Recruiter" not in str(security(lines))


async def test_what_is_rolled_back_is_not_written_and_what_is_tried_again_is_written_once(
    engine: Engine, lines: list[Line]
) -> None:
    attempts: list[int] = []

    def refused(session: object) -> None:
        audit_log.record(session, None, Action.OWNER_CLAIMED, WHOLE_ACCOUNT, engine.now())  # type: ignore[arg-type]
        raise NotAllowed

    def tried_twice(session: object) -> None:
        audit_log.record(session, None, Action.OWNERSHIP_TRANSFERRED, WHOLE_ACCOUNT, engine.now())  # type: ignore[arg-type]
        attempts.append(1)
        if len(attempts) == 1:
            raise Conflict

    with pytest.raises(NotAllowed):
        await engine.write(refused)
    await engine.write(tried_twice)
    assert [line["event"] for line in security(lines)] == ["ownership transferred"]
