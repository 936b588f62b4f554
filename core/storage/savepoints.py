"""Parts of a transaction that are undone alone."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session


@contextmanager
def savepoint(session: Session) -> Iterator[None]:
    """Undo what is done within if that raises, also what was added to the lists in the session's `info`."""
    before = {key: list(each) if isinstance(each, list) else each for key, each in session.info.items()}
    try:
        with session.begin_nested():
            yield
    except BaseException:
        session.info.clear()
        session.info.update(before)
        raise
