"""A person's digests as cards: what each is about and how often it comes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission, Scope
from core.errors import DepartmentGone, DigestGone
from core.services import department_picker, digests
from core.services.authorisation import authorise
from core.services.digests import Subscription
from core.storage import department_picker as stored_picker
from core.storage import departments, picture_themes, profile_lists, profiles
from core.storage import digests as stored
from core.storage.profile_lists import Sought
from core.storage.tables import Digest

MOST = 6  # of one person besides the main one, so that all have buttons on one screen
PROFILES, BRANCHES = 6, 10  # buttons a page


@dataclass(frozen=True, kw_only=True)
class Named:
    """What a digest is about: a department (None: all that its recipient may see), and maybe only some profiles.

    `lost`: the department is deleted or no longer within the recipient's scope, and isn't named. `profiles_lost`: so
    are all the profiles that it is about.
    """

    digest_id: int
    department: tuple[str, ...] | None
    lost: bool
    profiles: tuple[str, ...]
    profiles_lost: bool


@dataclass(frozen=True, kw_only=True)
class DigestCard:
    """One digest; `main`: typed lines are about it. `may_export`: its owner may have a spreadsheet.

    `dark`: its owner wants dark pictures, with this and all others. `connected`: since when its group gets it, in
    seconds since 1970; 0 if no group was confirmed. `lost_group` is the name, "" if it isn't known, of the group for
    which it has stopped, because the bot can't write there; else None.
    """

    named: Named
    main: bool
    subscription: Subscription
    quiet: bool
    picture: bool
    dark: bool
    spreadsheet: bool
    may_export: bool
    connected: int
    lost_group: str | None = None

    @property
    def resumable(self) -> bool:
        """Whether it has stopped and can go on: what it is about is still its recipient's."""
        return self.subscription.stopped_at is not None and not self.named.lost


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A person's digests, the main one first. `newest`: the highest number so far; `may_add`: they aren't too many."""

    cards: tuple[DigestCard, ...]
    newest: int
    may_add: bool


@dataclass(frozen=True, kw_only=True)
class ProfileChoice:
    """A profile that a digest can be about, and whether it is."""

    profile_id: int
    name: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class ProfileChoices:
    """A page of profiles, counted from 0."""

    named: Named
    choices: tuple[ProfileChoice, ...]
    page: int
    pages: int


@dataclass(frozen=True, kw_only=True)
class BranchChoices:
    """What a digest can be about at one place of the tree: `here` (None: the top) and what is directly below it.

    `above` is the department above `here`, None if that is the top; pages are counted from 0.
    """

    here: tuple[int, str] | None
    above: int | None
    children: tuple[tuple[int, str, bool], ...]
    page: int
    pages: int


def listing(session: Session, actor_id: int) -> Listing:
    """List the acting user's digests. Needs the permission to receive digests, as all use cases here do."""
    actor = authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    mine = stored.of_user(session, actor_id)
    cards, newest = describe(session, actor, mine), stored.newest_of(session, actor_id)
    return Listing(cards=cards, newest=newest, may_add=may_add(mine))


def card(session: Session, actor_id: int, digest_id: int) -> DigestCard:
    """Return one of the acting user's digests. Raises DigestGone."""
    actor, digest = _mine(session, actor_id, digest_id)
    return describe(session, actor, [digest])[0]


