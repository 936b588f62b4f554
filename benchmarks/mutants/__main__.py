"""`make mutants [SEED=2]`: changes rules and use cases, a sample of all changes, and lists what no test notices."""

import argparse
import os
import random
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.mutants.mutations import Mutant, mutants
from benchmarks.mutants.reach import Reach
from benchmarks.mutants.recorder import SECONDS, Recorder
from benchmarks.mutants.trial import OPTIONS, Outcome, Trials

PACKAGES = ("core/domain", "core/services")
TESTS = ("tests/unit", "tests/integration")
NICE = 10  # other work on the machine goes first
FOLDER = Path(".mutants")
SAMPLE = int(os.environ.get("GANGWAY_MUTANTS", "300"))
LIMIT = 300.0  # seconds for a change
PATIENCE = "15"  # seconds that a test waits for what doesn't come, as when a change keeps it away
SLOWER = 8.0  # times as long as when they were recorded, before tests are given up
REQUIRED = 0.95
_OUT = os.fdopen(os.dup(1), "w")  # what is printed while pytest keeps the tests' output to itself


def main() -> None:
    """Try a sample, print what survived, and exit 1 if that is more than one of twenty."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="another sample for each")
    parser.add_argument("--only", default="", help="part of a path, such as domain/limits")
    parser.add_argument("--control", action="store_true", help="change nothing: all must survive")
    arguments = parser.parse_args()
    os.nice(NICE)
    os.environ["GANGWAY_PATIENCE"] = PATIENCE
    if not (FOLDER / SECONDS).exists():
        _record()
    reach, outcomes = Reach(FOLDER), Counter[Outcome]()
    chosen, of = _sample(arguments.only, arguments.seed)

    def work(trials: Trials) -> None:
        for mutant in chosen:
            outcomes[_tried(trials, reach, mutant, changes=not arguments.control)] += 1

    pytest.main([*OPTIONS, *sorted({test.partition("::")[0] for test in reach.known})], plugins=[Trials(work)])
    noticed = outcomes[Outcome.KILLED] + outcomes[Outcome.TIMED_OUT]
    counts = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items())
    print(f"seed {arguments.seed}: {len(chosen)} of {of} changes: {counts}; {noticed / len(chosen):.1%} noticed")
    sys.exit(noticed < REQUIRED * len(chosen))


def _record() -> None:
    """Run the tests once, and write down which lines each of them reaches."""
    FOLDER.mkdir(exist_ok=True)
    pytest.main([*OPTIONS, *TESTS], plugins=[Recorder(FOLDER, PACKAGES)])


def _sample(only: str, seed: int) -> tuple[list[Mutant], int]:
    """Return a random sample of the changes, the same for the same seed, and how many there are."""
    paths = (path for package in PACKAGES for path in sorted(Path(package).glob("*.py")) if only in str(path))
    found = [mutant for path in paths for mutant in mutants(path)]
    return random.Random(seed).sample(found, min(SAMPLE, len(found))), len(found)  # noqa: S311 - nothing secret


def _tried(trials: Trials, reach: Reach, mutant: Mutant, *, changes: bool) -> Outcome:
    """Try one change, and print it unless it was killed."""
    tests, began = reach.tests(mutant), time.monotonic()
    outcome = Outcome.SURVIVED
    if tests:
        limit = min(LIMIT, 30.0 + SLOWER * reach.seconds(tests))
        outcome = trials.attempt(mutant if changes else None, tests, limit)
    if outcome is not Outcome.KILLED:
        print(
            f"\n{outcome} by {len(tests)} tests, {time.monotonic() - began:.0f} s: {mutant.diff()}",
            file=_OUT,
            flush=True,
        )
    return outcome


if __name__ == "__main__":
    main()
