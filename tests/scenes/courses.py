from core.services import (
    course_details,
    course_drafts,
    course_editing,
    courses,
    enrolling,
    rule_application,
    unenrolling,
)
from core.services.course_editing import CourseField
from tests.support.rich_account import LISTENER, MANAGER, NOBODY, OWNER, RECRUITER
from tests.support.scene import NOW, Scene


def catalogue(scene: Scene) -> None:
    for actor in (OWNER, MANAGER):
        scene.show(courses.catalogue, actor)
        scene.show(courses.rules, actor)
    for title in ("Safety first", "Night work", "Old times", "Unused"):
        scene.show(course_details.show, OWNER, scene.course(title), NOW)
    scene.show(course_details.show, MANAGER, scene.course("Safety first"), NOW)
    scene.show(course_details.show, OWNER, NOBODY, NOW)


def adding(scene: Scene) -> None:
    scene.show(
        courses.add, OWNER, " Ropes,  knots ", "https://learn.example.com/ropes", "365", NOW, description=" All "
    )
    scene.show(courses.add, OWNER, "safety  FIRST", "https://learn.example.com/other", "", NOW)
    scene.show(courses.add, OWNER, "Ropes", "ftp://learn.example.com", "", NOW)
    scene.show(courses.add, OWNER, "", "https://learn.example.com/ropes", "", NOW)
    scene.show(courses.add, OWNER, "R" * 201, "https://learn.example.com/ropes", "", NOW)
    scene.show(courses.add, OWNER, "Ropes", "https://learn.example.com/ropes", "", NOW, description="R" * 2001)
    for days in ("0", "1", "3650", "3651", "soon", "-1"):
        scene.show(courses.add, OWNER, "Ropes", "https://learn.example.com/ropes", days, NOW)
    scene.show(courses.add, LISTENER, "Ropes", "https://learn.example.com/ropes", "", NOW)


def drafting(scene: Scene) -> None:
    scene.show(course_drafts.begin, OWNER)
    scene.show(course_drafts.fill, OWNER, CourseField.TITLE, " Ropes ")
    scene.show(course_drafts.fill, OWNER, CourseField.DAYS, "7 days")
    scene.show(course_drafts.fill, OWNER, CourseField.LINK, "learn.example.com")
    scene.show(course_drafts.read, OWNER, "Ropes https://learn.example.com/ropes 7")
    scene.show(course_drafts.read, OWNER, "Ropes")
    scene.show(course_drafts.read_line, OWNER, ("Ropes", "https://learn.example.com/ropes", "7", "All about ropes"))
    scene.show(course_drafts.read_line, OWNER, ("Ropes",))
    scene.show(course_drafts.read_line, OWNER, ("Ropes", "no link", "many"))


def editing(scene: Scene) -> None:
    for field, text in (
        (CourseField.TITLE, "Safety, always"),
        (CourseField.TITLE, "Night Work"),
        (CourseField.TITLE, ""),
        (CourseField.DESCRIPTION, "Hats on"),
        (CourseField.LINK, "https://learn.example.com/hats"),
        (CourseField.LINK, "hats"),
        (CourseField.DAYS, "14"),
        (CourseField.DAYS, "7"),
        (CourseField.DAYS, ""),
        (CourseField.DAYS, "0"),
    ):
        scene.show(course_editing.propose, OWNER, "safety first", field, text, NOW)
    scene.show(course_editing.propose, OWNER, "Safty first", CourseField.DAYS, "7", NOW)
    scene.show(course_editing.propose, OWNER, "Old times", CourseField.DAYS, "7", NOW)
    scene.show(course_editing.propose, OWNER, "Unused", CourseField.DAYS, "7", NOW)
    scene.show(course_editing.propose, MANAGER, "Safety first", CourseField.DAYS, "7", NOW)


def asking_about_an_edit_again(scene: Scene) -> None:
    safety, hats = scene.course("Safety first"), "https://example.com/hats"
    scene.show(course_editing.ask, OWNER, safety, CourseField.LINK, hats, NOW)
    scene.show(course_editing.ask, OWNER, safety, CourseField.TITLE, "Night Work", NOW)
    scene.show(course_editing.ask, OWNER, safety, CourseField.TITLE, "Safety first", NOW)
    scene.show(course_editing.ask, OWNER, safety, CourseField.DAYS, 7, NOW)
    scene.show(course_editing.ask, OWNER, scene.course("Unused"), CourseField.LINK, hats, NOW)
    scene.show(course_editing.ask, OWNER, NOBODY, CourseField.LINK, hats, NOW)
    scene.show(course_editing.ask, MANAGER, safety, CourseField.LINK, hats, NOW)


