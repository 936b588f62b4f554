"""Digests: subscriptions, due dates and content. A person's main digest is the one that typed lines are about."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.cadence import Cadence, Frequency, next_due
from core.domain.outbox import Kind
from core.errors import Conflict, NotAllowed, NotSubscribed
from core.services import department_picker, digest_stops, group_connections, outbox
from core.services.authorisation import authorise
from core.services.digest_summaries import Asked, Summary, summaries
from core.storage import account, activations, actors, digests
from core.storage.database import refusing
from core.storage.tables import Digest

REST = timedelta(hours=3)  # after a digest that was late: the next one isn't right behind it
BATCH = 100


@dataclass(frozen=True, kw_only=True)
class Subscription:
    """A user's digest: its schedule (None: no schedule) and when it is due next (UTC, to be shown in `zone`).

    `chat_id` is where it comes, if it has a schedule; `group_title` is None unless that is a group with a known name.
    `stopped_at`: since then it could not be delivered, and it isn't due until its recipient resumes it.
    """

    cadence: Cadence | None
    next_due: datetime | None
    zone: ZoneInfo
    chat_id: int | None = None
    group_title: str | None = None
    stopped_at: datetime | None = None


def subscription(session: Session, actor_id: int) -> Subscription:
    """Return the schedule of the acting user's main digest. Needs the permission to receive digests."""
    authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    return described(session, digests.main_of(session, actor_id))


def described(session: Session, digest: Digest | None) -> Subscription:
    """Describe a digest; None: there is none. Rights are not checked here."""
    return Subscription(
        cadence=_cadence_of(digest) if digest else None,
        next_due=digest.next_due if digest else None,
        zone=account.zone(session),
        chat_id=digest.chat_id if digest else None,
        group_title=digest.group_title if digest else None,
        stopped_at=digest.stopped_at if digest else None,
    )


def subscribe(session: Session, actor_id: int, cadence: Cadence, chat_id: int, now: datetime) -> Subscription:
    """Schedule the acting user's main digest, sent to their private chat. Needs the permission to receive digests.

    A group that got it until now is disconnected. Raises DepartmentGone if its department is no longer the person's.
    """
    actor = authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    digest = digests.lock(session, actor_id)
    if digest is not None:
        require_department(session, actor, digest.department_id)
        group_connections.disconnect(session, digest, actor_id, now)
    return schedule(session, own(session, actor_id, chat_id, None), cadence, now)


def require_department(session: Session, actor: Actor, department_id: int | None) -> None:
    """Raise DepartmentGone if the department that a digest is about is deleted, or no longer the actor's."""
    if department_id is not None:
        department_picker.require(session, actor, department_id)


def schedule(session: Session, digest: Digest, cadence: Cadence, now: datetime) -> Subscription:
    """Give a locked digest another schedule. Rights are not checked here."""
    digest.frequency, digest.at, digest.day = cadence.frequency, f"{cadence.at:%H:%M}", cadence.day
    resume(session, digest, now)
    return described(session, digest)


def resume(session: Session, digest: Digest, now: datetime) -> None:
    """Let the schedule that a locked digest has go on. Rights are not checked here."""
    digest.stopped_at = None
    group_connections.forget_loss(digest)
    reschedule(session, digest, account.zone(session), now)


def unsubscribe(session: Session, actor_id: int, now: datetime, *, chat_id: int | None = None) -> None:
    """End the schedule of the digest that a group gets, or else of the acting user's main one. Raises NotSubscribed."""
    authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    there = None if chat_id is None else digests.lock_in_chat(session, actor_id, chat_id)
    if (digest := there or digests.lock(session, actor_id)) is None or digest.frequency is None:
        raise NotSubscribed
    stop_one(session, digest, actor_id, now)


def give_up(session: Session, user_id: int, run_id: int, now: datetime) -> None:
    """Stop what a user may no longer read: all digests, or that of a run if it is only its department that is lost.

    They are notified of the latter, others of the former.
    """
    actor = actors.find(session, user_id)
    if actor is None or not actor.may(Permission.RECEIVE_DIGESTS):
        digest_stops.stop_all(session, user_id, Kind.DIGEST_RIGHT_LOST, now)
    elif (digest := digests.lock_of_run(session, user_id, run_id)) and digest_stops.stop(session, [digest], now):
        outbox.notify(session, user_id, Kind.DIGEST_STOPPED, digest.id, now)


def stop_one(session: Session, digest: Digest, by_id: int | None, now: datetime) -> None:
    """End the schedule of a locked digest. Rights are not checked here."""
    group_connections.disconnect(session, digest, by_id, now)
    group_connections.forget_loss(digest)
    digest.frequency = digest.next_due = digest.stopped_at = None


def request(session: Session, actor_id: int, chat_id: int, now: datetime, *, thread_id: int | None = None) -> None:
    """Queue the acting user's main digest immediately; the next one will cover what follows it.

    It is sent to this chat; an existing schedule and its chat stay as they are, and the period, too, if that chat is
    another one. Raises DepartmentGone if its department is no longer the person's.
    """
    actor = authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    last = activations.last_settled_number(session)
    digest = digests.lock(session, actor_id) or own(session, actor_id, chat_id, thread_id)
    require_department(session, actor, digest.department_id)
    _run(session, digest, last, due_at=None, now=now, chat=(chat_id, thread_id))


