"""A digest's new learners and profiles, for a spreadsheet: those whom its text counts, as the history's export does."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select
from sqlalchemy.orm import Session

from core.domain.access import Permission
from core.services import audit_log, digest_summaries, export, joined_people, scope_subjects
from core.services.audit_log import Action, Subject
from core.services.authorisation import authorise
from core.services.digest_audiences import Audience
from core.services.digest_news import ProfileNews
from core.services.digest_summaries import Asked, Summary
from core.services.export import Column
from core.services.joined_people import MOST_PEOPLE, PAGE, CourseColumn, Page
from core.storage import activations, departments, digest_profiles, digests, profiles
from core.storage.departments import Path
from core.storage.tables import Profile


@dataclass(frozen=True, kw_only=True)
class ProfileRow:
    """A profile of a digest: how many joined, as its recipient sees it, and how it stands now (moments are UTC).

    Of those who `joined`, so many activations were `returned`; `undone` are further sign-ups. So of all sign-ups
    `used` counts who joined, without those returned, and who is hidden.
    """

    profile_id: int
    name: str
    department: tuple[str, ...]
    joined: int
    returned: int
    undone: int
    hidden: int
    used: int
    limit: int | None
    starts_at: datetime
    ends_at: datetime
    removed: bool


@dataclass(frozen=True, kw_only=True)
class Outline:
    """A digest and all of its spreadsheet but for the people.

    `columns` are the account's own fields, `courses` those that most of the people have; `more_courses` have no column.
    """

    summary: Summary
    columns: tuple[Column, ...]
    courses: tuple[CourseColumn, ...]
    more_courses: int
    profiles: tuple[ProfileRow, ...]

    @property
    def is_too_long(self) -> bool:
        """Whether more people joined than a file has room for."""
        return self.summary.shown > MOST_PEOPLE


def outline(session: Session, recipient_id: int, run_id: int) -> Outline | None:
    """Describe a digest's spreadsheet, by its recipient's rights now; None if nobody joined.

    Needs the permission to manage profiles, as the history's export does. Raises DigestGone.
    """
    audience = _audience(session, recipient_id, run_id)
    [summary] = digest_summaries.compose(session, audience)
    if not summary.shown:
        return None
    courses, more_courses = joined_people.course_columns(session, _learners(audience), summary.shown)
    return Outline(
        summary=summary,
        columns=export.columns(session),
        courses=courses,
        more_courses=more_courses,
        profiles=_profiles(session, audience, summary),
    )


def begin(session: Session, recipient_id: int, run_id: int, chat_id: int, now: datetime) -> None:
    """Record in the audit log that a digest's spreadsheet goes to a chat. Raises NotAllowed, DigestGone, FileTooLong.

    Each of several departments has an entry: whoever reads the log of one of them learns that its people left.
    """
    audience = _audience(session, recipient_id, run_id)
    joined_people.refuse_if_too_many(session, _learners(audience))
    group = digests.group_of_run(session, run_id, chat_id)
    after = {} if group is None else {"group": group}
    for subject in _subjects(session, audience):
        audit_log.record(session, recipient_id, Action.DIGEST_EXPORTED, subject, now, after=after)


def page(
    session: Session, recipient_id: int, run_id: int, now: datetime, *, before: int | None = None, size: int = PAGE
) -> Page:
    """List new learners, older than the activation `before` if given; call `begin` first. Raises DigestGone."""
    audience = _audience(session, recipient_id, run_id)
    [reader] = audience.readers
    covered = _covered(audience) if before is None else _covered(audience) | {"through": before - 1}
    found = activations.newest_between(session, reader.scope, reader.profiles, **covered, size=size + 1)
    return joined_people.page(session, found, size, now)


def _audience(session: Session, recipient_id: int, run_id: int) -> Audience:
    authorise(session, recipient_id, Permission.MANAGE_PROFILES)
    return digest_summaries.own_audience(session, Asked(recipient_id=recipient_id, run_id=run_id))


def _learners(audience: Audience) -> Select[int]:
    [reader] = audience.readers
    return activations.learners_between(reader.scope, reader.profiles, **_covered(audience))


def _covered(audience: Audience) -> dict[str, int]:
    return {"after": audience.interval.after, "through": audience.interval.through}


def _profiles(session: Session, audience: Audience, summary: Summary) -> tuple[ProfileRow, ...]:
    """Describe the profiles that brought somebody and those that are open now, by name."""
    [reader] = audience.readers
    news = {each.profile_id: each for each in summary.news}
    current = digest_profiles.current(session, audience.reach, audience.interval.until, at_most=None)
    numbers = news.keys() | {each.id for each in current if not reader.profiles or each.id in reader.profiles}
    found = profiles.by_numbers(session, numbers)
    paths = departments.paths(session, {profile.department_id for profile in found})
    return tuple(_row(profile, paths[profile.department_id], news.get(profile.id)) for profile in found)


def _row(profile: Profile, department: Path, news: ProfileNews | None) -> ProfileRow:
    return ProfileRow(
        profile_id=profile.id,
        name=profile.name,
        department=department,
        joined=news.joined if news else 0,
        returned=news.returned - news.undone if news else 0,
        undone=news.undone if news else 0,
        hidden=news.hidden.total if news else 0,
        used=profile.used,
        limit=profile.activation_limit,
        starts_at=profile.starts_at,
        ends_at=profile.ends_at,
        removed=profile.removed_at is not None,
    )


def _subjects(session: Session, audience: Audience) -> list[Subject]:
    """Return what entries of the audit log are about: each department, or all; by the profiles if some were chosen."""
    [reader] = audience.readers
    chosen = profiles.by_numbers(session, reader.profiles) if reader.profiles else []
    return scope_subjects.each(session, reader.scope, name=", ".join(each.name for each in chosen))
