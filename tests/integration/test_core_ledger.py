"""The ledger of places: what happened to each, when, by whom and why."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.services import history, pending_sign_ups, policies, profile_removal, request_answers
from core.services.policies import Switch
from core.storage.tables import LedgerEntry
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.rows import a_manager, a_request, repoint


async def ledger(office: Office, profile_id: int) -> list[tuple[object, ...]]:
    def run(session: Session) -> list[tuple[object, ...]]:
        query = select(LedgerEntry).where(LedgerEntry.profile_id == profile_id).order_by(LedgerEntry.id)
        return [(each.kind, each.user_id, each.by_id, each.reason, each.at) for each in session.scalars(query)]

    return await office.engine.read(run)


async def waiting(office: Office, email: str = "anna@example.com") -> tuple[int, int]:
    """Let somebody wait through the second profile; return its number and theirs."""
    await office.profile(name="Another")
    card = await office.profile(name="Autumn")
    return card.profile_id, (await office.sign_up(card.token, email)).user_id


async def test_a_sign_up_takes_a_place_by_nobodys_leave(office: Office, clock: Clock) -> None:
    at = clock()
    profile_id, anna = await waiting(office)
    assert await ledger(office, profile_id) == [("taken", anna, None, "", at)]


async def test_an_approval_is_its_givers_and_the_place_is_taken_then(approving: Office, clock: Clock) -> None:
    profile_id, anna = await waiting(approving)
    manager, at = await a_manager(approving.engine, "Sales"), clock()
    later = clock.advance(hours=1)
    await approving.engine.write(pending_sign_ups.approve, manager, anna, later)
    assert await ledger(approving, profile_id) == [
        ("reserved", anna, None, "", at),
        ("released", anna, manager, "completed", later),
        ("taken", anna, manager, "", later),
    ]


async def test_a_declined_sign_up_frees_its_place_for_the_reason_that_was_given(
    approving: Office, clock: Clock
) -> None:
    profile_id, anna = await waiting(approving)
    manager, at = await a_manager(approving.engine, "Sales"), clock()
    later = clock.advance(hours=1)
    await approving.engine.write(pending_sign_ups.decline, manager, anna, "not ours", later)
    assert await ledger(approving, profile_id) == [
        ("reserved", anna, None, "", at),
        ("released", anna, manager, "not ours", later),
    ]


async def test_who_withdraws_or_is_never_answered_frees_the_place_by_nobodys_leave(
    approving: Office, clock: Clock
) -> None:
    profile_id, anna = await waiting(approving)
    at = clock()
    later = clock.advance(hours=1)
    await approving.engine.write(pending_sign_ups.withdraw, anna, later)
    assert (await ledger(approving, profile_id))[1:] == [("released", anna, None, "withdrawn", later)]
    clock.at = at
    profile_id, boris = await waiting(approving, "boris@example.com")
    week = at + timedelta(days=7)
    assert await approving.engine.write(pending_sign_ups.release_expired, week - timedelta(microseconds=1)) == 0
    assert await approving.engine.write(pending_sign_ups.release_expired, week) == 1
    assert (await ledger(approving, profile_id))[1:] == [("released", boris, None, "expired", week)]


async def test_an_unconfirmed_sign_up_is_freed_as_such(office: Office, clock: Clock) -> None:
    engine, owner = office.engine, office.owner_id
    await engine.write(policies.switch, owner, Switch.EMAIL_CONFIRMATION, clock(), on=True, can_mail=True)
    profile_id, anna = await waiting(office)
    manager, later = await a_manager(engine, "Sales"), clock.advance(hours=1)
    await engine.write(pending_sign_ups.free_unconfirmed, manager, anna, later)
    assert (await ledger(office, profile_id))[1:] == [("released", anna, manager, "not confirmed", later)]
    profile_id, boris = await waiting(office, "boris@example.com")
    day = later + timedelta(days=1)
    assert await engine.write(pending_sign_ups.release_expired, day) == 1
    assert (await ledger(office, profile_id))[1:] == [("released", boris, None, "not confirmed", day)]


async def test_who_waited_through_a_removed_profile_is_freed_a_minute_later_by_who_removed_it(
    approving: Office, clock: Clock
) -> None:
    profile_id, anna = await waiting(approving)
    manager = await a_manager(approving.engine, "Sales")
    removed = clock.advance(hours=1)
    await approving.engine.write(profile_removal.remove, manager, [profile_id], removed)
    minute = removed + timedelta(minutes=1)
    assert await approving.engine.write(pending_sign_ups.release_expired, minute) == 0
    later = minute + timedelta(microseconds=1)
    assert await approving.engine.write(pending_sign_ups.release_expired, later) == 1
    assert (await ledger(approving, profile_id))[1:] == [("released", anna, manager, "profile removed", later)]


async def test_a_returned_place_is_returned_by_somebody_for_a_reason(office: Office, clock: Clock) -> None:
    profile_id, anna = await waiting(office)
    manager, later = await a_manager(office.engine, "Sales"), clock.advance(hours=1)
    [entry] = (await office.engine.read(history.page, office.owner_id, profile_id)).entries
    await office.engine.write(history.return_activation, manager, entry.activation_id, "twice", later)
    assert (await ledger(office, profile_id))[1:] == [("returned", anna, manager, "twice", later)]


async def test_the_history_has_the_department_of_the_moment_of_the_approval(approving: Office, clock: Clock) -> None:
    profile_id, anna = await waiting(approving)
    await repoint(approving.engine, profile_id, "Sales")
    later = clock.advance(hours=1)
    await approving.engine.write(pending_sign_ups.approve, approving.owner_id, anna, later)
    [entry] = (await approving.engine.read(history.page, approving.owner_id, profile_id)).entries
    assert (entry.user_id, entry.at) == (anna, later)
    assert entry.department == ("Sales",)


async def test_who_answers_a_request_sees_the_places_that_are_taken_and_reserved(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    card = await office.profile(limit="5")
    await office.sign_up(card.token, "anna@example.com")
    await engine.write(policies.switch, owner, Switch.APPROVAL, engine.now(), on=True)
    await office.sign_up(card.token, "boris@example.com")
    await a_request(engine, card.token, "Clara")
    [found] = (await engine.read(request_answers.listing, owner, engine.now())).asked
    assert (found.in_use, found.limit, found.name, found.profile_name) == (2, 5, "Clara", "Autumn sales")
