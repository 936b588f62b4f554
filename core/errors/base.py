"""The base class of refusals, refusals that any subject can give, and the exceptions that are not refusals."""

from dataclasses import dataclass


class Refusal(Exception):  # noqa: N818 - an expected answer, not an error
    """A request that is not permitted or not possible; the edges tell the person why."""


class Conflict(Exception):  # noqa: N818 - as above
    """Another transaction committed first; the engine runs the whole use case again."""


class ClaimLost(Exception):  # noqa: N818 - as above
    """Another process has taken over the update; this one must not handle it any further."""


class NotAnUpdate(Exception):  # noqa: N818 - as above
    """The received data isn't a Bot API `Update`."""


class DatabaseNewer(Exception):  # noqa: N818 - an answer to the operator, like the next one
    """The database was created or upgraded by a newer version of the program; this one must not touch it."""


class BackupFailed(Exception):  # noqa: N818 - as above
    """There is no back-up; the message is the reason."""


class RestoreFailed(Exception):  # noqa: N818 - as above
    """Nothing was restored, and the database is as it was; the message is the reason."""


class CopyFailed(Exception):  # noqa: N818 - as above
    """Nothing was copied; one line for each reason, which begins with the option that it is about."""

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class DatabaseBelongsElsewhere(Exception):  # noqa: N818 - as above
    """The database belongs to another bot, or to the sandbox; None: to an unknown bot, because it has users."""

    def __init__(self, belongs_to: str | None) -> None:
        super().__init__(belongs_to)
        self.belongs_to = belongs_to


class NotAllowed(Refusal):
    """The acting user lacks the permission, or is not an active user."""


@dataclass(eq=False)
class Busy(Refusal):
    """Too many clients wait for a password to be hashed; about `retry_after` seconds later there is room again."""

    retry_after: int


@dataclass(eq=False)
class TooManyAtOnce(Refusal):
    """The client itself waits for too many passwords to be hashed; `retry_after` is in seconds."""

    retry_after: int
