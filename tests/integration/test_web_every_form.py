"""Every form that can be posted, filled in with anything: a clear answer, nothing lost, nothing reflected as markup.

The forms are found from the routes: one that none of the scenes leads to fails the first test.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from core.domain.addresses import LONGEST_ADDRESS
from core.domain.field_kinds import Kind
from core.domain.text import ROOM, tidy
from core.services import email_changes, form_fields, password_links, policies, profile_editing
from core.services import telegram_connections as telegram
from core.services.form_fields import FieldDraft
from core.services.page_settings import PageSetting
from core.services.policies import Switch
from core.services.progress import Cohort
from core.storage.progress import Which
from core.storage.tables import EmailChange, LimitUse, PendingSignUp, User
from tests.integration.test_core_reminders import remind_behind
from tests.support.account import Office
from tests.support.confirmed import mailed
from tests.support.mail_server import SENDER
from tests.support.patience import PATIENCE
from tests.support.posted_forms import Input, PostForm, find_forms, forms_on, posted_routes, route_of
from tests.support.reminders import stop_code
from tests.support.selection import many
from tests.support.settings import settings_of
from tests.support.site import PASSWORD, SECRET, Answer, Site, Visitor, open_site
from web.application import build_application
from web.form_tokens import FIELD as FORM_TOKEN
from web.places import ROOT

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MAIL_SERVER = "smtp://127.0.0.1:9"  # nothing is sent here
LARGEST_PAGE = 100_000  # bytes, with all that was typed into it
RIGHT = {"identifier": "anna@example.com", "password": PASSWORD, "current": PASSWORD, "chosen": PASSWORD}
HOSTILE = ('"><script>alert(1)</script>', "' onfocus=alert(1) x='", "javascript:alert(1)", "{{ 7 * 7 }}", "%(x)s {x}")
ODD = (
    "",
    " ",
    "\0",
    "\u202eAnna",
    "Ан\u0301на",
    "a" * 5000,
    "é" * 300,
    "😀",
    "+371 20000000",
    "31/12",
    "//evil.example",
)

TYPED = frozenset({"text", "email", "tel", "number", "date", "time", "password", "search"})
CLEAR = frozenset({200, 303, 400, 403, 404, 409, 410, 422, 429})
AGAIN = frozenset({403, 409, 422, 429})  # the form is shown again


NUMBERS = count()


def new_address() -> str:
    """Return an address that nobody has yet."""
    return f"person{next(NUMBERS)}@example.com"


def sendable(text: str) -> str:
    """Return a text as a browser sends it from one line: valid, and without line ends."""
    return re.sub(r"[\r\n]", "", text.encode("utf-8", "replace").decode())


Opened = Sequence[tuple[Visitor, Sequence[str]]]


@dataclass(frozen=True, kw_only=True)
class Place:
    """An account on whose pages there is every form, and the server of these pages."""

    office: Office
    site: Site

    async def sign_up(self, *, waits_for: Switch | None = None) -> tuple[Visitor, str, int]:
        """Let a visitor sign up under a policy; return where that leads, and their number."""
        visitor, engine, email = self.site.visitor(), self.office.engine, new_address()
        for policy in (Switch.APPROVAL, Switch.EMAIL_CONFIRMATION):
            await self.switch(policy, on=policy is waits_for)
        led = (await visitor.sign_up((await self.office.profile(name=email)).token, email)).location
        assert led
        number = await engine.read(lambda session: session.scalars(select(User.id).order_by(User.id.desc())).first())
        return visitor, led, number or 0

    async def switch(self, policy: Switch, *, on: bool) -> None:
        """Turn a policy on or off."""
        engine, owner_id = self.office.engine, self.office.owner_id
        await engine.write(policies.switch, owner_id, policy, engine.now(), on=on, can_mail=True)


@pytest.fixture
async def place(office: Office) -> AsyncIterator[Place]:
    write, owner, now = office.engine.write, office.owner_id, office.engine.now()
    await write(telegram.remember_bot, "gangway_bot")
    for number, kind in enumerate(sorted({*Kind} - {Kind.NAME, Kind.EMAIL, Kind.LOGIN, Kind.PASSWORD})):
        choices = ("One", "Two") if kind is Kind.CHOICE else ()
        await write(form_fields.add_field, owner, FieldDraft(label=f"Field {number}", kind=kind, choices=choices), now)
    await office.set_page(PageSetting.PHONE, "optional")
    async with open_site(office.engine, smtp_url=MAIL_SERVER, mail_from=SENDER) as site:
        place = Place(office=office, site=site)
        await place.switch(Switch.JOINING, on=True)
        yield place


async def strangers(place: Place) -> Opened:
    office, closed = place.office, await place.office.profile(name=new_address())
    await office.engine.write(
        profile_editing.pause, office.owner_id, closed.profile_id, office.engine.now(), paused=True
    )
    return [
        (
            place.site.visitor(),
            [f"/s/{(await office.profile(name=new_address())).token}", f"/s/{closed.token}", "/password", ROOT],
        )
    ]


async def learners(place: Place) -> Opened:
    office, engine, now = place.office, place.office.engine, place.office.engine.now()
    visitor, _, user_id = await place.sign_up()
    await engine.write(password_links.make, office.owner_id, user_id, now)
    await remind_behind(office, Cohort(), Which.NOT_STARTED)
    code = await engine.write(stop_code, user_id, now)
    [form] = [
        each for each in forms_on("/me/email", (await visitor.get("/me/email")).body) if each.action == "/me/email"
    ]
    await visitor.post(form.action, {**_hidden(form), "email": new_address(), "current": PASSWORD})
    connected, _, other_id = await place.sign_up()
    link = str(await engine.write(telegram.link, other_id, now)).partition("=")[2]
    await engine.write(telegram.accept, link, 1000 + other_id, "en", now)
    elsewhere = (await office.profile(name=new_address(), department="Sales")).token
    return [(visitor, ["/me", "/courses", f"/s/{elsewhere}", f"/r/{code}"]), (connected, ["/me"])]


async def who_wait_for_approval(place: Place) -> Opened:
    visitor, led, _ = await place.sign_up(waits_for=Switch.APPROVAL)
    return [(visitor, [led])]


async def who_confirm(place: Place) -> Opened:
    visitor, led, user_id = await place.sign_up(waits_for=Switch.EMAIL_CONFIRMATION)
    engine = place.office.engine
    address = await engine.read(lambda session: session.get_one(PendingSignUp, user_id).email)
    link = f"/confirm/{(await mailed(engine, user_id, address or '')).code}"
    return [(place.site.visitor(), [link]), (visitor, [led])]


async def who_open_mailed_links(place: Place) -> Opened:
    engine, now = place.office.engine, place.office.engine.now()
    [(visitor, _), _] = await learners(place)
    user_id = await engine.read(
        lambda session: session.scalars(select(User.id).order_by(User.id.desc()).offset(1)).first()
    )
    link = await engine.write(password_links.make, place.office.owner_id, user_id or 0, now)
    address = await engine.read(
        lambda session: session.scalars(select(EmailChange.email).where(EmailChange.user_id == user_id)).one()
    )
    change = await engine.write(email_changes.mailed, user_id, address, now)
    assert change is not None
    return [(visitor, [f"/me/email/{change.code}", f"/password/{link.code}"])]


Scene = Callable[[Place], Awaitable[Opened]]
SCENES: Sequence[Scene] = (
    strangers,
    learners,
    who_wait_for_approval,
    who_confirm,
    who_open_mailed_links,
)


@dataclass(frozen=True, kw_only=True)
class Filling:
    """How a form is filled in: the fields at these places are wrong, each with one of these texts; others right."""

    texts: Sequence[str]
    wrong: frozenset[int]

    def value(self, number: int, each: Input) -> str | None:
        """Return what a field has; None: it isn't sent, as a box that isn't ticked."""
        text = self.texts[number % len(self.texts)]
        if number in self.wrong and each.name != FORM_TOKEN:
            return None if each.kind == "checkbox" else text
        if each.kind == "select":
            return each.options[-1]
        if each.name == "email":
            return new_address()
        return each.value if each.kind not in TYPED else RIGHT.get(each.name, each.value or "7")


texts = st.text(max_size=60) | st.sampled_from([*HOSTILE, *ODD])
fillings = st.builds(
    Filling,
    texts=st.lists(texts.map(sendable), min_size=1, max_size=5),
    wrong=st.frozensets(st.integers(min_value=0, max_value=15)),
)


HOSTILE_FILLING = Filling(texts=HOSTILE, wrong=frozenset(range(20)))


@pytest.mark.deep
async def test_every_form_answers_to_hostile_texts_clearly_and_keeps_them(place: Place) -> None:
    app = build_application(place.office.engine, settings_of(), SECRET, sandbox_token="1:a")
    routes, found = posted_routes(app), set[str]()
    for scene in SCENES:
        found |= {route_of(routes, form.action) for form in await _judge(place, scene, HOSTILE_FILLING)}
    assert {*routes} - found == set(), "no scene leads to these forms"


@pytest.mark.deep
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
@settings(
    max_examples=many(8),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(filling=fillings)
async def test_whatever_is_typed_the_answer_is_clear_and_keeps_it(place: Place, scene: Scene, filling: Filling) -> None:
    await _judge(place, scene, filling)


async def _judge(place: Place, scene: Scene, filling: Filling) -> list[PostForm]:
    """Send each form of a scene, look at the answers, and return the forms."""
    found = list[PostForm]()
    for visitor, starts in await scene(place):
        for form in sorted(await find_forms(visitor, starts), key=_ends):
            await place.office.engine.write(lambda session: session.execute(delete(LimitUse)))
            page = await visitor.get(form.page)
            for now in forms_on(form.page, page.body):  # with the token that counts now, unless it is gone
                if now.action == form.action:
                    await _send(visitor, now, filling)
            found.append(form)
    return found


async def _send(visitor: Visitor, form: PostForm, filling: Filling) -> None:
    """Send a form, and look at the answer."""
    entered = {each.name: filling.value(number, each) for number, each in enumerate(form.inputs)}
    sent = {name: value for name, value in entered.items() if value is not None}
    async with asyncio.timeout(PATIENCE):
        answer = await visitor.post(form.action, sent)
    told = f"{form.action} with {sent}: {answer.status}"
    assert answer.status in CLEAR, told
    assert len(answer.body) < LARGEST_PAGE, told
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        assert not _reflected(answer), told
        if answer.status in AGAIN:
            assert _lost(answer, form, sent) == {}, told


def _reflected(answer: Answer) -> list[str]:
    """Return what of a page runs a script that somebody typed."""
    found = answer.elements("script") + [
        each for tag in ("a", "input", "form", "option", "p", "img") for each in answer.elements(tag)
    ]
    wrong = [each.tag for each in found if "alert(" in "".join(each.text) and each.tag == "script"]
    wrong += [name for each in found for name in each.attributes if name.startswith("on")]
    return wrong + [href for each in found if (href := each.attributes.get("href", "")).startswith("javascript:")]


def _lost(answer: Answer, form: PostForm, sent: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return which typed fields of a form that is shown again don't have what was typed, tidied; but for passwords."""
    typed = {each.name for each in form.inputs if each.is_typed and each.kind != "password"}
    shown = [each for each in forms_on(form.page, answer.body) if each.action in (form.action, form.page)]
    has = {each.name: each.value for each in shown[0].inputs} if shown else {}
    kept = {name: (_begins(sent[name]), _begins(has[name])) for name in typed & {*has}}
    return {name: (was, is_now) for name, (was, is_now) in kept.items() if was and was != is_now}


def _begins(text: str) -> str:
    """Return as much of a text as every field keeps: more than a log-in's longest identifier needn't come back."""
    return tidy(text)[: ROOM * LONGEST_ADDRESS // 2]


def _ends(form: PostForm) -> tuple[bool, bool, int]:
    """Sort last what ends a log-in or what is waited for: the other forms would be gone."""
    has_fields = any(each.kind in TYPED for each in form.inputs)
    return "log" in form.action, not has_fields, -len(form.action)


def _hidden(form: PostForm) -> dict[str, str]:
    return {each.name: each.value for each in form.inputs if each.kind == "hidden"}
