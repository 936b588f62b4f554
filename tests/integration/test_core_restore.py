"""`gangway restore`: a back-up becomes the database, or everything stays as it is."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core import backup
from core.config import Settings
from core.engine import Engine
from core.errors import RestoreFailed
from tests.support.settings import settings_of
from tests.support.site import sign_ups, tally

NOW = datetime(2026, 11, 28, 15, 30, tzinfo=UTC)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The database is one that isn't there yet, in a folder that isn't either."""
    return settings_of(database_url=f"sqlite:///{tmp_path}/data/gangway.db")


@pytest.fixture
def back_up(office_url: str, tmp_path: Path) -> Path:
    """A back-up of an office's database."""
    return Path(office_url.removeprefix("sqlite:///")).rename(tmp_path / "monday.db")


def file_of(settings: Settings) -> Path:
    assert settings.database_file
    return settings.database_file


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return file


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@on_sqlite
async def test_a_back_up_becomes_the_database_and_stays_itself(
    back_up: Path, settings: Settings, tmp_path: Path
) -> None:
    said = backup.restore(settings, back_up, NOW, replace=False)
    assert said.startswith(f"Restored {back_up} to {file_of(settings)}: ")
    assert said.endswith(" MB, checked.")
    assert names(file_of(settings).parent) == ["gangway.db"]
    assert file_of(settings).stat().st_mode & 0o777 == 0o600
    assert "monday.db" in names(tmp_path)
    engine = Engine(settings.database_url)
    assert await engine.is_current()
    assert await tally(engine) == sign_ups(0)
    await engine.close()


@on_sqlite
def test_an_existing_database_is_replaced_only_if_that_is_said_and_is_kept(back_up: Path, settings: Settings) -> None:
    file = write(file_of(settings), "the old one")
    write(Path(f"{file}-wal"), "its newest changes")
    with pytest.raises(RestoreFailed, match=r"there is a database at .*; `--replace` replaces it, and keeps it beside"):
        backup.restore(settings, back_up, NOW, replace=False)
    assert file.read_text() == "the old one"
    said = backup.restore(settings, back_up, NOW, replace=True)
    kept = file.with_name("gangway.db.before-20261128T153000")
    assert said.endswith(f" MB, checked. What was there before is {kept}.")
    assert (kept.read_text(), Path(f"{kept}-wal").read_text()) == ("the old one", "its newest changes")
    assert names(file.parent) == ["gangway.db", kept.name, f"{kept.name}-wal"]
    assert backup.back_up(settings, file.with_name("tuesday.db"))


@on_sqlite
def test_changes_that_lost_their_database_are_not_read_into_the_restored_one(back_up: Path, settings: Settings) -> None:
    write(Path(f"{file_of(settings)}-wal"), "changes of another file")
    backup.restore(settings, back_up, NOW, replace=False)
    assert names(file_of(settings).parent) == ["gangway.db", "gangway.db.before-20261128T153000-wal"]


@on_sqlite
def test_what_the_old_one_is_kept_as_is_never_overwritten(back_up: Path, settings: Settings) -> None:
    file = write(file_of(settings), "the old one")
    kept = write(file.with_name("gangway.db.before-20261128T153000"), "an older one")
    with pytest.raises(RestoreFailed, match="File exists"):
        backup.restore(settings, back_up, NOW, replace=True)
    assert (file.read_text(), kept.read_text()) == ("the old one", "an older one")


@on_sqlite
def test_a_damaged_back_up_is_refused(back_up: Path, settings: Settings) -> None:
    with closing(sqlite3.connect(back_up)) as connection:  # whose foreign keys are off
        connection.execute("INSERT INTO department_tree VALUES (4711, 4712, 1)")
        connection.commit()
    with pytest.raises(RestoreFailed, match=r"monday\.db: the database is damaged"):
        backup.restore(settings, back_up, NOW, replace=False)
    assert names(file_of(settings).parent) == []


@on_sqlite
def test_a_back_up_of_a_newer_version_is_refused(back_up: Path, settings: Settings) -> None:
    with closing(sqlite3.connect(back_up)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(
        RestoreFailed, match=r"monday\.db: the database is of a newer version \(9999\); update this pro"
    ):
        backup.restore(settings, back_up, NOW, replace=False)
    assert names(file_of(settings).parent) == []


def test_what_is_no_back_up_is_refused(settings: Settings, tmp_path: Path) -> None:
    write(tmp_path / "letter.db", 100 * "Dear aunt, ")
    write(tmp_path / "empty.db", "")
    with closing(sqlite3.connect(tmp_path / "notes.db")) as connection:
        connection.execute("CREATE TABLE note (text)")
    for name, reason in (
        ("none.db", "there is no file .*none.db"),
        ("letter.db", "letter.db: file is not a database"),
        ("notes.db", "notes.db: the database isn't Gangway's"),
        ("empty.db", "empty.db: the database is empty"),
    ):
        with pytest.raises(RestoreFailed, match=reason):
            backup.restore(settings, tmp_path / name, NOW, replace=True)
    assert not file_of(settings).exists()


def test_postgresql_has_a_tool_of_its_own(tmp_path: Path) -> None:
    settings = settings_of(database_url="postgresql://user:hunter2@host/name")
    with pytest.raises(RestoreFailed, match="pg_restore") as told:
        backup.restore(settings, tmp_path / "copy.dump", NOW, replace=False)
    assert "hunter2" not in str(told.value)
