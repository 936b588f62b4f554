"""What the whole application shares: its engine and its settings."""

from aiohttp import web

from core.config import Settings
from core.engine import Engine

ENGINE = web.AppKey("engine", Engine)
SETTINGS = web.AppKey("settings", Settings)
