"""Tables of rosters: the people whom a manager expects through a profile, or in a department."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.storage.tables.base import ID, Base


class ExpectedPerson(Base):
    """One of the people expected by a profile or a department. Whether they came is never stored: queries find it out.

    `identity` (`ListedPerson.identity`) keeps a person from being on a list twice. `tried_at` is when a posted form
    with their address, or by their personal link, was last refused, `tried_field` the first of its fields that had to
    be corrected, or NOT_ON_LIST, or ADDRESS_NOT_ON_LIST.
    """

    __tablename__ = "expected_person"
    __table_args__ = (
        UniqueConstraint("profile_id", "identity"),
        UniqueConstraint("department_id", "identity"),
        CheckConstraint("(profile_id IS NULL) != (department_id IS NULL)", name="of_one"),
        Index("ix_expected_person_email", "email"),
        Index("ix_expected_person_phone", "phone"),
        Index("ix_expected_person_identity", "identity"),
    )
    id: Mapped[int] = mapped_column(ID, primary_key=True)
    profile_id: Mapped[int | None] = mapped_column(ForeignKey("profile.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    identity: Mapped[str] = mapped_column(String(640))
    first_name: Mapped[str] = mapped_column(String(100))
    last_name: Mapped[str] = mapped_column(String(100))
    email: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(32))
    added_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    tried_field: Mapped[str | None] = mapped_column(String(64))

    @property
    def full_name(self) -> str:
        """First and last name, as far as they are known."""
        return f"{self.first_name} {self.last_name}".strip()


class ExpectedValue(Base):
    """An expected person's value of a unique field, as `FieldValue.unique_key` has it."""

    __tablename__ = "expected_value"
    __table_args__ = (Index("ix_expected_value_key", "field_id", "unique_key"),)
    person_id: Mapped[int] = mapped_column(ForeignKey("expected_person.id", ondelete="CASCADE"), primary_key=True)
    field_id: Mapped[int] = mapped_column(ForeignKey("custom_field.id"), primary_key=True)
    unique_key: Mapped[str] = mapped_column(String(1000))
