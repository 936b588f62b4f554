"""A person's digests changed by buttons: added, changed, sent, deleted and brought back, each by itself."""

from datetime import datetime, time, timedelta

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.cadence import Cadence, Frequency
from core.errors import DigestGone, PreviewOutdated, ProfileNotFound, TooManyDigests
from core.services import digest_cards, digests, group_connections
from core.services.authorisation import authorise
from core.services.digest_cards import MOST, DigestCard, Named
from core.storage import digests as stored
from core.storage import profiles
from core.storage.tables import Digest

USUAL = Cadence(frequency=Frequency.WEEKLY, day=0, at=time(9))
RESTORABLE = timedelta(days=1)


def add(
    session: Session, actor_id: int, department_id: int | None, chat_id: int, now: datetime, *, newest: int
) -> DigestCard:
    """Add a digest about a department (None: all), weekly, to the private chat; return its card.

    `newest` is the highest number of the person's digests as they saw them: if one was added since, that one is
    returned, so that a tap that comes twice adds one. Raises DepartmentGone, TooManyDigests.
    """
    actor = authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    digests.require_department(session, actor, department_id)
    stored.lock_recipient(session, actor_id)
    mine = stored.of_user(session, actor_id)
    if later := [digest for digest in mine if digest.id > newest]:
        return digest_cards.describe(session, actor, later)[0]
    if not digest_cards.may_add(mine):
        raise TooManyDigests(MOST)
    digest = stored.add(session, actor_id, chat_id, department_id)
    digests.schedule(session, digest, USUAL, now)
    return digest_cards.describe(session, actor, [digest])[0]


def reschedule(session: Session, actor_id: int, digest_id: int, cadence: Cadence, now: datetime) -> DigestCard:
    """Give a digest another schedule. Raises DigestGone, DepartmentGone."""
    actor, digest = _mine(session, actor_id, digest_id)
    digests.require_department(session, actor, digest.department_id)
    digests.schedule(session, digest, cadence, now)
    return digest_cards.describe(session, actor, [digest])[0]


def choose_department(session: Session, actor_id: int, digest_id: int, department_id: int | None) -> DigestCard:
    """Let a digest be about a department with all below it; None: about all. Raises DigestGone, DepartmentGone."""
    actor, digest = _mine(session, actor_id, digest_id)
    digests.require_department(session, actor, department_id)
    forgotten = stored.forget_profiles(session, digest.id)  # those of elsewhere would leave nothing
    _refocus(digest, changed=forgotten or digest.department_id != department_id)
    digest.department_id = department_id
    return digest_cards.describe(session, actor, [digest])[0]


def choose_profile(session: Session, actor_id: int, digest_id: int, profile_id: int, *, chosen: bool) -> None:
    """Let a digest be about a profile, or no longer; about all if none is left. Raises DigestGone, ProfileNotFound."""
    actor, digest = _mine(session, actor_id, digest_id)
    if not chosen:
        _refocus(digest, changed=stored.forget_profile(session, digest.id, profile_id))
    elif profiles.readable(session, digest_cards.scope_of(session, actor, digest), profile_id) is None:
        raise ProfileNotFound(profile_id)
    else:
        _refocus(digest, changed=stored.add_profile(session, digest.id, profile_id))


def choose_all_profiles(session: Session, actor_id: int, digest_id: int) -> DigestCard:
    """Let a digest be about all profiles of its department again, or about all. Raises DigestGone."""
    actor, digest = _mine(session, actor_id, digest_id)
    _refocus(digest, changed=stored.forget_profiles(session, digest.id))
    return digest_cards.describe(session, actor, [digest])[0]


def _refocus(digest: Digest, *, changed: bool) -> None:
    """Note that a digest is about something else from now on, if it is: its earlier runs open nothing then."""
    if changed:
        digest.focus = Digest.focus + 1


