"""Links sent by e-mail: to whom, and how many on a day."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "link_recipient",
        sa.Column("id", ID, nullable=False),
        sa.Column("profile_id", ID, nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=False),
        sa.Column("added_by", ID, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_link_recipient_profile_id")),
        sa.ForeignKeyConstraint(["added_by"], ["user_account.id"], name=op.f("fk_link_recipient_added_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_recipient")),
        sa.UniqueConstraint("profile_id", "email", name=op.f("uq_link_recipient_profile_id_email")),
    )
    op.create_index("ix_link_recipient_email", "link_recipient", ["email"])
    op.create_table(
        "link_mail_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("queued", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_link_mail_day")),
    )
    with op.batch_alter_table("outgoing_mail") as table:
        table.add_column(sa.Column("recipient_id", ID, nullable=True))
        table.create_foreign_key(
            op.f("fk_outgoing_mail_recipient_id"), "link_recipient", ["recipient_id"], ["id"], ondelete="CASCADE"
        )
    op.create_index(op.f("ix_outgoing_mail_recipient_id"), "outgoing_mail", ["recipient_id"])
