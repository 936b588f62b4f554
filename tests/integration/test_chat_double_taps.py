"""Buttons tapped twice: the second tap does nothing and doesn't contradict the first."""

from collections.abc import Sequence

import pytest

from bot.input.callback_data import pack
from bot.sending.replies import NewMessage, Reply, ScreenChange, TapAnswer
from core.services import (
    invitations,
    password_links,
    people,
    person_details,
    policies,
    profile_editing,
    profile_lists,
    profile_removal,
    waiting_sign_ups,
)
from core.services.policies import Switch
from core.services.profile_editing import Change, EditedField
from core.services.profile_removal import SEEN
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.router_fixture import Counter

OWNER = 1001
DONE = "Done already."

# What people read is the same on both databases; the query of the inbox is tested on both in test_core_inbox.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def is_done(replies: Sequence[Reply]) -> bool:
    """Return whether the answer is a short toast, and the screen stays."""
    [answer] = replies
    return isinstance(answer, TapAnswer) and (str(answer.text), answer.alert) == (DONE, False)


def labels(replies: Sequence[Reply]) -> list[list[str]]:
    [screen] = [reply.screen for reply in replies if isinstance(reply, NewMessage | ScreenChange)]
    return [[button.text for button in row] for row in screen.rows]


async def _to_save(office: Office) -> str:
    card = await office.profile()
    wanted = Change(field=EditedField.START, value="2026-12-01 10:00")
    seen = await office.engine.read(
        profile_editing.preview, office.owner_id, card.profile_id, wanted, office.engine.now()
    )
    assert seen.settled.value is not None
    return f"save:{card.profile_id}:start:{seen.settled.value}:{seen.settled.seen}"


async def _to_delete(office: Office) -> str:
    numbers = [(await office.profile(name=name)).profile_id for name in ("Autumn", "Winter")]
    seen = (await office.engine.read(profile_removal.preview, office.owner_id, numbers)).seen
    return f"end!:{pack(numbers)}{seen}"


async def _to_approve(office: Office) -> str:
    await office.engine.write(policies.switch, office.owner_id, Switch.APPROVAL, office.engine.now(), on=True)
    card = await office.profile()
    return f"approve:{(await office.sign_up(card.token)).user_id}"


async def _to_decline(office: Office) -> str:
    return (await _to_approve(office)).replace("approve", "decline!")


async def _to_withdraw(office: Office) -> str:
    made = await office.engine.write(invitations.invite, office.owner_id, "administrator", [], office.engine.now())
    return f"withdraw:{made.invitation.invitation_id}"


async def _to_replace(office: Office) -> str:
    card = await office.profile()
    return f"relink!:{card.profile_id}:{card.token}"


async def _to_remove(office: Office) -> str:
    card = await office.profile()
    user_id = (await office.sign_up(card.token)).user_id
    shown = await office.engine.read(person_details.show, office.owner_id, user_id, office.engine.now())
    return f"person-end!:{user_id}:{shown.seen}"


@pytest.mark.parametrize(
    "prepare", [_to_save, _to_delete, _to_approve, _to_decline, _to_withdraw, _to_replace, _to_remove]
)
async def test_a_second_tap_says_that_it_is_done_already(office: Office, counter: Counter, prepare) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - one of the functions above
    data = await prepare(office)
    assert DONE not in await counter.tap(OWNER, data)
    assert is_done(await counter.tapped(OWNER, data))


async def test_a_double_tap_makes_one_password_link(office: Office, counter: Counter) -> None:
    user_id = (await office.sign_up((await office.profile()).token)).user_id
    shown = await counter.tap(OWNER, f"person-password:{user_id}")
    code = shown.partition("/password/")[2].split()[0]
    assert "/password/" not in await counter.tap(OWNER, f"person-password:{user_id}")
    assert (await office.engine.read(password_links.find, code, office.engine.now())).user_id == user_id


async def test_a_second_tap_on_undo_says_that_it_is_done_already(office: Office, counter: Counter) -> None:
    data = await _to_delete(office)
    await counter.tap(OWNER, data)
    undoing = data.replace("end!", "undrop")[:-SEEN]
    assert "Restored 2 profiles" in await counter.tap(OWNER, undoing)
    assert is_done(await counter.tapped(OWNER, undoing))
    listing = await office.engine.read(profile_lists.listing, office.owner_id, "", 0, office.engine.now())
    assert listing.total == 2


async def test_a_minute_later_the_reason_is_said(office: Office, counter: Counter, clock: Clock) -> None:
    data = await _to_withdraw(office)
    await counter.tap(OWNER, data)
    clock.advance(seconds=61)
    assert "has been used or has expired" in await counter.tap(OWNER, data)


async def test_the_same_button_of_another_message_is_answered_with_the_reason(office: Office, counter: Counter) -> None:
    data = await _to_withdraw(office)
    await counter.tap(OWNER, data)
    [answer] = await counter.tapped(OWNER, data, message_id=2)
    assert isinstance(answer, TapAnswer)
    assert "has been used or has expired" in str(answer.text)
    assert answer.alert


async def test_after_something_else_was_done_the_reason_is_said(office: Office, counter: Counter) -> None:
    """A button may come back on its message: what was done in between decides, not that it was tapped before."""
    data = await _to_remove(office)
    number = int(data.split(":")[1])
    await office.engine.write(policies.limit_seats, office.owner_id, "2", office.engine.now())
    await counter.tap(OWNER, f"person-off:{number}")
    await counter.tap(OWNER, f"person-on:{number}")
    await counter.tap(OWNER, f"person-off:{number}")
    await office.sign_up((await office.profile()).token, "boris@example.com")
    assert "All 2 seats are taken" in await counter.tap(OWNER, f"person-on:{number}")
    assert (await office.engine.read(people.card, office.owner_id, number)).state != "active"


async def test_where_a_button_was_tapped_none_stands_that_does_the_opposite_or_the_same_to_another(
    office: Office, counter: Counter
) -> None:
    assert labels(await counter.tapped(OWNER, await _to_delete(office))) == [["‹ Links", "Undo"]]
    assert labels(await counter.tapped(OWNER, await _to_withdraw(office))) == [["‹ Invitations"]]
    declining = (await _to_approve(office)).replace("approve", "decline")
    assert labels(await counter.tapped(OWNER, declining)) == [["Decline", "‹ Waiting"]]
    waiting = await office.engine.read(waiting_sign_ups.listing, office.owner_id, "", office.engine.now())
    assert waiting.total == 1
