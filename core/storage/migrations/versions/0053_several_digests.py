"""Several digests a person: each with a department, profiles, and silence without news."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("digest") as digest:
        digest.drop_constraint(op.f("uq_digest_user_id"), type_="unique")
        digest.add_column(sa.Column("main", sa.Boolean(), server_default=sa.true(), nullable=False))
        digest.add_column(sa.Column("department_id", ID, nullable=True))
        digest.add_column(sa.Column("quiet", sa.Boolean(), server_default=sa.false(), nullable=False))
        digest.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
        digest.create_foreign_key(op.f("fk_digest_department_id"), "department", ["department_id"], ["id"])
    op.create_index(
        "uq_digest_user_id",
        "digest",
        ["user_id"],
        unique=True,
        sqlite_where=sa.text("main"),
        postgresql_where=sa.text("main"),
    )
    op.create_index(op.f("ix_digest_user_id"), "digest", ["user_id"])
    op.create_table(
        "digest_profile",
        sa.Column("digest_id", ID, nullable=False),
        sa.Column("profile_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["digest_id"], ["digest.id"], name=op.f("fk_digest_profile_digest_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_digest_profile_profile_id")),
        sa.PrimaryKeyConstraint("digest_id", "profile_id", name=op.f("pk_digest_profile")),
    )
