"""Activations by time, so that the first screen counts those of this week without reading all of them."""

from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_index("ix_activation_at", "activation", ["at", "learner_department_id", "profile_id"])
