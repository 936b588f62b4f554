"""One-time links to a new password: who may make them, how long they work, and what their use ends."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.domain.access import Permission, Role
from core.engine import Engine
from core.errors import NoLogIn, NotAllowed, PasswordLinkGone, Refusal, UserNotFound
from core.services import audit_log, password_links, people, sessions
from core.services.audit_log import Action
from core.storage.tables import PasswordLink, User
from tests.support.account import FAST_HASH, Office, a_form
from tests.support.clock import Clock
from tests.support.rows import a_manager, a_user, deactivate, demote

NEW_HASH = FAST_HASH.replace("9uPl", "9vPl")


@pytest.fixture
async def learner(office: Office) -> int:
    """Anna, who signed up in Sales / EMEA."""
    return (await office.sign_up((await office.profile()).token)).user_id


async def link_for(engine: Engine, user_id: int, by: int) -> str:
    return (await engine.write(password_links.make, by, user_id, engine.now())).code


async def use(engine: Engine, code: str) -> int:
    return await engine.write(password_links.use, code, NEW_HASH, engine.now())


async def test_a_link_sets_a_new_password_once(engine: Engine, office: Office, learner: int) -> None:
    code = await link_for(engine, learner, office.owner_id)
    assert (await engine.read(password_links.find, code, engine.now())).identifier == "anna@example.com"
    assert await use(engine, code) == learner
    known = await engine.read(sessions.credentials, "anna@example.com")
    assert known == sessions.Credentials(user_id=learner, password_hash=NEW_HASH)
    with pytest.raises(PasswordLinkGone):
        await use(engine, code)


async def test_of_concurrent_uses_exactly_one_succeeds(engine: Engine, office: Office, learner: int) -> None:
    code = await link_for(engine, learner, office.owner_id)
    results = await asyncio.gather(*(use(engine, code) for _ in range(5)), return_exceptions=True)
    assert [result for result in results if not isinstance(result, PasswordLinkGone)] == [learner]
    assert sum(isinstance(result, PasswordLinkGone) for result in results) == 4


async def test_its_use_ends_all_log_ins(engine: Engine, office: Office, learner: int) -> None:
    earlier = await engine.write(sessions.start, learner, engine.now())
    await use(engine, await link_for(engine, learner, office.owner_id))
    assert await engine.read(sessions.find, earlier, engine.now()) is None


async def test_it_works_for_24_hours(engine: Engine, office: Office, learner: int, clock: Clock) -> None:
    code = await link_for(engine, learner, office.owner_id)
    clock.advance(hours=23, minutes=59)
    await engine.read(password_links.find, code, engine.now())
    clock.advance(minutes=1)
    with pytest.raises(PasswordLinkGone):
        await engine.read(password_links.find, code, engine.now())
    with pytest.raises(PasswordLinkGone):
        await use(engine, code)


async def test_a_newer_link_ends_the_earlier_one(engine: Engine, office: Office, learner: int) -> None:
    earlier, newer = [await link_for(engine, learner, office.owner_id) for _ in range(2)]
    with pytest.raises(PasswordLinkGone):
        await use(engine, earlier)
    assert await use(engine, newer) == learner


async def test_the_database_holds_no_code(engine: Engine, office: Office, learner: int) -> None:
    code = await link_for(engine, learner, office.owner_id)
    [stored] = await engine.read(lambda session: list(session.scalars(select(PasswordLink.code_hash))))
    assert code not in stored
    page = await engine.read(audit_log.page, office.owner_id)
    assert code not in repr(page)
    assert (page.entries[0].action, page.entries[0].subject) == (Action.PASSWORD_LINK_MADE, "Anna Berzina")


async def test_a_manager_makes_links_for_their_own_learners_only(engine: Engine, learner: int) -> None:
    assert await link_for(engine, learner, await a_manager(engine, "Sales"))
    elsewhere = await a_user(engine, Role.CUSTOM, "Sales", permissions=[Permission.MANAGE_PROFILES])
    with pytest.raises(NotAllowed):
        await link_for(engine, learner, elsewhere)
    with pytest.raises(UserNotFound):
        await link_for(engine, await a_user(engine, Role.LEARNER), await a_manager(engine, "Sales"))


async def test_nobody_makes_a_link_for_staff_with_more_rights(engine: Engine, office: Office) -> None:
    manager = await a_manager(engine, "")
    with pytest.raises(NotAllowed):
        await link_for(engine, office.owner_id, manager)


@pytest.mark.parametrize("ends", [demote, deactivate])
async def test_a_link_ends_with_the_rights_of_its_maker(
    engine: Engine, learner: int, ends: Callable[[Engine, int], Awaitable[None]]
) -> None:
    manager = await a_manager(engine, "Sales")
    code = await link_for(engine, learner, manager)
    await ends(engine, manager)
    with pytest.raises(PasswordLinkGone):
        await use(engine, code)


async def test_a_person_who_has_nothing_to_log_in_with_gets_no_link(engine: Engine, office: Office) -> None:
    with pytest.raises(NoLogIn):
        await link_for(engine, await a_user(engine, Role.LEARNER), office.owner_id)


async def test_a_person_added_by_hand_sets_their_own_password(engine: Engine, office: Office) -> None:
    newcomer = a_form("boris@example.com").newcomer
    made = await engine.write(password_links.add_person, office.owner_id, newcomer, "Sales", engine.now())
    before = await engine.read(sessions.credentials, "boris@example.com")
    assert before == sessions.Credentials(user_id=made.user_id, password_hash=None)
    assert await use(engine, made.code) == made.user_id


async def test_the_learner_is_told_until_they_have_read_it(engine: Engine, office: Office, learner: int) -> None:
    made_at = engine.now()
    await use(engine, await link_for(engine, learner, office.owner_id))
    cookie = await engine.write(sessions.start, learner, engine.now())
    found = await engine.read(sessions.find, cookie, engine.now())
    assert found
    assert found.password_link_at == made_at
    await engine.write(password_links.has_been_told, learner)
    found = await engine.read(sessions.find, cookie, engine.now())
    assert found
    assert found.password_link_at is None


async def test_what_is_over_is_swept(engine: Engine, office: Office, learner: int, clock: Clock) -> None:
    def count(session: Session) -> int:
        return session.scalars(select(func.count()).select_from(PasswordLink)).one()

    await link_for(engine, learner, office.owner_id)
    await engine.write(password_links.sweep, engine.now())
    assert await engine.read(count) == 1
    clock.advance(hours=24)
    await engine.write(password_links.sweep, engine.now())
    assert await engine.read(count) == 0


async def test_a_link_ends_with_its_account(engine: Engine, office: Office, learner: int) -> None:
    code = await link_for(engine, learner, office.owner_id)
    await engine.write(people.delete, office.owner_id, learner, engine.now())
    with pytest.raises(PasswordLinkGone):
        await use(engine, code)
    user = await engine.read(lambda session: session.get_one(User, learner).password_hash)
    assert user is None


@pytest.mark.parametrize("code", ["", "x", "a\x00b", "\udcff", "x" * 100_000])
async def test_a_code_that_never_existed_is_refused(engine: Engine, code: str) -> None:
    with pytest.raises(Refusal):
        await engine.read(password_links.find, code, engine.now())
