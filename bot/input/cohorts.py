"""Whose progress a button shows: `p12` is a profile, `d7` a department, and `all` are all within scope."""

from bot.input.arguments import StaleButton, is_number
from core.services.progress import Cohort

ALL = "all"


def cohort_target(cohort: Cohort) -> str:
    """Write a cohort for a button."""
    if cohort.profile_id is not None:
        return f"p{cohort.profile_id}"
    return ALL if cohort.department_id is None else f"d{cohort.department_id}"


def read_cohort(target: str) -> Cohort:
    """Read what a button carries. Raises StaleButton."""
    if target == ALL:
        return Cohort()
    kind, number = target[:1], target[1:]
    if not is_number(number) or kind not in ("p", "d"):
        raise StaleButton
    return Cohort(profile_id=int(number)) if kind == "p" else Cohort(department_id=int(number))
