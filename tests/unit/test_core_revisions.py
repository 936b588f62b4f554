"""The names of the files of migrations are their revisions: a start compares these without Alembic."""

from alembic.config import Config
from alembic.script import ScriptDirectory

from core.storage.migrate import MIGRATIONS, REVISIONS


def test_the_files_of_migrations_are_named_and_ordered_by_their_revisions() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    chain = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(chain)) == REVISIONS
