"""Refusals about courses and digests."""

from dataclasses import dataclass

from core.errors.base import Refusal


@dataclass(eq=False)
class CourseExists(Refusal):
    """A course with this title already exists."""

    title: str


@dataclass(eq=False)
class CourseNotFound(Refusal):
    """There is no course with this title; `nearest` are suggestions."""

    title: str
    nearest: tuple[str, ...]


@dataclass(eq=False)
class CohortNotFound(Refusal):
    """No department, course, profile or person whom the acting user may see is called so; `nearest` are suggestions.

    `among_profiles`: only profiles were looked for, because the acting user may not manage people.
    """

    name: str
    nearest: tuple[str, ...]
    among_profiles: bool = False


class CourseGone(Refusal):
    """There is no course of this number."""


@dataclass(eq=False)
class CourseArchived(Refusal):
    """The course is archived, so it can't be given."""

    title: str


@dataclass(eq=False)
class CourseReadOnly(Refusal):
    """The course is also given outside the acting user's departments, so they can't change it."""

    title: str


@dataclass(eq=False)
class InvalidCourseLink(Refusal):
    """The text isn't an http or https address, or is too long."""

    text: str


@dataclass(eq=False)
class InvalidDays(Refusal):
    """The text isn't a whole number of days from 1 to `highest`."""

    text: str
    highest: int


@dataclass(eq=False)
class RuleExists(Refusal):
    """The department already has an enrolment rule for this course."""

    path: str
    title: str


@dataclass(eq=False)
class RuleNotFound(Refusal):
    """The department has no enrolment rule for this course."""

    path: str
    title: str


class NotSubscribed(Refusal):
    """The user has no digest schedule to end."""


class DigestGone(Refusal):
    """The digest is deleted, or was never the acting user's."""


@dataclass(eq=False)
class TooManyDigests(Refusal):
    """The person has as many digests as one may have."""

    most: int
