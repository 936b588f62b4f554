"""The engine complete: roles, links, the ledger, policies, fields of the account's own, and the record."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = ("ledger_entry", "record_entry")


def upgrade() -> None:
    op.create_table(
        "custom_role",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_key", sa.String(length=600), nullable=False),
        sa.Column("permissions", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_role")),
        sa.UniqueConstraint("name_key", name=op.f("uq_custom_role_name_key")),
    )
    _change_account()
    _change_departments()
    _change_users()
    _add_tables_of_people()
    _add_tables_of_sign_up()
    _move_links()
    _change_profiles()
    _change_activations()
    _open_ledger()
    _keep_append_only()


def _add_tables_of_people() -> None:
    op.create_table(
        "custom_field",
        sa.Column("id", ID, nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("label_key", sa.String(length=600), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("at_sign_up", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_field")),
    )
    op.create_index(
        "uq_custom_field_label_key",
        "custom_field",
        ["label_key"],
        unique=True,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_table(
        "field_value",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("field_id", ID, nullable=False),
        sa.Column("value", sa.String(length=1000), nullable=False),
        sa.Column("unique_key", sa.String(length=1000), nullable=True),
        sa.ForeignKeyConstraint(["field_id"], ["custom_field.id"], name=op.f("fk_field_value_field_id")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_field_value_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "field_id", name=op.f("pk_field_value")),
        sa.UniqueConstraint("field_id", "unique_key", name=op.f("uq_field_value_field_id_unique_key")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", ID, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=False),
        sa.Column("custom_role_id", ID, nullable=True),
        sa.Column("created_by", ID, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_by", ID, nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["user_account.id"], name=op.f("fk_invitation_created_by")),
        sa.ForeignKeyConstraint(
            ["custom_role_id"], ["custom_role.id"], name=op.f("fk_invitation_custom_role_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["used_by"], ["user_account.id"], name=op.f("fk_invitation_used_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_invitation_code_hash")),
    )
    op.create_table(
        "invited_department",
        sa.Column("invitation_id", ID, nullable=False),
        sa.Column("department_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_invited_department_department_id")),
        sa.ForeignKeyConstraint(
            ["invitation_id"], ["invitation.id"], name=op.f("fk_invited_department_invitation_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("invitation_id", "department_id", name=op.f("pk_invited_department")),
    )
    op.create_index(op.f("ix_invited_department_department_id"), "invited_department", ["department_id"], unique=False)


def _add_tables_of_sign_up() -> None:
    op.create_table(
        "link",
        sa.Column("id", ID, nullable=False),
        sa.Column("profile_id", ID, nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("label_key", sa.String(length=600), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_link_profile_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("token", name=op.f("uq_link_token")),
    )
    op.create_index(
        "uq_link_profile_id_label_key",
        "link",
        ["profile_id", "label_key"],
        unique=True,
        sqlite_where=sa.text("replaced_at IS NULL"),
        postgresql_where=sa.text("replaced_at IS NULL"),
    )
    op.create_table(
        "profile_department",
        sa.Column("profile_id", ID, nullable=False),
        sa.Column("department_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_profile_department_department_id")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_profile_department_profile_id")),
        sa.PrimaryKeyConstraint("profile_id", "department_id", name=op.f("pk_profile_department")),
    )
    op.create_index(op.f("ix_profile_department_department_id"), "profile_department", ["department_id"], unique=False)
    op.create_table(
        "pending_sign_up",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("profile_id", ID, nullable=False),
        sa.Column("link_id", ID, nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("needs_approval", sa.Boolean(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], name=op.f("fk_pending_sign_up_link_id")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_pending_sign_up_profile_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_pending_sign_up_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_pending_sign_up")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_pending_sign_up_code_hash")),
        sa.UniqueConstraint("form_key", name=op.f("uq_pending_sign_up_form_key")),
    )
    op.create_index(op.f("ix_pending_sign_up_expires_at"), "pending_sign_up", ["expires_at"], unique=False)
    op.create_index(op.f("ix_pending_sign_up_profile_id"), "pending_sign_up", ["profile_id"], unique=False)
    op.create_table(
        "ledger_entry",
        sa.Column("id", ID, nullable=False),
        sa.Column("profile_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("by_id", ID, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('reserved', 'released', 'taken', 'returned')", name=op.f("ck_ledger_entry_kind")),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_ledger_entry_by_id")),
        sa.ForeignKeyConstraint(["profile_id"], ["profile.id"], name=op.f("fk_ledger_entry_profile_id")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_ledger_entry_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("user_id", "kind", name=op.f("uq_ledger_entry_user_id_kind")),
    )
    op.create_index("ix_ledger_entry_profile", "ledger_entry", ["profile_id", "id"], unique=False)
    op.create_table(
        "record_entry",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", ID, nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject_id", ID, nullable=True),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("department_id", ID, nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user_account.id"], name=op.f("fk_record_entry_actor_id")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_record_entry_department_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_entry")),
    )
    op.create_index("ix_record_entry_department", "record_entry", ["department_id", "id"], unique=False)


def _change_account() -> None:
    # SQLite's batch mode reads no CHECK constraints back: each table that has some restates them.
    seats = {"seats_positive": "seats IS NULL OR seats >= 1"}
    with op.batch_alter_table("account", table_args=_checks("account", one="id = 1", **seats)) as table:
        table.add_column(sa.Column("seats", sa.Integer(), nullable=True))
        for switch in ("strong_passwords", "email_confirmation", "approval"):
            table.add_column(sa.Column(switch, sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("email_domains", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("privacy_policy", sa.Text(), nullable=True))
        table.add_column(sa.Column("privacy_version", sa.Integer(), nullable=False, server_default="0"))
    _add_checks("account", **seats)


def _change_departments() -> None:
    with op.batch_alter_table("department") as table:
        table.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
        table.drop_constraint(op.f("uq_department_parent_id_name_key"), type_="unique")
    _add_partial_index(
        "uq_department_parent_id_name_key", "department", ["parent_id", "name_key"], "removed_at IS NULL"
    )


def _change_users() -> None:
    checks = {
        "state": "state IN ('active', 'inactive', 'pending', 'deleted')",
        "custom_role": "(role = 'custom role') = (custom_role_id IS NOT NULL)",
    }
    op.drop_index("uq_user_account_owner", "user_account")
    op.drop_index(op.f("ix_user_account_department_id"), "user_account")
    with op.batch_alter_table("user_account") as table:
        table.add_column(sa.Column("state", sa.String(length=8), nullable=False, server_default="active"))
        table.add_column(sa.Column("custom_role_id", ID, nullable=True))
        table.add_column(sa.Column("consent_version", sa.Integer(), nullable=True))
        table.add_column(sa.Column("consent_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE user_account SET state = 'inactive' WHERE NOT active")
    with op.batch_alter_table("user_account", table_args=_checks("user_account", **checks)) as table:
        table.drop_column("active")
        table.alter_column("state", existing_type=sa.String(length=8), server_default=None)
        table.create_unique_constraint(op.f("uq_user_account_id_department_id"), ["id", "department_id"])
        table.create_foreign_key(op.f("fk_user_account_custom_role_id"), "custom_role", ["custom_role_id"], ["id"])
    _add_checks("user_account", **checks)
    _add_partial_index("uq_user_account_owner", "user_account", ["role"], "role = 'owner'")
    _add_partial_index("ix_user_account_active", "user_account", ["state"], "state = 'active'", unique=False)
    op.create_index("ix_user_account_department", "user_account", ["department_id", "state"])


def _move_links() -> None:
    op.execute(
        "INSERT INTO link (profile_id, token, label, label_key) SELECT id, token, '', '' FROM profile ORDER BY id"
    )
    op.execute(
        "INSERT INTO profile_department (profile_id, department_id) SELECT id, department_id FROM profile"
        " UNION SELECT profile_id, department_id FROM activation"
    )


def _change_profiles() -> None:
    within = "used >= 0 AND reserved >= 0 AND (activation_limit IS NULL OR used + reserved <= activation_limit)"
    kept = {"limit_positive": "activation_limit IS NULL OR activation_limit >= 1", "window": "starts_at < ends_at"}
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint(op.f("ck_profile_used_within_limit"), "profile", type_="check")
    with op.batch_alter_table("profile", table_args=_checks("profile", used_within_limit=within, **kept)) as table:
        table.add_column(sa.Column("reserved", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("removed_by", ID, nullable=True))
        table.drop_constraint(op.f("uq_profile_token"), type_="unique")
        table.drop_column("token")
        table.create_foreign_key(op.f("fk_profile_removed_by"), "user_account", ["removed_by"], ["id"])
    _add_checks("profile", used_within_limit=within)


def _change_activations() -> None:
    op.drop_index(op.f("ix_activation_department_id"), "activation")
    with op.batch_alter_table("activation") as table:
        table.add_column(sa.Column("link_id", ID, nullable=True))
        table.add_column(sa.Column("learner_department_id", ID, nullable=True))
        table.add_column(sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(
        "UPDATE activation SET"
        " link_id = (SELECT link.id FROM link WHERE link.profile_id = activation.profile_id),"
        " learner_department_id = (SELECT u.department_id FROM user_account u WHERE u.id = activation.user_id)"
    )
    with op.batch_alter_table("activation") as table:
        table.alter_column("link_id", existing_type=ID, nullable=False)
        table.alter_column("learner_department_id", existing_type=ID, nullable=False)
        table.drop_constraint(op.f("fk_activation_user_id"), type_="foreignkey")
        table.create_foreign_key(op.f("fk_activation_link_id"), "link", ["link_id"], ["id"])
        table.create_foreign_key(
            op.f("fk_activation_learner"),
            "user_account",
            ["user_id", "learner_department_id"],
            ["id", "department_id"],
            onupdate="CASCADE",
        )
    op.create_index(
        "ix_activation_by_department", "activation", ["profile_id", "learner_department_id", "id", "department_id"]
    )


def _open_ledger() -> None:
    op.execute(
        "INSERT INTO ledger_entry (profile_id, kind, user_id, reason, at)"
        " SELECT profile_id, 'taken', user_id, '', at FROM activation ORDER BY id"
    )


def _keep_append_only() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if not on_sqlite:
        op.execute(
            "CREATE FUNCTION gangway_append_only() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
        )
    refusals = "EXECUTE FUNCTION gangway_append_only()"
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE") if on_sqlite else ("UPDATE", "DELETE", "TRUNCATE"):
            refusal = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END" if on_sqlite else refusals
            op.execute(f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {refusal}")


def _checks(table: str, **conditions: str) -> tuple[sa.CheckConstraint, ...]:
    return tuple(
        sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}")) for name, condition in conditions.items()
    )


def _add_checks(table: str, **conditions: str) -> None:
    """Add what the rebuilt table has on SQLite."""
    if op.get_bind().dialect.name != "sqlite":
        for name, condition in conditions.items():
            op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, condition)


def _add_partial_index(name: str, table: str, columns: list[str], where: str, *, unique: bool = True) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)
