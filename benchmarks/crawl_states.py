"""States of an account that a crawl from the first screen on doesn't come to by itself, and the notices about them.

Each is made in the branch of the person who crawls: by their own lines and taps, which are judged too, by learners, and
by what time does. The buttons that these show are tapped by the crawl.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.screens.notices import NoticeRenderer
from core.domain.alerts import RUSH
from core.domain.outbox import Kind, MessageState
from core.domain.reminders import Occasion
from core.engine import Engine
from core.errors import Refusal
from core.services import access_requests, alerts, outbox, password_requests, policies, redemption
from core.services.policies import Switch
from core.storage.tables import ExpectedPerson, Link, LinkRecipient, OutgoingMail, Reminder, User
from tests.support.account import a_form
from tests.support.crawler import Crawler
from tests.support.router_fixture import GROUP, LANGUAGES, Counter

BRANCH, OTHER = "Department 2 / Department 5", "Department 2 / Department 6"
PLACES, WAITING, LONG_AGO = 3, 3, timedelta(days=3)
OF_OWNER = (
    "/signup on",
    "/addcourse Safety | https://example.com/safety | 14",
    "/addcourse Sailing | https://example.com/sailing",
    f"/addrule {BRANCH} | Safety",
    "/addfield Shirt | choice | choices S, M, L",
)
PASTED = "Anna Berzina <anna@example.org>\nBoris Kalns <boris@example.org>"
LISTED = "Name;Email\nZola;zola@example.org\nYury;yury@example.org"
TWICE = (  # lines that are asked about, or can be taken back; some are typed a second time
    f"/newprofile Twice | {BRANCH} | now - +2 weeks | 5",
    f"/newprofile Twice | {BRANCH} | now - +2 weeks | 5",
    f"/invite department administrator | {BRANCH}",
    f"/invite department administrator | {BRANCH}",
    f"/newprofile Meant | {BRANCH} | now - 5/6 | 5",
    f"/adddepartment {BRANCH} / North\n{BRANCH} / South",
    f"/movedepartment {BRANCH} / North | {OTHER}",
    f"/deletedepartment {OTHER}",
    "/editcourse Safety | title | Safety at sea",
    f"/applyrule {BRANCH} | Safety",
    "/changerole Recruiter | read the log",
    "/retention lists 1",
)
ANSWERED = (  # lines that are asked about, and the verb of the button that says yes; none: the crawl answers
    (f"/adddepartment {BRANCH} / East", None),
    (f"/movedepartment {BRANCH} / East | {OTHER}", None),
    (f"/adddepartment {BRANCH} / West", None),
    (f"/deletedepartment {BRANCH} / West", None),
    ("/enrol first1@example.com, first2@example.com | Sailing", "enrol!"),
    ("/unenrol first1@example.com, first2@example.com | Sailing", None),
    (f"/addrule {BRANCH} | Sailing", None),
    (f"/applyrule {BRANCH} | Sailing", "rule-apply!"),
    (f"/transfer first1@example.com, first2@example.com | {OTHER}", "people-change!"),
    ("/addrole Recruiter | manage people", None),
    (f"/assign first2@example.com | Recruiter | {BRANCH}", "role-give!"),
    ("/changerole Recruiter | read the log", None),
)
UNASKED = (PASTED, "new1@example.org, new2@example.org")
OF_PEOPLE = (  # about those who signed up
    f"/transfer first0@example.com | {OTHER}",
    f"/transfer first1@example.com, first2@example.com | {OTHER}",
    "/correct first1@example.com | Email | second@example.org",
    "/enrol first1@example.com, first2@example.com | Sailing",
    "/unenrol first1@example.com, first2@example.com | Sailing",
    "/unenrol first1@example.com | Safety",
    f"/assign first2@example.com | department administrator | {BRANCH}",
    "/person first1@example.com",
    "/progress first1@example.com",
)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The person who crawls, by their numbers in Telegram and here, in an account with an owner."""

    engine: Engine
    crawler: Crawler
    telegram_id: int
    user_id: int
    owner_id: int

    async def profile(self, name: str, places: int) -> int:
        """Make a profile by a line; return its number, 0 if the person may not."""
        await self.crawler.type(f"/newprofile {name} | {BRANCH} | now - +2 weeks | {places}")
        return int(self.crawler.newest("profile-more") or 0)

    async def sign_up(self, profile_id: int, name: str, number: int) -> None:
        """Let so many people sign up through a profile, with addresses by a name."""
        token = await self.engine.read(_token, profile_id)
        for each in range(number):
            form = a_form(f"{name}{each}@example.com", form_key=f"{name} {each}")
            await self.engine.write(redemption.redeem, token, form, self.engine.now())

    async def switch(self, policy: Switch, *, on: bool) -> None:
        """Turn a policy on or off, as the owner."""
        await self.engine.write(policies.switch, self.owner_id, policy, self.engine.now(), on=on, can_mail=True)

    async def notify(self, kind: Kind, subject_id: int) -> None:
        """Queue a notice to the person."""
        await self.engine.write(outbox.notify, self.user_id, kind, subject_id, self.engine.now())


