"""Pasted lists of departments, as they come from documents and messages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.department_lists import read_paths

NAMES = st.text("abcя é", min_size=1, max_size=6).map(str.strip).filter(bool)
TREES = st.lists(st.tuples(st.integers(0, 3), NAMES), max_size=12)


@pytest.mark.parametrize(
    "text",
    [
        "Sales\nSales / EMEA\nSales / EMEA / Riga\nSupport",
        "Sales\n  EMEA\n    Riga\nSupport",
        "Sales\n\tEMEA\n\t\tRiga\n\nSupport",
        "• Sales\n   • EMEA\n      • Riga\n• Support",
        "1. Sales\n   - EMEA\n     - Riga\n2. Support",
        "Sales\n├── EMEA\n│   └── Riga\nSupport\n",
        "Sales\n  EMEA / \n    Riga\n Support",
    ],
)
def test_slashes_indentation_bullets_and_drawn_trees_mean_levels(text: str) -> None:
    assert read_paths(text) == ["Sales", "Sales / EMEA", "Sales / EMEA / Riga", "Support"]


def test_a_line_that_stands_less_far_in_belongs_to_the_last_one_that_stands_even_less_far() -> None:
    assert read_paths("A\n        B\n    C\n        D") == ["A", "A / B", "A / C", "A / C / D"]


@given(TREES)
def test_what_was_read_is_read_again_as_the_same(lines: list[tuple[int, str]]) -> None:
    paths = read_paths("\n".join("  " * depth + name for depth, name in lines))
    assert len(paths) == len(lines)
    assert read_paths("\n".join(paths)) == paths
