"""Settings from the environment and `.env`: PRODUCT.md, section 6."""

from pathlib import Path

import pytest

from core import config
from core.config import InvalidSettings, Settings

TOKEN = "123456789:AAE-a_token_of_letters_and_digits0"


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def load(monkeypatch: pytest.MonkeyPatch, **values: str) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return config.load()


def test_every_setting_is_optional() -> None:
    settings = config.load()
    assert settings.bot_token is None
    assert settings.bot_api_url == "https://api.telegram.org"
    assert (settings.database_url, settings.database_user) == ("sqlite:///data/sandbox.db", "sandbox")
    assert (settings.public_url, settings.web_host, settings.web_port) == ("http://127.0.0.1:8080", "127.0.0.1", 8080)
    assert (settings.sandbox_port, settings.log_level, settings.log_format) == (8081, "info", "console")
    assert settings.proxies == ()


def test_a_bot_has_a_database_of_its_own_and_is_known_by_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, BOT_TOKEN="123456789:AAE")
    assert (settings.database_url, settings.database_user) == ("sqlite:///data/gangway.db", "123456789")


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///data/gangway.db", Path("data/gangway.db")),
        ("sqlite:////var/lib/gangway.db?timeout=5", Path("/var/lib/gangway.db")),
        ("postgresql://user@host/name", None),
    ],
)
def test_a_database_that_is_a_file_is_known_by_its_place(
    monkeypatch: pytest.MonkeyPatch, url: str, file: Path | None
) -> None:
    assert load(monkeypatch, DATABASE_URL=url).database_file == file


@pytest.mark.parametrize("name", [name.upper() for name in Settings.model_fields])
def test_an_empty_setting_means_its_default(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    default = config.load()
    assert load(monkeypatch, **{name: ""}) == default


@pytest.mark.parametrize(
    ("typed", "uri"),
    [
        ("security@example.org", "mailto:security@example.org"),
        ("mailto:security@example.org", "mailto:security@example.org"),
        ("https://example.org/report", "https://example.org/report"),
    ],
)
def test_a_security_contact_is_an_address_that_rfc_9116_allows(
    monkeypatch: pytest.MonkeyPatch, typed: str, uri: str
) -> None:
    assert load(monkeypatch, SECURITY_CONTACT=typed).security_contact == uri


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECURITY_CONTACT", "http://example.org"),
        ("SECURITY_CONTACT", "security@example.org\nExpires: never"),
        ("SECURITY_CONTACT", "ask Anna"),
        ("BOT_TOKEN", "hunter2"),
        ("BOT_TOKEN", "hunter2:AAE"),
        ("BOT_TOKEN", "123456789:"),
        ("BOT_TOKEN", "123456789:hunter 2"),
        ("BOT_MODE", "hunter2"),
        ("WEBHOOK_SECRET", "hunter2 hunter2"),
        ("BOT_API_URL", "hunter2"),
        ("BOT_API_URL", "ftp://hunter2"),
        ("OWNER_TELEGRAM_ID", "hunter2"),
        ("OWNER_TELEGRAM_ID", "-77123"),
        ("DATABASE_URL", "hunter2"),
        ("DATABASE_URL", "mysql://user:hunter2@host/name"),
        ("DATABASE_URL", "postgresql://user:hunter2@host:port/name"),
        ("DATABASE_URL", "postgresql://user:hunter2@[host/name"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("PUBLIC_URL", "hunter2.example.org"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://example.org/?hunter2"),
        ("PUBLIC_URL", "https://example.org/#hunter2"),
        ("PUBLIC_URL", "https://example.org:hunter2"),
        ("PUBLIC_URL", "https://example.org/hunter2"),
        ("PUBLIC_URL", "https://example.org:77123"),
        ("PUBLIC_URL", "https://hunter2\N{ACCOUNT OF}.org"),
        ("WEB_PORT", "hunter2"),
        ("WEB_PORT", "77123"),
        ("SANDBOX_PORT", "-77123"),
        ("SECRET_KEY", "hunter2"),
        ("TRUSTED_PROXIES", "hunter2"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, 77123"),
        ("TRUSTED_PROXIES", "fe80::/hunter2"),
        ("TRUSTED_PROXIES", "10.0.77.123/8"),
        ("TRUSTED_PROXIES", "77123"),
        ("LOG_LEVEL", "hunter2"),
        ("LOG_FORMAT", "hunter2"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_it_and_never_shows_its_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    with pytest.raises(InvalidSettings) as refused:
        load(monkeypatch, **{name: value})
    [line] = refused.value.lines
    assert line.startswith(f"{name}: ")
    assert "hunter2" not in line
    assert "77123" not in line
    assert "\n" not in line


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidSettings) as refused:
        load(monkeypatch, WEB_PORT="x", SECRET_KEY="short", LOG_LEVEL="loud")
    assert [line.partition(":")[0] for line in refused.value.lines] == ["WEB_PORT", "SECRET_KEY", "LOG_LEVEL"]
    assert str(refused.value).splitlines() == refused.value.lines


def test_settings_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"BOT_TOKEN={TOKEN}\nLOG_LEVEL=debug\nUNKNOWN=1\n")
    settings = config.load()
    assert settings.bot_token
    assert settings.bot_token.get_secret_value() == TOKEN
    assert settings.log_level == "debug"


def test_the_environment_goes_before_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("WEB_PORT=9000\n")
    assert load(monkeypatch, WEB_PORT="9001").web_port == 9001


def test_words_may_be_written_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, LOG_LEVEL=" WARNING", LOG_FORMAT="JSON", BOT_MODE="Polling")
    assert (settings.log_level, settings.log_format, settings.bot_mode) == ("warning", "json", "polling")


def test_secrets_are_not_shown_by_printing_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, BOT_TOKEN=TOKEN, SECRET_KEY="hunter2 hunter2 hunter2", SMTP_URL="smtp://u:hunter2@h")
    assert "hunter2" not in repr(settings)
    assert TOKEN not in repr(settings)


def test_settings_do_not_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        config.load().web_port = 1


def test_the_public_address_follows_the_port(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, WEB_PORT="9000").public_url == "http://127.0.0.1:9000"


def test_a_port_that_the_system_chooses_is_no_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, WEB_PORT="0").public_url == "http://127.0.0.1:0"


