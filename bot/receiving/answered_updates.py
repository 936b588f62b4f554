"""The updates that are answered, and what is noted of their answers, until the next transaction stores both."""

from collections.abc import Iterable, Sized

from core.services.inbox import Claim, Note


class AnsweredUpdates:
    """What a worker has answered and not marked yet."""

    def __init__(self) -> None:
        self._claims: list[Claim] = []
        self._notes: list[Note] = []

    def __len__(self) -> int:
        return len(self._claims)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The updates to mark as done, the first answered first."""
        return tuple(self._claims)

    @property
    def notes(self) -> tuple[Note, ...]:
        """What to note in the same transaction."""
        return tuple(self._notes)

    def add(self, claim: Claim, notes: Iterable[Note]) -> None:
        """Add an update that is answered."""
        self._claims.append(claim)
        self._notes += notes

    def forget(self, claims: Sized, notes: Sized) -> None:
        """Forget the first of them, which are stored; there may be more by now."""
        del self._claims[: len(claims)]
        del self._notes[: len(notes)]
