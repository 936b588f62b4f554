"""An account in which everything is that there can be, for scenes: made by the use cases themselves, always the same.

It is in Kathmandu (UTC+05:45), and names have commas. Most of it happened in the three weeks before the scenes' NOW.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.domain.cadence import parse_cadence
from core.domain.form_fields import read_form
from core.domain.outbox import MessageState
from core.domain.progress import Progress
from core.domain.reminder_rules import Place
from core.domain.reminders import Occasion
from core.domain.rosters import RosterOf
from core.engine import Engine
from core.rosters.people_lists import ListedPerson
from core.services import (
    access_requests,
    awaited_lists,
    courses,
    digest_editing,
    digests,
    email_changes,
    enrolling,
    group_digests,
    history,
    link_mail_lists,
    live_cards,
    password_links,
    people,
    policies,
    profile_editing,
    profile_removal,
    reminder_rules,
    reminders,
    roster_lists,
    sessions,
    sign_up_forms,
    telegram_connections,
)
from core.services.confirmations import Addressee
from core.services.policies import Switch
from core.services.questions import About
from core.storage.tables import Activation, OutgoingMail
from tests.support.apart import run_apart
from tests.support.clock import Clock
from tests.support.rich_account import CREW, MARIA, OLIVIA, SENDING, nothing_random, signs_up, token_of
from tests.support.rich_founding import Days, Founding
from tests.support.scene import NOW, Scene


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
    account = Founding(Scene(session))
    account.the_owner_sets_up()
    account.the_form_and_the_pages_are_set()
    account.staff_comes()
    account.profiles_are_made()
    history = History(account.scene, account.owner)
    history.learners_come()
    history.they_learn()
    history.some_go_and_are_added()
    history.some_wait()
    history.lists_are_kept()
    history.digests_are_ordered()
    history.people_are_reminded()


@dataclass
class History(Days):
    """What happened in the account once people came, day by day."""

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
