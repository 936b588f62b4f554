"""Sign-ups that wait: their places are reserved, and taken or free again in the end."""

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from core.domain.access import UserState
from core.domain.links import LinkState
from core.domain.outbox import Kind
from core.engine import Engine
from core.errors import AccountInactive, EmailTaken, LimitBelowUsed, LinkClosed, SignUpNotPending
from core.services import (
    audit_log,
    confirmations,
    courses,
    departments,
    history,
    monitoring,
    pending_sign_ups,
    people,
    people_list,
    policies,
    profile_editing,
    profile_removal,
    profiles,
    sessions,
    sign_up_page,
    waiting_sign_ups,
)
from core.services.pending_sign_ups import Awaits
from core.services.policies import Switch
from core.services.profile_editing import Change, EditedField
from core.storage.tables import User
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.confirmed import mailed
from tests.support.digests import waiting
from tests.support.rows import a_manager


@pytest.fixture
async def confirming(office: Office) -> Office:
    """An account whose newcomers confirm their e-mail address."""
    await office.engine.write(
        policies.switch, office.owner_id, Switch.EMAIL_CONFIRMATION, office.engine.now(), on=True, can_mail=True
    )
    return office


async def counters(engine: Engine, owner: int, profile_id: int) -> tuple[int, int]:
    card = await engine.read(profiles.card, owner, profile_id, engine.now())
    assert await engine.read(monitoring.disagreements) == []
    return card.used, card.reserved


async def test_who_waits_has_a_place_but_no_account_yet(approving: Office) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile(limit="1")
    made = await approving.sign_up(card.token)
    assert (made.state, made.awaits) == (UserState.PENDING, Awaits.APPROVAL)
    assert await counters(engine, owner, card.profile_id) == (0, 1)
    assert (await engine.read(sign_up_page.preview, card.token, engine.now())).state is LinkState.FULL
    assert (await engine.read(history.page, owner, card.profile_id)).shown == 0
    [found] = (await engine.read(people_list.listing, owner, "Anna")).cards
    assert found.state is UserState.PENDING
    with pytest.raises(AccountInactive):
        await engine.write(sessions.start, made.user_id, engine.now())
    with pytest.raises(EmailTaken):
        await approving.sign_up((await approving.profile()).token, form_key="another form")


async def test_the_same_form_again_waits_on(approving: Office) -> None:
    card = await approving.profile()
    first = await approving.sign_up(card.token)
    again = await approving.sign_up(card.token)
    assert (again.user_id, again.repeated, again.awaits) == (first.user_id, True, Awaits.APPROVAL)
    assert await counters(approving.engine, approving.owner_id, card.profile_id) == (0, 1)


async def test_an_approval_completes_the_sign_up_also_after_the_end(approving: Office, clock: Clock) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile(limit="1", window="now - +1 day")
    made = await approving.sign_up(card.token)
    clock.advance(days=2)
    assert await engine.write(pending_sign_ups.approve, owner, made.user_id, clock()) is UserState.ACTIVE
    assert await counters(engine, owner, card.profile_id) == (1, 0)
    assert [course.title for course in await engine.read(courses.mine, made.user_id, clock())] == ["Safety first"]
    [entry] = (await engine.read(history.page, owner, card.profile_id)).entries
    assert (entry.user_id, entry.at) == (made.user_id, clock())
    with pytest.raises(SignUpNotPending):
        await engine.write(pending_sign_ups.approve, owner, made.user_id, clock())


async def test_who_is_approved_joins_the_department_where_the_profile_points_then(approving: Office) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile()
    made = await approving.sign_up(card.token)
    await engine.write(departments.add, owner, "Support", engine.now())
    change = Change(field=EditedField.DEPARTMENT, value="Support")
    await engine.write(profile_editing.edit, owner, card.profile_id, change, engine.now())
    await engine.write(pending_sign_ups.approve, owner, made.user_id, engine.now())
    assert (await engine.read(people.card, owner, made.user_id)).department == ("Support",)


async def test_a_declined_sign_up_frees_its_place_and_its_e_mail(approving: Office) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile(limit="1")
    made = await approving.sign_up(card.token, form_key="first")
    await engine.write(pending_sign_ups.decline, owner, made.user_id, "not ours", engine.now())
    assert await counters(engine, owner, card.profile_id) == (0, 0)
    again = await approving.sign_up(card.token, form_key="second")
    assert again.user_id != made.user_id
    with pytest.raises(SignUpNotPending):
        await engine.write(pending_sign_ups.decline, owner, made.user_id, "", engine.now())


async def test_a_long_reason_for_declining_is_shortened_and_written_in_one_line(approving: Office) -> None:
    engine, owner = approving.engine, approving.owner_id
    made = await approving.sign_up((await approving.profile()).token)
    await engine.write(pending_sign_ups.decline, owner, made.user_id, "not\nours " * 60, engine.now())
    entry = (await engine.read(audit_log.page, owner)).entries[0]
    assert entry.after["reason"] == ("not ours " * 60)[:300]


async def test_who_waits_too_long_gives_the_place_back(approving: Office, clock: Clock) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile(limit="1")
    made = await approving.sign_up(card.token)
    assert not await engine.read(pending_sign_ups.any_expired, clock.advance(days=6))
    assert await engine.read(pending_sign_ups.any_expired, clock.advance(days=1))
    with pytest.raises(SignUpNotPending):
        await engine.write(pending_sign_ups.approve, owner, made.user_id, clock())
    assert await engine.write(pending_sign_ups.release_expired, clock()) == 1
    assert await engine.write(pending_sign_ups.release_expired, clock()) == 0
    assert await counters(engine, owner, card.profile_id) == (0, 0)


