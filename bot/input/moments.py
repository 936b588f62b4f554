"""Moments in a button's data, exact to the microsecond."""

from datetime import UTC, datetime, timedelta

from bot.input.arguments import StaleButton, is_number

EPOCH, MICROSECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


def as_microseconds(moment: datetime) -> int:
    """Write a moment for a button: microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def read_microseconds(text: str) -> datetime:
    """Read what a button carries (UTC). Raises StaleButton."""
    if not is_number(text):
        raise StaleButton
    try:
        return EPOCH + int(text) * MICROSECOND
    except OverflowError:
        raise StaleButton from None
