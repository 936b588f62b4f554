"""Who hears of those who wait to be let in, and who finds them."""

import pytest

from core.domain.access import Role
from core.domain.outbox import Kind
from core.engine import Engine
from core.errors import ProfileReadOnly
from core.services import (
    departments,
    pending_sign_ups,
    policies,
    profile_removal,
    profiles,
    roles,
    waiting_sign_ups,
)
from core.services.policies import Switch
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.digests import waiting
from tests.support.rows import a_draft, a_manager, a_user, deactivate, demote, repoint


async def made_by(engine: Engine, maker: int) -> str:
    """Let somebody make a profile for Sales; give its link's token."""
    return (await engine.write(profiles.create, maker, a_draft(department="Sales"), engine.now())).card.token


async def asked(engine: Engine) -> set[int]:
    """Give who is told that somebody waits."""
    return {message.user_id for message in await waiting(engine) if message.kind is Kind.APPROVAL_WANTED}


async def test_the_profiles_maker_hears_of_who_waits_and_nobody_else(approving: Office) -> None:
    engine = approving.engine
    await a_user(engine, Role.ADMINISTRATOR, telegram_id=1002)
    maker = await a_manager(engine, "Sales", telegram_id=1003)
    made = await approving.sign_up(await made_by(engine, maker))
    told = [(each.user_id, each.subject_id) for each in await waiting(engine)]
    assert (maker, made.user_id) in told
    assert {user_id for user_id, _ in told} == {maker}


async def test_the_administrators_in_the_chat_hear_of_who_waits_where_the_maker_is_not_in_it(
    approving: Office,
) -> None:
    engine = approving.engine
    maker = await a_manager(engine, "Sales")
    administrator = await a_user(engine, Role.ADMINISTRATOR, telegram_id=1002)
    await a_user(engine, Role.ADMINISTRATOR)
    await a_user(engine, Role.ADMINISTRATOR, telegram_id=1004, active=False)
    await a_manager(engine, "Sales", telegram_id=1005)
    await approving.sign_up(await made_by(engine, maker))
    assert await asked(engine) == {approving.owner_id, administrator}


@pytest.mark.parametrize("lost", ["account", "rights", "department", "profile"])
async def test_the_administrators_hear_of_who_waits_where_the_maker_may_not_answer_any_more(
    approving: Office, lost: str
) -> None:
    engine, owner = approving.engine, approving.owner_id
    await engine.write(departments.add, owner, "Support", engine.now())
    maker = await a_manager(engine, "Sales", telegram_id=1003)
    token = await made_by(engine, maker)
    match lost:
        case "account":
            await deactivate(engine, maker)
        case "rights":
            await demote(engine, maker)
        case "department":
            await engine.write(roles.assign, owner, maker, "department administrator", ("Support",), engine.now())
        case "profile":
            await repoint(engine, 1, "Support")
    await approving.sign_up(token)
    assert await asked(engine) == {owner}


async def test_who_waits_is_listed_the_longest_waiting_first_with_all_that_an_answer_needs(
    approving: Office, clock: Clock
) -> None:
    engine, owner = approving.engine, approving.owner_id
    card, since = await approving.profile(), clock()
    first = await approving.sign_up(card.token, "zoe@example.com")
    clock.advance(days=1)
    second = await approving.sign_up(card.token, "anna@example.com")
    listing = await engine.read(waiting_sign_ups.listing, owner, "", clock())
    assert [one.user_id for one in listing.waiting] == [first.user_id, second.user_id]
    one = listing.waiting[0]
    assert one == await engine.read(waiting_sign_ups.waiting, owner, first.user_id, clock())
    assert (one.name, one.email, one.profile_id) == ("Anna Berzina", "zoe@example.com", card.profile_id)
    assert (one.profile_name, one.since, one.expires_at) == (card.name, since, since + pending_sign_ups.APPROVAL_TIME)


