"""All who wait, or who ask for access, answered together: exactly those of the question who are still open."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from core.domain.access import Role, UserState
from core.domain.access_requests import Cure
from core.errors import NotAllowed, ProfileNotFound, QuestionClosed
from core.services import (
    account,
    audit_log,
    departments,
    joint_answers,
    joint_request_answers,
    link_cures,
    pending_sign_ups,
    policies,
    profile_editing,
    profiles,
    redemption,
    request_answers,
    waiting_sign_ups,
)
from core.services.joint_answers import Answer, Answered, Proposal
from core.services.policies import Switch
from core.services.profiles import Card
from core.storage.tables import User
from tests.support.account import Office, a_form
from tests.support.clock import Clock
from tests.support.concurrent_engines import a_crowd, at_once
from tests.support.invariants import faults
from tests.support.rows import a_manager, a_request, a_user
from tests.support.security_events import security, written


async def wait(office: Office, card: Card, *names: str) -> list[int]:
    forms = [a_form(f"{name}@example.com") for name in names]
    newcomers = [replace(form.newcomer, first_name=name.capitalize()) for form, name in zip(forms, names, strict=True)]
    return [
        (await office.engine.write(redemption.redeem, card.token, each, office.engine.now())).user_id
        for each in (replace(form, newcomer=newcomer) for form, newcomer in zip(forms, newcomers, strict=True))
    ]


async def proposed(office: Office, answer: Answer, words: str = "", *, profile_id: int | None = None) -> Proposal:
    found = await office.engine.write(
        joint_answers.propose, office.owner_id, answer, words, office.engine.now(), profile_id=profile_id
    )
    assert found is not None
    return found


async def confirmed(office: Office, question_id: int) -> Answered:
    return await office.engine.write(joint_answers.confirm, office.owner_id, question_id, office.engine.now())


async def state(office: Office, user_id: int) -> UserState:
    return UserState(await office.engine.read(lambda session: session.get_one(User, user_id).state))


async def waiting(office: Office) -> int:
    listing = await office.engine.read(waiting_sign_ups.listing, office.owner_id, "", office.engine.now())
    return listing.total


async def test_only_those_of_the_question_are_let_in(approving: Office) -> None:
    card = await approving.profile()
    people = await wait(approving, card, "anna", "boris")
    question = await proposed(approving, Answer.APPROVE)
    assert (len(question.names), question.more) == (2, 0)
    [later] = await wait(approving, card, "clara")
    done = await confirmed(approving, question.question_id)
    assert (done.names, done.gone, done.back_id) == (("Anna Berzina", "Boris Berzina"), 0, None)
    assert [await state(approving, each) for each in (*people, later)] == [
        UserState.ACTIVE,
        UserState.ACTIVE,
        UserState.PENDING,
    ]
    with pytest.raises(QuestionClosed):
        await confirmed(approving, question.question_id)
    assert await approving.engine.read(faults) == []


async def test_who_was_answered_meanwhile_is_counted_and_keeps_that_answer(approving: Office) -> None:
    card = await approving.profile()
    first, _ = await wait(approving, card, "anna", "boris")
    question = await proposed(approving, Answer.DECLINE)
    await approving.engine.write(pending_sign_ups.approve, approving.owner_id, first, approving.engine.now())
    done = await confirmed(approving, question.question_id)
    assert (done.names, done.gone) == (("Boris Berzina",), 1)
    assert await state(approving, first) is UserState.ACTIVE
    assert await waiting(approving) == 0


async def test_who_has_another_address_than_was_shown_still_waits(approving: Office) -> None:
    card = await approving.profile()
    first, second = await wait(approving, card, "anna", "boris")
    question = await proposed(approving, Answer.APPROVE)

    def change(session: Session) -> None:
        session.get_one(User, first).email = "other@example.com"

    await approving.engine.write(change)
    done = await confirmed(approving, question.question_id)
    assert (done.names, done.changed, done.gone) == (("Boris Berzina",), ("Anna Berzina",), 0)
    assert (await state(approving, first), await state(approving, second)) == (UserState.PENDING, UserState.ACTIVE)


async def test_who_finds_no_seat_is_named(approving: Office) -> None:
    card = await approving.profile()
    await wait(approving, card, "anna", "boris", "clara")
    taken = await approving.engine.read(lambda session: session.query(User).filter_by(state=UserState.ACTIVE).count())
    limit = str(taken + 2)
    await approving.engine.write(policies.limit_seats, approving.owner_id, limit, approving.engine.now())
    done = await confirmed(approving, (await proposed(approving, Answer.APPROVE)).question_id)
    assert (len(done.names), done.seatless) == (3, ("Clara Berzina",))


async def test_a_list_limits_who_is_asked_about(approving: Office) -> None:
    await wait(approving, await approving.profile(name="Interns"), "anna")
    card = await approving.profile(name="Others")
    await wait(approving, card, "boris", "clara")
    assert len((await proposed(approving, Answer.APPROVE, profile_id=card.profile_id)).names) == 2
    assert len((await proposed(approving, Answer.APPROVE, "interns")).names) == 1
    assert len((await proposed(approving, Answer.APPROVE)).names) == 3
    nobody = approving.engine.write(
        joint_answers.propose, approving.owner_id, Answer.APPROVE, "zebra", approving.engine.now()
    )
    assert await nobody is None


async def test_no_more_are_asked_about_than_are_answered_at_once(
    approving: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(joint_answers, "MOST_AT_ONCE", 2)
    await wait(approving, await approving.profile(), "anna", "boris", "clara")
    question = await proposed(approving, Answer.APPROVE)
    assert (len(question.names), question.more) == (2, 1)
    await confirmed(approving, question.question_id)
    assert await waiting(approving) == 1


async def test_the_declined_can_be_brought_back_and_then_are_told(approving: Office, clock: Clock) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile()
    await wait(approving, card, "anna", "boris")
    done = await confirmed(approving, (await proposed(approving, Answer.DECLINE)).question_id)
    assert done.back_id is not None
    assert await waiting(approving) == 0
    back = await engine.write(joint_answers.bring_back, owner, done.back_id, clock())
    assert (back.names, back.lost) == (("Anna Berzina", "Boris Berzina"), 0)
    assert await waiting(approving) == 2
    done = await confirmed(approving, (await proposed(approving, Answer.DECLINE)).question_id)
    clock.advance(minutes=11)
    assert await engine.write(pending_sign_ups.release_expired, clock()) == 2
    assert (await engine.read(profiles.card, owner, card.profile_id, clock())).reserved == 0
    assert done.back_id is not None
    lost = await engine.write(joint_answers.bring_back, owner, done.back_id, clock())
    assert (lost.names, lost.lost) == ((), 2)


async def test_others_profiles_are_not_answered_for(approving: Office) -> None:
    engine, now = approving.engine, approving.engine.now()
    card = await approving.profile()
    await wait(approving, card, "anna")
    await engine.write(departments.add, approving.owner_id, "Support", now)
    elsewhere = await a_manager(engine, "Support")
    assert await engine.write(joint_answers.propose, elsewhere, Answer.APPROVE, "", now) is None
    with pytest.raises(ProfileNotFound):
        await engine.write(joint_answers.propose, elsewhere, Answer.APPROVE, "", now, profile_id=card.profile_id)
    learner = await a_user(engine, Role.LEARNER)
    with pytest.raises(NotAllowed):
        await engine.write(joint_answers.propose, learner, Answer.APPROVE, "", now)


async def test_all_requests_are_granted_by_what_opens_each_link(office: Office) -> None:
    engine, owner, now = office.engine, office.owner_id, office.engine.now()
    full, paused = await office.profile(limit="1"), await office.profile(name="Paused")
    await office.sign_up(full.token)
    await engine.write(profile_editing.pause, owner, paused.profile_id, now, paused=True)
    for card, names in ((paused, ("Dora",)), (full, ("Boris", "Carla"))):
        for name in names:
            await a_request(engine, card.token, name)
    meant = await engine.write(joint_request_answers.propose, owner, Answer.APPROVE, now)
    assert meant is not None
    assert [each.cures[0] for each in meant.asked] == [Cure.RESUME, Cure.PLACE, Cure.PLACE]
    done = await engine.write(joint_request_answers.confirm, owner, meant.question_id, now)
    assert (sorted(done.names), done.gone, done.closed) == (["Boris", "Carla", "Dora"], 0, ())
    found = await engine.read(profiles.card, owner, full.profile_id, now)
    assert (found.used, found.reserved, found.limit) == (1, 2, 3)
    assert await engine.read(faults) == []


async def test_no_more_requests_are_asked_about_than_are_named_with_what_opens_their_links(office: Office) -> None:
    engine, owner, now = office.engine, office.owner_id, office.engine.now()
    card = await office.profile()
    for place in range(joint_request_answers.MOST_AT_ONCE + 1):
        await a_request(engine, card.token, f"Boris{place}")
    meant = await engine.write(joint_request_answers.propose, owner, Answer.APPROVE, now)
    assert meant is not None
    assert (len(meant.asked), meant.more) == (joint_request_answers.MOST_AT_ONCE, 1)
    await engine.write(joint_request_answers.confirm, owner, meant.question_id, now)
    assert (await engine.read(request_answers.listing, owner, now)).total == 1


async def test_a_request_whose_link_was_closed_otherwise_since_stays_open(office: Office) -> None:
    engine, owner, now = office.engine, office.owner_id, office.engine.now()
    card = await office.profile(limit="1")
    await office.sign_up(card.token)
    await a_request(engine, card.token, "Boris")
    gone = await a_request(engine, card.token, "Carla")
    meant = await engine.write(joint_request_answers.propose, owner, Answer.APPROVE, now)
    assert meant is not None
    await engine.write(request_answers.decline, owner, gone, now)
    await engine.write(profile_editing.pause, owner, card.profile_id, now, paused=True)
    done = await engine.write(joint_request_answers.confirm, owner, meant.question_id, now)
    assert (done.names, done.gone, done.closed) == ((), 1, ("Boris",))
    assert (await engine.read(request_answers.listing, owner, now)).total == 1


async def test_what_lets_nobody_in_is_undone(office: Office) -> None:
    engine, owner, now = office.engine, office.owner_id, office.engine.now()
    for name in ("Boris", "Carla"):
        card = await office.profile(name=name)
        await a_request(engine, card.token, name)
        await engine.write(profile_editing.pause, owner, card.profile_id, now, paused=True)
    await engine.write(account.switch_sign_up, owner, now, on=False)
    meant = await engine.write(joint_request_answers.propose, owner, Answer.APPROVE, now)
    assert meant is not None
    assert {each.cures[0] for each in meant.asked} == {Cure.SWITCH_ON}
    before = await engine.read(audit_log.page, owner)
    with written() as lines:
        done = await engine.write(joint_request_answers.confirm, owner, meant.question_id, now)
    assert (done.names, done.closed) == ((), ("Boris", "Carla"))
    assert not (await engine.read(account.organisation)).sign_up_enabled
    assert await engine.read(audit_log.page, owner) == before
    assert security(lines) == []


async def test_what_opens_a_link_is_undone_if_there_can_be_no_more_places(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, owner, now = office.engine, office.owner_id, office.engine.now()
    card = await office.profile(limit="1")
    await office.sign_up(card.token)
    await a_request(engine, card.token, "Boris")
    await engine.write(profile_editing.pause, owner, card.profile_id, now, paused=True)
    meant = await engine.write(joint_request_answers.propose, owner, Answer.APPROVE, now)
    assert meant is not None
    monkeypatch.setattr(link_cures, "HIGHEST_LIMIT", 1)
    done = await engine.write(joint_request_answers.confirm, owner, meant.question_id, now)
    assert (done.names, done.closed) == ((), ("Boris",))
    assert (await engine.read(profiles.card, owner, card.profile_id, now)).paused


async def test_whom_nothing_lets_in_is_left_out_of_an_approval_only(office: Office) -> None:
    engine, now = office.engine, office.engine.now()
    manager = await a_manager(engine, "Sales")
    await a_request(engine, (await office.profile()).token, "Boris")
    await engine.write(account.switch_sign_up, office.owner_id, now, on=False)
    assert await engine.write(joint_request_answers.propose, manager, Answer.APPROVE, now) is None
    meant = await engine.write(joint_request_answers.propose, manager, Answer.DECLINE, now)
    assert meant is not None
    assert [each.name for each in meant.asked] == ["Boris"]
    done = await engine.write(joint_request_answers.confirm, manager, meant.question_id, now)
    assert done.names == ("Boris",)


@pytest.mark.deep
async def test_answers_that_come_at_once_have_one_effect(database_url: str, clock: Clock) -> None:
    async with a_crowd(database_url, clock) as crowd:
        office, owner = crowd.office, crowd.owner_id
        await crowd.write(policies.switch, owner, Switch.APPROVAL, clock(), on=True)
        cards = [await office.profile(name=name) for name in ("A", "B")]
        people = [*await wait(office, cards[1], "a", "b"), *await wait(office, cards[0], "c", "d")]
        questions = [(await proposed(office, answer)).question_id for answer in (*Answer, *Answer)]
        confirming = [crowd.write(joint_answers.confirm, owner, each, clock()) for each in questions]
        single = [crowd.write(pending_sign_ups.approve, owner, each, clock()) for each in people[:2]]
        done = await at_once([*confirming, *single])
        answered = [each for each in done if isinstance(each, Answered)]
        assert len(answered) == len(questions)
        singly = sum(isinstance(each, UserState) for each in done)
        assert sum(len(each.names) for each in answered) + singly == len(people)
        assert await waiting(office) == 0
        clock.advance(minutes=11)
        await crowd.write(pending_sign_ups.release_expired, clock())
        assert await crowd.is_sound()
