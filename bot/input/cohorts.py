"""Whose progress a button shows: `p12` is a profile, `d7` a department, `c5` a course, `all` are all within scope."""

from collections.abc import Callable, Mapping

from bot.input.arguments import StaleButton, is_number
from core.services.progress import Cohort

ALL = "all"
KINDS: Mapping[str, Callable[[int], Cohort]] = {
    "p": lambda number: Cohort(profile_id=number),
    "d": lambda number: Cohort(department_id=number),
    "c": lambda number: Cohort(course_id=number),
}


def cohort_target(cohort: Cohort) -> str:
    """Write a cohort for a button."""
    if cohort.profile_id is not None:
        return f"p{cohort.profile_id}"
    if cohort.course_id is not None:
        return f"c{cohort.course_id}"
    return ALL if cohort.department_id is None else f"d{cohort.department_id}"


def read_cohort(target: str) -> Cohort:
    """Read what a button carries. Raises StaleButton."""
    if target == ALL:
        return Cohort()
    kind, number = target[:1], target[1:]
    if not is_number(number) or kind not in KINDS:
        raise StaleButton
    return KINDS[kind](int(number))
