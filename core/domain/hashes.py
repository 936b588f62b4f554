"""What is stored of a text that nobody may read, such as the code in a link or a cookie: its hash."""

import hashlib


def hash_of(text: str) -> str:
    """Return the SHA-256 of a text, 64 hex digits. What comes from addresses and cookies may hold lone surrogates."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()
