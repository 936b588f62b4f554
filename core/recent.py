"""What a read returned a moment ago, as long as it may be returned again."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from time import monotonic
from typing import Any

AGE = 1.0  # seconds: as late as what another process wrote may be noticed
MOST = 500


@dataclass(frozen=True, kw_only=True)
class _Answer:
    result: Any
    state: object
    read_at: float


class Recent:
    """Remembers results by what was asked, for a second, and only until this process has written anything.

    `state_now` returns an object that is another one after each commit of this process.
    """

    def __init__(self, state_now: Callable[[], object], monotonic: Callable[[], float] = monotonic) -> None:
        self._state_now = state_now
        self._monotonic = monotonic
        self._answers: OrderedDict[Hashable, _Answer] = OrderedDict()

    def find(self, asked: Hashable) -> _Answer | None:
        """Return what was answered, if it can be answered again."""
        answer = self._answers.get(asked)
        if answer and answer.state is self._state_now() and self._monotonic() - answer.read_at <= AGE:
            return answer
        return None

    def begin(self, asked: Hashable) -> Callable[[Any], None]:
        """Return how to remember the result of a read that begins now: as of now, whenever it ends."""
        state, read_at = self._state_now(), self._monotonic()

        def remember(result: Any) -> None:  # noqa: ANN401 - whatever a use case returns
            self._answers[asked] = _Answer(result=result, state=state, read_at=read_at)
            self._answers.move_to_end(asked)
            if len(self._answers) > MOST:
                self._answers.popitem(last=False)

        return remember
