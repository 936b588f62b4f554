"""Refusals about people in Telegram who are no staff."""

from dataclasses import dataclass
from enum import StrEnum

from core.errors.base import Refusal


class InitDataProblem(StrEnum):
    """Why what a Mini App tells of its opener isn't believed."""

    FORGED = "forged"
    OLD = "too old"
    REPLAYED = "used before"


@dataclass(eq=False)
class InitDataRefused(Refusal):
    """What the Mini App tells of who opened it is forged, too old, or was used before."""

    problem: InitDataProblem


class TelegramTaken(Refusal):
    """The Telegram account is connected with another learner's account already."""
