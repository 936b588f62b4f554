"""A local stand-in for Telegram: a Bot API server and a chat page over one shared state."""

from bot.sandbox.api.call_log import CallLog
from bot.sandbox.rules.html_parser import parse_html
from bot.sandbox.server import SANDBOX_TOKEN, Sandbox
from bot.sandbox.world.store import StateUnusable, move_state_file

__all__ = ["SANDBOX_TOKEN", "CallLog", "Sandbox", "StateUnusable", "move_state_file", "parse_html"]
