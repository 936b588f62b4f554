"""What is known of a person, as the cells of spreadsheets have it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.wording.phrases import Words
from core.domain.access import UserState
from core.domain.addresses import told_apart
from core.services.export import Column, Row


def wall_clock(at: datetime, zone: ZoneInfo) -> datetime:
    """Return a moment as a spreadsheet has it: without a zone, to the second."""
    return at.astimezone(zone).replace(tzinfo=None, microsecond=0)


def address_of(row: Row) -> str:
    """Return a person's address, empty if there is none."""
    return told_apart(row.email) if row.email else ""


def label_of(words: Words, column: Column) -> str:
    """Name a column; a field and a removed one may have the same label."""
    label = column.label_in(words.language.code)
    return words.say("{field} (removed)", field=label).unescape() if column.removed else label


def activation_of(words: Words, row: Row) -> str:
    """Say what became of an activation, empty if nothing did."""
    if row.undone:
        return words.say("undone").unescape()
    return words.say("returned").unescape() if row.returned else ""


def states_in(words: Words) -> dict[UserState, str]:
    """Return what people's states are called."""
    say = words.say
    called = {
        UserState.ACTIVE: say("active"),
        UserState.INACTIVE: say("inactive"),
        UserState.PENDING: say("waiting"),
        UserState.DELETED: say("deleted"),
    }
    return {state: name.unescape() for state, name in called.items()}
