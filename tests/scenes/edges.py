"""What happens just before, at and just after a limit, and when something was changed meanwhile."""

from sqlalchemy import select

from core.domain.access_requests import Cure
from core.domain.cadence import parse_cadence
from core.domain.rosters import RosterOf
from core.rosters.people_lists import ListedPerson
from core.services import (
    confirmations,
    courses,
    department_removal,
    digest_cards,
    digest_editing,
    digests,
    enrolling,
    invitations,
    link_mail_lists,
    live_cards,
    ownership,
    password_links,
    pending_sign_ups,
    people,
    policies,
    profile_editing,
    profile_extending,
    profile_removal,
    profiles,
    progress,
    request_answers,
    roles,
    rosters,
    status_pages,
    telegram_connections,
    transfers,
)
from core.services.policies import Switch
from core.services.profile_editing import Change, EditedField
from core.services.progress import Cohort
from core.services.questions import OPEN_FOR
from core.storage.tables import DigestRun
from tests.support.rich_account import (
    ADMINISTRATOR,
    LIAM,
    LISTENER,
    MANAGER,
    OWNER,
    signs_up,
)
from tests.support.scene import NOW, Scene


def the_highest_limit(scene: Scene) -> None:
    number = scene.profile("Autumn, sales")
    for limit in (999_989, 999_990, 999_991, 1_000_000):
        scene.do(profile_editing.edit, OWNER, number, Change(field=EditedField.LIMIT, value=str(limit)), NOW)
        scene.show(profile_extending.add_places, OWNER, number, NOW, limit=limit)


def places_that_are_just_left(scene: Scene) -> None:
    number = scene.profile("Autumn, sales")
    for name in ("Otto", "Paula", "Quentin"):
        scene.show(profiles.card, OWNER, number, NOW)
        signs_up(scene, name, "Autumn, sales", NOW)
        for limit in ("7", "8", "9"):
            scene.show(profile_editing.preview, OWNER, number, Change(field=EditedField.LIMIT, value=limit), NOW)


def a_pace(scene: Scene) -> None:
    nordic = scene.profile("Nordic")
    for field, value in ((EditedField.LIMIT, "9"), (EditedField.END, "+6 weeks")):
        scene.do(profile_editing.edit, OWNER, nordic, Change(field=field, value=value), NOW)
    for place in range(4):
        signs_up(scene, f"Pace{place}", "Nordic", scene.later(hours=place))
    for limit in ("9", "30", "900"):
        with scene.apart():
            scene.do(profile_editing.edit, OWNER, nordic, Change(field=EditedField.LIMIT, value=limit), NOW)
            scene.do(digest_editing.send, OWNER, 1, scene.later(hours=4))
            run = max(scene.session.scalars(select(DigestRun.id)))
            scene.show(digests.summary, OWNER, run, in_detail=True)


def deciding_after_time(scene: Scene) -> None:
    wanda = scene.person("Wanda")
    for seconds in (-1, 0, 1):  # seven days after she came
        moment = scene.later(days=5, seconds=seconds)
        scene.show(pending_sign_ups.approve, OWNER, wanda, moment)
        scene.show(pending_sign_ups.release_expired, moment)
    umesh = scene.person("Umesh")
    for hours in (11, 12, 13, 23.5, 24, 35, 36, 37):
        scene.show(pending_sign_ups.free_unconfirmed, OWNER, umesh, scene.later(hours=hours))
        scene.show(pending_sign_ups.release_expired, scene.later(hours=hours))


def of_a_profile_that_is_deleted(scene: Scene) -> None:
    scene.do(policies.switch, OWNER, Switch.APPROVAL, NOW, on=True)
    signs_up(scene, "Nora", "Unused", NOW)
    scene.do(profile_removal.remove, OWNER, (scene.profile("Unused"),), NOW)
    for minutes in (59, 60, 61, 60 * 24, 60 * 24 + 1):
        scene.show(pending_sign_ups.release_expired, scene.later(minutes=minutes))


def confirmed_and_then_approved(scene: Scene) -> None:
    for switch in (Switch.APPROVAL, Switch.EMAIL_CONFIRMATION):
        scene.do(policies.switch, OWNER, switch, NOW, on=True, can_mail=True)
    nora = signs_up(scene, "Nora", "Autumn, sales", NOW)
    mailed = scene.do(confirmations.mailed, nora, "nora@example.com", NOW)
    assert mailed is not None
    page = scene.do(status_pages.begin, nora, NOW)
    for hours in (1, 47):
        scene.show(confirmations.confirm, mailed.code, scene.later(hours=hours))
        scene.show(confirmations.confirm_by_digits, page, mailed.digits, scene.later(hours=hours))
    scene.do(confirmations.confirm, mailed.code, scene.later(hours=1))
    scene.show(status_pages.find, page, scene.later(hours=1))
    scene.show(pending_sign_ups.approve, OWNER, nora, scene.later(hours=1))


