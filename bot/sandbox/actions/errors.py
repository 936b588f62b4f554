"""The error of an action that Telegram's own apps don't allow."""

from __future__ import annotations

UNBLOCK_FIRST = "Unblock the bot first."
MEMBERS_ONLY = "Only members can write in a group."


class NotAllowedError(Exception):
    """An action that Telegram's own apps don't allow; the argument is the reason that the page shows."""
