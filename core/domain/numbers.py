"""Parsing of whole numbers that people type."""


def whole_number(text: str, highest: int) -> int | None:
    """Parse a whole number from 1 to `highest`; return None for any other text."""
    if text.isascii() and text.isdigit() and len(text) <= len(str(highest)) and 1 <= int(text) <= highest:
        return int(text)
    return None
