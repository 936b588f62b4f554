"""Digests, reminders and e-mails that are due at once, while processes that send them are killed; and what arrived.

The clock of the processes is ahead, so that it is a working morning there, when reminders are sent.
"""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.sandbox import SANDBOX_TOKEN, CallLog, Sandbox
from bot.sandbox.world.people import Person
from bot.sandbox.world.store import Store
from core.domain.access import Role, UserState
from core.domain.cadence import Frequency
from core.domain.outbox import OPEN, MessageState
from core.domain.progress import Progress
from core.domain.reminder_rules import Place
from core.domain.reminders import Occasion
from core.engine import Engine, utc_now
from core.services import digests, mail_outbox, reminder_rounds, reminder_rules
from core.storage import departments, link_mails
from core.storage.link_mails import NewRecipient
from core.storage.tables import (
    Activation,
    Course,
    Digest,
    Enrolment,
    ExpectedPerson,
    LinkRecipient,
    OutboxMessage,
    OutgoingMail,
    Reminder,
    TelegramConnection,
    User,
)
from tests.support.account import Office, an_office
from tests.support.mail_server import SENDER, MailServer, open_mail_server
from tests.support.rows import many_sign_ups

MANAGERS, LEARNERS = 10_001, 20_001  # the first Telegram numbers
MORNING = time(9, 30)  # UTC, the account's zone
FOR_EVER = datetime(9000, 1, 1, tzinfo=UTC)
BETWEEN_LOOKS = 0.1  # seconds
KEPT = ("PATH", "HOME", "TMPDIR", "LANG", "PYTHONPATH", "VIRTUAL_ENV")


