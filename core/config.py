"""Settings: one field for each line of .env.example, read once at the front door."""

from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

DATA = Path("data")
SHORTEST_KEY = 16
CONSEQUENCE = "default_factory_not_called"  # a default that could not be made because another setting is wrong


class InvalidSettings(Exception):  # noqa: N818 - an answer to the operator
    """Some settings are wrong: one line each, and never the value, which may be a secret."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class Settings(BaseSettings):
    """What the environment and `.env` say."""

    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )

    bot_token: SecretStr | None = None
    bot_api_url: str = "https://api.telegram.org"
    bot_mode: Literal["polling", "webhook"] = "polling"
    webhook_secret: SecretStr | None = None
    owner_telegram_id: int | None = Field(default=None, ge=1)
    database_url: str = f"sqlite:///{DATA}/gangway.db"
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8080, ge=0, le=65535)
    public_url: str = Field(default_factory=lambda values: f"http://127.0.0.1:{values.get('web_port', 8080)}")
    sandbox_port: int = Field(default=8081, ge=0, le=65535)
    secret_key: SecretStr | None = None
    smtp_url: SecretStr | None = None
    mail_from: str | None = None
    trusted_proxies: str | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["console", "json"] = "console"
    sentry_dsn: SecretStr | None = None

    @field_validator("log_level", "log_format", "bot_mode", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("bot_token")
    @classmethod
    def _shaped_like_a_token(cls, value: SecretStr | None) -> SecretStr | None:
        number, _, rest = value.get_secret_value().partition(":") if value else ("0", "", "-")
        if not (number.isdigit() and rest and rest.replace("_", "").replace("-", "x").isalnum()):
            message = "is no bot token: it looks like 123456789:AAE..., from @BotFather"
            raise ValueError(message)
        return value

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value and len(value) < SHORTEST_KEY:
            message = f"is too short: {SHORTEST_KEY} characters or more"
            raise ValueError(message)
        return value

    @field_validator("bot_mode")
    @classmethod
    def _only_polling_yet(cls, value: str) -> str:
        if value == "webhook":
            message = "webhook mode is not in this version: leave it at polling"
            raise ValueError(message)
        return value

    @field_validator("bot_api_url", "public_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        parts = _split(value)
        if not parts or parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            message = "is no address: it looks like https://signup.example.org"
            raise ValueError(message)
        return value.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _at_the_root(cls, value: str) -> str:
        if urlsplit(value).path:
            message = "has a path, but the pages need an address of their own, like https://signup.example.org"
            raise ValueError(message)
        return value

    @field_validator("database_url")
    @classmethod
    def _a_database(cls, value: str) -> str:
        file = value.startswith("sqlite:///") and value not in ("sqlite:///", "sqlite:///:memory:")
        server = value.startswith(("postgresql://", "postgres://")) and _split(value)
        if not (file or server):
            message = "is no database: it looks like sqlite:///data/gangway.db or postgresql://user@host/name"
            raise ValueError(message)
        return value.replace("postgres://", "postgresql://", 1)

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str | None) -> str | None:
        for network in (value or "").replace(",", " ").split():
            try:
                (IPv6Network if ":" in network else IPv4Network)(network)
            except ValueError:
                message = "holds no list of addresses or networks: it looks like 10.0.0.0/8, 127.0.0.1"
                raise ValueError(message) from None
        return value

    @property
    def is_secure(self) -> bool:
        """Whether people reach the pages by https."""
        return self.public_url.startswith("https://")

    @cached_property
    def is_public(self) -> bool:
        """Whether the public address is one that Telegram accepts in a button."""
        return is_public(self.public_url)

    @property
    def proxies(self) -> list[str]:
        """The trusted proxies, as addresses and networks."""
        return (self.trusted_proxies or "").replace(",", " ").split()


def is_public(address: str) -> bool:
    """Tell whether an address is one that Telegram accepts in a button."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal"))


def _split(address: str) -> SplitResult | None:
    """Take an address apart; None where it is none, a port that is no port included."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:  # Python's own words would show the value
        return None
    return parts


def load() -> Settings:
    """Read the settings; InvalidSettings names every wrong one at once."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = [details for details in error.errors() if details["type"] != CONSEQUENCE]
        lines = [f"{str(e['loc'][0]).upper()}: {e['msg'].removeprefix('Value error, ')}" for e in wrong]
        raise InvalidSettings(lines) from None
