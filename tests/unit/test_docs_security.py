"""The document of security lists what the code does: its events, and the files and tests that it refers to."""

import re

from core.security_log import REFUSALS, SecurityEvent
from core.services.audit_log import SECURITY
from tests.unit.test_docs import ROOT, TABLE_ROW, code, read

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
