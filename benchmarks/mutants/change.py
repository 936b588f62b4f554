"""Give functions that have been imported their changed code."""

import gc
from collections.abc import Iterator
from functools import _lru_cache_wrapper
from inspect import CO_OPTIMIZED
from types import CodeType, FunctionType

from benchmarks.mutants.mutations import Mutant

Code = dict[tuple[str, int], CodeType]  # by name and line


def change(mutant: Mutant) -> bool:
    """Change functions; return False if the change is outside of them, where import has run it."""
    codes = changed(mutant)
    if codes is None:
        return False
    path = str(mutant.path.resolve())
    gc.unfreeze()  # what is frozen, as all is that was imported before the tests, isn't listed
    for each in gc.get_objects():
        if isinstance(each, _lru_cache_wrapper):
            each.cache_clear()  # it may hold what the function returned while tests were collected
        elif isinstance(each, FunctionType) and each.__code__.co_filename == path:
            name = each.__code__.co_qualname, each.__code__.co_firstlineno
            each.__code__ = codes.get(name, each.__code__)
    return True


def changed(mutant: Mutant) -> Code | None:
    """Return the new code of the functions that a change concerns; None if it is outside of functions."""
    path = str(mutant.path.resolve())
    old, new = compile(mutant.path.read_bytes(), path, "exec"), compile(mutant.source(), path, "exec")
    before, after = dict(_functions(old)), dict(_functions(new))
    codes = {name: after[name] for name, code in before.items() if code != after[name]}
    if not codes or _outside(old) != _outside(new) or any("<" in name for name, _ in codes):
        return None
    return codes


def _functions(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    """Yield the functions of a module and the methods of its classes, not those within them."""
    for inner in code.co_consts:
        if isinstance(inner, CodeType) and inner.co_flags & CO_OPTIMIZED:
            yield (inner.co_qualname, inner.co_firstlineno), inner
        elif isinstance(inner, CodeType):  # a class
            yield from _functions(inner)


def _outside(code: CodeType) -> list[object]:
    """Return what a module, or a class, does itself when it is imported."""
    inner = [each for each in code.co_consts if isinstance(each, CodeType)]
    consts = [repr(each) for each in code.co_consts if not isinstance(each, CodeType)]
    return [
        code.co_code,
        code.co_names,
        consts,
        *(_outside(each) for each in inner if not each.co_flags & CO_OPTIMIZED),
    ]
