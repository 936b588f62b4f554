"""Flame graphs of this process as small SVG files: what its threads do while they run, as py-spy samples it."""

import re
import signal
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from operator import itemgetter
from os import getpid
from pathlib import Path
from sysconfig import get_path

PY_SPY = Path(get_path("scripts")) / "py-spy"
RATE = 200  # samples a second
FRAME = re.compile(r"(?P<function>.+) \((?P<file>.+?)(\.py)?(:\d+)?\)")
WAITS = re.compile(  # for work: py-spy leaves threads out that stand still, but not on every system
    r"concurrent\.futures\.thread:.*_worker|(threading|selectors|queue):.*|core\.transactions:_Writer\._run"
    r"|core\.storage\.deadlines:.*"
)
LEAST = 0.004  # of the whole: narrower frames are left out
WIDTH, HEIGHT, LETTER = 1200, 15, 6.2  # pixels
SHOWN_FROM = 18  # pixels
PROJECT = Path(__file__).resolve().parent.parent
COLOURS = {"core": "#7fb3e6", "bot": "#7fb3e6", "web": "#7fb3e6", "sqlalchemy": "#e8a33d", "aiohttp": "#9bc77b"}
OTHER = "#d3d0c8"

Stack = tuple[str, ...]


@dataclass
class _Node:
    samples: float = 0
    below: dict[str, "_Node"] = field(default_factory=dict)


@contextmanager
def sampled() -> Iterator[dict[Stack, int]]:
    """Sample what this process does in the block; after it, the samples are in the mapping."""
    stacks: dict[Stack, int] = {}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "stacks"
        how = ["--format", "raw", "--function", "--rate", str(RATE), "--duration", "3600", "--output", str(file)]
        with subprocess.Popen(  # noqa: S603 - our own program
            [PY_SPY, "record", "--pid", str(getpid()), *how], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as running:
            assert running.stdout  # noqa: S101 - a pipe
            running.stdout.readline()  # it says that it has begun
            try:
                yield stacks
            finally:
                running.send_signal(signal.SIGINT)
                running.communicate()
        for line in file.read_text().splitlines():
            folded, _, number = line.rpartition(" ")
            stack = tuple(map(_named, folded.split(";")))
            if not WAITS.fullmatch(stack[-1]):
                stacks[stack] = int(number)


def _named(frame: str) -> str:
    """Name a frame by its module and its function: `core.services.digests:summary`."""
    found = FRAME.fullmatch(frame)
    return f"{found['file'].replace('/', '.')}:{found['function']}" if found else frame


def costs_of_packages(stacks: Mapping[Stack, int]) -> dict[str, float]:
    """Return the share of each package: that of the innermost frame, the largest first."""
    spent: dict[str, float] = defaultdict(float)
    for stack, samples in stacks.items():
        spent[stack[-1].partition(":")[0].partition(".")[0]] += samples
    whole = sum(spent.values())
    return {package: samples / whole for package, samples in _largest_first(spent)}


def costs_of_functions(stacks: Mapping[Stack, int]) -> dict[str, float]:
    """Return the share of each of our functions with all that it calls, the largest first."""
    spent: dict[str, float] = defaultdict(float)
    for stack, samples in stacks.items():
        for name in {each for each in stack if each.partition(".")[0] in {"core", "bot", "web"}}:
            spent[name] += samples
    whole = sum(stacks.values())
    return {name: samples / whole for name, samples in _largest_first(spent)}


def _largest_first(spent: Mapping[str, float]) -> list[tuple[str, float]]:
    return sorted(spent.items(), key=itemgetter(1), reverse=True)


def drawn(title: str, stacks: Mapping[Stack, int]) -> str:
    """Draw a flame graph: callers above, what they call below, as wide as its share of the samples."""
    root = _tree(stacks)
    rows = list(_rects(root, root.samples, 0.0, 0))
    height = HEIGHT * (2 + max((level for level, _ in rows), default=0) + 1)
    font = 'font-family="monospace" font-size="10"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {font}>',
            f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
            f'<text x="4" y="12" font-weight="bold">{escape(title)}</text>',
            *(rect for _, rect in rows),
            "</svg>\n",
        ]
    )


def _tree(stacks: Mapping[Stack, int]) -> _Node:
    root = _Node()
    for stack, samples in stacks.items():
        root.samples += samples
        node = root
        for name in stack:
            node = node.below.setdefault(name, _Node())
            node.samples += samples
    return root


def _rects(node: _Node, whole: float, left: float, level: int) -> Iterator[tuple[int, str]]:
    for name, below in sorted(node.below.items()):
        if below.samples >= LEAST * whole:
            yield level, _rect(name, below.samples / whole, left, level)
            yield from _rects(below, whole, left, level + 1)
            left += WIDTH * below.samples / whole


def _rect(name: str, share: float, left: float, level: int) -> str:
    width, top = WIDTH * share, HEIGHT * (level + 1.3)
    colour = COLOURS.get(name.partition(":")[0].partition(".")[0], OTHER)
    said = name.partition(":")[2] if len(name) * LETTER > width else name
    text = escape(said[: int(width / LETTER)]) if width >= SHOWN_FROM else ""
    label = f'<text x="{left + 2:.1f}" y="{top + 11:.1f}">{text}</text>' if text else ""
    return (
        f'<g><title>{escape(name)} {100 * share:.1f} %</title><rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" '
        f'height="{HEIGHT - 1}" fill="{colour}"/>{label}</g>'
    )
