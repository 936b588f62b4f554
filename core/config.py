"""Settings: one field for each line of .env.example, read once at start and passed down."""

import hashlib
import hmac
import re
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Literal, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.secret_files import IN_FILES, with_secret_files

DATA = Path("data")
ENV_FILE = Path(".env")
SANDBOX = "sandbox"  # what uses the database if there is no bot token
SHORTEST_KEY = 16  # characters
TELEGRAM = "https://api.telegram.org"
WEBHOOK_PATH = "/telegram/updates"
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+", re.ASCII)
SECURITY_CONTACT = re.compile(rf"mailto:{EMAIL.pattern}|https://[!-~]+", re.ASCII)  # no spaces, so no line of its own
CONSEQUENTIAL = "default_factory_not_called"  # pydantic's error for a default that depends on an invalid setting


class InvalidSettings(Exception):  # noqa: N818 - an answer to the operator
    """Some settings are wrong: one line each, never with the value, which may be a secret."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class Settings(BaseSettings):
    """The service's configuration, from the environment and `.env`; immutable."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE, env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    bot_token: SecretStr | None = None
    bot_api_url: str = TELEGRAM
    bot_mode: Literal["polling", "webhook"] = "polling"
    webhook_secret: SecretStr | None = None
    owner_telegram_id: int | None = Field(default=None, ge=1)
    database_url: str = Field(
        default_factory=lambda values: f"sqlite:///{DATA}/{'gangway' if values.get('bot_token') else SANDBOX}.db"
    )
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = Field(default_factory=lambda values: f"http://127.0.0.1:{values.get('web_port', 8080)}")
    sandbox_port: int = Field(default=8081, ge=0, le=65535)
    secret_key: SecretStr | None = None
    smtp_url: SecretStr | None = None
    mail_from: str | None = None
    trusted_proxies: str | None = None
    metrics_token: SecretStr | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] = "console"
    sentry_dsn: SecretStr | None = None
    security_contact: str | None = None

    bot_token_file: Path | None = None
    webhook_secret_file: Path | None = None
    database_url_file: Path | None = None
    secret_key_file: Path | None = None
    smtp_url_file: Path | None = None
    metrics_token_file: Path | None = None
    sentry_dsn_file: Path | None = None

    @model_validator(mode="before")
    @classmethod
    def _read_secret_files(cls, values: dict[str, object]) -> dict[str, object]:
        return with_secret_files(values)

    @field_validator("log_level", "log_format", "bot_mode", mode="before")
    @classmethod
    def _ignore_case(cls, value: object) -> object:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("bot_token")
    @classmethod
    def _check_bot_token(cls, value: SecretStr | None) -> SecretStr | None:
        number, _, rest = value.get_secret_value().partition(":") if value else ("0", "", "-")
        if not (number.isdigit() and rest and rest.replace("_", "").replace("-", "x").isalnum()):
            message = "isn't a bot token, like 123456789:AAE..., from @BotFather"
            raise ValueError(message)
        return value

    @field_validator("secret_key", "metrics_token")
    @classmethod
    def _check_length(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(value) < SHORTEST_KEY:
            message = f"is too short; use at least {SHORTEST_KEY} characters"
            raise ValueError(message)
        return value

    @field_validator("webhook_secret")
    @classmethod
    def _check_webhook_secret(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not WEBHOOK_SECRET.fullmatch(value.get_secret_value()):  # Bot API, setWebhook: secret_token
            message = "must be 1 to 256 of A-Z, a-z, 0-9, _ and -, which is what Telegram sends"
            raise ValueError(message)
        return value

    @field_validator("bot_api_url", "public_url")
    @classmethod
    def _check_url(cls, value: str) -> str:
        parts = _split(value)
        if not parts or parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            message = "isn't an address, like https://signup.example.org"
            raise ValueError(message)
        return value.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _check_has_no_path(cls, value: str) -> str:
        if urlsplit(value).path:
            message = "has a path, but the pages need a host of their own, like https://signup.example.org"
            raise ValueError(message)
        return value

    @model_validator(mode="after")
    def _check_webhook_is_secure(self) -> Self:
        if self.bot_mode == "webhook" and self.bot_token and self.bot_api_url == TELEGRAM and not self.is_secure:
            message = "BOT_MODE: Telegram posts to https addresses only, and PUBLIC_URL isn't one"
            raise ValueError(message)
        return self

    @field_validator("database_url")
    @classmethod
    def _check_database_url(cls, value: str) -> str:
        file = value.startswith("sqlite:///") and value not in ("sqlite:///", "sqlite:///:memory:")
        server = value.startswith(("postgresql://", "postgres://")) and _split(value)
        if not (file or server):
            message = "isn't a database, like sqlite:///data/gangway.db or postgresql://user@host/name"
            raise ValueError(message)
        return value.replace("postgres://", "postgresql://", 1)

    @field_validator("trusted_proxies")
    @classmethod
    def _check_trusted_proxies(cls, value: str | None) -> str | None:
        try:
            networks = _read_networks(value)
        except ValueError:
            message = "isn't a list of addresses or networks, like 10.0.0.0/8, 127.0.0.1"
            raise ValueError(message) from None
        if any(network.prefixlen == 0 for network in networks):
            message = (
                "trusts every address (0.0.0.0/0 or ::/0), so any client could claim any address; name the proxies"
            )
            raise ValueError(message)
        return value

    @field_validator("security_contact")
    @classmethod
    def _check_security_contact(cls, value: str | None) -> str | None:
        """Accept what RFC 9116 (2.5.3) allows: a URI; an e-mail address becomes one."""
        if value is None or SECURITY_CONTACT.fullmatch(value):
            return value
        if EMAIL.fullmatch(value):
            return f"mailto:{value}"
        message = "isn't an e-mail address or an https address, like security@example.org"
        raise ValueError(message)

    @property
    def database_user(self) -> str:
        """What uses the database: the bot's number in Telegram, which is the first part of its token, or SANDBOX."""
        return self.bot_token.get_secret_value().partition(":")[0] if self.bot_token else SANDBOX

    @property
    def secret_files(self) -> list[Path]:
        """The files in which single settings are."""
        named = (getattr(self, f"{name}_file") for name in IN_FILES)
        return [path for path in named if path is not None]

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, whether it exists or not; None for PostgreSQL."""
        scheme, separator, file = self.database_url.partition("?")[0].partition("sqlite:///")
        return Path(file) if separator and not scheme else None

    @property
    def is_secure(self) -> bool:
        """Whether the pages are served over https."""
        return self.public_url.startswith("https://")

    @cached_property
    def is_public(self) -> bool:
        """Whether Telegram accepts the public address in a button: it refuses loopback and private hosts."""
        return _is_public(self.public_url)

    @property
    def shows_bot_token(self) -> bool:
        """Whether the bot's token crosses a public network unencrypted: it is part of each call's address."""
        return self.bot_token is not None and self.bot_api_url.startswith("http://") and _is_public(self.bot_api_url)

    @property
    def webhook_url(self) -> str | None:
        """Where Telegram posts updates; None if it is polled."""
        return f"{self.public_url}{WEBHOOK_PATH}" if self.bot_mode == "webhook" else None

    def webhook_secret_by(self, secret_key: str) -> str:
        """Return what Telegram sends with each post: the secret that is set, else one that every process derives."""
        if self.webhook_secret:
            return self.webhook_secret.get_secret_value()
        return hmac.new(secret_key.encode(), b"webhook", hashlib.sha256).hexdigest()

    @cached_property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The trusted proxies; an address is a network of one."""
        return _read_networks(self.trusted_proxies)


def _is_public(address: str) -> bool:
    """Return whether an address may be reachable from everywhere: not loopback, and in no private network."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal"))


def _split(address: str) -> SplitResult | None:
    """Split an address; None if it isn't one, or if its port isn't one."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:  # Python's own message would show the value
        return None
    return parts


def _read_networks(text: str | None) -> tuple[IPv4Network | IPv6Network, ...]:
    """Read addresses and networks, separated by commas or spaces. Raises ValueError."""
    return tuple(map(ip_network, (text or "").replace(",", " ").split()))


def load() -> Settings:
    """Read the settings. Raises InvalidSettings with one line for each invalid setting."""
    try:
        return Settings()
    except ValidationError as error:
        invalid = [details for details in error.errors() if details["type"] != CONSEQUENTIAL]
        raise InvalidSettings([line for details in invalid for line in _line(details).splitlines()]) from None


def _line(details: ErrorDetails) -> str:
    """Write what is wrong. A message about several settings together names them itself."""
    words = details["msg"].removeprefix("Value error, ")
    return f"{str(details['loc'][0]).upper()}: {words}" if details["loc"] else words
