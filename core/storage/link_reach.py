"""SQL conditions on those to whom links were sent by e-mail: what became of the newest message, and who signed up."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, case, exists, false, func, or_, select

from core.domain.access import Scope
from core.domain.link_mails import Reached, Waiting
from core.domain.mail import NEVER_SENT
from core.domain.outbox import AT_ONCE, OPEN, MessageState
from core.storage import roster_matches
from core.storage.departments import within
from core.storage.tables import Activation, ExpectedPerson, LinkRecipient, OutgoingMail, PendingSignUp, User, table_of

EVERYWHERE = Scope(everywhere=True)

ADDRESSES = (  # of who signed up, of who waits for an approval, and of who has not confirmed theirs yet
    (Activation, User.email.expression),
    (PendingSignUp, User.email.expression),
    (PendingSignUp, PendingSignUp.email.expression),
)


def times_written_to() -> ColumnElement[int]:
    """Count a recipient's messages without their repetitions, and without those that were never sent."""
    mail = table_of(OutgoingMail).alias()
    is_counted = mail.c.repetition == 0, or_(mail.c.reason.is_(None), mail.c.reason.not_in(NEVER_SENT))
    earlier = select(func.count()).where(mail.c.recipient_id == LinkRecipient.id, *is_counted)
    return earlier.correlate(LinkRecipient).scalar_subquery()


def is_newest() -> ColumnElement[bool]:
    """Join the newest message of each recipient: the last attempt, or its repetition."""
    mail = table_of(OutgoingMail).alias()
    newest = select(func.max(mail.c.id)).where(mail.c.recipient_id == LinkRecipient.id)
    return OutgoingMail.id == newest.correlate(LinkRecipient).scalar_subquery()


def came(scope: Scope = EVERYWHERE) -> ColumnElement[bool]:
    """Whether a recipient signed up, or waits for an answer: with their address, or through their personal link.

    Or by what a list of expected people has of them. As somebody who is within the scope now.
    """
    seen = () if scope.everywhere else (within(scope, User.department_id.expression),)
    by_address = (
        select(made.user_id)
        .join(User, User.id == made.user_id)
        .where(made.profile_id == LinkRecipient.profile_id, address == LinkRecipient.email, *seen)
        for made, address in ADDRESSES
    )
    by_link = (
        select(made.user_id).join(User, User.id == made.user_id).where(made.link_id == LinkRecipient.link_id, *seen)
        for made in (Activation, PendingSignUp)
    )
    known = () if scope.everywhere else (within(scope, Activation.learner_department_id.expression),)
    named, through = ExpectedPerson.email == LinkRecipient.email, Activation.profile_id == LinkRecipient.profile_id
    by_list = (each.where(*known) for each in roster_matches.by_other_marks(named, through))
    return or_(*(exists(found.correlate(LinkRecipient)) for found in (*by_address, *by_link, *by_list)))


def may_have_it() -> ColumnElement[bool]:
    """Whether a recipient got the link, may have got it, or is about to get it, whatever became of later messages."""
    mail = table_of(OutgoingMail).alias()
    possible = mail.c.state.in_([*OPEN, MessageState.SENT, MessageState.UNKNOWN])
    return exists().where(mail.c.recipient_id == LinkRecipient.id, possible).correlate(LinkRecipient)


def is_in_doubt() -> ColumnElement[bool]:
    """Whether a message may have arrived: its last repetition isn't known to have, or wasn't sent any more."""
    not_repeated = (OutgoingMail.repetition > 0) & OutgoingMail.reason.in_(NEVER_SENT)
    return or_(OutgoingMail.state == MessageState.UNKNOWN, func.coalesce(not_repeated, false()))


def has_account(scope: Scope) -> ColumnElement[bool]:
    """Whether somebody within the scope now has a recipient's address: of others nobody learns that they do."""
    theirs = select(User.id).where(User.email == LinkRecipient.email, within(scope, User.department_id.expression))
    return exists(theirs.correlate(LinkRecipient))


def put_off_until() -> ColumnElement[datetime | None]:
    """Return until when a message waits that the mail server didn't accept for the moment."""
    put_off = (OutgoingMail.state == MessageState.WAITING) & OutgoingMail.reason.is_not(None)
    return case((put_off & (OutgoingMail.not_before > AT_ONCE), OutgoingMail.not_before))


def waiting(reached: str, since: datetime | None, reason: str | None, next_at: datetime | None) -> Waiting | None:
    """Return what is known of a message by its columns if it waits to be sent."""
    if reached != Reached.QUEUED or since is None:
        return None
    return Waiting(since=since, reason=reason, next_at=next_at)


def reached() -> ColumnElement[str]:
    """Return how far a recipient has come, as `Reached` names it, beside their newest message."""
    return _first_step(())


def reached_within(scope: Scope) -> ColumnElement[str]:
    """Return the same, but tell those whose address somebody within the scope has from the others."""
    return _first_step([(has_account(scope), Reached.HAS_ACCOUNT)])


def _first_step(known: Sequence[tuple[ColumnElement[bool], Reached]]) -> ColumnElement[str]:
    return case(
        (came(), Reached.SIGNED_UP),
        (LinkRecipient.withdrawn_at.is_not(None), Reached.WITHDRAWN),
        (OutgoingMail.state.in_(OPEN), Reached.QUEUED),
        *known,
        (OutgoingMail.state == MessageState.SENT, Reached.SENT),
        (is_in_doubt(), Reached.UNKNOWN),
        (or_(OutgoingMail.id.is_(None), OutgoingMail.reason.in_(NEVER_SENT)), Reached.UNSENT),
        else_=Reached.REFUSED,
    )
