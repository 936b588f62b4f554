"""How the rich account (`rich_history.py`) began: its owner, its departments and courses, its staff and its links."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.alerts import Alert
from core.domain.field_kinds import Kind
from core.domain.field_texts import FieldText
from core.domain.logos import Logo
from core.services import (
    account,
    alerts,
    course_editing,
    courses,
    departments,
    field_translations,
    form_fields,
    invitations,
    logos,
    ownership,
    page_settings,
    policies,
    profile_links,
    profiles,
    roles,
    telegram_connections,
    time_zone,
)
from core.services.field_translations import Translation
from core.services.form_fields import FieldDraft
from core.services.ownership import Claimant
from core.services.page_settings import PageSetting
from core.services.profiles import Draft
from core.services.time_zone import Keep
from tests.support.rich_account import ADAM, LIAM, MARIA, OLIVIA, RITA
from tests.support.scene import NOW, Scene

P = ParamSpec("P")
T = TypeVar("T")

BEGUN_DAYS_AGO = 21


@dataclass
class Days:
    """What happened in the account, day by day, most of it by its owner."""

    scene: Scene
    owner: int = 0

    def at(self, days_ago: float) -> datetime:
        """Return a moment so many days ago."""
        return NOW - timedelta(days=days_ago)

    def by_owner(self, use_case: Callable[Concatenate[Session, int, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Let the owner do something."""
        return use_case(self.scene.session, self.owner, *args, **kwargs)


@dataclass
class Founding(Days):
    """What the owner did in the first days."""

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
