"""A profile's link sent again by e-mail to who hasn't signed up; from a roster's screen, to its people alone."""

from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.fingerprint import fingerprint, refuse_if_outdated
from core.domain.rosters import RosterOf
from core.services import audit_log, roster_additions
from core.services import profiles as profile_services
from core.services.audit_log import Action
from core.services.authorisation import authorise
from core.services.link_mails import LinkMails, Sending, addresses_of, candidates, holder_of, queue, summary


def resend(
    session: Session,
    actor_id: int,
    profile_id: int,
    now: datetime,
    sending: Sending,
    *,
    seen: str,
    of: RosterOf | None = None,
) -> LinkMails:
    """Queue the link again, personal or not as before, for those who haven't signed up and weren't written to lately.

    `of` and what is raised as in `link_mails.show`; also NoMailServer, PreviewOutdated, LinkClosed, NobodyToSend,
    TooManyMails.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profile_services.find_for_update(session, actor, profile_id)
    holder = holder_of(session, actor, of, profile_id)
    found = addresses_of(candidates(session, actor, profile_id, now, of).let_in)
    refuse_if_outdated(seen, fingerprint(sorted(found)))
    queue(session, actor_id, profile, found, now, sending)
    after = {"addresses": len(found)}
    audit_log.record(session, actor_id, Action.LINK_RESENT, profile_services.subject(profile), now, after=after)
    return summary(session, actor, profile, now, holder)


def add_to_lists(
    session: Session, actor_id: int, profile_id: int, now: datetime, *, seen: str, of: RosterOf | None = None
) -> LinkMails:
    """Put those who could get the link again on the rosters that would turn them away.

    `of` and what is raised as in `link_mails.show`; also PreviewOutdated, ListTooLong.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile = profile_services.editable(session, actor, profile_id)
    holder = holder_of(session, actor, of, profile_id)
    away = candidates(session, actor, profile_id, now, of).turned_away
    roster_additions.add(session, actor, profile_id, away, now, seen=seen)
    return summary(session, actor, profile, now, holder)
