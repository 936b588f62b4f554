"""A hasher that counts: how many passwords were hashed, which is what takes CPU."""

from argon2 import PasswordHasher

from core.passwords import HASHER


class HashCount(PasswordHasher):
    """Hashes as the program does, and counts it."""

    def __init__(self) -> None:
        super().__init__(HASHER.time_cost, HASHER.memory_cost, HASHER.parallelism)
        self.made = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        """Hash a password."""
        self.made += 1
        return super().hash(password, salt=salt)
