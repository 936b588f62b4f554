"""Settings as people get them wrong: each is one line that names the setting and says what would be right."""

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core import config
from core.config import InvalidSettings, Settings

SECRET = "hunter2"
LONG = 5000 * "x"


@dataclass(frozen=True, kw_only=True)
class Odd:
    """A wrong setting, in the environment or in `.env`, and how its line begins and what it advises."""

    says: str
    advises: str
    environment: dict[str, str] = field(default_factory=dict)
    file: bytes | None = None


def odd(name: str, value: str, says: str, advises: str) -> Odd:
    """A wrong value in the environment."""
    return Odd(says=f"{name}: {says}", advises=advises, environment={name: value})


def written(content: bytes, says: str, advises: str) -> Odd:
    """A wrong file of settings."""
    return Odd(says=says, advises=advises, file=content)


ADDRESS = "like https://signup.example.org"
TELEGRAM = "like https://api.telegram.org"
LIKE_SQLITE = "sqlite:///data/gangway.db"
ENCODED = "%40 for @"
MAIL = "like smtp://user:password@mail.example.org:587"
PERSON = "a person's number in Telegram, like 123456789"
PORT = "a number from 0 to 65535, like 8080"
HOST = "like 127.0.0.1, 0.0.0.0 or ::"
QUOTED = "leave them out"

