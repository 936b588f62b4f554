"""How long data is kept: what the account decides about, with a preview of what ends at once, and what is fixed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.domain.reminders import KEPT as REMINDERS_KEPT
from core.domain.retention import Kept, read_days
from core.services import (
    access_requests,
    audit_log,
    dialogues,
    erasure,
    inbox,
    mail_outbox,
    mini_app,
    outbox,
    password_links,
    password_requests,
    pending_sign_ups,
    questions,
    searches,
    sessions,
    status_pages,
)
from core.services.audit_log import WHOLE_ACCOUNT, Action
from core.services.authorisation import authorise
from core.storage import account
from core.storage import retention as stored
from core.storage.tables import Account

BATCH = 100  # names that a transaction erases


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How long data is kept. `days` is what the account decides, None: for good. All else is fixed."""

    days: Mapping[Kept, int | None]
    log_in_unused: timedelta
    log_in_longest: timedelta
    waiting: timedelta
    status_pages: timedelta
    requests: timedelta
    granted: timedelta
    answered: timedelta
    mini_app: timedelta
    password_links: timedelta
    password_requests: timedelta
    received: timedelta
    sent: timedelta
    mailed: timedelta
    reminders: timedelta
    searches: timedelta
    forms: timedelta
    questions: timedelta


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change of how long something is kept, in days (None: for good), and how many people's data end at once."""

    kept: Kept
    before: int | None
    after: int | None
    ending: int

    @property
    def seen(self) -> str:
        """The fingerprint of what the question shows."""
        return fingerprint(self.kept, self.before, self.after, self.ending)


def retention(session: Session, actor_id: int) -> Retention:
    """Return how long what is kept. Like `change`, this needs the permission to manage the account."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    row = account.load(session)
    return Retention(
        days={kept: getattr(row, kept) for kept in Kept},
        log_in_unused=sessions.IDLE,
        log_in_longest=sessions.LIFETIME,
        waiting=pending_sign_ups.APPROVAL_TIME,
        status_pages=status_pages.KEPT,
        requests=access_requests.OPEN_FOR,
        granted=access_requests.PLACE_KEPT,
        answered=access_requests.REMEMBERED,
        mini_app=mini_app.VISIT_TIME,
        password_links=password_links.LIFETIME,
        password_requests=password_requests.KEPT,
        received=inbox.KEPT,
        sent=outbox.KEPT,
        mailed=mail_outbox.KEPT,
        reminders=REMINDERS_KEPT,
        searches=searches.KEPT,
        forms=dialogues.KEPT,
        questions=questions.OPEN_FOR,
    )


def preview(session: Session, actor_id: int, kept: Kept, text: str, now: datetime) -> Change:
    """Return what keeping something for so long would mean: days, or a word for no limit. Raises InvalidRetention."""
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    return _change_of(session, account.load(session), kept, read_days(kept, text), now)


def change(session: Session, actor_id: int, kept: Kept, text: str, now: datetime, *, seen: str | None = None) -> Change:
    """Keep something for as long as was typed; what is older ends within the hour.

    Raises InvalidRetention, PreviewOutdated.
    """
    authorise(session, actor_id, Permission.MANAGE_ACCOUNT)
    row = account.lock(session)
    changed = _change_of(session, row, kept, read_days(kept, text), now)
    refuse_if_outdated(seen, changed.seen)
    setattr(row, kept, changed.after)
    before, after = {kept.value: changed.before}, {kept.value: changed.after}
    audit_log.record(session, actor_id, Action.RETENTION_CHANGED, WHOLE_ACCOUNT, now, before=before, after=after)
    return changed


def sweep_lists(session: Session, now: datetime) -> None:
    """Delete the lists of expected people that are no longer kept."""
    stored.delete_expected(session, now - timedelta(days=account.load(session).lists_kept_days))


def sweep_names(session: Session, now: datetime) -> bool:
    """Erase the names of people who were deleted long enough ago; return whether there may be more of them."""
    days = account.load(session).names_kept_days
    if days is None:
        return False
    ended = stored.lock_deleted(session, now - timedelta(days=days), at_most=BATCH)
    for user in ended:
        erasure.erase_name(session, user)
        audit_log.record(session, None, Action.USER_ERASED, audit_log.of_user(user), now)
    return len(ended) == BATCH


def _change_of(session: Session, row: Account, kept: Kept, after: int | None, now: datetime) -> Change:
    before: int | None = getattr(row, kept)
    count = stored.count_listed if kept is Kept.LISTS else stored.count_deleted
    ending = 0 if after is None else count(session, now - timedelta(days=after))
    return Change(kept=kept, before=before, after=after, ending=ending)
