"""Columns that stand side by side in a file have different names in every language."""

import ast
from collections.abc import Iterator

import pytest

from bot.service import LOCALES
from core.language import Languages
from tests.support.catalogues import ROOT

LANGUAGES = Languages(LOCALES).all
FEWEST = 3  # sentences in a row that are columns


def columns() -> Iterator[list[str]]:
    """Yield the sentences of each list and tuple of the screens that holds little else."""
    for file in sorted((ROOT / "bot" / "screens").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.List | ast.Tuple):
                said = [sentence for each in node.elts for sentence in _said(each)]
                if len(said) >= FEWEST:
                    yield said


def _said(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Call(
            func=ast.Attribute(attr="say") | ast.Name(id="say"), args=[ast.Constant(value=str(sentence)), *_]
        ):
            yield sentence


def test_the_columns_of_reports_and_digests_are_found() -> None:
    found = [set(each) for each in columns()]
    assert any({"Joined", "Expected", "Came", "Missing"} <= each for each in found)
    assert any({"Profile", "Department", "Places used"} <= each for each in found)


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_two_columns_beside_each_other_have_one_name(code: str) -> None:
    named = [[LANGUAGES[code].gettext(sentence) for sentence in each] for each in columns()]
    assert [each for each in named if len(set(each)) < len(each)] == []
