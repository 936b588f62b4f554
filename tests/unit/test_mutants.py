"""The changes that mutation tests make."""

import ast
import gc
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from benchmarks.mutants.change import change, changed
from benchmarks.mutants.importers import importers
from benchmarks.mutants.mutations import mutants
from benchmarks.mutants.rest import Rest

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


LONG = """LIMIT = 3


def late(days):
    return is_late(
        days,
        LIMIT,
    )


def after():
    return 1
"""


def test_what_follows_a_change_stays_on_its_line_and_is_the_same_code(tmp_path: Path) -> None:
    file = tmp_path / "rule.py"
    file.write_text(LONG)
    found = mutants(file)
    places = [{each.lineno for each in ast.parse(mutant.source()).body} for mutant in found]
    assert places == [{1, 4, 11}] * len(found)
    codes = {name for mutant in found if mutant.new != "2" for name, _ in changed(mutant) or {}}
    assert codes == {"late"}


def test_what_makes_no_difference_is_not_changed(tmp_path: Path) -> None:
    file = tmp_path / "rule.py"
    file.write_text('__all__ = ["late"]\n\n\ndef late(days):\n    return max(days, 3)\n')
    assert {mutant.new for mutant in mutants(file)} == {"4", "(None)"}


def test_only_what_import_has_run_is_outside_of_functions(tmp_path: Path) -> None:
    file = tmp_path / "rule.py"
    file.write_text(LONG)
    outside = [mutant.new for mutant in mutants(file) if changed(mutant) is None]
    assert outside == ["4"]
    assert [mutant.new for mutant in mutants(file) if not mutant.in_function] == ["4"]


@pytest.mark.deep
def test_a_change_can_be_noticed_by_what_imports_its_file_the_nearest_first() -> None:
    found = [str(path) for path in importers(Path("core/domain/outbox.py"))]
    assert found[0] == "core/domain/outbox.py"
    assert found.index("core/services/outbox.py") < found.index("core/services/retention.py")
    assert "tests/unit/test_core_stored_words.py" in found


HOME, NAMING = "tests/integration/test_core_home.py", "tests/unit/test_core_naming.py"


@pytest.mark.deep
def test_what_is_not_recorded_is_tried_from_the_files_of_tests_that_reach_a_change(tmp_path: Path) -> None:
    file = tmp_path / "rule.py"
    file.write_text("LIMIT = 3\n")
    [mutant] = mutants(file)
    recorded = [f"{HOME}::test_a[sqlite]", f"{HOME}::test_b[sqlite]", f"{NAMING}::test_c"]
    other = [f"{HOME}::test_a[postgresql]", f"{HOME}::test_b[postgresql]", f"{HOME}::test_deep", f"{NAMING}::test_deep"]
    rest = Rest([*recorded, *other], recorded)
    assert rest.tests(mutant, recorded[:1]) == [f"{HOME}::test_deep", f"{HOME}::test_a[postgresql]"]


def test_what_is_not_recorded_is_tried_from_the_files_that_import_a_module_no_test_reaches() -> None:
    [*_, mutant] = mutants(Path("core/services/home.py"))
    deep = [f"{NAMING}::test_deep", f"{HOME}::test_deep"]
    assert Rest(deep, []).tests(mutant, []) == [f"{HOME}::test_deep"]


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
