"""The changes that mutation tests make."""

import gc
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from benchmarks.mutants.mutations import mutants
from benchmarks.mutants.trial import change

CODE = '''"""A rule."""

from enum import StrEnum

Days = tuple[int, ...]


def late(session, days: int, *, most: int = 3) -> bool:
    """Return whether it is late."""
    if days > most and not paused(days):
        record(session, days, most)
        raise TooLate(days, most)
    return f"{days}" == "ä" or any(each > most for each in session)
'''


def changes(tmp_path: Path) -> set[str]:
    file = tmp_path / "rule.py"
    file.write_text(CODE)
    found = mutants(file)
    for mutant in found:
        compile(mutant.source(), str(file), "exec")
    return {mutant.diff().rpartition("\n+")[2].strip() for mutant in found}


def test_bounds_conditions_arguments_calls_and_constants_are_changed(tmp_path: Path) -> None:
    assert changes(tmp_path) >= {
        "if (days >= most) and not paused(days):",
        "if (days > most or not paused(days)):",
        "if days > most and (paused(days)):",
        "(record(days, session, most))",
        "(record(session, most, days))",
        "record(session, days, (None))",
        "raise (TooLate(most, days))",
        "pass",
        "def late(session, days: int, *, most: int = 4) -> bool:",
        "return (f'{days}' != 'ä') or any(each > most for each in session)",
        "return f\"{days}\" == 'XXäXX' or any(each > most for each in session)",
        'return f"{days}" == "ä" or any(None)',
    }


def test_what_only_people_and_type_checkers_read_stays(tmp_path: Path) -> None:
    found = changes(tmp_path)
    assert not [change for change in found if "XX" in change and "ä" not in change]
    assert not [change for change in found if change.startswith("Days")]


def test_a_function_is_changed_also_when_what_was_imported_is_frozen(tmp_path: Path) -> None:
    file = tmp_path / "limit.py"
    file.write_text("def is_late(days):\n    return days > 3\n")
    spec = spec_from_file_location("limit", file)
    assert spec
    assert spec.loader
    spec.loader.exec_module(module := module_from_spec(spec))
    gc.freeze()
    [mutant] = [each for each in mutants(file) if each.new.strip("()") == "days >= 3"]
    assert change(mutant)
    assert module.is_late(3)
