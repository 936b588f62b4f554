"""Refusals about lists of expected people, and rosters."""

from dataclasses import dataclass
from enum import StrEnum

from core.errors.base import Refusal


class ListProblem(StrEnum):
    """Why a file can't be read as a list."""

    WEB_PAGE = "web page"
    OLD_WORKBOOK = "old workbook"  # XLS, or a workbook with a password: both are OLE files
    OTHER_FORMAT = "other format"
    BROKEN = "broken"
    EMPTY = "empty"
    ONLY_NAMES = "only names"
    NO_DEPARTMENTS = "no departments"


@dataclass(eq=False)
class LastExpected(Refusal):
    """The roster lets in only its people, and nobody else of them can come: without this person nobody could."""

    name: str
    roster: str


@dataclass(eq=False)
class LinkLeadsElsewhere(Refusal):
    """The link of the profile doesn't lead, or no longer leads, to where the people of the roster are expected."""

    profile_id: int
    name: str
    roster: str


@dataclass(eq=False)
class ListTooLarge(Refusal):
    """The file is larger than `most` bytes, or would be when it is unpacked."""

    most: int


@dataclass(eq=False)
class ListTooLong(Refusal):
    """The list has more than `most` rows, or columns beyond what a list of people has."""

    most: int


@dataclass(eq=False)
class ListUnreadable(Refusal):
    """The file isn't a list that can be read; `fields` are the labels of unique fields by which people are known."""

    problem: ListProblem
    fields: tuple[str, ...] = ()


@dataclass(eq=False)
class NotExpected(Refusal):
    """The profile lets nobody in but the people of its roster, and this address isn't on it."""

    email: str


@dataclass(eq=False)
class RosterNotFound(Refusal):
    """No profile or department that the acting user may choose is called so; `nearest` are suggestions."""

    name: str
    nearest: tuple[str, ...]
