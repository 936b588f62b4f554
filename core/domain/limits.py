"""Limits: how often a stranger may repeat something, and how long a next attempt has to wait.

A limit counts for a subject, such as a client's network or an account. To limit something further, declare the limit
here, and count an `Attempt` before the work that it protects (`core.services.limits`).
"""

import hashlib
from dataclasses import dataclass, replace
from datetime import timedelta


@dataclass(frozen=True, kw_only=True)
class Rate:
    """Once in `every` on average; `burst` attempts in a row are allowed after a rest.

    So many ahead of the average are a `rush`, in which forms ask for a proof of work (`core.domain.challenges`).
    """

    name: str
    every: timedelta
    burst: int
    rush: int | None = None

    @property
    def longest(self) -> timedelta:
        """How long an attempt has to wait at most."""
        return self.every

    @property
    def room(self) -> timedelta:
        """How far attempts may be ahead of the average."""
        return self.every * (self.burst - 1)


@dataclass(frozen=True, kw_only=True)
class Pause:
    """`free` attempts in a row; then a pause after each, `first` and then twice the last one, at most `longest`.

    The attempts are forgotten `forgotten_after` after the last pause, or at once if one succeeds.
    """

    name: str
    free: int
    first: timedelta
    longest: timedelta
    forgotten_after: timedelta

    @property
    def pauses(self) -> tuple[timedelta, ...]:
        """The pauses after the first attempt, the second and so on; the last one is repeated."""
        pauses = [timedelta()] * (self.free - 1) + [self.first]
        while pauses[-1] < self.longest:
            pauses.append(min(2 * pauses[-1], self.longest))
        return tuple(pauses)


Limit = Rate | Pause


# Log-in. A browser on which the user logged in before counts for itself, so that strangers' guesses don't stop it.
LOG_IN_BY_NETWORK = Rate(name="log-in by network", every=timedelta(seconds=10), burst=100)
LOG_IN_BY_ACCOUNT = Rate(name="log-in by account", every=timedelta(minutes=5), burst=100)
LOG_IN_BY_ACCOUNT_AND_NETWORK = Pause(
    name="log-in by account and network",
    free=10,
    first=timedelta(seconds=2),
    longest=timedelta(minutes=15),
    forgotten_after=timedelta(hours=1),
)
LOG_IN_BY_DEVICE = replace(LOG_IN_BY_ACCOUNT_AND_NETWORK, name="log-in by device")

# Sign-up. A whole office may sign up from one network.
SIGN_UP_BY_NETWORK = Rate(name="sign-up by network", every=timedelta(seconds=6), burst=300)
SIGN_UP_BY_LINK = Rate(name="sign-up by link", every=timedelta(seconds=1), burst=1000, rush=100)
SIGN_UP_BY_TICKET = Rate(name="sign-up by ticket", every=timedelta(days=30), burst=1)  # as long as its cookie lasts
FAILED_BY_NETWORK = Rate(name="failed sign-up by network", every=timedelta(seconds=6), burst=300)
FAILED_BY_LINK = Rate(name="failed sign-up by link", every=timedelta(seconds=6), burst=1000)
FAILED_BY_TICKET = Rate(name="failed sign-up by ticket", every=timedelta(days=1), burst=1)  # who tried, not how often
WAITING_BY_NETWORK = Rate(name="waiting by network", every=timedelta(minutes=5), burst=60)

# Confirmation of e-mail addresses: messages for one sign-up and to one address, and guesses at one sign-up's digits.
CONFIRMATION_PAUSE = Rate(name="confirmation again", every=timedelta(minutes=1), burst=1)
CONFIRMATION_ELSEWHERE = Rate(name="confirmation elsewhere", every=timedelta(minutes=1), burst=1)  # another address
CONFIRMATION_AGAIN = Rate(name="confirmations again", every=timedelta(hours=24) / 5, burst=5)
CONFIRMATION_BY_ADDRESS = Rate(name="confirmation by address", every=timedelta(hours=24) / 10, burst=10)
CONFIRMATION_DIGITS = Rate(name="confirmation digits", every=timedelta(hours=1), burst=10)

# The Mini App: a person in Telegram opens it, each time with a signature of its own.
MINI_APP_BY_PERSON = Rate(name="mini app by person", every=timedelta(minutes=1), burst=60)

# Lost passwords: requests for a new one, and completed forms behind one link.
PASSWORD_REQUEST_BY_NETWORK = Rate(name="password request by network", every=timedelta(minutes=2), burst=20)
PASSWORD_REQUEST_BY_ACCOUNT = Rate(name="password request by account", every=timedelta(minutes=20), burst=3)
ALL_PASSWORD_REQUESTS = Rate(name="all password requests", every=timedelta(seconds=1), burst=300, rush=60)
PASSWORD_BY_LINK = Rate(name="password by link", every=timedelta(minutes=1), burst=20)
PASSWORD_NOTICES = Rate(name="password notice", every=timedelta(minutes=10), burst=1)  # to each member of staff

# What a user who is logged in asks for on the page of their own data, where it takes work or tells of others.
OWN_DETAILS = Rate(name="own details", every=timedelta(minutes=5), burst=20)

# Requests for access at closed links.
REQUEST_BY_NETWORK = Rate(name="request by network", every=timedelta(minutes=12), burst=5)
REQUEST_BY_LINK = Rate(name="request by link", every=timedelta(minutes=72), burst=20, rush=10)
REQUEST_NOTICES = Rate(name="request notice", every=timedelta(minutes=10), burst=1)  # to each who can answer

# A solved challenge brings one form to its end, after so many tries; both are counted for longer than it is valid.
CHALLENGE = Rate(name="challenge", every=timedelta(hours=2), burst=1)
CHALLENGE_TRIES = Rate(name="tries of a challenge", every=timedelta(hours=2), burst=10)

# Notices about people who wait for approval, to each of those who can answer.
WAITING_GROWTH = Rate(name="waiting growth", every=timedelta(minutes=1), burst=1)  # of a message that is there already
APPROVAL_NOTICES = Rate(name="approval notice", every=timedelta(minutes=10), burst=1)

# In the chat. Strangers are all whom the bot knows no active user for.
STRANGERS_ANSWER = Rate(name="answer to a stranger", every=timedelta(hours=1), burst=1)
STRANGERS_CODE = Rate(name="code of a stranger", every=timedelta(minutes=12), burst=5)
STRANGERS_INVITATION = Rate(name="invitation of a stranger", every=timedelta(minutes=1), burst=10)  # a valid code
STRANGERS_CHAT = Rate(name="change of a chat", every=timedelta(minutes=6), burst=10)  # the bot is added, removed
ALL_STRANGERS = Rate(name="all strangers", every=timedelta(seconds=0.2), burst=300)


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """One use of a limit by a subject, of which only a hash is stored.

    A subject that could be guessed, and is stored nowhere else, is a pseudonym made with the secret key.
    """

    limit: Limit
    subject: str

    @property
    def key(self) -> str:
        """What is stored: a hash (SHA-256, hex), so that its length doesn't depend on what a client sends."""
        return hashlib.sha256(f"{self.limit.name}\n{self.subject}".encode(errors="replace")).hexdigest()
