from core.services import (
    course_drafts,
    dialogues,
    person_drafts,
    profile_drafts,
    profile_edit_drafts,
    questions,
    repetitions,
    searches,
)
from core.services.dialogues import Step
from core.services.questions import About
from tests.support.rich_account import MANAGER, NOBODY, OLIVIA, OWNER
from tests.support.scene import NOW, Scene


def of_a_course(scene: Scene) -> None:
    answers = {"title": "Ropes, knots", "link": "https://learn.example.com/ropes", "days": 7, "description": "All"}
    scene.show(course_drafts.create, OWNER, OLIVIA, 0, NOW)
    turn = scene.do(dialogues.begin, OWNER, OLIVIA, "course", Step(answers=answers), NOW).turn
    scene.show(course_drafts.create, OWNER, OLIVIA, turn, NOW)
    scene.show(course_drafts.create, OWNER, OLIVIA, turn + 1, NOW)
    scene.do(course_drafts.create, OWNER, OLIVIA, turn, NOW)
    scene.show(course_drafts.create, OWNER, OLIVIA, turn, NOW)


def of_a_person(scene: Scene) -> None:
    values = {"first_name": "Nora", "last_name": "New, Jr", "email": "nora@example.com", "custom_2": "Early"}
    for department, changed in (
        (scene.department("Operations"), {}),
        (scene.department("Sales / EMEA"), {"phone": "+37120000009", "custom_3": "N9"}),
        (scene.department("Operations"), {"custom_2": ""}),
        (scene.department("Operations"), {"email": "anna@example.com"}),
        (None, {}),
        (NOBODY, {}),
    ):
        with scene.apart():
            step = Step(answers={"department": department, "values": values | changed})
            turn = scene.do(dialogues.begin, OWNER, OLIVIA, "person", step, NOW).turn
            scene.show(person_drafts.create, OWNER, OLIVIA, turn, NOW, region=None)


def of_a_profile(scene: Scene) -> None:
    answers = scene.do(profile_drafts.begin, OWNER, NOW).answers | {"department": scene.department("Sales / EMEA")}
    for changed in ({}, {"limit": None}, {"starts": "2026-12-01T00:00:00+00:00"}, {"department": NOBODY}):
        with scene.apart():
            turn = scene.do(dialogues.begin, OWNER, OLIVIA, "profile", Step(answers=answers | changed), NOW).turn
            for enable in (True, False):
                scene.show(profile_drafts.create, OWNER, OLIVIA, turn, "Winter, all", NOW, enable=enable)
            scene.show(profile_drafts.create, OWNER, OLIVIA, turn, "", NOW, enable=False)
            scene.show(profile_drafts.create, OWNER, OLIVIA, turn, "Winter", scene.later(days=60), enable=False)


def of_a_change(scene: Scene) -> None:
    answers = scene.do(profile_edit_drafts.begin, OWNER, scene.profile("Autumn, sales"))
    for changed in (
        {},
        {"name": "Winter, all", "limit": None},
        {"limit": 2},
        {"department": 8},
        {"department": NOBODY},
    ):
        with scene.apart():
            turn = scene.do(dialogues.begin, OWNER, OLIVIA, "edit", Step(answers={**answers, **changed}), NOW).turn
            scene.show(profile_edit_drafts.save, OWNER, OLIVIA, turn, NOW)
            scene.show(profile_edit_drafts.save, OWNER, OLIVIA, turn + 1, NOW)


def dialogues_in_general(scene: Scene) -> None:
    step = Step(answers={"name": "Winter"}, asked={"part": "name"})
    scene.show(dialogues.begin, OWNER, OLIVIA, "profile", step, NOW, message_id=7)
    scene.show(dialogues.current, OWNER, OLIVIA, NOW)
    begun = scene.do(dialogues.begin, OWNER, OLIVIA, "profile", step, NOW, message_id=7)
    scene.show(dialogues.begin, OWNER, OLIVIA, "course", step, scene.later(minutes=1))
    for hours in (0, 1, 12, 23, 24, 25, 48):
        scene.show(dialogues.current, OWNER, OLIVIA, scene.later(hours=hours))
        scene.show(dialogues.sweep, scene.later(hours=hours))
    for turn in (begun.turn, begun.turn + 1):
        for active in (True, False):
            scene.show(dialogues.move, OWNER, OLIVIA, turn, step, NOW, message_id=8, active=active)
    scene.show(dialogues.leave, OWNER, OLIVIA)
    scene.show(dialogues.leave, MANAGER, OLIVIA)


def questions_in_general(scene: Scene) -> None:
    scene.show(questions.ask, OWNER, About.PART, {"of": "a profile"}, NOW)
    asked = scene.do(questions.ask, OWNER, About.PART, {"chat_id": OLIVIA, "update_id": 5}, NOW)
    for user, about in ((OWNER, About.PART), (OWNER, About.TIME), (MANAGER, About.PART)):
        for moment in (NOW, scene.later(hours=1), scene.later(days=1), scene.later(days=2), scene.later(days=60)):
            scene.show(questions.read, user, asked, about, moment)
            scene.show(questions.answer, user, asked, about, moment)
        scene.show(questions.newest, user, about, scene.later(hours=-1))
        scene.show(questions.newest, user, about, scene.later(hours=1))
        scene.show(questions.open_since, user, about, scene.later(hours=-1))
        scene.show(questions.awaited, user, OLIVIA, 6, about, NOW)
    scene.show(questions.awaited, OWNER, OLIVIA, 6, About.PART, scene.later(days=9))
    scene.show(questions.sweep, scene.later(days=60))


def searches_and_repetitions(scene: Scene) -> None:
    scene.show(searches.keep, OWNER, "sales, all", NOW)
    kept = scene.do(searches.keep, OWNER, "sales, all", NOW)
    scene.show(searches.keep, OWNER, "sales, all", scene.later(minutes=1))
    scene.show(searches.words, OWNER, kept)
    scene.show(searches.words, MANAGER, kept)
    scene.show(searches.sweep, scene.later(days=60))
    minute = scene.later(minutes=1) - NOW
    scene.show(repetitions.is_news, OWNER, "a line", NOW, within=minute)
    scene.do(repetitions.is_news, OWNER, "a line", NOW, within=minute)
    for seconds in (1, 59, 60, 61):
        scene.show(repetitions.is_news, OWNER, "a line", scene.later(seconds=seconds), within=minute)
    scene.show(repetitions.sweep, scene.later(days=60))
