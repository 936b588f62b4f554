"""How much a file may hold that the chat sends."""

from core.errors import FileTooLong

MOST_ROWS = 50_000  # a larger file would hold up all other messages


def refuse_if_too_long(rows: int) -> None:
    """Compare how many rows a file would have with how many it may have. Raises FileTooLong."""
    if rows > MOST_ROWS:
        raise FileTooLong(rows, MOST_ROWS)
