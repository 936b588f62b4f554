from core.domain.reminder_rules import Place
from core.domain.reminders import Occasion
from core.domain.rosters import RosterOf
from core.services import (
    planned_reminders,
    reminder_letters,
    reminder_rounds,
    reminder_rules,
    reminder_stops,
    reminders,
    reminders_in_vain,
    roster_additions,
)
from core.services.link_mails import Sending
from core.services.progress import Cohort, Which
from tests.support.rich_account import LISTENER, MANAGER, NOBODY, OWNER, RECRUITER, SENDING
from tests.support.rosters import let_only_expected
from tests.support.scene import NOW, Scene


def rules(scene: Scene) -> None:
    places = (
        Place(),
        Place(profile_id=scene.profile("Autumn, sales")),
        Place(department_id=scene.department("Support")),
        Place(department_id=scene.department("Support / Night, late")),
        Place(profile_id=scene.profile("Removed")),
        Place(department_id=NOBODY),
    )
    for place in places:
        scene.show(reminder_rules.show, OWNER, place, NOW)
        for occasion in Occasion if place.is_account else (Occasion.OVERDUE, Occasion.NOT_COME):
            scene.show(reminder_rules.change, OWNER, place, occasion, NOW, on=True, days=5)
            scene.show(reminder_rules.inherit, OWNER, place, occasion, NOW)
    for days in (0, 1, 90, 91, None):
        scene.show(reminder_rules.change, OWNER, places[0], Occasion.OVERDUE, NOW, on=None, days=days)
        scene.show(reminder_rules.change, OWNER, places[1], Occasion.NOT_COME, NOW, on=False, days=days)
    scene.show(reminder_rules.show, MANAGER, places[2], NOW)
    scene.show(reminder_rules.show, RECRUITER, places[0], NOW)
    scene.show(reminder_rules.show, RECRUITER, places[2], NOW)
    for path in ("support", "Sales / EMEA", "Nowhere", ""):
        scene.show(reminder_rules.find, OWNER, path)


def who_is_missing(scene: Scene) -> None:
    number = scene.profile("Autumn, sales")
    of = RosterOf(profile_id=number)
    later = scene.later(days=1)
    for moment in (NOW, later):
        for most in (100, 1, None):
            scene.show(reminders.preview_missing, OWNER, of, number, moment, most)
    scene.show(reminders.preview_missing, OWNER, of, number, later, 100, chosen=(2,))
    scene.show(reminders.preview_missing, OWNER, of, scene.profile("Nordic"), later, 100)
    scene.show(reminders.preview_missing, OWNER, of, scene.profile("Removed"), later, 100)
    support = RosterOf(department_id=scene.department("Support"))
    scene.show(reminders.preview_missing, OWNER, support, scene.profile("On hold"), later, 100)
    scene.show(reminders.preview_missing, OWNER, support, scene.profile("Long gone"), later, 100)
    for sending in (SENDING, Sending(most=1, language="es"), Sending(most=None, language="en")):
        seen = scene.do(reminders.preview_missing, OWNER, of, number, later, sending.most).seen
        scene.show(reminders.remind_missing, OWNER, of, number, later, sending, seen=seen)
    scene.show(reminders.remind_missing, OWNER, of, number, later, SENDING, seen="old")
    scene.show(reminders.remind_missing, OWNER, of, number, later, SENDING, seen="", chosen=())


def whom_a_list_refuses(scene: Scene) -> None:
    number = scene.profile("Autumn, sales")
    of = RosterOf(profile_id=number)
    scene.do(let_only_expected, OWNER, RosterOf(department_id=scene.department("Sales")), NOW)
    for chosen in ((2,), (), None):
        scene.show(reminders.preview_missing, OWNER, of, number, NOW, 100, chosen=chosen)
        seen = scene.do(reminders.preview_missing, OWNER, of, number, NOW, 100, chosen=chosen).unlisted.seen
        scene.show(roster_additions.add_missing, OWNER, of, number, NOW, seen=seen, chosen=chosen)
    scene.show(roster_additions.add_missing, OWNER, of, number, NOW, seen="old")
    scene.show(roster_additions.add_missing, RECRUITER, of, number, NOW, seen="old")


