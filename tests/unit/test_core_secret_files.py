"""Settings that are in files of their own, as containers get their secrets."""

from pathlib import Path

import pytest

from core import config
from core.config import InvalidSettings, Settings
from core.secret_files import IN_FILES

TOKEN = "123456789:AAE-hunter2"
VALUES = {
    "bot_token": TOKEN,
    "webhook_secret": "hunter2",
    "database_url": "postgresql://u:hunter2@host/name",
    "secret_key": "hunter2 hunter2 hunter2",
    "smtp_url": "smtp://u:hunter2@host",
    "metrics_token": "hunter2 hunter2 hunter2",
    "sentry_dsn": "https://hunter2@sentry.example.org/1",
}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def refusal() -> list[str]:
    with pytest.raises(InvalidSettings) as refused:
        config.load()
    assert "hunter2" not in str(refused.value)
    return refused.value.lines


@pytest.mark.parametrize("name", IN_FILES)
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_a_secret_may_be_in_a_file_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, end: str
) -> None:
    (tmp_path / "secret").write_bytes(f"{VALUES[name]}{end}".encode())
    monkeypatch.setenv(f"{name.upper()}_FILE", "secret")
    found = getattr(config.load(), name)
    assert (found if isinstance(found, str) else found.get_secret_value()) == VALUES[name]


def test_the_name_of_the_file_may_be_in_the_file_of_settings(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(TOKEN)
    (tmp_path / ".env").write_text("BOT_TOKEN_FILE=secret\n")
    assert config.load().database_user == "123456789"


@pytest.mark.parametrize("name", IN_FILES)
def test_a_secret_that_is_set_and_in_a_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "secret").write_text(VALUES[name])
    monkeypatch.setenv(f"{name.upper()}_FILE", "secret")
    monkeypatch.setenv(name.upper(), VALUES[name])
    assert refusal() == [f"{name.upper()}_FILE: {name.upper()} is set too; keep one of the two"]


@pytest.mark.parametrize(
    "content", [b"", b" \n", b"hunter2\nhunter2", b"hunter2\x00", b"\xffhunter2", 5000 * b"hunter2"], ids=repr
)
def test_a_file_that_holds_no_secret_is_refused_without_showing_what_it_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    (tmp_path / "secret").write_bytes(content)
    monkeypatch.setenv("SECRET_KEY_FILE", "secret")
    assert refusal() == ["SECRET_KEY_FILE: doesn't hold one line of text"]


def test_every_file_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY_FILE", "missing")
    monkeypatch.setenv("BOT_TOKEN_FILE", "/")
    assert refusal() == [
        "BOT_TOKEN_FILE: can't be read: Is a directory",
        "SECRET_KEY_FILE: can't be read: No such file or directory",
    ]


def test_a_wrong_secret_in_a_file_is_named_as_any_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("hunter2")
    monkeypatch.setenv("BOT_TOKEN_FILE", "secret")
    assert refusal() == ["BOT_TOKEN: isn't a bot token, like 123456789:AAE..., from @BotFather"]


def test_all_secrets_can_be_in_files() -> None:
    secret = {name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    assert secret | {"database_url"} == set(IN_FILES)
    assert {name for name in Settings.model_fields if name.endswith("_file")} == {f"{name}_file" for name in IN_FILES}
