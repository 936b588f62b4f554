"""Which updates of strangers are stored: each is answered once an hour, and a flood is left out."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.domain.access import Role
from core.domain.inbox import Standing
from core.domain.limits import ALL_STRANGERS, Attempt
from core.domain.updates import read_update
from core.engine import Engine
from core.services import inbox, invitations, limits, ownership, policies
from core.services.inbox import Capacity, Worth
from core.services.ownership import Claimant
from core.services.strangers import OwnerClaim
from core.storage.tables import LimitUse
from tests.support.account import Office, an_office
from tests.support.clock import Clock
from tests.support.rows import a_user
from tests.support.site import SECRET

OWNER, STRANGER, GROUP = 1001, 5001, -70
NAMED = 5002  # whom the settings name as the owner
CLAIM = OwnerClaim(secret_key=SECRET, telegram_id=NAMED)
NUMBERS = iter(range(1, 100_000))


def a_line(text: str = "hello", sender: int = STRANGER, chat: int | None = None) -> dict[str, Any]:
    return {"message": {"chat": {"id": chat or sender}, "from": {"id": sender}, "text": text}}


def a_tap(sender: int = STRANGER, chat: int = GROUP) -> dict[str, Any]:
    return {"callback_query": {"id": "1", "from": {"id": sender}, "message": {"chat": {"id": chat}}}}


def a_change(sender: int = STRANGER, chat: int = GROUP) -> dict[str, Any]:
    return {"my_chat_member": {"chat": {"id": chat}, "from": {"id": sender}}}


async def left_out(engine: Engine, *contents: dict[str, Any]) -> int:
    """Receive updates; give how many were left out, which must be as many as would be."""
    received = [read_update({"update_id": next(NUMBERS), **content}) for content in contents]
    number = 0
    for each in received:  # one by one: what is left out depends on those before
        worth = await engine.read(inbox.worth_recording, [each], CLAIM, engine.now())
        refused = await engine.write(inbox.record, [each], CLAIM, engine.now())
        assert refused == 1 - len(worth.kept)
        number += refused
    return number


def uses(session: Session) -> dict[str, int]:
    return dict(session.execute(select(LimitUse.key, LimitUse.attempts)).all())


async def standings(engine: Engine, at_most: int = 50, strangers_at_most: int = 50) -> list[Standing]:
    capacity = Capacity(holder="a test", at_most=at_most, strangers_at_most=strangers_at_most)
    claims = await engine.write(inbox.claim, capacity, engine.now())
    return [claim.standing for claim in claims]


@pytest.mark.usefixtures("office")
async def test_a_strangers_line_is_stored_once_an_hour(engine: Engine, clock: Clock) -> None:
    assert await left_out(engine, *[a_line()] * 5) == 4
    clock.advance(minutes=59, seconds=59)
    assert await left_out(engine, a_line()) == 1
    clock.advance(seconds=1)
    assert await left_out(engine, a_line(), a_line()) == 1


@pytest.mark.usefixtures("office")
async def test_all_lines_of_people_with_access_are_stored(engine: Engine) -> None:
    await a_user(engine, Role.ADMINISTRATOR, telegram_id=STRANGER)
    assert await left_out(engine, *[a_line()] * 50, *[a_line(sender=OWNER, chat=GROUP)] * 50) == 0


@pytest.mark.usefixtures("office")
async def test_the_inactive_are_strangers(engine: Engine) -> None:
    await a_user(engine, Role.ADMINISTRATOR, telegram_id=STRANGER, active=False)
    assert await left_out(engine, a_line(), a_line()) == 1


@pytest.mark.usefixtures("office")
async def test_each_kind_of_update_is_counted_apart(engine: Engine) -> None:
    query = {"inline_query": {"id": "1", "from": {"id": STRANGER}, "query": "sales"}}
    assert await left_out(engine, a_line(), query, a_tap(), a_line(), query, a_tap()) == 3


@pytest.mark.usefixtures("office")
async def test_of_a_group_only_what_changes_it_is_stored_and_that_within_limits(engine: Engine) -> None:
    moved = {"message": {"chat": {"id": GROUP}, "from": {"id": STRANGER}, "migrate_to_chat_id": -71}}
    assert await left_out(engine, a_line(chat=GROUP), a_line("/digest", chat=GROUP)) == 2
    assert await left_out(engine, moved, *[a_change()] * 11) == 2
    assert await left_out(engine, a_change(chat=-72)) == 0


@pytest.mark.usefixtures("office")
async def test_a_guessed_code_is_tried_five_times_in_a_row_and_answered_once(engine: Engine) -> None:
    assert await left_out(engine, *[a_line("/start guess")] * 8) == 3
    assert await standings(engine) == [Standing.STRANGER]
    assert await left_out(engine, a_line("hello")) == 1


async def a_flood(engine: Engine) -> None:
    """Let strangers use up all that they may send together, one of them also all tries of a code."""
    everybody = Attempt(limit=ALL_STRANGERS, subject="")
    await engine.write(
        lambda session: [limits.try_count(session, everybody, engine.now()) for _ in range(ALL_STRANGERS.burst)]
    )
    await left_out(engine, *[a_line("/start guess")] * 8)
    assert await left_out(engine, a_line(sender=5999)) == 1


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("invitation", "/start {code}"),
        ("owner's link", "/start {code}"),
        ("link of another owner", "/start@gangway_bot {code}"),
        ("invitation", "{code}"),
        ("owner's link", "You are invited:\nhttps://t.me/gangway_bot?start={code}."),
        ("invitation", f"Is it {'x' * 32}, or {{code}}?"),
    ],
)
async def test_a_valid_code_is_let_in_however_it_is_pasted_and_whatever_was_sent_before(
    engine: Engine, kind: str, text: str
) -> None:
    if kind == "owner's link":
        code = await engine.write(ownership.new_code, SECRET, engine.now())
    elif kind == "invitation":
        office = await an_office(engine)
        code = (await engine.write(invitations.invite, office.owner_id, "administrator", [], engine.now())).code
    else:
        await an_office(engine)
        code = await engine.write(ownership.replacement_code, SECRET, engine.now())
    await a_flood(engine)
    assert await left_out(engine, a_line(text.format(code=code))) == 0
    assert await standings(engine, at_most=1) == [Standing.KNOWN]


async def test_a_valid_code_behind_words_of_a_message_is_let_in(office: Office) -> None:
    engine = office.engine
    made = await engine.write(invitations.invite, office.owner_id, "administrator", [], engine.now())
    await a_flood(engine)
    line = a_line("Join here")
    url = f"https://t.me/gangway_bot?start={made.code}"
    line["message"]["entities"] = [{"type": "bold"}, {"type": "text_link", "url": url}]
    assert await left_out(engine, line) == 0


async def test_the_owner_whom_the_settings_name_is_let_in_whatever_was_sent_before(engine: Engine) -> None:
    await a_flood(engine)
    assert await left_out(engine, a_line("/start", sender=NAMED)) == 0
    assert await left_out(engine, a_line("hello", sender=NAMED), a_line("/start")) == 2


async def test_once_there_is_an_owner_the_one_whom_the_settings_name_is_a_stranger(office: Office) -> None:
    await a_flood(office.engine)
    assert await left_out(office.engine, a_line("/start", sender=NAMED)) == 1


async def test_a_code_that_is_valid_and_gives_nothing_is_tried_ten_times_in_a_row(office: Office, clock: Clock) -> None:
    engine = office.engine
    made = await engine.write(invitations.invite, office.owner_id, "administrator", [], engine.now())
    await engine.write(policies.limit_seats, office.owner_id, "1", engine.now())  # so that it stays valid
    line = a_line(f"/start {made.code}")
    assert await left_out(engine, *[line] * 13) == 3
    assert await left_out(engine, a_line(f"/start {made.code}", sender=STRANGER + 1)) == 0
    clock.advance(minutes=1)
    assert await left_out(engine, line, line) == 1


@pytest.mark.parametrize("ended", ["used", "withdrawn", "expired", "replaced"])
async def test_a_code_that_is_no_longer_valid_is_one_of_a_stranger(office: Office, clock: Clock, ended: str) -> None:
    engine, owner = office.engine, office.owner_id
    made = await engine.write(invitations.invite, owner, "administrator", [], engine.now())
    code = made.code
    if ended == "used":
        guest = Claimant(telegram_id=STRANGER + 1, first_name="Guest", last_name="", language="en")
        await engine.write(invitations.accept, code, guest, engine.now())
    elif ended == "withdrawn":
        await engine.write(invitations.withdraw, owner, made.invitation.invitation_id, engine.now())
    elif ended == "expired":
        clock.at = made.invitation.expires_at
    else:
        code = await engine.write(ownership.replacement_code, SECRET, engine.now())
        await engine.write(ownership.replacement_code, SECRET, engine.now())
    await a_flood(engine)
    assert await left_out(engine, a_line(f"/start {code}", sender=STRANGER + 2)) == 1


async def test_while_there_is_no_owner_a_start_counts_as_a_code(engine: Engine) -> None:
    assert await left_out(engine, a_line("hello"), *[a_line("/start")] * 5) == 0
    assert await left_out(engine, a_line("/start"), a_line("hello")) == 2


@pytest.mark.usefixtures("office")
async def test_a_flood_of_many_strangers_is_left_out_beyond_the_burst(engine: Engine, clock: Clock) -> None:
    flood = [a_line(sender=sender) for sender in range(6000, 6000 + ALL_STRANGERS.burst + 10)]
    assert await left_out(engine, *flood) == 10
    clock.advance(seconds=1)
    assert await left_out(engine, *flood[-10:]) == 5


@pytest.mark.usefixtures("office")
async def test_what_is_left_out_writes_nothing(engine: Engine) -> None:
    await left_out(engine, a_line())
    before = await engine.read(uses)
    received = [read_update({"update_id": next(NUMBERS), **a_line()}) for _ in range(3)]
    assert await engine.read(inbox.worth_recording, received, CLAIM, engine.now()) == Worth(
        kept=[], left_out=3, known=frozenset()
    )
    assert await engine.read(uses) == before


@pytest.mark.usefixtures("office")
async def test_what_strangers_say_to_each_other_in_a_group_is_no_flood(engine: Engine) -> None:
    chatter = {"message": {"chat": {"id": GROUP}, "from": {"id": STRANGER}, "text": "lunch?"}}
    received = [read_update({"update_id": next(NUMBERS), **chatter}) for _ in range(3)]
    assert await engine.read(inbox.worth_recording, received, CLAIM, engine.now()) == Worth(
        kept=[], left_out=0, known=frozenset()
    )


@pytest.mark.usefixtures("office")
async def test_strangers_are_claimed_last_and_only_so_many(engine: Engine) -> None:
    strangers = [a_line(sender=sender) for sender in range(6000, 6010)]
    await left_out(engine, *strangers, a_line(sender=OWNER))
    assert await standings(engine, strangers_at_most=3) == [Standing.KNOWN] + [Standing.STRANGER] * 3
    assert await standings(engine, strangers_at_most=0) == []
    assert await standings(engine, at_most=5) == [Standing.STRANGER] * 5