def be_quiet(session: Session, actor_id: int, digest_id: int, *, on: bool) -> DigestCard:
    """Choose whether a digest is sent when nobody joined. Raises DigestGone."""
    actor, digest = _mine(session, actor_id, digest_id)
    digest.quiet = on
    return digest_cards.describe(session, actor, [digest])[0]


def send_picture(session: Session, actor_id: int, digest_id: int, *, on: bool) -> DigestCard:
    """Let a picture follow a digest, or no longer. Raises DigestGone."""
    actor, digest = _mine(session, actor_id, digest_id)
    digest.picture = on
    return digest_cards.describe(session, actor, [digest])[0]


def send_spreadsheet(session: Session, actor_id: int, digest_id: int, *, on: bool, seen: int) -> DigestCard:
    """Let a spreadsheet follow a digest, also into its group, or no longer. Raises DigestGone, PreviewOutdated.

    `seen` is the card's `connected` as the person saw it: a yes to one group is none to another. Needs the permission
    to manage profiles too, as the history's export does.
    """
    authorise(session, actor_id, Permission.MANAGE_PROFILES)
    actor, digest = _mine(session, actor_id, digest_id)
    if seen != digest_cards.connected(digest):
        raise PreviewOutdated
    digest.spreadsheet = on
    return digest_cards.describe(session, actor, [digest])[0]


def bring_home(session: Session, actor_id: int, digest_id: int, now: datetime) -> DigestCard:
    """Let a digest come to the private chat, and no longer to its group. Raises DigestGone."""
    actor, digest = _mine(session, actor_id, digest_id)
    group_connections.disconnect(session, digest, actor_id, now)
    return digest_cards.describe(session, actor, [digest])[0]


def send(session: Session, actor_id: int, digest_id: int, now: datetime) -> None:
    """Queue a digest immediately, to its chat; the next one will cover what follows it.

    Raises DigestGone, and DepartmentGone if its department is deleted or no longer the person's: it would never come.
    """
    actor, digest = _mine(session, actor_id, digest_id)
    digests.require_department(session, actor, digest.department_id)
    digests.send(session, digest, (digest.chat_id, digest.thread_id), now)


def remove(session: Session, actor_id: int, digest_id: int, now: datetime) -> Named:
    """Delete a digest; it can be brought back for RESTORABLE, to the private chat. Raises DigestGone."""
    actor, digest = _mine(session, actor_id, digest_id)
    named = digest_cards.names(session, actor, [digest])[digest.id]
    group_connections.disconnect(session, digest, actor_id, now)
    digest.removed_at, digest.next_due, digest.main = now, None, False
    return named


def restore(session: Session, actor_id: int, digest_id: int, chat_id: int, now: datetime) -> DigestCard:
    """Bring a deleted digest back, to the private chat. Raises DigestGone, TooManyDigests."""
    actor = authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    stored.lock_recipient(session, actor_id)
    digest = stored.lock_own(session, actor_id, digest_id, removed=True)
    if digest is None or digest.removed_at is None or digest.removed_at <= now - RESTORABLE:
        raise DigestGone
    if not digest_cards.may_add(stored.of_user(session, actor_id)):
        raise TooManyDigests(MOST)
    digest.removed_at, digest.chat_id, digest.thread_id = None, chat_id, None
    digests.resume(session, digest, now)
    return digest_cards.describe(session, actor, [digest])[0]


def own(session: Session, user_id: int, digest_id: int) -> Digest:
    """Return one of a user's digests, locked. Rights are not checked here. Raises DigestGone."""
    if (digest := stored.lock_own(session, user_id, digest_id)) is None:
        raise DigestGone
    return digest


def sweep(session: Session, now: datetime) -> None:
    """Forget the deleted digests that can no longer be brought back."""
    stored.sweep(session, now - RESTORABLE)


def _mine(session: Session, actor_id: int, digest_id: int) -> tuple[Actor, Digest]:
    actor = authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    digest = own(session, actor_id, digest_id)
    if digest.connected_at is None:
        group_connections.bring_home(session, digest)  # the chat that it knows may be another person's by now
    return actor, digest
