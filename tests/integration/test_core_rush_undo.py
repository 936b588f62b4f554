"""A rush taken back: those who came in it and nobody else, by who may, once; and brought back with everything."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import core.domain.alerts
import core.storage.alerts
from core.domain.access import Permission, Role, UserState
from core.domain.progress import Progress
from core.engine import Engine
from core.errors import (
    NotAllowed,
    PlacesTaken,
    PreviewOutdated,
    ProfileNotFound,
    QuestionClosed,
    RushOver,
    SeatsTaken,
)
from core.services import (
    alerts,
    audit_log,
    courses,
    departments,
    digest_charts,
    digest_spreadsheets,
    digests,
    history,
    home,
    people,
    policies,
    profile_removal,
    profiles,
    reports,
    rosters,
    rush_undo,
)
from core.services.audit_log import Action
from core.services.profiles import Card
from core.services.rushes import Proposal
from core.storage import activations
from core.storage.tables import Activation, Enrolment, User
from tests.support import who_came
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.concurrent_engines import a_crowd, at_once
from tests.support.digests import ask, queued
from tests.support.invariants import faults
from tests.support.rosters import keep, listed, through
from tests.support.rows import a_manager, a_user

RUSH = 6
BEFORE, AFTER = "before@example.com", "after@example.com"


@pytest.fixture(autouse=True)
def few_are_a_rush(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (core.domain.alerts, core.storage.alerts):
        monkeypatch.setattr(module, "RUSH", RUSH)
    monkeypatch.setattr(rush_undo, "NAMED", 4)


async def a_rush(office: Office, clock: Clock, limit: str = "1000") -> Card:
    """Let somebody sign up, then so many within half a minute, and somebody later; the alert is told in between."""
    card = await office.profile(limit=limit)
    await office.sign_up(card.token, BEFORE)
    clock.advance(minutes=5)
    for number in range(RUSH):
        await office.sign_up(card.token, f"rush{number}@example.com")
        clock.advance(seconds=1)
    await office.engine.write(alerts.tell, office.engine.now())
    clock.advance(minutes=5)
    await office.sign_up(card.token, AFTER)
    return card


async def asked(office: Office, card: Card, actor_id: int | None = None) -> Proposal:
    """Ask about the rush that was told of last, as its alert does."""
    engine, actor = office.engine, actor_id or office.owner_id
    rush = await engine.read(rush_undo.show, actor, card.profile_id, engine.now())
    assert rush is not None
    told = int(rush.told_at.timestamp())
    assert await engine.read(rush_undo.show, actor, card.profile_id, engine.now(), told=told) == rush
    return await engine.write(rush_undo.propose, actor, card.profile_id, told, engine.now())


async def state(engine: Engine) -> dict[str | None, tuple[str, bool, tuple[tuple[str, object], ...]]]:
    """Give each learner's state, whether their place is taken, and their courses with progress and due date."""

    def run(session: Session) -> dict[str | None, tuple[str, bool, tuple[tuple[str, object], ...]]]:
        found = session.execute(select(User, Activation).join(Activation, Activation.user_id == User.id)).all()
        taken = session.scalars(select(Enrolment).order_by(Enrolment.course_id)).all()
        return {
            user.email: (
                user.state,
                activation.returned_at is None,
                tuple((each.progress, each.due_at) for each in taken if each.user_id == user.id),
            )
            for user, activation in found
        }

    return await engine.read(run)


