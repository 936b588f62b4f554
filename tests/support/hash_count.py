"""A hasher that counts: how many passwords were hashed and verified, which is what takes CPU."""

from typing import Literal

from argon2 import PasswordHasher

from core.passwords import HASHER


class HashCount(PasswordHasher):
    """Hashes and verifies as the program does, and counts it."""

    def __init__(self) -> None:
        super().__init__(HASHER.time_cost, HASHER.memory_cost, HASHER.parallelism)
        self.made = 0
        self.verified = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        """Hash a password."""
        self.made += 1
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - argon2's name
        """Verify a password."""
        self.verified += 1
        return super().verify(hash, password)
