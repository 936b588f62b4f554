"""Sign-ups that wait: their places are reserved, and taken or free again in the end."""

import pytest

from core.domain.access import Role, UserState
from core.domain.links import LinkState
from core.engine import Engine
from core.errors import AccountInactive, EmailTaken, LimitBelowUsed, LinkClosed, ProfileNotFound, SignUpNotPending
from core.services import (
    admission,
    courses,
    departments,
    editing,
    history,
    operations,
    outbox,
    people,
    policies,
    profiles,
    redemption,
    removal,
    roles,
    sessions,
)
from core.services.admission import Awaits
from core.services.editing import Change, EditedField
from tests.support.account import Office
from tests.support.clock import Clock
from tests.support.digests import waiting
from tests.support.rows import a_draft, a_manager, a_user, deactivate, demote, repoint


@pytest.fixture
async def approving(office: Office) -> Office:
    """An account whose newcomers wait for an approval."""
    await office.engine.write(policies.require_approval, office.owner_id, office.engine.now(), on=True)
    return office


@pytest.fixture
async def confirming(office: Office) -> Office:
    """An account whose newcomers confirm their e-mail address."""
    await office.engine.write(
        policies.require_confirmation, office.owner_id, office.engine.now(), on=True, can_mail=True
    )
    return office


async def counters(engine: Engine, owner: int, profile_id: int) -> tuple[int, int]:
    card = await engine.read(profiles.card, owner, profile_id, engine.now())
    assert await engine.read(operations.disagreements) == []
    return card.used, card.reserved


async def test_who_waits_has_a_place_but_no_account_yet(approving: Office) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile(limit="1")
    made = await approving.sign_up(card.token)
    assert (made.state, made.awaits, made.code) == (UserState.PENDING, Awaits.APPROVAL, None)
    assert await counters(engine, owner, card.profile_id) == (0, 1)
    assert (await engine.read(redemption.preview, card.token, engine.now())).state is LinkState.FULL
    assert (await engine.read(history.page, owner, card.profile_id)).shown == 0
    assert (await engine.read(people.listing, owner, "Anna")).total == 0
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
    assert await engine.write(admission.approve, owner, made.user_id, clock()) is UserState.ACTIVE
    assert await counters(engine, owner, card.profile_id) == (1, 0)
    assert [course.title for course in await engine.read(courses.mine, made.user_id, clock())] == ["Safety first"]
    [entry] = (await engine.read(history.page, owner, card.profile_id)).entries
    assert (entry.user_id, entry.at) == (made.user_id, clock())
    with pytest.raises(SignUpNotPending):
        await engine.write(admission.approve, owner, made.user_id, clock())


async def test_who_is_approved_joins_the_department_where_the_profile_points_then(approving: Office) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile()
    made = await approving.sign_up(card.token)
    await engine.write(departments.add, owner, "Support", engine.now())
    change = Change(field=EditedField.DEPARTMENT, value="Support")
    await engine.write(editing.edit, owner, card.profile_id, change, engine.now())
    await engine.write(admission.approve, owner, made.user_id, engine.now())
    assert (await engine.read(people.card, owner, made.user_id)).department == ("Support",)


async def test_a_declined_sign_up_frees_its_place_and_its_e_mail(approving: Office) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile(limit="1")
    made = await approving.sign_up(card.token, form_key="first")
    await engine.write(admission.decline, owner, made.user_id, "not ours", engine.now())
    assert await counters(engine, owner, card.profile_id) == (0, 0)
    again = await approving.sign_up(card.token, form_key="second")
    assert again.user_id != made.user_id
    with pytest.raises(SignUpNotPending):
        await engine.write(admission.decline, owner, made.user_id, "", engine.now())


async def test_who_waits_too_long_gives_the_place_back(approving: Office, clock: Clock) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile(limit="1")
    made = await approving.sign_up(card.token)
    assert not await engine.read(admission.any_expired, clock.advance(days=6))
    assert await engine.read(admission.any_expired, clock.advance(days=1))
    with pytest.raises(SignUpNotPending):
        await engine.write(admission.approve, owner, made.user_id, clock())
    assert await engine.write(admission.release_expired, clock()) == 1
    assert await engine.write(admission.release_expired, clock()) == 0
    assert await counters(engine, owner, card.profile_id) == (0, 0)


