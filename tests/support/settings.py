"""Settings as `.env` would hold them."""

from functools import cache

from core.config import Settings


@cache  # thousands of tests take the same few, which nobody can change
def settings_of(**values: str) -> Settings:
    """Read settings from text, without a file."""
    return Settings(_env_file=None, **values)  # type: ignore[arg-type,call-arg] # text, as in the environment
