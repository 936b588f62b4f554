"""Live cards: who may put them where, and who edits them when; each change once a minute, by one process."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from core.domain.links import LinkState
from core.domain.outbox import Kind
from core.engine import Engine
from core.errors import CardGone, ProfileNotFound
from core.services import account, chats, live_cards, profile_editing, profile_removal, profiles
from core.services.group_digests import Group
from core.services.live_card_faces import face_of
from core.services.live_cards import STOPPED
from core.services.profile_editing import Change, EditedField
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.outbox_messages import claim
from tests.support.rows import a_manager

CREW = Group(chat_id=-5, thread_id=None, title="Crew")
MESSAGE = 70


async def posted(office: Office, profile_id: int) -> int:
    """Put the card of a profile into a group, and let its message be known; return the card's number."""
    now = office.engine.now()
    card = await office.engine.write(live_cards.post, office.owner_id, profile_id, CREW, "en", now)
    await office.engine.write(live_cards.sent, card.card_id, MESSAGE)
    return card.card_id


async def test_a_card_is_edited_once_for_what_changed_within_a_minute(office: Office, clock: Clock) -> None:
    engine, profile = office.engine, await office.profile(limit="2")
    card_id = await posted(office, profile.profile_id)
    await office.sign_up(profile.token)
    assert await engine.write(live_cards.claim, clock()) == []
    clock.advance(minutes=1)
    [claimed] = await engine.write(live_cards.claim, clock())
    assert claimed.face is not None
    assert (claimed.card_id, claimed.chat_id, claimed.message_id, claimed.face.left) == (card_id, -5, MESSAGE, 1)
    await engine.write(live_cards.edited, card_id, claimed.wanted, clock.advance(seconds=5))
    await office.sign_up(profile.token, "boris@example.com")
    clock.advance(seconds=59)
    assert not await engine.read(live_cards.any_due, clock())
    clock.advance(seconds=1)
    [again] = await engine.write(live_cards.claim, clock())
    assert again.face is not None
    assert (again.face.state, again.face.left) == (LinkState.FULL, None)


async def test_a_claim_of_a_process_that_died_is_taken_over_a_minute_later(office: Office, clock: Clock) -> None:
    profile = await office.profile()
    await posted(office, profile.profile_id)
    await office.sign_up(profile.token)
    clock.advance(minutes=1)
    assert len(await office.engine.write(live_cards.claim, clock())) == 1
    clock.advance(seconds=59)
    assert await office.engine.write(live_cards.claim, clock()) == []
    clock.advance(seconds=1)
    assert len(await office.engine.write(live_cards.claim, clock())) == 1


async def test_of_several_processes_one_edits_a_card(office: Office, office_url: str, clock: Clock) -> None:
    profile = await office.profile()
    for number in range(3):
        shared = (office.owner_id, profile.profile_id, f"message {number}", face_of(profile).seen, "en", clock())
        await office.engine.write(live_cards.shared, *shared)
    await office.sign_up(profile.token)
    clock.advance(minutes=1)
    engines = [Engine(office_url, clock=clock) for _ in range(4)]
    try:
        claims = await asyncio.gather(*(each.write(live_cards.claim, clock()) for each in engines))
    finally:
        for each in engines:
            await each.close()
    assert sorted(card.inline_message_id or "" for claim in claims for card in claim) == [
        "message 0",
        "message 1",
        "message 2",
    ]


async def test_whatever_a_card_shows_is_followed_and_nothing_else(office: Office, clock: Clock) -> None:
    engine, owner, profile = office.engine, office.owner_id, await office.profile()
    card_id = await posted(office, profile.profile_id)
    seen = {face_of(profile).seen}

    async def is_edited() -> bool:
        clock.advance(minutes=1)
        for claimed in await engine.write(live_cards.claim, clock()):
            await engine.write(live_cards.edited, card_id, claimed.wanted, clock())
            seen.add(claimed.wanted)
            return True
        return False

    assert not await is_edited()
    changes = [("name", "Winter"), ("end", "2027-12-24"), ("limit", "51"), ("start", "2026-12-01")]
    for field, value in changes:
        change = Change(field=EditedField(field), value=value)
        await engine.write(profile_editing.edit, owner, profile.profile_id, change, clock())
        assert await is_edited(), field
    for on in (False, True):
        await engine.write(account.switch_sign_up, owner, clock(), on=on)
        assert await is_edited()
    assert not await is_edited()
    clock.advance(days=500)
    assert await is_edited()  # it has ended
    await engine.write(profile_removal.remove, owner, [profile.profile_id], clock())
    assert await is_edited()
    assert len(seen) == 1 + len(changes) + 3  # with sign-up on, it is as it was before that was off


async def test_only_who_may_change_the_profile_keeps_its_card_anywhere(office: Office, clock: Clock) -> None:
    write, profile = office.engine.write, await office.profile(department="Sales")
    stranger = await a_manager(office.engine, "Sales / EMEA")
    card_id = await posted(office, profile.profile_id)
    for refused in (
        write(live_cards.post, stranger, profile.profile_id, CREW, "en", clock()),
        write(live_cards.shared, stranger, profile.profile_id, "message", "", "en", clock()),
        write(live_cards.in_groups, stranger, profile.profile_id),
    ):
        with pytest.raises(ProfileNotFound):
            await refused
    with pytest.raises(CardGone):
        await write(live_cards.stop, stranger, card_id, clock())


