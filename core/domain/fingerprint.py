"""What somebody was shown before they agreed to it, told from anything else."""

from base64 import urlsafe_b64encode
from hashlib import sha256

BYTES = 6  # 48 bits


def fingerprint(*shown: object) -> str:
    """Give eight characters that stand for what was shown: a button has room for them beside two long numbers."""
    return urlsafe_b64encode(sha256(repr(shown).encode()).digest()[:BYTES]).decode()
