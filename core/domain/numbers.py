"""Whole numbers that people type."""


def whole_number(text: str, highest: int) -> int | None:
    """Read a whole number from 1 to `highest`; None if the text is none."""
    if text.isascii() and text.isdigit() and len(text) <= len(str(highest)) and 1 <= int(text) <= highest:
        return int(text)
    return None
