"""What is true afterwards: nothing confirmed is lost, nothing was done twice, and when people were served again."""

import asyncio
import re
import time
from collections import Counter
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.weather.fault import Fault
from benchmarks.weather.load import Sample
from benchmarks.weather.scene import Scene
from core.domain.access import Role
from core.engine import Engine
from core.errors import DatabaseUnavailable
from core.services import inbox, outbox
from core.storage.tables import Profile, User
from tests.support.invariants import faults
from tests.support.sandbox_fixture import bot_of

OPEN, UNSENT = {"waiting", "claimed", "answering"}, {"waiting", "claimed", "sending"}
SETTLED_WITHIN = 90.0  # seconds
BACK_WITHIN = 120.0
MOST_WARNINGS = 200  # of a fault of some seconds


@dataclass(kw_only=True)
class Verdict:
    """What happened, and what of it should not have."""

    wrong: list[str] = field(default_factory=list)
    happened: list[str] = field(default_factory=list)
    pages: float | None = None  # seconds after the cause's end, as the others
    sign_up: float | None = None
    chat: float | None = None
    ready: float | None = None

    def must(self, number: int, what: str) -> None:
        """Note a number that has to be 0."""
        self.happened.append(f"{what} {number}")
        if number:
            self.wrong.append(f"{number} {what}")


async def when_back(at: Scene, verdict: Verdict) -> None:
    """Wait until pages, sign-up, chat and readiness are back."""
    verdict.chat, signed_up, _ = await asyncio.gather(
        _chat(at), at.load.sign_up_until_confirmed(BACK_WITHIN), _until(at, at.load.told.readiness)
    )
    verdict.sign_up = None if signed_up is None else max(0.0, signed_up - at.ended)
    verdict.pages = _first(at.load.told.pages, at.ended)
    verdict.ready = _first(at.load.told.readiness, at.ended)


def judge_times(fault: Fault, verdict: Verdict) -> None:
    """Compare with what people may notice."""
    for what, seconds, most in (
        ("pages", verdict.pages, fault.pages_within),
        ("chat", verdict.chat, fault.chat_within),
        ("readiness", verdict.ready, BACK_WITHIN),
        ("sign-up", verdict.sign_up, BACK_WITHIN),
    ):
        if seconds is None or seconds > most:
            verdict.wrong.append(f"{what} {'not back' if seconds is None else f'after {seconds:.1f} s'}")


def judge_readiness(fault: Fault, at: Scene, verdict: Verdict) -> None:
    """See that /readyz named the cause while it lasted, if it should have."""
    during = [sample for sample in at.load.told.readiness if at.began <= sample.at <= at.ended]
    refused = [sample for sample in during if sample.status == 503]
    words = Counter(_words(sample) for sample in refused)
    if words:
        common = words.most_common(1)[0][0]
        verdict.happened.append(f"/readyz 503 after {refused[0].at - at.began:.1f} s ({common})")
    if fault.says and not any(re.search(fault.says, said) for said in words):
        verdict.wrong.append(f"/readyz did not say {fault.says!r}")


def judge_log(at: Scene, verdict: Verdict) -> None:
    """Count warnings, and tracebacks, which no known outage has."""
    lines = at.printed
    verdict.must(sum("Traceback (most recent" in line for line in lines), "tracebacks")
    warnings = sum("[warning" in line or "[error" in line for line in lines)
    verdict.happened.append(f"{warnings} warnings")
    if warnings > MOST_WARNINGS:
        verdict.wrong.append(f"{warnings} warnings in the log")


async def judge_work(at: Scene, verdict: Verdict) -> None:
    """Compare what people were told with the database and the chats, once all is done."""
    engine = Engine(at.settings["DATABASE_URL"])
    try:
        if left := await _left_over(engine, at):
            verdict.wrong.append(f"work is left over: {left}")
        emails, profiles, broken = await engine.read(_what_is_there)
    finally:
        await engine.close()
    told = at.load.told
    lines = [line for sent in told.lines.values() for line in sent]
    verdict.happened.append(f"{len(told.confirmed)} sign-ups and {len(lines)} lines")
    lost = [email for email in told.confirmed if not emails[email]] + [name for name in lines if not profiles[name]]
    verdict.must(len(lost), "lost")
    verdict.must(len(broken), "over or inconsistent")
    twice = [name for name in lines if profiles[name] > 1]
    unanswered = 0
    for person, sent in told.lines.items():
        texts = [message.text for message in await person.all_messages() if message.by_bot]
        answers = Counter(name for name in sent for text in texts if f" {name} (#" in text.partition("\n")[0])
        twice += [name for name, number in answers.items() if number > 1]
        unanswered += sum(not any(name in text for text in texts) for name in sent)
    verdict.must(len(twice), "twice")
    verdict.must(unanswered, "unanswered")
    verdict.must(told.statuses[500], "answers of 500")
    verdict.happened.append(f"{told.statuses[503]} of 503, {told.statuses[None]} without an answer")


async def _left_over(engine: Engine, at: Scene) -> str:
    """Wait until all is done; return what isn't, empty if nothing."""
    began, left = time.monotonic(), "unknown"
    while left and time.monotonic() - began < SETTLED_WITHIN:
        await asyncio.sleep(0.2)
        try:
            incoming, outgoing = await engine.read(inbox.counts), await engine.read(outbox.counts)
        except DatabaseUnavailable as error:
            left = str(error)
            continue
        states = {f"updates {name}": number for name, number in incoming.items() if name in OPEN}
        states |= {f"messages {name}": number for name, number in outgoing.items() if name in UNSENT}
        if unconfirmed := await _unconfirmed(at):
            states["updates not received"] = unconfirmed
        left = ", ".join(f"{name} {number}" for name, number in states.items())
    return left


async def _unconfirmed(at: Scene) -> int:
    """Count the updates that Telegram still holds; rows may be swept already, if the clock leaps."""
    async with bot_of(at.sandbox) as bot:
        return (await bot.get_webhook_info()).pending_update_count


def _what_is_there(session: Session) -> tuple[Counter[str | None], Counter[str], list[str]]:
    emails = Counter(session.scalars(select(User.email).where(User.role == Role.LEARNER)))
    return emails, Counter(session.scalars(select(Profile.name))), faults(session)


async def _chat(at: Scene) -> float | None:
    """Ask again and again; return when the first answer came."""
    said = await at.owner.says("/profile 1")
    asking = asyncio.create_task(_ask_again(at))
    try:
        await at.owner.reads("Many", after=said, timeout=BACK_WITHIN)
    except AssertionError:
        return None
    finally:
        asking.cancel()
    return time.monotonic() - at.ended


async def _ask_again(at: Scene) -> None:
    for _ in range(20):
        await asyncio.sleep(1)
        await at.owner.says("/profile 1")


async def _until(at: Scene, samples: list[Sample]) -> None:
    began = time.monotonic()
    while _first(samples, at.ended) is None and time.monotonic() - began < BACK_WITHIN:
        await asyncio.sleep(0.05)


def _first(samples: list[Sample], since: float) -> float | None:
    """Return how long after a moment the first answer of 200 came."""
    return next((sample.at - since for sample in samples if sample.at >= since and sample.status == 200), None)


def _words(sample: Sample) -> str:
    wrong = {name: words for name, words in sample.said.items() if name != "ready" and words != "ok"}
    first = next((f"{name}: {words}" for name, words in wrong.items() if not str(words).startswith("unknown")), "")
    return re.sub(r"\d+ seconds", "n seconds", first) or "without a reason"
