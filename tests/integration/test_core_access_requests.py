"""Requests for access: each is answered once, by what opens the link, with a place that nobody else can take."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import pytest
from sqlalchemy import select

from core.domain.access import Role, UserState
from core.domain.access_requests import Cure
from core.domain.alerts import Alert
from core.domain.links import LinkState
from core.engine import Engine
from core.errors import InvalidForm, LinkClosed, NotAllowed, RequestNotOpen, StatusPageGone, TooManyWaiting
from core.services import (
    access_requests,
    account,
    alerts,
    audit_log,
    departments,
    people,
    policies,
    profile_editing,
    profile_links,
    profiles,
    redemption,
    request_answers,
    request_notices,
    status_pages,
)
from core.services.access_requests import OPEN_FOR, PLACE_KEPT, REMEMBERED
from core.services.audit_log import Action
from core.services.policies import Switch
from core.services.profiles import Card
from core.services.redemption import SignUp
from core.services.request_answers import Holder
from core.services.status_pages import Standing
from core.storage.tables import AccessRequest, OutboxMessage, RequestPage
from tests.support.account import FAST_HASH, Office, a_form
from tests.support.clock import Clock
from tests.support.concurrent_engines import Crowd, a_crowd, at_once, kinds
from tests.support.invariants import faults
from tests.support.rows import a_manager, a_user, transfer

BORIS: Mapping[str, str] = {
    "first_name": "Boris",
    "last_name": "Bo",
    "email": "boris@example.com",
    "message": "Please!",
}


async def full(office: Office) -> Card:
    """Make a profile with one place, which Anna takes; its number isn't its owner's."""
    await office.profile(name="Another")
    card = await office.profile(limit="1")
    await office.sign_up(card.token)
    return card


async def ask(office: Office, token: str, **changes: str) -> str:
    return await office.engine.write(access_requests.ask, token, {**BORIS, **changes}, office.engine.now())


async def only_request(office: Office) -> request_answers.Asked:
    [asked] = (await office.engine.read(request_answers.listing, office.owner_id, office.engine.now())).asked
    return asked


async def grant(office: Office, cure: Cure) -> request_answers.Asked | None:
    asked = await only_request(office)
    assert cure in asked.cures
    return await office.engine.write(
        request_answers.grant, office.owner_id, asked.request_id, cure, office.engine.now()
    )


async def standing(office: Office, code: str) -> tuple[Standing, bool]:
    page = await office.engine.read(status_pages.find, code, office.engine.now())
    return page.standing, page.works


def by_boris(code: str | None = None) -> SignUp:
    form = a_form("boris@example.com")
    return SignUp(newcomer=form.newcomer, password_hash=FAST_HASH, form_key=form.form_key, place=code)


async def entered(engine: Engine) -> tuple[str, ...]:
    """Return what is stored of what the only person who asked entered."""
    columns = AccessRequest.first_name, AccessRequest.last_name, AccessRequest.email, AccessRequest.message
    return await engine.read(lambda session: tuple(session.execute(select(*columns)).one()))


async def is_sound(engine: Engine) -> bool:
    return await engine.read(faults) == []


async def test_a_place_more_is_kept_for_the_person_alone(engine: Engine, office: Office) -> None:
    card = await full(office)
    code = await ask(office, card.token)
    assert await standing(office, code) == (Standing.ASKED, False)
    assert await grant(office, Cure.PLACE) is None
    assert await standing(office, code) == (Standing.INVITED, True)
    now = await engine.read(profiles.card, office.owner_id, card.profile_id, engine.now())
    assert (now.limit, now.used, now.reserved, now.state) == (2, 1, 1, LinkState.FULL)
    with pytest.raises(LinkClosed):
        await office.sign_up(card.token, "carla@example.com")
    await engine.write(redemption.redeem, card.token, by_boris(code), engine.now())
    after = await engine.read(profiles.card, office.owner_id, card.profile_id, engine.now())
    assert (after.used, after.reserved) == (2, 0)
    assert await is_sound(engine)


async def test_a_code_takes_one_place(engine: Engine, office: Office) -> None:
    card = await full(office)
    code = await ask(office, card.token)
    await grant(office, Cure.PLACE)
    await engine.write(redemption.redeem, card.token, by_boris(code), engine.now())
    other = a_form("carla@example.com")
    with pytest.raises(LinkClosed):
        await engine.write(
            redemption.redeem,
            card.token,
            SignUp(newcomer=other.newcomer, password_hash=FAST_HASH, form_key="x", place=code),
            engine.now(),
        )


async def test_a_refused_form_keeps_the_place(engine: Engine, office: Office) -> None:
    card = await full(office)
    code = await ask(office, card.token)
    await grant(office, Cure.PLACE)
    taken = a_form("anna@example.com", form_key="another form")
    with pytest.raises(Exception, match="anna"):
        await engine.write(
            redemption.redeem,
            card.token,
            SignUp(newcomer=taken.newcomer, password_hash=FAST_HASH, form_key="another form", place=code),
            engine.now(),
        )
    assert await standing(office, code) == (Standing.INVITED, True)
    assert await is_sound(engine)


async def test_ten_places_more(engine: Engine, office: Office) -> None:
    card = await full(office)
    await ask(office, card.token)
    await grant(office, Cure.PLACES)
    now = await engine.read(profiles.card, office.owner_id, card.profile_id, engine.now())
    assert (now.limit, now.reserved, now.state) == (11, 1, LinkState.OPEN)


@pytest.mark.parametrize("cure", [Cure.WEEK, Cure.OPEN_NOW, Cure.RESUME, Cure.SWITCH_ON])
async def test_each_reason_has_its_cure(engine: Engine, office: Office, clock: Clock, cure: Cure) -> None:
    window = "2026-12-24 09:00 - 2026-12-31 18:00" if cure is Cure.OPEN_NOW else "now - +1 week"
    card, now = await office.profile(window=window), engine.now()
    match cure:
        case Cure.WEEK:
            clock.advance(days=9)
        case Cure.RESUME:
            await engine.write(profile_editing.pause, office.owner_id, card.profile_id, now, paused=True)
        case Cure.SWITCH_ON:
            await engine.write(account.switch_sign_up, office.owner_id, now, on=False)
        case _:
            pass
    code = await ask(office, card.token)
    assert (await only_request(office)).cures == (cure,)
    assert await grant(office, cure) is None
    assert await standing(office, code) == (Standing.INVITED, True)
    assert (await engine.write(redemption.redeem, card.token, by_boris(code), engine.now())).repeated is False


async def test_a_link_that_is_closed_for_two_reasons_needs_both_cures(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await office.profile(window="now - +1 week", limit="1")
    await office.sign_up(card.token)
    clock.advance(days=9)
    await engine.write(profile_editing.pause, office.owner_id, card.profile_id, engine.now(), paused=True)
    code = await ask(office, card.token)
    left = await grant(office, Cure.RESUME)
    assert left is not None
    assert (left.state, left.cures) == (LinkState.ENDED, (Cure.WEEK,))
    assert await standing(office, code) == (Standing.ASKED, False)
    assert await grant(office, Cure.WEEK) is None  # with a place more, because it is full
    assert await standing(office, code) == (Standing.INVITED, True)
    assert await is_sound(engine)


async def test_who_may_not_turn_sign_up_on_is_not_offered_it(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await engine.write(account.switch_sign_up, office.owner_id, engine.now(), on=False)
    await ask(office, card.token)
    manager = await a_manager(engine, "Sales")
    [asked] = (await engine.read(request_answers.listing, manager, engine.now())).asked
    assert asked.cures == ()
    with pytest.raises(NotAllowed):
        await engine.write(request_answers.grant, manager, asked.request_id, Cure.SWITCH_ON, engine.now())


async def test_whoever_answers_learns_that_the_address_has_an_account_and_whose_only_within_scope(
    engine: Engine, office: Office
) -> None:
    card = await full(office)
    await ask(office, card.token)
    assert (await only_request(office)).holder is None
    manager = await a_manager(engine, "Sales")
    boris = (await office.sign_up((await office.profile(name="Interns")).token, BORIS["email"])).user_id
    assert (await only_request(office)).holder == Holder(state=UserState.ACTIVE, user_id=boris)
    await engine.write(departments.add, office.owner_id, "Support", engine.now())
    await transfer(engine, boris, "Support")
    await engine.write(people.deactivate, office.owner_id, boris, engine.now())
    for actor, number in ((manager, None), (office.owner_id, boris)):
        [asked] = (await engine.read(request_answers.listing, actor, engine.now())).asked
        one = await engine.read(request_answers.asked, actor, asked.request_id, engine.now())
        assert asked.holder == one.holder == Holder(state=UserState.INACTIVE, user_id=number)


async def test_an_open_or_removed_link_takes_no_requests(office: Office) -> None:
    card = await office.profile()
    with pytest.raises(LinkClosed):
        await ask(office, card.token)


async def test_it_is_read_by_the_rules_of_the_form(office: Office) -> None:
    card = await full(office)
    with pytest.raises(InvalidForm) as refused:
        await ask(office, card.token, first_name="", email="boris", message="x" * 201)
    assert set(refused.value.problems) == {"first_name", "email", "message"}


async def test_the_same_address_asks_once_and_others_do_not_read_the_first_ones_name(
    engine: Engine, office: Office
) -> None:
    card = await full(office)
    first = await ask(office, card.token)
    second = await ask(office, card.token, first_name="Mallory", message="Me, too")
    assert (await only_request(office)).name == "Boris Bo"
    assert (await engine.read(access_requests.entered, first))["first_name"] == "Boris"
    assert await engine.read(access_requests.entered, second) == {"email": "boris@example.com"}
    await grant(office, Cure.PLACE)
    assert [await standing(office, code) for code in (first, second)] == [(Standing.INVITED, True)] * 2


async def test_others_who_named_the_same_address_take_no_place_with_another_one_and_withdraw_nothing(
    engine: Engine, office: Office
) -> None:
    card = await full(office)
    await ask(office, card.token)
    code = await ask(office, card.token, first_name="Mallory")
    with pytest.raises(RequestNotOpen):
        await engine.write(status_pages.withdraw, code, engine.now())
    await grant(office, Cure.PLACE)
    mallory = a_form("mallory@example.com").newcomer
    form = SignUp(newcomer=mallory, password_hash=FAST_HASH, form_key="mallory", place=code)
    with pytest.raises(LinkClosed):
        await engine.write(redemption.redeem, card.token, form, engine.now())
    await engine.write(redemption.redeem, card.token, by_boris(code), engine.now())


async def test_who_asked_at_a_link_that_was_replaced_since_is_not_told_to_use_it(
    engine: Engine, office: Office
) -> None:
    card = await full(office)
    await ask(office, card.token)
    await engine.write(profile_links.replace, office.owner_id, card.profile_id, engine.now())
    asked = await only_request(office)
    assert (asked.state, asked.cures) == (LinkState.REPLACED, ())
    again = await engine.write(request_answers.grant, office.owner_id, asked.request_id, Cure.PLACE, engine.now())
    assert again == asked
    after = await engine.read(profiles.card, office.owner_id, card.profile_id, engine.now())
    assert (after.limit, after.reserved) == (1, 0)


async def test_declining_erases_what_was_entered(engine: Engine, office: Office) -> None:
    card = await full(office)
    code = await ask(office, card.token)
    asked = await only_request(office)
    await engine.write(request_answers.decline, office.owner_id, asked.request_id, engine.now())
    assert await standing(office, code) == (Standing.DECLINED, False)
    assert await entered(engine) == ("", "", "", "")
    with pytest.raises(RequestNotOpen):
        await engine.write(request_answers.grant, office.owner_id, asked.request_id, Cure.PLACE, engine.now())
    assert await ask(office, card.token)  # they may ask again


async def test_answers_are_recorded(engine: Engine, office: Office) -> None:
    card = await full(office)
    await ask(office, card.token)
    await grant(office, Cure.PLACE)
    await ask(office, card.token, email="carla@example.com")
    asked = await only_request(office)
    await engine.write(request_answers.decline, office.owner_id, asked.request_id, engine.now())
    page = await engine.read(audit_log.page, office.owner_id)
    assert [entry.action for entry in page.entries[:3]] == [
        Action.REQUEST_DECLINED,
        Action.REQUEST_GRANTED,
        Action.PROFILE_EDITED,
    ]
    assert "Boris" not in repr(page)


async def test_a_withdrawn_one_is_no_longer_listed(engine: Engine, office: Office) -> None:
    card = await full(office)
    code = await ask(office, card.token)
    await engine.write(status_pages.withdraw, code, engine.now())
    assert await standing(office, code) == (Standing.WITHDRAWN, False)
    assert (await engine.read(request_answers.listing, office.owner_id, engine.now())).total == 0


async def test_a_place_that_is_not_taken_in_time_is_free_again(engine: Engine, office: Office, clock: Clock) -> None:
    card = await full(office)
    code = await ask(office, card.token)
    await grant(office, Cure.PLACE)
    clock.advance(days=PLACE_KEPT.days)
    assert await standing(office, code) == (Standing.EXPIRED, False)
    with pytest.raises(LinkClosed):
        await engine.write(redemption.redeem, card.token, by_boris(code), engine.now())
    assert await engine.read(access_requests.any_expired, engine.now())
    await engine.write(access_requests.expire, engine.now())
    assert not await engine.read(access_requests.any_expired, engine.now())
    assert not (await office.sign_up(card.token, "carla@example.com")).repeated
    assert await is_sound(engine)


async def test_one_that_nobody_answers_expires_and_is_deleted_later(
    engine: Engine, office: Office, clock: Clock
) -> None:
    card = await full(office)
    code = await ask(office, card.token)
    clock.advance(days=OPEN_FOR.days)
    assert (await engine.read(request_answers.listing, office.owner_id, engine.now())).total == 0
    await engine.write(access_requests.expire, engine.now())
    assert await standing(office, code) == (Standing.EXPIRED, False)
    clock.advance(days=REMEMBERED.days, seconds=1)
    await engine.write(access_requests.sweep, engine.now())
    with pytest.raises(StatusPageGone):
        await standing(office, code)
    assert await engine.read(lambda session: session.scalars(select(RequestPage)).all()) == []


async def test_a_person_who_is_deleted_no_longer_asks_anywhere(engine: Engine, office: Office) -> None:
    card = await full(office)
    await ask(office, card.token, email="anna@example.com")
    anna = await engine.read(people.find, office.owner_id, "anna@example.com")
    await engine.write(people.delete, office.owner_id, anna, engine.now())
    assert await entered(engine) == ("", "", "", "")


async def test_with_a_person_who_is_deleted_goes_the_place_that_was_kept(engine: Engine, office: Office) -> None:
    card = await full(office)
    await ask(office, card.token, email="anna@example.com")
    await grant(office, Cure.PLACE)
    anna = await engine.read(people.find, office.owner_id, "anna@example.com")
    await engine.write(people.delete, office.owner_id, anna, engine.now())
    assert await entered(engine) == ("", "", "", "")
    assert await is_sound(engine)


async def test_places_that_are_kept_do_not_count_among_those_who_wait(
    engine: Engine, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("redemption", "sign_up_links"):
        monkeypatch.setattr(f"core.services.{module}.most_waiting", lambda _: 1)
    card = await full(office)
    await ask(office, card.token)
    await grant(office, Cure.PLACES)
    await engine.write(policies.switch, office.owner_id, Switch.APPROVAL, engine.now(), on=True)
    await office.sign_up(card.token, "carla@example.com")
    with pytest.raises(TooManyWaiting) as refused:
        await office.sign_up(card.token, "dora@example.com")
    assert refused.value.waiting == 1


async def told(engine: Engine) -> list[int]:
    query = select(OutboxMessage.user_id).where(OutboxMessage.kind == "access wanted").order_by(OutboxMessage.id)
    return await engine.read(lambda session: list(session.scalars(query)))


async def test_managers_over_the_profile_get_one_notice_about_all_who_ask(
    engine: Engine, office: Office, clock: Clock
) -> None:
    manager = await a_manager(engine, "Sales", telegram_id=1002)
    await a_manager(engine, telegram_id=1003)  # of nothing
    card = await full(office)
    for email in ("boris@example.com", "carla@example.com"):
        await ask(office, card.token, email=email)
    await engine.write(request_notices.announce, engine.now())
    assert await told(engine) == [office.owner_id, manager]
    await ask(office, card.token, email="dora@example.com")
    await engine.write(request_notices.announce, engine.now())  # they had a notice just now
    assert await told(engine) == [office.owner_id, manager]
    clock.advance(minutes=10)
    await engine.write(request_notices.announce, engine.now())
    assert await told(engine) == [office.owner_id, manager] * 2
    assert not await engine.read(request_notices.any_to_announce, engine.now())


async def test_nobody_is_told_of_requests_while_that_alert_is_off_nor_of_them_when_it_is_on_again(
    engine: Engine, office: Office
) -> None:
    card = await full(office)
    await engine.write(alerts.switch, office.owner_id, Alert.ACCESS_WANTED, engine.now(), on=False)
    await ask(office, card.token)
    await engine.write(request_notices.announce, engine.now())
    assert not await engine.read(request_notices.any_to_announce, engine.now())
    await engine.write(alerts.switch, office.owner_id, Alert.ACCESS_WANTED, engine.now(), on=True)
    await engine.write(request_notices.announce, engine.now())
    assert await told(engine) == []
    await ask(office, card.token, email="carla@example.com")
    await engine.write(request_notices.announce, engine.now())
    assert await told(engine) == [office.owner_id]


async def test_administrators_hear_of_it_if_nobody_else_can_answer(engine: Engine, office: Office) -> None:
    card = await full(office)
    administrator = await a_user(engine, Role.ADMINISTRATOR, telegram_id=1004)
    await ask(office, card.token)
    await engine.write(request_notices.announce, engine.now())
    assert await told(engine) == [office.owner_id]
    assert administrator not in await told(engine)


@pytest.fixture
async def crowd(office_url: str, clock: Clock) -> AsyncIterator[Crowd]:
    async with a_crowd(office_url, clock) as crowd:
        yield crowd


async def test_of_many_answers_at_once_one_counts_and_keeps_one_place(crowd: Crowd, clock: Clock) -> None:
    office = crowd.office
    card = await full(office)
    await ask(office, card.token)
    asked = await only_request(office)
    granting = [
        crowd.write(request_answers.grant, crowd.owner_id, asked.request_id, Cure.PLACE, clock()) for _ in range(6)
    ]
    declining = [crowd.write(request_answers.decline, crowd.owner_id, asked.request_id, clock()) for _ in range(3)]
    answers = await at_once([*granting, *declining])
    assert kinds(answers)["RequestNotOpen"] == 8
    assert await crowd.is_sound()


async def test_a_kept_place_is_taken_once_however_many_forms_come_with_its_code(crowd: Crowd, clock: Clock) -> None:
    office = crowd.office
    card = await full(office)
    code = await ask(office, card.token)
    await grant(office, Cure.PLACE)

    def form(number: int) -> SignUp:
        newcomer = a_form(f"rival{number}@example.com").newcomer
        return SignUp(newcomer=newcomer, password_hash=FAST_HASH, form_key=f"f{number}", place=code)

    answers = await at_once([crowd.write(redemption.redeem, card.token, form(number), clock()) for number in range(8)])
    assert kinds(answers)["LinkClosed"] == 7
    now = await crowd.engine.read(profiles.card, crowd.owner_id, card.profile_id, clock())
    assert (now.used, now.reserved, now.limit) == (2, 0, 2)
    assert await crowd.is_sound()


async def test_one_request_is_open_however_often_the_form_is_sent_at_once(crowd: Crowd) -> None:
    card = await full(crowd.office)
    codes = await asyncio.gather(*(ask(crowd.office, card.token) for _ in range(5)))
    assert len(set(codes)) == 5
    await only_request(crowd.office)
