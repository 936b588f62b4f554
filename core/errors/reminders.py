"""Refusals about reminders."""

from dataclasses import dataclass

from core.errors.base import Refusal


class NobodyToRemind(Refusal):
    """There is nobody to remind: all came, went on, were reminded today, want no reminders, or can't be reached."""


class ReminderLinkGone(Refusal):
    """The link that stops reminders belongs to no reminder that is still known."""


@dataclass(eq=False)
class TooManyNames(Refusal):
    """Only `most` names are looked for together."""

    most: int