def test_an_address_is_kept_without_its_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, PUBLIC_URL="https://signup.example.org/", BOT_API_URL="http://127.0.0.1:8081/")
    assert (settings.public_url, settings.bot_api_url) == ("https://signup.example.org", "http://127.0.0.1:8081")


def test_postgres_is_another_word_for_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch, DATABASE_URL="postgres://u:p@h/n").database_url == "postgresql://u:p@h/n"


@pytest.mark.parametrize(
    "url", ["sqlite:////var/lib/gangway.db", "postgresql://u:p%40@[::1]:5433/n?sslmode=require", "postgresql:///n"]
)
def test_a_database_is_sqlite_or_postgresql(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert load(monkeypatch, DATABASE_URL=url).database_url == url


def test_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, TRUSTED_PROXIES="10.0.0.0/8,127.0.0.1 ::1")
    assert [str(network) for network in settings.proxies] == ["10.0.0.0/8", "127.0.0.1/32", "::1/128"]


@pytest.mark.parametrize(
    "networks", ["0.0.0.0/0", "::/0", "127.0.0.1, 0.0.0.0/0", "::/0 10.0.0.0/8", "0.0.0.0/0.0.0.0"]
)
def test_not_every_address_can_be_a_trusted_proxy(monkeypatch: pytest.MonkeyPatch, networks: str) -> None:
    with pytest.raises(InvalidSettings, match=r"^TRUSTED_PROXIES: trusts every address") as refused:
        load(monkeypatch, TRUSTED_PROXIES=networks)
    assert len(refused.value.lines) == 1


@pytest.mark.parametrize(
    "networks",
    ["0.0.0.0/1, 128.0.0.0/1", "8.0.0.0/7", "2000::/3", " ".join(f"{first}.0.0.0/9" for first in (8, 9, 11))],
)
def test_a_large_part_of_the_internet_is_no_proxy(monkeypatch: pytest.MonkeyPatch, networks: str) -> None:
    with pytest.raises(InvalidSettings, match=r"^TRUSTED_PROXIES: trusts so many public addresses"):
        load(monkeypatch, TRUSTED_PROXIES=networks)


def test_private_networks_and_those_of_large_companies_can_be_proxies(monkeypatch: pytest.MonkeyPatch) -> None:
    networks = "10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, fd00::/8, 100.64.0.0/10, 104.16.0.0/13, 2606:4700::/32"
    assert len(load(monkeypatch, TRUSTED_PROXIES=networks).proxies) == 7


@pytest.mark.parametrize(("url", "secure"), [("https://a.example.org", True), ("http://a.example.org", False)])
def test_pages_are_secure_by_https(monkeypatch: pytest.MonkeyPatch, url: str, *, secure: bool) -> None:
    assert load(monkeypatch, PUBLIC_URL=url).is_secure is secure


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://api.example.org", False),
        ("http://127.0.0.1:8081", False),
        ("http://10.0.0.7:8081", False),
        ("http://api.example.org", True),
    ],
)
def test_a_bot_token_is_shown_by_calls_over_a_public_network_without_https(
    monkeypatch: pytest.MonkeyPatch, url: str, *, shown: bool
) -> None:
    assert load(monkeypatch, BOT_API_URL=url, BOT_TOKEN=TOKEN).shows_bot_token is shown


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("https://signup.example.org", True),
        ("http://93.184.215.14:8080", True),
        ("https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]", True),
        ("http://127.0.0.1:8080", False),
        ("http://192.168.1.5", False),
        ("http://[::1]:8080", False),
        ("http://localhost:8080", False),
        ("http://gangway", False),
        ("http://gangway.local", False),
        ("http://gangway.internal", False),
        ("http://gangway.localhost", False),
    ],
)
def test_an_address_is_public_if_the_whole_world_can_reach_it(
    monkeypatch: pytest.MonkeyPatch, url: str, *, public: bool
) -> None:
    assert load(monkeypatch, PUBLIC_URL=url).is_public is public