def who_is_behind(scene: Scene) -> None:
    cohorts = (
        Cohort(),
        Cohort(profile_id=scene.profile("Autumn, sales")),
        Cohort(department_id=scene.department("Sales")),
        Cohort(course_id=scene.course("Safety first")),
        Cohort(course_id=NOBODY),
    )
    for cohort in cohorts:
        for which in (Which.OVERDUE, Which.NOT_STARTED):
            scene.show(reminders.preview_behind, OWNER, cohort, which, NOW, 100)
            scene.show(reminders.remind_behind, OWNER, cohort, which, NOW, SENDING, seen="old")
    for which, most in ((Which.OVERDUE, 100), (Which.OVERDUE, 1), (Which.NOT_STARTED, 100)):
        seen = scene.do(reminders.preview_behind, OWNER, cohorts[0], which, NOW, most).seen
        sending = Sending(most=most, language="en")
        scene.show(reminders.remind_behind, OWNER, cohorts[0], which, NOW, sending, seen=seen)
    scene.show(reminders.preview_behind, OWNER, cohorts[0], Which.OVERDUE, NOW, 100, chosen=(7,))
    scene.show(reminders.preview_behind, MANAGER, cohorts[0], Which.OVERDUE, NOW, 100)


def planned(scene: Scene) -> None:
    number = scene.profile("Autumn, sales")
    of, evening = RosterOf(profile_id=number), scene.later(hours=8)
    seen = scene.do(reminders.preview_missing, OWNER, of, number, scene.later(days=1, hours=8), 100).seen
    scene.do(reminders.remind_missing, OWNER, of, number, scene.later(days=1, hours=8), SENDING, seen=seen)
    for actor in (OWNER, MANAGER, RECRUITER):
        scene.show(planned_reminders.listing, actor, NOW)
        scene.show(planned_reminders.listing, actor, scene.later(days=1, hours=8))
    for at in (scene.later(days=1, hours=8), scene.later(days=-0.01), evening):
        scene.show(planned_reminders.show, OWNER, OWNER, at, at)
        scene.show(planned_reminders.take_back, OWNER, OWNER, at, at)
        scene.show(planned_reminders.take_back, MANAGER, OWNER, at, at)


def rounds(scene: Scene) -> None:
    for days in (0, 0.5, 1, 2, 3, 4, 7, 14, 30):
        moment = scene.later(days=days)
        scene.show(reminder_rounds.any_due, moment)
        scene.show(reminder_rounds.advance, moment, 100)
    scene.show(reminder_rounds.advance, scene.later(days=3), 1)
    scene.show(reminder_rounds.advance, scene.later(days=3), None)
    for days in (1, 2, 3, 4):
        for _ in range(12):
            scene.do(reminder_rounds.advance, scene.later(days=days, hours=1), 100)
    scene.show(reminder_rounds.advance, scene.later(days=5), 100)
    scene.show(planned_reminders.listing, OWNER, scene.later(days=4))
    scene.show(reminder_rounds.sweep, scene.later(days=400))
    scene.show(reminders.sweep, scene.later(days=400))


def letters(scene: Scene) -> None:
    for number in range(1, 4):
        for moment in (NOW, scene.later(days=1), scene.later(days=60)):
            scene.show(reminder_letters.content, number, moment)
            scene.show(reminder_letters.in_chat, number, moment)
    content = scene.do(reminder_letters.content, 1, scene.later(days=1))
    code = content.stop_code if content else ""
    scene.show(reminder_stops.is_stopped, code)
    scene.show(reminder_stops.stop, code, NOW)
    scene.show(reminder_stops.stop, "guessed", NOW)
    scene.do(reminder_stops.stop, code, NOW)
    scene.show(reminder_stops.is_stopped, code)
    scene.show(reminder_stops.resume, code)
    scene.show(reminder_letters.content, 1, scene.later(days=1))


def in_vain(scene: Scene) -> None:
    number = scene.profile("Autumn, sales")
    of, everybody = RosterOf(profile_id=number), Cohort()
    for days in (1, 2, 3, 4):
        moment = scene.later(days=days, hours=-4)
        if scene.do(reminders.preview_missing, OWNER, of, number, moment, 100).new:
            seen = scene.do(reminders.preview_missing, OWNER, of, number, moment, 100).seen
            scene.do(reminders.remind_missing, OWNER, of, number, moment, SENDING, seen=seen)
        if scene.do(reminders.preview_behind, OWNER, everybody, Which.OVERDUE, moment, 100).new:
            seen = scene.do(reminders.preview_behind, OWNER, everybody, Which.OVERDUE, moment, 100).seen
            scene.do(reminders.remind_behind, OWNER, everybody, Which.OVERDUE, moment, SENDING, seen=seen)
    for days in (2, 3, 4):
        moment = scene.later(days=days)
        for actor in (OWNER, MANAGER, RECRUITER):
            scene.show(reminders_in_vain.listing, actor, moment.toordinal())
        scene.show(reminders_in_vain.tell, moment.date(), moment)
    scene.show(reminders_in_vain.listing, LISTENER, NOW.toordinal())
