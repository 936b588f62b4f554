"""Whose roster a button is about: `12` is the profile, `d7` the department."""

from bot.input.arguments import StaleButton, is_number
from core.domain.rosters import RosterOf

DEPARTMENT = "d"
TO_SEE, TO_REMIND = "missing", "remind"  # for what a button lets one choose among the rosters with missing people


def roster_target(of: RosterOf) -> str:
    """Write whose roster it is for a button."""
    return f"{DEPARTMENT}{of.department_id}" if of.profile_id is None else str(of.profile_id)


def read_roster(target: str) -> RosterOf:
    """Read what a button carries. Raises StaleButton."""
    number = target.removeprefix(DEPARTMENT)
    if not is_number(number):
        raise StaleButton
    return RosterOf(profile_id=int(number)) if number == target else RosterOf(department_id=int(number))
