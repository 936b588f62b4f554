"""Which changes of a source file there are: each is one a reviewer could overlook."""

import ast
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

OTHER: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
UNORDERED = frozenset({"max", "min"})


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One change: the bytes from `start` to `end` of a file are replaced by `new`."""

    path: Path
    lines: range  # of the changed node
    around: range  # of the function or class that it is in, else of the statement
    in_function: bool
    start: int
    end: int
    new: str

    def source(self) -> str:
        """Return the changed file; what follows stays on its line, so that it is the same code as before."""
        old = self.path.read_bytes()
        lost = old.count(b"\n", self.start, self.end) - self.new.count("\n")
        new = f"{self.new[:-1]}{lost * chr(10)})" if self.new.endswith(")") else self.new + lost * "\n"
        return (old[: self.start] + new.encode() + old[self.end :]).decode()

    def diff(self) -> str:
        """Return the change, as a diff without context."""
        old, new = self.path.read_text().splitlines(), self.source().splitlines()
        changed = list(unified_diff(old, new, n=0, lineterm=""))[3:]
        return "\n".join([f"{self.path}:{self.lines.start}", *changed])


def mutants(path: Path) -> list[Mutant]:
    """Return every change of a file, in the order of the file."""
    source = path.read_bytes()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return [
        Mutant(
            path=path,
            lines=_lines(node),
            around=_lines(around),
            in_function=isinstance(around, ast.FunctionDef),
            start=starts[node.lineno - 1] + node.col_offset,
            end=starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0),
            new=new,
        )
        for node, around, new in _walk(ast.parse(source))
    ]


Change = tuple[ast.expr | ast.stmt, ast.expr | ast.stmt, str]


def _walk(tree: ast.Module) -> Iterator[Change]:
    for statement in filter(lambda each: not _is_docstring(each), tree.body):
        yield from _within(statement, statement)


def _within(node: ast.AST, around: ast.expr | ast.stmt) -> Iterator[Change]:
    """Yield changes of a node and of what it holds; those of types, docstrings and decorators change nothing."""
    if isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom) or _is_of_types(node):
        return
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        around = node
    if isinstance(node, ast.expr | ast.stmt):
        yield from ((node, around, new) for new in _changes(node))
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list"} or (name == "body" and isinstance(node, ast.Module)):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_docstring(child):
                yield from _within(child, around)
    yield from _changes_of_arguments(node, around)


def _is_of_types(node: ast.AST) -> bool:
    """Tell `if TYPE_CHECKING`, `__all__`, the making of a type variable, and another name of a type."""
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    if not (isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)):
        return False
    name, value = node.targets[0].id, node.value
    if name == "__all__":
        return True
    is_variable = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "TypeVar"
    return is_variable or (isinstance(value, ast.Subscript | ast.BinOp) and name[0].isupper() and not name.isupper())


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _changes(node: ast.expr | ast.stmt) -> Iterator[str]:
    """Yield what can stand in a node's place."""
    match node:
        case ast.Constant():
            yield from _other_constants(node.value)
        case ast.Compare() if type(node.ops[0]) in OTHER:
            yield _written(node, ops=[OTHER[type(node.ops[0])](), *node.ops[1:]])
        case ast.BoolOp() | ast.BinOp() if type(node.op) in OTHER:
            yield _written(node, op=OTHER[type(node.op)]())
        case ast.AugAssign() if type(node.op) in OTHER:
            yield ast.unparse(_changed(node, op=OTHER[type(node.op)]()))
        case ast.UnaryOp(op=ast.Not()):
            yield f"({ast.unparse(node.operand)})"
        case ast.Expr(value=ast.Call()) | ast.Raise():
            yield "pass"
        case ast.Call():
            yield from _swapped(node)


def _changes_of_arguments(node: ast.AST, around: ast.expr | ast.stmt) -> Iterator[Change]:
    """Yield None for a value that is given, assigned or returned, and the opposite of a condition."""
    values: list[ast.expr | None] = []
    match node:
        case ast.Call():
            values = [*node.args, *(keyword.value for keyword in node.keywords)]
        case ast.Assign() | ast.AnnAssign() | ast.Return():
            values = [node.value]
        case ast.If() | ast.IfExp() | ast.While() if not isinstance(node.test, ast.Compare | ast.UnaryOp):
            yield node.test, around, f"(not ({ast.unparse(node.test)}))"
        case ast.comprehension():
            yield from ((test, around, f"(not ({ast.unparse(test)}))") for test in node.ifs)
    for value in values:
        if value is not None and not isinstance(value, ast.Constant | ast.Starred):
            yield value, around, "(None)"  # a generator that is the only argument has the call's parentheses


def _other_constants(value: object) -> Iterator[str]:
    match value:
        case bool():
            yield str(not value)
        case int() | float():
            yield str(value + 1)
        case str():
            yield repr(f"XX{value}XX")
        case bytes():
            yield repr(b"XX" + value)


def _swapped(call: ast.Call) -> Iterator[str]:
    """Yield a call with two neighbouring arguments changed for one another, if their order means something."""
    if isinstance(call.func, ast.Name) and call.func.id in UNORDERED:
        return
    for place in range(len(call.args) - 1):
        first, second = call.args[place : place + 2]
        if ast.dump(first) != ast.dump(second) and not any(isinstance(one, ast.Starred) for one in (first, second)):
            yield _written(call, args=[*call.args[:place], second, first, *call.args[place + 2 :]])


def _written(node: ast.expr, **fields: object) -> str:
    return f"({ast.unparse(_changed(node, **fields))})"


def _changed(node: ast.AST, **fields: object) -> ast.AST:
    other = copy(node)
    for name, value in fields.items():
        setattr(other, name, value)
    return other


def _lines(node: ast.expr | ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)
