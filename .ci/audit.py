"""Looks known vulnerabilities of the locked dependencies up, with pip-audit; fails only for one that isn't accepted.

Without data (no network, or an index that has none) it says so and succeeds: a build must not fail for that.
`accepted_vulnerabilities.toml` beside this file lists what is accepted, why, and until when.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
LOCKED = HERE.parent / "requirements-dev.txt"  # holds requirements.txt, too
ACCEPTED = HERE / "accepted_vulnerabilities.toml"
SERVICES = ("pypi", "osv")  # asked in this order, until one knows something
PATIENCE = 240  # seconds for one service


@dataclass(frozen=True, kw_only=True)
class Vulnerability:
    """A known vulnerability of a locked version; `ids` are its names in all databases, `fixed` the versions without."""

    package: str
    version: str
    ids: tuple[str, ...]
    fixed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a service knows: how many packages it looked up, which it couldn't, and what it found."""

    looked_up: int
    unknown: tuple[str, ...]
    found: tuple[Vulnerability, ...]


def read_report(report: Mapping[str, Any]) -> Report:
    """Read pip-audit's JSON. A package that it skipped is unknown: it is no package without vulnerabilities."""
    packages: Sequence[Mapping[str, Any]] = report["dependencies"]
    return Report(
        looked_up=sum("skip_reason" not in package for package in packages),
        unknown=tuple(package["name"] for package in packages if "skip_reason" in package),
        found=tuple(
            Vulnerability(
                package=package["name"],
                version=package["version"],
                ids=(entry["id"], *entry.get("aliases", ())),
                fixed=tuple(entry.get("fix_versions", ())),
            )
            for package in packages
            for entry in package.get("vulns", ())
        ),
    )


def accepted(text: str, today: date) -> frozenset[str]:
    """Return the names of the vulnerabilities that are accepted today. KeyError: one has no reason or end."""
    entries = tomllib.loads(text).get("accepted", [])
    ends = {entry["id"]: entry["until"] for entry in entries if entry["reason"].strip()}
    return frozenset(name for name, until in ends.items() if today <= until)


def ask(service: str) -> Report | None:
    """Ask a service about all locked versions; None if it can't be reached."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "report.json"
        lock = ["--requirement", str(LOCKED), "--require-hashes", "--disable-pip", "--aliases", "on", "--desc", "off"]
        output = ["--format", "json", "--output", str(answer), "--progress-spinner", "off", "--timeout", "10"]
        command = [sys.executable, "-m", "pip_audit", *lock, *output, "--vulnerability-service", service]
        try:
            subprocess.run(command, check=False, capture_output=True, timeout=PATIENCE)  # noqa: S603 - our own arguments
            return read_report(json.loads(answer.read_text()))
        except (subprocess.TimeoutExpired, OSError, ValueError, KeyError):
            return None


def summary(reports: Sequence[Report | None], allowed: frozenset[str]) -> tuple[list[str], bool]:
    """Return the lines to print, and whether the build may go on."""
    known = [report for report in reports if report is not None and report.looked_up]
    if not known:
        return [
            "Audit of dependencies: LEFT OUT, because no database of vulnerabilities can be reached from here"
        ], True
    found = [each for report in known for each in report.found if not allowed.intersection(each.ids)]
    lines = [
        f"{each.package} {each.version}: {', '.join(each.ids)}; fixed in {', '.join(each.fixed) or 'no version yet'}"
        for each in found
    ]
    unknown = known[-1].unknown
    left_out = f"; not looked up: {', '.join(unknown)}" if unknown else ""
    lines.append(f"Audit of dependencies: {known[-1].looked_up} looked up, {len(found)} vulnerable{left_out}")
    return lines, not found


def main() -> int:
    """Print what is known; return 1 for a vulnerability that isn't accepted."""
    reports: list[Report | None] = []
    for service in SERVICES:
        reports.append(ask(service))
        if (last := reports[-1]) is not None and last.looked_up:
            break
    today = datetime.now(UTC).date()
    lines, may_go_on = summary(reports, accepted(ACCEPTED.read_text(), today))
    print(*lines, sep="\n", flush=True)
    return 0 if may_go_on else 1


if __name__ == "__main__":
    sys.exit(main())
