"""Every use case that somebody asks for asks in turn whether they may."""

import inspect
from collections.abc import Callable
from datetime import time
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, get_type_hints
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from core import services
from core.domain.access import Permission, Role
from core.domain.access_requests import Cure
from core.domain.alerts import Alert
from core.domain.cadence import Cadence, Frequency
from core.domain.field_kinds import Kind
from core.domain.field_texts import FieldText
from core.domain.link_mails import Listed
from core.domain.links import Only
from core.domain.logos import Logo
from core.domain.reminder_rules import Place
from core.domain.reminders import Occasion
from core.domain.retention import Kept
from core.domain.rosters import RosterOf
from core.engine import Engine
from core.errors import NotAllowed
from core.services import chat_languages, people, profile_lists, profiles
from core.services.course_editing import CourseField
from core.services.field_translations import Translation
from core.services.form_fields import FieldDraft
from core.services.group_digests import Group
from core.services.joint_answers import Answer
from core.services.link_mails import Sending
from core.services.page_settings import PageSetting
from core.services.people_selection import PeopleChange
from core.services.policies import Switch
from core.services.profile_editing import Change, EditedField, Settled
from core.services.profile_selection import BulkChange
from core.services.progress import Cohort, Which
from core.services.questions import About
from core.services.roster_lockouts import Lockout
from core.services.time_zone import Keep
from tests.support.account import Office, a_form
from tests.support.rows import a_user, deactivate, demote

ACTORS = ("actor_id", "recipient_id")
UNKNOWN = 7777


def use_cases() -> dict[str, Callable[..., object]]:
    """Every public use case that takes an acting user, whoever writes it."""
    modules = [import_module(f"{services.__name__}.{module.name}") for module in iter_modules(services.__path__)]
    return {
        f"{module.__name__}.{name}": function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and set(ACTORS) & set(inspect.signature(function).parameters)
    }


def call(use_case: Callable[..., object], session: Session, actor_id: int, engine: Engine) -> object:
    """Call a use case with values that are right by their types."""
    hints = get_type_hints(use_case)
    values: dict[str, Any] = {
        "str": "Sales / EMEA",
        "int": 1,
        "int | None": None,
        "str | int": "Sales / EMEA",
        "bool": True,
        "bool | None": None,
        "datetime": engine.now(),
        "Permission": Permission.MANAGE_PROFILES,
        "Cadence": Cadence(frequency=Frequency.DAILY, at=time(9)),
        "Keep": Keep.MOMENTS,
        "Only": Only.ALL,
        "BulkChange": BulkChange.PAUSE,
        "EditedField": EditedField.LIMIT,
        "CourseField": CourseField.DAYS,
        "Change": Change(field=EditedField.NAME, value="Other"),
        "Translation": Translation(language="es", what=FieldText.LABEL, text="Otro"),
        "Settled": Settled(field=EditedField.LIMIT, value=1, seen=""),
        "str | None": None,
        "Newcomer": a_form().newcomer,
        "Sequence": (),
        "Collection": (1,),
        "collections.abc.Collection[int] | None": None,
        "Iterable": (Permission.MANAGE_PROFILES,),
        "Cure": Cure.KEEP,
        "Switch": Switch.APPROVAL,
        "PageSetting": PageSetting.CONTACT,
        "Logo": Logo(version="0123456789ab-20x20", content=""),
        "Group": Group(chat_id=-7, thread_id=None, title="Crew"),
        "core.domain.cadence.Cadence | None": None,
        "FieldDraft": FieldDraft(label="Team", kind=Kind.TEXT),
        "tuple": (),
        "Sending": Sending(most=9, language="en"),
        "Cohort": Cohort(),
        "RosterOf": RosterOf(profile_id=1),
        "core.domain.rosters.RosterOf | None": None,
        "Kept": Kept.NAMES,
        "Which": Which.ALL,
        "Listed": Listed.NOT_COME,
        "Place": Place(),
        "Alert": Alert.RUSH,
        "Occasion": Occasion.OVERDUE,
        "About": About.ROSTER,
        "PeopleChange": PeopleChange.TRANSFER,
        "Answer": Answer.APPROVE,
        "Lockout": Lockout.ADD,
        "core.services.roster_lockouts.Lockout | None": None,
        "str | int | None": "Sales / EMEA",
        "Mapping": {"ends": engine.now().isoformat(), "limit": 5},
        "collections.abc.Mapping[str, int] | None": None,
        "Draft": profiles.Draft(name="x", department="Sales", window="now - +1 day", limit="1"),
    }
    arguments = {
        name: actor_id if name in ACTORS else values[getattr(hints[name], "__name__", str(hints[name]))]
        for name in inspect.signature(use_case).parameters
        if name != "session"
    }
    return use_case(session, **arguments)


