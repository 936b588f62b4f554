"""The document of security lists what the code does: its events, and the files and tests that it refers to."""

import re

from core.security_log import REFUSALS, SecurityEvent
from core.services.audit_log import SECURITY
from tests.unit.test_docs import LINK, ROOT, TABLE_ROW, code, read

DOCUMENT = read(ROOT / "docs" / "security.md")
SPAN = re.compile(r"`([^`\n]+)`")


def section(title: str) -> str:
    """The text under a heading of the second level."""
    return DOCUMENT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def listed_events() -> dict[str, tuple[str, bool]]:
    """The table of events: name -> level, and whether the audit log has it, too."""
    found: dict[str, tuple[str, bool]] = {}
    for row in TABLE_ROW.findall(section("Security events"))[2:]:
        names, _, level, recorded = (cell.strip() for cell in row.strip("|").split("|"))
        found |= dict.fromkeys(SPAN.findall(names), (level, recorded == "yes"))
    return found


def test_it_lists_every_security_event_with_its_level_and_whether_it_is_in_the_audit_log() -> None:
    recorded = set(SECURITY.values())
    assert listed_events() == {
        event.value: ("warning" if event in REFUSALS else "info", event in recorded) for event in SecurityEvent
    }


def test_every_security_event_is_written_somewhere() -> None:
    sources = "\n".join(read(file) for file in code() if "tests" not in file.parts and file.name != "security_log.py")
    assert [event.name for event in SecurityEvent if f"SecurityEvent.{event.name}" not in sources] == []


# How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; in these sections they are numbered in a row.
SECTIONS = """
    1.1:2 1.2:9 1.3:11 1.4:3 1.5:2
    2.1:3 2.2:3 2.3:4 2.4:1
    3.2:2 3.3:4 3.4:6 3.5:5 3.7:2
    4.1:3 4.2:1 4.3:2 4.4:4
    5.1:1 5.2:3 5.3:2 5.4:3
    6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4
    7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2
    8.1:2 8.2:3 8.3:1 8.4:1
    9.1:3 9.2:4
    10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3
    11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1
    12.1:3 12.2:2 12.3:4
    13.1:1 13.2:5 13.3:2 13.4:5
    14.1:2 14.2:4 14.3:3
    15.1:3 15.2:3 15.3:7
    16.1:1 16.2:5 16.3:4 16.4:3 16.5:3
    17.1:1 17.2:4 17.3:2
"""
LINT = "pyproject.toml"  # the rules of ruff and mypy that CI checks
STANDS = {"met", "partly", "not met", "operator", "-"}
NUMBER = re.compile(r"\d+\.\d+\.\d+")


def requirements() -> list[tuple[list[str], str, list[str], list[str]]]:
    """The rows of the tables of ASVS: numbers, how they stand, and the files named as the code and as the test."""
    rows = []
    for row in TABLE_ROW.findall(section("ASVS 5.0, level 2")):
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if NUMBER.match(cells[0]):
            numbers, stands, how, test = cells
            rows.append((numbers.split(", "), stands, [*SPAN.findall(how), *LINK.findall(how)], SPAN.findall(test)))
    return rows


def test_it_answers_for_every_requirement_of_levels_1_and_2_once() -> None:
    answered = [number for numbers, *_ in requirements() for number in numbers]
    sections = {name: int(most) for name, most in (pair.split(":") for pair in SECTIONS.split())}
    wanted = {f"{section}.{number}" for section, most in sections.items() for number in range(1, most + 1)}
    assert len(wanted) == 253
    assert sorted(answered) == sorted(wanted)


def test_every_requirement_that_is_met_names_the_code_and_a_test_that_exist() -> None:
    for numbers, stands, how, tests in requirements():
        assert stands in STANDS, numbers
        if stands in ("met", "partly"):
            assert tests, numbers
            assert all(test.startswith("tests/") or test == LINT for test in tests), (numbers, tests)
            assert how, numbers
            assert not [test for test in tests if not (ROOT / test).is_file()]
