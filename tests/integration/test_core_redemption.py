"""A link and a form become an account: once, wholly or not at all."""

import asyncio
from dataclasses import dataclass, field

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from core.domain.links import LinkState
from core.domain.outbox import Kind
from core.engine import Engine
from core.errors import EmailTaken, InvalidForm, LinkClosed, Problem, Refusal, UnknownLink
from core.services import (
    account,
    courses,
    pending_sign_ups,
    policies,
    profile_editing,
    profile_links,
    profile_removal,
    redemption,
    sessions,
    sign_up_page,
)
from core.services.policies import Switch
from core.services.profiles import Card
from core.storage.tables import Profile, User
from tests.support.account import Office, a_form
from tests.support.clock import Clock
from tests.support.digests import waiting
from tests.support.rows import a_manager, demote, department_id, used_and_activations
from tests.support.selection import many
from tests.support.transactions import under_way, until_somebody_waits

ODD_TOKENS = ["", "x", "a\x00b", "\ud800", "x" * 10_000, "' OR 1=1 --"]
SHARED_DATABASE = [HealthCheck.function_scoped_fixture]  # each example makes a profile of its own


async def user(engine: Engine, user_id: int) -> User:
    def load(session: Session) -> User:
        found = session.get_one(User, user_id)
        session.expunge(found)
        return found

    return await engine.read(load)


async def redeem(office: Office, token: str, form: redemption.SignUp) -> redemption.SignedUp:
    return await office.engine.write(redemption.redeem, token, form, office.engine.now())


async def notices(engine: Engine) -> list[Kind]:
    return [message.kind for message in await waiting(engine)]


async def test_a_newcomer_is_an_active_learner_of_the_profiles_department(engine: Engine, office: Office) -> None:
    made = await office.sign_up((await office.profile()).token)
    anna = await user(engine, made.user_id)
    sales = await engine.read(department_id, "Sales / EMEA")
    assert (anna.role, anna.state, anna.department_id) == ("learner", "active", sales)
    assert (anna.email, anna.login, anna.first_name, anna.created_at) == (
        "anna@example.com",
        "anna",
        "Anna",
        engine.now(),
    )


async def test_a_derived_login_that_is_taken_gets_a_number(engine: Engine, office: Office) -> None:
    token = (await office.profile()).token
    made = [await office.sign_up(token, f"anna@{number}.example.com") for number in range(3)]
    first, *others = [str((await user(engine, one.user_id)).login) for one in made]
    assert first == "anna"
    assert len(set(others)) == 2
    assert all(int(login.removeprefix("anna")) >= 2 for login in others)


async def test_simultaneous_newcomers_of_the_same_name_all_get_a_login(engine: Engine, office: Office) -> None:
    token = (await office.profile()).token
    made = await asyncio.gather(*(office.sign_up(token, f"anna@{number}.example.com") for number in range(5)))
    logins = {(await user(engine, one.user_id)).login for one in made}
    assert "anna" in logins
    assert len(logins) == 5


async def test_a_chosen_login_that_is_taken_is_refused_and_uses_nothing(engine: Engine, office: Office) -> None:
    card = await office.profile()
    await office.sign_up(card.token)
    with pytest.raises(InvalidForm) as refused:
        await redeem(office, card.token, a_form("boris@example.com", login="Anna"))
    assert refused.value.problems == {"login": Problem.TAKEN}
    assert await used_and_activations(engine, card.profile_id) == (1, 1)


async def test_an_e_mail_address_is_taken_in_any_case(office: Office) -> None:
    card = await office.profile()
    await office.sign_up(card.token)
    with pytest.raises(EmailTaken) as refused:
        await office.sign_up(card.token, "ANNA@example.com")
    assert refused.value.email == "anna@example.com"


async def test_an_e_mail_address_is_taken_across_profiles_under_simultaneous_sign_ups(
    engine: Engine, office: Office
) -> None:
    cards = [await office.profile() for _ in range(4)]
    answers = await asyncio.gather(
        *(office.sign_up(card.token, form_key=f"form {card.profile_id}") for card in cards), return_exceptions=True
    )
    assert sorted(type(answer).__name__ for answer in answers) == 3 * ["EmailTaken"] + ["SignedUp"]
    used = [await used_and_activations(engine, card.profile_id) for card in cards]
    assert sorted(used) == [(0, 0), (0, 0), (0, 0), (1, 1)]


