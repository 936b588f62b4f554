"""All versions of the privacy policy are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "privacy_policy",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_privacy_policy")),
    )
    op.add_column("account", sa.Column("consent_asked", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE account SET consent_asked = true WHERE privacy_policy IS NOT NULL")
    op.execute(
        "INSERT INTO privacy_policy (version, text)"
        " SELECT privacy_version, privacy_policy FROM account WHERE privacy_policy IS NOT NULL"
    )
    op.drop_column("account", "privacy_policy")
    _keep_append_only()


def _keep_append_only() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    refusal = (
        "BEGIN SELECT RAISE(ABORT, 'privacy_policy is append-only'); END"
        if on_sqlite
        else "EXECUTE FUNCTION gangway_append_only()"
    )
    for verb in ("UPDATE", "DELETE") if on_sqlite else ("UPDATE", "DELETE", "TRUNCATE"):
        op.execute(f"CREATE TRIGGER privacy_policy_no_{verb.lower()} BEFORE {verb} ON privacy_policy {refusal}")
