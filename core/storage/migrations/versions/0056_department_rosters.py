"""Departments can have rosters, too, and let in nobody else; phone numbers are looked up by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0056"
down_revision = "0055"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_ONE = "(profile_id IS NULL) != (department_id IS NULL)"
HAS_PHONE = "phone != ''"


def upgrade() -> None:
    op.add_column("department", sa.Column("only_expected", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("expected_person") as person:
        person.alter_column("profile_id", existing_type=ID, nullable=True)
        person.add_column(sa.Column("department_id", ID, nullable=True))
        person.create_foreign_key(op.f("fk_expected_person_department_id"), "department", ["department_id"], ["id"])
        person.create_unique_constraint(
            op.f("uq_expected_person_department_id_identity"), ["department_id", "identity"]
        )
        person.create_check_constraint(op.f("ck_expected_person_of_one"), OF_ONE)
        person.drop_index("ix_expected_person_phone")
        person.create_index("ix_expected_person_phone", ["phone"])
        person.create_index("ix_expected_person_identity", ["identity"])
    op.create_index(
        "ix_user_account_phone",
        "user_account",
        ["phone"],
        sqlite_where=sa.text(HAS_PHONE),
        postgresql_where=sa.text(HAS_PHONE),
    )