ODD = [
    odd("BOT_TOKEN", "hunter2", "isn't a bot token", "from @BotFather"),
    odd("BOT_TOKEN", "bot123456789:hunter2", "isn't a bot token", "from @BotFather"),
    odd("BOT_TOKEN", "12345678901234567890123:hunter2", "isn't a bot token", "from @BotFather"),
    odd("BOT_TOKEN", "１２３４５６７８９:hunter2", "isn't a bot token", "from @BotFather"),
    odd("BOT_TOKEN", '"123456789:hunter2"', "is in quotes", QUOTED),
    odd("BOT_TOKEN", "123456789:hunter2 # the new one", "has a comment", "lines of their own"),
    odd("BOT_TOKEN", "\ufeff123456789:hunter2", "has characters that can't be printed", "type it again"),
    odd("BOT_TOKEN", "123456789:hunter2\udcff", "has characters that can't be printed, or bytes", "type it again"),
    odd("BOT_API_URL", "https://api.telegram.org/bot123456789:hunter2", "ends with /bot or a token", "the root alone"),
    odd("BOT_API_URL", "https://api.telegram.org/bot", "ends with /bot or a token", "https://api.telegram.org"),
    odd("BOT_API_URL", "https://user:hunter2@api.example.org", "has a user or a password", TELEGRAM),
    odd("BOT_API_URL", "http://127.0.0.1:0", "isn't an address", TELEGRAM),
    odd("BOT_API_URL", "api.telegram.org", "isn't an address", TELEGRAM),
    odd("BOT_API_URL", "https://1", "names no host", TELEGRAM),
    odd("BOT_MODE", "hooks", "isn't polling", "polling or webhook"),
    odd("OWNER_TELEGRAM_ID", "12345678901234567890123", "isn't", PERSON),
    odd("OWNER_TELEGRAM_ID", "@olivia", "isn't", PERSON),
    odd("OWNER_TELEGRAM_ID", "-1001234567890", "isn't", PERSON),
    odd("OWNER_TELEGRAM_ID", "1.5", "isn't", PERSON),
    odd("DATABASE_URL", "data/gangway.db", "isn't a database", LIKE_SQLITE),
    odd("DATABASE_URL", "mysql://user:hunter2@host/name", "isn't a database", LIKE_SQLITE),
    odd("DATABASE_URL", "sqlite://data/gangway.db", "isn't a database in a file", "three slashes"),
    odd("DATABASE_URL", "sqlite:///:memory:", "isn't a database in a file", LIKE_SQLITE),
    odd("DATABASE_URL", "sqlite:///file:data/x.db?mode=ro&uri=true", "isn't a database in a file", LIKE_SQLITE),
    odd("DATABASE_URL", "sqlite+aiosqlite:///data/gangway.db", "names a driver", "leave it out"),
    odd("DATABASE_URL", "sqlite:///~/gangway.db", "begins with ~", "the whole path"),
    odd("DATABASE_URL", "sqlite:///folder", "is a folder", "name a file in it"),
    odd("DATABASE_URL", "sqlite:///new/", "is a folder", "name a file in it"),
    odd("DATABASE_URL", "sqlite:///file.txt/gangway.db", "is below a file", "name a file in a folder"),
    odd("DATABASE_URL", "sqlite:////dev/null", "is something else than a file", LIKE_SQLITE),
    odd("DATABASE_URL", f"sqlite:///{300 * 'x'}", "is no path that can be used here", "File name too long"),
    odd("DATABASE_URL", "sqlite:///data/gangway.db?mode=ro", "has an option", LIKE_SQLITE),
    odd("DATABASE_URL", "postgresql+asyncpg://u:hunter2@host/name", "names a driver", "leave it out"),
    odd("DATABASE_URL", "postgresql://u:hunter2@host/name?ssl_mode=require", "has an option", "did you mean sslmode?"),
    odd("DATABASE_URL", "postgresql://u:x?hunter2@host/name", "has a character that must be encoded", ENCODED),
    odd("DATABASE_URL", "postgresql://u:hunter2@x@host/name", "has a character that must be encoded", ENCODED),
    odd("DATABASE_URL", "postgresql://u:hunter 2@host/name", "has a character that must be encoded", "%20 for spaces"),
    odd("DATABASE_URL", "postgresql://u:hunter2@host:77123/name", "has a port that is none", "from 1 to 65535"),
    odd("DATABASE_URL", "postgresql://u:hunter2@host:five/name", "isn't a database", "a port is a number"),
    odd("DATABASE_URL", "postgresql://u:hunter2@host/name/more", "has more after the database's name", "@host/name"),
    odd("DATABASE_URL", "postgresql://u:hunter2@host/n?sslmode=on", "has another sslmode than", "require"),
    odd("DATABASE_URL", "postgresql://u:hunter2@host/n?connect_timeout=5s", "has a connect_timeout", "=10"),
    odd("DATABASE_URL", "postgresql://u@host/n?sslmode=require&sslmode=hunter2", "has an option", "keep one"),
    odd("DATABASE_URL", "postgresql://u:hunter2@ho[st/name", "names no host", "@host/name"),
    *(
        odd("DATABASE_URL", f"sqlite:///x.db?timeout={value}", "has a timeout", "like timeout=10")
        for value in ("abc", "nan", "inf", "-1", "1e30", "3601")
    ),
    odd("DATABASE_URL", "sqlite:///x.db?timeout=1&timeout=2", "has an option (after ?) twice", "keep one"),
    odd("DATABASE_URL", "sqlite:///x.db?timeout=", "has an option (after ?) without a value", "leave it out"),
    odd("DATABASE_URL", "sqlite:///data/%00x.db", "has %00", "leave it out"),
    odd("DATABASE_URL", "postgresql://u:hunter2%00@host/name", "has %00", "leave it out"),
    odd("DATABASE_URL", "postgresql://u@host/name?sslpassword=%00hunter2", "has %00", "leave it out"),
    odd("DATABASE_URL", "postgresql://u:hunter2@host/n?sslmode=", "has an option (after ?) without", "leave it out"),
    odd("DATABASE_URL", "postgresql://u:hunter2@host/n?port=abc", "has a port that is none", "port=5432"),
    odd("DATABASE_URL", "postgresql://u:hunter2@/n?host=a&port=0", "has a port that is none", "from 1 to 65535"),
    odd("DATABASE_URL", "postgresql://u@/n?host=a,b&port=1,2,3", "has a port that is none", "host=a,b&port=5432,5433"),
    odd("DATABASE_URL", "postgresql://u:hunter2@host/n?hostaddr=foo", "has a hostaddr", "hostaddr=10.0.0.5"),
    odd("DATABASE_URL", "postgresql://u@host/n?hostaddr=10.0.0.1,10.0.0.2", "has another number of hosts", "host=a,b"),
    odd("DATABASE_URL", "postgresql://u@host/n?target_session_attrs=hunter2", "has another target_session", "primary"),
    odd("DATABASE_URL", "postgresql://u@host/n?gssencmode=hunter2", "has another gssencmode", "disable, prefer"),
    odd("DATABASE_URL", "postgresql://u@host/n?client_encoding=latin1", "has another client_encoding", "UTF8"),
    odd("DATABASE_URL", "postgresql://u@host/n?keepalives=hunter2", "has another keepalives than", "0, 1"),
    odd("DATABASE_URL", "postgresql://u@host/n?connect_timeout=99999999999", "has a connect_timeout", "=10"),
    odd("DATABASE_URL", "postgresql://u@host/n?sslrootcert=hunter2", "has a sslrootcert that is no file", "whole path"),
    odd("DATABASE_URL", "postgresql://u@host/n?service=hunter2", "has a service", "the host and the name"),
    odd("DATABASE_URL", "postgresql://u@host/n?options=hunter2", "has options that can't be read", "-c%20name%3Dvalue"),
    odd("DATABASE_URL", "postgresql://u@host/n?options=-c%20hunter2", "has options that can't be read", "-c%20name"),
    odd("DATABASE_URL", "postgresql://u@host/n?require_auth=hunter2", "has a require_auth that", "manual"),
    odd("DATABASE_URL", "postgresql://u@host/n?ssl_min_protocol_version=hunter2", "has a ssl_min_protocol", "manual"),
    odd("DATABASE_URL", "postgresql://u@host/n?replication=database", "has an option", "sslmode=require"),
    odd("WEB_HOST", "http://0.0.0.0", "isn't a host", HOST),
    odd("WEB_HOST", "0.0.0.0:8080", "isn't a host", "without a port"),
    odd("WEB_HOST", "*", "isn't a host", HOST),
    odd("WEB_HOST", "256.1.1.1", "isn't a host", HOST),
    odd("WEB_HOST", "255.255.255.255", "isn't a host", HOST),
    odd("WEB_HOST", "ff02::1", "isn't a host", HOST),
    odd("WEB_HOST", "1", "isn't a host", HOST),
    odd("WEB_PORT", "77123", "isn't a port", PORT),
    odd("WEB_PORT", "-1", "isn't a port", PORT),
    odd("WEB_PORT", "eighty", "isn't a port", PORT),
    odd("WEB_PORT", "tcp://10.0.0.1:8080", "isn't a port", PORT),
    odd("SANDBOX_PORT", "8080", "is WEB_PORT too", "choose another"),
    odd("PUBLIC_URL", "signup.example.org", "isn't an address", ADDRESS),
    odd("PUBLIC_URL", "https://signup example.org", "has spaces", ADDRESS),
    odd("PUBLIC_URL", "https://user:hunter2@example.org", "has a user or a password", ADDRESS),
    odd("PUBLIC_URL", "https://größe.example.org", "has spaces or letters outside ASCII", "xn--"),
    odd("PUBLIC_URL", "https://example.org/s/", "has a path", ADDRESS),
    odd("PUBLIC_URL", "http://0.0.0.0:8080", "is where to listen", ADDRESS),
    odd("PUBLIC_URL", "https://[::ffff:0.0.0.0]", "is where to listen", ADDRESS),
    odd("PUBLIC_URL", "https://0:8080", "names no host", ADDRESS),
    odd("PUBLIC_URL", "https://1", "names no host", ADDRESS),
    odd("PUBLIC_URL", "https://0x7f.1", "names no host", ADDRESS),
    odd("PUBLIC_URL", "https://10.0.0.0x1", "names no host", ADDRESS),
    odd("PUBLIC_URL", "https://255.255.255.255", "names no host", ADDRESS),
    odd("PUBLIC_URL", "https://-example-.org", "names no host", ADDRESS),
    odd("PUBLIC_URL", "https://exa_mple..org", "names no host", ADDRESS),
    odd("PUBLIC_URL", f"https://{LONG}.org", "is longer than 4096 characters", ""),
    odd("SECRET_KEY", "hunter2", "is too short", "at least 16"),
    odd("SECRET_KEY", "'hunter2 hunter2 hunter2'", "is in quotes", QUOTED),
    odd("METRICS_TOKEN", "hunter2 hunter2 größe", "has letters outside ASCII", "openssl rand -hex 32"),
    odd("SMTP_URL", "mail.example.org:587", "isn't a mail server", MAIL),
    odd("SMTP_URL", "https://u:hunter2@mail.example.org", "isn't a mail server", MAIL),
    odd("SMTP_URL", "smtp://u:hunter2@mail.example.org:mail", "isn't a mail server", MAIL),
    odd("SMTP_URL", "smtp://u:hunter2@x@mail.example.org", "has more than user", "%40 for @"),
    odd("SMTP_URL", "smtp://u:hunter 2@mail.example.org", "has spaces", "%20 for a space"),
    odd("SMTP_URL", "smtp://u:hunter2@mail.example.org/inbox", "has more than user", MAIL),
    odd("MAIL_FROM", "gangway", "isn't one e-mail address", "like gangway@example.org"),
    odd("MAIL_FROM", "a@example.org, b@example.org", "isn't one e-mail address", "like gangway@example.org"),
    odd("TRUSTED_PROXIES", "10.0.0.1/8", "has an address with the length of a network", "write 10.0.0.0/8"),
    odd("TRUSTED_PROXIES", "127.0.0.1, fd00::1/64", "has an address with the length", "write fd00::/64"),
    odd("TRUSTED_PROXIES", "proxy.example.org", "isn't a list of addresses", "like 10.0.0.0/8, 127.0.0.1"),
    odd("TRUSTED_PROXIES", "10.0.0.0/33", "isn't a list of addresses", "like 10.0.0.0/8, 127.0.0.1"),
    odd("TRUSTED_PROXIES", "0.0.0.0/0", "trusts every address", "name the proxies"),
    odd("TRUSTED_PROXIES", "::ffff:0:0/96", "trusts every address", "name the proxies"),
    odd("LOG_LEVEL", "loud", "isn't debug", "info, warning or error"),
    odd("LOG_FORMAT", "yaml", "isn't console", "console or json"),
    odd("SECURITY_CONTACT", "ask Anna", "isn't an e-mail address", "like security@example.org"),
    odd("BOT_TOKEN_FILE", "missing", "can't be read", "No such file"),
    odd("BOT_TOKEN_FILE", "folder", "can't be read", "Is a directory"),
    odd("BOT_TOKEN_FILE", LONG, "can't be read", "File name too long"),
    odd("SECRET_KEY_FILE", "latin1", "doesn't hold one line of text", "one line of text"),
    written(b"WEB_PROT=9000\n", "WEB_PROT: isn't a setting (.env, line 1)", "did you mean WEB_PORT?"),
    written(b"\n\nBOTTOKEN=hunter2\n", "BOTTOKEN: isn't a setting (.env, line 3)", "did you mean BOT_TOKEN?"),
    written(b"SECRET-KEY=hunter2\n", "SECRET-KEY: isn't a setting", "did you mean SECRET_KEY?"),
    written(b"# ours\nSECRET_KEY='hunter2\n", ".env, line 2: can't be read", "close every quote"),
    written(b"WEB_PORT=9000\nthe password is hunter2\n", ".env, line 2: can't be read", "write NAME=value"),
    written(b"WEB_PORT=9000\n\nLOG_LEVEL\n", ".env, line 3: can't be read", "write NAME=value"),
    written(b"[hunter2]\nWEB_PORT=9000\n", ".env, line 1: can't be read", "write NAME=value"),
    written(b"WEB_PORT=9000\nSMTP_URL=smtp://u:hunter2\xff@h\n", ".env: line 2 isn't UTF-8", "save the file as UTF-8"),
    written("WEB_PORT=9000\n".encode("utf-16"), ".env: line 1 isn't UTF-8", "save the file as UTF-8"),
    written(b"WEB_PORT=9000\nWEB_PORT=9001\n", "WEB_PORT: is set twice in .env, lines 1 and 2", "keep one"),
    written(b"WEB_PORT=9000#pages\n", "WEB_PORT: isn't a port", PORT),
]


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A working folder, and an environment without settings."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file.txt").touch()
    (tmp_path / "latin1").write_bytes(b"hunter2 gr\xf6\xdfe hunter2")
    return tmp_path


