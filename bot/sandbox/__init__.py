"""A local stand-in for Telegram: a Bot API server and a chat page over one small world of people and messages."""

from bot.sandbox.server import SANDBOX_TOKEN, Sandbox

__all__ = ["SANDBOX_TOKEN", "Sandbox"]
