"""Reminders that a manager sends: to expected people who haven't come, and to learners who are behind.

Nobody gets two on one day or more than three in a row, nobody is written to at night or at weekends, and who wants none
gets none.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.domain.left_out import LeftOut
from core.domain.reminders import KEPT, Occasion
from core.domain.rosters import RosterOf
from core.errors import LinkClosed
from core.services import link_letters, progress, roster_additions, roster_counts, roster_links
from core.services import profiles as profile_services
from core.services.authorisation import authorise
from core.services.link_letters import SENDABLE
from core.services.link_mails import Sending
from core.services.progress import Cohort, Which
from core.services.reminder_previews import Preview, Reminded, Wanted, preview, remind
from core.services.roster_counts import NONE_EXPECTED
from core.storage import profiles, reminder_candidates, reminders_to_expected
from core.storage import reminders as stored
from core.storage.progress import count, people_with
from core.storage.reminder_candidates import Candidate
from core.storage.reminders import Recipient
from core.storage.reminders_to_expected import Parted

OCCASIONS: Mapping[Which, Occasion] = {Which.NOT_STARTED: Occasion.NOT_STARTED, Which.OVERDUE: Occasion.OVERDUE}


def preview_missing(
    session: Session,
    actor_id: int,
    of: RosterOf,
    through: int,
    now: datetime,
    most: int | None,
    *,
    chosen: Collection[int] | None = None,
) -> Preview:
    """Return what reminding a roster's missing people would do, with the link of a profile that leads there.

    `chosen` are the numbers of those on the list who are to be reminded, None: all are. Raises ProfileNotFound,
    ProfileReadOnly, DepartmentGone, RootDepartment, LinkLeadsElsewhere.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    holder = roster_links.require(session, actor, of, through)
    counts = roster_counts.of_rosters(session, actor, [holder.of]).get(of, NONE_EXPECTED)
    parted = reminders_to_expected.parted(session, actor.scope, of, through)
    without_link = {reason: _chosen(people, chosen) for reason, people in parted.without_link.items()}
    wanted = Wanted(
        occasion=Occasion.NOT_COME,
        people=counts.missing if chosen is None else len(chosen),
        found=_among(_expected(session, of, through, now, parted), chosen),
        link=link_letters.link_content(session, through, actor_id, now).state,
        without_link=without_link,
        unlisted=roster_additions.unlisted(session, actor, through, _emails(without_link[LeftOut.NOT_LISTED])),
    )
    return preview(session, wanted, now, most)


def remind_missing(
    session: Session,
    actor_id: int,
    of: RosterOf,
    through: int,
    now: datetime,
    sending: Sending,
    *,
    seen: str,
    chosen: Collection[int] | None = None,
) -> Reminded:
    """Queue reminders to a roster's missing people, with the link of a profile that leads there.

    `chosen` as in the preview. Raises ProfileNotFound, ProfileReadOnly, DepartmentGone, RootDepartment,
    LinkLeadsElsewhere, PreviewOutdated, NoMailServer, LinkClosed, NobodyToRemind, TooManyMails.
    """
    actor = authorise(session, actor_id, Permission.MANAGE_PROFILES)
    profile_services.find_for_update(session, actor, through)
    holder = roster_links.require(session, actor, of, through)
    state = link_letters.link_content(session, through, actor_id, now).state
    if state not in SENDABLE:
        raise LinkClosed(state)
    parted = reminders_to_expected.parted(session, actor.scope, of, through)
    found = _among(_expected(session, of, through, now, parted), chosen)
    return remind(session, found, Occasion.NOT_COME, holder.subject, actor_id, sending, now=now, seen=seen)


def preview_behind(
    session: Session,
    actor_id: int,
    cohort: Cohort,
    which: Which,
    now: datetime,
    most: int | None,
    *,
    chosen: Collection[int] | None = None,
) -> Preview:
    """Return what reminding those of a cohort who are behind would do, or those `chosen` of them, by number.

    Raises ProfileNotFound, DepartmentGone.
    """
    people, _ = progress.chosen(session, actor_id, cohort)
    behind = people_with(people, which, now, cohort.course_id)
    found = _among(reminder_candidates.behind(session, behind), chosen)
    number = count(session, behind) if chosen is None else len(chosen)
    return preview(session, Wanted(occasion=OCCASIONS[which], people=number, found=found), now, most)


def remind_behind(
    session: Session,
    actor_id: int,
    cohort: Cohort,
    which: Which,
    now: datetime,
    sending: Sending,
    *,
    seen: str,
    chosen: Collection[int] | None = None,
) -> Reminded:
    """Queue reminders to those of a cohort who are behind, or to those `chosen` of them, by number.

    Raises ProfileNotFound, DepartmentGone, PreviewOutdated, NoMailServer, NobodyToRemind, TooManyMails.
    """
    people, subject = progress.chosen(session, actor_id, cohort)
    found = _among(reminder_candidates.behind(session, people_with(people, which, now, cohort.course_id)), chosen)
    return remind(session, found, OCCASIONS[which], subject, actor_id, sending, now=now, seen=seen)


def sweep(session: Session, now: datetime) -> None:
    """Forget who was reminded long ago."""
    stored.sweep(session, (now - KEPT).date())


def _expected(session: Session, of: RosterOf, through: int, now: datetime, parted: Parted) -> Sequence[Candidate]:
    """List those of a roster's people who can be reminded with the link of a profile that leads there."""
    [profile] = profiles.by_numbers(session, [through])
    return reminder_candidates.expected_of(session, of, profile, now, parted.can_come)


def _among(found: Sequence[Candidate], chosen: Collection[int] | None) -> Sequence[Candidate]:
    """Return those of the people who were chosen; None: all."""
    wanted = None if chosen is None else frozenset(chosen)
    return [each for each in found if wanted is None or each.recipient.number in wanted]


def _chosen(people: Sequence[Recipient], chosen: Collection[int] | None) -> Sequence[Recipient]:
    return [each for each in people if chosen is None or each.number in chosen]


def _emails(people: Iterable[Recipient]) -> set[str]:
    return {each.email for each in people}
