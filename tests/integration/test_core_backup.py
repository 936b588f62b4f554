"""`gangway backup`: a sound copy of a database that is used meanwhile."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from core import backup
from core.config import Settings
from core.engine import Engine
from core.errors import BackupFailed
from tests.support.account import Office
from tests.support.settings import settings_of
from tests.support.site import sign_ups, tally

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def settings_for(url: str) -> Settings:
    return settings_of(database_url=url)


def names(folder: Path) -> list[str]:
    """Return the names of copies, complete or not."""
    return [path.name for path in folder.iterdir() if "copy" in path.name]


@on_sqlite
async def test_a_copy_holds_all_that_was_committed_and_only_its_owner_reads_it(
    office: Office, database_url: str, tmp_path: Path
) -> None:
    card = await office.profile()
    for number in range(3):
        await office.sign_up(card.token, f"learner{number}@example.com")
    target = tmp_path / "copy.db"
    said = backup.back_up(settings_for(database_url), target)
    assert said.startswith(f"Backed up {settings_for(database_url).database_file} to {target}: ")
    assert target.stat().st_mode & 0o777 == 0o600
    assert names(tmp_path) == ["copy.db"]
    engine = Engine(f"sqlite:///{target}")
    assert await engine.is_current()
    assert await tally(engine) == sign_ups(3)
    await engine.close()


@on_sqlite
async def test_a_copy_is_taken_while_people_sign_up(office: Office, database_url: str, tmp_path: Path) -> None:
    card = await office.profile(limit="unlimited")
    emails = [f"learner{number}@example.com" for number in range(30)]
    working = asyncio.gather(*(office.sign_up(card.token, email) for email in emails))
    await asyncio.to_thread(backup.back_up, settings_for(database_url), tmp_path / "copy.db")
    await working
    engine = Engine(f"sqlite:///{tmp_path}/copy.db")
    found = await tally(engine)
    assert found == sign_ups(found.rows)  # some of them, each of them complete
    await engine.close()


@on_sqlite
@pytest.mark.usefixtures("office")
async def test_an_existing_file_is_never_overwritten(database_url: str, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("my thesis")
    with pytest.raises(BackupFailed, match="File exists"):
        backup.back_up(settings_for(database_url), target)
    assert target.read_text() == "my thesis"


@on_sqlite
@pytest.mark.usefixtures("office")
async def test_a_damaged_database_is_not_backed_up(database_url: str, tmp_path: Path) -> None:
    file = settings_for(database_url).database_file
    assert file
    with closing(sqlite3.connect(file)) as connection:  # whose foreign keys are off
        connection.execute("INSERT INTO department_tree VALUES (4711, 4712, 1)")
        connection.commit()
    with pytest.raises(BackupFailed, match="the database is damaged"):
        backup.back_up(settings_for(database_url), tmp_path / "copy.db")
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("url", "target", "reason"),
    [
        (
            "sqlite:///{folder}/none.db",
            "{folder}/copy.db",
            "No back-up of .*none.db in .*copy.db: there is no database",
        ),
        ("sqlite:///{folder}/letter.db", "{folder}/copy.db", "file is not a database"),
        ("sqlite:///{folder}/empty.db", "{folder}/copy.db", "the database is empty"),
        ("sqlite:///{folder}/letter.db", "{folder}/nowhere/copy.db", "No such file or directory"),
        ("postgresql://user:hunter2@host/name", "copy.dump", "pg_dump --format=custom --file=copy.dump"),
    ],
)
def test_what_can_not_be_backed_up_is_told(tmp_path: Path, url: str, target: str, reason: str) -> None:
    (tmp_path / "letter.db").write_text(100 * "Dear aunt, ")
    (tmp_path / "empty.db").touch()
    with pytest.raises(BackupFailed, match=reason) as told:
        backup.back_up(settings_for(url.format(folder=tmp_path)), Path(target.format(folder=tmp_path)))
    assert "hunter2" not in str(told.value)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty.db", "letter.db"]


def test_another_program_s_database_is_not_backed_up(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "notes.db")) as connection:
        connection.execute("CREATE TABLE note (text)")
    with pytest.raises(BackupFailed, match=r"notes\.db in .*copy\.db: the database isn't Gangway's"):
        backup.back_up(settings_for(f"sqlite:///{tmp_path}/notes.db"), tmp_path / "copy.db")
    assert names(tmp_path) == []


@on_sqlite
@pytest.mark.usefixtures("office")
@pytest.mark.parametrize("place", [100, 4096], ids=["schema", "table"])
async def test_a_damaged_file_is_named_and_not_its_copy(database_url: str, tmp_path: Path, place: int) -> None:
    file = settings_for(database_url).database_file
    assert file
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("VACUUM INTO ?", (str(tmp_path / "damaged.db"),))
    with (tmp_path / "damaged.db").open("r+b") as damaged:
        damaged.seek(place)
        damaged.write(3000 * b"Z")
    with pytest.raises(BackupFailed, match=r"No back-up of .*damaged\.db in .*copy\.db: the database is damaged"):
        backup.back_up(settings_for(f"sqlite:///{tmp_path}/damaged.db"), tmp_path / "copy.db")
    assert names(tmp_path) == []