async def test_a_card_that_is_put_in_again_has_one_message_and_what_is_taken_out_says_so_once(
    office: Office, clock: Clock
) -> None:
    engine, owner, profile = office.engine, office.owner_id, await office.profile()
    card_id = await posted(office, profile.profile_id)
    again = await engine.write(live_cards.post, owner, profile.profile_id, CREW, "en", clock())
    assert (again.card_id, again.instead_of) == (card_id, MESSAGE)
    await engine.write(live_cards.sent, card_id, MESSAGE + 1)
    name, [listed] = await engine.read(live_cards.in_groups, owner, profile.profile_id)
    assert (name, listed.card_id, listed.title) == ("Autumn sales", card_id, "Crew")
    assert await engine.write(live_cards.stop, owner, card_id, clock()) == profile.profile_id
    with pytest.raises(CardGone):
        await engine.write(live_cards.stop, owner, card_id, clock())
    assert (await engine.read(live_cards.in_groups, owner, profile.profile_id))[1] == ()
    clock.advance(minutes=1)
    [claimed] = await engine.write(live_cards.claim, clock())
    assert (claimed.face, claimed.wanted, claimed.message_id) == (None, STOPPED, MESSAGE + 1)
    await engine.write(live_cards.edited, card_id, claimed.wanted, clock())
    clock.advance(hours=1)
    assert not await engine.read(live_cards.any_due, clock())
    fresh = await engine.write(live_cards.post, owner, profile.profile_id, CREW, "en", clock())
    assert (fresh.card_id == card_id, fresh.instead_of) == (False, None)


async def test_who_put_a_card_into_a_group_hears_that_it_is_lost_once(office: Office, clock: Clock) -> None:
    engine, owner, profile = office.engine, office.owner_id, await office.profile()
    card_id = await posted(office, profile.profile_id)
    await engine.write(chats.lost, CREW.chat_id, clock())
    await engine.write(chats.lost, CREW.chat_id, clock())
    await engine.write(live_cards.lose, card_id, clock())
    lost = await engine.read(live_cards.lost, owner, card_id)
    assert (lost.profile_name, lost.title) == ("Autumn sales", "Crew")
    assert [each.kind for each in await claim(engine)] == [Kind.CARD_LOST]
    clock.advance(minutes=1)
    await office.sign_up(profile.token)
    assert not await engine.read(live_cards.any_due, clock())
    await engine.write(live_cards.sweep, clock() + timedelta(days=31))
    with pytest.raises(CardGone):
        await engine.read(live_cards.lost, owner, card_id)


async def test_a_card_is_sent_anew_once_to_the_supergroup_that_its_group_became(office: Office, clock: Clock) -> None:
    engine, profile = office.engine, await office.profile()
    card_id = await posted(office, profile.profile_id)
    for _ in ("a message says so", "and a call is refused"):
        await engine.write(chats.moved, CREW.chat_id, -1005, clock())
    [card] = await engine.write(live_cards.claim, clock())
    assert (card.card_id, card.chat_id, card.message_id) == (card_id, -1005, None)
    assert await engine.write(live_cards.begin_sending, card)
    assert not await engine.write(live_cards.begin_sending, card)
    await engine.write(live_cards.send_later, card_id, clock())
    [card] = await engine.write(live_cards.claim, clock())
    assert await engine.write(live_cards.begin_sending, card)
    await engine.write(live_cards.sent, card_id, 77)
    clock.advance(minutes=1)
    assert not await engine.read(live_cards.any_due, clock())
    await office.sign_up(profile.token)
    [card] = await engine.write(live_cards.claim, clock())
    assert (card.chat_id, card.message_id) == (-1005, 77)


async def test_a_card_that_is_taken_out_or_there_already_does_not_move(office: Office, clock: Clock) -> None:
    engine, profile, other = office.engine, await office.profile(), await office.profile()
    there = replace(CREW, chat_id=-1005)
    await posted(office, profile.profile_id)
    stopped = await posted(office, other.profile_id)
    await engine.write(live_cards.post, office.owner_id, profile.profile_id, there, "en", clock())
    await engine.write(live_cards.stop, office.owner_id, stopped, clock())
    await engine.write(chats.moved, CREW.chat_id, there.chat_id, clock())
    assert not await engine.read(live_cards.any_due, clock())
    assert [each.kind for each in await claim(engine)] == []


async def test_a_message_is_kept_once_however_often_telegram_tells_of_it(office: Office, clock: Clock) -> None:
    engine, profile = office.engine, await office.profile()
    for _ in range(2):
        await engine.write(live_cards.shared, office.owner_id, profile.profile_id, "message", "", "ru", clock())
    clock.advance(minutes=1)
    [claimed] = await engine.write(live_cards.claim, clock())
    assert (claimed.inline_message_id, claimed.language) == ("message", "ru")
    later = clock() + timedelta(minutes=9)
    await engine.write(live_cards.postpone, claimed.card_id, later)
    clock.advance(minutes=8)
    assert not await engine.read(live_cards.any_due, clock())
    clock.advance(minutes=1)
    assert await engine.read(live_cards.any_due, clock())


async def test_a_card_and_what_is_shared_show_the_same(office: Office) -> None:
    profile = await office.profile(limit="2")
    await office.sign_up(profile.token)
    card = await office.engine.read(profiles.card, office.owner_id, profile.profile_id, office.engine.now())
    posted = await office.engine.write(
        live_cards.post, office.owner_id, profile.profile_id, CREW, "en", office.engine.now()
    )
    assert posted.face == face_of(card)
