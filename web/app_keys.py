"""What the whole application shares: its engine and its settings."""

from aiohttp import web

from core.config import Settings
from core.engine import Engine

ENGINE = web.AppKey("engine", Engine)
SECRET_KEY = web.AppKey("secret_key", str)
SETTINGS = web.AppKey("settings", Settings)
