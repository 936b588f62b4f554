"""Words of a line that stand for no limit or no policy, which must not become a name or a text by mistake."""

from core.domain.text import key
from core.errors import KeywordInstead

NONE = frozenset({"any", "off", "none", "unlimited"})
PLACEHOLDERS = frozenset({"text", "name", "value"})
LONGEST = 100  # characters of a text that may be one: a policy is long


def is_none(text: str) -> bool:
    """Return whether the text is one of the words for no limit and no policy."""
    return key(text[:LONGEST]) in NONE


def refuse_keywords(text: str) -> str:
    """Return the text, unless it is a keyword or a placeholder. Raises KeywordInstead."""
    if key(text[:LONGEST]) in NONE | PLACEHOLDERS:
        raise KeywordInstead(text.strip())
    return text