def branches(session: Session, actor_id: int, node: int | None, page: int) -> BranchChoices:
    """Return the departments below one (None: the top) that a digest can be about; `page` is clamped.

    Each of the `children` has its number and name, and whether there are others below it. Raises DepartmentGone.
    """
    actor = authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    if node is not None:
        department_picker.require(session, actor, node)
    below = department_picker.names_below(session, actor, node)
    pages = max(1, -(-len(below) // BRANCHES))
    page = max(0, min(page, pages - 1))
    shown = dict(list(below.items())[page * BRANCHES : (page + 1) * BRANCHES])
    deeper = stored_picker.with_any_below(session, shown)
    return BranchChoices(
        here=None if node is None else (node, departments.path(session, node)[-1]),
        above=None if node is None else department_picker.above(session, actor, node),
        children=tuple((number, name, number in deeper) for number, name in shown.items()),
        page=page,
        pages=pages,
    )


def profile_choices(session: Session, actor_id: int, digest_id: int, page: int, now: datetime) -> ProfileChoices:
    """List the profiles that a digest can be about, the newest first; `page` is clamped. Raises DigestGone."""
    actor, digest = _mine(session, actor_id, digest_id)
    scope = scope_of(session, actor, digest)
    pages = max(1, -(-profile_lists.count(session, scope) // PROFILES))
    page = max(0, min(page, pages - 1))
    found = profile_lists.page(session, scope, Sought(at=now), offset=page * PROFILES, size=PROFILES)
    chosen = {profile.id for profile in stored.profiles_of(session, [digest.id]).get(digest.id, ())}
    choices = tuple(ProfileChoice(profile_id=each.id, name=each.name, chosen=each.id in chosen) for each in found)
    named = names(session, actor, [digest])[digest.id]
    return ProfileChoices(named=named, choices=choices, page=page, pages=pages)


def may_add(mine: Sequence[Digest]) -> bool:
    """Return whether a person with these digests may have another one."""
    return sum(not digest.main for digest in mine) < MOST


def besides_main(session: Session, actor: Actor) -> tuple[Named, ...]:
    """Name the acting user's digests besides the main one. Rights are not checked here."""
    others = [digest for digest in stored.of_user(session, actor.user_id) if not digest.main]
    named = names(session, actor, others)
    return tuple(named[digest.id] for digest in others)


def scope_of(session: Session, actor: Actor, digest: Digest) -> Scope:
    """Return what a digest is about of what the acting user may see, but for its profiles."""
    if digest.department_id is None:
        return actor.scope
    reaches = _reaches(session, actor, digest.department_id)
    return Scope(everywhere=False, managed=frozenset({digest.department_id} if reaches else ()))


def names(session: Session, actor: Actor, mine: Sequence[Digest]) -> dict[int, Named]:
    """Name digests; of departments and profiles only those that the acting user may see."""
    chosen = stored.profiles_of(session, [digest.id for digest in mine])
    numbers = {profile.id for of in chosen.values() for profile in of}
    visible = profiles.recorded_among(session, actor.scope, numbers)
    reached = {each for each in {digest.department_id for digest in mine} if each and _reaches(session, actor, each)}
    paths = departments.paths(session, reached)
    return {
        digest.id: Named(
            digest_id=digest.id,
            department=paths.get(digest.department_id or 0),
            lost=digest.department_id is not None and digest.department_id not in reached,
            profiles=tuple(profile.name for profile in chosen.get(digest.id, ()) if profile.id in visible),
            profiles_lost=digest.id in chosen and visible.isdisjoint(each.id for each in chosen[digest.id]),
        )
        for digest in mine
    }


def describe(session: Session, actor: Actor, mine: Sequence[Digest]) -> tuple[DigestCard, ...]:
    """Describe digests of the acting user. Rights are not checked here."""
    named = names(session, actor, mine)
    dark = picture_themes.is_dark(session, actor.user_id)
    return tuple(
        DigestCard(
            named=named[digest.id],
            main=digest.main,
            subscription=digests.described(session, digest),
            quiet=digest.quiet,
            picture=digest.picture,
            dark=dark,
            spreadsheet=digest.spreadsheet,
            may_export=actor.may(Permission.MANAGE_PROFILES),
            connected=connected(digest),
            lost_group=None if digest.lost_chat_id is None else digest.lost_title or "",
        )
        for digest in mine
    )


def stopped(session: Session, actor: Actor) -> tuple[DigestCard, ...]:
    """Describe the acting user's digests that have stopped. Rights are not checked here."""
    mine = stored.stopped(session, actor.user_id)
    return describe(session, actor, mine) if mine else ()


def connected(digest: Digest) -> int:
    """Return since when a group gets a digest, in seconds since 1970; 0 if no group was confirmed."""
    return int(digest.connected_at.timestamp()) if digest.connected_at else 0


def _mine(session: Session, actor_id: int, digest_id: int) -> tuple[Actor, Digest]:
    actor = authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    if (digest := stored.find_own(session, actor_id, digest_id)) is None:
        raise DigestGone
    return actor, digest


def _reaches(session: Session, actor: Actor, department_id: int) -> bool:
    try:
        department_picker.require(session, actor, department_id)
    except DepartmentGone:
        return False
    return True
