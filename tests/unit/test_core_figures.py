"""The figures and the words of rules and use cases, each in its place, as somebody has read and approved them.

How long a link is valid, how many forms an hour are allowed, which words mean "no limit": whoever changes one of these
sees in a text what else is promised. They are read from the modules, so that none is missing (`make approve`).
"""

import ast
import inspect
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum, EnumType
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import pytest

from core import domain, services
from core.domain.limits import Pause, Rate
from tests.support.approved import Approve
from tests.support.written import INDENT, in_a_line, written

PACKAGES = {"rules": domain, "use_cases": services}
FIGURES = (str, bytes, int, float, timedelta, datetime, date, time, Enum, Rate, Pause)


@pytest.mark.parametrize("name", PACKAGES)
def test_figures_and_words_are_as_approved(name: str, approve: Approve) -> None:
    approve(f"figures/{name}", "".join(line + "\n" for line in _lines(PACKAGES[name])))


def test_no_text_is_left_over(approve_no_others: Callable[[str, Collection[str]], None]) -> None:
    approve_no_others("figures", [f"figures/{name}" for name in PACKAGES])


def _lines(package: ModuleType) -> Iterator[str]:
    for found in iter_modules(package.__path__):
        module = import_module(f"{package.__name__}.{found.name}")
        figures = [(name, value) for name in _assigned(module) if _is_figure(value := _plain(getattr(module, name)))]
        if figures:
            yield f"# {found.name}"
            for name, value in figures:
                first, *others = written(value).splitlines()
                yield f"{INDENT}{name} = {first}"
                yield from (f"{INDENT}{line}" for line in others)


def _assigned(module: ModuleType) -> Iterator[str]:
    """Give the names of a module's constants and enumerations, in their order."""
    for statement in ast.parse(inspect.getsource(module)).body:
        if isinstance(statement, ast.ClassDef) and isinstance(getattr(module, statement.name), EnumType):
            yield statement.name
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets = [statement.target]
        yield from (each.id for each in targets if isinstance(each, ast.Name) and each.id.isupper())


def _plain(value: object) -> object:
    """Return a pattern as it is written, and a collection in an order that is always the same."""
    match value:
        case EnumType():
            members: Mapping[str, Enum] = value.__members__
            return {name: member.value for name, member in members.items()}
        case re.Pattern():
            return value.pattern
        case frozenset():
            return sorted(value, key=in_a_line)
        case Mapping():
            return {key: _plain(part) for key, part in value.items()}
        case tuple():
            return [_plain(part) for part in value]
    return value


def _is_figure(value: object) -> bool:
    match value:
        case Mapping():
            return all(map(_is_figure, (*value, *value.values())))
        case list() | tuple() | frozenset():
            return all(map(_is_figure, value))
    return value is None or isinstance(value, FIGURES)