@pytest.mark.parametrize("case", ODD, ids=[f"{number}. {case.says}" for number, case in enumerate(ODD, 1)])
def test_an_odd_setting_is_one_clear_line_without_a_secret(
    monkeypatch: pytest.MonkeyPatch, folder: Path, case: Odd
) -> None:
    for name, value in case.environment.items():
        monkeypatch.setitem(os.environ, name, value)
    if case.file is not None:
        (folder / ".env").write_bytes(case.file)
    with pytest.raises(InvalidSettings) as refused:
        config.load()
    [line] = refused.value.lines
    assert line.startswith(case.says)
    assert case.advises in line
    assert SECRET not in line
    assert line.isprintable()


def test_a_folder_in_place_of_the_file_is_named(folder: Path) -> None:
    (folder / ".env").mkdir()
    with pytest.raises(InvalidSettings, match=r"^\.env: is a folder"):
        config.load()


def test_a_misspelt_name_and_a_wrong_value_are_named_at_once(folder: Path) -> None:
    (folder / ".env").write_text("WEB_PROT=9000\nLOG_LEVEL=loud\n")
    with pytest.raises(InvalidSettings) as refused:
        config.load()
    assert [line.partition(":")[0] for line in refused.value.lines] == ["WEB_PROT", "LOG_LEVEL"]


