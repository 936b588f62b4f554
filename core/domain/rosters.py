"""Whose people are expected: those of a profile, or those of a department."""

from collections.abc import Iterable
from dataclasses import dataclass

NOT_ON_LIST = "not on a list"  # instead of a field to correct: another list lets in only its own people
ADDRESS_NOT_ON_LIST = "an address not on the list"  # likewise: a personal link was used with one, and nobody let in


@dataclass(frozen=True, kw_only=True)
class RosterOf:
    """Whose roster is meant: a profile's, or a department's; exactly one of them, by its number.

    The people of a department are expected through any profile that leads into it or below it.
    """

    profile_id: int | None = None
    department_id: int | None = None

    def __post_init__(self) -> None:
        """Raise ValueError unless it is exactly one."""
        if (self.profile_id is None) == (self.department_id is None):
            raise ValueError(self)


def profiles_among(rosters: Iterable[RosterOf]) -> list[int]:
    """Return the numbers of the profiles among those whose rosters are meant."""
    return [each.profile_id for each in rosters if each.profile_id is not None]


def departments_among(rosters: Iterable[RosterOf]) -> list[int]:
    """Return the numbers of the departments among those whose rosters are meant."""
    return [each.department_id for each in rosters if each.department_id is not None]
