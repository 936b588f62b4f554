"""Refusals that need something else than the other scenes: an account that is full, or roles that reach less."""

from core.domain.cadence import parse_cadence
from core.domain.rosters import RosterOf
from core.services import (
    courses,
    departments,
    digest_cards,
    digest_editing,
    invitations,
    link_mails,
    link_resending,
    people,
    policies,
    profile_editing,
    profile_lists,
    profiles,
    progress,
    redemption,
    reminders,
    reports,
    roles,
    rosters,
    time_zone,
)
from core.services.policies import Switch
from core.services.profile_editing import Change, EditedField
from core.services.profiles import Draft
from core.services.progress import Cohort, Which
from tests.support.rich_account import (
    ADMINISTRATOR,
    MANAGER,
    OLIVIA,
    OWNER,
    RECRUITER,
    SENDING,
    a_form,
    token_of,
)
from tests.support.rosters import let_only_expected
from tests.support.scene import NOW, Scene


def what_names_several(scene: Scene) -> None:
    for path in ("Support / EMEA", "Operations / EMEA", " / ".join(("Sales", *"ABCDEFGHI"))):
        scene.do(departments.add, OWNER, path, NOW)
    for path in ("EMEA", "emea / nordics", "Nordics", " / ".join(("Sales", *"ABCDEFGHIJ"))):
        scene.show(departments.add, OWNER, path, NOW)
        scene.show(departments.rename, OWNER, path, "Elsewhere", NOW)
        scene.show(profiles.create, OWNER, Draft(name="W", department=path, window="now - +1 day", limit="1"), NOW)
    scene.show(departments.move, OWNER, "Operations", " / ".join(("Sales", *"ABCDEFGHI")), NOW)


def what_is_read_only(scene: Scene) -> None:
    nordic = scene.profile("Nordic")
    scene.do(roles.assign, OWNER, MANAGER, "department administrator", ("Sales / EMEA / Nordics",), NOW)
    moved = Change(field=EditedField.DEPARTMENT, value="Sales / APAC")
    scene.do(profile_editing.edit, OWNER, nordic, moved, NOW)
    autumn = scene.profile("Autumn, sales")
    for number in (nordic, autumn):
        scene.show(profiles.card, MANAGER, number, NOW)
        scene.show(profile_editing.pause, MANAGER, number, NOW, paused=True)
        scene.show(rosters.show, MANAGER, RosterOf(profile_id=number))
        scene.show(progress.overview, MANAGER, Cohort(profile_id=number), NOW)
    scene.show(profile_lists.listing, MANAGER, "", 0, NOW)
    scene.show(reports.sign_ups, MANAGER, "month", NOW)
    scene.show(courses.catalogue, MANAGER)


def what_is_taken(scene: Scene) -> None:
    scene.do(policies.limit_seats, OWNER, "16", NOW)
    scene.show(people.activate, OWNER, scene.person("Elena"), NOW)
    scene.show(invitations.invite, OWNER, "administrator", (), NOW)
    scene.show(redemption.redeem, token_of(scene, "Unused"), a_form(scene, "Nora"), NOW)
    scene.do(let_only_expected, OWNER, RosterOf(profile_id=scene.profile("Autumn, sales")), NOW)
    for name in ("Nora", "Mira"):
        scene.show(redemption.redeem, token_of(scene, "Autumn, sales"), a_form(scene, name), NOW)
    while (mine := scene.do(digest_cards.listing, OWNER)).may_add:
        scene.do(digest_editing.add, OWNER, None, OLIVIA, NOW, newest=mine.newest)
    scene.show(digest_editing.add, OWNER, None, OLIVIA, NOW, newest=mine.newest)
    scene.show(digest_cards.listing, OWNER)


def who_acts(scene: Scene) -> None:
    for actor in (ADMINISTRATOR, RECRUITER):
        scene.show(people.deactivate, actor, actor, NOW)
        scene.show(people.delete, actor, actor, NOW)
        scene.show(roles.assign, actor, actor, "learner", (), NOW)
        scene.show(roles.assign, actor, MANAGER, "administrator", (), NOW)
        scene.show(people.deactivate, actor, MANAGER, NOW)
    scene.show(people.deactivate, RECRUITER, scene.person("Gita"), NOW)
    scene.do(people.transfer, OWNER, MANAGER, "Support", NOW)
    scene.show(people.deactivate, RECRUITER, MANAGER, NOW)
    scene.show(people.transfer, RECRUITER, MANAGER, "Support / Night, late", NOW)


def nobody_is_left(scene: Scene) -> None:
    number = scene.profile("Autumn, sales")
    of = RosterOf(profile_id=number)
    seen = scene.do(reminders.preview_missing, OWNER, of, number, NOW, 100).seen
    scene.show(reminders.remind_missing, OWNER, of, number, NOW, SENDING, seen=seen)
    unused = Cohort(profile_id=scene.profile("Unused"))
    seen = scene.do(reminders.preview_behind, OWNER, unused, Which.OVERDUE, NOW, 100).seen
    scene.show(reminders.remind_behind, OWNER, unused, Which.OVERDUE, NOW, SENDING, seen=seen)
    again = scene.do(link_mails.show, OWNER, scene.profile("Unused"), NOW).seen
    scene.show(link_resending.resend, OWNER, scene.profile("Unused"), NOW, SENDING, seen=again)


def clocks_that_change(scene: Scene) -> None:
    number = scene.profile("Not yet")
    scene.do(time_zone.change, OWNER, "Europe/Riga", time_zone.Keep.WALL_CLOCK, NOW)
    for text in ("28.3.2027 3:30", "31.10.2027 3:30", "31.10.2027 4:30"):
        scene.show(profile_editing.edit, OWNER, number, Change(field=EditedField.END, value=text), NOW)
        scene.show(profile_editing.preview, OWNER, number, Change(field=EditedField.END, value=text), NOW)
    for period in ("28.3.2027", "1.12.2026 - 5.12.2026", "31.2."):
        scene.show(reports.sign_ups, OWNER, period, NOW)
    scene.do(policies.switch, OWNER, Switch.APPROVAL, NOW, on=True)
    scene.show(digest_editing.reschedule, OWNER, 1, parse_cadence("daily 3:30"), scene.later(days=124))
