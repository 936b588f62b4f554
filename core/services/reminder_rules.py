"""Rules of reminders: of a profile, of a department and those below it, or of the account; each on, off, or as above.

All are off until a manager turns them on. What each would do is previewed, whether it is on or not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Select
from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.naming import format_path
from core.domain.reminder_rules import BY_URGENCY, DAYS, MOST_DAYS, Place, Rule, holding
from core.domain.reminders import Occasion, next_round
from core.errors import InvalidDays
from core.services import audit_log, department_lookup, reminder_choices
from core.services import profiles as profile_services
from core.services.audit_log import WHOLE_ACCOUNT, Action, Subject
from core.services.authorisation import authorise
from core.services.reminder_queue import by_mail
from core.storage import account, departments, progress, reminder_candidates, reminders
from core.storage import profiles as stored_profiles
from core.storage import reminder_rules as stored
from core.storage.reminder_candidates import Candidate
from core.storage.reminders import Recipient

MOST_COUNTED, MOST_LISTS = 2000, 50  # learners, and lists of profiles and of departments, that a preview looks at
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class RuleShown:
    """A rule as it holds at a place: its `own` one, or one `inherited` from a department above it or the account.

    It is neither, and off, if nobody has turned it on or off. `people` would be reminded by it in the next round, if it
    is or were on, `mails` of them by e-mail, and not at all without a mail server; `more`: at least so many.
    """

    occasion: Occasion
    days: int
    on: bool
    own: bool
    inherited: bool
    people: int
    mails: int
    more: bool


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The rules of a place: of a profile (`name`), a department (`path`) or the account (neither).

    The next round is at a moment (UTC). While `sign_up_off`, nobody is reminded to come.
    """

    place: Place
    name: str
    path: tuple[str, ...]
    rules: tuple[RuleShown, ...]
    at: datetime
    sign_up_off: bool = False

    def of(self, occasion: Occasion) -> RuleShown:
        """Return the rule of an occasion."""
        return next(each for each in self.rules if each.occasion is occasion)


def find(session: Session, actor_id: int, path: str) -> Place:
    """Return the department that a path names. Raises DepartmentNotFound, DepartmentAmbiguous."""
    actor = authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    return Place(department_id=department_lookup.find(session, actor, path))


def show(session: Session, actor_id: int, place: Place, now: datetime) -> Rules:
    """Return the rules of a place. Raises ProfileNotFound, ProfileReadOnly, DepartmentGone.

    A profile needs the permission to manage profiles, a department that to manage people, all else that to manage the
    account.
    """
    actor = _authorised(session, actor_id, place)
    subject = _subject(session, actor, place)
    zone = account.zone(session)
    at = next_round(now + SECOND, zone)
    rules, above = stored.rules(session), _above(session, place)
    held = holding(rules, place.profile_id, above)
    tried = [_tried(held.get(each), place, each, at) for each in Occasion]
    people, at_least = _would_remind(session, actor, tried, rules, at)
    return Rules(
        place=place,
        name=subject.name if place.profile_id is not None else "",
        path=() if place.department_id is None else departments.path(session, place.department_id),
        rules=tuple(
            _shown(each, held.get(each.occasion), people[each.occasion], more=each.occasion in at_least)
            for each in tried
        ),
        at=at,
        sign_up_off=not account.public(session).sign_up_enabled,
    )


def _shown(tried: Rule, held: Rule | None, people: Sequence[Recipient], *, more: bool) -> RuleShown:
    """Return the rule `held` at a place, if any, with whom it would remind if it were on, as `tried`."""
    return RuleShown(
        occasion=tried.occasion,
        days=tried.days,
        on=held is not None and held.on,
        own=held is not None and held.place == tried.place,
        inherited=held is not None and held.place != tried.place,
        people=len(people),
        mails=by_mail(people),
        more=more,
    )


def change(
    session: Session,
    actor_id: int,
    place: Place,
    occasion: Occasion,
    now: datetime,
    *,
    on: bool | None,
    days: int | None,
) -> Rules:
    """Turn a rule of a place on or off, or let it hold so many days after or before (None: as it is), from now on.

    Raises InvalidDays, and whatever `show` raises.
    """
    actor = _authorised(session, actor_id, place)
    subject = _subject(session, actor, place)
    account.lock(session)
    if days is not None and not 0 <= days <= MOST_DAYS:
        raise InvalidDays(str(days), MOST_DAYS)
    before = holding(stored.rules(session), place.profile_id, _above(session, place)).get(occasion)
    length = days if days is not None else before.days if before else DAYS[occasion]
    is_on = on if on is not None else before is not None and before.on
    stored.keep(session, Rule(occasion=occasion, place=place, days=length, on=is_on, since=now))
    _record(session, actor_id, subject, occasion, now, {"on": is_on, "after": length})
    return show(session, actor_id, place, now)


