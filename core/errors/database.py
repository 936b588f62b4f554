"""Why the database can't be used, as the operator reads it."""

from enum import StrEnum


class Cause(StrEnum):
    """Why the database can't be used: "the database" and the value make a sentence."""

    UNREACHABLE = "can't be reached"
    NO_ANSWER = "doesn't answer in time"
    STARTING = "is starting or stopping"
    NO_CONNECTIONS = "has no connection left"
    LOG_IN_REFUSED = "refuses the user or the password"
    NO_SUCH_DATABASE = "doesn't exist on that server"
    NO_RIGHTS = "doesn't give this user the rights that Gangway needs: make the user its owner, and that of its tables"
    OPTION_REFUSED = "refuses an option of DATABASE_URL"
    OTHER_ENCODING = (
        "hasn't the encoding UTF8: make one by `createdb --encoding=UTF8 --locale=C.UTF-8 --template=template0 NAME`"
    )
    READ_ONLY = "is read-only: a standby, or default_transaction_read_only is set"
    DISK_FULL = "has no space left on its disk"
    NO_MEMORY = "has no memory left"
    LOCKED = "is locked by another session or program"
    CONFLICTS = "is held up by conflicts with other transactions"
    FILE_NOT_OPENED = "can't be opened: the file's folder is missing, or there is no permission"
    FILE_READ_ONLY = "can't be written: the file, its folder or its disk is read-only"
    FILE_FAILS = "can't be read or written: the disk reports an error"
    FILE_DELETED = "was deleted while Gangway runs: put the file back, or restart Gangway to begin with a new one"
    FILE_REPLACED = "was replaced by another file while Gangway runs: restart Gangway to use that one"
    DAMAGED = "is damaged: restore a back-up"
    NOT_A_DATABASE = "isn't a database: the file has other contents"
    FOREIGN = "isn't Gangway's: it has tables of another program"
    CLOSED = "has been closed, because the program ends"


WRONG_SETTING = frozenset(
    {
        Cause.DAMAGED,
        Cause.NOT_A_DATABASE,
        Cause.FOREIGN,
        Cause.LOG_IN_REFUSED,
        Cause.NO_SUCH_DATABASE,
        Cause.NO_RIGHTS,
        Cause.OPTION_REFUSED,
        Cause.OTHER_ENCODING,
    }
)
"""Another start finds the same, unless the operator changes something."""

SERVER_COMES_UP = frozenset(
    {Cause.UNREACHABLE, Cause.NO_ANSWER, Cause.STARTING, Cause.NO_CONNECTIONS, Cause.READ_ONLY, Cause.LOCKED}
)
"""What a server that starts, or takes over from another, shows until it is up."""

BUSY = frozenset({Cause.LOCKED, Cause.CONFLICTS})
"""One use case was held up, and others are not."""


class DatabaseUnavailable(Exception):  # noqa: N818 - an answer to the operator
    """The database can't be used now; `detail` is the driver's message, without the password, or empty."""

    def __init__(self, cause: Cause, detail: str = "") -> None:
        super().__init__(f"the database {cause}" + (f" ({detail})" if detail else ""))
        self.cause = cause
        self.detail = detail
