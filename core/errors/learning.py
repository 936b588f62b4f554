"""Refusals about courses and digests."""

from dataclasses import dataclass

from core.errors.base import Refusal


@dataclass(eq=False)
class CourseExists(Refusal):
    """A course of this title is there already."""

    title: str


@dataclass(eq=False)
class CourseNotFound(Refusal):
    """No course of this title; `nearest` may be what was meant."""

    title: str
    nearest: tuple[str, ...]


@dataclass(eq=False)
class InvalidCourseLink(Refusal):
    """The text is no http or https address."""

    text: str


@dataclass(eq=False)
class InvalidDays(Refusal):
    """The text is no whole number of days from 1 to `highest`."""

    text: str
    highest: int


@dataclass(eq=False)
class RuleExists(Refusal):
    """This department gives this course already."""

    path: str
    title: str


@dataclass(eq=False)
class RuleNotFound(Refusal):
    """This department does not give this course."""

    path: str
    title: str


class NotSubscribed(Refusal):
    """There is no digest subscription to end."""