async def test_a_digest_counts_and_names_those_who_were_not_undone(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card, owner = await a_rush(office, clock), office.owner_id
    proposal = await asked(office, card)
    await engine.write(rush_undo.confirm, owner, proposal.question_id, engine.now())
    clock.advance(minutes=1)
    digest = await ask(engine, owner)
    assert (digest.shown, digest.undone, digest.joined) == (RUSH + 2, RUSH, 2)
    assert [len(news.names) for news in digest.news] == [2]
    clock.advance(days=1)
    assert (await ask(engine, owner)).overview.shown_before == 2


async def test_whoever_was_undone_counts_nowhere_as_come_and_is_marked_in_each_list(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card, owner, start = await a_rush(office, clock), office.owner_id, clock().date()
    expected = [BEFORE, "rush0@example.com", "nobody@example.com"]
    await keep(engine, owner, through(card.profile_id), listed(*expected))
    await engine.write(rush_undo.confirm, owner, (await asked(office, card)).question_id, engine.now())
    await engine.write(digests.request, owner, 1001, engine.now())
    [message] = await queued(engine)
    counted = {
        **await engine.read(who_came.through_profiles, owner, [card.profile_id], engine.now()),
        **await engine.read(who_came.in_period, owner, f"{start} - {start}", engine.now()),
        **await engine.read(who_came.in_digest, owner, message.subject_id, engine.now()),
    }
    assert len(counted) == 14
    assert set(counted.values()) == {2}, counted
    missing = await engine.read(rosters.missing, owner, through(card.profile_id))
    assert (missing.roster.came, missing.roster.unexpected) == (1, 1)
    assert [(each.email, each.undone) for each in missing.people] == [(expected[1], True), (expected[2], False)]


async def test_a_digest_of_undone_sign_ups_alone_has_no_picture(engine: Engine, office: Office) -> None:
    card, owner = await office.profile(), office.owner_id
    user_id = (await office.sign_up(card.token)).user_id
    [entry] = (await engine.read(history.page, owner, card.profile_id)).entries
    await engine.write(history.return_activation, owner, entry.activation_id, "by mistake", engine.now())
    await engine.write(people.deactivate, owner, user_id, engine.now())
    await engine.write(digests.request, owner, 1001, engine.now())
    [message] = await queued(engine)
    assert await engine.read(digest_charts.chart, owner, message.subject_id) is None
    marked = await engine.read(digest_spreadsheets.page, owner, message.subject_id, engine.now())
    assert [each.row.undone for each in marked.people] == [True]
    assert set((await engine.read(who_came.in_digest, owner, message.subject_id, engine.now())).values()) == {0}


async def test_a_forecast_and_quiet_days_are_of_those_who_were_not_undone(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card, owner = await a_rush(office, clock, limit="50"), office.owner_id
    await engine.write(rush_undo.confirm, owner, (await asked(office, card)).question_id, engine.now())
    since, until = clock() - timedelta(days=1), clock()
    found = await engine.read(activations.recent, None, since, until)
    assert found[card.profile_id].count == 2
    assert await engine.read(activations.recent, [card.profile_id], since, until) == found


async def used(office: Office, card: Card) -> int:
    found = await office.engine.read(profiles.card, office.owner_id, card.profile_id, office.engine.now())
    return found.used


async def test_who_came_in_a_rush_is_taken_back_and_brought_back_with_everything(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card, owner = await a_rush(office, clock), office.owner_id
    [course] = await engine.read(courses.mine, owner + 2, engine.now())
    await engine.write(courses.advance, owner + 2, course.course_id, Progress.STARTED, engine.now())
    before = await state(engine)
    proposal = await asked(office, card)
    assert (proposal.rush.people, proposal.rush.hidden, len(proposal.names)) == (RUSH, 0, 4)
    done = await engine.write(rush_undo.confirm, owner, proposal.question_id, engine.now())
    assert (done.people, done.until, await used(office, card)) == (RUSH, clock() + timedelta(days=1), 2)
    after = await state(engine)
    assert {email: after[email] for email in (BEFORE, AFTER)} == {email: before[email] for email in (BEFORE, AFTER)}
    assert {after[f"rush{number}@example.com"] for number in range(RUSH)} == {(UserState.INACTIVE, False, ())}
    report = await engine.read(reports.sign_ups, owner, "", engine.now())
    page = await engine.read(history.page, owner, card.profile_id)
    assert (report.shown, report.undone) == (page.shown, page.undone) == (RUSH + 2, RUSH)
    figures = (await engine.read(home.show, owner, engine.now())).figures
    assert figures is not None
    assert report.joined == page.joined == figures.joined == 2
    elsewhere = await engine.read(reports.sign_ups, await a_manager(engine), "", engine.now())
    assert (elsewhere.shown, elsewhere.returned) == (0, 0)
    with pytest.raises(QuestionClosed):
        await engine.write(rush_undo.confirm, owner, proposal.question_id, engine.now())
    clock.advance(hours=23)
    back = await engine.write(rush_undo.bring_back, owner, done.back_id, engine.now())
    assert (back.people, back.lost, await used(office, card)) == (RUSH, 0, RUSH + 2)
    assert await state(engine) == before
    with pytest.raises(QuestionClosed):
        await engine.write(rush_undo.bring_back, owner, done.back_id, engine.now())
    assert await engine.read(faults) == []
    recorded = [each.action for each in (await engine.read(audit_log.page, owner)).entries]
    assert recorded[:2] == [Action.RUSH_BROUGHT_BACK, Action.USER_ACTIVATED]
    again = await engine.write(rush_undo.confirm, owner, (await asked(office, card)).question_id, engine.now())
    assert (again.people, await used(office, card)) == (RUSH, 2)
    await engine.write(profile_removal.remove, owner, [card.profile_id], engine.now())
    await engine.write(rush_undo.bring_back, owner, again.back_id, engine.now())
    assert await state(engine) == before


async def test_a_manager_takes_back_whom_they_see_and_only_with_the_right_to(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await a_rush(office, clock)
    sales, elsewhere = await a_manager(engine, "Sales"), await a_manager(engine)
    profiles_only = await a_user(engine, Role.CUSTOM, "Sales", permissions=[Permission.MANAGE_PROFILES])
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    await engine.write(people.transfer, office.owner_id, office.owner_id + 2, "Support", engine.now())
    await engine.write(people.delete, office.owner_id, office.owner_id + 3, engine.now())
    rush = (await asked(office, card, sales)).rush
    assert (rush.people, rush.hidden) == (RUSH - 2, 1)
    told = int(rush.told_at.timestamp())
    assert await engine.read(rush_undo.show, profiles_only, card.profile_id, engine.now()) is None
    for actor, refusal in ((profiles_only, NotAllowed), (elsewhere, ProfileNotFound)):
        with pytest.raises(refusal):
            await engine.write(rush_undo.propose, actor, card.profile_id, told, engine.now())
    done = await engine.write(rush_undo.confirm, sales, (await asked(office, card, sales)).question_id, engine.now())
    assert (done.people, await used(office, card)) == (RUSH - 2, 4)
    await engine.write(people.delete, office.owner_id, office.owner_id + 5, engine.now())
    back = await engine.write(rush_undo.bring_back, sales, done.back_id, engine.now())
    assert (back.people, back.lost) == (RUSH - 3, 1)
    assert await engine.read(faults) == []


async def test_a_rush_is_taken_back_within_a_day_and_not_if_others_are_concerned_by_then(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card, owner = await a_rush(office, clock), office.owner_id
    proposal = await asked(office, card)
    [entry, *_] = (await engine.read(history.page, owner, card.profile_id, size=2)).entries[1:]
    await engine.write(history.return_activation, owner, entry.activation_id, "", engine.now())
    with pytest.raises(PreviewOutdated):
        await engine.write(rush_undo.confirm, owner, proposal.question_id, engine.now())
    told = int(proposal.rush.told_at.timestamp())
    clock.advance(days=1)
    assert await engine.read(rush_undo.show, owner, card.profile_id, engine.now()) is None
    for second in (told, told + 1, 10**17):
        with pytest.raises(RushOver):
            await engine.write(rush_undo.propose, owner, card.profile_id, second, engine.now())


async def test_nobody_is_brought_back_beyond_the_limit_or_the_seats(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card, owner = await a_rush(office, clock, limit=str(RUSH + 2)), office.owner_id
    done = await engine.write(rush_undo.confirm, owner, (await asked(office, card)).question_id, engine.now())
    late = (await office.sign_up(card.token, "late@example.com")).user_id
    with pytest.raises(PlacesTaken) as refused:
        await engine.write(rush_undo.bring_back, owner, done.back_id, engine.now())
    assert (refused.value.free, refused.value.wanted) == (RUSH - 1, RUSH)
    [entry, *_] = (await engine.read(history.page, owner, card.profile_id)).entries
    await engine.write(history.return_activation, owner, entry.activation_id, "", engine.now())
    await engine.write(policies.limit_seats, owner, str(RUSH + 3), engine.now())
    with pytest.raises(SeatsTaken):
        await engine.write(rush_undo.bring_back, owner, done.back_id, engine.now())
    await engine.write(people.deactivate, owner, late, engine.now())
    assert (await engine.write(rush_undo.bring_back, owner, done.back_id, engine.now())).people == RUSH
    assert await engine.read(faults) == []


@pytest.mark.deep
async def test_answers_that_come_at_once_have_one_effect(database_url: str, clock: Clock) -> None:
    async with a_crowd(database_url, clock) as crowd:
        office, owner = crowd.office, crowd.owner_id
        card = await a_rush(office, clock)
        questions = [(await asked(office, card)).question_id for _ in range(2)]
        confirmations = (crowd.write(rush_undo.confirm, owner, number, clock()) for number in (*questions, *questions))
        done = [each for each in await at_once(confirmations) if not isinstance(each, Exception)]
        assert [each.people for each in done] == [RUSH]
        await at_once(crowd.write(rush_undo.bring_back, owner, done[0].back_id, clock()) for _ in range(3))
        assert await used(office, card) == RUSH + 2
        assert await crowd.is_sound()
