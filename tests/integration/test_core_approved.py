"""All that use cases answer, refuse, record and queue in the rich account, as somebody has read and approved it.

The scenes are in tests/scenes, the texts in tests/approved. `make approve` writes them anew.
"""

import inspect
import re
from collections.abc import Callable, Collection
from importlib import import_module
from pkgutil import iter_modules

import pytest

from tests import scenes
from tests.integration.test_core_authorisation import use_cases
from tests.support.approved import TEXTS, Approve
from tests.support.scene import Scene

SCENES = {
    f"{module.name}/{name}": function
    for module in iter_modules(scenes.__path__)
    for name, function in inspect.getmembers(import_module(f"{scenes.__name__}.{module.name}"), inspect.isfunction)
    if function.__module__ == f"{scenes.__name__}.{module.name}" and not name.startswith("_")
}

ON_SQLITE_ALONE = {  # on PostgreSQL these texts differ in what nobody sees
    "edges/cards_that_are_true_again",  # in the order in which cards are claimed
    "operation/letters_on_their_way",  # and letters are counted
    "reminding/rules",  # in the number of a row that takes the place of another one
    "rosters/keeping_a_list",
    "rosters/locking_out",
}
ON_EACH_DATABASE = [
    *((name, "sqlite") for name in SCENES),
    *(pytest.param(name, "postgresql", marks=pytest.mark.deep) for name in SCENES if name not in ON_SQLITE_ALONE),
]


@pytest.mark.parametrize(("name", "scene"), ON_EACH_DATABASE, indirect=["scene"])
def test_what_comes_of_it_is_as_approved(name: str, scene: Scene, approve: Approve) -> None:
    SCENES[name](scene)
    approve(name, scene.text)


def test_each_use_case_with_an_acting_user_is_in_a_text() -> None:
    texts = "\n".join(text.read_text(encoding="utf-8") for text in TEXTS.rglob("*.txt"))
    shown = {f"core.services.{name}" for name in re.findall(r"^# (\w+\.\w+)\(", texts, re.MULTILINE)}
    assert set(use_cases()) - shown == set()


def test_no_text_is_left_over(approve_no_others: Callable[[str, Collection[str]], None]) -> None:
    for subject in {name.partition("/")[0] for name in SCENES}:
        approve_no_others(subject, [name for name in SCENES if name.startswith(f"{subject}/")])