def changed_meanwhile(scene: Scene) -> None:
    anna = scene.person("Anna")
    asked = scene.do(transfers.propose, OWNER, "anna@example.com", "Support", NOW)
    question = scene.number(asked, "question_id")
    with scene.apart():
        scene.do(people.transfer, OWNER, anna, "Sales / APAC", NOW)
        scene.show(transfers.take_courses_back, OWNER, question, NOW)
    with scene.apart():
        scene.do(courses.remove_rule, OWNER, "Sales", "Safety first", NOW)
        scene.show(transfers.take_courses_back, OWNER, question, NOW)
    with scene.apart():
        scene.do(department_removal.remove, OWNER, "Empty", NOW)
        scene.show(transfers.keep_courses, OWNER, question, scene.later() + OPEN_FOR)
    moved = scene.do(transfers.take_courses_back, OWNER, question, NOW)
    undo = scene.number(moved, "undo_id")
    scene.do(enrolling.give, OWNER, anna, scene.course("Lifting, basics"), NOW)
    scene.show(transfers.undo, OWNER, undo, NOW)
    scene.do(people.transfer, OWNER, anna, "Operations", NOW)
    scene.show(transfers.undo, OWNER, undo, NOW)


def undoing_in_time(scene: Scene) -> None:
    unused = scene.profile("Unused")
    scene.do(profile_removal.remove, OWNER, (unused,), NOW)
    for actor in (OWNER, ADMINISTRATOR, MANAGER):
        for seconds in (0, 59, 60, 61, 3600):
            scene.show(profile_removal.undo, actor, (unused,), scene.later(seconds=seconds))
        scene.show(profile_removal.removed, actor, unused)


def links_as_typed(scene: Scene) -> None:
    for link in (
        "<https://learn.example.com/ropes>",
        "https://learn.example.com/ropes.",
        "https://learn.example.com/ropes>,;",
        " https://learn.example.com/a b ",
        "HTTPS://learn.example.com/" + "r" * 2000,
        "https://",
        "https://learn",
        "http://learn.example.com:99999/",
    ):
        scene.show(courses.add, OWNER, "Ropes", link, "", NOW)


def addresses_that_refused(scene: Scene) -> None:
    number = scene.profile("Nordic")
    listed = [ListedPerson(row=2, email="rosa@example.com"), ListedPerson(row=3, email="nils@example.com")]
    for moment in (NOW, scene.later(days=1), scene.later(days=2)):
        scene.show(link_mail_lists.preview, OWNER, number, listed, moment, most=9, language="en")


def new_courses_told_of(scene: Scene) -> None:
    boris = scene.person("Boris")
    scene.do(enrolling.give, OWNER, boris, scene.course("Night work"), NOW)
    for minutes in (0, 1, 2, 5, 10, 60):
        scene.show(telegram_connections.any_new_courses, scene.later(minutes=minutes))
        scene.show(telegram_connections.announce_courses, scene.later(minutes=minutes))


def cards_that_are_true_again(scene: Scene) -> None:
    number = scene.profile("Autumn, sales")
    scene.do(live_cards.sent, 1, 55)
    scene.do(live_cards.edited, 1, "shows", scene.later(days=-1))
    scene.do(live_cards.shared, OWNER, number, "inline", "shows", "ru", scene.later(days=-1))
    signs_up(scene, "Otto", "Autumn, sales", NOW)
    for minutes in (0, 1, 5, 60):
        scene.show(live_cards.any_due, scene.later(minutes=minutes))
        scene.show(live_cards.claim, scene.later(minutes=minutes))
    scene.do(live_cards.stop, OWNER, 1, NOW)
    scene.show(live_cards.claim, scene.later(minutes=5))
    scene.show(live_cards.in_groups, OWNER, number)


def a_department_that_is_lost(scene: Scene) -> None:
    scene.do(digests.subscribe, LISTENER, parse_cadence("daily 18:00"), LIAM, NOW)
    number = scene.do(digest_cards.listing, LISTENER).newest
    scene.do(digest_editing.choose_department, LISTENER, number, scene.department("Sales / EMEA"))
    scene.do(roles.assign, OWNER, LISTENER, "Listener", ("Support",), NOW)
    scene.show(digests.request, LISTENER, LIAM, NOW)
    scene.show(digest_editing.send, LISTENER, number, NOW)
    for days in (1, 2):
        scene.show(digests.queue_due, scene.later(days=days))


def owner_without_a_right(scene: Scene) -> None:
    code = scene.do(ownership.replacement_code, "secret", NOW)
    for typed in (code, f"{code}é", "\ud800", ""):
        scene.show(ownership.is_open, "secret", typed, NOW)


def without_an_address(scene: Scene) -> None:
    for user in (MANAGER, scene.person("Anna"), scene.person("Lena")):
        scene.show(password_links.make, OWNER, user, NOW)
        scene.show(invitations.invite_person, OWNER, user, NOW)


def granted_to_the_last(scene: Scene) -> None:
    for number in (1, 2):
        scene.do(request_answers.grant, OWNER, number, Cure.PLACE, NOW)
        scene.show(profiles.card, OWNER, scene.profile("Full house"), NOW)
    scene.show(rosters.links, OWNER, RosterOf(profile_id=scene.profile("Full house")), NOW)
    scene.show(progress.overview, OWNER, Cohort(profile_id=scene.profile("Full house")), NOW)
