"""Invitations that let somebody who has a role already into the chat."""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    kind = "BIGINT" if op.get_bind().dialect.name == "postgresql" else "INTEGER"
    reference = "CONSTRAINT fk_invitation_user_id REFERENCES user_account (id)"
    # Written out, because SQLite takes a foreign key together with its column or not at all.
    op.execute(f"ALTER TABLE invitation ADD COLUMN user_id {kind} {reference}")
