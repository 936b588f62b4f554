"""Fingerprints of previews, to detect that what a user confirmed is no longer what would happen."""

from base64 import urlsafe_b64encode
from hashlib import sha256

BYTES = 6  # 48 bits


def fingerprint(*shown: object) -> str:
    """Return a fingerprint of `shown` (values with a stable `repr`): 8 URL-safe characters.

    So short because a button's callback data (64 bytes, Bot API) holds it beside two long numbers.
    """
    return urlsafe_b64encode(sha256(repr(shown).encode()).digest()[:BYTES]).decode()
