"""Who is told within this process that something has happened; other processes find it out by themselves."""

from collections.abc import Callable


class Subscribers:
    """Functions without arguments, called one after the other in the event loop's thread."""

    def __init__(self) -> None:
        self._functions: list[Callable[[], None]] = []

    def add(self, function: Callable[[], None]) -> None:
        """Call a function from now on."""
        self._functions.append(function)

    def remove(self, function: Callable[[], None]) -> None:
        """Call it no longer; nothing if it wasn't called."""
        self._functions = [each for each in self._functions if each != function]

    def call(self) -> None:
        """Call all functions."""
        for function in self._functions:
            function()
