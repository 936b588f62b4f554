"""The audit of dependencies: fails for what is known to be vulnerable, and for nothing else."""

import importlib.util
import sys
from datetime import date, timedelta
from types import ModuleType
from typing import Any

import pytest

from tests.unit.test_docs import ROOT

TODAY = date(2026, 11, 28)
CLEAN = {"name": "aiohttp", "version": "3.14.5", "vulns": []}
SKIPPED = {"name": "alembic", "skip_reason": "Dependency not found on PyPI and could not be audited"}
VULNERABLE = {
    "name": "jinja2",
    "version": "3.0.0",
    "vulns": [{"id": "PYSEC-2024-1", "aliases": ["CVE-2024-22195"], "fix_versions": ["3.1.3"]}],
}
ACCEPTED = '[[accepted]]\nid = "CVE-2024-22195"\nuntil = 2026-11-28\nreason = "Not reachable."'


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    """`.ci/audit.py`, which is in no package."""
    spec = importlib.util.spec_from_file_location("ci_audit", ROOT / ".ci" / "audit.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def report(audit: ModuleType, *packages: dict[str, Any]) -> Any:  # noqa: ANN401 - of a module without a name
    return audit.read_report({"dependencies": packages})


def test_a_known_vulnerability_fails_the_build_with_what_to_do(audit: ModuleType) -> None:
    lines, may_go_on = audit.summary([report(audit, CLEAN, VULNERABLE)], frozenset())
    assert not may_go_on
    assert lines == [
        "jinja2 3.0.0: PYSEC-2024-1, CVE-2024-22195; fixed in 3.1.3",
        "Audit of dependencies: 2 looked up, 1 vulnerable",
    ]


def test_one_is_accepted_by_any_of_its_names_until_its_day(audit: ModuleType) -> None:
    for day, may_go_on in ((TODAY, True), (TODAY + timedelta(days=1), False)):
        allowed = audit.accepted(ACCEPTED, day)
        assert audit.summary([report(audit, VULNERABLE)], allowed)[1] is may_go_on


@pytest.mark.parametrize("missing", ["until", "reason"])
def test_one_without_a_reason_or_an_end_is_no_acceptance(audit: ModuleType, missing: str) -> None:
    text = "\n".join(line for line in ACCEPTED.splitlines() if not line.startswith(missing))
    with pytest.raises(KeyError, match=missing):
        audit.accepted(text, TODAY)


def test_the_file_of_acceptances_can_be_read(audit: ModuleType) -> None:
    assert audit.accepted(audit.ACCEPTED.read_text(), TODAY) is not None


@pytest.mark.parametrize("reports", [[], [None], [None, "skipped"], ["skipped", None]])
def test_without_data_it_says_that_it_was_left_out_and_the_build_goes_on(
    audit: ModuleType, reports: list[str | None]
) -> None:
    given = [each and report(audit, SKIPPED) for each in reports]
    [line], may_go_on = audit.summary(given, frozenset())
    assert "LEFT OUT" in line
    assert may_go_on


def test_what_could_not_be_looked_up_is_named(audit: ModuleType) -> None:
    [line], may_go_on = audit.summary([report(audit, CLEAN, SKIPPED)], frozenset())
    assert line == "Audit of dependencies: 1 looked up, 0 vulnerable; not looked up: alembic"
    assert may_go_on
