"""The rounds of reminders by rules: once on each working day of the account's zone, in batches.

Any number of processes may go on with a round: they take turns on its row, and a reminder is unique by person and day.
What a process that died has not committed, the next one does.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from core.domain.reminder_rules import Rule
from core.domain.reminders import KEPT, Occasion, next_round, round_of
from core.domain.rosters import RosterOf
from core.language import SOURCE
from core.services import link_mails, reminder_choices, reminder_queue, reminders_in_vain
from core.services.reminder_choices import Choice
from core.storage import account, reminder_candidates, reminder_rules
from core.storage import reminders as stored
from core.storage.reminder_candidates import Candidate
from core.storage.tables import ReminderRound

LEARNERS, MOST_PEOPLE, MOST_LISTS = 200, 500, 50  # of a batch
SECOND = timedelta(seconds=1)


def any_due(session: Session, now: datetime) -> bool:
    """Return whether `advance` has anything to do; cheap, without locks."""
    zone = account.zone(session)
    at = round_of(now, zone)
    return (
        at is not None
        and reminder_rules.any_on(session, at)
        and not reminder_rules.has_ended(session, now.astimezone(zone).date())
    )


def advance(session: Session, now: datetime, most: int | None) -> bool:
    """Queue the next batch of the day's reminders, `most` e-mails with links a day; return whether there may be more.

    Without a mail server (`most` None), or when the day's e-mails are used up, it reminds only people who connected
    their Telegram; the next round is for the others, too.
    """
    zone = account.zone(session)
    at = round_of(now, zone)
    if at is None:
        return False
    place = reminder_rules.lock_round(session, now.astimezone(zone).date())
    for earlier in reminder_rules.lock_unended(session, place.day):
        _end(session, earlier, now)
    if place.ended_at is not None:
        return False
    is_mailed = most is not None and link_mails.left_today(session, now, most) > 0
    chosen = _next(session, place, at, zone, now, most if is_mailed else None)
    if chosen is None:
        _end(session, place, now)
        return False
    _queue(session, chosen, place, now, most)
    return True


def sweep(session: Session, now: datetime) -> None:
    """Delete the rounds of long ago."""
    reminder_rules.sweep(session, (now - KEPT).date())


def _end(session: Session, place: ReminderRound, now: datetime) -> None:
    """End a locked round, and tell managers who was reminded in vain; also of a day when no process came that far."""
    place.ended_at = now
    session.flush()
    reminders_in_vain.tell(session, place.day, now)


def _next(
    session: Session, place: ReminderRound, at: datetime, zone: ZoneInfo, now: datetime, most: int | None
) -> Choice | None:
    """Return whom to remind next, maybe nobody, and move the round on; None: there is nobody left.

    A place whose rule was changed after the round began has none until the next one, whatever holds above it.
    """
    rules, following = reminder_rules.rules(session), next_round(at + SECOND, zone)
    expected = None if most is None else _expected(session, place, rules, at, following, now)
    return expected or _learners(session, place, rules, at, following, most)


def _expected(
    session: Session, place: ReminderRound, rules: Sequence[Rule], at: datetime, following: datetime, now: datetime
) -> Choice | None:
    if not account.public(session).sign_up_enabled or not _any_on(rules, Occasion.NOT_COME):
        return None
    for _ in range(MOST_LISTS):
        found = _next_list(session, place, now)
        if found is None:
            return None
        of, candidates = found
        people = _wanting(session, candidates, place.day)
        chosen = reminder_choices.choose(session, people, rules, at, following)
        left = chosen.remind[Occasion.NOT_COME]
        if len(left) <= MOST_PEOPLE:
            place.through_profile = of.profile_id or place.through_profile
            place.through_department = of.department_id or place.through_department
        if left or chosen.tell:
            return Choice(remind={Occasion.NOT_COME: left[:MOST_PEOPLE]}, tell=chosen.tell)
    return Choice()


def _next_list(session: Session, place: ReminderRound, now: datetime) -> tuple[RosterOf, list[Candidate]] | None:
    """Return the round's next list of expected people, and those of them who can be reminded; None after the last."""
    profiles = reminder_candidates.expecting(session, now, after=place.through_profile, at_most=1)
    if profiles:
        return RosterOf(profile_id=profiles[0].id), reminder_candidates.expected(session, profiles)
    departments = reminder_candidates.departments_expecting(session, after=place.through_department, at_most=1)
    if departments:
        of = RosterOf(department_id=departments[0])
        return of, reminder_candidates.expected_in(session, departments, now)
    return None


def _learners(
    session: Session, place: ReminderRound, rules: Sequence[Rule], at: datetime, following: datetime, most: int | None
) -> Choice | None:
    if not _any_on(rules, Occasion.NOT_STARTED, Occasion.DUE_SOON, Occasion.OVERDUE):
        return None
    until = following + timedelta(days=max((rule.days for rule in rules), default=0))
    found = reminder_candidates.learners(session, until, after=place.through_user, at_most=LEARNERS)
    if not found:
        return None
    place.through_user = max(each.recipient.user_id or 0 for each in found)
    within_reach = [each for each in found if reminder_queue.is_reached(each.recipient, most)]
    return reminder_choices.choose(session, _wanting(session, within_reach, place.day), rules, at, following)


def _wanting(session: Session, found: Sequence[Candidate], day: date) -> list[Candidate]:
    """Leave out those who want no reminders, or have one on this day already."""
    people = [each.recipient for each in found]
    without = stored.stopped(session, people) | stored.reminded_on(session, day, people)
    return [each for each in found if each.recipient.key not in without]


def _any_on(rules: Sequence[Rule], *occasions: Occasion) -> bool:
    return any(rule.on and rule.occasion in occasions for rule in rules)


def _queue(session: Session, chosen: Choice, place: ReminderRound, now: datetime, most: int | None) -> None:
    stored.set_told(session, chosen.tell, place.day)
    reminder_queue.queue(session, chosen.remind, None, now, now, SOURCE, most or 0)
