"""What is common to all refusals, and what is no refusal."""


class Refusal(Exception):  # noqa: N818 - a refusal is an answer, not an error
    """Something a person asked for and may not or cannot have."""


class Conflict(Exception):  # noqa: N818 - as above; nobody sees it
    """Another transaction was faster: the engine runs the whole use case again."""


class ClaimLost(Exception):  # noqa: N818 - as above
    """The update is another process's by now: whoever finds that out leaves it alone."""


class NotAnUpdate(Exception):  # noqa: N818 - as above
    """What was received is no update of the Bot API."""


class DatabaseUnavailable(Exception):  # noqa: N818 - an answer to the operator, as the next one
    """The database can't be opened; says why, without its password."""


class DatabaseNewer(Exception):  # noqa: N818
    """The database was made by a newer program: this one must not touch it."""


class NotAllowed(Refusal):
    """The acting user lacks the permission, or is nobody we know."""
