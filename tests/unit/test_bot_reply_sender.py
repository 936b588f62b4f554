"""Replies that have to wait: in order, none twice, and of one message's screens only the newest."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

from telegram.error import RetryAfter

from bot.sending.outcomes import Outcome
from bot.sending.rate_limiter import Limits, RateLimiter, Window
from bot.sending.reachability import Reachability
from bot.sending.reply_sender import STUCK_AFTER, ReplySender, Sending
from tests.support.virtual_time import in_virtual_time, the_loop

ANNA, BORIS = 1, 2
PACED = Limits(replies_to_a_person=Window(messages=1, seconds=10.0))


@dataclass(kw_only=True)
class Note:
    """A reply that notes when it arrives; `fails` lists what its first calls raise, `takes` how long each takes."""

    arrived: list[tuple[str, float]]
    name: str
    chat_id: int | None = ANNA
    changes: tuple[int, int] | None = None
    fails: list[Exception] = field(default_factory=list)
    takes: float = 0.0
    repeatable: bool = True
    tries: int = 7
    patience: float = 60.0
    fallback: None = None

    async def send(self, _bot: object) -> None:
        """Arrive, or fail."""
        await asyncio.sleep(self.takes)
        if self.fails:
            raise self.fails.pop(0)
        self.arrived.append((self.name, the_loop().time()))


def a_sender(limits: Limits) -> ReplySender:
    bot = cast("Any", SimpleNamespace(get_me=asyncio.sleep))
    limiter = RateLimiter(limits, clock=the_loop().time)
    return ReplySender(bot, cast("Any", None), limiter, Reachability(bot))


async def delivered(sender: ReplySender, notes: Sequence[Note], how: Sending | None = None) -> list[Outcome]:
    """Let replies become ready one after the other, at the same moment."""
    return [*await asyncio.gather(*(sender.deliver(note, how or Sending()) for note in notes))]


@in_virtual_time
async def test_replies_to_one_chat_keep_their_order_while_they_wait_and_hold_no_other_chat_up() -> None:
    arrived: list[tuple[str, float]] = []
    names = [f"to Anna {number}" for number in range(4)]
    notes = [Note(arrived=arrived, name=name) for name in names]
    notes.append(Note(arrived=arrived, name="to Boris", chat_id=BORIS))
    await delivered(a_sender(PACED), notes)
    assert arrived == [(names[0], 0.0), ("to Boris", 0.0), (names[1], 10.0), (names[2], 20.0), (names[3], 30.0)]


@in_virtual_time
async def test_of_the_waiting_screens_of_one_message_only_the_newest_is_sent() -> None:
    arrived: list[tuple[str, float]] = []
    screens = [Note(arrived=arrived, name=f"screen {number}", changes=(ANNA, 7)) for number in range(4)]
    other = Note(arrived=arrived, name="another message's", changes=(ANNA, 8))
    outcomes = await delivered(a_sender(PACED), [*screens, other])
    assert arrived == [("screen 0", 0.0), ("screen 3", 10.0), (other.name, 20.0)]
    assert outcomes == [Outcome.DELIVERED, *2 * [Outcome.SUPERSEDED], *2 * [Outcome.DELIVERED]]


@in_virtual_time
async def test_what_telegram_puts_off_is_superseded_too_and_the_newer_screen_waits_as_long() -> None:
    arrived: list[tuple[str, float]] = []
    old = Note(arrived=arrived, name="old", changes=(ANNA, 7), fails=[RetryAfter(30)])
    sender = a_sender(Limits())
    first = asyncio.create_task(sender.deliver(old))
    await asyncio.sleep(3.0)
    newer = asyncio.create_task(sender.deliver(Note(arrived=arrived, name="new", changes=(ANNA, 7))))
    assert await first is Outcome.SUPERSEDED
    assert the_loop().time() == 3.0
    await sender.deliver(Note(arrived=arrived, name="to Boris", chat_id=BORIS))
    await newer
    assert arrived == [("to Boris", 3.0), ("new", 30.0)]


@in_virtual_time
async def test_a_reply_that_has_to_wait_says_so_and_one_that_does_not_is_silent() -> None:
    arrived: list[tuple[str, float]] = []
    held_up: list[str] = []
    sender = a_sender(PACED)
    for name in ("first", "second"):
        await sender.deliver(Note(arrived=arrived, name=name), Sending(held_up=partial(held_up.append, name)))
    assert set(held_up) == {"second"}


@in_virtual_time
async def test_a_call_without_an_answer_holds_its_chat_up_for_a_moment_only() -> None:
    arrived: list[tuple[str, float]] = []
    held_up: list[float] = []
    how = Sending(held_up=lambda: held_up.append(the_loop().time()))
    stuck = Note(arrived=arrived, name="stuck", takes=60.0)
    await delivered(a_sender(Limits()), [stuck, Note(arrived=arrived, name="next")], how)
    assert arrived == [("next", STUCK_AFTER), ("stuck", 60.0)]
    assert STUCK_AFTER in held_up