async def test_reserved_places_count_against_a_lower_limit(approving: Office) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile(limit="5")
    for number in range(2):
        await approving.sign_up(card.token, f"learner{number}@example.com")
    change = Change(field=EditedField.LIMIT, value="1")
    with pytest.raises(LimitBelowUsed) as refused:
        await engine.write(editing.edit, owner, card.profile_id, change, engine.now())
    assert refused.value.used == 2


async def test_a_removed_profile_keeps_nobody_waiting(approving: Office) -> None:
    engine, owner = approving.engine, approving.owner_id
    card = await approving.profile()
    made = await approving.sign_up(card.token)
    await engine.write(removal.remove, owner, [card.profile_id], engine.now())
    with pytest.raises(SignUpNotPending):
        await engine.write(admission.approve, owner, made.user_id, engine.now())
    assert await engine.read(operations.disagreements) == []


async def test_only_who_may_edit_the_profile_sees_and_answers_who_waits(approving: Office) -> None:
    engine, owner = approving.engine, approving.owner_id
    await engine.write(departments.add, owner, "Support", engine.now())
    made = await approving.sign_up((await approving.profile()).token)
    ours, others = await a_manager(engine, "Sales"), await a_manager(engine, "Support")
    for user_id in (made.user_id, 7777):
        with pytest.raises(SignUpNotPending):
            await engine.read(admission.waiting, others, user_id, engine.now())
        with pytest.raises(SignUpNotPending):
            await engine.write(admission.approve, others, user_id, engine.now())
        with pytest.raises(SignUpNotPending):
            await engine.write(admission.decline, others, user_id, "", engine.now())
    assert (await engine.read(admission.waiting, ours, made.user_id, engine.now())).name == "Anna Berzina"
    await engine.write(admission.approve, ours, made.user_id, engine.now())


async def made_by(engine: Engine, maker: int) -> str:
    """Let somebody make a profile for Sales; give its link's token."""
    return (await engine.write(profiles.create, maker, a_draft(department="Sales"), engine.now())).card.token


async def asked(engine: Engine) -> set[int]:
    """Give who is told that somebody waits."""
    return {message.user_id for message in await waiting(engine) if message.kind is outbox.Kind.APPROVAL_WANTED}


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
    listing = await engine.read(admission.listing, owner, "", clock())
    assert [one.user_id for one in listing.waiting] == [first.user_id, second.user_id]
    one = listing.waiting[0]
    assert one == await engine.read(admission.waiting, owner, first.user_id, clock())
    assert (one.name, one.email, one.profile_id) == ("Anna Berzina", "zoe@example.com", card.profile_id)
    assert (one.profile_name, one.since, one.expires_at) == (card.name, since, since + admission.APPROVAL_TIME)


async def test_who_waits_for_a_confirmation_too_long_or_no_more_is_not_listed(approving: Office, clock: Clock) -> None:
    engine, owner = approving.engine, approving.owner_id
    card, removed = await approving.profile(), await approving.profile()
    await approving.sign_up(card.token, "late@example.com")
    clock.advance(days=6)
    let_in = await approving.sign_up(card.token, "in@example.com")
    declined = await approving.sign_up(card.token, "out@example.com")
    await approving.sign_up(removed.token, "removed@example.com")
    await engine.write(policies.require_confirmation, owner, clock(), on=True, can_mail=True)
    await approving.sign_up(card.token, "unconfirmed@example.com")
    assert (await engine.read(admission.listing, owner, "", clock())).total == 4
    await engine.write(admission.approve, owner, let_in.user_id, clock())
    await engine.write(admission.decline, owner, declined.user_id, "", clock())
    await engine.write(removal.remove, owner, [removed.profile_id], clock())
    listing = await engine.read(admission.listing, owner, "", clock.advance(days=1))
    assert (listing.waiting, listing.total, listing.newer_than) == ((), 0, None)