@dataclass(frozen=True, kw_only=True)
class Kills:
    """How many processes there are, how often one of them is killed, and after how many seconds at most."""

    processes: int
    number: int
    longest_life: float


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What arrived of one kind: of how many that were due; `doubted`: repeated, because nobody could know."""

    due: int
    arrived: int
    missing: int  # and not listed as unknown
    unknown: int  # that never arrived as far as we know, and are listed
    doubted: int  # more than once, each listed as unknown before it was repeated
    twice: int  # more often than that


@dataclass(kw_only=True)
class Deliveries:
    """What is due, the processes that send it, and those to whom it goes."""

    number: int
    sandbox: Sandbox
    mail: MailServer
    ahead: timedelta
    engine: Engine
    nursery: Process | None = None
    victims: list[int] = field(default_factory=list)
    messages: Counter[int] = field(default_factory=Counter)  # that reached a chat
    _seen: int = 0

    async def start_process(self, further: timedelta = timedelta()) -> None:
        """Start one more process, its clock ahead."""
        assert self.nursery
        assert self.nursery.stdin and self.nursery.stdout  # noqa: PT018
        self.nursery.stdin.write(f"{(self.ahead + further).total_seconds()}\n".encode())
        self.victims.append(int(await self.nursery.stdout.readline()))

    def kill(self, place: int) -> None:
        """Kill a process, as the kernel does without memory."""
        with suppress(ProcessLookupError):
            os.kill(self.victims.pop(place), signal.SIGKILL)

    def kill_all(self) -> None:
        """Kill all that are left."""
        while self.victims:
            self.kill(0)

    async def end(self) -> None:
        """Kill all, and what starts them."""
        self.kill_all()
        if self.nursery:
            self.nursery.kill()
            await self.nursery.communicate()

    async def survive(self, kills: Kills, chance: Random) -> None:
        """Kill one process after the other, each replaced at once."""
        for _ in range(kills.processes):
            await self.start_process()
        for _ in range(kills.number):
            await self.watch(chance.uniform(0, kills.longest_life))
            self.kill(chance.randrange(len(self.victims)))
            await self.start_process()

    async def watch(self, seconds: float) -> None:
        """Let processes work, and note what reaches chats."""
        for _ in range(max(1, int(seconds / BETWEEN_LOOKS))):
            await asyncio.sleep(BETWEEN_LOOKS)  # other processes work: there is nothing here to wait for
            self._note(self.sandbox.call_log)

    async def due_is_sent(self, seconds: float, further: timedelta = timedelta()) -> bool:
        """Wait until nothing is left that can be sent now; return whether nothing is left for later either."""
        async with asyncio.timeout(seconds):
            while await self.engine.read(_due, self.engine.now() + further):
                await self.watch(BETWEEN_LOOKS)
        return not await self.engine.read(_is_anything_open)

    def _note(self, calls: CallLog) -> None:
        for call in calls.newest(after=self._seen):
            self._seen = call.number
            if call.method == "sendMessage" and call.refusal is None and call.chat_id is not None:
                self.messages[call.chat_id] += 1

    async def judge(self) -> dict[str, Outcome]:
        """Compare what arrived with what was due, and with what is listed as unknown."""
        self._note(self.sandbox.call_log)
        return await self.engine.read(self._judge)

    def _judge(self, session: Session) -> dict[str, Outcome]:
        chats, mails = _doubts(session, OutboxMessage.chat_id), Counter(map(_to, self.mail.accepted))
        reminders, links = _doubts(session, OutgoingMail.reminder_id), _doubts(session, OutgoingMail.recipient_id)
        query = select(ExpectedPerson.email, Reminder.id).outerjoin(Reminder, Reminder.expected_id == ExpectedPerson.id)
        expected = dict(iter(session.execute(query)))
        recipients = dict(iter(session.execute(select(LinkRecipient.email, LinkRecipient.id))))
        return {
            "digests": _compared(chats_from(MANAGERS, self.number), self.messages, chats),
            "reminders in chats": _compared(chats_from(LEARNERS, self.number // 2), self.messages, chats),
            "reminders by e-mail": _compared(expected, mails, {key: reminders[at] for key, at in expected.items()}),
            "e-mails": _compared(recipients, mails, {key: links[at] for key, at in recipients.items()}),
        }


def _due(session: Session, now: datetime) -> bool:
    """Return whether anything is due, or on its way: in this order, because what is due gets on its way."""
    return digests.any_due(session, now) or reminder_rounds.any_due(session, now) or _is_anything_open(session, now)


def _is_anything_open(session: Session, now: datetime = FOR_EVER) -> bool:
    """Return whether a message is in hand, or waits for a moment that has come."""
    return any(
        session.scalars(
            select(each.id)
            .where(each.state.in_(OPEN), or_(each.state != MessageState.WAITING, each.not_before <= now))
            .limit(1)
        ).all()
        for each in (OutboxMessage, OutgoingMail)
    )


def _to(message: EmailMessage) -> str:
    """Return the address that a message went to."""
    return str(message["To"].addresses[0].addr_spec)


def chats_from(first: int, number: int) -> range:
    """Return the numbers of chats."""
    return range(first, first + number)


def _doubts(session: Session, column: InstrumentedAttribute[Any]) -> Counter[int]:
    """Count the messages that may or may not have arrived, by whom or what they were about."""
    unknown = column.class_.state == MessageState.UNKNOWN
    return Counter(session.scalars(select(column).where(unknown, column.is_not(None))))


def _compared(due: Collection[Any], arrived: Mapping[Any, int], doubts: Mapping[Any, int]) -> Outcome:
    times = [(arrived.get(each, 0), doubts.get(each, 0)) for each in due]
    return Outcome(
        due=len(due),
        arrived=sum(number > 0 for number, _ in times),
        missing=sum(not number and not unknown for number, unknown in times),
        unknown=sum(not number and unknown > 0 for number, unknown in times),
        doubted=sum(1 < number <= 1 + unknown for number, unknown in times),
        twice=sum(number > 1 + unknown for number, unknown in times),
    )


@asynccontextmanager
async def deliveries(folder: Path, url: str, number: int) -> AsyncIterator[Deliveries]:
    """Let so many digests, reminders and e-mails be due, half of the reminders in chats."""
    today = utc_now().date()
    morning = datetime.combine(today + timedelta(days=7 - today.weekday()), MORNING, UTC)  # of the next Monday
    before = Engine(url, clock=lambda: morning - timedelta(days=7))
    await before.migrate()
    await _fill(await an_office(before), number, morning)
    await before.close()
    state = folder / "sandbox.db"
    _people(state, [1001, *chats_from(MANAGERS, number), *chats_from(LEARNERS, number // 2)])
    async with AsyncExitStack() as stack:
        mail = await stack.enter_async_context(open_mail_server())
        sandbox = Sandbox(port=0, state_file=state)
        await sandbox.start()
        stack.push_async_callback(sandbox.stop)
        ahead = morning - utc_now()
        engine = Engine(url, clock=lambda: utc_now() + ahead)
        stack.push_async_callback(engine.close)
        at = Deliveries(number=number, sandbox=sandbox, mail=mail, ahead=ahead, engine=engine)
        environment = _environment(url, sandbox.url, mail.url)
        command = (sys.executable, "-m", "tests.support.delivering_processes")
        at.nursery = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, env=environment)
        stack.push_async_callback(at.end)
        yield at


def _environment(database: str, telegram: str, mail: str) -> dict[str, str]:
    """Return the settings of the processes that deliver."""
    kept = {name: value for name, value in os.environ.items() if name in KEPT}
    own = {"DATABASE_URL": database, "BOT_TOKEN": SANDBOX_TOKEN, "BOT_API_URL": telegram, "OWNER_TELEGRAM_ID": "1001"}
    return kept | own | {"SMTP_URL": mail, "MAIL_FROM": SENDER, "LINK_MAILS_A_DAY": "100000"}


def _people(state: Path, numbers: Iterable[int]) -> None:
    """Write who has pressed Start into a sandbox's state."""
    store = Store(state)
    with store.transaction():
        for number in numbers:
            store.put("person", number, Person(id=number, first_name=f"P{number}", started=True).as_json())
    store.close()


