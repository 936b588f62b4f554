"""The security log: log-ins, refusals and changes of rights, in lines that name nobody (docs/security.md lists them).

A line has numbers of users, keyed hashes of clients and routes; never names, addresses, codes or what people typed.
"""

import hashlib
import hmac
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import structlog

MOST = 60  # lines of one event in a window
WINDOW = 60.0  # seconds
HASH_LENGTH = 12  # hexadecimal digits: enough to tell clients apart

_LOG, _NOTED = "security log", "noted security events"  # keys of a session's `info`

Timer = Callable[[float, Callable[[], None]], None]


class SecurityEvent(StrEnum):
    """The names of the events. The second group is also in the audit log, which writes it here."""

    LOGGED_IN = "logged in"
    LOG_IN_FAILED = "log-in failed"
    LOGGED_OUT = "logged out"
    FORM_REFUSED = "form refused"
    PERMISSION_REFUSED = "permission refused"
    LIMIT_HIT = "limit hit"
    CODE_REFUSED = "code refused"
    WEBHOOK_REFUSED = "webhook refused"
    HOST_REFUSED = "host refused"
    ORDER_REFUSED = "order refused"
    SANDBOX_STARTED = "sandbox started"

    OWNER_CLAIMED = "owner claimed"
    OWNER_REPLACED = "owner replaced"
    OWNERSHIP_TRANSFERRED = "ownership transferred"
    ROLE_ADDED = "role added"
    ROLE_CHANGED = "role changed"
    ROLE_REMOVED = "role removed"
    ROLE_GIVEN = "role given"
    CODE_MADE = "code made"
    CODE_USED = "code used"
    CODE_WITHDRAWN = "code withdrawn"
    PASSWORD_CHANGED = "password changed"  # noqa: S105 - an event
    POLICY_CHANGED = "policy changed"
    GROUP_CONNECTED = "group connected"
    GROUP_DISCONNECTED = "group disconnected"
    DATA_EXPORTED = "data exported"
    DATABASE_ADOPTED = "database adopted"


REFUSALS = frozenset(
    {
        SecurityEvent.LOG_IN_FAILED,
        SecurityEvent.FORM_REFUSED,
        SecurityEvent.PERMISSION_REFUSED,
        SecurityEvent.LIMIT_HIT,
        SecurityEvent.CODE_REFUSED,
        SecurityEvent.WEBHOOK_REFUSED,
        SecurityEvent.HOST_REFUSED,
        SecurityEvent.ORDER_REFUSED,
    }
)


class Reason(StrEnum):
    """Why something was refused."""

    WRONG_PASSWORD = "wrong password"  # noqa: S105 - a reason
    UNKNOWN_USER = "unknown user"
    INACTIVE = "inactive"
    WRONG_TOKEN = "wrong form token"  # noqa: S105 - a reason
    OTHER_SITE = "from another site"
    STRANGER = "no access"
    NOT_TYPED = "not typed by the sender"
    FORGED = "wrong signature"
    OLD = "too old"
    NO_PROOF = "without a proof of work"
    REPLAYED = "used before"


def hashed_client(secret_key: str, client: str) -> str:
    """Return a pseudonym of a client (a network or a Telegram number), the same in all processes of the account."""
    return hmac.new(secret_key.encode(), f"client {client}".encode(), hashlib.sha256).hexdigest()[:HASH_LENGTH]


@dataclass(kw_only=True)
class _Window:
    """The lines of one event since a moment of the monotonic clock (seconds)."""

    began: float
    written: int = 0
    left_out: int = 0


class SecurityLog:
    """Writes the events of one process: at most MOST lines of an event in a window, then their number in one line."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic, timer: Timer | None = None) -> None:
        self._clock = clock
        self._timer = timer or _after
        self._windows: dict[SecurityEvent, _Window] = {}
        self._lock = threading.Lock()

    def write(
        self,
        event: SecurityEvent,
        *,
        user: int | None = None,
        client: str | None = None,
        reason: Reason | None = None,
        route: str | None = None,
        subject: int | None = None,
    ) -> None:
        """Write an event. `user` and `subject` are numbers, `client` is hashed, `route` a path's pattern or a command.

        Any thread may call it.
        """
        with self._lock:
            is_admitted = self._admit(event)
        if is_admitted:
            given = {
                "user": user,
                "client": client,
                "reason": reason and reason.value,
                "route": route,
                "subject": subject,
            }
            level = logging.WARNING if event in REFUSALS else logging.INFO
            _line(level, event, {name: value for name, value in given.items() if value is not None})

    def close(self) -> None:
        """Write how many lines were left out in the windows that aren't over."""
        for event in tuple(self._windows):
            self._summarise(event)

    def _admit(self, event: SecurityEvent) -> bool:
        now = self._clock()
        window = self._windows.get(event)
        if window is None or (now - window.began >= WINDOW and not window.left_out):
            window = self._windows[event] = _Window(began=now)
        if window.written < MOST:
            window.written += 1
            return True
        if not window.left_out:
            self._timer(max(0.0, window.began + WINDOW - now), lambda: self._summarise(event))
        window.left_out += 1
        return False

    def _summarise(self, event: SecurityEvent) -> None:
        with self._lock:
            window = self._windows.pop(event, None)
        if window and window.left_out:
            _line(logging.WARNING, event, {"left_out": window.left_out, "seconds": round(self._clock() - window.began)})


@dataclass(frozen=True, kw_only=True)
class _Noted:
    """An event of a transaction that isn't committed yet."""

    event: SecurityEvent
    user: int | None
    subject: int | None


def session_info(log: SecurityLog) -> dict[Any, Any]:
    """Return the `info` of a database session whose events are to be written to a log."""
    return {_LOG: log}


def note(info: dict[Any, Any], event: SecurityEvent, *, user: int | None, subject: int | None) -> None:
    """Note an event in a session's `info`, to be written after the commit: what is rolled back didn't happen."""
    info.setdefault(_NOTED, []).append(_Noted(event=event, user=user, subject=subject))


def write_noted(info: dict[Any, Any]) -> None:
    """Write what was noted in a session, which has been committed."""
    for noted in info.pop(_NOTED, ()):
        info[_LOG].write(noted.event, user=noted.user, subject=noted.subject)


def _line(level: int, event: SecurityEvent, values: dict[str, Any]) -> None:
    structlog.get_logger("security").log(level, event.value, channel="security", **values)


def _after(seconds: float, work: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, work)
    timer.daemon = True  # what is left at the end of the process is written by `close`
    timer.start()
