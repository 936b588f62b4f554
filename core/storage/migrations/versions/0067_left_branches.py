"""Which departments were below which other ones, while people signed up: they have come there for good."""

import sqlalchemy as sa
from alembic import op

revision = "0067"
down_revision = "0066"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "left_branch",
        sa.Column("ancestor_id", ID, nullable=False),
        sa.Column("descendant_id", ID, nullable=False),
        sa.Column("since", ID, autoincrement=False, nullable=False),
        sa.Column("through", ID, nullable=True),
        sa.ForeignKeyConstraint(
            ["ancestor_id"], ["department.id"], name=op.f("fk_left_branch_ancestor_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["descendant_id"], ["department.id"], name=op.f("fk_left_branch_descendant_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ancestor_id", "descendant_id", "since", name=op.f("pk_left_branch")),
    )
    op.create_index(op.f("ix_left_branch_descendant_id"), "left_branch", ["descendant_id"])
