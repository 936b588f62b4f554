"""Digests in groups: asked for in the group, confirmed by the recipient in private, recorded, listed and revocable.

A group's members read what the recipient may see, so neither a line in the group nor a tap there is enough.
"""

from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.cadence import Cadence, Frequency
from core.domain.outbox import Kind
from core.domain.text import tidy
from core.errors import NotSubscribed, QuestionClosed
from core.services import audit_log, digest_cards, digest_editing, digests, group_connections, outbox, questions
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.digest_cards import Named
from core.services.digests import Subscription
from core.services.questions import About
from core.storage import digests as stored
from core.storage.tables import Digest, User

LONGEST_TITLE = 255  # characters (Bot API: 1-128 when it is set)


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group as its members see it; the title is a stranger's text."""

    chat_id: int
    thread_id: int | None
    title: str


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a question asks for: a schedule in a group, or one digest (`cadence` None); the title is tidied.

    `named`: the digest that it is about, if it was chosen before; None: the main one, or one of `others`.

    `instead_of` is the schedule that ends by a confirmation, because a digest goes to one chat. `others` are the
    recipient's digests that could go there instead of the main one.
    """

    title: str
    cadence: Cadence | None
    instead_of: Subscription | None = None
    named: Named | None = None
    others: tuple[Named, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Connection:
    """A group that gets a person's digest; an empty title is unknown."""

    digest_id: int
    title: str
    person: str
    connected_at: datetime


def order(session: Session, actor_id: int, group: Group, cadence: Cadence | None, now: datetime) -> Subscription | None:
    """Change the schedule of a digest that the group gets already, or send it now (`cadence` None).

    Of several digests that it gets, the first is meant.
    Return None if the acting user is asked first, in their private chat. Needs the permission to receive digests.
    Raises DepartmentGone if what the digest is about is deleted, or no longer the acting user's.
    """
    actor = authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    digest = stored.lock_in_chat(session, actor_id, group.chat_id)
    if digest is None:
        _ask(session, actor_id, group, cadence, now)
        return None
    digests.require_department(session, actor, digest.department_id)
    if cadence is None:
        digests.send(session, digest, (group.chat_id, group.thread_id), now)
        return digests.described(session, digest)
    digest.thread_id = group.thread_id
    return digests.schedule(session, digest, cadence, now)


def order_move(session: Session, actor_id: int, group: Group, digest_id: int, now: datetime) -> bool:
    """Ask the acting user in their private chat whether this digest of theirs shall go to a group, when it comes now.

    False, and nothing is asked, if it goes there already. Needs the permission to receive digests. Raises DigestGone,
    and DepartmentGone if what the digest is about is deleted, or no longer the acting user's.
    """
    actor = authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    digest = digest_editing.own(session, actor_id, digest_id)
    digests.require_department(session, actor, digest.department_id)
    if digest.connected_at is not None and digest.chat_id == group.chat_id:
        return False
    cadence = digests.described(session, digest).cadence or digest_editing.USUAL
    _ask(session, actor_id, group, cadence, now, digest_id=digest_id)
    return True


def wanted(session: Session, recipient_id: int, question_id: int, now: datetime) -> Wanted:
    """Return what a question asks for. Raises QuestionClosed."""
    actor = authorise(session, recipient_id, Permission.RECEIVE_DIGESTS)
    body = questions.read(session, recipient_id, question_id, About.GROUP_DIGEST, now)
    if (chosen := body.get("digest_id")) is not None:
        if (digest := stored.find_own(session, recipient_id, chosen)) is None:
            raise QuestionClosed
        asked = _wanted(body, _elsewhere(session, digest, body["chat_id"]))
        return replace(asked, named=digest_cards.names(session, actor, [digest])[digest.id])
    asked = _wanted(body, _elsewhere(session, stored.main_of(session, recipient_id), body["chat_id"]))
    return replace(asked, others=digest_cards.besides_main(session, actor))


