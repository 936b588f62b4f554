"""Settings: one field for each line of .env.example, read once at start and passed down."""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_address
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from core import database_url as database_urls
from core import env_file, setting_values
from core.secret_files import IN_FILES, with_secret_files

DATA = Path("data")
SANDBOX_STATE = DATA / "sandbox-chat.db"
SANDBOX_STATE_ONCE = DATA / "sandbox.db"  # where earlier versions kept it; the sandbox's database goes there now
SANDBOX_OWNER, SANDBOX_HEIR = 1001, 1002  # people of the sandbox, by their numbers in Telegram
ENV_FILE = Path(".env")
SANDBOX = "sandbox"  # what uses the database if there is no bot token
TELEGRAM = "https://api.telegram.org"
WEBHOOK_PATH = "/telegram/updates"
MINI_APP_PATH = "/m"
HIGHEST_PORT = 65535
HIGHEST_PERSON = 2**52 - 1  # Bot API, User: at most 52 significant bits
PORT = f"a port, which is a number from 0 to {HIGHEST_PORT}, like 8080"
CONSEQUENTIAL = "default_factory_not_called"  # pydantic's error for a default that depends on an invalid setting


class InvalidSettings(Exception):  # noqa: N818 - an answer to the operator
    """Some settings are wrong: one line each, never with the value, which may be a secret."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def _secret(check: Callable[[str], object]) -> AfterValidator:
    """Return a validator for what a secret holds."""

    def checked(secret: SecretStr) -> SecretStr:
        check(secret.get_secret_value())
        return secret

    return AfterValidator(checked)


def _unchanged(check: Callable[[str], object]) -> AfterValidator:
    """Return a validator that keeps the value as it is."""

    def checked(value: str) -> str:
        check(value)
        return value

    return AfterValidator(checked)


Port = Annotated[int, Field(ge=0, le=HIGHEST_PORT, description=PORT)]


class Settings(BaseSettings):
    """The service's configuration, from the environment and `.env`; immutable."""

    model_config = SettingsConfigDict(
        env_file=ENV_FILE,
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    bot_token: Annotated[SecretStr, _secret(setting_values.check_bot_token)] | None = None
    bot_api_url: Annotated[str, AfterValidator(setting_values.check_api_address)] = TELEGRAM
    bot_mode: Literal["polling", "webhook"] = Field(default="polling", description="polling or webhook")
    webhook_secret: Annotated[SecretStr, _secret(setting_values.check_webhook_secret)] | None = None
    owner_telegram_id: int | None = Field(
        default=None,
        ge=1,
        le=HIGHEST_PERSON,
        description="a person's number in Telegram, like 123456789, which bots such as @userinfobot show",
    )
    database_url: Annotated[str, AfterValidator(database_urls.check)] = Field(
        default_factory=lambda values: f"sqlite:///{DATA}/{'gangway' if values.get('bot_token') else SANDBOX}.db"
    )
    web_host: Annotated[str, AfterValidator(setting_values.check_listening_host)] = "127.0.0.1"
    web_port: Port = 8080
    public_url: Annotated[str, AfterValidator(setting_values.check_public_address)] = Field(
        default_factory=lambda values: f"http://127.0.0.1:{values.get('web_port', 8080)}",
        validate_default=False,  # the port may be 0
    )
    sandbox_port: Port = 8081
    secret_key: Annotated[SecretStr, _secret(setting_values.check_key)] | None = None
    smtp_url: Annotated[SecretStr, _secret(setting_values.check_mail_server)] | None = None
    mail_from: Annotated[str, _unchanged(setting_values.check_sender)] | None = None
    link_mails_a_day: int = Field(default=2000, ge=0, le=1_000_000, description="a number, like 2000")
    trusted_proxies: Annotated[str, _unchanged(setting_values.check_proxies)] | None = None
    metrics_token: Annotated[SecretStr, _secret(setting_values.check_metrics_token)] | None = None
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="debug, info, warning or error"
    )
    log_format: Literal["console", "json"] = Field(default="console", description="console or json")
    sentry_dsn: SecretStr | None = None
    security_contact: Annotated[str, AfterValidator(setting_values.check_security_contact)] | None = None

    bot_token_file: Path | None = None
    webhook_secret_file: Path | None = None
    database_url_file: Path | None = None
    secret_key_file: Path | None = None
    smtp_url_file: Path | None = None
    metrics_token_file: Path | None = None
    sentry_dsn_file: Path | None = None

    @model_validator(mode="before")
    @classmethod
    def _read(cls, values: Mapping[str, object]) -> dict[str, object]:
        """Leave out spaces around values, and what is empty then; read those that are in files."""
        tidied = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
        return with_secret_files({name: value for name, value in tidied.items() if value != ""})

    @field_validator("log_level", "log_format", "bot_mode", mode="before")
    @classmethod
    def _ignore_case(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("*", mode="before")
    @classmethod
    def _check_text(cls, value: object) -> object:
        return setting_values.check_text(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _check_together(self) -> Self:
        """Check what is wrong with several settings together."""
        if self.bot_mode == "webhook" and self.bot_token and self.bot_api_url == TELEGRAM and not self.is_secure:
            message = "BOT_MODE: Telegram posts to https addresses only, and PUBLIC_URL isn't one"
            raise ValueError(message)
        if self.bot_token is None and self.web_port == self.sandbox_port != 0:
            message = "SANDBOX_PORT: is WEB_PORT too; choose another, like 8081"
            raise ValueError(message)
        return self

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
        return database_urls.file_of(self.database_url)

    @property
    def sends_mail(self) -> bool:
        """Whether e-mail can be sent: there is a mail server, and a sender."""
        return not self.mail_lacks

    @property
    def mail_lacks(self) -> tuple[str, ...]:
        """Which settings are missing to send e-mail; none if it can be sent."""
        needed = {"SMTP_URL": self.smtp_url, "MAIL_FROM": self.mail_from}
        return tuple(name for name, value in needed.items() if value is None)

    @property
    def is_secure(self) -> bool:
        """Whether the pages are served over https."""
        return self.public_url.startswith("https://")

    @cached_property
    def is_public(self) -> bool:
        """Whether Telegram accepts the public address in a button: it refuses loopback and private hosts."""
        return _is_public(self.public_url)

    @property
    def mini_app_url(self) -> str | None:
        """The Mini App's address; None if Telegram doesn't open it: it takes public https addresses only."""
        is_openable = self.bot_token is None or (self.is_secure and self.is_public)
        return f"{self.public_url}{MINI_APP_PATH}" if is_openable else None

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
        return setting_values.read_networks(self.trusted_proxies)


def _is_public(address: str) -> bool:
    """Return whether an address may be reachable from everywhere: not loopback, and in no private network."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal"))


def load() -> Settings:
    """Read the settings. Raises InvalidSettings with one line for each invalid setting."""
    try:
        lines = env_file.faults(ENV_FILE, Settings.model_fields)
    except ValueError as error:
        raise InvalidSettings(str(error).splitlines()) from None
    try:
        settings = Settings()
    except ValidationError as error:
        invalid = [details for details in error.errors() if details["type"] != CONSEQUENTIAL]
        lines += [line for details in invalid for line in _line(details).splitlines()]
    else:
        if not lines:
            return settings
    raise InvalidSettings(lines)


def _line(details: ErrorDetails) -> str:
    """Write what is wrong. A message about several settings together names them itself."""
    if not details["loc"]:
        return details["msg"].removeprefix("Value error, ")
    name = str(details["loc"][0])
    expected = Settings.model_fields[name].description
    if details["type"] == "value_error" or expected is None:
        return f"{name.upper()}: {details['msg'].removeprefix('Value error, ')}"
    return f"{name.upper()}: isn't {expected}"