@pytest.mark.parametrize("begins", [b"", b"\xef\xbb\xbf"], ids=["plain", "BOM"])
def test_a_file_may_have_what_editors_and_shells_put_into_it(folder: Path, begins: bytes) -> None:
    lines = [
        b"WEB_PORT = 9000 # pages",
        b"",
        b"export LOG_LEVEL='debug'",
        b'SECRET_KEY="hunter2 hunter2 hunter2"',
        b"SMTP_URL=",
    ]
    (folder / ".env").write_bytes(begins + b"\r\n".join(lines))
    settings = config.load()
    assert (settings.web_port, settings.log_level, settings.smtp_url) == (9000, "debug", None)
    assert settings.secret_key
    assert settings.secret_key.get_secret_value() == "hunter2 hunter2 hunter2"


@pytest.mark.parametrize("name", ["POSTGRES_PASSWORD", "DOMAIN", "COMPOSE_PROJECT_NAME", "TZ", "WEB_IMAGE"])
def test_names_of_other_programs_may_be_in_the_file(folder: Path, name: str) -> None:
    (folder / ".env").write_text(f"{name}=1\nWEB_PORT=9000\n")
    assert config.load().web_port == 9000


def test_the_mere_name_of_another_programs_setting_may_be_in_the_file(folder: Path) -> None:
    (folder / ".env").write_text("TZ\nexport HTTP_PROXY\nWEB_PORT=9000\n")
    assert config.load().web_port == 9000