async def test_who_waits_too_long_or_no_more_is_not_listed_and_who_has_to_confirm_is_counted_apart(
    approving: Office, clock: Clock
) -> None:
    engine, owner = approving.engine, approving.owner_id
    card, removed = await approving.profile(), await approving.profile()
    await approving.sign_up(card.token, "late@example.com")
    clock.advance(days=6)
    let_in = await approving.sign_up(card.token, "in@example.com")
    declined = await approving.sign_up(card.token, "out@example.com")
    await approving.sign_up(removed.token, "removed@example.com")
    await engine.write(policies.switch, owner, Switch.EMAIL_CONFIRMATION, clock(), on=True, can_mail=True)
    await approving.sign_up(card.token, "unconfirmed@example.com")
    listing = await engine.read(waiting_sign_ups.listing, owner, "", clock())
    assert (listing.total, listing.unconfirmed) == (4, 1)
    await engine.write(pending_sign_ups.approve, owner, let_in.user_id, clock())
    await engine.write(pending_sign_ups.decline, owner, declined.user_id, "", clock())
    await engine.write(profile_removal.remove, owner, [removed.profile_id], clock())
    listing = await engine.read(waiting_sign_ups.listing, owner, "", clock.advance(days=1))
    assert (listing.waiting, listing.total, listing.newer_than) == ((), 0, None)


async def test_who_waits_is_listed_in_pages(approving: Office) -> None:
    engine, owner = approving.engine, approving.owner_id
    card, after, seen = await approving.profile(), 0, list[int]()
    numbers = [(await approving.sign_up(card.token, f"learner{each}@example.com")).user_id for each in range(11)]
    for expected in (5, 5, 1):
        listing = await engine.read(waiting_sign_ups.listing, owner, "", engine.now(), after=after)
        assert (len(listing.waiting), listing.total) == (expected, 11)
        seen += [one.user_id for one in listing.waiting]
        after = listing.newer_than or 0
    assert (seen, after) == (numbers, 0)


async def test_who_waits_is_found_by_name_address_and_profile(approving: Office) -> None:
    engine, owner, now = approving.engine, approving.owner_id, approving.engine.now()
    autumn, winter = await approving.profile(), await approving.profile(name="Winter")
    await approving.sign_up(autumn.token, "boris@example.com")
    await approving.sign_up(winter.token, "clara@example.com")
    for words, profile_id, expected in (
        ("BERZINA", None, 2),
        ("boris", None, 1),
        ("winter", None, 1),
        ("winter anna", None, 1),
        ("winter boris", None, 0),
        ("%", None, 0),
        ("", winter.profile_id, 1),
        ("boris", winter.profile_id, 0),
    ):
        listing = await engine.read(waiting_sign_ups.listing, owner, words, now, profile_id=profile_id)
        assert (len(listing.waiting), listing.total) == (expected, expected), words


async def test_only_who_may_edit_the_profile_finds_who_waits_in_the_list(approving: Office) -> None:
    engine, owner, now = approving.engine, approving.owner_id, approving.engine.now()
    await engine.write(departments.add, owner, "Support", now)
    card = await approving.profile()
    await approving.sign_up(card.token)
    ours, others = await a_manager(engine, "Sales"), await a_manager(engine, "Support")
    assert (await engine.read(waiting_sign_ups.listing, ours, "", now)).total == 1
    assert (await engine.read(waiting_sign_ups.listing, others, "", now)).total == 0
    await repoint(engine, card.profile_id, "Support")  # who managed it reads its card still, and answers nobody
    assert (await engine.read(waiting_sign_ups.listing, ours, "", now)).total == 0
    with pytest.raises(ProfileReadOnly):
        await engine.read(waiting_sign_ups.listing, ours, "", now, profile_id=card.profile_id)
    assert (await engine.read(waiting_sign_ups.listing, others, "", now, profile_id=card.profile_id)).total == 1
