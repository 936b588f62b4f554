"""An account in which everything is that there can be, for scenes: made by the use cases themselves, always the same.

It is in Kathmandu (UTC+05:45), and names have commas. Most of it happened in the three weeks before the scenes' NOW.
"""

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Concatenate, ParamSpec, TypeVar
from unittest import mock

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.alerts import Alert
from core.domain.cadence import parse_cadence
from core.domain.field_kinds import Kind
from core.domain.field_texts import FieldText
from core.domain.form_fields import read_form
from core.domain.logos import Logo
from core.domain.outbox import MessageState
from core.domain.progress import Progress
from core.domain.reminder_rules import Place
from core.domain.reminders import Occasion
from core.domain.rosters import RosterOf
from core.engine import Engine
from core.rosters.people_lists import ListedPerson
from core.services import (
    access_requests,
    account,
    alerts,
    awaited_lists,
    course_editing,
    courses,
    departments,
    digest_editing,
    digests,
    email_changes,
    enrolling,
    field_translations,
    form_fields,
    group_digests,
    history,
    invitations,
    link_mail_lists,
    live_cards,
    logos,
    ownership,
    page_settings,
    password_links,
    people,
    policies,
    profile_editing,
    profile_links,
    profile_removal,
    profiles,
    redemption,
    reminder_rules,
    reminders,
    roles,
    roster_lists,
    sessions,
    sign_up_forms,
    telegram_connections,
    time_zone,
)
from core.services.confirmations import Addressee
from core.services.field_translations import Translation
from core.services.form_fields import FieldDraft
from core.services.group_digests import Group
from core.services.link_mails import Sending
from core.services.ownership import Claimant
from core.services.page_settings import PageSetting
from core.services.policies import Switch
from core.services.profiles import Draft
from core.services.questions import About
from core.services.time_zone import Keep
from core.storage.tables import Activation, Link, OutgoingMail
from tests.support.account import FAST_HASH
from tests.support.apart import run_apart
from tests.support.clock import Clock
from tests.support.rows import the_form
from tests.support.scene import NOW, Scene

P = ParamSpec("P")
T = TypeVar("T")

OLIVIA, ADAM, MARIA, RITA, LIAM = 1001, 1002, 1003, 1004, 1005  # in Telegram
OWNER, ADMINISTRATOR, MANAGER, RECRUITER, LISTENER = 1, 2, 3, 4, 5  # their numbers as users
NOBODY = 7777
CREW = Group(chat_id=-5005, thread_id=None, title="Crew, night")
SENDING = Sending(most=100, language="en")
BEGUN_DAYS_AGO = 21


@contextmanager
def nothing_random(first: int = 1) -> Iterator[None]:
    """Number what would be random: tokens, codes, references."""
    numbers = count(first)

    def token(length: int = 32) -> str:
        return f"random{next(numbers):0{length}}x"

    with (
        mock.patch.object(secrets, "token_urlsafe", token),
        mock.patch.object(secrets, "token_hex", token),
        mock.patch.object(secrets, "randbelow", lambda below: next(numbers) % below),
    ):
        yield


def with_a_rich_account(database_url: str) -> None:
    """Bring a database up to date and fill it, for scenes to begin in."""

    async def run() -> None:
        engine = Engine(database_url, clock=Clock())
        with nothing_random():
            await engine.migrate(then=fill)  # takes longer than a use case may, on a busy machine
        await engine.close()

    run_apart(run())


def fill(session: Session) -> None:
    """Let all of it happen."""
    history_of = History(Scene(session))
    history_of.the_owner_sets_up()
    history_of.the_form_and_the_pages_are_set()
    history_of.staff_comes()
    history_of.profiles_are_made()
    history_of.learners_come()
    history_of.they_learn()
    history_of.some_go_and_are_added()
    history_of.some_wait()
    history_of.lists_are_kept()
    history_of.digests_are_ordered()
    history_of.people_are_reminded()


