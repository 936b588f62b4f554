"""Answers to what can't be done with a department: what is wrong, and what would be correct."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from bot.wording import labels
from bot.wording.phrases import Words, suggestions
from bot.wording.text import command, lines
from core import errors
from core.domain.access import Role

MOST = 8  # departments that are suggested


def _unknown_department(words: Words, refused: errors.DepartmentNotFound) -> Markup:
    unknown = words.say("I don't know the department “{path}”.", path=refused.path)
    if refused.addable and not refused.nearest:
        line = command(f"/adddepartment {refused.path}")
        return lines(unknown, words.say("/departments shows the tree, {line} adds it.", line=line))
    return lines(
        unknown,
        suggestions(words, refused.nearest) or words.say("/departments shows the ones that you can choose."),
        _addable(words, refused.below) if refused.below else None,
    )


def _addable(words: Words, below: Sequence[str]) -> Markup:
    return words.say(
        "You can add departments below {departments}.", departments=labels.several(words, below, labels.SEMICOLON)
    )


def _incomplete(words: Words, refused: errors.PathIncomplete) -> Markup:
    written = words.say("Write a department with those above it, like {path}.", path=command("Sales / EMEA"))
    shown = words.say("/departments shows the ones that you can choose.")
    if not refused.path:
        return lines(words.say("Name a department."), written, shown)
    return lines(words.say("“{path}” isn't a department: a name is missing.", path=refused.path), written, shown)


def _has_users(words: Words, refused: errors.DepartmentHasUsers) -> Markup:
    return lines(
        words.say("{path} can't be deleted: there are people in it or below it.", path=refused.path),
        words.say("{here} in it, {below} below it. Transfer them first.", here=refused.here, below=refused.below),
        words.count(
            "{number} of them is waiting for approval: /waiting",
            "{number} of them are waiting for approval: /waiting",
            refused.waiting,
        )
        if refused.waiting
        else None,
    )


def _managed(words: Words, refused: errors.DepartmentManaged) -> Markup:
    return words.say(
        "{path} can't be deleted: it is managed by {names}.",
        path=refused.path,
        names=labels.several(words, refused.managers),
    )


def _departments_needed(words: Words, refused: errors.DepartmentsNeeded) -> Markup:
    if refused.role in (Role.ADMINISTRATOR, Role.LEARNER):
        return words.say("“{role}” is not limited to departments: don't name any.", role=refused.role)
    return lines(
        words.say("“{role}” is limited to departments: name one or several after the role.", role=refused.role),
        command(f"/invite {refused.role} | Sales / EMEA; Support"),
        command(f"/assign anna@example.com | {refused.role} | Sales / EMEA; Support"),
    )


DEPARTMENTS: Mapping[type[errors.Refusal], Callable[[Words, Any], Markup]] = {
    errors.DepartmentExists: lambda words, refused: words.say("{path} already exists.", path=refused.path),
    errors.DepartmentNotFound: _unknown_department,
    errors.DepartmentAmbiguous: lambda words, refused: lines(
        words.say("There are several departments “{path}”.", path=refused.path),
        suggestions(words, refused.nearest[:MOST]),
    ),
    errors.DepartmentNotNamed: lambda words, _: _incomplete(words, errors.PathIncomplete("")),
    errors.PathTooDeep: lambda words, refused: words.count(
        "A department's path has at most {number} name.",
        "A department's path has at most {number} names.",
        refused.deepest,
    ),
    errors.PathIncomplete: _incomplete,
    errors.DepartmentGone: lambda words, _: words.say(
        "This department no longer exists. /departments shows the others."
    ),
    errors.RootDepartment: lambda words, _: words.say(
        "The top of the tree can't be changed. Choose a department below it."
    ),
    errors.DepartmentHasUsers: _has_users,
    errors.DepartmentManaged: _managed,
    errors.DepartmentsNeeded: _departments_needed,
}