async def test_reserved_places_count_against_a_lower_limit(approving: Office) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile(limit="5")
    for number in range(2):
        await approving.sign_up(card.token, f"learner{number}@example.com")
    change = Change(field=EditedField.LIMIT, value="1")
    with pytest.raises(LimitBelowUsed) as refused:
        await engine.write(profile_editing.edit, owner, card.profile_id, change, engine.now())
    assert refused.value.used == 2


async def test_who_waits_through_a_removed_profile_is_answered_by_nobody_and_forgotten_after_a_minute(
    approving: Office, clock: Clock
) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile()
    made = await approving.sign_up(card.token)
    await engine.write(profile_removal.remove, owner, [card.profile_id], clock())
    with pytest.raises(SignUpNotPending):
        await engine.write(pending_sign_ups.approve, owner, made.user_id, clock())
    assert not await engine.read(pending_sign_ups.any_expired, clock.advance(seconds=60))
    assert await engine.read(pending_sign_ups.any_expired, clock.advance(seconds=1))
    assert await engine.write(pending_sign_ups.release_expired, clock()) == 1
    assert await people_of(engine, made.user_id) == ("deleted", None, "")
    assert await engine.read(monitoring.disagreements) == []


async def people_of(engine: Engine, user_id: int) -> tuple[str, str | None, str]:
    def read(session: Session) -> tuple[str, str | None, str]:
        user = session.get_one(User, user_id)
        return user.state, user.email, user.first_name

    return await engine.read(read)


async def test_only_who_may_edit_the_profile_sees_and_answers_who_waits(approving: Office) -> None:
    engine, owner = approving.engine, approving.owner_id
    await engine.write(departments.add, owner, "Support", engine.now())
    made = await approving.sign_up((await approving.profile()).token)
    ours, others = await a_manager(engine, "Sales"), await a_manager(engine, "Support")
    for user_id in (made.user_id, 7777):
        with pytest.raises(SignUpNotPending):
            await engine.read(waiting_sign_ups.waiting, others, user_id, engine.now())
        with pytest.raises(SignUpNotPending):
            await engine.write(pending_sign_ups.approve, others, user_id, engine.now())
        with pytest.raises(SignUpNotPending):
            await engine.write(pending_sign_ups.decline, others, user_id, "", engine.now())
    assert (await engine.read(waiting_sign_ups.waiting, ours, made.user_id, engine.now())).name == "Anna Berzina"
    await engine.write(pending_sign_ups.approve, ours, made.user_id, engine.now())


async def test_a_confirmed_address_completes_the_sign_up_once(confirming: Office) -> None:
    engine, owner = confirming.engine, confirming.owner_id
    card = await confirming.profile()
    made = await confirming.sign_up(card.token)
    assert made.awaits is Awaits.CONFIRMATION
    with pytest.raises(SignUpNotPending):
        await engine.write(pending_sign_ups.approve, owner, made.user_id, engine.now())
    code = (await mailed(engine, made.user_id)).code
    confirmed = await engine.write(confirmations.confirm, code, engine.now())
    assert (confirmed.user_id, confirmed.awaits, bool(confirmed.session_token)) == (made.user_id, None, True)
    assert await counters(engine, owner, card.profile_id) == (1, 0)
    assert await people_of(engine, made.user_id) == ("active", "anna@example.com", "Anna")
    for used_or_unknown in (code, "made up"):
        with pytest.raises(SignUpNotPending):
            await engine.write(confirmations.confirm, used_or_unknown, engine.now())


async def test_the_same_form_again_leaves_the_code_that_was_sent(confirming: Office) -> None:
    engine, card = confirming.engine, await confirming.profile()
    first = await confirming.sign_up(card.token)
    code = (await mailed(engine, first.user_id)).code
    assert await confirming.sign_up(card.token) == replace(first, repeated=True)
    assert (await engine.write(confirmations.confirm, code, engine.now())).user_id == first.user_id


async def test_after_the_confirmation_an_approval_may_still_be_wanted(confirming: Office, clock: Clock) -> None:
    engine, owner = confirming.engine, confirming.owner_id
    await engine.write(policies.switch, owner, Switch.APPROVAL, engine.now(), on=True)
    card = await confirming.profile()
    made = await confirming.sign_up(card.token)
    code = (await mailed(engine, made.user_id)).code
    assert (await engine.write(confirmations.confirm, code, clock())).awaits is Awaits.APPROVAL
    clock.advance(days=2)
    assert await engine.write(pending_sign_ups.release_expired, clock()) == 0
    assert await engine.write(pending_sign_ups.approve, owner, made.user_id, clock()) is UserState.ACTIVE


async def test_past_the_last_seat_newcomers_are_inactive_and_the_administrators_hear_of_it(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await engine.write(policies.limit_seats, owner, "2", engine.now())
    card = await office.profile()
    states = [(await office.sign_up(card.token, f"learner{number}@example.com")).state for number in range(4)]
    assert states == [UserState.ACTIVE, *3 * [UserState.INACTIVE]]
    assert await counters(engine, owner, card.profile_id) == (4, 0)
    kinds = [message.kind for message in await waiting(engine)]
    assert kinds.count(Kind.NO_SEAT_LEFT) == 1


async def test_the_administrators_hear_nothing_of_seats_while_there_are_some(office: Office) -> None:
    await office.engine.write(policies.limit_seats, office.owner_id, "2", office.engine.now())
    assert (await office.sign_up((await office.profile()).token)).state is UserState.ACTIVE
    assert Kind.NO_SEAT_LEFT not in {message.kind for message in await waiting(office.engine)}


async def test_a_full_link_reserves_nothing(approving: Office) -> None:
    card = await approving.profile(limit="1")
    await approving.sign_up(card.token)
    with pytest.raises(LinkClosed):
        await approving.sign_up(card.token, "boris@example.com")