async def arrange(crawler: Crawler, engine: Engine, telegram_id: int, owner_telegram_id: int) -> None:
    """Bring about all states that the person's rights allow."""
    for line in OF_OWNER:
        await Counter(engine).line(owner_telegram_id, line)
    user_id, owner_id = [await engine.read(_user_id, each) for each in (telegram_id, owner_telegram_id)]
    scene = Scene(engine=engine, crawler=crawler, telegram_id=telegram_id, user_id=user_id, owner_id=owner_id)
    if full := await scene.profile("Full", PLACES):
        for line in UNASKED:
            await crawler.type(line)
        for happen in (_fills, _is_expected, _waits, _comes_in_a_rush, _waits_in_a_rush, _is_deleted, _is_shown):
            await happen(scene, full)
        await _is_sent(scene, await scene.profile("Sent", 50))
    for line in (*OF_PEOPLE, *TWICE) if full else ():
        await crawler.type(line)
    for line, verb in ANSWERED if full else ():
        await crawler.type(line)
        if verb:
            await crawler.press(verb)
    await _digests(scene)
    await _notices(scene)


async def _fills(scene: Scene, profile_id: int) -> None:
    """All places are used, and people ask for access at the closed link, or for a new password."""
    await scene.sign_up(profile_id, "first", PLACES)
    token, now = await scene.engine.read(_token, profile_id), scene.engine.now()
    for name in ("Dina", "Edgar"):
        asking = {"first_name": name, "last_name": "Bo", "email": f"{name}@example.com"}
        await scene.engine.write(access_requests.ask, token, asking, now)
    await scene.engine.write(password_requests.ask, "first1@example.com", now)
    await scene.engine.write(password_requests.announce, now)


async def _is_expected(scene: Scene, profile_id: int) -> None:
    """People are expected, and more of them afterwards; some were reminded in vain."""
    for _ in range(2):
        await scene.crawler.type(f"/expect {profile_id}")
        await scene.crawler.type(LISTED)
        await scene.crawler.press("rkeep")
    await scene.crawler.type(f"/expect {profile_id}")
    await scene.crawler.type(PASTED)
    await scene.crawler.type(f"/missing {profile_id}")
    await scene.engine.write(_remind_in_vain, profile_id, scene.engine)
    await scene.notify(Kind.REMINDED_IN_VAIN, scene.engine.now().date().toordinal())


async def _is_sent(scene: Scene, profile_id: int) -> None:
    """The link is sent by e-mail, for the most part long ago; another list is previewed."""
    for _ in range(2):
        await scene.crawler.type(f"/send {profile_id}")
        await scene.crawler.type(LISTED)
        await scene.crawler.press("sendgo")
        await scene.engine.write(_mail_arrives, scene.engine)
    await scene.crawler.type(f"/send {profile_id}")
    await scene.crawler.type(PASTED)
    await scene.crawler.type(f"/send {profile_id}")


async def _waits(scene: Scene, _: int) -> None:
    """People wait for an approval, and to confirm their address."""
    profile_id = await scene.profile("Asks first", 50)
    for policy, name in ((Switch.APPROVAL, "waiting"), (Switch.EMAIL_CONFIRMATION, "unconfirmed")):
        await scene.switch(policy, on=True)
        await scene.sign_up(profile_id, name, WAITING)
        await scene.switch(policy, on=False)
    await _notices(scene)
    for verb in ("decline", "request-decline"):
        await scene.crawler.press(verb)
    await scene.crawler.type("/waiting")


async def _comes_in_a_rush(scene: Scene, _: int) -> None:
    """Many sign up within a minute; those of another rush were taken back."""
    for name in ("taken", "rushed"):
        await scene.sign_up(await scene.profile(name, 30), name, RUSH)
        await scene.engine.write(alerts.tell, scene.engine.now())
        await _notices(scene)
        if name == "taken":
            await scene.crawler.press("rush-undo")
            await scene.crawler.press("rush-undone")


