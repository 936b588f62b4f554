"""Refusals about links sent by e-mail."""

from dataclasses import dataclass

from core.errors.base import Refusal


@dataclass(eq=False)
class NoMailServer(Refusal):
    """No e-mail can be sent, because no mail server or no sender is set."""


@dataclass(eq=False)
class NobodyToSend(Refusal):
    """There is nobody to send a link to: all have it, signed up or were written to lately."""


@dataclass(eq=False)
class TooManyMails(Refusal):
    """Of the account's `most` messages a day `left` are left today, which is fewer than `wanted`."""

    wanted: int
    left: int
    most: int
