"""The labels of the chat's buttons, as its code arranges them in rows."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache

from tests.support.catalogues import ROOT

BUTTONS = frozenset({"tap", "copy", "share", "sharing", "button"})
SENTENCES = {"say": 1, "count": 2}  # and how many of their arguments are sentences
A_PAIR = 2  # buttons in a row that the code joins from several lists

Labels = frozenset[str]


@cache
def arranged() -> Mapping[str, int]:
    """Each label, or the forms of a counted one, with the most buttons of a row that it is in."""
    found: dict[str, int] = defaultdict(int)
    for file in sorted((ROOT / "bot").rglob("*.py")):
        if "sandbox" not in file.parts:
            for label, size in _Module(ast.parse(file.read_text(encoding="utf-8"))).rows():
                found[label] = max(found[label], size)
    return found


class _Module:
    """A module's functions, those that return one button among them."""

    def __init__(self, tree: ast.Module) -> None:
        defined = (ast.FunctionDef, ast.AsyncFunctionDef)
        self._functions = [node for node in ast.walk(tree) if isinstance(node, defined)]
        self._returned: dict[str, Labels] = {}
        for function in self._functions:
            if function.returns is not None and ast.unparse(function.returns) == "InlineKeyboardButton":
                self._returned[function.name] = _Function(function, {}).labels(function)

    def rows(self) -> Iterator[tuple[str, int]]:
        """Return each label with the number of buttons side by side, as often as it is found."""
        for function in self._functions:
            known = _Function(function, self._returned)
            yield from ((label, 1) for label in known.labels(function))
            for node in ast.walk(function):
                yield from known.row(node)


class _Function:
    """A function's buttons, and the names of its sentences and buttons."""

    def __init__(self, function: ast.AST, returned: Mapping[str, Labels]) -> None:
        self._returned = returned
        self._said = {name: _sentences(value) for name, value in _assigned(function)}
        self._buttons: dict[str, Labels] = {}
        self._buttons = {name: self.labels(value) for name, value in _assigned(function)}

    def row(self, node: ast.AST) -> Iterator[tuple[str, int]]:
        """Return the labels side by side: of a list's elements, of joined lists, of a page's two buttons."""
        match node:
            case ast.List(elts=elements):
                yield from ((label, len(elements)) for element in elements for label in self.labels(element))
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                yield from ((label, A_PAIR) for side in (left, right) for label in self.labels(side))
            case ast.Call(func=ast.Name(id="beside"), keywords=keywords):
                yield from ((label, A_PAIR) for keyword in keywords for label in self._label(keyword.value))

    def labels(self, node: ast.AST) -> Labels:
        """Return the labels of the buttons in a part of the function, and of those that its names stand for."""
        return frozenset(label for each in ast.walk(node) for label in self._of(each))

    def _of(self, node: ast.AST) -> Labels:
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[label, *_]) if name in BUTTONS:
                return self._label(label)
            case ast.Call(func=ast.Name(id=name)):
                return self._returned.get(name, frozenset())
            case ast.Name(id=name):
                return self._buttons.get(name, frozenset())
        return frozenset()

    def _label(self, value: ast.expr) -> Labels:
        match value:
            case ast.Constant(value=str(text)):
                return frozenset({text})
            case ast.Name(id=name):
                return self._said.get(name, frozenset())
        return _sentences(value)


def _assigned(function: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(function):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=values)):
                pairs = zip(targets, values, strict=True)
                yield from ((target.id, value) for target, value in pairs if isinstance(target, ast.Name))


def _sentences(value: ast.expr) -> Labels:
    """Return the sentence that is said, or the forms of a counted one."""
    match value:
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=said) if name in SENTENCES:
            forms = said[: SENTENCES[name]]
            return frozenset(
                form.value for form in forms if isinstance(form, ast.Constant) and isinstance(form.value, str)
            )
    return frozenset()