async def test_who_waits_is_listed_in_pages(approving: Office) -> None:
    engine, owner = approving.engine, approving.owner_id
    card, after, seen = await approving.profile(), 0, list[int]()
    numbers = [(await approving.sign_up(card.token, f"learner{each}@example.com")).user_id for each in range(11)]
    for expected in (5, 5, 1):
        listing = await engine.read(admission.listing, owner, "", engine.now(), after=after)
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
        listing = await engine.read(admission.listing, owner, words, now, profile_id=profile_id)
        assert (len(listing.waiting), listing.total) == (expected, expected), words


async def test_only_who_may_edit_the_profile_finds_who_waits_in_the_list(approving: Office) -> None:
    engine, owner, now = approving.engine, approving.owner_id, approving.engine.now()
    await engine.write(departments.add, owner, "Support", now)
    card = await approving.profile()
    await approving.sign_up(card.token)
    ours, others = await a_manager(engine, "Sales"), await a_manager(engine, "Support")
    assert (await engine.read(admission.listing, ours, "", now)).total == 1
    assert (await engine.read(admission.listing, others, "", now)).total == 0
    await repoint(engine, card.profile_id, "Support")  # who managed it reads its card still, and answers nobody
    assert (await engine.read(admission.listing, ours, "", now)).total == 0
    with pytest.raises(ProfileNotFound):
        await engine.read(admission.listing, ours, "", now, profile_id=card.profile_id)
    assert (await engine.read(admission.listing, others, "", now, profile_id=card.profile_id)).total == 1


async def test_a_confirmed_address_completes_the_sign_up_once(confirming: Office) -> None:
    engine, owner = confirming.engine, confirming.owner_id
    card = await confirming.profile()
    made = await confirming.sign_up(card.token)
    assert (made.awaits, bool(made.code)) == (Awaits.CONFIRMATION, True)
    with pytest.raises(SignUpNotPending):
        await engine.write(admission.approve, owner, made.user_id, engine.now())
    assert await engine.write(admission.confirm, made.code or "", engine.now()) is None
    assert await counters(engine, owner, card.profile_id) == (1, 0)
    for code in (made.code or "", "made up"):
        with pytest.raises(SignUpNotPending):
            await engine.write(admission.confirm, code, engine.now())


async def test_the_same_form_again_gives_a_new_code_and_the_old_one_is_void(confirming: Office) -> None:
    engine, card = confirming.engine, await confirming.profile()
    first, second = await confirming.sign_up(card.token), await confirming.sign_up(card.token)
    assert second.user_id == first.user_id
    with pytest.raises(SignUpNotPending):
        await engine.write(admission.confirm, first.code or "", engine.now())
    await engine.write(admission.confirm, second.code or "", engine.now())


async def test_after_the_confirmation_an_approval_may_still_be_wanted(confirming: Office, clock: Clock) -> None:
    engine, owner = confirming.engine, confirming.owner_id
    await engine.write(policies.require_approval, owner, engine.now(), on=True)
    card = await confirming.profile()
    made = await confirming.sign_up(card.token)
    assert await engine.write(admission.confirm, made.code or "", clock()) is Awaits.APPROVAL
    clock.advance(days=2)
    assert await engine.write(admission.release_expired, clock()) == 0
    assert await engine.write(admission.approve, owner, made.user_id, clock()) is UserState.ACTIVE


async def test_past_the_last_seat_newcomers_are_inactive_and_the_administrators_hear_of_it(office: Office) -> None:
    engine, owner = office.engine, office.owner_id
    await engine.write(policies.limit_seats, owner, "2", engine.now())
    card = await office.profile()
    states = [(await office.sign_up(card.token, f"learner{number}@example.com")).state for number in range(4)]
    assert states == [UserState.ACTIVE, *3 * [UserState.INACTIVE]]
    assert await counters(engine, owner, card.profile_id) == (4, 0)
    kinds = [message.kind for message in await waiting(engine)]
    assert kinds.count(outbox.Kind.NO_SEAT_LEFT) == 1


async def test_a_full_link_reserves_nothing(approving: Office) -> None:
    card = await approving.profile(limit="1")
    await approving.sign_up(card.token)
    with pytest.raises(LinkClosed):
        await approving.sign_up(card.token, "boris@example.com")
