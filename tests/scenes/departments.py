from core.services import (
    department_lists,
    department_picker,
    department_removal,
    department_tree,
    departments,
    person_drafts,
)
from tests.support.rich_account import MANAGER, NOBODY, OWNER, RECRUITER
from tests.support.scene import NOW, Scene


def the_tree(scene: Scene) -> None:
    for actor in (OWNER, MANAGER, RECRUITER):
        scene.show(departments.tree, actor)
        scene.show(department_tree.top, actor, 0, 2)
    scene.show(department_tree.top, OWNER, 1, 2)
    scene.show(department_tree.top, OWNER, 9, 2)
    for path in ("Sales", "Sales / EMEA / Nordics", "Support / Night, late"):
        scene.show(department_tree.show, OWNER, scene.department(path), 0, 9)
        scene.show(department_tree.path, OWNER, scene.department(path))
    scene.show(department_tree.show, OWNER, scene.department("Sales"), 1, 1)
    scene.show(department_tree.show, MANAGER, scene.department("Support"), 0, 9)
    scene.show(department_tree.path, MANAGER, NOBODY)
    for text in ("emea", "Nowhere"):
        scene.show(department_tree.find, OWNER, text)
    scene.show(department_tree.find, RECRUITER, "Sales")


def adding(scene: Scene) -> None:
    for path in (
        "Sales /  EMEA / Baltics",
        "sales / emea",
        "Legal",
        "",
        " / ",
        "Sales // EMEA",
        " / ".join("ABCDEFGHIJK"),
        "N" * 101,
    ):
        scene.show(departments.add, OWNER, path, NOW)
    scene.show(departments.add, MANAGER, "Sales / Baltics", NOW)
    scene.show(departments.add, RECRUITER, "Support / Day", NOW)


def renaming(scene: Scene) -> None:
    scene.show(departments.rename, OWNER, "sales / emea", "Europe, Africa", NOW)
    scene.show(departments.rename, OWNER, "Sales / EMEA", "APAC", NOW)
    scene.show(departments.rename, OWNER, "Sales / EMEA", "EMEA", NOW)
    scene.show(departments.rename, OWNER, "Sales / EMEA", "", NOW)
    scene.show(departments.rename, OWNER, "Sales / EMEA", "A / B", NOW)
    scene.show(departments.rename, OWNER, "Sales / EMAE", "Europe", NOW)
    scene.show(departments.rename, OWNER, "EMEA", "Europe", NOW)
    scene.show(departments.rename, MANAGER, "Support", "Help", NOW)


def moving(scene: Scene) -> None:
    for department, below in (
        ("Sales / EMEA", "Support"),
        ("Sales / EMEA", ""),
        ("Sales / EMEA", "Sales"),
        ("Sales", "Sales / EMEA"),
        ("Sales", "Sales"),
        ("Sales", "Nowhere"),
        ("Nowhere", "Sales"),
    ):
        scene.show(departments.preview_move, OWNER, department, below)
        scene.show(departments.move, OWNER, department, below, NOW)
    scene.do(departments.add, OWNER, "Support / EMEA", NOW)
    scene.show(departments.move, OWNER, "Sales / EMEA", "Support", NOW)
    scene.show(departments.move, OWNER, "Sales / EMEA", "Operations", NOW, seen="old")


def removing(scene: Scene) -> None:
    for path in ("Empty", "Operations", "Sales", "Support / Night, late", "Sales / EMEA / Nordics", "Nowhere"):
        scene.show(department_removal.preview, OWNER, path, NOW)
        scene.show(department_removal.remove, OWNER, path, NOW)
    scene.show(department_removal.remove, OWNER, "Empty", NOW, seen="old")
    scene.show(department_removal.remove, MANAGER, "Empty", NOW)


def listing_new_ones(scene: Scene) -> None:
    scene.show(department_lists.languages, OWNER, "de")
    given = ("Legal", "Legal / Contracts", "Sales / EMEA", "legal", "Sales / EMEA / Baltics, all")
    scene.show(department_lists.propose, OWNER, given, None, NOW)
    scene.show(department_lists.propose, OWNER, ("North", "South", "North / Hut"), scene.department("Sales"), NOW)
    scene.show(department_lists.propose, OWNER, ("Sales",), None, NOW)
    scene.show(department_lists.propose, OWNER, ("Good", "Bad / " + "x" * 101), None, NOW)
    scene.show(department_lists.propose, OWNER, ("North",), NOBODY, NOW)
    scene.show(department_lists.propose, MANAGER, ("North",), scene.department("Support"), NOW)
    question = scene.number(scene.do(department_lists.propose, OWNER, given, None, NOW), "question_id")
    scene.show(department_lists.confirm, OWNER, question, NOW)
    scene.show(department_lists.confirm, MANAGER, question, NOW)
    scene.do(department_lists.confirm, OWNER, question, NOW)
    scene.show(department_lists.confirm, OWNER, question, NOW)
    below = scene.do(department_lists.propose, OWNER, ("North", "EMEA / Hut"), scene.department("Sales"), NOW)
    scene.show(department_lists.confirm, OWNER, scene.number(below, "question_id"), NOW)


def picking(scene: Scene) -> None:
    for actor in (OWNER, MANAGER, RECRUITER):
        scene.show(department_picker.choices, actor, None, 0)
        scene.show(department_picker.usual, actor)
        for words in ("night", "e", "sales / em", "nothing"):
            scene.show(department_picker.find, actor, words)
    scene.show(department_picker.choices, OWNER, scene.department("Sales"), 0)
    scene.show(department_picker.choices, OWNER, scene.department("Sales"), 5)
    scene.show(department_picker.choices, OWNER, NOBODY, 0)
    scene.show(department_picker.take, OWNER, scene.department("Sales / EMEA"))
    scene.show(department_picker.take, MANAGER, scene.department("Support"))
    scene.show(department_picker.add, OWNER, "Support / Day", NOW)
    scene.show(department_picker.add, OWNER, "Support", NOW)
    scene.show(department_picker.add, MANAGER, "Sales / EMEA / Baltics", NOW)


def finding(scene: Scene) -> None:
    for actor in (OWNER, MANAGER, RECRUITER):
        for path in (
            "Sales",
            "EMEA",
            "sales / emea",
            "Nowhere",
            "Sales / Nowhere",
            "Support / Nowhere",
            "Nordics",
            "Sles",
        ):
            scene.show(person_drafts.find_department, actor, path)
