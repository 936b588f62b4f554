"""When a profile will be full at its present pace: a plain mean, and nothing where there is too little to go by."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FEWEST_SIGN_UPS = 5
SHORTEST = timedelta(days=3)
DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Forecast:
    """When the last place is taken if `a_day` people go on signing up daily, as in the last `days` (both rounded)."""

    full_at: datetime
    a_day: float
    days: int


def forecast(*, left: int | None, sign_ups: int, since: datetime, now: datetime) -> Forecast | None:
    """Return when `left` places are taken, after so many sign-ups in [since, now].

    None without a limit, if none is left, and where data is thin: fewer than 5 sign-ups or 3 days.
    """
    length = now - since
    if not left or sign_ups < FEWEST_SIGN_UPS or length < SHORTEST:
        return None
    return Forecast(full_at=now + length / sign_ups * left, a_day=sign_ups / (length / DAY), days=round(length / DAY))
