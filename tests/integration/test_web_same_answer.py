"""Whether an address has an account: the same answer, by the same statements and hashes, at each door.

Statements and hashes are counted here, since times vary; `python -m benchmarks.same_answer` measures the times.
"""

import re
from dataclasses import dataclass

import pytest

from core import passwords
from core.services import password_links, status_pages
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.doors import Door, add_accounts, doors_of, open_doors
from tests.support.hash_count import HashCount
from tests.support.site import PASSWORD, Answer, Site
from tests.support.statements import counted

pytestmark = [pytest.mark.deep, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]
KNOWN, UNKNOWN = "anna@example.com", "none@example.com"  # of one length
UNKNOWN_CODE = "u" * 43


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a stranger sees of an answer, with the address and all secrets left out, and the work that it took."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str
    statements: list[list[str]]
    made: int
    verified: int


def without_secrets(text: str, *addresses: str) -> str:
    for address in addresses:
        text = text.replace(address, "ADDRESS").replace(address.replace("@", "%40"), "ADDRESS")
    return re.sub(r"[A-Za-z0-9_-]{40,}", "SECRET", text)


def seen(answer: Answer, statements: list[list[str]], hashes: HashCount, *addresses: str) -> Seen:
    headers = {name: without_secrets(value, *addresses) for name, value in answer.headers.items() if name != "Date"}
    return Seen(
        status=answer.status,
        headers=tuple(sorted(headers.items())),
        body=without_secrets(answer.body, *addresses),
        statements=statements,
        made=hashes.made,
        verified=hashes.verified,
    )


async def enter(site: Site, door: Door, address: str, monkeypatch: pytest.MonkeyPatch) -> Seen:
    visitor, hashes = site.visitor(), HashCount()
    form = await door.open(visitor)
    with counted() as work, monkeypatch.context() as patch:
        patch.setattr(passwords, "HASHER", hashes)
        answer = await door.enter(visitor, form, address)
    assert answer.status < 500
    return seen(answer, work.statements, hashes, address)


@pytest.mark.deep
@pytest.mark.parametrize("with_mail", [True, False], ids=["with mail", "without"])
async def test_no_door_tells_whether_an_address_has_an_account_by_its_answer_or_its_work(
    office: Office, clock: Clock, monkeypatch: pytest.MonkeyPatch, *, with_mail: bool
) -> None:
    await add_accounts(office, [KNOWN], passwords.HASHER.hash(PASSWORD))
    async with open_doors(office, with_mail=with_mail) as site:
        for door in await doors_of(office):
            if door.confirms and not with_mail:
                continue  # addresses can't be confirmed: a taken one is said, and counted (docs/pages.md)
            known = await enter(site, door, KNOWN, monkeypatch)
            clock.advance(hours=2)
            unknown = await enter(site, door, UNKNOWN, monkeypatch)
            clock.advance(hours=2)
            assert known == unknown, door.name


async def test_a_code_that_nobody_has_is_answered_as_one_that_has_ended(
    office: Office, site: Site, clock: Clock
) -> None:
    engine, learner = office.engine, (await office.sign_up((await office.profile()).token)).user_id
    page = await engine.write(status_pages.begin, learner, engine.now())
    made = await engine.write(password_links.make, office.owner_id, learner, engine.now())
    clock.advance(days=31)
    for path, ended in (("/w/", page), ("/password/", made.code)):
        with counted() as of_ended:
            known = await site.visitor().get(f"{path}{ended}")
        with counted() as of_unknown:
            unknown = await site.visitor().get(f"{path}{UNKNOWN_CODE}")
        work, nothing = (of_ended.statements, of_unknown.statements), HashCount()
        assert seen(known, work[0], nothing) == seen(unknown, work[1], nothing)
        assert known.status == 410