def send(session: Session, digest: Digest, chat: tuple[int, int | None], now: datetime) -> None:
    """Queue a locked digest immediately, to a chat or a topic of it. Rights are not checked here."""
    last = activations.last_settled_number(session)
    _run(session, digest, last, due_at=None, now=now, chat=chat)


def any_due(session: Session, now: datetime) -> bool:
    """Return whether `queue_due` has anything to do; cheap, without locks."""
    return digests.any_due(session, now)


def queue_due(session: Session, now: datetime) -> int:
    """Queue the digests that are due, each once, and set when they are due next; return how many.

    After downtime of any length, one digest covers everything that was missed; what would be due within REST after it
    is left to the one that follows. A digest that has run for this instant already is only set to its next one: it
    must not hold up the others.
    """
    last = activations.last_settled_number(session)
    taken = digests.due(session, now, at_most=BATCH)
    zone = account.zone(session)  # read after the digests are locked, which a change of the zone waits for
    queued = 0
    for digest in taken:
        due_at = digest.next_due
        queued += _run(session, digest, last, due_at=due_at, now=now, chat=(digest.chat_id, digest.thread_id))
        reschedule(session, digest, zone, now + REST)
    return queued


def summary(
    session: Session, recipient_id: int, run_id: int, *, chat_id: int | None = None, in_detail: bool = False
) -> Summary:
    """Return a digest's content, according to the recipient's current rights. Raises NotAllowed.

    `chat_id`: as in `Asked`.
    """
    asked = Asked(recipient_id=recipient_id, run_id=run_id, chat_id=chat_id)
    found = summaries(session, [asked], in_detail=in_detail)
    if not found:
        raise NotAllowed
    return next(iter(found.values()))


def again(session: Session, actor_id: int, run_id: int, *, chat_id: int | None = None) -> Summary | None:
    """Return one of the acting user's digests in detail, by their rights now; None if there is no such one.

    `chat_id`: as in `Asked`.
    """
    authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    is_own = digests.is_own_run(session, actor_id, run_id)
    return summary(session, actor_id, run_id, chat_id=chat_id, in_detail=True) if is_own else None


def reschedule(session: Session, digest: Digest, zone: ZoneInfo, now: datetime) -> None:
    """Set when a digest is due next; without a schedule, never.

    It is always after the last due instant, even if this process's clock is behind that of the one that queued it.
    """
    last_due = digests.last_due(session, digest.id)
    digest.next_due = due_after(digest, zone, max(now, last_due or now))


def due_after(digest: Digest, zone: ZoneInfo, moment: datetime) -> datetime | None:
    """Return when a digest's schedule has it come after a moment (UTC); without a schedule, never."""
    cadence = _cadence_of(digest)
    return next_due(cadence, zone, moment) if cadence else None


def _cadence_of(digest: Digest) -> Cadence | None:
    if digest.frequency is None or digest.at is None:
        return None
    return Cadence(frequency=Frequency(digest.frequency), at=time.fromisoformat(digest.at), day=digest.day or 0)


def own(session: Session, user_id: int, chat_id: int, thread_id: int | None) -> Digest:
    """Return a user's locked main digest, from now on sent to this chat or topic. Rights are not checked here."""
    digest = digests.lock(session, user_id)
    if digest is None:
        digest = Digest(user_id=user_id, main=True, chat_id=chat_id, reported_through=0)
        with refusing(session, uq_digest_user_id=Conflict()):
            session.add(digest)
    digest.chat_id, digest.thread_id = chat_id, thread_id
    return digest


def _run(
    session: Session,
    digest: Digest,
    last: int,
    *,
    due_at: datetime | None,
    now: datetime,
    chat: tuple[int, int | None],
) -> bool:
    """Add a run and queue its message; return False if the digest has run for this instant already."""
    covers = {"covers_after": digest.reported_through, "covers_through": last}
    since = {"covers_since": digest.reported_at, "covers_until": now}
    run_id = digests.add_run(session, digest_id=digest.id, due_at=due_at, focus=digest.focus, **covers, **since)
    if run_id is None:
        return False
    chat_id, thread_id = chat
    if _is_home(digest, chat_id):
        digest.reported_through, digest.reported_at = last, now
    outbox.queue(session, digest.user_id, chat_id, Kind.DIGEST, run_id, now, thread_id=thread_id)
    for kind in _files(digest, chat_id):
        to = digest.user_id, chat_id, kind, run_id, now
        outbox.queue(session, *to, thread_id=thread_id)
    return True


def _is_home(digest: Digest, chat_id: int) -> bool:
    """Return whether a chat is the one that a digest goes to: a copy elsewhere leaves those there their period."""
    return chat_id == digest.chat_id or (digest.connected_at is None and chat_id > 0)


def _files(digest: Digest, chat_id: int) -> list[Kind]:
    """Return what follows a digest's text. A group gets a spreadsheet only if it was turned on for that group."""
    may_hold_people = chat_id > 0 or (chat_id == digest.chat_id and digest.connected_at is not None)
    wanted = {
        Kind.DIGEST_PICTURE: digest.picture,
        Kind.DIGEST_SPREADSHEET: digest.spreadsheet and may_hold_people,
    }
    return [kind for kind, is_wanted in wanted.items() if is_wanted]
