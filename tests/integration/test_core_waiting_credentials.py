"""Who waits for an approval changes address and password, until the answer or the end of the time for it."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from core.errors import SignUpNotPending
from core.services import audit_log, pending_sign_ups, policies, status_pages, waiting_credentials
from core.services.audit_log import Action
from core.services.policies import Switch
from core.services.waiting_credentials import Change
from core.storage.tables import PendingSignUp
from tests.support.account import FAST_HASH, Office
from tests.support.clock import Clock

HASH = FAST_HASH.replace("9uPl", "8uPl")
Use = Callable[[Office, str], Awaitable[object]]


async def page(office: Office, email: str = "anna@example.com") -> tuple[int, str]:
    """Let somebody wait; return their number and the code of their page."""
    await office.profile(name="Another")
    user_id = (await office.sign_up((await office.profile()).token, email)).user_id
    return user_id, await office.engine.write(status_pages.begin, user_id, office.engine.now())


async def find(office: Office, code: str) -> object:
    return await office.engine.read(waiting_credentials.find, code, office.engine.now())


async def change(office: Office, code: str) -> bool:
    wanted = Change(email="new@example.com", password_hash=HASH, to=None)
    return await office.engine.write(waiting_credentials.change, code, wanted, office.engine.now())


@pytest.mark.parametrize("use", [find, change])
async def test_who_was_let_in_changes_nothing_here_any_more(approving: Office, use: Use) -> None:
    user_id, code = await page(approving)
    await approving.engine.write(pending_sign_ups.approve, approving.owner_id, user_id, approving.engine.now())
    with pytest.raises(SignUpNotPending):
        await use(approving, code)


@pytest.mark.parametrize("use", [find, change])
async def test_who_has_yet_to_confirm_an_address_changes_nothing_here(office: Office, use: Use) -> None:
    engine, now = office.engine, office.engine.now()
    await engine.write(policies.switch, office.owner_id, Switch.EMAIL_CONFIRMATION, now, on=True, can_mail=True)
    _, code = await page(office)
    with pytest.raises(SignUpNotPending):
        await use(office, code)


@pytest.mark.parametrize("use", [find, change])
async def test_who_was_declined_changes_nothing_while_that_can_be_undone(
    approving: Office, clock: Clock, use: Use
) -> None:
    user_id, code = await page(approving)

    def decline(session: Session) -> None:
        session.get_one(PendingSignUp, user_id).declined_at = clock()

    await approving.engine.write(decline)
    with pytest.raises(SignUpNotPending):
        await use(approving, code)


@pytest.mark.parametrize("use", [find, change])
async def test_a_sign_up_can_be_changed_until_the_moment_at_which_it_expires(
    approving: Office, clock: Clock, use: Use
) -> None:
    _, code = await page(approving)
    began = clock()
    clock.at = began + timedelta(days=7)
    with pytest.raises(SignUpNotPending):
        await use(approving, code)
    clock.at -= timedelta(microseconds=1)
    await use(approving, code)


async def test_both_are_changed_recorded_without_a_name_and_shown_to_who_approves(
    approving: Office, clock: Clock
) -> None:
    user_id, code = await page(approving)
    found = await approving.engine.read(waiting_credentials.find, code, clock())
    assert (found.credentials.user_id, found.credentials.password_hash) == (user_id, FAST_HASH)
    assert (found.person.first_name, found.person.last_name, found.person.email) == (
        "Anna",
        "Berzina",
        "anna@example.com",
    )
    at = clock.advance(hours=1)
    assert await change(approving, code) is False
    after = await approving.engine.read(waiting_credentials.find, code, clock())
    assert (after.credentials.password_hash, after.person.email) == (HASH, "new@example.com")
    entries = (await approving.engine.read(audit_log.page, approving.owner_id)).entries[:2]
    assert [(each.action, each.subject, each.subject_id, each.after, each.at) for each in entries] == [
        (Action.PASSWORD_SET, f"#{user_id}", user_id, {}, at),
        (Action.DETAILS_CHANGED, f"#{user_id}", user_id, {"details": ["email"]}, at),
    ]
    kept = await approving.engine.read(lambda session: session.get_one(PendingSignUp, user_id).announced)
    assert kept is False


async def test_the_same_address_again_is_no_change(approving: Office) -> None:
    _, code = await page(approving)
    before = (await approving.engine.read(audit_log.page, approving.owner_id)).entries
    wanted = Change(email="anna@example.com", password_hash=None, to=None)
    assert not await approving.engine.write(waiting_credentials.change, code, wanted, approving.engine.now())
    assert (await approving.engine.read(audit_log.page, approving.owner_id)).entries == before
