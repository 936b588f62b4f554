"""`make mutants [SEED=2]`: changes rules and use cases, a sample of all changes, and lists what no test notices."""

import argparse
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from benchmarks.mutants.mutations import Mutant, mutants
from benchmarks.mutants.reach import Reach
from benchmarks.mutants.recorder import record
from benchmarks.mutants.rest import Rest
from benchmarks.mutants.running import OPTIONS
from benchmarks.mutants.trial import NOTICED, Outcome, Trials

PACKAGES = ("core/domain", "core/services")
TESTS = ("tests/unit", "tests/integration")
NICE = int(os.environ.get("GANGWAY_NICE", "10"))  # other work on the machine goes first
FOLDER = Path(".mutants")
SAMPLE = int(os.environ.get("GANGWAY_MUTANTS", "300"))
LIMIT = 300.0  # seconds for a change
LIMIT_OF_REST = 150.0  # seconds for tests that are not recorded, if no other noticed it
PATIENCE = "15"  # seconds that a test waits for what doesn't come, as when a change keeps it away
SLOWER = 20.0  # times as long as when they were recorded, before tests are given up
REQUIRED = 0.95
AT_ONCE = os.cpu_count() or 1
_OUT = os.fdopen(os.dup(1), "w")  # what is printed while pytest keeps the tests' output to itself


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What became of a change, and how many tests there were for it."""

    mutant: Mutant
    outcome: Outcome
    tests: int
    seconds: float

    def __str__(self) -> str:
        return f"{self.outcome} by {self.tests} tests, {self.seconds:.0f} s: {self.mutant.diff()}"


def main() -> None:
    """Try a sample, print what survived, and exit 1 if that is more than one of twenty."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="another sample for each")
    parser.add_argument("--only", default="", help="part of a path, such as domain/limits")
    parser.add_argument("--control", action="store_true", help="change nothing: all must survive")
    arguments = parser.parse_args()
    os.nice(NICE)
    os.environ["GANGWAY_PATIENCE"] = PATIENCE
    record(FOLDER, PACKAGES, TESTS, AT_ONCE)
    reach, outcomes = Reach(FOLDER), Counter[Outcome]()
    chosen, of = _sample(arguments.only, arguments.seed)
    tests = [reach.tests(mutant) for mutant in chosen]

    def work(trials: Trials) -> None:
        rest = Rest(trials.collected, reach.known)
        attempt = partial(_tried, trials, reach, rest, changes=not arguments.control)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for done in as_completed([pool.submit(attempt, *each) for each in zip(chosen, tests, strict=True)]):
                outcomes[(tried := done.result()).outcome] += 1
                text = "." if tried.outcome is Outcome.KILLED else f"\n{outcomes.total()}. {tried}\n"
                print(text, end="", file=_OUT, flush=True)

    pytest.main([*OPTIONS, "--capture=no", *TESTS], plugins=[Trials(work)])
    noticed = sum(outcomes[each] for each in NOTICED)
    counts = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items())
    print(f"seed {arguments.seed}: {len(chosen)} of {of} changes: {counts}; {noticed / len(chosen):.1%} noticed")
    sys.exit(noticed < REQUIRED * len(chosen))


def _sample(only: str, seed: int) -> tuple[list[Mutant], int]:
    """Return a random sample of the changes, the same for the same seed, and how many there are."""
    paths = (path for package in PACKAGES for path in sorted(Path(package).glob("*.py")) if only in str(path))
    found = [mutant for path in paths for mutant in mutants(path)]
    return random.Random(seed).sample(found, min(SAMPLE, len(found))), len(found)  # noqa: S311 - nothing secret


def _tried(trials: Trials, reach: Reach, rest: Rest, mutant: Mutant, tests: Sequence[str], *, changes: bool) -> Tried:
    began = time.monotonic()
    limit = min(LIMIT, 30.0 + SLOWER * reach.seconds(tests))
    outcome = trials.outcome(mutant, tests, limit, changes=changes)
    if outcome not in NOTICED:
        later = trials.outcome(mutant, rest.tests(mutant, tests), LIMIT_OF_REST, changes=changes)
        outcome = Outcome.LATER if later in NOTICED else outcome
    return Tried(mutant=mutant, outcome=outcome, tests=len(tests), seconds=time.monotonic() - began)


if __name__ == "__main__":
    main()
