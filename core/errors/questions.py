"""Refusals about questions that a tap answers, and about lines that come twice."""

from dataclasses import dataclass

from core.errors.base import Refusal


class QuestionClosed(Refusal):
    """The question was answered, is too old, or never was this person's."""


@dataclass(eq=False)
class RepeatedLine(Refusal):
    """The same line was carried out a moment ago; `made` is the number of what it made."""

    made: int