async def test_the_same_form_again_gives_the_same_account_even_when_the_link_is_closed(
    engine: Engine, office: Office
) -> None:
    card = await office.profile(limit="1")
    made = await office.sign_up(card.token, form_key="a form")
    again = await office.sign_up(card.token, form_key="a form")
    assert (again.user_id, again.repeated) == (made.user_id, True)
    examined = await engine.read(sign_up_page.examine, card.token, {}, "a form", (), engine.now())
    assert examined.newcomer is None
    assert await used_and_activations(engine, card.profile_id) == (1, 1)


async def close(office: Office, card: Card, clock: Clock, state: LinkState) -> None:
    """Bring the link into the state."""
    engine, owner = office.engine, office.owner_id
    match state:
        case LinkState.SIGN_UP_OFF:
            await engine.write(account.switch_sign_up, owner, engine.now(), on=False)
        case LinkState.PAUSED:
            await engine.write(profile_editing.pause, owner, card.profile_id, engine.now(), paused=True)
        case LinkState.NOT_YET_OPEN:
            clock.advance(microseconds=-1)
        case LinkState.ENDED:
            clock.at = card.window.ends_at
            clock.advance(microseconds=1)
        case LinkState.FULL:
            await office.sign_up(card.token, "last@example.com")
        case LinkState.REPLACED:
            await engine.write(profile_links.replace, owner, card.profile_id, engine.now())
        case LinkState.REMOVED:
            await engine.write(profile_removal.remove, owner, [card.profile_id], engine.now())


OF_PERSONAL_LINKS = {LinkState.USED, LinkState.WITHDRAWN}


@pytest.mark.parametrize("state", [each for each in LinkState if each not in {LinkState.OPEN, *OF_PERSONAL_LINKS}])
async def test_a_closed_link_says_why_and_makes_nothing(
    engine: Engine, office: Office, clock: Clock, state: LinkState
) -> None:
    card = await office.profile(limit="1")
    await close(office, card, clock, state)
    before = await used_and_activations(engine, card.profile_id)
    assert (await engine.read(sign_up_page.preview, card.token, engine.now())).state is state
    with pytest.raises(LinkClosed) as refused:
        await office.sign_up(card.token)
    assert refused.value.state == state
    assert await used_and_activations(engine, card.profile_id) == before
    assert await engine.read(sessions.credentials, "anna@example.com") is None


async def test_a_link_works_at_the_very_ends_of_its_window(engine: Engine, office: Office, clock: Clock) -> None:
    card = await office.profile()
    clock.at = card.window.starts_at
    await office.sign_up(card.token, "first@example.com")
    clock.at = card.window.ends_at
    await office.sign_up(card.token, "last@example.com")
    assert await used_and_activations(engine, card.profile_id) == (2, 2)


async def test_looking_at_a_link_uses_nothing(engine: Engine, office: Office) -> None:
    card = await office.profile()
    preview = await engine.read(sign_up_page.preview, card.token, engine.now())
    assert (preview.state, preview.window, preview.organisation.zone.key) == (LinkState.OPEN, card.window, "UTC")
    assert await used_and_activations(engine, card.profile_id) == (0, 0)


async def test_a_link_that_never_was_is_unknown(engine: Engine, office: Office) -> None:
    for token in ODD_TOKENS:
        with pytest.raises(UnknownLink):
            await engine.read(sign_up_page.preview, token, engine.now())
        with pytest.raises(UnknownLink):
            await office.sign_up(token)


async def test_the_profiles_maker_is_told_of_the_first_learner_and_of_the_last_place(
    engine: Engine, office: Office
) -> None:
    card = await office.profile(limit="3")
    told = []
    for number in range(3):
        await office.sign_up(card.token, f"learner{number}@example.com")
        told.append(await notices(engine))
    assert told == [[Kind.FIRST_LEARNER], [], [Kind.PROFILE_FULL]]