@dataclass
class History:
    """What happened in the account, day by day."""

    scene: Scene
    owner: int = 0

    def at(self, days_ago: float) -> datetime:
        return NOW - timedelta(days=days_ago)

    def by_owner(self, use_case: Callable[Concatenate[Session, int, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        return use_case(self.scene.session, self.owner, *args, **kwargs)

    def the_owner_sets_up(self) -> None:
        now, by = self.at(BEGUN_DAYS_AGO), self.by_owner
        claimant = Claimant(telegram_id=OLIVIA, first_name="Olivia", last_name="Owner", language="en")
        telegram_connections.remember_bot(self.scene.session, "himal_bot")
        self.owner = ownership.claim_as_configured(self.scene.session, claimant, now)
        by(account.switch_sign_up, now, on=True)
        by(account.rename, "Himal, Sons & Co", now)
        by(time_zone.change, "Asia/Kathmandu", Keep.MOMENTS, now)
        for path in ("Sales / EMEA / Nordics", "Sales / APAC", "Support / Night, late", "Operations", "Empty"):
            by(departments.add, path, now)
        for title, days in (("Safety first", "14"), ("Lifting, basics", ""), ("Night work", "3"), ("Old times", "")):
            link = f"https://learn.example.com/{title.split()[0].lower()}"
            by(courses.add, title, link, days, now, description=f"All about {title.lower()}")
        for path, title in (("Sales", "Safety first"), ("Sales / EMEA", "Lifting, basics"), ("Support", "Night work")):
            by(courses.add_rule, path, title, now)
        by(courses.add, "Unused", "https://learn.example.com/unused", "1", now)
        by(course_editing.archive, self.scene.course("Old times"), now)

    def the_form_and_the_pages_are_set(self) -> None:
        now, by = self.at(BEGUN_DAYS_AGO), self.by_owner
        by(form_fields.add_field, FieldDraft(label="Team", kind=Kind.TEXT, hint="As on your badge"), now)
        shifts = ("Early", "Late", "Night, long")
        by(form_fields.add_field, FieldDraft(label="Shift", kind=Kind.CHOICE, required=True, choices=shifts), now)
        by(form_fields.add_field, FieldDraft(label="Badge", kind=Kind.UNIQUE_TEXT, at_sign_up=False), now)
        by(field_translations.translate, "Shift", Translation(language="es", what=FieldText.LABEL, text="Turno"), now)
        by(policies.publish_privacy_policy, "We keep what you type.", now)
        by(policies.limit_seats, "40", now)
        by(page_settings.change, PageSetting.CONTACT, "Olivia, desk 5", now)
        by(page_settings.change, PageSetting.WELCOME, "Welcome to Himal!", now)
        by(page_settings.change, PageSetting.CHALLENGE, "off", now)
        by(logos.change, Logo(version="0123456789ab-20x20", content="iVBORw0KGgo="), now)
        by(alerts.switch, Alert.PLACES_UNUSED, now, on=False)

    def staff_comes(self) -> None:
        now, by = self.at(20), self.by_owner
        by(roles.add, "Recruiter, senior", (Permission.MANAGE_PEOPLE, Permission.MANAGE_PROFILES), now)
        by(roles.add, "Listener", (Permission.RECEIVE_DIGESTS,), now)
        by(roles.add, "Spare", (Permission.READ_LOG,), now)
        for telegram_id, name, role, managed in (
            (ADAM, "Adam", "administrator", ()),
            (MARIA, "Maria", "department administrator", ("Sales", "Operations")),
            (RITA, "Rita", "Recruiter, senior", ("Support",)),
            (LIAM, "Liam", "Listener", ("Sales / EMEA",)),
        ):
            made = by(invitations.invite, role, managed, now)
            claimant = Claimant(telegram_id=telegram_id, first_name=name, last_name="Staff", language="es")
            invitations.accept(self.scene.session, made.code, claimant, now)
        by(invitations.invite, "Recruiter, senior", ("Support / Night, late", "Empty"), self.at(2))

    def profiles_are_made(self) -> None:
        now, by = self.at(19), self.by_owner
        for name, department, window, limit in (
            ("Autumn, sales", "Sales / EMEA", "now - +6 weeks", "10"),
            ("Full house", "Sales / APAC", "now - +4 weeks", "2"),
            ("Long gone", "Support", "now - +2 weeks", "5"),
            ("Not yet", "Sales", "+4 weeks - +8 weeks", "1"),
            ("On hold", "Support / Night, late", "now - +4 weeks", "unlimited"),
            ("Nordic", "Sales / EMEA / Nordics", "now - +20 days", "4"),
            ("Removed", "Operations", "now - +4 weeks", "4"),
            ("Unused", "Operations", "now - +5 weeks", "7"),
        ):
            by(profiles.create, Draft(name=name, department=department, window=window, limit=limit), now)
        for label in ("poster", "leaflet, blue"):
            by(profile_links.add, self.scene.profile("Autumn, sales"), label, now)

    def learners_come(self) -> None:
        for days_ago, name, profile, label, badge in (
            (18.5, "Anna", "Autumn, sales", "", "A1"),
            (18.5, "Boris", "Autumn, sales", "poster", ""),
            (17, "Chandra", "Autumn, sales", "poster", "C3"),
            (10, "Dev", "Full house", "", ""),
            (10, "Elena", "Full house", "", ""),
            (9, "Farid", "Long gone", "", ""),
            (8.25, "Gita", "Long gone", "", ""),
            (7, "Hari", "On hold", "", "H8"),
            (3, "Ines", "Nordic", "", ""),
            (0.5, "Jonas", "Nordic", "", ""),
            (0.25, "Kiran", "Autumn, sales", "leaflet, blue", ""),
        ):
            signs_up(self.scene, name, profile, self.at(days_ago), label=label, badge=badge)

    def they_learn(self) -> None:
        session = self.scene.session
        safety, night = self.scene.course("Safety first"), self.scene.course("Night work")
        courses.advance(session, self.scene.person("Anna"), safety, Progress.STARTED, self.at(18))
        courses.advance(session, self.scene.person("Anna"), safety, Progress.COMPLETED, self.at(12))
        courses.advance(session, self.scene.person("Boris"), safety, Progress.STARTED, self.at(17.5))
        courses.advance(session, self.scene.person("Gita"), night, Progress.COMPLETED, self.at(4))
        self.by_owner(enrolling.give, self.scene.person("Hari"), safety, self.at(6))

    def some_go_and_are_added(self) -> None:
        session, by = self.scene.session, self.by_owner
        by(people.deactivate, self.scene.person("Elena"), self.at(5))
        by(history.return_activation, self._activation("Chandra"), "twice, by mistake", self.at(5))
        by(profile_editing.pause, self.scene.profile("On hold"), self.at(4), paused=True)
        by(profile_removal.remove, (self.scene.profile("Removed"),), self.at(3))
        typed = {"first_name": "Lena", "last_name": "Added", "email": "lena@example.com", "phone": "+37120000001"}
        form = by(sign_up_forms.full_form)
        newcomer = read_form(typed | {"custom_2": "Early", "custom_3": "L12"}, form, region=None)
        by(password_links.add_person, newcomer, "Operations", self.at(2))
        sessions.start(session, self.scene.person("Anna"), self.at(1))
        email_changes.ask(
            session, self.scene.person("Anna"), "anna.new@example.com", Addressee(language="en", pseudonym="a"), NOW
        )
        opened = telegram_connections.link(session, self.scene.person("Boris"), self.at(0.1))
        telegram_connections.accept(session, (opened or "").rpartition("=")[2], 2001, "ru", self.at(0.1))

    def some_wait(self) -> None:
        session, by = self.scene.session, self.by_owner
        by(policies.switch, Switch.APPROVAL, self.at(2), on=True)
        signs_up(self.scene, "Wanda", "Autumn, sales", self.at(2), label="poster")
        signs_up(self.scene, "Xaver", "Nordic", self.at(1))
        by(policies.switch, Switch.APPROVAL, self.at(1), on=False)
        by(policies.switch, Switch.EMAIL_CONFIRMATION, self.at(1), on=True, can_mail=True)
        signs_up(self.scene, "Umesh", "Autumn, sales", self.at(0.5))
        by(policies.switch, Switch.EMAIL_CONFIRMATION, self.at(0.5), on=False, can_mail=True)
        for name, days_ago in (("Yara", 2), ("Zoe", 1)):
            posted = {"first_name": name, "last_name": "Asking, Jr", "email": f"{name.lower()}@example.com"}
            access_requests.ask(session, token_of(self.scene, "Full house"), posted, self.at(days_ago), mail_in="en")
        access_requests.ask(
            session,
            token_of(self.scene, "Long gone"),
            posted | {"first_name": "Vera", "email": "vera@example.com"},
            self.at(1),
        )

    def lists_are_kept(self) -> None:
        listed = [
            ListedPerson(row=2, first_name="Anna", last_name="Ber, Z", email="anna@example.com"),
            ListedPerson(row=3, first_name="Mira", last_name="Missing", email="mira@example.com"),
            ListedPerson(row=4, first_name="Nils", last_name="Missing", phone="+37120000002"),
            ListedPerson(row=5, email="omar@example.com"),
        ]
        self._keep(RosterOf(profile_id=self.scene.profile("Autumn, sales")), listed)
        self._keep(
            RosterOf(department_id=self.scene.department("Support")),
            [
                ListedPerson(row=2, first_name="Farid", email="farid@example.com"),
                ListedPerson(row=3, first_name="Pia", last_name="Missing", email="pia@example.com"),
            ],
        )
        number, by = self.scene.profile("Nordic"), self.by_owner
        wanted = [ListedPerson(row=2, email="quinn@example.com"), ListedPerson(row=3, email="rosa@example.com")]
        of, now = RosterOf(profile_id=number), self.at(2)
        sent = by(awaited_lists.receive, About.LINK_MAIL, of, {"text": "..."}, now)
        shown = by(link_mail_lists.preview, number, wanted, now, most=100, language="en")
        by(link_mail_lists.send, sent.question_id, wanted, now, SENDING, seen=shown.seen)
        failed = update(OutgoingMail).where(OutgoingMail.address == "rosa@example.com")
        self.scene.session.execute(failed.values(state=MessageState.FAILED))

    def digests_are_ordered(self) -> None:
        session, by, now = self.scene.session, self.by_owner, self.at(8)
        by(digests.subscribe, parse_cadence("daily 18:00"), OLIVIA, now)
        by(digest_editing.add, self.scene.department("Sales"), OLIVIA, now, newest=1)
        by(digest_editing.be_quiet, 2, on=True)
        by(digest_editing.choose_profile, 2, self.scene.profile("Autumn, sales"), chosen=True)
        maria = self.scene.person("Maria")
        digests.subscribe(session, maria, parse_cadence("weekly mon 09:00"), MARIA, now)
        by(group_digests.order, CREW, parse_cadence("monthly 1 09:00"), now)
        by(digests.request, OLIVIA, self.at(1))
        digests.queue_due(session, self.at(0.1))
        by(live_cards.post, self.scene.profile("Autumn, sales"), CREW, "en", self.at(1))

    def people_are_reminded(self) -> None:
        number, by = self.scene.profile("Autumn, sales"), self.by_owner
        of, now = RosterOf(profile_id=number), self.at(0.01)
        seen = by(reminders.preview_missing, of, number, now, 100).seen
        by(reminders.remind_missing, of, number, now, SENDING, seen=seen)
        by(reminder_rules.change, Place(profile_id=number), Occasion.NOT_COME, now, on=True, days=3)
        by(reminder_rules.change, Place(), Occasion.OVERDUE, now, on=True, days=2)
        by(
            reminder_rules.change,
            Place(department_id=self.scene.department("Support")),
            Occasion.OVERDUE,
            now,
            on=False,
            days=None,
        )

    def _activation(self, name: str) -> int:
        wanted = select(Activation.id).where(Activation.user_id == self.scene.person(name))
        return self.scene.session.scalars(wanted).one()

    def _keep(self, of: RosterOf, listed: Sequence[ListedPerson]) -> None:
        by, now = self.by_owner, self.at(4)
        sent = by(awaited_lists.receive, About.ROSTER, of, {"text": "..."}, now)
        seen = by(roster_lists.preview, of, listed).seen
        by(roster_lists.keep, sent.question_id, listed, now, seen=seen, replace=False, closing=None)


def signs_up(scene: Scene, name: str, profile: str, at: datetime, *, label: str = "", badge: str = "") -> int:
    """Sign somebody up through a profile's link; return their number."""
    return scene.do(redemption.redeem, token_of(scene, profile, label), a_form(scene, name, badge=badge), at).user_id


def a_form(scene: Scene, name: str, *, badge: str = "", **typed: str) -> redemption.SignUp:
    """Fill in the account's form."""
    email = f"{name.lower()}@example.com"
    values = {"first_name": name, "last_name": "Learner, Jr", "email": email, "login": "", "password": "a long secret"}
    values |= {"custom_1": f"Team {name[0]}", "custom_2": "Late" if badge else "Night, long"}
    values |= {"consent": "yes", "privacy_version": "1"} | typed
    return redemption.SignUp(
        newcomer=read_form(values, the_form(scene.session), region="LV"),
        password_hash=FAST_HASH,
        form_key=f"form of {email}",
        mail_to=Addressee(language="en", pseudonym=email),
    )


def token_of(scene: Scene, profile: str, label: str = "") -> str:
    """Return what a profile's link carries."""
    wanted = select(Link.token).where(Link.profile_id == scene.profile(profile), Link.label == label)
    return scene.session.scalars(wanted).one()
