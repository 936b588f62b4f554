"""Queries on people by beginnings of the words of their names."""

from collections.abc import Iterable

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from core.domain.access import Scope
from core.storage.people import listed_in
from core.storage.tables import User


def begun(session: Session, scope: Scope, words: Iterable[str], *, at_most: int) -> list[User]:
    """List the scope's people of whose name, e-mail address or login each word begins a word, by number.

    They are active or inactive, or wait. Those of a name of fewer letters come first.
    """
    key = literal(" ") + User.search_key
    # The index finds words anywhere; only among what it finds their beginnings are looked for.
    sought = [
        each
        for word in words
        for each in (User.search_key.contains(word, autoescape=True), key.contains(f" {word}", autoescape=True))
    ]
    length = func.length(User.first_name) + func.length(User.last_name)
    query = select(User).where(*listed_in(scope), *sought).order_by(length, User.id)
    return list(session.scalars(query.limit(at_most)))
