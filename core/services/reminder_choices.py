"""Whom rules remind in a round, and of whom it is told that reminders are of no use. Nothing is changed here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from core.domain.reminder_rules import Rule, Verdict, begins_anew, expects, holding, judge, occasion_of
from core.domain.reminders import Occasion, next_round
from core.storage import account, reminder_candidates
from core.storage import reminder_rules as stored
from core.storage.reminder_candidates import Candidate, Earlier
from core.storage.reminders import Recipient
from core.storage.tables import User

SECOND = timedelta(seconds=1)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Whom to remind, by occasion; and the numbers of the reminders of which a manager is told, each once."""

    remind: dict[Occasion, list[Recipient]] = field(default_factory=lambda: defaultdict(list))
    tell: list[int] = field(default_factory=list)


def choose(
    session: Session, found: Sequence[Candidate], rules: Sequence[Rule], at: datetime, following: datetime
) -> Choice:
    """Return what the rules do about people at a round, after which `following` is the next one (both UTC)."""
    among = {rule.place.department_id for rule in rules if rule.place.department_id is not None}
    above = stored.ancestors(session, {each.department_id for each in found}, among) if among else {}
    chosen = Choice()
    for each in found:
        held = holding(rules, each.profile_id, above.get(each.department_id, ()))
        occasion = _occasion(each, held, at, following)
        if occasion is not None:
            _add(chosen, each, occasion, begins_anew(each.courses, each.changed, at))
    return chosen


def is_enough(candidate: Candidate, at: datetime) -> bool:
    """Return whether a person was reminded as often in a row as anybody is, as of a moment."""
    since = begins_anew(candidate.courses, candidate.changed, at)
    return judge((each.at for each in candidate.earlier), since) is Verdict.TELL


def due_soon_before(session: Session, user: User, at: datetime) -> datetime:
    """Return before when (UTC) a course is due soon for a learner who was reminded at a moment, as the rules are now.

    If no rule is left, that is before the next round.
    """
    above = stored.all_above(session, user.department_id)
    profile_id = reminder_candidates.profiles_of(session, [user.id]).get(user.id)
    rule = holding(stored.rules(session), profile_id, above).get(Occasion.DUE_SOON)
    return next_round(at + SECOND, account.zone(session)) + timedelta(days=rule.days if rule else 0)


def gathered(chosen: Iterable[Choice]) -> dict[Occasion, list[Recipient]]:
    """Return whom to remind, by occasion."""
    people: dict[Occasion, list[Recipient]] = {occasion: [] for occasion in Occasion}
    for choice in chosen:
        for occasion, found in choice.remind.items():
            people[occasion] += found
    return people


def _occasion(
    candidate: Candidate, held: Mapping[Occasion, Rule], at: datetime, following: datetime
) -> Occasion | None:
    if candidate.recipient.user_id is not None:
        return occasion_of(candidate.courses, held, at, following)
    return Occasion.NOT_COME if expects(held.get(Occasion.NOT_COME), candidate.changed, at) else None


def _add(chosen: Choice, candidate: Candidate, occasion: Occasion, since: datetime) -> None:
    refused, in_a_row = _refused(candidate), [each for each in candidate.earlier if each.at > since]
    if not refused and judge([each.at for each in in_a_row], since) is Verdict.REMIND:
        chosen.remind[occasion].append(candidate.recipient)
        return
    in_vain = refused or in_a_row
    if not any(each.told for each in in_vain):
        chosen.tell.append(max(in_vain, key=lambda each: each.at).number)


def _refused(candidate: Candidate) -> list[Earlier]:
    """Return the reminders to the person's address that it was refused for, if there is no other way to reach them."""
    if candidate.recipient.chat_id is not None:
        return []
    return [each for each in candidate.earlier if each.refused == candidate.recipient.key]