def confirming_an_edit(scene: Scene) -> None:
    asked = scene.do(course_editing.propose, OWNER, "Safety first", CourseField.LINK, "https://example.com/hats", NOW)
    question = scene.number(asked, "question_id")
    scene.show(course_editing.confirm, OWNER, question, NOW)
    scene.show(course_editing.confirm, MANAGER, question, NOW)
    scene.show(course_editing.confirm, OWNER, NOBODY, NOW)
    edited = scene.do(course_editing.confirm, OWNER, question, NOW)
    scene.show(course_editing.confirm, OWNER, question, NOW)
    undo = scene.number(edited, "undo_id")
    scene.show(course_editing.undo, OWNER, undo, NOW)
    scene.show(course_editing.undo, OWNER, undo, scene.later(days=2))
    scene.do(course_editing.propose, OWNER, "Unused", CourseField.LINK, "https://example.com/other", NOW)
    days = scene.do(course_editing.propose, OWNER, "Safety first", CourseField.DAYS, "7", NOW)
    scene.show(course_editing.undo, OWNER, scene.number(days, "undo_id"), NOW)
    scene.do(course_editing.propose, OWNER, "Safety first", CourseField.DAYS, "8", NOW)
    scene.show(course_editing.undo, OWNER, scene.number(days, "undo_id"), NOW)


def archiving(scene: Scene) -> None:
    safety, old = scene.course("Safety first"), scene.course("Old times")
    for title in ("Safety first", "Night work", "Unused", "Old times", "Nothing"):
        scene.show(course_editing.preview_archiving, OWNER, title, NOW)
    seen = scene.do(course_editing.preview_archiving, OWNER, "Safety first", NOW).seen
    scene.show(course_editing.archive, OWNER, safety, NOW, seen=seen)
    scene.show(course_editing.archive, OWNER, safety, NOW, seen="old")
    scene.show(course_editing.archive, OWNER, old, NOW)
    scene.show(course_editing.archive, OWNER, NOBODY, NOW)
    scene.show(course_editing.restore, OWNER, old, NOW)
    scene.show(course_editing.restore, OWNER, safety, NOW)
    scene.show(course_editing.restore, OWNER, NOBODY, NOW)


def rules(scene: Scene) -> None:
    scene.show(courses.add_rule, OWNER, "sales / apac", "Night work", NOW)
    scene.show(courses.add_rule, OWNER, "Sales", "Safety first", NOW)
    scene.show(courses.add_rule, OWNER, "Sales / EMEA", "Safety first", NOW)
    scene.show(courses.add_rule, OWNER, "Sails", "Safety first", NOW)
    scene.show(courses.add_rule, OWNER, "Sales", "Old times", NOW)
    scene.show(courses.add_rule, OWNER, "Sales", "Lifting", NOW)
    scene.show(courses.remove_rule, OWNER, "Sales", "Safety first", NOW)
    scene.show(courses.remove_rule, OWNER, "Sales / EMEA", "Safety first", NOW)
    scene.show(courses.remove_rule, OWNER, "Operations", "Nothing", NOW)


def applying_a_rule(scene: Scene) -> None:
    for path, title in (
        ("Support", "Night work"),
        ("Sales", "Safety first"),
        ("Operations", "Safety first"),
        ("Sales", "Old times"),
    ):
        scene.show(rule_application.preview, OWNER, path, title)
    scene.do(courses.add_rule, OWNER, "Support", "Lifting, basics", NOW)
    meant = scene.do(rule_application.preview, OWNER, "Support", "Lifting, basics")
    scene.show(rule_application.preview, OWNER, "Support", "Lifting, basics")
    given = (OWNER, meant.department_id, meant.course_id, NOW)
    scene.show(rule_application.apply, *given, seen=meant.seen)
    scene.show(rule_application.apply, *given, seen="old")
    scene.show(rule_application.apply, OWNER, NOBODY, meant.course_id, NOW)
    scene.show(rule_application.apply, OWNER, meant.department_id, NOBODY, NOW)
    scene.show(rule_application.apply, OWNER, scene.department("Operations"), meant.course_id, NOW)
    undo = scene.do(rule_application.apply, *given).undo_id
    scene.show(rule_application.apply, *given)
    scene.show(rule_application.undo, OWNER, undo, NOW)
    scene.show(rule_application.undo, MANAGER, undo, NOW)
    scene.show(rule_application.undo, OWNER, undo, scene.later(days=2))


