"""The settings of a webhook, from the bot and from whoever starts the sandbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


DEFAULT_CONNECTIONS = 40


@dataclass(frozen=True, kw_only=True)
class DeliveryOptions:
    """How updates travel: where public origins are found on this computer, and how patient Telegram is."""

    routes: Mapping[str, str] = field(default_factory=dict)
    first_delay: float = 0.5
    answer_seconds: float = 60.0


@dataclass(frozen=True, kw_only=True)
class WebhookSettings:
    """What the bot asked for; without an address there is no webhook."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = DEFAULT_CONNECTIONS
