"""Reminders that managers sent and that wait for their hour: listed by pages, and taken back before they are sent.

They are told apart by who sent them and when. One sees one's own; whoever manages the account, those of all.
"""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil

from sqlalchemy.orm import Session

from core.domain.access import Actor, Permission
from core.domain.outbox import Kind
from core.domain.reminders import Occasion, due_on
from core.services import audit_log, outbox, scope_subjects
from core.services import profiles as profile_services
from core.services.audit_log import Action, Subject
from core.services.authorisation import authorise
from core.storage import account, mail_days, profiles
from core.storage import planned_reminders as stored
from core.storage.planned_reminders import Batch
from core.storage.tables import Profile

A_PAGE = 6


@dataclass(frozen=True, kw_only=True)
class Planned:
    """So many reminders that a user sent at a moment (UTC) and that are to arrive on a day of the account's zone.

    `due`: at which moment of that day (UTC).
    `paused`: the link with which they would go out is, so that they aren't sent then.
    `profile_name`: by which profile the people are to come, "" for learners, and if one may no longer edit it. `by` is
    the sender's name, which is left of a deleted one; None for one's own.
    """

    by_id: int
    by: str | None
    at: datetime
    occasion: Occasion
    profile_name: str
    day: date
    due: datetime
    people: int
    paused: bool


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A page (from 0) of `pages`; before its first entry come `before` others."""

    planned: tuple[Planned, ...]
    page: int
    pages: int
    before: int


@dataclass(frozen=True, kw_only=True)
class TakenBack:
    """How many people get no reminder after all, and how many have theirs already, or may have."""

    people: int
    sent: int


def listing(session: Session, actor_id: int, now: datetime, *, page: int = 0, size: int = A_PAGE) -> Listing:
    """List the reminders that haven't been sent, those due first on top: a page, or the last one if there are fewer.

    Needs the permission to manage profiles, or people.
    """
    actor = _authorised(session, actor_id)
    whose = stored.Whose(
        today=now.astimezone(account.zone(session)).date(),
        by_id=None if actor.may(Permission.MANAGE_ACCOUNT) else actor_id,
    )
    pages = max(1, ceil(stored.count(session, whose) / size))
    number = min(page, pages - 1)
    found = stored.batches(session, whose, skip=number * size, at_most=size)
    return Listing(planned=_described(session, actor, found), page=number, pages=pages, before=number * size)


def show(session: Session, actor_id: int, by_id: int, at: datetime, now: datetime) -> tuple[Planned, ...]:
    """Describe the reminders that a user sent at a moment and that haven't been sent; empty if none wait.

    Needs the rights to take them back.
    """
    actor = _entitled(session, actor_id, by_id)
    whose = stored.Whose(today=now.astimezone(account.zone(session)).date(), by_id=by_id, at=at)
    return _described(session, actor, stored.batches(session, whose, at_most=A_PAGE))


def take_back(session: Session, actor_id: int, by_id: int, at: datetime, now: datetime) -> TakenBack:
    """Delete those of the reminders that a user sent at a moment whose sending hasn't begun.

    It is as if they had never been: the people can be reminded again on that day. Those of others need the permission
    to manage the account, and whoever sent them is notified.
    """
    actor = _entitled(session, actor_id, by_id)
    batch = stored.of_batch(session, by_id, at)
    gone = stored.delete_unsent(session, list(batch))
    number = len(gone.mailed | gone.in_chat)
    for day, mails in Counter(batch[each].day for each in gone.mailed).items():
        mail_days.give_back(session, day, mails)
    if number:
        subject = _subject(session, actor, {each.profile_id for each in batch.values()})
        audit_log.record(session, actor_id, Action.REMINDERS_TAKEN_BACK, subject, now, after={"people": number})
        if by_id != actor_id:
            outbox.notify(session, by_id, Kind.REMINDERS_TAKEN_BACK, actor_id, now)
    return TakenBack(people=number, sent=len(batch) - number)


def _described(session: Session, actor: Actor, found: Sequence[Batch]) -> tuple[Planned, ...]:
    """Describe batches to an actor who may take them back."""
    zone = account.zone(session)
    names = stored.names(session, {each.by_id for each in found} - {actor.user_id})
    editable = _editable(session, actor, [each.profile_id for each in found if each.profile_id is not None])
    return tuple(
        Planned(
            by_id=each.by_id,
            by=names.get(each.by_id),
            at=each.at,
            occasion=Occasion(each.occasion),
            profile_name=profile.name if (profile := editable.get(each.profile_id or 0)) else "",
            day=each.day,
            due=due_on(each.day, each.at, zone),
            people=each.people,
            paused=profile is not None and profile.paused,
        )
        for each in found
    )


def _editable(session: Session, actor: Actor, numbers: Collection[int]) -> dict[int, Profile]:
    """Return those of the profiles that the actor may still edit."""
    editable = profiles.editable_among(session, actor.scope, numbers)
    return {profile.id: profile for profile in profiles.by_numbers(session, editable)}


def _authorised(session: Session, actor_id: int) -> Actor:
    return authorise(session, actor_id, Permission.MANAGE_PROFILES, Permission.MANAGE_PEOPLE)


def _entitled(session: Session, actor_id: int, by_id: int) -> Actor:
    """Return the actor, if they may take back what a user sent."""
    actor = _authorised(session, actor_id)
    if by_id != actor_id:
        actor.require(Permission.MANAGE_ACCOUNT)
    return actor


def _subject(session: Session, actor: Actor, profile_ids: Collection[int | None]) -> Subject:
    """Return what an entry of the audit log is about: by which profile the people were to come, or all within scope."""
    found = profiles.by_numbers(session, [each for each in profile_ids if each is not None])
    return profile_services.subject(found[0]) if found else scope_subjects.of(session, actor)