def test_spaces_around_a_value_are_left_out_and_a_blank_one_means_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", " https://example.org\r")
    monkeypatch.setenv("WEB_PORT", "  ")
    settings = config.load()
    assert (settings.public_url, settings.web_port) == ("https://example.org", 8080)


@pytest.mark.parametrize(
    ("typed", "host"),
    [("[::]", "::"), ("::", "::"), ("0.0.0.0", "0.0.0.0"), ("localhost", "localhost"), ("[::1]", "::1")],  # noqa: S104
)
def test_a_host_to_listen_on_is_an_address_or_a_name(monkeypatch: pytest.MonkeyPatch, typed: str, host: str) -> None:
    monkeypatch.setenv("WEB_HOST", typed)
    assert config.load().web_host == host


@pytest.mark.parametrize(
    "value",
    [
        "postgresql://u:p%40ss@host:5433/name?sslmode=verify-full&connect_timeout=3",
        "postgresql://u@/name?host=a.example.org&host=b.example.org&target_session_attrs=read-write",
        "postgresql:///name?host=/run/postgresql",
        "postgresql://u@/name?host=a,b&port=5432,5433&hostaddr=10.0.0.1,::1&load_balance_hosts=random&gssencmode=require",
        "postgresql://u@host/name?sslmode=require&sslnegotiation=direct&ssl_min_protocol_version=TLSv1.3",
        "postgresql://u@host/name?options=-c%20work_mem%3D8MB%20--search_path%3Da%5C%20b&client_encoding=utf8",
        "sqlite:///x.db?timeout=2.5",
        "sqlite:///data/a folder/gangway.db",
        "sqlite:///../gangway.db",
    ],
)
def test_a_database_may_have_known_options_and_any_place(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("DATABASE_URL", value)
    assert config.load().database_url == value


def test_the_file_of_a_database_is_the_one_that_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///data/a%20b.db")
    assert config.load().database_file == Path("data/a b.db")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_URL", "smtps://user:p%40ss@mail.example.org"),
        ("SMTP_URL", "smtp://localhost:2525/"),
        ("MAIL_FROM", "Gangway <gangway@example.org>"),
        ("MAIL_FROM", "gangway@example.org"),
        ("BOT_API_URL", "http://[::1]:8081/telegram"),
        ("PUBLIC_URL", "https://[2001:db8::1]:8443"),
        ("PUBLIC_URL", "https://xn--gre-6ka8i.example.org"),
        ("OWNER_TELEGRAM_ID", str(2**52 - 1)),
    ],
)
def test_what_is_right_is_accepted(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    accepted = getattr(config.load(), name.lower())
    assert str(getattr(accepted, "get_secret_value", lambda: accepted)()) == value


def test_a_proxy_may_be_written_as_the_address_in_ipv6_that_it_has_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTED_PROXIES", "::ffff:10.0.0.1, ::ffff:10.1.0.0/112, fd00::/64")
    assert [str(each) for each in config.load().proxies] == ["10.0.0.1/32", "10.1.0.0/16", "fd00::/64"]
