"""When a password is hashed, the dear part of a request: always where its absence would tell something."""

import pytest

from core.engine import Engine
from tests.support.account import Office
from tests.support.site import PASSWORD, Site


@pytest.fixture
def hashed(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was hashed, and what was compared with a hash."""
    seen: list[str] = []
    hash_, verify = engine.hash, engine.verify

    async def hashing(password: str) -> str:
        seen.append(password)
        return await hash_(password)

    async def verifying(password_hash: str | None, password: str) -> bool:
        seen.append(password)
        return await verify(password_hash, password)

    monkeypatch.setattr(engine, "hash", hashing)
    monkeypatch.setattr(engine, "verify", verifying)
    return seen


async def test_log_in_compares_a_hash_for_nobody_as_for_somebody(office: Office, site: Site, hashed: list[str]) -> None:
    await site.visitor().sign_up((await office.profile()).token)
    hashed.clear()
    for identifier in ("anna@example.com", "nobody@example.com", "nobody", ""):
        await site.visitor().log_in(identifier, "not the password")
    assert hashed == ["not the password"] * 4


async def test_a_sign_up_hashes_once(office: Office, site: Site, hashed: list[str]) -> None:
    await site.visitor().sign_up((await office.profile()).token)
    assert hashed == [PASSWORD]


async def test_an_exhausted_link_hashes_nothing(office: Office, site: Site, hashed: list[str]) -> None:
    token, late = (await office.profile(limit="1")).token, site.visitor()
    form = await late.open_link(token)
    await office.sign_up(token, "first@example.com")
    answer = await late.fill(form)
    assert (answer.status, hashed) == (410, [])
