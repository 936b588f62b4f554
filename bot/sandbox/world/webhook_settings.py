"""Settings of webhooks: those that the bot sets, and those of the sandbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


DEFAULT_CONNECTIONS = 40


@dataclass(frozen=True, kw_only=True)
class DeliveryOptions:
    """How the sandbox delivers: local addresses of public origins, the first delay between attempts, the timeout."""

    routes: Mapping[str, str] = field(default_factory=dict)
    first_delay: float = 0.5
    answer_seconds: float = 60.0


@dataclass(frozen=True, kw_only=True)
class WebhookSettings:
    """What the bot set; without a URL there is no webhook."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = DEFAULT_CONNECTIONS