def inherit(session: Session, actor_id: int, place: Place, occasion: Occasion, now: datetime) -> Rules:
    """Let a place have the rule of what is above it. Raises whatever `show` raises."""
    actor = _authorised(session, actor_id, place)
    subject = _subject(session, actor, place)
    account.lock(session)
    stored.remove(session, place, occasion)
    _record(session, actor_id, subject, occasion, now, {"own": False})
    return show(session, actor_id, place, now)


def _record(
    session: Session, actor_id: int, subject: Subject, occasion: Occasion, now: datetime, after: dict[str, object]
) -> None:
    changed = {"occasion": occasion.value, **after}
    audit_log.record(session, actor_id, Action.REMINDERS_CHANGED, subject, now, after=changed)


def _authorised(session: Session, actor_id: int, place: Place) -> Actor:
    if place.profile_id is not None:
        return authorise(session, actor_id, Permission.MANAGE_PROFILES)
    if place.department_id is not None:
        return authorise(session, actor_id, Permission.MANAGE_PEOPLE)
    return authorise(session, actor_id, Permission.MANAGE_ACCOUNT)


def _subject(session: Session, actor: Actor, place: Place) -> Subject:
    """Return what an entry of the audit log is about. Raises ProfileNotFound, ProfileReadOnly, DepartmentGone."""
    if place.profile_id is not None:
        return profile_services.subject(profile_services.editable(session, actor, place.profile_id))
    if place.department_id is not None:
        number = department_lookup.find(session, actor, place.department_id)
        return Subject(number=number, name=format_path(departments.path(session, number)), department_id=number)
    return WHOLE_ACCOUNT


def _above(session: Session, place: Place) -> Sequence[int]:
    """Return the departments whose rules hold at a place, the nearest first."""
    number = place.department_id
    if place.profile_id is not None:
        number = stored_profiles.by_numbers(session, [place.profile_id])[0].department_id
    return [] if number is None else stored.all_above(session, number)


def _tried(rule: Rule | None, place: Place, occasion: Occasion, at: datetime) -> Rule:
    """Return a rule as it would be if it were on at a place at a moment."""
    if rule is None:
        return Rule(occasion=occasion, place=place, days=DAYS[occasion], on=True, since=at)
    return replace(rule, place=place, on=True, since=at)


def _would_remind(
    session: Session, actor: Actor, tried: Sequence[Rule], rules: Sequence[Rule], at: datetime
) -> tuple[dict[Occasion, list[Recipient]], set[Occasion]]:
    """Return whom each of some rules of a place would remind at a round, and the occasions with maybe more people."""
    place, following = tried[0].place, next_round(at + SECOND, account.zone(session))
    others = [rule for rule in rules if rule.place != place]
    until = following + timedelta(days=max(rule.days for rule in tried))
    found = reminder_candidates.learners(session, until, after=0, at_most=MOST_COUNTED, among=_people(actor, place))
    expected, more_lists = _expected(session, place, at)
    stopped = reminders.stopped(session, [each.recipient for each in (*found, *expected)])
    wanting = [each for each in (*found, *expected) if each.recipient.key not in stopped]
    chosen = (
        reminder_choices.choose(
            session, wanting, [rule, *(each for each in others if each.occasion is rule.occasion)], at, following
        )
        for rule in tried
    )
    at_least = set(BY_URGENCY) if len(found) == MOST_COUNTED else set()
    if more_lists:
        at_least.add(Occasion.NOT_COME)
    return reminder_choices.gathered(chosen), at_least


def _expected(session: Session, place: Place, at: datetime) -> tuple[list[Candidate], bool]:
    """Return whom the lists of a place expect, as far as they can come at a round, and whether there are more lists.

    While sign-up is off nobody can come, so rounds remind none of them.
    """
    if not account.public(session).sign_up_enabled:
        return [], False
    profiles = reminder_candidates.expecting(session, at, after=0, at_most=MOST_LISTS, place=place)
    departments = reminder_candidates.departments_expecting(session, after=0, at_most=MOST_LISTS, place=place)
    found = [
        *reminder_candidates.expected(session, profiles),
        *reminder_candidates.expected_in(session, departments, at),
    ]
    return found, MOST_LISTS in (len(profiles), len(departments))


def _people(actor: Actor, place: Place) -> Select[int]:
    if place.profile_id is not None:
        return progress.learners_of_profile(actor.scope, place.profile_id)
    return progress.people_within(actor.scope, place.department_id)