async def test_the_managers_over_a_profile_hear_of_it_if_its_maker_has_no_right_any_more(
    engine: Engine, office: Office
) -> None:
    manager = await a_manager(engine, "Sales", telegram_id=7)
    card = await office.profile(limit="2")
    await demote(engine, office.owner_id)
    for number in range(2):
        await office.sign_up(card.token, f"learner{number}@example.com")
    told = [(each.kind, each.user_id) for each in await waiting(engine)]
    assert told == [(Kind.FIRST_LEARNER, manager), (Kind.PROFILE_FULL, manager)]


async def test_the_profiles_maker_is_told_of_the_first_learner_once_they_are_approved(
    engine: Engine, office: Office
) -> None:
    await engine.write(policies.switch, office.owner_id, Switch.APPROVAL, engine.now(), on=True)
    card, told = await office.profile(limit="2"), []
    first, second = [await office.sign_up(card.token, f"learner{number}@example.com") for number in range(2)]
    told.append(await notices(engine))
    for made in (first, second):
        await engine.write(pending_sign_ups.approve, office.owner_id, made.user_id, engine.now())
        told.append(await notices(engine))
    assert told == [[Kind.APPROVAL_WANTED, Kind.PROFILE_FULL], [Kind.FIRST_LEARNER], []]


async def test_a_refused_sign_up_queues_no_notice_and_enrols_nobody(engine: Engine, office: Office) -> None:
    card = await office.profile()
    made = await office.sign_up(card.token)
    await notices(engine)
    with pytest.raises(EmailTaken):
        await office.sign_up(card.token, form_key="another form")
    assert await notices(engine) == []
    assert len(await engine.read(courses.mine, made.user_id, engine.now())) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_a_profile_that_is_pointed_elsewhere_meanwhile_puts_the_learner_there(
    engine: Engine, office: Office
) -> None:
    card = await office.profile()

    def point_elsewhere(session: Session) -> None:
        session.get_one(Profile, card.profile_id).department_id = department_id(session, "Sales")

    async with under_way(engine, point_elsewhere):
        sign_up = asyncio.create_task(office.sign_up(card.token))
        await until_somebody_waits(engine)
    anna = await user(engine, (await sign_up).user_id)
    assert anna.department_id == await engine.read(department_id, "Sales")


@dataclass
class Plan:
    """What the model expects of one profile."""

    limit: int
    emails: set[str] = field(default_factory=set)
    paused: bool = False


STEPS = st.lists(st.tuples(st.sampled_from(["sign up", "pause", "resume"]), st.integers(0, 3)), min_size=1, max_size=12)


@settings(max_examples=many(12), deadline=None, suppress_health_check=SHARED_DATABASE)
@given(steps=STEPS, limit=st.integers(1, 3), data=st.data())
async def test_the_figure_used_is_the_number_of_activations_whatever_happens(
    engine: Engine, office: Office, steps: list[tuple[str, int]], limit: int, data: st.DataObject
) -> None:
    card, plan = await office.profile(limit=str(limit)), Plan(limit=limit)
    for step, number in steps:
        if step == "sign up":
            email = f"learner{number}@{card.profile_id}.example.com"
            await sign_up_as_planned(office, card, plan, email, at_once=data.draw(st.integers(1, 3)))
        else:
            plan.paused = step == "pause"
            await engine.write(
                profile_editing.pause, office.owner_id, card.profile_id, engine.now(), paused=plan.paused
            )
        assert await used_and_activations(engine, card.profile_id) == (len(plan.emails), len(plan.emails))


async def sign_up_as_planned(office: Office, card: Card, plan: Plan, email: str, *, at_once: int) -> None:
    """Send one person's form, each time as a new one, and check the answers."""
    key = f"{email} {len(plan.emails)} "
    tries = (office.sign_up(card.token, email, form_key=f"{key}{number}") for number in range(at_once))
    answers = await asyncio.gather(*tries, return_exceptions=True)
    made = [answer for answer in answers if isinstance(answer, redemption.SignedUp)]
    assert all(isinstance(answer, redemption.SignedUp | Refusal) for answer in answers)
    may = not plan.paused and email not in plan.emails and len(plan.emails) < plan.limit
    assert len(made) == int(may)
    if may:
        plan.emails.add(email)
