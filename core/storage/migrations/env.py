"""Alembic's environment: runs on the connection that upgrade() hands over, with no address and no ini file."""

from alembic import context

from core.storage.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,  # SQLite too: our connections begin for real, so its DDL rolls back as well
    compare_type=True,
)
context.run_migrations()