async def not_refused(engine: Engine, actor_id: int) -> list[str]:
    """Name the use cases that do anything but refuse this actor."""
    answered = []
    for name, use_case in use_cases().items():
        try:
            await engine.write(lambda session, use_case=use_case: call(use_case, session, actor_id, engine))  # type: ignore[misc]
        except NotAllowed:
            continue
        answered.append(name)
    return answered


def test_the_use_cases_are_found() -> None:
    assert {"core.services.profiles.create", "core.services.digests.summary", "core.services.history.page"} <= set(
        use_cases()
    )


@pytest.mark.usefixtures("office")
async def test_nobody_is_refused_by_every_use_case(engine: Engine) -> None:
    assert await not_refused(engine, UNKNOWN) == []


async def test_the_inactive_are_refused_by_every_use_case(engine: Engine, office: Office) -> None:
    inactive = [await a_user(engine, role, "Sales", active=False) for role in Role if role is not Role.OWNER]
    await deactivate(engine, office.owner_id)
    assert [await not_refused(engine, user_id) for user_id in (office.owner_id, *inactive)] == 5 * [[]]


async def test_learners_are_refused_by_every_use_case(engine: Engine, office: Office) -> None:
    card = await office.profile()
    learner = await office.sign_up(card.token)
    assert await not_refused(engine, learner.user_id) == []


@pytest.mark.usefixtures("office")
async def test_who_lost_the_rights_is_refused_from_that_moment_on(engine: Engine) -> None:
    administrator = await a_user(engine, Role.ADMINISTRATOR)
    assert (await engine.read(profile_lists.listing, administrator, "", 0, engine.now())).total == 0
    await demote(engine, administrator)
    assert await not_refused(engine, administrator) == []


async def test_account_administrators_may_do_what_the_owner_may(engine: Engine, office: Office) -> None:
    administrator = await a_user(engine, Role.ADMINISTRATOR)
    card = await office.profile()
    assert await engine.read(profiles.card, administrator, card.profile_id, engine.now()) == card


async def test_a_person_is_known_by_their_telegram_account(engine: Engine, office: Office) -> None:
    owner = await engine.read(people.by_telegram_id, 1001)
    assert owner == people.Person(
        user_id=office.owner_id,
        first_name="Olivia",
        role=Role.OWNER,
        permissions=frozenset(Permission),
        language="en",
        zone=ZoneInfo("UTC"),
    )


@pytest.mark.usefixtures("office")
async def test_strangers_and_the_inactive_are_nobody(engine: Engine) -> None:
    await a_user(engine, Role.ADMINISTRATOR, telegram_id=1002, active=False)
    assert await engine.read(people.by_telegram_id, 1002) is None
    assert await engine.read(people.by_telegram_id, 1003) is None


async def test_a_persons_language_is_remembered(engine: Engine, office: Office) -> None:
    await engine.write(chat_languages.remember_language, office.owner_id, "ru")
    owner = await engine.read(people.by_telegram_id, 1001)
    assert owner
    assert owner.language == "ru"
