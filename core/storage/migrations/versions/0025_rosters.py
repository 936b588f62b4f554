"""The people whom managers expect, and the switch that lets nobody else sign up."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("profile", sa.Column("only_expected", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "expected_person",
        sa.Column("id", ID, nullable=False),
        sa.Column("profile_id", ID, nullable=False),
        sa.Column("identity", sa.String(length=640), nullable=False),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_field", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_expected_person_profile_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expected_person")),
        sa.UniqueConstraint("profile_id", "identity", name=op.f("uq_expected_person_profile_id_identity")),
    )
    op.create_index("ix_expected_person_email", "expected_person", ["email"])
    op.create_index("ix_expected_person_phone", "expected_person", ["profile_id", "phone"])
    op.create_table(
        "expected_value",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("field_id", ID, nullable=False),
        sa.Column("unique_key", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["expected_person.id"], name=op.f("fk_expected_value_person_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["field_id"], ["custom_field.id"], name=op.f("fk_expected_value_field_id")),
        sa.PrimaryKeyConstraint("person_id", "field_id", name=op.f("pk_expected_value")),
    )
    op.create_index("ix_expected_value_key", "expected_value", ["field_id", "unique_key"])
