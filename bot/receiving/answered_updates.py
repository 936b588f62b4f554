"""The updates that are answered, and the forms that their answers show, until the next transaction notes both."""

from collections.abc import Iterable, Sized

from core.services.dialogues import ShownForm
from core.services.inbox import Claim


class AnsweredUpdates:
    """What a worker has answered and not marked yet."""

    def __init__(self) -> None:
        self._claims: list[Claim] = []
        self._shown: list[ShownForm] = []

    def __len__(self) -> int:
        return len(self._claims)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The updates to mark as done, the first answered first."""
        return tuple(self._claims)

    @property
    def shown(self) -> tuple[ShownForm, ...]:
        """The forms to note in the same transaction."""
        return tuple(self._shown)

    def add(self, claim: Claim, shown: Iterable[ShownForm]) -> None:
        """Add an update that is answered."""
        self._claims.append(claim)
        self._shown += shown

    def forget(self, claims: Sized, shown: Sized) -> None:
        """Forget the first of them, which are stored; there may be more by now."""
        del self._claims[: len(claims)]
        del self._shown[: len(shown)]