async def _fill(office: Office, number: int, morning: datetime) -> None:
    """Add managers with digests, learners who haven't started and people who haven't come, and mails to others."""
    await office.engine.write(_add_digests, number, morning)
    card = await office.profile(limit="unlimited", window=f"{morning - timedelta(days=9):%Y-%m-%d} - +12 months")
    like = await office.engine.read(_activation_of, (await office.sign_up(card.token)).user_id)
    await many_sign_ups(office.engine, like, number // 2 - 1)
    await office.engine.write(_add, office.owner_id, card.profile_id, number, morning)


def _activation_of(session: Session, user_id: int) -> int:
    return session.scalars(select(Activation.id).where(Activation.user_id == user_id)).one()


def _add(session: Session, owner_id: int, profile_id: int, number: int, morning: datetime) -> None:
    now = morning - timedelta(days=7)
    for occasion in (Occasion.NOT_COME, Occasion.NOT_STARTED):
        reminder_rules.change(session, owner_id, Place(), occasion, now, on=True, days=3)
    learners = session.scalars(select(User.id).where(User.role == Role.LEARNER).order_by(User.id)).all()
    course = session.scalars(select(Course.id)).one()
    known = set(session.scalars(select(Enrolment.user_id)))
    enrolled = {"course_id": course, "progress": Progress.NOT_STARTED, "enrolled_at": now}
    session.execute(insert(Enrolment), [{**enrolled, "user_id": each} for each in learners if each not in known])
    connected = {"may_write": True, "connected_at": now, "courses_told_at": now}
    chats = zip(learners, chats_from(LEARNERS, number // 2), strict=True)
    session.execute(
        insert(TelegramConnection), [{**connected, "user_id": user, "telegram_id": chat} for user, chat in chats]
    )
    expected = {"profile_id": profile_id, "first_name": "E", "last_name": "", "added_at": now}
    emails = [f"expected{each}@example.com" for each in range(number - number // 2)]
    session.execute(insert(ExpectedPerson), [{**expected, "identity": each, "email": each} for each in emails])
    people = [NewRecipient(email=f"to{each}@example.com", first_name="", last_name="") for each in range(number)]
    added = link_mails.add(session, profile_id, people, owner_id, now)
    link_mails.queue(session, [mail_outbox.link_mail(number, email, "en", morning) for number, email in added.items()])


def _add_digests(session: Session, number: int, morning: datetime) -> None:
    """Add managers, each with a digest that is due."""
    root = departments.root_id(session)
    person = {"role": Role.ADMINISTRATOR, "department_id": root, "state": UserState.ACTIVE, "created_at": morning}
    chats = chats_from(MANAGERS, number)
    session.execute(
        insert(User), [{**person, "first_name": "M", "last_name": str(chat), "telegram_id": chat} for chat in chats]
    )
    digest = {"frequency": Frequency.DAILY, "at": "09:30", "day": 0, "next_due": morning, "reported_through": 0}
    found = session.execute(select(User.id, User.telegram_id).where(User.telegram_id.in_(chats)))
    session.execute(insert(Digest), [{**digest, "user_id": user, "chat_id": chat} for user, chat in found])
