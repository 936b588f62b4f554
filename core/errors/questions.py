"""Refusals about questions and forms that taps answer, and about lines that come twice."""

from dataclasses import dataclass

from core.errors.base import Refusal


class QuestionClosed(Refusal):
    """The question was answered, is too old, or never was this person's."""


class OtherTurn(Refusal):
    """The tapped button is of an earlier or another state of the form, which is therefore left as it is."""


@dataclass(eq=False)
class RepeatedLine(Refusal):
    """The same line was carried out a moment ago; `made` is the number of what it made."""

    made: int
