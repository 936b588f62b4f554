"""Secrets in files: NAME_FILE names a file that holds the setting NAME, which is how containers get their secrets."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

IN_FILES = (
    "bot_token",
    "webhook_secret",
    "database_url",
    "secret_key",
    "smtp_url",
    "metrics_token",
    "sentry_dsn",
)  # settings that may be in a file of their own
LONGEST = 4096  # bytes


def with_secret_files(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings, with those that are in files read from there.

    Raises ValueError with one line for each fault, which never shows what a file holds.
    """
    found, faults = dict(settings), []
    for name in IN_FILES:
        path = settings.get(f"{name}_file")
        if path is None:
            continue
        try:
            found[name] = _only(settings, name, Path(path))
        except ValueError as fault:
            faults.append(f"{name.upper()}_FILE: {fault}")
    if faults:
        raise ValueError("\n".join(faults))
    return found


def _only(settings: Mapping[str, Any], name: str, path: Path) -> str:
    """Read a setting's file, unless the setting is set too. Raises ValueError."""
    if settings.get(name) is not None:
        message = f"{name.upper()} is set too; keep one of the two"
        raise ValueError(message)
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST + 1)
        text = content.decode().strip()
    except OSError as error:
        message = f"can't be read: {error.strerror}"
        raise ValueError(message) from None
    except UnicodeDecodeError:
        text = ""
    if not text or len(content) > LONGEST or not text.isprintable():
        message = "doesn't hold one line of text"
        raise ValueError(message)
    return text
