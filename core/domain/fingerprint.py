"""Fingerprints of previews, to detect that what a user confirmed is no longer what would happen.

A question carries the fingerprint of what it shows, and its button gives it back as `seen`. `seen` is None where
nothing was asked before: then there is nothing that could be out of date.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256

from core.errors import PreviewOutdated

BYTES = 6  # 48 bits


def fingerprint(*shown: object) -> str:
    """Return a fingerprint of `shown` (values with a stable `repr`): 8 URL-safe characters.

    So short because a button's callback data (64 bytes, Bot API) holds it beside two long numbers.
    """
    return urlsafe_b64encode(sha256(repr(shown).encode()).digest()[:BYTES]).decode()


def refuse_if_outdated(seen: str | None, now: str) -> None:
    """Compare what a question showed with what it would show now. Raises PreviewOutdated."""
    if seen not in (None, now):
        raise PreviewOutdated
