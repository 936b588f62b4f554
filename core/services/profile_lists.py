"""Lists of sign-up profiles: all that one may read, and those that one may edit."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.links import Only
from core.services.authorisation import authorise
from core.services.profiles import Card, cards
from core.storage import profile_lists
from core.storage.profile_lists import Sought

PAGE = 10


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One page of profiles out of `total`, `size` of them; `page` counts from 0."""

    cards: tuple[Card, ...]
    total: int
    page: int
    size: int = PAGE

    @property
    def pages(self) -> int:
        """The number of pages, at least one."""
        return max(1, -(-self.total // self.size))


def listing(
    session: Session,
    actor_id: int,
    words: str,
    page: int,
    now: datetime,
    *,
    size: int = PAGE,
    only: Only = Only.ALL,
    mine: bool = False,
) -> Listing:
    """List the readable profiles with every word in their name, newest first; if none has, in name or department.

    `page` is clamped to the last page. `only`: those in this state; `mine`: those that the acting user created.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    sought = Sought(words=words, only=only, at=now, created_by=actor_id if mine else None)
    total = profile_lists.count(session, actor.scope, sought)
    if words and not total:
        sought = replace(sought, in_departments=True)
        total = profile_lists.count(session, actor.scope, sought)
    page = max(0, min(page, (total - 1) // size))
    found = profile_lists.page(session, actor.scope, sought, offset=page * size, size=size)
    return Listing(cards=tuple(cards(session, actor, found, now)), total=total, page=page, size=size)


def shareable(session: Session, actor_id: int, words: str, now: datetime, *, at_most: int) -> list[Card]:
    """List the profiles that the acting user may edit and whose names contain every word, newest first."""
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    return cards(session, actor, profile_lists.editable_named(session, actor.scope, words, at_most=at_most), now)


def meant(session: Session, actor_id: int, text: str, now: datetime, *, at_most: int) -> list[Card]:
    """List the profiles that the acting user may edit and that a text means, newest first.

    They are those called just so or, if none is, those whose names contain every word.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    called = profile_lists.editable_called(session, actor.scope, text, at_most=at_most)
    found = called or profile_lists.editable_named(session, actor.scope, text, at_most=at_most)
    return cards(session, actor, found, now)
