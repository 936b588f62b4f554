"""The account decides what its pages look like and which built-in fields the form asks for."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

FIELDS = {"login_field": "off", "phone_field": "optional", "job_title_field": "optional"}


def upgrade() -> None:
    for name, length in (("language", 2), ("contact", 200), ("accent", 7), ("welcome", 300)):
        op.add_column("account", sa.Column(name, sa.String(length), nullable=True))
    for name, default in FIELDS.items():
        op.add_column("account", sa.Column(name, sa.String(8), nullable=False, server_default=default))