def enrolling_people(scene: Scene) -> None:
    safety, night = scene.course("Safety first"), scene.course("Night work")
    for who, title in (
        ("anna@example.com, gita@example.com", "Night work"),
        ("anna@example.com, lena@example.com, anna@example.com", "Safety first"),
        ("anna@example.com", "Safety first"),
        ("Farid", "Unused"),
        ("nobody@example.com", "Unused"),
        ("anna@example.com, nobody@example.com", "Unused"),
        ("Learner", "Unused"),
        ("wanda@example.com", "Unused"),
        ("anna@example.com", "Old times"),
        ("anna@example.com", "Usused"),
    ):
        scene.show(enrolling.propose, OWNER, who, title, NOW)
    asked = scene.do(enrolling.propose, OWNER, "anna@example.com, boris@example.com", "Night work", NOW)
    question = scene.number(asked, "question_id")
    scene.show(enrolling.confirm, OWNER, question, NOW)
    scene.show(enrolling.confirm, MANAGER, question, NOW)
    scene.show(enrolling.confirm, OWNER, question, scene.later(days=9))
    done = scene.do(enrolling.confirm, OWNER, question, NOW)
    scene.show(enrolling.undo, OWNER, scene.number(done, "undo_id"), NOW)
    scene.show(enrolling.undo, OWNER, scene.number(done, "undo_id"), scene.later(days=2))
    scene.show(enrolling.undo, OWNER, NOBODY, NOW)
    scene.show(enrolling.give, OWNER, scene.person("Farid"), safety, NOW)
    scene.show(enrolling.give, OWNER, scene.person("Gita"), night, NOW)
    scene.show(enrolling.give, OWNER, NOBODY, night, NOW)
    scene.show(enrolling.propose, OWNER, "anna@example.com, boris@example.com", "Safety first", NOW)
    scene.show(enrolling.give, OWNER, scene.person("Farid"), NOBODY, NOW)
    scene.show(enrolling.give, RECRUITER, scene.person("Farid"), safety, NOW)


def asking_about_enrolments_again(scene: Scene) -> None:
    anna, boris, lena = (scene.person(name) for name in ("Anna", "Boris", "Lena"))
    safety, night, old = (scene.course(title) for title in ("Safety first", "Night work", "Old times"))
    for ask, titles in ((enrolling.ask, (safety, night, old, NOBODY)), (unenrolling.ask, (safety, night, NOBODY))):
        for title in titles:
            scene.show(ask, OWNER, (anna, boris, lena), title, NOW)
        scene.show(ask, OWNER, (lena,), safety, NOW)
        scene.show(ask, OWNER, (NOBODY,), safety, NOW)
        scene.show(ask, RECRUITER, (anna, boris), safety, NOW)


def unenrolling_people(scene: Scene) -> None:
    safety, night = scene.course("Safety first"), scene.course("Night work")
    for who, title in (
        ("anna@example.com, boris@example.com, lena@example.com", "Safety first"),
        ("hari@example.com", "Safety first"),
        ("gita@example.com", "Night work"),
        ("lena@example.com", "Safety first"),
        ("anna@example.com", "Nothing"),
    ):
        scene.show(unenrolling.propose, OWNER, who, title, NOW)
    scene.show(unenrolling.propose_one, OWNER, scene.person("Farid"), night, NOW)
    scene.show(unenrolling.propose_one, OWNER, scene.person("Boris"), safety, NOW)
    scene.show(unenrolling.propose_one, OWNER, scene.person("Lena"), safety, NOW)
    scene.show(unenrolling.propose_one, OWNER, scene.person("Lena"), NOBODY, NOW)
    asked = scene.do(unenrolling.propose, OWNER, "anna@example.com, boris@example.com", "Safety first", NOW)
    question = scene.number(asked, "question_id")
    scene.show(unenrolling.confirm, OWNER, question, NOW)
    scene.show(unenrolling.confirm, OWNER, NOBODY, NOW)
    done = scene.do(unenrolling.confirm, OWNER, question, NOW)
    scene.show(unenrolling.undo, OWNER, scene.number(done, "undo_id"), NOW)
    scene.show(unenrolling.undo, OWNER, scene.number(done, "undo_id"), scene.later(days=2))


def learning(scene: Scene) -> None:
    safety, night = scene.course("Safety first"), scene.course("Night work")
    for name in ("Anna", "Boris", "Farid", "Hari", "Lena"):
        scene.show(courses.mine, scene.person(name), NOW)
    scene.show(courses.mine, scene.person("Farid"), scene.later(days=30))
    scene.show(courses.begin, scene.person("Farid"), night, NOW)
    scene.show(courses.begin, scene.person("Anna"), safety, NOW)
    scene.show(courses.begin, scene.person("Anna"), night, NOW)
    scene.show(courses.link, scene.person("Anna"), safety)
    scene.show(courses.link, scene.person("Anna"), night)
    scene.show(courses.forget_enrolments, scene.person("Anna"))
