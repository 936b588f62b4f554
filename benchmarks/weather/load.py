"""Learners who sign up, administrators who write lines, and probes; and what each of them was told."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.support.chat import Person
from tests.support.flood import Learner, Origin
from tests.support.site import read_form

PATIENCE = 8.0  # seconds that a browser waits here
TRIES = 8  # of one form
SIGN_UPS = 3  # learners at the same time
BETWEEN_SIGN_UPS, BETWEEN_LINES, BETWEEN_PROBES = 1.0, 1.5, 0.2  # seconds
MOST_UNANSWERED = 10  # lines of a person: each answer takes a second at least by Telegram's limits
MOST_PROBES, MOST_LATE_LEARNERS = 20, 4  # at the same time: more would be what holds a busy machine up
DIRECT = Origin(behind_proxy=False)
BROKEN = (ClientError, TimeoutError, OSError)
_numbers = count(1)


@dataclass(frozen=True, kw_only=True)
class Sample:
    """An answer to a probe: when it came, its status (None: no answer), and what it said."""

    at: float
    status: int | None
    said: dict[str, Any] = field(default_factory=dict)


@dataclass(kw_only=True)
class Told:
    """What clients were told."""

    statuses: Counter[int | None] = field(default_factory=Counter)
    confirmed: list[str] = field(default_factory=list)
    lines: dict[Person, list[str]] = field(default_factory=dict)
    pages: list[Sample] = field(default_factory=list)
    readiness: list[Sample] = field(default_factory=list)
    sign_ups: list[float] = field(default_factory=list)  # when each was confirmed


class Load:
    """People at work on a program, until they are stopped."""

    def __init__(self, pages: str, links: list[str], people: list[Person]) -> None:
        self.told = Told(lines={person: [] for person in people})
        self._pages, self._links = pages, links
        self._clients: list[asyncio.Task[None]] = []
        self._probes: list[asyncio.Task[None]] = []
        self._open: set[asyncio.Task[None]] = set()
        self._over = asyncio.Event()

    def start(self) -> None:
        """Let people begin."""
        self._clients = [asyncio.create_task(self._learners()) for _ in range(SIGN_UPS)]
        self._clients += [asyncio.create_task(self._writes(person)) for person in self.told.lines]
        self._probes = [asyncio.create_task(self._probe())]

    async def stop(self) -> None:
        """Let people finish what they began, and stop."""
        self._over.set()
        await asyncio.gather(*self._clients)

    async def stop_probes(self) -> None:
        """Stop asking."""
        for task in [*self._probes, *self._open]:
            task.cancel()
        await asyncio.gather(*self._probes, *self._open, return_exceptions=True)

    async def sign_up_until_confirmed(self, seconds: float) -> float | None:
        """Let one more learner after the other come until one is confirmed; return when, or None."""
        came: list[asyncio.Task[None]] = []
        before, began = len(self.told.sign_ups), time.monotonic()
        while len(self.told.sign_ups) == before and time.monotonic() - began < seconds:
            if sum(not learner.done() for learner in came) < MOST_LATE_LEARNERS:
                came.append(asyncio.create_task(self._sign_up(self._links[0])))
            await asyncio.sleep(BETWEEN_PROBES)
        await asyncio.gather(*came)
        return self.told.sign_ups[before] if len(self.told.sign_ups) > before else None

    async def _learners(self) -> None:
        while not self._over.is_set():
            for link in (self._links[0], self._links[0], self._links[-1]):
                await self._sign_up(link)
                await self._pause(BETWEEN_SIGN_UPS)

    async def _sign_up(self, link: str) -> None:
        """Open the form and send it, again if there is no answer or 503, as people do."""
        learner = Learner(self._pages, DIRECT)
        email = f"learner{next(_numbers)}@example.com"
        try:
            for _ in range(TRIES):
                if await self._is_signed_up(learner, link, email):
                    return
                await self._pause(0.5)
        finally:
            await learner.leaves()

    async def _is_signed_up(self, learner: Learner, link: str, email: str) -> bool:
        """Try once. True also if the link is closed."""
        try:
            async with asyncio.timeout(PATIENCE):
                page = await learner.visitor.get(link)
                self.told.statuses[page.status] += 1
                if page.status != 200 or not page.elements("input", name="form_token"):
                    return page.status not in (500, 503)
                answer = await learner.visitor.fill(read_form(link, page), email)
        except BROKEN:
            self.told.statuses[None] += 1
            return False
        self.told.statuses[answer.status] += 1
        if (answer.status, answer.location) == (303, "/courses"):
            self.told.confirmed.append(email)
            self.told.sign_ups.append(time.monotonic())
        return answer.status not in (500, 503)

    async def _writes(self, person: Person) -> None:
        for number in count(1):
            if self._over.is_set():
                return
            while not self._over.is_set() and await self._unanswered(person) >= MOST_UNANSWERED:
                await self._pause(BETWEEN_LINES)
            name = f"Line {person.id}-{number:03}."
            await person.says(f"/newprofile {name} | Sales / EMEA | now - +1 week | 5")
            self.told.lines[person].append(name)
            await self._pause(BETWEEN_LINES)

    async def _unanswered(self, person: Person) -> int:
        """Count the lines that a person has no answer to: who gets none for long writes no more."""
        texts = [message.text for message in await person.all_messages() if message.by_bot]
        return sum(not any(name in text for text in texts) for name in self.told.lines[person])

    async def _probe(self) -> None:
        """Ask for a page and for /readyz again and again, however long the earlier answers take."""
        async with ClientSession(self._pages, timeout=ClientTimeout(total=PATIENCE)) as http:
            while True:
                for path, samples in ((self._links[0], self.told.pages), ("/readyz", self.told.readiness)):
                    if len(self._open) < MOST_PROBES:
                        asking = asyncio.create_task(_ask(http, path, samples))
                        self._open.add(asking)
                        asking.add_done_callback(self._open.discard)
                await asyncio.sleep(BETWEEN_PROBES)

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._over.wait()
        except TimeoutError:
            pass


async def _ask(http: ClientSession, path: str, samples: list[Sample]) -> None:
    try:
        async with http.get(path) as answer:
            said = await answer.json() if answer.content_type == "application/json" else {}
            samples.append(Sample(at=time.monotonic(), status=answer.status, said=said))
    except BROKEN:
        samples.append(Sample(at=time.monotonic(), status=None))