def confirm(
    session: Session, actor_id: int, question_id: int, now: datetime, *, digest_id: int | None = None
) -> Wanted:
    """Do what was asked for in a group, and record it: with the digest it was asked for, the main one, or another.

    Raises QuestionClosed, DigestGone if that one is deleted, and DepartmentGone if its department is.
    """
    actor = authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    body = questions.answer(session, actor_id, question_id, About.GROUP_DIGEST, now)
    chat, digest_id = (body["chat_id"], body["thread_id"]), digest_id or body.get("digest_id")
    earlier = stored.lock(session, actor_id) if digest_id is None else digest_editing.own(session, actor_id, digest_id)
    if earlier is not None:
        digests.require_department(session, actor, earlier.department_id)
    asked = _wanted(body, _elsewhere(session, earlier, body["chat_id"]))
    subject = group_connections.subject(session.get_one(User, actor_id), body["title"])
    if asked.cadence is None:
        digests.send(session, earlier or _at_home(session, actor_id, chat), chat, now)
        audit_log.record(session, actor_id, Action.DIGEST_SENT_TO_GROUP, subject, now)
        return asked
    if earlier is not None:
        group_connections.disconnect(session, earlier, actor_id, now)
    digest = earlier or digests.own(session, actor_id, *chat)
    digest.chat_id, digest.thread_id = chat
    digest.connected_at, digest.group_title = now, asked.title
    digest.spreadsheet = False  # nobody was asked whether the group may have addresses
    digests.schedule(session, digest, asked.cadence, now)
    audit_log.record(session, actor_id, Action.GROUP_CONNECTED, subject, now)
    outbox.queue(session, actor_id, digest.chat_id, Kind.GROUP_CONNECTED, digest.id, now, thread_id=digest.thread_id)
    return asked


def decline(session: Session, actor_id: int, question_id: int, now: datetime) -> None:
    """Close the question, so that nothing happens. Raises QuestionClosed."""
    authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    questions.answer(session, actor_id, question_id, About.GROUP_DIGEST, now)


def connections(session: Session, actor_id: int) -> tuple[Connection, ...]:
    """List the groups that get digests: all for those who manage the account, one's own for others."""
    actor = authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    manages = actor.may(Permission.MANAGE_ACCOUNT)
    return tuple(
        Connection(
            digest_id=digest.id,
            title=digest.group_title or "",
            person=user.full_name,
            connected_at=digest.connected_at,
        )
        for digest, user in stored.in_groups(session)
        if digest.connected_at is not None and (manages or user.id == actor_id)
    )


def revoke(session: Session, actor_id: int, digest_id: int, now: datetime) -> None:
    """End a digest that goes to a group, one's own or, with the permission to manage the account, another person's.

    The recipient is notified if it was another one who ended it. Raises NotSubscribed.
    """
    actor = authorise(session, actor_id, Permission.RECEIVE_DIGESTS)
    digest = stored.lock_by_number(session, digest_id)
    permitted = digest is not None and (digest.user_id == actor_id or actor.may(Permission.MANAGE_ACCOUNT))
    if digest is None or not permitted or digest.connected_at is None:
        raise NotSubscribed
    digests.stop_one(session, digest, actor_id, now)
    if digest.user_id != actor_id:
        outbox.notify(session, digest.user_id, Kind.GROUP_REVOKED, actor_id, now)


def connected(session: Session, recipient_id: int, digest_id: int) -> Subscription:
    """Return the schedule of a digest that goes to a group, for the note there. Raises NotSubscribed."""
    authorise(session, recipient_id, Permission.RECEIVE_DIGESTS)
    digest = stored.find_own(session, recipient_id, digest_id)
    if digest is None or digest.connected_at is None:
        raise NotSubscribed
    return digests.described(session, digest)


def _ask(
    session: Session,
    actor_id: int,
    group: Group,
    cadence: Cadence | None,
    now: datetime,
    *,
    digest_id: int | None = None,
) -> None:
    body = {
        "digest_id": digest_id,
        "chat_id": group.chat_id,
        "thread_id": group.thread_id,
        "title": tidy(group.title[:LONGEST_TITLE]),
        "cadence": None if cadence is None else [cadence.frequency, f"{cadence.at:%H:%M}", cadence.day],
    }
    question_id = questions.ask(session, actor_id, About.GROUP_DIGEST, body, now)
    outbox.notify(session, actor_id, Kind.GROUP_WANTED, question_id, now)


def _at_home(session: Session, user_id: int, chat: tuple[int, int | None]) -> Digest:
    """Add a main digest, of which a group gets one now and no later one."""
    digest = digests.own(session, user_id, *chat)
    group_connections.bring_home(session, digest)
    return digest


def _elsewhere(session: Session, digest: Digest | None, chat_id: int) -> Subscription | None:
    """Return the schedule of a digest that goes to another chat than this one."""
    if digest is None or digest.next_due is None or digest.chat_id == chat_id:
        return None
    return digests.described(session, digest)


def _wanted(body: Any, instead_of: Subscription | None) -> Wanted:  # noqa: ANN401 - as `_ask` wrote it
    if body["cadence"] is None:
        return Wanted(title=body["title"], cadence=None)
    frequency, at, day = body["cadence"]
    return Wanted(
        title=body["title"],
        cadence=Cadence(frequency=Frequency(frequency), at=time.fromisoformat(at), day=day),
        instead_of=instead_of,
    )
