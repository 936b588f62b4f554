"""A rush of people who wait: told once, declined together and nobody else, and brought back within ten minutes."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import core.domain.alerts
import core.storage.alerts
from core.domain.access import UserState
from core.domain.alerts import Alert
from core.domain.outbox import Kind
from core.engine import Engine
from core.errors import (
    PreviewOutdated,
    ProfileNotFound,
    QuestionClosed,
    RushOver,
    SignUpNotPending,
    UserNotFound,
    WaitsForApproval,
)
from core.services import (
    alerts,
    audit_log,
    confirmations,
    home,
    pending_sign_ups,
    people,
    policies,
    profile_removal,
    profiles,
    rush_declines,
    rush_undo,
    status_pages,
    waiting_sign_ups,
)
from core.services.audit_log import Action
from core.services.policies import Switch
from core.services.profiles import Card
from core.services.rushes import Ended, Proposal
from core.services.status_pages import Standing
from core.storage.pending_sign_ups import count_awaiting_approval_in_branch
from core.storage.tables import OutboxMessage, OutgoingMail, User
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.concurrent_engines import a_crowd, at_once
from tests.support.confirmed import mailed
from tests.support.invariants import faults
from tests.support.rows import a_manager, department_id

RUSH = 6
BEFORE, AFTER = "before@example.com", "after@example.com"


@pytest.fixture(autouse=True)
def few_are_a_rush(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (core.domain.alerts, core.storage.alerts):
        monkeypatch.setattr(module, "RUSH", RUSH)
    monkeypatch.setattr(rush_declines, "NAMED", 4)


async def told(engine: Engine) -> list[int]:
    """Do what the schedule does, twice; give the recipients of all alerts about rushes of people who wait."""
    for _ in range(2):
        if await engine.read(alerts.any_due, engine.now()):
            await engine.write(alerts.tell, engine.now())

    def run(session: Session) -> list[int]:
        query = select(OutboxMessage.user_id).where(OutboxMessage.kind == Kind.WAITING_RUSH)
        return list(session.scalars(query.order_by(OutboxMessage.id)))

    return await engine.read(run)


async def a_rush(office: Office, clock: Clock, limit: str = "1000") -> Card:
    """Let somebody wait, then so many within half a minute, and somebody later; the alert is told in between."""
    card = await office.profile(limit=limit)
    await office.sign_up(card.token, BEFORE)
    clock.advance(minutes=5)
    for number in range(RUSH):
        await office.sign_up(card.token, f"rush{number}@example.com")
        clock.advance(seconds=1)
    assert await told(office.engine) == [office.owner_id]
    clock.advance(minutes=5)
    await office.sign_up(card.token, AFTER)
    return card


async def asked(office: Office, card: Card) -> Proposal:
    """Ask about the rush that was told of last, as its alert does."""
    engine, owner = office.engine, office.owner_id
    rush = await engine.read(rush_declines.show, owner, card.profile_id, engine.now())
    assert rush is not None
    seconds = int(rush.told_at.timestamp())
    assert await engine.read(rush_declines.show, owner, card.profile_id, engine.now(), told=seconds) == rush
    return await engine.write(rush_declines.propose, owner, card.profile_id, seconds, engine.now())


async def waiting(office: Office) -> int:
    """Count who waits, which all that counts them has to agree upon."""
    engine, owner = office.engine, office.owner_id
    listing = await engine.read(waiting_sign_ups.listing, owner, "", engine.now())
    figures = (await engine.read(home.show, owner, engine.now())).figures
    assert figures is not None
    assert figures.waiting == listing.total
    return listing.total


async def reserved(office: Office, card: Card) -> int:
    found = await office.engine.read(profiles.card, office.owner_id, card.profile_id, office.engine.now())
    assert await office.engine.read(faults) == []
    return found.reserved


async def emails(engine: Engine) -> set[str | None]:
    def run(session: Session) -> set[str | None]:
        return set(session.scalars(select(User.email).where(User.state == UserState.PENDING)))

    return await engine.read(run)


async def declined_mails(engine: Engine) -> int:
    def run(session: Session) -> int:
        return len(session.scalars(select(OutgoingMail.id).where(OutgoingMail.kind == "declined")).all())

    return await engine.read(run)


async def test_a_rush_of_people_who_wait_is_told_once_an_hour_unless_rushes_are_turned_off(
    approving: Office, clock: Clock
) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile(limit="1000")
    for number in range(RUSH - 1):
        await approving.sign_up(card.token, f"first{number}@example.com")
    assert await told(engine) == []
    await approving.sign_up(card.token, "last@example.com")
    assert await told(engine) == [owner]
    clock.advance(minutes=30)
    for number in range(RUSH):
        await approving.sign_up(card.token, f"soon{number}@example.com")
    assert await told(engine) == [owner]
    clock.advance(minutes=31)
    await engine.write(alerts.switch, owner, Alert.RUSH, clock(), on=False)
    for number in range(RUSH):
        await approving.sign_up(card.token, f"late{number}@example.com")
    assert await told(engine) == [owner]
    await engine.write(alerts.switch, owner, Alert.RUSH, clock(), on=True)
    assert await told(engine) == [owner, owner]
    assert await engine.read(rush_undo.show, owner, card.profile_id, clock()) is None


async def test_who_has_yet_to_confirm_an_address_is_no_rush_until_they_do(approving: Office, clock: Clock) -> None:
    engine, owner = approving.engine, approving.owner_id
    await engine.write(policies.switch, owner, Switch.EMAIL_CONFIRMATION, clock(), on=True, can_mail=True)
    card, addresses = await approving.profile(limit="1000"), [f"rush{number}@example.com" for number in range(RUSH)]
    numbers = [(await approving.sign_up(card.token, email)).user_id for email in addresses]
    assert await told(engine) == []
    clock.advance(hours=2)
    for number, email in zip(numbers, addresses, strict=True):
        await engine.write(confirmations.confirm, (await mailed(engine, number, email)).code, clock())
    assert await told(engine) == [owner]
    assert (await asked(approving, card)).rush.people == RUSH


async def a_declined_rush(office: Office, clock: Clock) -> tuple[Card, Ended]:
    """Let people wait in a rush, and decline them; `owner + 3` is one of them."""
    card = await a_rush(office, clock)
    question = (await asked(office, card)).question_id
    return card, await office.engine.write(rush_declines.confirm, office.owner_id, question, clock())


async def test_a_question_about_a_rush_names_the_first_who_wait(approving: Office, clock: Clock) -> None:
    proposal = await asked(approving, await a_rush(approving, clock))
    assert (proposal.rush.people, len(proposal.names)) == (RUSH, 4)


async def test_who_waits_in_a_rush_is_declined_and_nobody_else(approving: Office, clock: Clock) -> None:
    card, done = await a_declined_rush(approving, clock)
    assert (done.people, done.until) == (RUSH, clock() + timedelta(minutes=10))
    assert (await waiting(approving), await reserved(approving, card)) == (2, RUSH + 2)


async def test_a_rush_of_which_nobody_waits_any_more_is_shown_until_it_is_too_long_ago(
    approving: Office, clock: Clock
) -> None:
    engine, owner = approving.engine, approving.owner_id
    card, _ = await a_declined_rush(approving, clock)
    rush = await engine.read(rush_declines.show, owner, card.profile_id, clock())
    assert rush is not None
    assert rush.people == 0
    with pytest.raises(RushOver):
        await engine.write(rush_declines.propose, owner, card.profile_id, int(rush.told_at.timestamp()), clock())
    clock.advance(days=1)
    assert await engine.read(rush_declines.show, owner, card.profile_id, clock()) is None


async def test_who_was_declined_in_a_rush_is_not_approved(approving: Office, clock: Clock) -> None:
    owner = approving.owner_id
    await a_declined_rush(approving, clock)
    with pytest.raises(SignUpNotPending):
        await approving.engine.write(pending_sign_ups.approve, owner, owner + 3, clock())


async def test_who_was_declined_in_a_rush_is_not_said_to_wait(approving: Office, clock: Clock) -> None:
    engine, owner = approving.engine, approving.owner_id
    _, done = await a_declined_rush(approving, clock)
    with pytest.raises(UserNotFound):
        await engine.read(people.find, owner, f"#{owner + 3}")
    await engine.write(rush_declines.bring_back, owner, done.back_id, clock())
    with pytest.raises(WaitsForApproval):
        await engine.read(people.find, owner, f"#{owner + 3}")


async def test_a_department_that_is_not_empty_is_said_to_have_those_who_wait_without_who_was_declined(
    approving: Office, clock: Clock
) -> None:
    await a_declined_rush(approving, clock)
    sales = await approving.engine.read(department_id, "Sales")
    assert await approving.engine.read(count_awaiting_approval_in_branch, sales) == 2


async def test_who_was_declined_in_a_rush_withdraws_and_is_not_brought_back(approving: Office, clock: Clock) -> None:
    engine, owner = approving.engine, approving.owner_id
    card, done = await a_declined_rush(approving, clock)
    await engine.write(pending_sign_ups.withdraw, owner + 3, clock())
    assert "rush1@example.com" not in await emails(engine)
    back = await engine.write(rush_declines.bring_back, owner, done.back_id, clock())
    assert (back.people, back.lost) == (RUSH - 1, 1)
    assert (await waiting(approving), await reserved(approving, card)) == (RUSH + 1, RUSH + 1)


async def test_a_rush_is_declined_and_brought_back_once(approving: Office, clock: Clock) -> None:
    engine, owner = approving.engine, approving.owner_id
    question = (await asked(approving, await a_rush(approving, clock))).question_id
    done = await engine.write(rush_declines.confirm, owner, question, clock())
    with pytest.raises(QuestionClosed):
        await engine.write(rush_declines.confirm, owner, question, clock())
    await engine.write(rush_declines.bring_back, owner, done.back_id, clock())
    with pytest.raises(QuestionClosed):
        await engine.write(rush_declines.bring_back, owner, done.back_id, clock())


async def test_who_was_declined_in_a_rush_is_brought_back_within_ten_minutes_and_can_be_let_in(
    approving: Office, clock: Clock
) -> None:
    engine, owner = approving.engine, approving.owner_id
    card, done = await a_declined_rush(approving, clock)
    clock.advance(minutes=9)
    assert not await engine.read(pending_sign_ups.any_expired, clock())
    back = await engine.write(rush_declines.bring_back, owner, done.back_id, clock())
    assert (back.people, back.lost) == (RUSH, 0)
    assert (await waiting(approving), await reserved(approving, card)) == (RUSH + 2, RUSH + 2)
    await engine.write(pending_sign_ups.approve, owner, owner + 3, clock())


async def test_that_a_rush_was_declined_and_brought_back_is_recorded(approving: Office, clock: Clock) -> None:
    engine, owner = approving.engine, approving.owner_id
    _, done = await a_declined_rush(approving, clock)
    await engine.write(rush_declines.bring_back, owner, done.back_id, clock())
    recorded = [each.action for each in (await engine.read(audit_log.page, owner)).entries]
    assert recorded[:2] == [Action.RUSH_WAITS_AGAIN, Action.RUSH_DECLINED]


async def test_ten_minutes_later_they_are_told_erased_and_their_places_free(approving: Office, clock: Clock) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await a_rush(approving, clock)
    page = await engine.write(status_pages.begin, owner + 3, clock(), mail_in="en")
    done = await engine.write(rush_declines.confirm, owner, (await asked(approving, card)).question_id, clock())
    assert await declined_mails(engine) == 0
    clock.advance(minutes=10, seconds=1)
    assert await engine.read(pending_sign_ups.any_expired, clock())
    assert await engine.write(pending_sign_ups.release_expired, clock()) == RUSH
    assert (await waiting(approving), await reserved(approving, card)) == (2, 2)
    assert await emails(engine) == {BEFORE, AFTER}
    assert await declined_mails(engine) == 1
    assert (await engine.read(status_pages.find, page, clock())).standing is Standing.DECLINED
    with pytest.raises(RushOver):
        await engine.write(rush_declines.bring_back, owner, done.back_id, clock())
    assert not (await approving.sign_up(card.token, "rush0@example.com")).repeated


async def test_nobody_is_declined_if_some_were_answered_since_and_the_rest_can_be(
    approving: Office, clock: Clock
) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await a_rush(approving, clock)
    proposal = await asked(approving, card)
    await engine.write(pending_sign_ups.approve, owner, owner + 3, clock())
    with pytest.raises(PreviewOutdated):
        await engine.write(rush_declines.confirm, owner, proposal.question_id, clock())
    assert await waiting(approving) == RUSH + 1
    done = await engine.write(rush_declines.confirm, owner, (await asked(approving, card)).question_id, clock())
    assert (done.people, await waiting(approving)) == (RUSH - 1, 2)


async def test_only_who_may_answer_them_declines_a_rush_within_a_day(approving: Office, clock: Clock) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await a_rush(approving, clock)
    sales, elsewhere = await a_manager(engine, "Sales"), await a_manager(engine)
    rush = await engine.read(rush_declines.show, sales, card.profile_id, clock())
    assert rush is not None
    seconds = int(rush.told_at.timestamp())
    with pytest.raises(ProfileNotFound):
        await engine.write(rush_declines.propose, elsewhere, card.profile_id, seconds, clock())
    clock.advance(days=1)
    for second in (seconds, seconds + 1, 10**17):
        with pytest.raises(RushOver):
            await engine.write(rush_declines.propose, owner, card.profile_id, second, clock())


async def test_a_deleted_profile_takes_who_was_declined_with_it(approving: Office, clock: Clock) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await a_rush(approving, clock)
    done = await engine.write(rush_declines.confirm, owner, (await asked(approving, card)).question_id, clock())
    [removal] = (await engine.read(profile_removal.preview, owner, [card.profile_id])).removals
    assert len(removal.waiting) == 2
    await engine.write(profile_removal.remove, owner, [card.profile_id], clock())
    with pytest.raises(ProfileNotFound):
        await engine.write(rush_declines.bring_back, owner, done.back_id, clock())
    clock.advance(minutes=2)
    assert await engine.write(pending_sign_ups.release_expired, clock()) == RUSH + 2
    assert await engine.read(faults) == []


@pytest.mark.deep
async def test_answers_that_come_at_once_have_one_effect(database_url: str, clock: Clock) -> None:
    async with a_crowd(database_url, clock) as crowd:
        office, owner = crowd.office, crowd.owner_id
        await crowd.write(policies.switch, owner, Switch.APPROVAL, clock(), on=True)
        card = await a_rush(office, clock)
        questions = [(await asked(office, card)).question_id for _ in range(2)]
        confirmations = (crowd.write(rush_declines.confirm, owner, each, clock()) for each in (*questions, *questions))
        done = [each for each in await at_once(confirmations) if not isinstance(each, Exception)]
        assert [each.people for each in done] == [RUSH]
        await at_once(crowd.write(rush_declines.bring_back, owner, done[0].back_id, clock()) for _ in range(3))
        assert await waiting(office) == RUSH + 2
        assert await crowd.is_sound()


@pytest.mark.deep
async def test_who_is_approved_and_declined_at_once_is_one_of_the_two(database_url: str, clock: Clock) -> None:
    async with a_crowd(database_url, clock) as crowd:
        office, owner = crowd.office, crowd.owner_id
        await crowd.write(policies.switch, owner, Switch.APPROVAL, clock(), on=True)
        card = await a_rush(office, clock)
        question = (await asked(office, card)).question_id
        approvals = [crowd.write(pending_sign_ups.approve, owner, owner + 2 + each, clock()) for each in range(RUSH)]
        done = await at_once([*approvals, crowd.write(rush_declines.confirm, owner, question, clock())])
        approved = sum(not isinstance(each, Exception) for each in done[:-1])
        declined = 0 if isinstance(done[-1], Exception) else RUSH
        assert (approved, declined) in {(RUSH, 0), (0, RUSH)} or (declined == 0 and approved)
        assert await waiting(office) == RUSH + 2 - approved - declined
        clock.advance(minutes=11)
        await crowd.write(pending_sign_ups.release_expired, clock())
        assert await crowd.is_sound()