async def _waits_in_a_rush(scene: Scene, _: int) -> None:
    """Many ask to join within a minute; those of another rush were declined."""
    await scene.switch(Switch.APPROVAL, on=True)
    for name in ("declined", "asking"):
        await scene.sign_up(await scene.profile(name, 100), name, RUSH)
        await scene.engine.write(alerts.tell, scene.engine.now())
        await _notices(scene)
        if name == "declined":
            await scene.crawler.press("waiting-rush-decline")
            await scene.crawler.press("waiting-rush-declined")
    await scene.switch(Switch.APPROVAL, on=False)


async def _is_deleted(scene: Scene, _: int) -> None:
    """A profile is deleted, and its card is opened later."""
    profile_id = await scene.profile("Gone", 5)
    await scene.crawler.type(f"/deleteprofile {profile_id}")
    await scene.crawler.press("end!")


async def _is_shown(scene: Scene, profile_id: int) -> None:
    """A profile is duplicated twice by the same line, labelled, and shown in a group."""
    for line in (f"/duplicate {profile_id} | Copy",) * 2:
        await scene.crawler.type(line)
    for line in (f"/addlink {profile_id} | Riga office", f"/editprofile {profile_id} limit 1"):
        await scene.crawler.type(line)
    await scene.crawler.type(f"/editprofile {profile_id} department {OTHER}")
    await scene.crawler.type(f"/check {await scene.engine.read(_token, profile_id)} 2027-01-01 12:00")
    await scene.crawler.type("/duplicate")
    await scene.crawler.press("pick")
    await Counter(scene.engine).line(scene.telegram_id, f"/card {profile_id}", chat=GROUP)
    await scene.crawler.type(f"/card {profile_id}")


async def _digests(scene: Scene) -> None:
    """A digest comes here, and another one goes to a group; one more is asked about."""
    counter = Counter(scene.engine)
    await scene.crawler.type("/digest daily 18:00")
    await scene.crawler.type("/digest now")
    await counter.line(scene.telegram_id, "/digest now", chat=GROUP)
    await _notices(scene)
    await counter.line(scene.telegram_id, "/digest daily 18:00", chat=GROUP)
    await _notices(scene)
    await scene.crawler.press("digest-group!")
    await scene.crawler.type("/digest groups")


async def _notices(scene: Scene) -> None:
    """Let the notices come that wait, as the person reads them."""
    engine = scene.engine
    renderer = NoticeRenderer(engine, LANGUAGES, public_url="https://signup.example.org")
    while claimed := await engine.write(outbox.claim, "a crawl", engine.now()):
        renderer.expect(claimed)
        for message in claimed:
            try:
                screen = await renderer.render(message) if message.chat_id == scene.telegram_id else None
            except Refusal:  # it has become pointless
                screen = None
            renderer.discard(message)
            await engine.write(outbox.drop, message.message_id, "a crawl", engine.now())
            if screen is not None:
                await scene.crawler.show(f"the notice “{message.kind}”", screen)


def _user_id(session: Session, telegram_id: int) -> int:
    return session.scalars(select(User.id).where(User.telegram_id == telegram_id)).one()


def _token(session: Session, profile_id: int) -> str:
    return session.scalars(select(Link.token).where(Link.profile_id == profile_id).order_by(Link.id).limit(1)).one()


def _remind_in_vain(session: Session, profile_id: int, engine: Engine) -> None:
    """Note that an expected person was reminded, which a manager is told today."""
    now = engine.now()
    told = {"day": now.date(), "at": now, "told_on": now.date()}
    expected = select(ExpectedPerson.id).where(ExpectedPerson.profile_id == profile_id).order_by(ExpectedPerson.id)
    number = session.scalars(expected.limit(1)).one()
    person = {"person_key": f"expected {number}", "expected_id": number, "profile_id": profile_id}
    session.add(Reminder(**person, occasion=Occasion.NOT_COME, **told))


def _mail_arrives(session: Session, engine: Engine) -> None:
    """Let all links that wait to be sent by e-mail have arrived long ago."""
    waiting = OutgoingMail.recipient_id.in_(select(LinkRecipient.id)), OutgoingMail.state == MessageState.WAITING
    arrived = {"state": MessageState.SENT, "ended_at": engine.now() - LONG_AGO}
    session.execute(update(OutgoingMail).where(*waiting).values(**arrived))
