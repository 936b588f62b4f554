"""When a password is hashed, the dear part of a request: where its absence would tell something, and nowhere else."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event
from typing import Any

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select, update

from core import passwords
from core.domain.field_kinds import Kind
from core.engine import Engine
from core.fair_queue import Lane, Requester
from core.passwords import CORES, HASHER, Verified
from core.services import form_fields, policies, profile_editing
from core.services.form_fields import FieldDraft
from core.services.page_settings import PageSetting
from core.services.policies import Switch
from core.storage.tables import User
from tests.support.account import Office
from tests.support.hash_count import HashCount
from tests.support.patience import PATIENCE
from tests.support.site import PASSWORD, Answer, Form, Site, Visitor
from tests.support.statements import counted
from web import redemption

Hashed = list[tuple[Lane, str]]
AT_WORK = Requester(lane=Lane.NEW_PASSWORD, network="", account="at work")


@pytest.fixture
def hashed(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Hashed:
    """What was hashed, and what was compared with a hash, and in which lane."""
    seen: Hashed = []
    hash_, verify = engine.passwords.hash, engine.passwords.verify

    async def hashing(requester: Requester, password: str, *checks: Any) -> str:  # noqa: ANN401 - passed on
        seen.append((requester.lane, password))
        return await hash_(requester, password, *checks)

    async def verifying(requester: Requester, password_hash: str | None, password: str) -> Verified:
        seen.append((requester.lane, password))
        return await verify(requester, password_hash, password)

    monkeypatch.setattr(engine.passwords, "hash", hashing)
    monkeypatch.setattr(engine.passwords, "verify", verifying)
    return seen


async def test_log_in_compares_a_hash_for_nobody_as_for_somebody(office: Office, site: Site, hashed: Hashed) -> None:
    await site.visitor().sign_up((await office.profile()).token)
    hashed.clear()
    for identifier in ("anna@example.com", "nobody@example.com", "nobody"):
        await site.visitor().log_in(identifier, "not the password")
    assert hashed == [(Lane.LOG_IN, "not the password")] * 3


async def test_a_sign_up_hashes_once(office: Office, site: Site, hashed: Hashed) -> None:
    await site.visitor().sign_up((await office.profile()).token)
    assert hashed == [(Lane.SIGN_UP, PASSWORD)]


async def test_an_exhausted_link_hashes_nothing(office: Office, site: Site, hashed: Hashed) -> None:
    token, late = (await office.profile(limit="1")).token, site.visitor()
    form = await late.open_link(token)
    await office.sign_up(token, "first@example.com")
    answer = await late.fill(form)
    assert (answer.status, hashed) == (410, [])


@asynccontextmanager
async def while_it_waits(office: Office, visitor: Visitor, form: Form) -> AsyncIterator["asyncio.Task[Answer]"]:
    """Send a form while all slots are taken, and let its turn come at the end."""
    work, go = office.engine.passwords, Event()
    others = [asyncio.create_task(work.run(AT_WORK, go.wait)) for _ in range(CORES)]
    posted = asyncio.create_task(visitor.fill(form))
    async with asyncio.timeout(PATIENCE):
        while not work.waiting(Lane.SIGN_UP):
            await asyncio.sleep(0)
    yield posted
    go.set()
    await asyncio.gather(posted, *others)


async def test_a_link_that_is_full_when_its_turn_has_come_hashes_nothing(
    office: Office, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, late, hashes = (await office.profile(limit="1")).token, site.visitor(), HashCount()
    async with while_it_waits(office, late, await late.open_link(token)) as posted:
        await office.sign_up(token, "first@example.com")
        monkeypatch.setattr(passwords, "HASHER", hashes)
    answer = await posted
    assert (answer.status, answer.heading, hashes.made) == (410, "No places are left", 0)


async def test_a_link_that_was_paused_while_a_form_waited_for_long_hashes_nothing(
    office: Office, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redemption, "SEEN_JUST_NOW", 0.0)
    made, late, hashes = await office.profile(limit="unlimited"), site.visitor(), HashCount()
    monkeypatch.setattr(passwords, "HASHER", hashes)
    async with while_it_waits(office, late, await late.open_link(made.token)) as posted:
        now = office.engine.now()
        await office.engine.write(profile_editing.pause, office.owner_id, made.profile_id, now, paused=True)
    answer = await posted
    assert (answer.status, answer.heading, hashes.made) == (403, "This link is paused", 0)


@pytest.mark.parametrize(("limit", "looks"), [("unlimited", 0), (str(CORES + 1), 0), (str(CORES), 1)])
async def test_a_link_with_room_for_all_who_wait_is_not_looked_at_again_at_once(
    office: Office, site: Site, monkeypatch: pytest.MonkeyPatch, limit: str, looks: int
) -> None:
    monkeypatch.setattr(redemption, "SEEN_JUST_NOW", PATIENCE)
    visitor = site.visitor()
    form = await visitor.open_link((await office.profile(limit=limit)).token)
    with counted() as count:
        async with while_it_waits(office, visitor, form) as posted:
            pass
    answer = await posted
    assert (answer.status, count.cost.reads) == (303, 1 + looks)


async def test_values_that_another_person_has_hash_nothing(office: Office, site: Site, hashed: Hashed) -> None:
    draft = FieldDraft(label="Badge", kind=Kind.UNIQUE_TEXT)
    field = await office.engine.write(form_fields.add_field, office.owner_id, draft, office.engine.now())
    badge, token = f"custom_{field.field_id}", (await office.profile()).token
    await office.set_page(PageSetting.LOGIN, "optional")
    await site.visitor().sign_up(token, login="anna", **{badge: "A-1"})
    hashed.clear()
    answers = [
        await site.visitor().sign_up(token),
        await site.visitor().sign_up(token, "boris@example.com", login="anna"),
        await site.visitor().sign_up(token, "boris@example.com", **{badge: "a-1"}),
    ]
    assert ([answer.status for answer in answers], hashed) == ([409, 422, 422], [])
    assert answers[2].texts("p", id=f"{badge}-problem") == [
        "“Badge” must be your own: another person has entered the same"
    ]


async def test_a_session_needs_no_hash(office: Office, site: Site, hashed: Hashed) -> None:
    visitor = site.visitor()
    await visitor.sign_up((await office.profile()).token)
    hashed.clear()
    assert ((await visitor.get("/courses")).status, hashed) == (200, [])


async def test_a_sign_up_that_waits_is_told_so_when_its_form_is_sent_again(office: Office, site: Site) -> None:
    await office.engine.write(policies.switch, office.owner_id, Switch.APPROVAL, office.engine.now(), on=True)
    token, visitor = (await office.profile()).token, site.visitor()
    form = await visitor.open_link(token)
    answers = [await visitor.follow(await visitor.fill(form, login="anna")) for _ in range(2)]
    assert [answer.heading for answer in answers] == ["Your account is waiting for approval"] * 2
    assert (await site.visitor().sign_up(token)).status == 409


async def test_log_in_renews_a_hash_of_lower_parameters(office: Office, site: Site) -> None:
    await site.visitor().sign_up((await office.profile()).token)
    old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    of_anna = User.email == "anna@example.com"
    await office.engine.write(
        lambda session: session.execute(update(User).where(of_anna).values(password_hash=old)).close()
    )

    async def stored() -> str | None:
        return await office.engine.read(
            lambda session: session.scalars(select(User.password_hash).where(of_anna)).one()
        )

    await site.visitor().log_in("anna@example.com", "not the password")
    assert await stored() == old
    assert (await site.visitor().log_in("anna@example.com")).status == 303
    renewed = await stored()
    assert renewed
    assert not HASHER.check_needs_rehash(renewed)
    assert (await site.visitor().log_in("anna@example.com")).status == 303
    assert await stored() == renewed
